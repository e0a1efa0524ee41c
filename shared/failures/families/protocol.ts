import { codeList, defineFamily, sharing } from '../defineFamily'

/** Requests that are malformed, whoever sends them. */
export const protocol = defineFamily(
  {
    id: 'protocol',
    title: { en: 'Protocol', ja: 'プロトコル' },
    meaning: {
      en: 'The request breaks the rules of OAuth 2.0, OpenID Connect or another protocol.',
      ja: '要求が OAuth 2.0、OpenID Connect などのプロトコルに従っていません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: correct the request, or use a current Microsoft Authentication Library instead of building it by hand.',
        ja: 'アプリの所有者: 要求を修正するか、手作業で組み立てずに最新の Microsoft Authentication Library を使用してください。',
      },
      mendedBy: 'app-owner',
      severity: 'info',
      falseAlarm: {
        en: 'Scanners and bookmarked pages send broken requests.',
        ja: 'スキャナーやブックマークされたページは不正な要求を送信します。',
      },
      reference: codeList,
    },
    [
      {
        id: 'protocol.pkce',
        codes: [50147, 50148, 50149, 501481, 501491],
        title: { en: 'The code challenge does not match', ja: 'コード チャレンジの不一致' },
        remedy: {
          en: 'App owner: send a code challenge of 43 to 128 characters by S256, and at redemption the code verifier that belongs to it, from the same session.',
          ja: 'アプリの所有者: 43 から 128 文字の code_challenge を S256 で送信し、引き換え時には同じセッションの対応する code_verifier を送信してください。',
        },
        severity: 'warning',
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow',
      },
      {
        id: 'protocol.token-invalid',
        codes: [50027, 50098, 50141, 50164, 90016, 240002],
        title: { en: 'The token that was presented is malformed or of another purpose', ja: '提示されたトークンの形式または用途の誤り' },
        remedy: {
          en: 'App owner: check claims, audience, issuer and lifetime of the token that is sent, and that it is an access token for this application, not an id token or one of another user.',
          ja: 'アプリの所有者: 送信するトークンのクレーム、対象者、発行者、有効期間を確認し、ID トークンや別のユーザーのものではなく、このアプリのアクセス トークンであることを確認してください。',
        },
        severity: 'warning',
        reference: 'https://learn.microsoft.com/entra/identity-platform/access-tokens',
      },
      {
        id: 'protocol.key',
        codes: [50032, 50167, 140001],
        title: { en: 'A key of the request is weak or not valid', ja: '要求に含まれるキーが弱いか無効' },
        remedy: {
          en: 'App owner: use an RSA key of at least 2048 bits (50032), and a well-formed proof-of-possession or session key. On Windows devices sign out and in again to renew the session key (140001).',
          ja: 'アプリの所有者: 2048 ビット以上の RSA キー (50032) と、正しい形式の所有証明キーまたはセッション キーを使用してください。Windows デバイスではサインインし直すとセッション キーが更新されます (140001)。',
        },
        severity: 'warning',
        reference: 'https://learn.microsoft.com/entra/identity/devices/concept-primary-refresh-token',
      },
      {
        id: 'protocol.nonce',
        codes: [140000],
        title: { en: 'The nonce is missing or has run out', ja: 'nonce の欠落または期限切れ' },
        remedy: {
          en: 'Help desk: correct the clock of the device and restart it; the broker then asks for a fresh nonce. App owner: ask for the nonce right before use.',
          ja: 'ヘルプ デスク: デバイスの時刻を修正して再起動してください。ブローカーが新しい nonce を取得します。アプリの所有者: nonce は使用直前に取得してください。',
        },
        mendedBy: 'help-desk',
        falseAlarm: { en: 'Single ones after a device woke up.', ja: 'デバイスのスリープ復帰後の単発のもの。' },
        reference: 'https://learn.microsoft.com/entra/identity/devices/concept-primary-refresh-token',
      },
      {
        id: 'protocol.unsupported-option',
        codes: [70003, 70007, 90010, 901002],
        title: {
          en: 'The grant, response mode or algorithm is not supported',
          ja: 'サポートされていない許可の種類、応答モード、アルゴリズム',
        },
        remedy: {
          en: 'App owner: use a grant type and response mode that the endpoint supports (70003, 70007), another method or algorithm (90010), and scope in place of resource on the v2.0 endpoint (901002).',
          ja: 'アプリの所有者: エンドポイントがサポートする grant_type と response_mode (70003、70007)、別のメソッドまたはアルゴリズム (90010) を使用し、v2.0 エンドポイントでは resource の代わりに scope を使用してください (901002)。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc',
      },
      {
        id: 'protocol.missing-parameter',
        codes: [90014, 90100, 90121, 900144],
        title: { en: 'A required parameter is missing or empty', ja: '必須パラメーターの欠落' },
        remedy: {
          en: 'App owner: send the parameter that the message names in the body of the request, form-encoded; a body that a proxy or redirect dropped looks the same.',
          ja: 'アプリの所有者: メッセージが示すパラメーターをフォーム形式で要求の本文に含めてください。プロキシやリダイレクトで本文が失われた場合も同様に見えます。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow',
      },
      {
        id: 'protocol.invalid-value',
        codes: [50029, 50117, 50130, 90022, 90101, 90102, 90112, 90114],
        title: { en: 'A parameter has a value of the wrong form', ja: 'パラメーターの値の形式の誤り' },
        remedy: {
          en: 'App owner: correct the value that the message names: a URI (50029, 90102), a principal name (90022), a mail address (90101), a client id as GUID (90112), an expiry time in the future (90114), the claims parameter (50117, 50130).',
          ja: 'アプリの所有者: メッセージが示す値を修正してください。URI (50029、90102)、プリンシパル名 (90022)、メール アドレス (90101)、GUID のクライアント ID (90112)、未来の有効期限 (90114)、claims パラメーター (50117、50130) のいずれかです。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow',
      },
      {
        id: 'protocol.malformed',
        codes: [50050, 90004, 90005, 90007, 90013, 90023, 90107, 90117, 165900, 9002313],
        title: { en: 'The request is malformed', ja: '要求の形式の誤り' },
        remedy: {
          en: 'App owner: record one request with a network trace and compare it with the documented form: doubled or unencoded parameters, an old session id, invalid characters, a login hint together with a session id.',
          ja: 'アプリの所有者: ネットワーク トレースで要求を採取し、仕様と比較してください。重複やエンコードの誤り、古いセッション ID、無効な文字、login_hint とセッション ID の同時指定などがないか確認します。',
        },
        falseAlarm: {
          en: 'Users who type odd input or come from old bookmarks; scanners.',
          ja: '不正な入力や古いブックマークからのアクセス、スキャナー。',
        },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/capture-https-traffic-http-fiddler-entra-id-app',
      },
      {
        id: 'protocol.query-too-long',
        codes: [90015],
        title: { en: 'The address is too long', ja: 'クエリ文字列が長すぎる' },
        remedy: {
          en: 'App owner: shorten state and other parameters, or send them by POST; redirects that append each other make them grow.',
          ja: 'アプリの所有者: state などのパラメーターを短くするか、POST で送信してください。リダイレクトのたびに追記されて長くなることがあります。',
        },
      },
      {
        id: 'protocol.endpoint',
        codes: [90056, 900561],
        title: { en: 'The endpoint was called in the wrong way', ja: 'エンドポイントの呼び出し方の誤り' },
        remedy: {
          en: 'App owner: redeem a code by POST to the token endpoint, and send users to the authorize endpoint by GET. User: open the application anew instead of going back in the browser.',
          ja: 'アプリの所有者: コードの引き換えはトークン エンドポイントへの POST、ユーザーの誘導は承認エンドポイントへの GET で行ってください。ユーザー: ブラウザーで戻らずにアプリを開き直してください。',
        },
        falseAlarm: {
          en: 'The back button of the browser: Microsoft says that 900561 can be ignored then.',
          ja: 'ブラウザーの [戻る] 操作。この場合の 900561 は無視してよいとされています。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow',
      },
      {
        id: 'protocol.mutual-tls',
        codes: [50171],
        title: { en: 'The audience takes calls with mutual TLS only', ja: '相互 TLS でのみ使用できる対象者' },
        remedy: {
          en: 'App owner: send the request to the mutual TLS endpoint with the client certificate, or set the audience of the assertion to the ordinary token endpoint.',
          ja: 'アプリの所有者: クライアント証明書を使って相互 TLS のエンドポイントに送信するか、アサーションの対象者を通常のトークン エンドポイントに設定してください。',
        },
        severity: 'warning',
      },
    ],
  ),
)
