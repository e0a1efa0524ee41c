import { defineFamily, sharing } from '../defineFamily'

/** Consumer accounts and organizational accounts, each on an endpoint of the other. */
export const accountType = defineFamily(
  {
    id: 'account-type',
    title: { en: 'Account type', ja: 'アカウントの種類' },
    meaning: {
      en: 'A personal account was used where a work or school account is needed, or the other way round.',
      ja: '職場または学校アカウントが必要な場所で個人用アカウントが使われたか、その逆です。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: use the endpoint that fits the supported account types (/organizations, /consumers, /common or the tenant); user: sign in with the right kind of account.',
        ja: 'アプリの所有者: サポートするアカウントの種類に合うエンドポイント (/organizations、/consumers、/common、またはテナント) を使用してください。ユーザー: 正しい種類のアカウントでサインインしてください。',
      },
      mendedBy: 'app-owner',
      severity: 'info',
      falseAlarm: {
        en: 'Users who pick the wrong account see it once and then succeed.',
        ja: '誤ったアカウントを選択したユーザーに一度発生し、その後成功します。',
      },
      reference: 'https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation',
    },
    [
      {
        id: 'account-type.personal-account',
        codes: [500204],
        title: { en: 'A personal account cannot be used here', ja: '個人用アカウントは使用できない' },
        remedy: {
          en: 'User: sign out and sign in with the work or school account. App owner: offer personal accounts only if the registration supports them, or have the person invited as a guest.',
          ja: 'ユーザー: サインアウトし、職場または学校アカウントでサインインしてください。アプリの所有者: 個人用アカウントはアプリの登録が対応する場合のみ利用でき、そうでなければゲストとして招待してもらってください。',
        },
        mendedBy: 'user',
      },
      {
        id: 'account-type.not-accepted',
        codes: [500207, 500208],
        title: {
          en: 'The tenant or resource does not accept this kind of account',
          ja: 'テナントまたはリソースが受け付けない種類のアカウント',
        },
        remedy: {
          en: 'User: sign in with the kind of account that the organization issues. App owner: check that authority, tenant and resource belong together; accounts of an external tenant sign in at its own address only.',
          ja: 'ユーザー: 組織が発行した種類のアカウントでサインインしてください。アプリの所有者: 機関 URL、テナント、リソースの組み合わせを確認してください。外部テナントのアカウントはそのテナントのアドレスでのみサインインできます。',
        },
      },
      {
        id: 'account-type.tenant-endpoint',
        codes: [500200, 500202],
        title: {
          en: 'A personal guest account needs the endpoint of the tenant',
          ja: '個人用ゲスト アカウントにはテナントのエンドポイントが必要',
        },
        remedy: {
          en: 'App owner: send the user to the endpoint of the inviting tenant, or move to the v2.0 endpoint; the common endpoint of v1.0 cannot tell which tenant the guest means.',
          ja: 'アプリの所有者: 招待元テナントのエンドポイントに誘導するか、v2.0 エンドポイントに移行してください。v1.0 の共通エンドポイントではゲストがどのテナントを指すか判断できません。',
        },
      },
      {
        id: 'account-type.endpoint-version',
        codes: [90027, 500201],
        title: { en: 'Personal accounts need the v2.0 endpoint', ja: '個人用アカウントには v2.0 エンドポイントが必要' },
        remedy: {
          en: 'App owner: change to the v2.0 endpoint (/oauth2/v2.0/) with a current library; the old one issues no tokens for personal accounts.',
          ja: 'アプリの所有者: 最新のライブラリで v2.0 エンドポイント (/oauth2/v2.0/) に変更してください。旧エンドポイントは個人用アカウントにトークンを発行しません。',
        },
        reference: 'https://learn.microsoft.com/entra/identity-platform/v2-overview',
      },
      {
        id: 'account-type.work-accounts-only',
        codes: [9002332],
        title: { en: 'The application is for work accounts only', ja: '職場アカウント専用のアプリ' },
        remedy: {
          en: 'App owner: use /organizations or the tenant instead of /consumers, or open the registration to personal accounts.',
          ja: 'アプリの所有者: /consumers の代わりに /organizations またはテナントを使用するか、アプリの登録で個人用アカウントを許可してください。',
        },
      },
      {
        id: 'account-type.customer-account',
        codes: [500205],
        title: { en: 'A customer account was used for a work application', ja: '顧客 (B2C) アカウントの業務アプリでの使用' },
        remedy: {
          en: 'User: sign in with the work account; accounts that were made for customers of a B2C or external tenant work only in its own applications.',
          ja: 'ユーザー: 職場アカウントでサインインしてください。B2C または外部テナントの顧客用アカウントは、そのテナントのアプリでのみ使用できます。',
        },
        mendedBy: 'user',
      },
      {
        id: 'account-type.consumer-resource',
        codes: [500015],
        title: { en: 'The tenant does not support resources of personal accounts', ja: '個人用アカウントのリソースに対応しないテナント' },
        remedy: {
          en: 'App owner: register the resource in an organizational tenant; one that was made with a personal account cannot be used there.',
          ja: 'アプリの所有者: リソースを組織のテナントに登録してください。個人用アカウントで作成されたものは使用できません。',
        },
        severity: 'warning',
      },
    ],
  ),
)
