import { defineFamily, withCodes } from '../defineFamily'

const systemPage = 'https://learn.microsoft.com/entra/architecture/backup-authentication-system'
const appsPage = 'https://learn.microsoft.com/entra/architecture/backup-authentication-system-apps'
const defaultsPage = 'https://learn.microsoft.com/entra/identity/conditional-access/resilience-defaults'

const rareSource = {
  en: 'A few during the monthly exercise of Microsoft mean nothing: users sign in again.',
  ja: 'Microsoft の月次の演習中に少数発生するのは問題ありません。ユーザーは再度サインインできます。',
}

/** Failures that the backup authentication system itself answers with; a sign-in that it served is a signal, not a failure. */
export const backupAuth = defineFamily(
  {
    id: 'backup-auth',
    title: { en: 'Backup authentication system', ja: 'バックアップ認証システム' },
    meaning: {
      en: 'The backup authentication system was asked to issue the token and could not or would not.',
      ja: 'バックアップ認証システムがトークンの発行を要求されましたが、発行できないか、拒否しました。',
    },
    facetsByClass: true,
  },
  [
    {
      id: 'backup-auth.not-eligible',
      codes: [230037, 230038, 230062],
      serviceCodes: [230017],
      title: { en: 'Not eligible for backup authentication', ja: 'バックアップ認証の対象外' },
      remedy: {
        en: 'Owner of the application, after the outage: the system serves only home tenant members who signed in to the same app on the same device within the last 3 days, without interaction and without a revocation since. 230017: there was no usable earlier sign-in. 230037 and 230038: the required authentication methods are not in the cached sign-in. 230062: the app presents or asks for a primary refresh token. Prefer native clients that acquire tokens silently, ID-token-only web apps, and managed identities instead of service principals.',
        ja: 'アプリケーションの所有者 (停止の収束後): このシステムの対象は、過去 3 日以内に同じデバイスとアプリで認証し、対話を必要とせず、その後に失効イベントがないホーム テナントのメンバーのみです。230017 は利用できる以前の認証がないこと、230037 と 230038 は必要な認証方法が保存された認証に含まれないこと、230062 はプライマリ更新トークンの提示または要求を示します。サイレントにトークンを取得するネイティブ クライアント、ID トークンのみを使う Web アプリ、サービス プリンシパルの代わりにマネージド ID の利用を検討してください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: rareSource,
      reference: appsPage,
      matches: withCodes(230017, 230037, 230038, 230062),
      rejects: [...withCodes(230090), { status: { errorCode: 0 }, tokenIssuerType: 'AzureADBackupAuth' }],
    },
    {
      id: 'backup-auth.policy',
      codes: [230089, 230090],
      title: { en: 'A policy keeps backup authentication from serving', ja: 'ポリシーによるバックアップ認証のブロック' },
      remedy: {
        en: 'Conditional Access owner: 230090 means that a policy in scope has resilience defaults disabled. Turn them on again for every policy that can bear it (Session > Disable resilience defaults off; sessionControls.disableResilienceDefaults false in Graph); it has to be done before an outage. 230089: a custom policy evaluation denied the request, so review the policies that apply to the user and the application.',
        ja: '条件付きアクセスの所有者: 230090 は、対象のポリシーで回復性の既定値が無効になっていることを示します。可能なポリシーでは再び有効にしてください ([セッション] の [回復性の既定値を無効にする] をオフ、Graph では sessionControls.disableResilienceDefaults を false)。停止が発生する前に行う必要があります。230089 はカスタム ポリシーの評価による拒否であるため、ユーザーとアプリケーションに適用されるポリシーを確認します。',
      },
      mendedBy: 'conditional-access-owner',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, when the policy must rather deny than rely on an earlier evaluation.',
        ja: '以前の評価に頼るよりも拒否すべきポリシーであれば、意図したブロックです。',
      },
      reference: defaultsPage,
      matches: withCodes(230089, 230090),
      rejects: withCodes(230017, 53003),
    },
    {
      id: 'backup-auth.plumbing',
      serviceCodes: [100022, 230024, 230080, 230082, 230091, 230109],
      title: { en: 'Inner fault of the backup authentication system', ja: 'バックアップ認証システムの内部エラー' },
      remedy: {
        en: 'Nobody here: retry, and watch the health page of Entra. 100022 comes from an outage simulation for tenants that take part in it. Open a support case with request ids and times if it goes on for more than an hour.',
        ja: '利用者側での対処はありません。再試行し、Entra の正常性を確認してください。100022 は参加テナント向けの停止シミュレーションによるものです。1 時間以上続く場合は、要求 ID と時刻を添えてサポートに問い合わせてください。',
      },
      mendedBy: 'microsoft',
      severity: 'info',
      falseAlarm: rareSource,
      reference: systemPage,
      matches: withCodes(100022, 230024, 230080, 230082, 230091, 230109),
      rejects: [...withCodes(230017, 230090), { status: { errorCode: 0 }, tokenIssuerType: 'AzureADBackupAuth' }],
    },
  ],
)
