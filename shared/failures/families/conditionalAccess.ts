import type { SignIn } from '../../signIns/signIn'
import { defineFamily, sharing } from '../defineFamily'
import { legacyAuthentication } from '../legacyAuthentication'
import { failedControl, type GrantControl, isTransferred, isWorkload } from '../rowSigns'

const troubleshootPage = 'https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access'
const grantPage = 'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant'

/** Controls that a sign-in from another device cannot meet; where the row names none, the flow itself is the likeliest reason. */
const flowControls: ReadonlySet<GrantControl | undefined> = new Set<GrantControl | undefined>([undefined, 'block', 'device', 'app'])

const failing = (...enforcedGrantControls: readonly string[]): SignIn => ({
  status: { errorCode: 53003 },
  appliedConditionalAccessPolicies: [{ result: 'failure', enforcedGrantControls }],
})

const reportOnly = (...enforcedGrantControls: readonly string[]): SignIn => ({
  status: { errorCode: 53003 },
  appliedConditionalAccessPolicies: [{ result: 'reportOnlyFailure', enforcedGrantControls }],
})

/** Policies of the tenant on who may sign in from where and how; cross-tenant trust is another family. */
export const conditionalAccess = defineFamily(
  {
    id: 'conditional-access',
    title: { en: 'Conditional Access', ja: '条件付きアクセス' },
    meaning: {
      en: 'A Conditional Access policy, security defaults or a risk policy denies the sign-in or asks for more.',
      ja: '条件付きアクセス ポリシー、セキュリティの既定値群、またはリスク ポリシーがサインインを拒否したか、追加の要件を求めています。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'Conditional Access owner: open the sign-in in Entra, tab Conditional Access, find the policy whose result is Failure, and decide whether the control has to be met or the scope is too wide.',
        ja: '条件付きアクセスの所有者: Entra でサインインを開き、[条件付きアクセス] タブで結果が [失敗] のポリシーを特定し、要件を満たすべきか、対象範囲が広すぎるかを判断してください。',
      },
      mendedBy: 'conditional-access-owner',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when the policy is there to keep this out.',
        ja: 'そのアクセスを拒否するためのポリシーであれば、意図したブロックです。',
      },
      reference: troubleshootPage,
    },
    [
      {
        id: 'conditional-access.workload-blocked',
        codes: [53003],
        when: isWorkload,
        condition: { en: 'an application signed in for itself', ja: 'アプリ自身のサインインの場合' },
        title: { en: 'A policy for workload identities blocks an application', ja: 'ワークロード ID のポリシーによるアプリのブロック' },
        remedy: {
          en: 'Conditional Access owner: policies for workload identities only block, by location or by risk of the service principal. Add the addresses that the application really comes from to the allowed named location, or clear the risk under Risky workload identities.',
          ja: '条件付きアクセスの所有者: ワークロード ID のポリシーは、場所またはサービス プリンシパルのリスクによるブロックのみを行います。アプリの実際の送信元 IP アドレスを許可するネームド ロケーションに追加するか、[危険なワークロード ID] でリスクを解消してください。',
        },
        severity: 'error',
        falseAlarm: {
          en: 'Meant, when a secret is used from a place where the application does not run.',
          ja: 'アプリが動作していない場所からシークレットが使われた場合は、意図したブロックです。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/workload-identity',
        matches: [
          { status: { errorCode: 53003 }, stream: 'servicePrincipal' },
          { ...failing('Block'), stream: 'servicePrincipal' },
        ],
        rejects: [failing('Block'), { status: { errorCode: 53003 }, stream: 'nonInteractiveUser' }],
      },
      {
        id: 'conditional-access.legacy-authentication',
        codes: [53003],
        when: ({ clientAppUsed }) => legacyAuthentication(clientAppUsed) === true,
        condition: { en: 'the client speaks legacy authentication', ja: 'クライアントがレガシ認証を使用している場合' },
        title: { en: 'Legacy authentication is kept out', ja: 'レガシ認証のブロック' },
        remedy: {
          en: 'App owner: the password was right, yet the client (an old mail client, a printer, a script with SMTP or IMAP) cannot meet any policy. Move it to modern authentication, or its mail to a relay or an app with OAuth. Identity team, when nobody knows the client: the password is in foreign hands, so reset it.',
          ja: 'アプリの所有者: パスワードは正しいものの、このクライアント (古いメール クライアント、複合機、SMTP や IMAP を使うスクリプト) はポリシーの要件を満たせません。先進認証に移行するか、メールを中継サーバーまたは OAuth 対応のアプリに切り替えてください。ID 担当 (心当たりのないクライアントの場合): パスワードが漏えいしているため、リセットしてください。',
        },
        mendedBy: 'app-owner',
        falseAlarm: {
          en: 'Meant, when legacy authentication is to be kept out: the count shows who still has to move.',
          ja: 'レガシ認証をブロックする方針であれば意図した結果です。件数は移行が済んでいないクライアントを示します。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication',
        matches: [
          { ...failing('Block'), clientAppUsed: 'Authenticated SMTP' },
          { status: { errorCode: 53003 }, clientAppUsed: 'IMAP4' },
        ],
        rejects: [
          { ...failing('Block'), clientAppUsed: 'Browser' },
          failing('Block'),
          { status: { errorCode: 50126 }, clientAppUsed: 'IMAP4' },
          { status: { errorCode: 53003 }, clientAppUsed: 'IMAP4', stream: 'servicePrincipal' },
        ],
      },
      {
        id: 'conditional-access.authentication-flow',
        codes: [53003],
        when: (signIn) => isTransferred(signIn) && flowControls.has(failedControl(signIn)),
        condition: {
          en: 'a device code or authentication transfer, and the row names no other failed control than block, device or app',
          ja: 'デバイス コードまたは認証の転送で、失敗した制御としてブロック、デバイス、アプリ以外が記録されていない場合',
        },
        title: { en: 'A device code or transferred sign-in is kept out', ja: 'デバイス コードまたは認証の転送のブロック' },
        remedy: {
          en: 'User: sign in on the device itself with a browser (az login without --use-device-code). Conditional Access owner: leave the block, and exclude only devices without a browser, such as meeting rooms. A code that the user did not ask for is phishing: tell the security team.',
          ja: 'ユーザー: そのデバイスのブラウザーでサインインしてください (--use-device-code なしの az login)。条件付きアクセスの所有者: ブロックは維持し、会議室などブラウザーのないデバイスのみを除外してください。身に覚えのないコードはフィッシングのため、セキュリティ担当に連絡します。',
        },
        mendedBy: 'user',
        falseAlarm: {
          en: 'Meant, when the policy is there to keep device codes out.',
          ja: 'デバイス コードを拒否するためのポリシーであれば、意図したブロックです。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-block-authentication-flows',
        matches: [
          { ...failing('Block'), authenticationProtocol: ['deviceCode'] },
          { ...failing('RequireCompliantDevice'), originalTransferMethod: 'deviceCodeFlow' },
          { status: { errorCode: 53003 }, authenticationProtocol: ['authenticationTransfer'] },
        ],
        rejects: [
          failing('Block'),
          { ...failing('Mfa'), authenticationProtocol: ['deviceCode'] },
          { ...failing('Block'), originalTransferMethod: 'none' },
          { status: { errorCode: 530033 }, authenticationProtocol: ['deviceCode'] },
        ],
      },
      {
        id: 'conditional-access.block-control',
        codes: [53003],
        when: (signIn) => failedControl(signIn) === 'block',
        condition: { en: 'the policy that failed blocks', ja: '失敗したポリシーの制御がブロックの場合' },
        title: { en: 'A policy that blocks applies', ja: 'ブロックするポリシーの適用' },
        remedy: {
          en: 'Conditional Access owner: the policy blocks outright, so nothing that the user does helps. Look at its conditions (location, platform, client, risk, authentication flow) on the tab Conditional Access of the sign-in; when the user is to get in, exclude them or the network.',
          ja: '条件付きアクセスの所有者: 無条件にブロックするポリシーのため、ユーザー側では対処できません。サインインの [条件付きアクセス] タブで条件 (場所、プラットフォーム、クライアント、リスク、認証フロー) を確認し、許可すべきユーザーであれば対象から除外するか、ネットワークを除外してください。',
        },
        matches: [failing('Block'), failing('Mfa', 'Block')],
        rejects: [failing('Mfa'), reportOnly('Block'), { status: { errorCode: 53003 } }],
        reference: grantPage,
      },
      {
        id: 'conditional-access.device-control',
        codes: [53003],
        when: (signIn) => failedControl(signIn) === 'device',
        condition: {
          en: 'the policy that failed asks for a compliant or joined device',
          ja: '失敗したポリシーの制御が準拠済みまたは参加済みデバイスの場合',
        },
        title: { en: 'A policy wants a compliant or joined device', ja: '準拠済みまたは参加済みデバイスを求めるポリシー' },
        remedy: {
          en: 'User: sign in from the managed device with Edge, or Chrome with the Microsoft single sign-on extension. Help desk: check under Devices that it is joined, and in Intune that it is compliant.',
          ja: 'ユーザー: 管理対象のデバイスから Edge、または Microsoft Single Sign On 拡張機能を入れた Chrome でサインインしてください。ヘルプ デスク: [デバイス] で参加の状態を、Intune で準拠の状態を確認してください。',
        },
        mendedBy: 'help-desk',
        matches: [failing('RequireCompliantDevice'), failing('Mfa', 'CompliantDevice'), failing('DomainJoinedDevice')],
        rejects: [failing('Block'), failing('Mfa'), reportOnly('RequireCompliantDevice')],
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-device-compliance',
      },
      {
        id: 'conditional-access.app-control',
        codes: [53003],
        when: (signIn) => failedControl(signIn) === 'app',
        condition: {
          en: 'the policy that failed asks for an approved or protected app',
          ja: '失敗したポリシーの制御が承認済みまたは保護されたアプリの場合',
        },
        title: { en: 'A policy wants an approved or protected app', ja: '承認済みまたは保護されたアプリを求めるポリシー' },
        remedy: {
          en: 'User: use the approved app, such as Outlook or Edge for iOS and Android, with an Intune app protection policy; other apps cannot meet the control.',
          ja: 'ユーザー: Intune アプリ保護ポリシーが適用された承認済みアプリ (iOS および Android 版の Outlook や Edge など) を使用してください。その他のアプリでは要件を満たせません。',
        },
        mendedBy: 'user',
        matches: [failing('ApprovedApplication'), failing('RequireApprovedApp'), failing('CompliantApplication')],
        rejects: [failing('CompliantDevice'), failing('Mfa')],
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-approved-app-or-app-protection',
      },
      {
        id: 'conditional-access.password-change-control',
        codes: [53003],
        when: (signIn) => failedControl(signIn) === 'password-change',
        condition: { en: 'the policy that failed asks for a password change', ja: '失敗したポリシーの制御がパスワードの変更の場合' },
        title: { en: 'A risk policy wants a password change', ja: 'パスワード変更を求めるリスク ポリシー' },
        remedy: {
          en: 'User: change the password by self-service in a browser. Security team: review the user under Risky users; the user needs a registered second factor before they can do it alone.',
          ja: 'ユーザー: ブラウザーからセルフサービスでパスワードを変更してください。セキュリティ担当: [危険なユーザー] で確認してください。本人が変更するには、登録済みの多要素認証が必要です。',
        },
        mendedBy: 'user',
        severity: 'error',
        matches: [failing('PasswordChange'), failing('Mfa', 'RequirePasswordChange')],
        rejects: [failing('Mfa'), failing('Block')],
        reference: 'https://learn.microsoft.com/entra/id-protection/howto-identity-protection-remediate-unblock',
      },
      {
        id: 'conditional-access.terms-control',
        codes: [53003],
        when: (signIn) => failedControl(signIn) === 'terms-of-use',
        condition: { en: 'the policy that failed asks for terms of use', ja: '失敗したポリシーの制御が利用規約の場合' },
        title: { en: 'A policy wants the terms of use accepted', ja: '利用規約への同意を求めるポリシー' },
        remedy: {
          en: 'User: sign in with a browser and accept the terms of use; scripts and old clients cannot show them.',
          ja: 'ユーザー: ブラウザーでサインインして利用規約に同意してください。スクリプトや古いクライアントでは表示できません。',
        },
        mendedBy: 'user',
        matches: [failing('TermsOfUse')],
        rejects: [failing('Mfa'), failing('Block')],
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/terms-of-use',
      },
      {
        id: 'conditional-access.multifactor-control',
        codes: [53003],
        when: (signIn) => failedControl(signIn) === 'multifactor',
        condition: {
          en: 'the policy that failed asks for a second factor or an authentication strength',
          ja: '失敗したポリシーの制御が多要素認証または認証強度の場合',
        },
        title: { en: 'A policy wants a second factor or a stronger one', ja: '多要素認証またはより強い認証を求めるポリシー' },
        remedy: {
          en: 'User: sign in interactively with a method that the policy accepts (for an authentication strength often a passkey or Windows Hello). Identity team: help to register one. A client that cannot show a prompt cannot meet it.',
          ja: 'ユーザー: ポリシーが認める方法で対話型サインインを行ってください (認証強度の場合は多くがパスキーや Windows Hello)。ID 担当: 登録を支援してください。要求を表示できないクライアントは要件を満たせません。',
        },
        mendedBy: 'user',
        matches: [failing('Mfa'), failing('Require authentication strength - Phishing-resistant MFA: the combinations of this tenant')],
        rejects: [failing('Mfa', 'Block'), reportOnly('Mfa'), { status: { errorCode: 53003 }, appliedConditionalAccessPolicies: [] }],
        reference: 'https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths',
      },
      {
        id: 'conditional-access.blocked',
        codes: [53003],
        title: { en: 'Blocked by Conditional Access', ja: '条件付きアクセスによるブロック' },
        matches: [
          { status: { errorCode: 53003 } },
          { status: { errorCode: 53003 }, appliedConditionalAccessPolicies: [{ result: 'failure', enforcedGrantControls: [] }] },
        ],
        rejects: [failing('Block'), { status: { errorCode: 53000 } }],
      },
      {
        id: 'conditional-access.classic-or-risk-policy',
        codes: [530031],
        title: {
          en: 'Blocked by a classic policy or a risk policy of ID Protection',
          ja: 'クラシック ポリシーまたは ID Protection のリスク ポリシーによるブロック',
        },
        remedy: {
          en: 'Conditional Access owner: look under Conditional Access > Classic policies and among the user and sign-in risk policies of ID Protection, which the usual list of policies does not show. Move what is still wanted to a Conditional Access policy, and review the user under Risky users.',
          ja: '条件付きアクセスの所有者: 通常のポリシー一覧に表示されない [条件付きアクセス] > [クラシック ポリシー] と、ID Protection のユーザー リスク ポリシーおよびサインイン リスク ポリシーを確認してください。必要なものは条件付きアクセス ポリシーに移行し、[危険なユーザー] でユーザーを確認します。',
        },
        reference: 'https://learn.microsoft.com/entra/id-protection/howto-identity-protection-configure-risk-policies',
      },
      {
        id: 'conditional-access.device-not-compliant',
        codes: [53000, 530002],
        title: { en: 'The device is not compliant', ja: 'デバイスが準拠していない' },
        remedy: {
          en: 'User: open Company Portal, run the check and do what it asks. Help desk: look up in Intune which compliance setting fails; after a repair it takes some minutes to count.',
          ja: 'ユーザー: ポータル サイト アプリを開いて確認を実行し、表示された対処を行ってください。ヘルプ デスク: Intune で不適合の設定を確認してください。修正の反映には数分かかります。',
        },
        mendedBy: 'help-desk',
        falseAlarm: { en: 'A few minutes after enrolment or an update.', ja: '登録や更新の直後の数分間。' },
        reference: 'https://learn.microsoft.com/intune/intune-service/protect/device-compliance-get-started',
      },
      {
        id: 'conditional-access.device-not-managed',
        codes: [53001, 530003],
        title: { en: 'The device is not joined or managed', ja: 'デバイスが参加または管理されていない' },
        remedy: {
          en: 'User: use a device of the organization, or add the work account under Settings > Accounts. Help desk: join or enrol the device; when it is joined already, run dsregcmd /status and check AzureAdPrt.',
          ja: 'ユーザー: 組織のデバイスを使用するか、[設定] > [アカウント] で職場アカウントを追加してください。ヘルプ デスク: デバイスを参加または登録し、既に参加している場合は dsregcmd /status で AzureAdPrt を確認してください。',
        },
        mendedBy: 'help-desk',
        reference: 'https://learn.microsoft.com/entra/identity/devices/troubleshoot-device-dsregcmd',
      },
      {
        id: 'conditional-access.browser',
        codes: [53008, 530001, 530011, 530022],
        title: { en: 'The browser cannot prove the device', ja: 'ブラウザーがデバイスを証明できない' },
        remedy: {
          en: 'User: use Edge with the work profile, or Chrome or Firefox with Microsoft single sign-on; a private window never proves the device.',
          ja: 'ユーザー: 職場プロファイルの Edge、または Microsoft のシングル サインオンを有効にした Chrome か Firefox を使用してください。プライベート ウィンドウではデバイスを証明できません。',
        },
        mendedBy: 'user',
        falseAlarm: { en: 'Private windows.', ja: 'プライベート ウィンドウでの利用。' },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions',
      },
      {
        id: 'conditional-access.platform',
        codes: [50005],
        title: { en: 'The platform of the device is not allowed', ja: '許可されていないデバイス プラットフォーム' },
        remedy: {
          en: 'User: sign in from a platform that the policy allows. Conditional Access owner: clients that hide their platform (rare browsers, libraries without a user agent) count as unknown.',
          ja: 'ユーザー: ポリシーが許可するプラットフォームからサインインしてください。条件付きアクセスの所有者: プラットフォームを示さないクライアント (一部のブラウザーやユーザー エージェントのないライブラリ) は不明として扱われます。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions',
      },
      {
        id: 'conditional-access.state-or-suspicion',
        codes: [50131],
        title: {
          en: 'The state of the device or suspicious activity forbids it',
          ja: 'デバイスの状態または不審なアクティビティによる拒否',
        },
        remedy: {
          en: 'Conditional Access owner: the code has several causes; read the failure reason of the sign-in in Entra first. A device state goes to the help desk, suspicious activity to the security team.',
          ja: '条件付きアクセスの所有者: 原因が複数あるコードです。まず Entra でサインインのエラーの理由を確認してください。デバイスの状態であればヘルプ デスクへ、不審なアクティビティであればセキュリティ担当へ引き継ぎます。',
        },
      },
      {
        id: 'conditional-access.approved-app-required',
        codes: [53002, 530021],
        title: { en: 'The app is not an approved one', ja: '承認されていないアプリ' },
        remedy: {
          en: 'User: use one of the approved apps, for example Outlook for iOS and Android. Conditional Access owner: Microsoft retires this control; move the policy to app protection.',
          ja: 'ユーザー: 承認済みアプリ (iOS および Android 版 Outlook など) を使用してください。条件付きアクセスの所有者: この制御は廃止予定のため、アプリ保護ポリシーへ移行してください。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/migrate-approved-client-app',
      },
      {
        id: 'conditional-access.app-protection-required',
        codes: [53005, 53009],
        title: { en: 'The app lacks an Intune app protection policy', ja: 'Intune アプリ保護ポリシーが適用されていない' },
        remedy: {
          en: 'User: install the broker (Microsoft Authenticator on iOS, Company Portal on Android), update the app and sign in again. Device team: include the user and the app in an app protection policy.',
          ja: 'ユーザー: ブローカー アプリ (iOS は Microsoft Authenticator、Android はポータル サイト) をインストールし、アプリを更新してサインインし直してください。デバイス担当: アプリ保護ポリシーの対象にユーザーとアプリを含めてください。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/intune/intune-service/apps/app-protection-policies',
      },
      {
        id: 'conditional-access.location-required',
        codes: [50077, 50081],
        title: { en: 'The GPS location has to be shared', ja: 'GPS の位置情報の共有が必要' },
        remedy: {
          en: 'User: allow Microsoft Authenticator to use the location always, and answer its prompt; a device without Authenticator cannot meet it.',
          ja: 'ユーザー: Microsoft Authenticator に位置情報の常時利用を許可し、要求に応答してください。Authenticator のないデバイスでは要件を満たせません。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network',
      },
      {
        id: 'conditional-access.registration-blocked-by-risk',
        codes: [53004],
        title: { en: 'Risk forbids to register a second factor', ja: 'リスクによる多要素認証の登録のブロック' },
        remedy: {
          en: 'Security team: confirm that it is the user, dismiss the risk under Risky users, and give a Temporary Access Pass so that the user can register a second factor.',
          ja: 'セキュリティ担当: 本人であることを確認し、[危険なユーザー] でリスクを無視したうえで、多要素認証を登録できるよう一時アクセス パスを発行してください。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        falseAlarm: {
          en: 'A new user on a network that is new to the tenant.',
          ja: 'テナントで初めて使われるネットワークにいる新規ユーザー。',
        },
        reference: 'https://learn.microsoft.com/entra/id-protection/howto-identity-protection-remediate-unblock',
      },
      {
        id: 'conditional-access.registration-place',
        codes: [53010],
        title: { en: 'A second factor cannot be registered from here', ja: 'この場所やデバイスからは多要素認証を登録できない' },
        remedy: {
          en: 'User: register security info from the network or the device that the organization wants. Help desk: give a Temporary Access Pass to people who work elsewhere.',
          ja: 'ユーザー: 組織が指定するネットワークまたはデバイスからセキュリティ情報を登録してください。ヘルプ デスク: 他の場所で働くユーザーには一時アクセス パスを発行してください。',
        },
        mendedBy: 'help-desk',
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-security-info-registration',
      },
      {
        id: 'conditional-access.risk',
        codes: [53011, 530034],
        title: { en: 'The account is at risk in its home tenant', ja: 'ホーム テナントでのアカウントのリスク' },
        remedy: {
          en: 'Security team of the home tenant (for a guest or a delegated administrator the partner): review the user under Risky users; after a password change or when the risk is dismissed the user can sign in. Our tenant cannot clear it.',
          ja: 'ホーム テナントのセキュリティ担当 (ゲストや委任された管理者の場合はパートナー): [危険なユーザー] で確認してください。パスワードの変更またはリスクの無視の後、サインインできるようになります。リソース側のテナントでは解消できません。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        reference: 'https://learn.microsoft.com/entra/id-protection/concept-identity-protection-b2b',
      },
      {
        id: 'conditional-access.security-policy',
        codes: [530032],
        title: { en: 'A security policy or risk blocks the request', ja: 'セキュリティ ポリシーまたはリスクによるブロック' },
        remedy: {
          en: 'Security team: look at the user under Risky users first (for a guest in the home tenant), then at the security policies of the tenant; Microsoft describes the code in both ways.',
          ja: 'セキュリティ担当: まず [危険なユーザー] でユーザーを確認し (ゲストの場合はホーム テナント)、次にテナントのセキュリティ ポリシーを確認してください。Microsoft の説明にはその両方があります。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        reference: 'https://learn.microsoft.com/entra/id-protection/howto-identity-protection-investigate-risk',
      },
      {
        id: 'conditional-access.password-change-required',
        interruptCodes: [50135, 50137, 50142],
        title: { en: 'The password has to be changed first', ja: 'パスワードの変更が必要' },
        remedy: {
          en: 'User: change the password when asked. Security team: the user or a policy is marked for it; check under Risky users whether the password leaked.',
          ja: 'ユーザー: 要求に従ってパスワードを変更してください。セキュリティ担当: ユーザーのリスクまたはポリシーによる要求です。[危険なユーザー] でパスワードの漏えいを確認してください。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/id-protection/howto-identity-protection-remediate-unblock',
      },
      {
        id: 'conditional-access.sign-in-frequency',
        interruptCodes: [70043, 70044, 70045, 70046],
        title: { en: 'The session is older than the policy allows', ja: 'サインインの頻度により再認証が必要' },
        remedy: {
          en: 'User: sign in again. Owner of a script: a user session cannot run unattended under a sign-in frequency; take a managed identity or a service principal.',
          ja: 'ユーザー: サインインし直してください。スクリプトの所有者: サインインの頻度が適用されるユーザー セッションは無人実行できません。マネージド ID またはサービス プリンシパルを使用してください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: { en: 'Expected at every end of a session.', ja: 'セッションの終了ごとに発生する想定内のものです。' },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime',
      },
      {
        id: 'conditional-access.federated-factor',
        interruptCodes: [53006, 53007],
        title: { en: 'The federated provider has to give the second factor', ja: 'フェデレーション ID プロバイダーでの多要素認証が必要' },
        remedy: {
          en: 'User: go on to the sign-in of the identity provider. Identity team, when it loops: make the provider send the claim of the second factor, and check federatedIdpMfaBehavior of the domain.',
          ja: 'ユーザー: ID プロバイダーのサインインに進んでください。ID 担当 (繰り返される場合): プロバイダーが多要素認証のクレームを送信していること、ドメインの federatedIdpMfaBehavior を確認してください。',
        },
        mendedBy: 'identity-team',
        severity: 'info',
        falseAlarm: { en: 'A redirect that the user follows.', ja: 'ユーザーがそのまま進むリダイレクト。' },
        reference: 'https://learn.microsoft.com/graph/api/resources/internaldomainfederation',
      },
      {
        id: 'conditional-access.certificate-for-application',
        codes: [500761],
        title: { en: 'The application must use a certificate', ja: 'アプリケーションに証明書が必要' },
        remedy: {
          en: 'App owner: replace the client secret of the service principal with a certificate or a federated credential for this resource.',
          ja: 'アプリの所有者: このリソースにアクセスするサービス プリンシパルのクライアント シークレットを、証明書またはフェデレーション資格情報に置き換えてください。',
        },
        mendedBy: 'app-owner',
        severity: 'error',
        reference: 'https://learn.microsoft.com/entra/identity-platform/certificate-credentials',
      },
      {
        id: 'conditional-access.device-code-blocked',
        codes: [530033],
        title: { en: 'Device code cannot meet a device policy', ja: 'デバイス ポリシーを満たせないデバイス コード' },
        remedy: {
          en: 'User: sign in on the device itself with a browser instead of a device code (az login without --use-device-code). Conditional Access owner: the properties of the remote device cannot be proven, so leave it blocked.',
          ja: 'ユーザー: デバイス コードではなく、そのデバイスのブラウザーでサインインしてください (--use-device-code なしの az login)。条件付きアクセスの所有者: 遠隔のデバイスの状態は証明できないため、ブロックのままにしてください。',
        },
        mendedBy: 'user',
        falseAlarm: {
          en: 'Meant: device codes that nobody asked for are phishing.',
          ja: '身に覚えのないデバイス コードはフィッシングであり、意図したブロックです。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-block-authentication-flows',
      },
      {
        id: 'conditional-access.protocol-blocked',
        codes: [1000470],
        title: { en: 'The tenant blocks this protocol', ja: 'テナントがブロックしているプロトコル' },
        remedy: {
          en: 'Identity team: the tenant has turned this protocol off; find out who and why, and turn it on again only for as long as it takes. App owner: move the client to OAuth 2.0 or OpenID Connect with a current library.',
          ja: 'ID 担当: テナントで無効化されたプロトコルです。理由を確認し、再び有効にする場合は移行期間に限ってください。アプリの所有者: 最新のライブラリを使い、OAuth 2.0 または OpenID Connect へ移行してください。',
        },
        mendedBy: 'identity-team',
        reference: 'https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication',
      },
      {
        id: 'conditional-access.security-defaults',
        codes: [530035],
        title: { en: 'Blocked by security defaults', ja: 'セキュリティの既定値群によるブロック' },
        remedy: {
          en: 'User: register and use a second factor, and a client with modern authentication; security defaults allow no exceptions.',
          ja: 'ユーザー: 多要素認証を登録し、先進認証に対応したクライアントを使用してください。セキュリティの既定値群に例外はありません。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/fundamentals/security-defaults',
      },
    ],
  ),
)
