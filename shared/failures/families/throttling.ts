import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

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
        matches: withCodes(50196),
        rejects: withCodes(50088, 90025),
      },
      {
        id: 'throttling.general',
        codes: [50088, 131012, 1000474],
        serviceCodes: [90045, 90055],
        title: { en: 'Too many requests', ja: '要求の過多' },
        matches: withCodes(50088, 131012, 1000474, 90045, 90055),
        rejects: withCodes(50196, 90025),
      },
    ],
  ),
)
