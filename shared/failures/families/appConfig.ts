import { codeList, defineFamily, sharing } from '../defineFamily'

/** The registration of an application and what it asks for; secrets and certificates are another family. */
export const appConfig = defineFamily(
  {
    id: 'app-config',
    title: { en: 'Configuration of the application', ja: 'アプリケーションの構成' },
    meaning: {
      en: 'The registration of the application or its request does not fit: reply address, resource, scope, permissions.',
      ja: '応答 URL、リソース、スコープ、アクセス許可など、アプリの登録または要求の内容が一致していません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: compare the request of the application with its registration under App registrations, and correct the one that is wrong.',
        ja: 'アプリの所有者: アプリの要求と [アプリの登録] の内容を比較し、誤っているほうを修正してください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: { en: 'Expected while an application is being developed.', ja: 'アプリの開発中は想定内です。' },
      reference: codeList,
    },
    [
      {
        id: 'app-config.redirect-uri',
        codes: [50011, 70004, 500112, 500113, 900971],
        title: { en: 'The reply address is missing or not registered', ja: '応答 URL の欠落または未登録' },
        remedy: {
          en: 'App owner: register exactly the redirect URI that the application sends, under the right platform, with scheme, case, path and trailing slash; 500112: send the same one when redeeming the code; 900971: send one at all.',
          ja: 'アプリの所有者: アプリが送信するリダイレクト URI を、正しいプラットフォームに、スキーム、大文字小文字、パス、末尾のスラッシュまで正確に登録してください。500112 の場合はコードの引き換え時にも同じ値を送信し、900971 の場合は要求に含めてください。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50011-redirect-uri-mismatch',
      },
      {
        id: 'app-config.scope',
        codes: [28002, 28003, 70011, 700022, 700023, 1002012],
        title: { en: 'The scope is not valid', ja: 'スコープが無効' },
        remedy: {
          en: 'App owner: ask for the permissions of one resource only; with client credentials the scope is the resource followed by /.default, and it must not be empty.',
          ja: 'アプリの所有者: 1 つのリソースのアクセス許可のみを要求してください。クライアント資格情報ではリソースに /.default を付けたスコープを指定し、空にはできません。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/scopes-oidc',
      },
      {
        id: 'app-config.resource-missing',
        codes: [50001, 650054],
        title: { en: 'The resource does not exist or is disabled', ja: 'リソースが存在しないか無効' },
        remedy: {
          en: 'App owner: correct the spelling of the resource address; identity team: check under Enterprise applications that the resource exists in the tenant and is enabled (650054: it was removed).',
          ja: 'アプリの所有者: リソースの URI の綴りを修正してください。ID 担当: [エンタープライズ アプリケーション] でリソースが存在し有効であることを確認してください (650054 は削除されたリソース)。',
        },
      },
      {
        id: 'app-config.permissions-not-listed',
        codes: [65005, 650056, 650057],
        title: {
          en: 'The registration does not list the permissions that are asked for',
          ja: '要求されたアクセス許可がアプリの登録にない',
        },
        remedy: {
          en: 'App owner: add the resource under API permissions of the registration and have it consented to; for SAML compare the identifier (entity id) with what the application sends.',
          ja: 'アプリの所有者: アプリの登録の [API のアクセス許可] にリソースを追加し、同意を得てください。SAML の場合は、識別子 (エンティティ ID) をアプリが送信する値と比較します。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts650056-misconfigured-app',
      },
      {
        id: 'app-config.service-not-subscribed',
        codes: [650052],
        title: { en: 'The organization has no subscription to the service', ja: '組織がサービスを契約していない' },
        remedy: {
          en: 'Identity team: the application needs a service that the tenant has not subscribed to or enabled; buy or enable it, or create its service principal in the tenant.',
          ja: 'ID 担当: アプリが必要とするサービスがテナントで契約または有効化されていません。契約または有効化するか、テナントにサービス プリンシパルを作成してください。',
        },
        mendedBy: 'identity-team',
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues',
      },
      {
        id: 'app-config.identifier',
        codes: [70001],
        title: {
          en: 'The identifier of the application matches none, or the application is disabled',
          ja: 'アプリの識別子の不一致、またはアプリの無効化',
        },
        remedy: {
          en: 'App owner: with SAML compare the Issuer of the request with the Identifier under Single sign-on, to the trailing slash; otherwise the client id. Identity team, when both are right: look under Enterprise applications > Properties whether sign-in is disabled, and ask why before you enable it.',
          ja: 'アプリの所有者: SAML の場合は要求の Issuer と [シングル サインオン] の識別子を末尾のスラッシュまで比較し、それ以外の場合はクライアント ID を確認してください。ID 担当 (いずれも正しい場合): [エンタープライズ アプリケーション] の [プロパティ] でサインインが無効化されていないか確認し、理由を確かめてから有効にしてください。',
        },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts70001-app-not-found-in-directory',
      },
      {
        id: 'app-config.disabled',
        codes: [500014, 1000031, 7000112, 7000116, 7000117],
        title: { en: 'The application or its resource is disabled', ja: 'アプリケーションまたはリソースが無効' },
        remedy: {
          en: 'Identity team: an administrator, Microsoft or a lapsed subscription disabled the service principal of the application (500014 and 7000117: of the resource); find out why before you enable it under Enterprise applications > Properties.',
          ja: 'ID 担当: アプリ (500014 と 7000117 はリソース) のサービス プリンシパルが、管理者、Microsoft、またはサブスクリプションの失効により無効化されています。理由を確認してから [エンタープライズ アプリケーション] の [プロパティ] で有効にしてください。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        falseAlarm: { en: 'Meant, for applications that were turned off.', ja: '停止したアプリであれば意図した結果です。' },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts7000112-application-is-disabled',
      },
      {
        id: 'app-config.endpoint',
        codes: [50194, 90124, 90130, 9001023],
        title: { en: 'The application cannot be used on the common endpoint', ja: '共通エンドポイントを使用できないアプリ' },
        remedy: {
          en: 'App owner: use the endpoint of the tenant, or /organizations, instead of /common or /consumers; make the registration multitenant only when other organizations are to use it.',
          ja: 'アプリの所有者: /common や /consumers ではなく、テナントのエンドポイントまたは /organizations を使用してください。他の組織にも使わせる場合のみ、アプリの登録をマルチテナントにします。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/howto-convert-app-to-be-multi-tenant',
      },
      {
        id: 'app-config.response-type',
        codes: [70005, 700054],
        title: { en: 'The kind of token is not enabled for the application', ja: 'アプリで有効化されていない応答の種類' },
        remedy: {
          en: 'App owner: turn on ID tokens under Authentication > Implicit grant and hybrid flows if the application needs them; better move to the authorization code flow.',
          ja: 'アプリの所有者: 必要であれば [認証] > [暗黙的な許可およびハイブリッド フロー] で ID トークンを有効にしてください。承認コード フローへの移行を推奨します。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-implicit-grant-flow',
      },
      {
        id: 'app-config.unsupported-parameter',
        codes: [70013],
        title: { en: 'The request has a parameter that is not supported', ja: 'サポートされていないパラメーター' },
        remedy: {
          en: 'App owner: leave the parameter out that the message names; the v2.0 endpoint takes scope where v1.0 took resource.',
          ja: 'アプリの所有者: メッセージが示すパラメーターを除いてください。v1.0 の resource は v2.0 では scope になります。',
        },
      },
      {
        id: 'app-config.signing-key',
        codes: [50003, 50146],
        title: { en: 'The signing key of the application is missing', ja: 'アプリの署名キーがない' },
        remedy: {
          en: 'App owner: create or renew the token signing certificate under Enterprise applications > Single sign-on (50146: the custom signing key that claims mapping needs), and give the new one to the application.',
          ja: 'アプリの所有者: [エンタープライズ アプリケーション] > [シングル サインオン] でトークン署名証明書 (50146 はクレーム マッピングに必要なカスタム署名キー) を作成または更新し、アプリ側にも反映してください。',
        },
        severity: 'error',
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50003-cert-or-key-not-configured',
      },
      {
        id: 'app-config.encryption',
        codes: [50007, 50165],
        title: { en: 'The token cannot be encrypted for the application', ja: 'アプリ向けのトークンを暗号化できない' },
        remedy: {
          en: 'App owner: upload a valid token encryption certificate (50165: ask for an algorithm that Entra supports); open a support case when the certificate is there and 50007 stays.',
          ja: 'アプリの所有者: 有効なトークン暗号化証明書を登録してください (50165 はサポートされる暗号化アルゴリズムを指定)。証明書があるのに 50007 が続く場合はサポートに問い合わせてください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/howto-saml-token-encryption',
      },
      {
        id: 'app-config.audience',
        codes: [50010],
        title: { en: 'No audience is configured for the application', ja: 'アプリに対象者が構成されていない' },
        remedy: {
          en: 'App owner: set an Application ID URI, or the identifier of the single sign-on settings, to what the application expects as audience.',
          ja: 'アプリの所有者: アプリが対象者として期待する値を、アプリケーション ID の URI またはシングル サインオン設定の識別子に設定してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions',
      },
      {
        id: 'app-config.token-for-itself',
        codes: [90009],
        title: { en: 'The application asks for a token for itself', ja: 'アプリが自身のトークンを要求している' },
        remedy: {
          en: 'App owner: name the own application by its client id (a GUID) as the resource; the URI is not accepted for that.',
          ja: 'アプリの所有者: 自身のアプリをリソースとして指定する場合は、URI ではなくクライアント ID (GUID) を使用してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/scopes-oidc',
      },
      {
        id: 'app-config.on-behalf-of',
        codes: [7000113, 7000114],
        title: { en: 'The application may not act on behalf of others', ja: 'On-Behalf-Of 呼び出しが許可されていないアプリ' },
        remedy: {
          en: 'App owner: this application is not allowed to exchange an application token; use the on-behalf-of flow with the token of a user, or client credentials.',
          ja: 'アプリの所有者: このアプリはアプリケーション トークンの交換を許可されていません。ユーザーのトークンで On-Behalf-Of フローを使うか、クライアント資格情報を使用してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow',
      },
      {
        id: 'app-config.ambiguous-identifier',
        codes: [7000110],
        title: { en: 'The request belongs to two applications', ja: '要求が 2 つのアプリに関係している' },
        remedy: {
          en: 'App owner: redeem the code or refresh token with the client id that it was issued to (look for a token cache that two applications share), and send one client id only.',
          ja: 'アプリの所有者: 承認コードまたは更新トークンは、発行先と同じクライアント ID で使用し (2 つのアプリがトークン キャッシュを共有していないか確認)、クライアント ID は 1 つだけ送信してください。',
        },
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts7000110-request-is-ambiguous',
      },
      {
        id: 'app-config.regional-endpoint',
        codes: [100007],
        title: { en: 'The regional endpoint is not for this application', ja: 'リージョン エンドポイントの対象外のアプリ' },
        remedy: {
          en: 'App owner: turn regional endpoints off in the library (no AzureRegion, no WithAzureRegion); they serve managed identities and applications of Microsoft only.',
          ja: 'アプリの所有者: ライブラリのリージョン エンドポイントの設定 (AzureRegion、WithAzureRegion) を外してください。マネージド ID と Microsoft のアプリのみが対象です。',
        },
      },
    ],
  ),
)
