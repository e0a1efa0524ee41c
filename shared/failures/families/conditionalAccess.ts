import { defineFamily, sharing, withCodes } from '../defineFamily'

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
        en: 'Conditional Access owner: open the sign-in in Entra, tab Conditional Access, find the policy whose result is Failure, and meet its control or change its scope.',
        ja: '条件付きアクセスの所有者: Entra でサインインを開き、[条件付きアクセス] タブで結果が [失敗] のポリシーを特定し、要件を満たすかスコープを変更してください。',
      },
      mendedBy: 'conditional-access-owner',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when the policy is there to keep this out.',
        ja: 'そのアクセスを拒否するためのポリシーであれば、意図したブロックです。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access',
    },
    [
      {
        id: 'conditional-access.blocked',
        codes: [53003],
        title: { en: 'Blocked by Conditional Access', ja: '条件付きアクセスによるブロック' },
        matches: withCodes(53003),
        rejects: withCodes(53000, 53002, 530004),
      },
      {
        id: 'conditional-access.device-required',
        codes: [53000, 53001, 50005, 50131, 530001, 530002, 530003],
        title: { en: 'A managed device is required', ja: '管理対象デバイスが必要' },
        remedy: {
          en: 'User: sign in from a compliant or hybrid joined device with a supported browser. Device team: check in Intune why the device is not compliant or in Entra whether it is registered.',
          ja: 'ユーザー: 準拠済みまたはハイブリッド参加済みのデバイスから、サポートされているブラウザーでサインインしてください。デバイス担当: Intune で非準拠の理由を、Entra でデバイスの登録を確認してください。',
        },
        matches: withCodes(53000, 53001, 50005),
        rejects: withCodes(53003, 53002, 530004),
      },
      {
        id: 'conditional-access.app-protection-required',
        codes: [53002, 53005, 53009, 530021],
        title: { en: 'An approved or protected app is required', ja: '承認済みまたは保護されたアプリが必要' },
        remedy: {
          en: 'User: use the approved app, for example Outlook for iOS and Android, with Intune app protection.',
          ja: 'ユーザー: Intune アプリ保護が適用された承認済みアプリ (iOS および Android 版 Outlook など) を使用してください。',
        },
        mendedBy: 'user',
        matches: withCodes(53002, 53005, 53009),
        rejects: withCodes(53003, 53000, 530004),
      },
      {
        id: 'conditional-access.risk',
        codes: [53004, 53011, 530032, 530034],
        interruptCodes: [50135, 50142],
        title: { en: 'Blocked or interrupted for risk', ja: 'リスクによるブロックまたは中断' },
        remedy: {
          en: 'Security team: review the user under Identity Protection > Risky users; after the password change or the dismissal of the risk the user can sign in.',
          ja: 'セキュリティ担当: Identity Protection の [危険なユーザー] を確認してください。パスワードの変更またはリスクの無視の後、サインインできるようになります。',
        },
        severity: 'error',
        reference: 'https://learn.microsoft.com/entra/id-protection/howto-identity-protection-remediate-unblock',
        matches: withCodes(53004, 53011, 530032, 50135, 50142),
        rejects: withCodes(53003, 53000, 530004),
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
        matches: withCodes(70043, 70044, 70045),
        rejects: withCodes(53003, 53000, 530004),
      },
      {
        id: 'conditional-access.security-defaults',
        codes: [530035],
        title: { en: 'Blocked by security defaults', ja: 'セキュリティの既定値群によるブロック' },
        remedy: {
          en: 'User: register and use a second factor and a client with modern authentication; security defaults allow no exceptions.',
          ja: 'ユーザー: 多要素認証を登録し、先進認証に対応したクライアントを使用してください。セキュリティの既定値群に例外はありません。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/fundamentals/security-defaults',
        matches: withCodes(530035),
        rejects: withCodes(53003, 53000, 530004),
      },
      {
        id: 'conditional-access.general',
        codes: [50077, 50081, 53008, 53010, 500761, 530011, 530022, 530031, 530033, 1000470],
        interruptCodes: [50137, 53006, 53007],
        title: { en: 'A policy asks for more than the sign-in gave', ja: 'ポリシーの要件を満たしていない' },
        matches: withCodes(50077, 50081, 53008, 50137, 53006, 53007),
        rejects: withCodes(53003, 53000, 530004),
      },
    ],
  ),
)
