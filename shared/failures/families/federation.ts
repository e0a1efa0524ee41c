import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

/** AD FS and other identity providers that Entra trusts, external OpenID Connect providers among them. */
export const federation = defineFamily(
  {
    id: 'federation',
    title: { en: 'Federation', ja: 'フェデレーション' },
    meaning: {
      en: 'The federated identity provider did not answer, or its answer is not valid.',
      ja: 'フェデレーション先の ID プロバイダーが応答しないか、応答が有効ではありません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Identity team: check the identity provider: signing certificate, issuer, clock and claims have to agree with the federation settings of the domain.',
        ja: 'ID 担当: ID プロバイダーの署名証明書、発行者、時刻、クレームがドメインのフェデレーション設定と一致していることを確認してください。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: {
        en: 'Single ones, when a user goes back in the browser.',
        ja: 'ユーザーがブラウザーで戻る操作をした場合に単発で発生します。',
      },
      reference: codeList,
    },
    [
      {
        id: 'federation.invalid-token',
        codes: [50008, 399284, 5000819],
        title: { en: 'The token of the identity provider is not valid', ja: 'ID プロバイダーのトークンが無効' },
        severity: 'error',
        matches: withCodes(50008, 399284, 5000819),
        rejects: withCodes(40008, 901011, 75005),
      },
      {
        id: 'federation.provider-error',
        codes: [40008, 40009, 40015, 90123],
        serviceCodes: [40010, 40014],
        title: { en: 'The identity provider answered with an error', ja: 'ID プロバイダーのエラー' },
        matches: withCodes(40008, 40009, 40015, 40010, 40014),
        rejects: withCodes(50008, 901011, 75005),
      },
      {
        id: 'federation.missing-claim',
        codes: [901011, 901012, 901014],
        title: {
          en: 'The external provider sent no usable email address or identifier',
          ja: '外部プロバイダーのメール アドレスまたは識別子の不足',
        },
        remedy: {
          en: 'Owner of the external identity provider: send a verified email address and a subject for every user.',
          ja: '外部 ID プロバイダーの所有者: すべてのユーザーについて確認済みのメール アドレスとサブジェクトを送信してください。',
        },
        matches: withCodes(901011, 901012, 901014),
        rejects: withCodes(50008, 40008, 75005),
      },
      {
        id: 'federation.general',
        codes: [20001, 20012, 20033, 50107, 50169, 90020, 90081, 90082, 90087, 5001256],
        interruptCodes: [50085],
        title: { en: 'Federation does not work', ja: 'フェデレーションの失敗' },
        matches: withCodes(20001, 20012, 20033, 50085),
        rejects: withCodes(50008, 40008, 75005),
      },
    ],
  ),
)
