import { defineFamily, sharing, withCodes } from '../defineFamily'

/** Claims that the token is to carry. */
export const claimsConfig = defineFamily(
  {
    id: 'claims-config',
    title: { en: 'Claims configuration', ja: 'クレームの構成' },
    meaning: {
      en: 'The claims mapping of the application or the claims of the request are wrong.',
      ja: 'アプリケーションのクレーム マッピングまたは要求のクレームに誤りがあります。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: correct the claims mapping policy or the claims transformation of the application, and set acceptMappedClaims or a custom signing key where it is needed.',
        ja: 'アプリの所有者: アプリのクレーム マッピング ポリシーまたはクレーム変換を修正し、必要に応じて acceptMappedClaims またはカスタム署名キーを設定してください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: { en: 'Expected while an application is being set up.', ja: 'アプリの設定中は想定内です。' },
      reference: 'https://learn.microsoft.com/entra/identity-platform/saml-claims-customization',
    },
    [
      {
        id: 'claims-config.general',
        codes: [50100, 50101, 50102, 50103, 50108, 50109, 50111, 50123, 50124, 50162, 50163, 501241, 501461, 501621],
        title: { en: 'The claims cannot be issued', ja: 'クレームを発行できない' },
        matches: withCodes(50100, 50101, 50102),
        rejects: withCodes(50146, 75011),
      },
    ],
  ),
)
