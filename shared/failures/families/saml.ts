import { defineFamily, sharing } from '../defineFamily'

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
        en: 'App owner: record the request with the browser tools and compare it with what the SAML protocol and the enterprise application expect.',
        ja: 'アプリの所有者: ブラウザーの開発者ツールで要求を採取し、SAML プロトコルとエンタープライズ アプリケーションの設定と比較してください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: { en: 'Expected while an application is being set up.', ja: 'アプリの設定中は想定内です。' },
      reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/debug-saml-sso-issues',
    },
    [
      {
        id: 'saml.authentication-context',
        codes: [75011],
        title: { en: 'The method of the sign-in does not fit the request', ja: '認証方法が要求と一致しない' },
        remedy: {
          en: 'App owner: leave RequestedAuthnContext out of the SAML request, or accept any method; a session that was started with another method cannot meet it. User, meanwhile: sign out and in again with the method that is asked for.',
          ja: 'アプリの所有者: SAML 要求から RequestedAuthnContext を除くか、任意の方法を許可してください。別の方法で開始されたセッションは要件を満たせません。ユーザー (その間): サインアウトし、要求された方法でサインインし直してください。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts75011-auth-method-mismatch',
      },
      {
        id: 'saml.signature',
        codes: [76021],
        title: { en: 'The request has to be signed', ja: '署名付きの要求が必要' },
        remedy: {
          en: 'App owner: make the application sign its requests with the registered certificate, or turn off Require verification certificates in the enterprise application.',
          ja: 'アプリの所有者: 登録済みの証明書でアプリの要求に署名させるか、エンタープライズ アプリケーションの [検証証明書を必須にする] を無効にしてください。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts76021-request-not-signed',
      },
      {
        id: 'saml.message',
        codes: [75001, 75005, 7500514, 7500529],
        title: { en: 'The SAML message is malformed', ja: 'SAML メッセージの形式の誤り' },
        remedy: {
          en: 'App owner: send a well-formed SAML 2.0 AuthnRequest; its ID begins with a letter or underscore (7500529), and a response holds a Response or an Assertion (7500514).',
          ja: 'アプリの所有者: 正しい形式の SAML 2.0 AuthnRequest を送信してください。ID は英字またはアンダースコアで始まり (7500529)、応答は Response または Assertion を含みます (7500514)。',
        },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts75005-not-a-valid-saml-request',
      },
      {
        id: 'saml.binding',
        codes: [75003, 750054],
        title: { en: 'The SAML binding does not fit', ja: 'SAML バインドの不一致' },
        remedy: {
          en: 'App owner: send the request by HTTP redirect with SAMLRequest in the query (750054: it was missing), and ask for the response by HTTP POST (75003).',
          ja: 'アプリの所有者: 要求は HTTP リダイレクトでクエリに SAMLRequest を含めて送信し (750054 はその欠落)、応答は HTTP POST を指定してください (75003)。',
        },
        falseAlarm: {
          en: 'People who open the sign-in address by hand or from a bookmark.',
          ja: 'サインイン URL を直接またはブックマークから開いたユーザー。',
        },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts750054-saml-request-not-present',
      },
      {
        id: 'saml.destination',
        codes: [75008],
        title: { en: 'The SAML request names another destination', ja: 'SAML 要求の宛先の誤り' },
        remedy: {
          en: 'App owner: set Destination of the request to the login URL that the enterprise application shows, or leave it out.',
          ja: 'アプリの所有者: 要求の Destination を、エンタープライズ アプリケーションに表示されるログイン URL に設定するか、省略してください。',
        },
      },
      {
        id: 'saml.name-id-policy',
        codes: [75016],
        title: { en: 'The name id policy is not supported', ja: 'サポートされていない NameIDPolicy' },
        remedy: {
          en: 'App owner: leave SPNameQualifier out of NameIDPolicy and ask for a supported format, such as emailAddress, persistent or unspecified.',
          ja: 'アプリの所有者: NameIDPolicy から SPNameQualifier を除き、emailAddress、persistent、unspecified などサポートされる形式を指定してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/single-sign-on-saml-protocol',
      },
      {
        id: 'saml.expired-request',
        codes: [76026],
        title: { en: 'The SAML request has run out', ja: 'SAML 要求の有効期限切れ' },
        remedy: {
          en: 'User: open the application anew instead of a bookmarked sign-in page. App owner, when all fail: correct the clock of the application.',
          ja: 'ユーザー: ブックマークしたサインイン ページではなく、アプリを開き直してください。アプリの所有者 (全員に発生する場合): アプリの時刻を修正してください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: {
          en: 'Bookmarked sign-in pages and tabs left open over night.',
          ja: 'ブックマークされたサインイン ページや一晩開いたままのタブ。',
        },
      },
      {
        id: 'saml.unsupported-property',
        codes: [900236],
        title: { en: 'The SAML request has a property that is not supported', ja: 'サポートされていない SAML 要求のプロパティ' },
        remedy: {
          en: 'App owner: remove the property that the message names from the request.',
          ja: 'アプリの所有者: メッセージが示すプロパティを要求から除いてください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/single-sign-on-saml-protocol',
      },
    ],
  ),
)
