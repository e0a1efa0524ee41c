import { defineFamily, sharing } from '../defineFamily'

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
        en: 'App owner: correct the claims transformation under Enterprise applications > Single sign-on > Attributes & Claims; the message names the transformation that fails.',
        ja: 'アプリの所有者: [エンタープライズ アプリケーション] > [シングル サインオン] > [属性とクレーム] でクレーム変換を修正してください。失敗した変換はメッセージに示されます。',
      },
      mendedBy: 'app-owner',
      severity: 'error',
      falseAlarm: { en: 'Expected while an application is being set up.', ja: 'アプリの設定中は想定内です。' },
      reference: 'https://learn.microsoft.com/entra/identity-platform/saml-claims-customization',
    },
    [
      {
        id: 'claims-config.transformation',
        codes: [50100, 50101, 50102, 50103, 50108, 50109, 50111, 50123],
        title: { en: 'A claims transformation is unknown or fails', ja: 'クレーム変換が不明または失敗' },
      },
      {
        id: 'claims-config.regular-expression',
        codes: [50124, 50162, 50163, 501621],
        title: { en: 'A regular expression of a claims transformation fails', ja: 'クレーム変換の正規表現の失敗' },
        remedy: {
          en: 'App owner: simplify the regular expression of the claims transformation: it is not valid (50124), too slow (50162, 501621) or makes a claim that is too large (50163).',
          ja: 'アプリの所有者: クレーム変換の正規表現を単純にしてください。無効 (50124)、時間超過 (50162、501621)、クレームのサイズ超過 (50163) のいずれかです。',
        },
      },
      {
        id: 'claims-config.missing-source',
        codes: [501241],
        title: { en: 'The attribute behind a required claim is empty', ja: '必須クレームの元になる属性が空' },
        remedy: {
          en: 'App owner: the user has no value for the attribute that the claim (often the name identifier) is made from. Take an attribute that every user has, such as the user principal name, or have the value filled in.',
          ja: 'アプリの所有者: クレーム (多くは名前 ID) の元になる属性の値がユーザーにありません。ユーザー プリンシパル名など全員が持つ属性に変更するか、値を設定してもらってください。',
        },
        severity: 'warning',
        falseAlarm: {
          en: 'Single users, such as guests without a mail address.',
          ja: 'メール アドレスのないゲストなど特定のユーザーのみ。',
        },
      },
      {
        id: 'claims-config.mapped-claims',
        codes: [501461],
        title: { en: 'Mapped claims are not accepted for this audience', ja: 'この対象者ではマップされたクレームを使用できない' },
        remedy: {
          en: 'App owner: make the resource an audience of a verified domain or the GUID of the application, or configure a signing key of its own; acceptMappedClaims alone does not do for other identifiers.',
          ja: 'アプリの所有者: リソースを確認済みドメインの対象者またはアプリの GUID にするか、アプリ固有の署名キーを構成してください。他の識別子では acceptMappedClaims だけでは不十分です。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/saml-claims-customization',
      },
    ],
  ),
)
