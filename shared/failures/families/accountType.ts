import { defineFamily, sharing, withCodes } from '../defineFamily'

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
        codes: [500200, 500201, 500202, 500204, 500205, 500207, 500208],
        title: { en: 'A personal account cannot be used here', ja: '個人用アカウントは使用できない' },
        matches: withCodes(500200, 500201, 500202),
        rejects: withCodes(90027, 50020, 5000211),
      },
      {
        id: 'account-type.general',
        codes: [90027, 500015, 9002332],
        title: { en: 'The kind of account does not fit', ja: 'アカウントの種類の不一致' },
        matches: withCodes(90027, 500015, 9002332),
        rejects: withCodes(500200, 50020, 5000211),
      },
    ],
  ),
)
