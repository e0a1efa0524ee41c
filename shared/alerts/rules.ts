import { minute } from '../signIns/instant'
import { excludedStates } from '../signIns/streamState'
import type { AlertRule } from './alert'

export { applyOverrides } from './applyOverrides'

/** The built-in rules. Their ids are stored and never renamed; `ALERT_RULES` changes their values by id. */
export const builtInRules: readonly AlertRule[] = [
  {
    id: 'tenant-restriction-blocks',
    measure: { kind: 'family', family: 'tenant-restriction', targets: true },
    mode: 'page',
    enabled: true,
    severity: 'error',
    threshold: 20,
    floor: 3,
    window: 30 * minute,
    pendingSeconds: 0,
    keepFiringSeconds: 900,
    groupBy: [],
    baseline: true,
    inhibitedBy: excludedStates,
    title: { en: 'Sign-ins are blocked by tenant restrictions', ja: 'テナント制限によってサインインがブロックされています' },
    summary: {
      default: {
        en: '{value} sign-ins were blocked by tenant restrictions in {minutes} minutes, far more than usual. Leading targets: {targets}.',
        ja: '{minutes} 分間に {value} 件のサインインがテナント制限でブロックされ、通常を大きく上回っています。主な対象テナント: {targets}。',
      },
      'own-tenant': {
        en: 'Tenant restrictions block your own tenant: {value} sign-ins in {minutes} minutes. Leading targets: {targets}.',
        ja: 'テナント制限が自社のテナントをブロックしています: {minutes} 分間に {value} 件。主な対象テナント: {targets}。',
      },
      fault: {
        en: 'Tenant restrictions block a target that must not be blocked: {targets}. {value} sign-ins were blocked in {minutes} minutes.',
        ja: 'ブロックしてはならないテナントがテナント制限でブロックされています: {targets}。{minutes} 分間のブロックは {value} 件です。',
      },
      'lost-target': {
        en: 'A target that people signed in to lately is now blocked by tenant restrictions: {targets}. {value} sign-ins were blocked in {minutes} minutes.',
        ja: '最近までサインインできていたテナントが、テナント制限でブロックされています: {targets}。{minutes} 分間のブロックは {value} 件です。',
      },
    },
    remedy: {
      default: {
        en: 'Compare the target with the list that is enforced. AADSTS500021: the owner of the proxy adds the target to Restrict-Access-To-Tenants. AADSTS5000211: the owner of the tenant restrictions v2 policy allows the target, the users and the apps under Cross-tenant access settings > Tenant restrictions. When the block is meant, mark the tenant as blocked: expected in TENANTS.',
        ja: '対象テナントと適用中の許可リストを照合してください。AADSTS500021 の場合は、プロキシの管理者が Restrict-Access-To-Tenants に対象テナントを追加します。AADSTS5000211 の場合は、テナント制限 v2 ポリシーの所有者が [クロステナント アクセス設定] > [テナント制限] で対象テナント、ユーザー、アプリを許可します。意図したブロックであれば、設定 TENANTS で blocked を expected にしてください。',
      },
      'own-tenant': {
        en: 'Ask the owner of the proxy to put your own tenant back into Restrict-Access-To-Tenants now, or the owner of the tenant restrictions v2 policy to undo the last change: nobody behind it can sign in.',
        ja: '直ちにプロキシの管理者に Restrict-Access-To-Tenants へ自社テナントを戻すよう依頼するか、テナント制限 v2 ポリシーの所有者に直前の変更を取り消すよう依頼してください。その経路のユーザーはサインインできません。',
      },
      fault: {
        en: 'Ask the owner of the proxy to add the target to Restrict-Access-To-Tenants, or the owner of the tenant restrictions v2 policy to allow it. For Azure Backup it is the tenant of the vault region; backups fail until it is allowed.',
        ja: 'プロキシの管理者に対象テナントを Restrict-Access-To-Tenants へ追加するよう、またはテナント制限 v2 ポリシーの所有者に許可するよう依頼してください。Azure Backup の場合はコンテナーのリージョンに対応するテナントで、許可されるまでバックアップは失敗します。',
      },
    },
    runbook: {
      en: 'https://learn.microsoft.com/entra/external-id/tenant-restrictions-v2',
      ja: 'https://learn.microsoft.com/ja-jp/entra/external-id/tenant-restrictions-v2',
    },
  },
  {
    id: 'legacy-tls-refused',
    measure: { kind: 'family', family: 'tls', classes: ['tls.legacy'] },
    mode: 'page',
    enabled: true,
    severity: 'warning',
    threshold: 10,
    floor: 3,
    window: 30 * minute,
    pendingSeconds: 0,
    keepFiringSeconds: 1800,
    groupBy: [],
    baseline: true,
    inhibitedBy: excludedStates,
    title: { en: 'Sign-ins are refused for old TLS', ja: '古い TLS のためサインインが拒否されています' },
    summary: {
      default: {
        en: '{value} sign-ins were refused for TLS 1.0, TLS 1.1 or 3DES in {minutes} minutes. Leading apps: {apps}.',
        ja: '{minutes} 分間に {value} 件のサインインが TLS 1.0、TLS 1.1 または 3DES のため拒否されました。主なアプリ: {apps}。',
      },
    },
    remedy: {
      default: {
        en: 'Find the client by its app and user agent and turn on TLS 1.2 there: in the operating system (SCHANNEL, WinHTTP), in .NET Framework (SchUseStrongCrypto, SystemDefaultTlsVersions) or in the device that sends it. A change of image or policy is the usual cause of a sudden rise.',
        ja: 'アプリとユーザー エージェントからクライアントを特定し、TLS 1.2 を有効にしてください。対象は OS (SCHANNEL、WinHTTP)、.NET Framework (SchUseStrongCrypto、SystemDefaultTlsVersions)、または送信元の機器です。急な増加の多くはイメージやポリシーの変更が原因です。',
      },
    },
    runbook: {
      en: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/ad-dmn-services/enable-support-tls-environment',
      ja: 'https://learn.microsoft.com/ja-jp/troubleshoot/entra/entra-id/ad-dmn-services/enable-support-tls-environment',
    },
  },
  {
    id: 'backup-auth-outage',
    measure: { kind: 'signalShare', signal: 'servedByBackupAuth' },
    mode: 'page',
    enabled: true,
    severity: 'critical',
    threshold: 0.2,
    floor: 20,
    window: 10 * minute,
    pendingSeconds: 0,
    keepFiringSeconds: 1800,
    groupBy: [],
    baseline: true,
    inhibitedBy: excludedStates,
    title: {
      en: 'Microsoft Entra outage: the backup authentication system issues tokens',
      ja: 'Microsoft Entra の障害: バックアップ認証システムがトークンを発行しています',
    },
    summary: {
      default: {
        en: 'The backup authentication system issued {percent} % of the user tokens over {minutes} minutes. Users without a recent session cannot sign in.',
        ja: '{minutes} 分間に、ユーザー トークンの {percent} % がバックアップ認証システムから発行されました。最近のセッションがないユーザーはサインインできません。',
      },
      'share-corroborated': {
        en: 'The backup authentication system issued {percent} % of the user tokens over {minutes} minutes, while faults of the service rose ({serviceFaults}) or successful sign-ins fell ({successes}).',
        ja: '{minutes} 分間に、ユーザー トークンの {percent} % がバックアップ認証システムから発行され、同時にサービス側の障害が増加 ({serviceFaults} 件)、または成功したサインインが減少 ({successes} 件) しています。',
      },
      exercise: {
        en: 'The backup authentication system issued {percent} % of the user tokens over {minutes} minutes and nothing else looks like an outage: an exercise of Microsoft is likely. Nobody has to act.',
        ja: '{minutes} 分間に、ユーザー トークンの {percent} % がバックアップ認証システムから発行されましたが、障害を示す他の兆候はありません。Microsoft の定期的な演習と考えられ、対応は不要です。',
      },
    },
    remedy: {
      default: {
        en: 'Look at the Azure status page and at Service health. Do not revoke sessions, reset passwords or change Conditional Access until it is over: that ends the sessions that still work. Tell users not to sign out.',
        ja: 'Azure の状態ページと Service Health を確認してください。収束するまでセッションの取り消し、パスワードのリセット、条件付きアクセスの変更は控えてください。まだ有効なセッションが失われます。ユーザーにはサインアウトしないよう案内してください。',
      },
      exercise: {
        en: 'Nothing to do. Microsoft exercises the backup authentication system every month; the summary shows which apps it served.',
        ja: '対応は不要です。Microsoft はバックアップ認証システムの演習を毎月行います。どのアプリが処理されたかは概要で確認できます。',
      },
    },
    runbook: {
      en: 'https://learn.microsoft.com/entra/architecture/backup-authentication-system',
      ja: 'https://learn.microsoft.com/ja-jp/entra/architecture/backup-authentication-system',
    },
  },
  {
    id: 'stream-stalled',
    measure: { kind: 'streamSilence' },
    mode: 'page',
    enabled: true,
    severity: 'error',
    threshold: 1200,
    floor: 0,
    window: 5 * minute,
    pendingSeconds: 120,
    keepFiringSeconds: 300,
    groupBy: [],
    baseline: false,
    inhibitedBy: excludedStates,
    title: { en: 'A sign-in stream is not being read', ja: 'サインイン ストリームの読み取りが止まっています' },
    summary: {
      default: {
        en: 'Nothing new was read of {streams} for {lagMinutes} minutes: what fails there now is not seen.',
        ja: '{streams} は {lagMinutes} 分間、新しいデータを読み取れていません。その間の失敗は検出できません。',
      },
      behind: {
        en: 'Reading of {streams} goes on but lags {lagMinutes} minutes behind.',
        ja: '{streams} の読み取りは続いていますが、{lagMinutes} 分遅れています。',
      },
    },
    remedy: {
      default: {
        en: 'Look at /api/health for the last problem. Check the outgoing connection to Microsoft Graph and the proxy, then whether Graph throttles or is down. Reading catches up by itself.',
        ja: '/api/health で直近の問題を確認してください。Microsoft Graph への送信接続とプロキシ、次に Graph の調整 (スロットリング) や障害の有無を調べます。復旧後の読み取りは自動で追いつきます。',
      },
    },
    runbook: {
      en: 'https://learn.microsoft.com/graph/api/signin-list',
      ja: 'https://learn.microsoft.com/ja-jp/graph/api/signin-list',
    },
  },
  {
    id: 'stream-forbidden',
    measure: { kind: 'streamRefused' },
    mode: 'page',
    enabled: true,
    severity: 'error',
    threshold: 0,
    floor: 0,
    window: 5 * minute,
    pendingSeconds: 0,
    keepFiringSeconds: 60,
    groupBy: [],
    baseline: false,
    inhibitedBy: [],
    title: { en: 'Microsoft Graph refuses a sign-in stream', ja: 'Microsoft Graph がサインイン ストリームを拒否しています' },
    summary: {
      default: {
        en: 'Graph refuses {streams}: its sign-ins are missing from every number until that is mended.',
        ja: 'Graph が {streams} の読み取りを拒否しています。解消されるまで、そのサインインはすべての集計から漏れます。',
      },
    },
    remedy: {
      default: {
        en: 'Grant the identity of the function app the application permission AuditLog.Read.All with admin consent, and check that the tenant has a Microsoft Entra ID P1 or P2 licence. Leave a stream that you do not need out of STREAMS.',
        ja: '関数アプリの ID にアプリケーションのアクセス許可 AuditLog.Read.All を管理者の同意付きで付与し、テナントに Microsoft Entra ID P1 または P2 ライセンスがあることを確認してください。不要なストリームは STREAMS から外してください。',
      },
    },
    runbook: {
      en: 'https://learn.microsoft.com/graph/api/signin-list',
      ja: 'https://learn.microsoft.com/ja-jp/graph/api/signin-list',
    },
  },
]
