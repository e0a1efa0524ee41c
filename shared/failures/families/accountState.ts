import { defineFamily, sharing } from '../defineFamily'
import { isPasswordWithoutPage, saysWhy } from '../rowSigns'

/** One code has two causes on purpose, so that an attacker learns nothing; only the log tells them apart, by its text. */
const malicious = /malicious|悪意のある/i
const locked = /\blocked\b|too many times|(?<!ブ)ロック/i

/** The account itself cannot sign in, whatever the credential. */
export const accountState = defineFamily(
  {
    id: 'account-state',
    title: { en: 'State of the account', ja: 'アカウントの状態' },
    meaning: {
      en: 'The account is locked, disabled, unknown or may not sign in now.',
      ja: 'アカウントがロックまたは無効化されているか、存在しないか、現在サインインできません。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'Help desk: look the account up in Entra admin center > Users, and enable or correct it.',
        ja: 'ヘルプ デスク: Entra 管理センターの [ユーザー] でアカウントを確認し、有効化または修正してください。',
      },
      mendedBy: 'help-desk',
      severity: 'warning',
      falseAlarm: { en: 'Meant, for accounts of people who left.', ja: '退職者のアカウントであれば意図した結果です。' },
      reference: 'https://learn.microsoft.com/entra/identity/monitoring-health/howto-troubleshoot-sign-in-errors',
    },
    [
      {
        id: 'account-state.malicious-address',
        codes: [50053],
        when: (signIn) => saysWhy(signIn, malicious),
        condition: { en: 'the failure reason speaks of malicious activity', ja: 'エラーの理由が悪意のあるアクティビティを示す場合' },
        title: { en: 'Blocked: the address shows malicious activity', ja: '悪意のあるアクティビティがある IP アドレスからのブロック' },
        remedy: {
          en: 'Security team: do not unlock anything, for no account is locked. Someone tries passwords from that address: look for successes from its network, and have those users change their password. If it is an address of ours, find the infected computer or the shared exit of a VPN.',
          ja: 'セキュリティ担当: アカウントはロックされていないため、解除は不要です。その IP アドレスからパスワードが試行されています。同じネットワークからの成功がないか調べ、該当ユーザーのパスワードを変更させてください。自社の IP アドレスであれば、感染したコンピューターまたは VPN の共有出口を特定します。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        falseAlarm: {
          en: 'People behind a shared exit (mobile carrier, public VPN) that others misuse.',
          ja: '他者が悪用している共有の出口 (携帯キャリアや公衆 VPN) を経由した正規のユーザー。',
        },
        reference: 'https://learn.microsoft.com/entra/id-protection/concept-identity-protection-risks',
        matches: [
          {
            status: { errorCode: 50053, failureReason: 'Sign-in was blocked because it came from an IP address with malicious activity.' },
          },
          { status: { errorCode: 50053, additionalDetails: 'IP address with malicious activity' } },
        ],
        rejects: [
          { status: { errorCode: 50053 } },
          { status: { errorCode: 50053, failureReason: 'The account is locked.' } },
          { status: { errorCode: 50126, failureReason: 'malicious' } },
        ],
      },
      {
        id: 'account-state.locked',
        codes: [50053],
        when: (signIn) => saysWhy(signIn, locked),
        condition: { en: 'the failure reason speaks of a locked account', ja: 'エラーの理由がアカウントのロックを示す場合' },
        title: { en: 'Smart lockout: too many wrong passwords', ja: 'スマート ロックアウト: パスワードの連続失敗' },
        remedy: {
          en: 'User: wait a minute and sign in with the right password, or reset it. Help desk, when it returns: find the phone, mail client or service that still sends the old password.',
          ja: 'ユーザー: 1 分ほど待ってから正しいパスワードでサインインするか、リセットしてください。ヘルプ デスク (再発する場合): 古いパスワードを送信し続けるスマートフォン、メール クライアント、サービスを特定してください。',
        },
        falseAlarm: {
          en: 'During a password spray lockout does its work: a user who signs in from a familiar place is not affected.',
          ja: 'パスワード スプレー攻撃中は正常に保護されている状態です。なじみのある場所からサインインするユーザーには影響しません。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/authentication/howto-password-smart-lockout',
        matches: [
          {
            status: {
              errorCode: 50053,
              failureReason: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
            },
          },
        ],
        rejects: [
          { status: { errorCode: 50053 } },
          {
            status: { errorCode: 50053, failureReason: 'Sign-in was blocked because it came from an IP address with malicious activity.' },
          },
        ],
      },
      {
        id: 'account-state.locked-or-malicious-address',
        codes: [50053],
        title: { en: 'Locked, or a malicious address', ja: 'アカウントのロックまたは悪意のある IP アドレス' },
        remedy: {
          en: 'Help desk: open the sign-in in Entra and read its failure reason, which this row lacks. Too many wrong passwords: wait, reset the password, find the device with the old one. An address with malicious activity: do not unlock, tell the security team.',
          ja: 'ヘルプ デスク: Entra でサインインを開き、このログにないエラーの理由を確認してください。パスワードの連続失敗であれば、待機またはリセットし、古いパスワードを保持するデバイスを探します。悪意のある IP アドレスであれば、解除せずセキュリティ担当に連絡します。',
        },
        falseAlarm: {
          en: 'Smart lockout during a password spray: the users need nothing.',
          ja: 'パスワード スプレー攻撃中のスマート ロックアウトであれば、ユーザーの対応は不要です。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
      },
      {
        id: 'account-state.name-probing',
        codes: [50034],
        when: isPasswordWithoutPage,
        condition: { en: 'a password grant or legacy authentication', ja: 'パスワード許可またはレガシ認証の場合' },
        title: { en: 'Unknown names are tried without a sign-in page', ja: 'サインイン ページを使わない、存在しない名前の試行' },
        remedy: {
          en: 'Identity team: someone probes for names by legacy authentication or a password grant, or a script carries the name of a deleted account. Look at the network and the application; block legacy authentication with Conditional Access.',
          ja: 'ID 担当: レガシ認証またはパスワード許可で名前が探索されているか、削除済みアカウントの名前を持つスクリプトが動作しています。ネットワークとアプリケーションを確認し、条件付きアクセスでレガシ認証をブロックしてください。',
        },
        mendedBy: 'identity-team',
        falseAlarm: { en: 'One old device of a person who left.', ja: '退職者の古いデバイス 1 台。' },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication',
        matches: [
          { status: { errorCode: 50034 }, authenticationProtocol: ['ropc'] },
          { status: { errorCode: 50034 }, clientAppUsed: 'IMAP4' },
        ],
        rejects: [{ status: { errorCode: 50034 } }, { status: { errorCode: 50034 }, clientAppUsed: 'Browser' }],
      },
      {
        id: 'account-state.not-found',
        codes: [50034, 90125],
        title: { en: 'The account does not exist', ja: 'アカウントが存在しない' },
        remedy: {
          en: 'User: check the spelling of the name and the tenant. Help desk: create the account, or invite it as a guest, if the person is to sign in here.',
          ja: 'ユーザー: 名前の綴りとテナントを確認してください。ヘルプ デスク: このテナントにサインインすべきユーザーであれば、アカウントを作成するかゲストとして招待してください。',
        },
        severity: 'info',
        falseAlarm: {
          en: 'Typing errors and probing for names are normal in small numbers.',
          ja: '入力ミスや名前の探索は、少数であれば正常です。',
        },
      },
      {
        id: 'account-state.stale-session',
        codes: [50197],
        title: { en: 'The session names a user who cannot be found', ja: 'セッションのユーザーが見つからない' },
        remedy: {
          en: 'User: sign out everywhere, close the browser and sign in again. Help desk, when it returns: look for two objects with the same address in the directory.',
          ja: 'ユーザー: すべてサインアウトしてブラウザーを閉じ、サインインし直してください。ヘルプ デスク (再発する場合): 同じアドレスを持つ 2 つのオブジェクトがディレクトリにないか確認してください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: {
          en: 'Once, after an account was renamed or created anew.',
          ja: 'アカウントの名前変更や再作成の後に一度発生することがあります。',
        },
      },
      {
        id: 'account-state.tenant-not-inferred',
        codes: [90126],
        title: { en: 'The tenant cannot be told from the user name', ja: 'ユーザー名からテナントを特定できない' },
        remedy: {
          en: 'User: enter the full user name with the domain of the organization, and sign in to the endpoint of the tenant.',
          ja: 'ユーザー: 組織のドメインを含む完全なユーザー名を入力し、テナントのエンドポイントにサインインしてください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: { en: 'Typing errors.', ja: '入力ミス。' },
      },
      {
        id: 'account-state.disabled',
        codes: [50057, 500571],
        title: { en: 'The account is disabled', ja: 'アカウントが無効' },
        remedy: {
          en: 'Help desk: ask why it was disabled; if the person is to work here, enable the account in Entra admin center > Users, or in the on-premises Active Directory when it is synchronized.',
          ja: 'ヘルプ デスク: 無効化された理由を確認し、必要なユーザーであれば Entra 管理センターの [ユーザー] で、同期アカウントの場合はオンプレミスの Active Directory で有効にしてください。',
        },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50057-user-account-is-disabled',
      },
      {
        id: 'account-state.hours',
        codes: [80012],
        title: { en: 'Sign-in outside the allowed hours', ja: '許可された時間外のサインイン' },
        remedy: {
          en: 'Identity team: the logon hours of the account in the on-premises Active Directory do not allow it now; widen them if that is wrong.',
          ja: 'ID 担当: オンプレミスの Active Directory のログオン時間により許可されていません。誤りであれば時間帯を広げてください。',
        },
        mendedBy: 'identity-team',
        falseAlarm: { en: 'Meant, for people who are off duty.', ja: '勤務時間外のユーザーであれば意図した結果です。' },
        reference: 'https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-pass-through-authentication',
      },
      {
        id: 'account-state.block-list',
        codes: [51002],
        title: { en: 'The user is on a block list', ja: 'ユーザーがブロック リストに登録されている' },
        remedy: {
          en: 'Identity team: find who put the user on the list of denied users, and take the user off if the reason is gone.',
          ja: 'ID 担当: アクセス拒否リストに登録した担当者を確認し、理由がなくなっていればユーザーを外してください。',
        },
        mendedBy: 'identity-team',
        falseAlarm: { en: 'Meant, while the reason for the entry lasts.', ja: '登録理由が続いている間は意図した結果です。' },
      },
      {
        id: 'account-state.legally-blocked-address',
        codes: [500531],
        title: { en: 'The address is blocked for legal reasons', ja: '法的な理由による IP アドレスのブロック' },
        remedy: {
          en: 'Nobody can lift it: Microsoft blocks the country or network of the address. User: sign in from another place; help desk: check that a VPN exit is not placed there by mistake.',
          ja: '解除はできません。Microsoft がその国またはネットワークをブロックしています。ユーザー: 別の場所からサインインしてください。ヘルプ デスク: VPN の出口が誤ってその地域に置かれていないか確認してください。',
        },
        mendedBy: 'nobody',
        falseAlarm: { en: 'A wrong geographic entry for the address.', ja: 'IP アドレスの地理情報の誤り。' },
      },
      {
        id: 'account-state.age',
        codes: [54000],
        interruptCodes: [50015],
        title: { en: 'The age group of the user has to be settled', ja: 'ユーザーの年齢区分による制限' },
        remedy: {
          en: 'Identity team: correct age group and consent for minors of the user (50015: consent is missing; 54000: the application is not open to that age group).',
          ja: 'ID 担当: ユーザーの年齢区分と未成年者の同意の属性を修正してください (50015 は同意の不足、54000 はその年齢区分に許可されていないアプリを示します)。',
        },
        mendedBy: 'identity-team',
        severity: 'info',
        falseAlarm: { en: 'Meant, for minors without consent.', ja: '同意のない未成年者であれば意図した結果です。' },
        reference: 'https://learn.microsoft.com/graph/api/resources/user',
      },
    ],
  ),
)
