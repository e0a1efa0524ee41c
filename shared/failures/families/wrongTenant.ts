import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

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
        en: 'App owner or user: name the intended tenant (az login --tenant, Connect-AzAccount -Tenant, Connect-MgGraph -TenantId, or the authority of the application) and check that the application is registered or consented to there.',
        ja: 'アプリの所有者またはユーザー: 目的のテナントを明示的に指定し (az login --tenant、Connect-AzAccount -Tenant、Connect-MgGraph -TenantId、またはアプリの機関 URL)、そのテナントにアプリが登録または同意されていることを確認してください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: {
        en: 'Scanners probe with made-up tenants and applications: 700016 with ROPC and without an application name is such a probe.',
        ja: 'スキャナーが架空のテナントやアプリで試行することがあります。ROPC でアプリ名のない 700016 がその例です。',
      },
      reference: codeList,
    },
    [
      {
        id: 'wrong-tenant.tenant-not-found',
        codes: [90002, 900021, 900022, 900023],
        title: { en: 'The tenant does not exist', ja: 'テナントが存在しない' },
        remedy: {
          en: 'App owner: correct the tenant id or domain in the authority; look for a typing error, a deleted tenant or the wrong cloud.',
          ja: 'アプリの所有者: 機関 URL のテナント ID またはドメインを修正してください。入力ミス、削除されたテナント、クラウドの誤りを確認します。',
        },
        matches: withCodes(90002, 900021, 900022),
        rejects: withCodes(700016, 500011, 500021),
      },
      {
        id: 'wrong-tenant.app-not-in-tenant',
        codes: [700016, 700011],
        title: { en: 'The application is not in this tenant', ja: 'アプリケーションがこのテナントに存在しない' },
        remedy: {
          en: 'App owner: check client id and tenant; if both are right, have an administrator of the tenant consent to the application so that its service principal exists there.',
          ja: 'アプリの所有者: クライアント ID とテナントを確認してください。いずれも正しければ、テナントの管理者がアプリに同意し、サービス プリンシパルを作成する必要があります。',
        },
        matches: withCodes(700016, 700011),
        rejects: withCodes(90002, 500011, 500021),
      },
      {
        id: 'wrong-tenant.resource-not-in-tenant',
        codes: [500011],
        title: { en: 'The resource is not in this tenant', ja: 'リソースがこのテナントに存在しない' },
        remedy: {
          en: 'App owner: correct the resource or scope that is asked for, or have an administrator install the application of the resource in this tenant.',
          ja: 'アプリの所有者: 要求しているリソースまたはスコープを修正するか、管理者がこのテナントにリソースのアプリを追加してください。',
        },
        matches: withCodes(500011),
        rejects: withCodes(90002, 700016, 500021),
      },
      {
        id: 'wrong-tenant.general',
        codes: [50128, 90019, 650059, 700005, 7000012, 7000015, 7000217],
        interruptCodes: [50059, 50143],
        title: { en: 'The request went to the wrong tenant', ja: '誤ったテナントへの要求' },
        matches: withCodes(50128, 90019, 650059, 50059, 50143),
        rejects: withCodes(90002, 700016, 500021),
      },
    ],
  ),
)
