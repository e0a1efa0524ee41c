import { defineFamily, sharing, withCodes } from '../defineFamily'

/** How an application proves itself; nothing but its owner can mend it. */
export const appCredential = defineFamily(
  {
    id: 'app-credential',
    title: { en: 'Credentials of the application', ja: 'アプリケーションの資格情報' },
    meaning: {
      en: 'The secret, certificate or federated token of an application is wrong or expired.',
      ja: 'アプリケーションのシークレット、証明書、またはフェデレーション トークンが誤っているか、期限切れです。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: check the credential of the application under App registrations > Certificates & secrets, and prefer a managed identity or a federated credential.',
        ja: 'アプリの所有者: [アプリの登録] の [証明書とシークレット] で資格情報を確認してください。可能であればマネージド ID またはフェデレーション資格情報を使用します。',
      },
      mendedBy: 'app-owner',
      severity: 'error',
      falseAlarm: {
        en: 'A retired job that still runs somewhere fails for ever: stop it.',
        ja: '廃止済みのジョブが動作し続けている場合は失敗が続きます。ジョブを停止してください。',
      },
      reference: 'https://learn.microsoft.com/entra/identity-platform/certificate-credentials',
    },
    [
      {
        id: 'app-credential.expired-secret',
        codes: [7000222],
        title: { en: 'The client secret has expired', ja: 'クライアント シークレットの有効期限切れ' },
        remedy: {
          en: 'App owner: create a new secret (or better a certificate or federated credential) under App registrations > Certificates & secrets, roll it out, then remove the expired one.',
          ja: 'アプリの所有者: [アプリの登録] の [証明書とシークレット] で新しいシークレット (可能なら証明書またはフェデレーション資格情報) を作成して配布し、期限切れのものを削除してください。',
        },
        matches: withCodes(7000222),
        rejects: withCodes(7000215, 7000218, 50126),
      },
      {
        id: 'app-credential.wrong-secret',
        codes: [7000215],
        title: { en: 'The client secret is wrong', ja: 'クライアント シークレットの誤り' },
        remedy: {
          en: 'App owner: configure the value of the secret, not its id, and check that it belongs to this application; create a new one when the value is lost.',
          ja: 'アプリの所有者: シークレット ID ではなく値を設定し、このアプリのものであることを確認してください。値が不明な場合は新しく作成します。',
        },
        matches: withCodes(7000215),
        rejects: withCodes(7000222, 7000218, 50126),
      },
      {
        id: 'app-credential.missing',
        codes: [7000218, 70002, 700025, 7000216, 7000219],
        title: { en: 'The application sent no credential, or one where none belongs', ja: '資格情報の欠落または不要な資格情報' },
        remedy: {
          en: 'App owner: a confidential client must send a secret or an assertion; a public client must not, and needs Allow public client flows or a redirect URI of its platform.',
          ja: 'アプリの所有者: 機密クライアントはシークレットまたはアサーションを送信する必要があり、パブリック クライアントは送信してはなりません ([パブリック クライアント フローを許可する] またはプラットフォームのリダイレクト URI が必要です)。',
        },
        matches: withCodes(7000218, 70002, 700025),
        rejects: withCodes(7000222, 7000215, 50126),
      },
      {
        id: 'app-credential.assertion',
        codes: [50012, 700021, 700024, 700026, 700027, 700030, 50006, 50048],
        title: { en: 'The client assertion is not valid', ja: 'クライアント アサーションが無効' },
        remedy: {
          en: 'App owner: check that the certificate is registered and not expired, that audience and subject are right, and the clock. In pipelines 700024 mostly means that a token of five minutes was used again later: ask for it right before use.',
          ja: 'アプリの所有者: 証明書が登録済みで有効期限内であること、対象者とサブジェクト、時刻を確認してください。パイプラインの 700024 は多くの場合、有効期間 5 分のトークンを後で再利用したことが原因です。使用直前に取得してください。',
        },
        matches: withCodes(50012, 700021, 700024),
        rejects: withCodes(7000222, 7000215, 50126),
      },
      {
        id: 'app-credential.certificate-not-found',
        textOnly: true,
        title: { en: 'The certificate is not in the store that was searched', ja: '検索したストアに証明書がない' },
        remedy: {
          en: 'App owner: put the certificate with its private key into the store of the user that runs the script; Connect-MgGraph may look in the user store only.',
          ja: 'アプリの所有者: スクリプトを実行するユーザーの証明書ストアに秘密キー付きの証明書を配置してください。Connect-MgGraph はユーザー ストアのみを検索することがあります。',
        },
        reference: 'https://learn.microsoft.com/powershell/microsoftgraph/authentication-commands',
        matches: [],
        rejects: [],
      },
      {
        id: 'app-credential.federated',
        codes: [70021, 700213],
        title: { en: 'The federated identity credential does not match', ja: 'フェデレーション ID 資格情報の不一致' },
        remedy: {
          en: 'App owner: make issuer, subject and audience of the federated credential equal to those of the token that is presented, to the letter.',
          ja: 'アプリの所有者: フェデレーション資格情報の発行者、サブジェクト、対象者を、提示されるトークンの値と完全に一致させてください。',
        },
        reference: 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation',
        matches: withCodes(70021, 700213),
        rejects: withCodes(7000222, 7000215, 50126),
      },
      {
        id: 'app-credential.general',
        codes: [50120, 67003, 70022, 70023, 700028, 700229, 900384, 7000211, 7000212, 7000213, 7000214, 7000226, 7000227],
        title: { en: 'The credential of the application is not accepted', ja: 'アプリケーションの資格情報が受け入れられない' },
        matches: withCodes(50120, 67003, 70022),
        rejects: withCodes(7000222, 7000215, 50126),
      },
    ],
  ),
)
