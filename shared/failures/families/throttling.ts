import { codeList, defineFamily, sharing } from '../defineFamily'

/** Entra protects itself against too many requests. */
export const throttling = defineFamily(
  {
    id: 'throttling',
    title: { en: 'Throttling', ja: '調整' },
    meaning: {
      en: 'Too many requests: of one client, of the tenant, or of the whole service.',
      ja: '要求が多すぎます (クライアント、テナント、またはサービス全体)。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: send fewer requests, cache tokens, and honour Retry-After.',
        ja: 'アプリの所有者: 要求を減らし、トークンをキャッシュし、Retry-After に従ってください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: { en: 'Short peaks end by themselves.', ja: '短時間のピークは自然に解消します。' },
      reference: codeList,
    },
    [
      {
        id: 'throttling.loop',
        codes: [50196],
        title: { en: 'The client signs in again and again', ja: 'クライアントがサインインを繰り返している' },
        remedy: {
          en: 'App owner: the client loops; make it keep its token cache and stop on an error instead of asking again at once.',
          ja: 'アプリの所有者: クライアントがループしています。トークン キャッシュを保持し、エラー時に即座に再要求せず停止するようにしてください。',
        },
        severity: 'error',
        reference: 'https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes',
      },
      {
        id: 'throttling.telephone',
        codes: [50088],
        title: { en: 'The limit of text messages and calls is reached', ja: 'SMS と音声通話の上限への到達' },
        remedy: {
          en: 'User: wait some minutes, or use Microsoft Authenticator. Identity team, when many are affected: look for misuse of the phone methods, and move users to Authenticator or passkeys.',
          ja: 'ユーザー: 数分待つか、Microsoft Authenticator を使用してください。ID 担当 (多数に発生する場合): 電話による方法の悪用を確認し、Authenticator やパスキーへ移行させてください。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/identity/authentication/concept-authentication-phone-options',
      },
      {
        id: 'throttling.user',
        codes: [1000474],
        title: { en: 'One user signs in too often', ja: '同一ユーザーの過剰なサインイン' },
        remedy: {
          en: 'App owner: an application or script opens a new session each time instead of keeping its refresh token; make it reuse the session. User: wait some minutes.',
          ja: 'アプリの所有者: アプリまたはスクリプトが更新トークンを保持せず、毎回新しいセッションを開始しています。セッションを再利用させてください。ユーザー: 数分待ってください。',
        },
        reference: 'https://learn.microsoft.com/entra/architecture/resilience-client-app',
      },
      {
        id: 'throttling.attempts',
        codes: [131012],
        title: { en: 'Sign-in was tried too often', ja: 'サインインの試行回数の過多' },
        remedy: {
          en: 'User: wait some minutes before the next try. Help desk, when it returns: find the device or script that keeps trying; when nobody of ours does, tell the security team.',
          ja: 'ユーザー: 数分待ってから再試行してください。ヘルプ デスク (再発する場合): 試行を続けているデバイスやスクリプトを特定し、心当たりがなければセキュリティ担当に連絡してください。',
        },
        mendedBy: 'user',
      },
      {
        id: 'throttling.tenant',
        serviceCodes: [90055],
        title: { en: 'The tenant sends too many requests', ja: 'テナントからの要求の過多' },
        remedy: {
          en: 'Identity team: find the application with the most sign-ins of the last minutes and stop or slow it down; everyone in the tenant may be affected.',
          ja: 'ID 担当: 直近数分間で最もサインインの多いアプリを特定し、停止または減速させてください。テナント全体に影響することがあります。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
      },
      {
        id: 'throttling.service-busy',
        serviceCodes: [90045],
        title: { en: 'The service is too busy', ja: 'サービスの混雑' },
        remedy: {
          en: 'Nobody here: try again after a moment. When it lasts, look at the service health page.',
          ja: '利用者側での対処はありません。しばらくして再試行してください。続く場合はサービス正常性を確認します。',
        },
        mendedBy: 'microsoft',
        severity: 'info',
      },
    ],
  ),
)
