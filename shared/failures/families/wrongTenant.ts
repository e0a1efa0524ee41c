import { codeList, defineFamily, sharing } from '../defineFamily'
import { isPasswordGrant, namesTwoClouds } from '../rowSigns'

/** The tenant of the request is not the one that was meant; a missing application looks the same from outside. */
export const wrongTenant = defineFamily(
  {
    id: 'wrong-tenant',
    title: { en: 'Wrong tenant', ja: 'テナントの誤り' },
    meaning: {
      en: 'The request went to a tenant that does not exist or that does not know the application.',
      ja: '要求が存在しないテナント、またはアプリケーションが登録されていないテナントに送信されました。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner or user: name the intended tenant (az login --tenant, Connect-AzAccount -Tenant, Connect-MgGraph -TenantId, or the authority of the application).',
        ja: 'アプリの所有者またはユーザー: 目的のテナントを明示的に指定してください (az login --tenant、Connect-AzAccount -Tenant、Connect-MgGraph -TenantId、またはアプリの機関 URL)。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: {
        en: 'Scanners probe with made-up tenants and applications.',
        ja: 'スキャナーが架空のテナントやアプリで試行することがあります。',
      },
      reference: codeList,
    },
    [
      {
        id: 'wrong-tenant.other-cloud',
        codes: [90002, 500011, 700011, 700016],
        when: namesTwoClouds,
        condition: { en: 'the row names hosts of two Microsoft clouds', ja: 'ログに 2 つの Microsoft クラウドのホスト名がある場合' },
        title: { en: 'What is asked for belongs to another cloud', ja: '別のクラウドに属するアプリ、リソース、またはテナント' },
        remedy: {
          en: 'App owner: the row names hosts of two Microsoft clouds. Use sign-in endpoint, resource and tenant of one cloud (az cloud set, Connect-AzAccount -Environment, Connect-MgGraph -Environment, or the authority host of the library).',
          ja: 'アプリの所有者: 2 つの Microsoft クラウドのホスト名が記録されています。サインイン エンドポイント、リソース、テナントを同じクラウドに揃えてください (az cloud set、Connect-AzAccount -Environment、Connect-MgGraph -Environment、またはライブラリの機関ホスト)。',
        },
        falseAlarm: {
          en: 'People with accounts in two clouds who picked the wrong one once.',
          ja: '2 つのクラウドにアカウントを持つユーザーが一度誤って選択した場合。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud',
        matches: [
          {
            status: {
              errorCode: 700016,
              failureReason: "Application 'https://management.usgovcloudapi.net' was not found in the directory 'contoso.onmicrosoft.com'.",
            },
          },
          {
            status: { errorCode: 500011 },
            userPrincipalName: 'someone@contoso.onmicrosoft.us',
            resourceDisplayName: 'https://graph.microsoft.com',
          },
          { status: { errorCode: 90002, failureReason: 'contoso.partner.onmschina.cn at login.microsoftonline.com' } },
        ],
        rejects: [
          { status: { errorCode: 700016 }, userPrincipalName: 'someone@contoso.onmicrosoft.com' },
          { status: { errorCode: 700016 }, userPrincipalName: 'someone@contoso.onmicrosoft.us' },
          { status: { errorCode: 50034, failureReason: 'contoso.onmicrosoft.us and contoso.onmicrosoft.com' } },
        ],
      },
      {
        id: 'wrong-tenant.application-probing',
        codes: [700016],
        when: (signIn) => isPasswordGrant(signIn) && !signIn.appDisplayName,
        condition: { en: 'a password grant, and the app has no name', ja: 'パスワード許可による要求で、アプリ名がない場合' },
        title: { en: 'Someone tries made-up applications', ja: '架空のアプリによる試行' },
        remedy: {
          en: 'Security team: a password grant with an application that does not exist is how tools look for accounts and passwords. Look at the network and whether other codes of it succeed; nothing is to be registered.',
          ja: 'セキュリティ担当: 存在しないアプリでのパスワード許可は、ツールがアカウントやパスワードを探索する手口です。接続元のネットワークと、そこからの成功の有無を確認してください。アプリの登録は不要です。',
        },
        mendedBy: 'identity-team',
        falseAlarm: { en: 'A developer with a wrong client id in a test.', ja: '開発者がテストで誤ったクライアント ID を使用した場合。' },
        matches: [{ status: { errorCode: 700016 }, authenticationProtocol: ['ropc'] }],
        rejects: [
          { status: { errorCode: 700016 }, authenticationProtocol: ['ropc'], appDisplayName: 'Expense report' },
          { status: { errorCode: 700016 } },
        ],
        reference: 'https://learn.microsoft.com/entra/architecture/security-operations-user-accounts',
      },
      {
        id: 'wrong-tenant.tenant-not-found',
        codes: [90002, 900021, 900022, 900023],
        title: { en: 'The tenant does not exist', ja: 'テナントが存在しない' },
        remedy: {
          en: 'App owner: correct the tenant id or domain in the authority; look for a typing error, an empty setting, a deleted tenant or the wrong cloud.',
          ja: 'アプリの所有者: 機関 URL のテナント ID またはドメインを修正してください。入力ミス、空の設定値、削除されたテナント、クラウドの誤りを確認します。',
        },
        reference: 'https://learn.microsoft.com/entra/fundamentals/how-to-find-tenant',
      },
      {
        id: 'wrong-tenant.app-not-in-tenant',
        codes: [700011, 700016, 7000217],
        title: { en: 'The application is not in this tenant', ja: 'アプリケーションがこのテナントに存在しない' },
        remedy: {
          en: 'App owner: check client id and tenant; if both are right, have an administrator of the tenant consent to the application so that its service principal exists there. For SAML compare the identifier (entity id).',
          ja: 'アプリの所有者: クライアント ID とテナントを確認してください。いずれも正しければ、テナントの管理者がアプリに同意し、サービス プリンシパルを作成する必要があります。SAML の場合は識別子 (エンティティ ID) を比較します。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals',
      },
      {
        id: 'wrong-tenant.single-tenant-app',
        codes: [650059],
        title: { en: 'The application is made for another tenant only', ja: '別のテナント専用のアプリ' },
        remedy: {
          en: 'App owner: sign in to the tenant of the application, or change its supported account types (signInAudience) to multitenant if other organizations are to use it.',
          ja: 'アプリの所有者: アプリのテナントにサインインするか、他の組織にも使わせる場合はサポートされているアカウントの種類 (signInAudience) をマルチテナントに変更してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/howto-convert-app-to-be-multi-tenant',
      },
      {
        id: 'wrong-tenant.resource-not-in-tenant',
        codes: [500011],
        title: { en: 'The resource is not in this tenant', ja: 'リソースがこのテナントに存在しない' },
        remedy: {
          en: 'App owner: correct the resource or scope that is asked for and the tenant; identity team: create the service principal of the resource in this tenant if it belongs here.',
          ja: 'アプリの所有者: 要求しているリソースまたはスコープとテナントを修正してください。ID 担当: 必要なリソースであれば、このテナントにサービス プリンシパルを作成します。',
        },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts500011-resource-principal-not-found',
      },
      {
        id: 'wrong-tenant.tenant-not-named',
        codes: [50128, 90019],
        interruptCodes: [50059],
        title: { en: 'The request names no tenant', ja: '要求にテナントの情報がない' },
        remedy: {
          en: 'App owner: put the tenant into the authority, or send a user name with its domain; applications that sign in for themselves always need the tenant.',
          ja: 'アプリの所有者: 機関 URL にテナントを含めるか、ドメイン付きのユーザー名を送信してください。アプリ自身のサインインには必ずテナントの指定が必要です。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration',
      },
      {
        id: 'wrong-tenant.session-of-other-tenant',
        interruptCodes: [50143],
        title: { en: 'The session belongs to another tenant', ja: '別のテナントのセッション' },
        remedy: {
          en: 'User: sign out of the other organization, or use a browser profile for each. App owner: keep track of the tenant that the user signed in to.',
          ja: 'ユーザー: 別の組織からサインアウトするか、組織ごとにブラウザーのプロファイルを分けてください。アプリの所有者: ユーザーがサインインしたテナントを記録して使用してください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: { en: 'People who work for several organizations.', ja: '複数の組織で作業するユーザー。' },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow',
      },
      {
        id: 'wrong-tenant.grant-of-other-tenant',
        codes: [700005, 7000012, 7000015],
        title: { en: 'The code or token was issued for another tenant', ja: '別のテナント向けに発行されたコードまたはトークン' },
        remedy: {
          en: 'App owner: redeem codes and refresh tokens at the tenant that issued them, and keep a token cache for each tenant.',
          ja: 'アプリの所有者: コードと更新トークンは発行元のテナントで使用し、トークン キャッシュをテナントごとに分けてください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/refresh-tokens',
      },
    ],
  ),
)
