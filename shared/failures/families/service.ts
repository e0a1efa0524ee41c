import { codeList, defineFamily, sharing } from '../defineFamily'

/** Microsoft's own side. */
export const service = defineFamily(
  {
    id: 'service',
    title: { en: 'Entra service', ja: 'Entra サービス' },
    meaning: {
      en: 'A fault of Entra or of a service that it depends on; most end by themselves.',
      ja: 'Entra またはその依存サービスの障害です。多くは自然に解消します。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Nobody here: retry after a moment. Several users and several applications within minutes make an outage likely: look at the service health page, then open a support case with request ids and times.',
        ja: '利用者側での対処はありません。しばらくして再試行してください。短時間に複数のユーザーとアプリで発生する場合は停止の可能性があります。サービス正常性を確認し、要求 ID と時刻を添えてサポートに問い合わせてください。',
      },
      mendedBy: 'microsoft',
      severity: 'info',
      falseAlarm: { en: 'Single ones that a retry mends.', ja: '再試行で解消する単発のもの。' },
      reference: codeList,
    },
    [
      {
        id: 'service.timeout',
        serviceCodes: [90012, 90024, 90025, 100003],
        title: { en: 'A request took too long inside Entra', ja: 'Entra 内部での要求のタイムアウト' },
        remedy: {
          en: 'Nobody here: the next try mostly succeeds, after a pause that grows with each. When they come from many users and applications at once, look at the service health page; when one request times out again and again, open a support case with its request id.',
          ja: '利用者側での対処はありません。多くは間隔を空けて再試行すると成功します。多数のユーザーとアプリで同時に発生している場合はサービス正常性を確認し、同じ要求が繰り返しタイムアウトする場合は要求 ID を添えてサポートに問い合わせてください。',
        },
        reference: 'https://learn.microsoft.com/entra/architecture/resilience-client-app',
      },
      {
        id: 'service.transient',
        serviceCodes: [
          29100, 50004, 50033, 90006, 90030, 90031, 90032, 90033, 90035, 90039, 90041, 90058, 90090, 90091, 90202, 131001, 131003,
        ],
        title: { en: 'A transient fault, or a part of Entra is unavailable', ja: '一時的な障害または一部サービスの利用不可' },
        reference: 'https://learn.microsoft.com/entra/architecture/resilience-client-app',
      },
      {
        id: 'service.token-issuance',
        serviceCodes: [50000],
        title: { en: 'Entra could not issue the token', ja: 'Entra がトークンを発行できない' },
        remedy: {
          en: 'Identity team: see first who is affected. One user: reset the password, which may have expired or be out of sync. One application: take a symmetric signing key out of its registration, and check consent and the parameters of its on-behalf-of request. Many at once: look at the service health page, then open a support case.',
          ja: 'ID 担当: まず影響範囲を確認してください。特定のユーザーのみの場合は、期限切れまたは同期されていないパスワードをリセットします。特定のアプリのみの場合は、登録から対称署名キーを削除し、同意と On-Behalf-Of 要求のパラメーターを確認します。一度に多数発生している場合は、サービス正常性を確認し、サポートに問い合わせてください。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        falseAlarm: { en: 'Single ones that do not come back.', ja: '再発しない単発のもの。' },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50000-issuing-token-sign-in-service',
      },
      {
        id: 'service.lasting',
        serviceCodes: [90036, 90057, 90092, 90171],
        title: { en: 'A fault that a retry may not mend', ja: '再試行で解消しない可能性がある障害' },
        remedy: {
          en: 'Identity team: retry once; when the same user or application fails again, open a support case with Microsoft and give request id, correlation id and time of the sign-in. When many fail at once, look at the service health page first.',
          ja: 'ID 担当: 一度再試行し、同じユーザーまたはアプリで再発する場合は、サインインの要求 ID、関連付け ID、時刻を添えて Microsoft サポートに問い合わせてください。一度に多数発生している場合は、まずサービス正常性を確認します。',
        },
        severity: 'warning',
        falseAlarm: { en: 'Single ones that do not come back.', ja: '再発しない単発のもの。' },
        reference: 'https://learn.microsoft.com/entra/fundamentals/how-to-get-support',
      },
      {
        id: 'service.consumer-accounts',
        serviceCodes: [70012],
        title: { en: 'The service of personal Microsoft accounts failed', ja: '個人用 Microsoft アカウントのサービスの障害' },
        remedy: {
          en: 'User: try again later. Identity team: only personal accounts are affected; work accounts can go on. Open a support case when it lasts.',
          ja: 'ユーザー: 後で再試行してください。ID 担当: 影響は個人用アカウントのみで、職場アカウントは使用できます。続く場合はサポートに問い合わせてください。',
        },
        reference: 'https://learn.microsoft.com/entra/fundamentals/how-to-get-support',
      },
      {
        id: 'service.pairwise-identifier',
        codes: [50042, 50043],
        title: { en: 'The application is not fully set up in Entra', ja: 'アプリの準備が Entra で完了していない' },
        remedy: {
          en: 'App owner: a new registration needs some minutes, so wait and try again; if it stays, delete the service principal and create it anew, or open a support case.',
          ja: 'アプリの所有者: 新しい登録の反映には数分かかるため、待ってから再試行してください。解消しない場合はサービス プリンシパルを作り直すか、サポートに問い合わせてください。',
        },
        mendedBy: 'app-owner',
        severity: 'warning',
        falseAlarm: { en: 'Right after the registration.', ja: '登録の直後。' },
      },
      {
        id: 'service.key',
        codes: [17003, 50138],
        title: { en: 'Entra could not provide a key', ja: 'Entra がキーを準備できない' },
        remedy: {
          en: 'User: sign in again. Identity team, when it stays for one user or device: open a support case; the key of the user (17003) or of the environment (50138) is provided by Microsoft.',
          ja: 'ユーザー: サインインし直してください。ID 担当 (同じユーザーやデバイスで続く場合): サポートに問い合わせてください。ユーザーのキー (17003) や環境のキー (50138) は Microsoft が準備するものです。',
        },
        severity: 'warning',
        reference: 'https://learn.microsoft.com/entra/fundamentals/how-to-get-support',
      },
      {
        id: 'service.feature-disabled',
        codes: [51000],
        title: { en: 'A feature that the sign-in needs is turned off', ja: 'サインインに必要な機能が無効' },
        remedy: {
          en: 'Identity team: read in the message which feature it is, and turn it on in the tenant; when it cannot be found there, open a support case.',
          ja: 'ID 担当: メッセージで機能名を確認し、テナントで有効にしてください。設定が見つからない場合はサポートに問い合わせてください。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        falseAlarm: { en: 'Meant, when the feature was turned off on purpose.', ja: '意図して無効にした機能であれば問題ありません。' },
      },
      {
        id: 'service.tenant-not-ready',
        codes: [90085],
        title: { en: 'The tenant is not fully set up yet', ja: 'テナントの準備が完了していない' },
        remedy: {
          en: 'Identity team: wait until the new tenant or company object is provisioned, up to some hours, then try again; after a day open a support case.',
          ja: 'ID 担当: 新しいテナントまたは会社オブジェクトの準備には数時間かかることがあります。待ってから再試行し、1 日経っても解消しない場合はサポートに問い合わせてください。',
        },
        severity: 'warning',
        falseAlarm: { en: 'Right after the tenant was made.', ja: 'テナントの作成直後。' },
      },
    ],
  ),
)
