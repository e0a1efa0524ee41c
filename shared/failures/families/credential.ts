import { defineFamily, sharing } from '../defineFamily'
import { isPasswordWithoutPage } from '../rowSigns'

const certificatePage =
  'https://learn.microsoft.com/entra/identity/authentication/concept-certificate-based-authentication-certificate-revocation-list'

/** The first factor of a person; credentials of applications are another family. */
export const credential = defineFamily(
  {
    id: 'credential',
    title: { en: 'Credentials', ja: '資格情報' },
    meaning: {
      en: 'The password, certificate or other credential of the user was wrong, expired or missing.',
      ja: 'ユーザーのパスワード、証明書などの資格情報が誤っているか、期限切れか、存在しません。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'User: try again with the right password, or reset it with self-service password reset (https://aka.ms/sspr). Help desk: help with the reset.',
        ja: 'ユーザー: 正しいパスワードで再試行するか、セルフサービス パスワード リセット (https://aka.ms/sspr) でリセットしてください。ヘルプ デスク: リセットを支援してください。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: {
        en: 'Small numbers are normal: people mistype. One row cannot show a password spray; many users from few networks within minutes do.',
        ja: '少数であれば入力ミスによる正常なものです。パスワード スプレー攻撃は 1 件では判断できず、少数のネットワークから短時間に多数のユーザーで発生していれば該当します。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/monitoring-health/howto-troubleshoot-sign-in-errors',
    },
    [
      {
        id: 'credential.password-without-page',
        codes: [50126, 50056, 50064],
        when: isPasswordWithoutPage,
        condition: { en: 'a password grant or legacy authentication', ja: 'パスワード許可またはレガシ認証の場合' },
        title: {
          en: 'Wrong password by legacy authentication or a password grant',
          ja: 'レガシ認証またはパスワード許可での誤ったパスワード',
        },
        remedy: {
          en: 'Identity team: no sign-in page was shown, so this is a device or script with an old stored password (one user, steady) or a password spray (many users, few networks). Find the client by user agent and application; against a spray block legacy authentication and the networks with Conditional Access, and look for a success from the same networks.',
          ja: 'ID 担当: サインイン ページが表示されない方法のため、古いパスワードを保存したデバイスやスクリプト (同じユーザーで継続)、またはパスワード スプレー攻撃 (少数のネットワークから多数のユーザー) です。ユーザー エージェントとアプリケーションからクライアントを特定してください。攻撃であれば、条件付きアクセスでレガシ認証とそのネットワークをブロックし、同じネットワークからの成功がないか確認します。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        falseAlarm: {
          en: 'A mail client right after its user changed the password.',
          ja: 'ユーザーがパスワードを変更した直後のメール クライアント。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication',
        matches: [
          { status: { errorCode: 50126 }, authenticationProtocol: ['ropc'] },
          { status: { errorCode: 50126 }, clientAppUsed: 'Authenticated SMTP' },
          { status: { errorCode: 50056 }, clientAppUsed: 'Exchange ActiveSync' },
        ],
        rejects: [
          { status: { errorCode: 50126 }, clientAppUsed: 'Browser' },
          { status: { errorCode: 50126 } },
          { status: { errorCode: 50055 }, authenticationProtocol: ['ropc'] },
        ],
      },
      {
        id: 'credential.wrong-password',
        codes: [50126, 50064],
        title: { en: 'Wrong user name or password', ja: 'ユーザー名またはパスワードの誤り' },
      },
      {
        id: 'credential.no-password',
        codes: [50056],
        title: { en: 'The user has no password in the directory', ja: 'ディレクトリにユーザーのパスワードがない' },
        remedy: {
          en: 'User: enter the password again. Identity team, when it stays: the account is passwordless or federated, or its password hash was never synchronized; check password hash synchronization in Microsoft Entra Connect and the authentication of the domain.',
          ja: 'ユーザー: パスワードを入力し直してください。ID 担当 (解消しない場合): パスワードレスまたはフェデレーションのアカウントか、パスワード ハッシュが同期されていません。Microsoft Entra Connect のパスワード ハッシュ同期とドメインの認証方式を確認してください。',
        },
        mendedBy: 'identity-team',
        falseAlarm: { en: 'An empty password by mistake.', ja: '誤って空のパスワードを送信した場合。' },
        reference: 'https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-password-hash-synchronization',
      },
      {
        id: 'credential.old-password',
        codes: [50054],
        title: { en: 'An earlier password was used', ja: '以前のパスワードの使用' },
        remedy: {
          en: 'User: sign in with the new password, and update it on phones and mail clients that still store the old one.',
          ja: 'ユーザー: 新しいパスワードでサインインし、古いパスワードを保存しているスマートフォンやメール クライアントも更新してください。',
        },
        falseAlarm: { en: 'Expected for some hours after a password change.', ja: 'パスワード変更後の数時間は想定内です。' },
      },
      {
        id: 'credential.password-too-long',
        codes: [50052],
        title: { en: 'The password is longer than allowed', ja: 'パスワードの長さが上限を超えている' },
        remedy: {
          en: 'Help desk: reset the password to one of at most 256 characters, or let the user do so with self-service password reset.',
          ja: 'ヘルプ デスク: 256 文字以内のパスワードにリセットするか、セルフサービス パスワード リセットを案内してください。',
        },
        mendedBy: 'help-desk',
        falseAlarm: { en: 'Scripts that post random text as a password.', ja: 'ランダムな文字列をパスワードとして送信するスクリプト。' },
      },
      {
        id: 'credential.expired-password',
        interruptCodes: [50055, 50144],
        title: { en: 'The password has expired', ja: 'パスワードの有効期限切れ' },
        remedy: {
          en: 'User: change the password (50144: the one of the on-premises Active Directory). Owner of a script: stop using a user account; take a managed identity or a service principal.',
          ja: 'ユーザー: パスワードを変更してください (50144 はオンプレミスの Active Directory のパスワード)。スクリプトの所有者: ユーザー アカウントの使用をやめ、マネージド ID またはサービス プリンシパルを使用してください。',
        },
        falseAlarm: {
          en: 'A prompt that the user answers; only where nobody can answer it, it is counted as a failure.',
          ja: 'ユーザーが応答すれば解消します。応答できる人がいない場合のみ失敗として数えます。',
        },
        reference: 'https://learn.microsoft.com/entra/fundamentals/users-reset-password-azure-portal',
      },
      {
        id: 'credential.one-time-passcode',
        codes: [50181, 50182],
        title: { en: 'The one-time passcode is wrong or has expired', ja: 'ワンタイム パスコードの誤りまたは期限切れ' },
        remedy: {
          en: 'User: ask for a new passcode and enter the newest one at once; earlier ones no longer count.',
          ja: 'ユーザー: 新しいパスコードを要求し、最新のものをすぐに入力してください。以前のものは使用できません。',
        },
        falseAlarm: { en: 'Guests who mistype the code from the mail.', ja: 'メールのコードを入力し間違えたゲスト。' },
        reference: 'https://learn.microsoft.com/entra/external-id/one-time-passcode',
      },
      {
        id: 'credential.certificate-issuer',
        codes: [50017, 500176],
        title: { en: 'The chain of the user certificate cannot be validated', ja: 'ユーザー証明書のチェーンを検証できない' },
        remedy: {
          en: 'Identity team: upload the root and every intermediate certification authority that issued the certificate under Protection > Certificate authorities, each with the address of its revocation list; the authority key identifier of each certificate has to be the subject key identifier of the next one up.',
          ja: 'ID 担当: 証明書を発行したルート証明機関とすべての中間証明機関を、証明書失効リストの URL とともに [保護] > [証明機関] に登録してください。各証明書の機関キー識別子は、上位の証明書のサブジェクト キー識別子と一致している必要があります。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        falseAlarm: { en: 'A user who picked a certificate of another purpose.', ja: 'ユーザーが別の用途の証明書を選択した場合。' },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50017-certificate-based-authentication-failed',
      },
      {
        id: 'credential.certificate-invalid',
        codes: [500171, 500172],
        title: { en: 'The user certificate was revoked or has run out', ja: 'ユーザー証明書の失効または期限切れ' },
        remedy: {
          en: 'Help desk: issue a new certificate or smart card to the user, and have the old one removed from the device.',
          ja: 'ヘルプ デスク: ユーザーに新しい証明書またはスマート カードを発行し、古いものをデバイスから削除してください。',
        },
        mendedBy: 'help-desk',
        severity: 'warning',
        falseAlarm: {
          en: 'A lost or returned card that somebody tries: then look at who.',
          ja: '紛失または返却済みのカードが使われた場合。誰が使用したか確認してください。',
        },
        reference: certificatePage,
      },
      {
        id: 'credential.certificate-revocation-list',
        codes: [220501, 500173, 500174, 500178, 500179],
        title: { en: 'The certificate revocation list cannot be read', ja: '証明書失効リストを取得できない' },
        remedy: {
          en: 'Identity team: make the revocation list reachable from the internet by plain HTTP at the registered address, without redirects or sign-in, not expired, and small enough; everyone with a certificate of that authority is affected.',
          ja: 'ID 担当: 証明書失効リストを、登録済みの URL からインターネット経由の HTTP で、リダイレクトや認証なしに取得できるようにし、有効期限とサイズも確認してください。その証明機関の証明書を使う全員に影響します。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        falseAlarm: { en: 'A few, while the list is being replaced.', ja: 'リストの更新中に少数発生することがあります。' },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts220501-unable-to-download-certificate-revocation-list',
      },
    ],
  ),
)
