import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

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
        serviceCodes: [90012, 90024],
        title: { en: 'A request timed out', ja: '要求のタイムアウト' },
        matches: withCodes(90012, 90024),
        rejects: withCodes(50033, 17003, 230109),
      },
      {
        id: 'service.transient',
        serviceCodes: [50033, 90006, 90025, 90033, 90090, 90091, 50004],
        title: { en: 'A transient fault', ja: '一時的な障害' },
        matches: withCodes(50033, 90006, 90025),
        rejects: withCodes(90012, 17003, 230109),
      },
      {
        id: 'service.general',
        codes: [17003, 50042, 50043, 50138, 51000, 90085],
        serviceCodes: [
          29100, 50000, 70012, 90030, 90031, 90032, 90035, 90036, 90039, 90041, 90057, 90058, 90092, 90171, 90202, 100003, 131001, 131003,
        ],
        title: { en: 'A fault of the service', ja: 'サービスの障害' },
        matches: withCodes(17003, 50042, 50043, 29100, 50000, 70012),
        rejects: withCodes(90012, 50033, 230109),
      },
    ],
  ),
)
