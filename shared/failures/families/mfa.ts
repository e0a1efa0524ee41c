import { defineFamily, sharing } from '../defineFamily'
import { commandLineApps } from '../firstPartyApps'
import { isUnattended, saysWhy } from '../rowSigns'

/** Every entry about a factor that was not given begins with "denied"; only these say that the user said no. */
const refused = /declin|denied by|fraud|認証を拒否/i
const [azureCli = ''] = commandLineApps.keys()

/** The second factor; a prompt is an interrupt until it is clear that nobody can answer it. */
export const mfa = defineFamily(
  {
    id: 'mfa',
    title: { en: 'Multifactor authentication', ja: '多要素認証' },
    meaning: {
      en: 'A second factor is required, is not registered, or was not given.',
      ja: '2 つ目の要素が必要ですが、未登録か、提示されていません。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'User: complete the second factor; when it was given long ago, give it again.',
        ja: 'ユーザー: 2 つ目の要素による認証を完了してください。以前の認証の期限が切れている場合は、再度行います。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: {
        en: 'A prompt by itself: most sign-ins go on after it.',
        ja: '要求そのものは正常です。ほとんどのサインインはその後続行されます。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/authentication/concept-mfa-howitworks',
    },
    [
      {
        id: 'mfa.unattended',
        interruptCodes: [50072, 50074, 50076, 50078, 50079],
        when: isUnattended,
        condition: {
          en: 'nobody can answer: an application, a password grant, or a command-line tool in the background',
          ja: '応答できる人がいない場合 (アプリ、パスワード許可、バックグラウンドのコマンドライン ツール)',
        },
        title: { en: 'A script is asked for a second factor', ja: 'スクリプトへの多要素認証の要求' },
        remedy: {
          en: 'Owner of the script: nobody is there to answer. Move it from a user account to a managed identity, or to a service principal with a federated credential or certificate; Microsoft requires a second factor of every user who changes Azure resources, so an exception will not last. A person at a terminal signs in again with az login --tenant or Connect-AzAccount -Tenant.',
          ja: 'スクリプトの所有者: 応答できる人がいません。ユーザー アカウントから、マネージド ID、またはフェデレーション資格情報か証明書を使うサービス プリンシパルに移行してください。Azure リソースを変更するすべてのユーザーに多要素認証が必須となるため、例外設定は長続きしません。端末の前に人がいる場合は az login --tenant または Connect-AzAccount -Tenant でサインインし直します。',
        },
        mendedBy: 'app-owner',
        severity: 'warning',
        falseAlarm: {
          en: 'A terminal session of a person that renews its token in the background: one new sign-in ends it.',
          ja: '人が使う端末のセッションがバックグラウンドでトークンを更新した場合。一度サインインし直せば解消します。',
        },
        reference: 'https://learn.microsoft.com/cli/azure/authenticate-azure-cli-mfa',
        matches: [
          { status: { errorCode: 50076 }, stream: 'nonInteractiveUser', appId: azureCli },
          { status: { errorCode: 50079 }, authenticationProtocol: ['ropc'] },
          { status: { errorCode: 50074 }, stream: 'servicePrincipal' },
        ],
        rejects: [
          { status: { errorCode: 50076 }, stream: 'interactiveUser', appId: azureCli },
          { status: { errorCode: 50076 }, stream: 'nonInteractiveUser', appId: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c' },
          { status: { errorCode: 53003 }, authenticationProtocol: ['ropc'] },
        ],
      },
      {
        id: 'mfa.required',
        interruptCodes: [50074, 50076, 50078],
        title: { en: 'A second factor is required', ja: '多要素認証が必要' },
      },
      {
        id: 'mfa.registration-required',
        interruptCodes: [50072, 50079],
        title: { en: 'A second factor must be registered', ja: '多要素認証の登録が必要' },
        remedy: {
          en: 'User: register a method at https://aka.ms/mysecurityinfo. Identity team: give a Temporary Access Pass where no method can be used; for a federated user make the identity provider send the claim of the second factor.',
          ja: 'ユーザー: https://aka.ms/mysecurityinfo で認証方法を登録してください。ID 担当: 利用できる方法がない場合は一時アクセス パスを発行し、フェデレーション ユーザーの場合は ID プロバイダーが多要素認証のクレームを送信するようにしてください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/authentication/howto-registration-mfa-sspr-combined',
      },
      {
        id: 'mfa.registration-campaign',
        interruptCodes: [50203],
        title: { en: 'The user is asked to set up Authenticator', ja: 'Authenticator の設定の案内' },
        remedy: {
          en: 'User: set Microsoft Authenticator up, or skip it for now. Identity team: the registration campaign under Authentication methods decides who is asked how often.',
          ja: 'ユーザー: Microsoft Authenticator を設定するか、今回はスキップしてください。ID 担当: 対象者と頻度は [認証方法] の登録キャンペーンで設定します。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/authentication/how-to-mfa-registration-campaign',
      },
      {
        id: 'mfa.external-requirement',
        interruptCodes: [50158],
        title: { en: 'Terms of use or another provider has to be answered first', ja: '利用規約または外部プロバイダーの要求' },
        remedy: {
          en: 'User: accept the terms of use, or complete the challenge of the other provider. Identity team, when people get stuck: look at the custom controls and terms of use in Conditional Access.',
          ja: 'ユーザー: 利用規約に同意するか、外部プロバイダーのチャレンジを完了してください。ID 担当 (先に進めないユーザーがいる場合): 条件付きアクセスのカスタム コントロールと利用規約を確認してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/controls',
      },
      {
        id: 'mfa.refused',
        codes: [500121],
        when: (signIn) => saysWhy(signIn, refused),
        condition: { en: 'the details say that the user declined', ja: '詳細がユーザーによる拒否を示す場合' },
        title: { en: 'The user refused the second factor', ja: 'ユーザーによる多要素認証の拒否' },
        remedy: {
          en: 'Security team: ask the user whether the sign-in was theirs. If not, someone has the password: reset it, revoke the sessions and report the sign-in as compromised.',
          ja: 'セキュリティ担当: 本人が行ったサインインか確認してください。そうでない場合はパスワードが漏えいしています。パスワードをリセットしてセッションを取り消し、侵害として報告してください。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        falseAlarm: { en: 'A user who pressed the wrong button, and succeeds right after.', ja: '操作を誤り、直後に成功したユーザー。' },
        reference: 'https://learn.microsoft.com/entra/identity/authentication/howto-mfa-reporting',
        matches: [
          { status: { errorCode: 500121, additionalDetails: 'MFA denied; user declined the authentication' } },
          { status: { errorCode: 500121, additionalDetails: 'MFA denied; Fraud code entered' } },
        ],
        rejects: [
          { status: { errorCode: 500121 } },
          { status: { errorCode: 500121, failureReason: 'Authentication failed during strong authentication request.' } },
          { status: { errorCode: 500121, additionalDetails: 'MFA denied; user did not respond to mobile app notification' } },
          { status: { errorCode: 500121, additionalDetails: 'MFA が拒否されました。ユーザーが通知に応答しませんでした' } },
        ],
      },
      {
        id: 'mfa.not-completed',
        codes: [500121],
        title: { en: 'The second factor was not completed', ja: '多要素認証が完了しなかった' },
        remedy: {
          en: 'User: try again and answer the prompt in time, or choose another method. Help desk, when it returns: check that phone number and Authenticator of the user are current.',
          ja: 'ユーザー: 再試行して時間内に応答するか、別の方法を選択してください。ヘルプ デスク (再発する場合): ユーザーの電話番号と Authenticator の登録が最新か確認してください。',
        },
        severity: 'warning',
        falseAlarm: {
          en: 'Timeouts of users who did not see the prompt. Many for one user are prompt bombing.',
          ja: '要求に気付かなかったユーザーのタイムアウト。同じユーザーに多発する場合は MFA 疲労攻撃です。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/authentication/howto-mfa-reporting',
      },
      {
        id: 'mfa.unsupported-first-factor',
        codes: [54008],
        title: {
          en: 'The credential cannot start a sign-in with a second factor',
          ja: '多要素認証の最初の要素として使用できない資格情報',
        },
        remedy: {
          en: 'Identity team: the credential that the user chose is not allowed as a first factor where a second one is required; give the user a password, passkey or certificate that is.',
          ja: 'ID 担当: 選択された資格情報は、多要素認証が必要な場合の最初の要素として使用できません。使用できるパスワード、パスキー、または証明書をユーザーに用意してください。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        falseAlarm: { en: 'Once, when the user then picks another method.', ja: '一度発生した後、ユーザーが別の方法を選択した場合。' },
        reference: 'https://learn.microsoft.com/entra/identity/authentication/concept-authentication-methods',
      },
      {
        id: 'mfa.service-fault',
        codes: [50086],
        serviceCodes: [50087],
        title: { en: 'The second factor could not be verified by the service', ja: 'サービス側で多要素認証を検証できない' },
        remedy: {
          en: 'User: try again after a moment, or with another method. Identity team, when many are affected: look at the service health of Microsoft Entra and open a support case.',
          ja: 'ユーザー: しばらくして再試行するか、別の方法を使用してください。ID 担当 (多数に発生する場合): Microsoft Entra のサービス正常性を確認し、サポートに問い合わせてください。',
        },
        mendedBy: 'microsoft',
        severity: 'warning',
        falseAlarm: { en: 'Single ones that a retry mends.', ja: '再試行で解消する単発のもの。' },
      },
    ],
  ),
)
