import { defineFamily, sharing, withCodes } from '../defineFamily'

/** SAML requests of applications; SAML tokens of identity providers are federation. */
export const saml = defineFamily(
  {
    id: 'saml',
    title: { en: 'SAML', ja: 'SAML 要求' },
    meaning: {
      en: 'The SAML request of the application is not valid or not supported.',
      ja: 'アプリケーションの SAML 要求が無効か、サポートされていません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: compare the SAML request of the application (issuer, binding, name id policy, signature) with the single sign-on settings of the enterprise application.',
        ja: 'アプリの所有者: アプリの SAML 要求 (発行者、バインド、NameID ポリシー、署名) とエンタープライズ アプリケーションのシングル サインオン設定を比較してください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: {
        en: 'Bookmarked sign-in pages send requests that have run out.',
        ja: 'ブックマークされたサインイン ページからは期限切れの要求が送信されます。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/debug-saml-sso-issues',
    },
    [
      {
        id: 'saml.authentication-context',
        codes: [75011],
        title: { en: 'The method of the sign-in does not fit the request', ja: '認証方法が要求と一致しない' },
        remedy: {
          en: 'App owner: leave RequestedAuthnContext out of the SAML request, or accept any method; a session that was started with another method cannot meet it.',
          ja: 'アプリの所有者: SAML 要求から RequestedAuthnContext を除くか、任意の方法を許可してください。別の方法で開始されたセッションは要件を満たせません。',
        },
        matches: withCodes(75011),
        rejects: withCodes(76021, 75001, 50008),
      },
      {
        id: 'saml.signature',
        codes: [76021],
        title: { en: 'The request has to be signed', ja: '署名付きの要求が必要' },
        remedy: {
          en: 'App owner: make the application sign its requests, or turn off the verification of signatures in the enterprise application.',
          ja: 'アプリの所有者: アプリの要求に署名させるか、エンタープライズ アプリケーションの署名検証を無効にしてください。',
        },
        matches: withCodes(76021),
        rejects: withCodes(75011, 75001, 50008),
      },
      {
        id: 'saml.general',
        codes: [75001, 75003, 75005, 75008, 75016, 76026, 750054, 900236, 7500514, 7500529],
        title: { en: 'The SAML request is not valid', ja: 'SAML 要求が無効' },
        matches: withCodes(75001, 75003, 75005),
        rejects: withCodes(75011, 76021, 50008),
      },
    ],
  ),
)
