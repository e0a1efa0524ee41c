import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

/** The target tenant is shut; the texts read like a tenant restriction and are none. */
export const tenantState = defineFamily(
  {
    id: 'tenant-state',
    title: { en: 'State of the tenant', ja: 'テナントの状態' },
    meaning: { en: 'Microsoft blocked the whole tenant.', ja: 'Microsoft がテナント全体をブロックしています。' },
  },
  sharing(
    {
      remedy: {
        en: 'Owner of that tenant: open a support case with Microsoft.',
        ja: '該当テナントの所有者: Microsoft サポートに問い合わせてください。',
      },
      mendedBy: 'partner-tenant',
      severity: 'error',
      falseAlarm: {
        en: 'An account may list a dormant second tenant: name the intended tenant in the command.',
        ja: '休眠中の別テナントがアカウントに含まれていることがあります。コマンドで目的のテナントを指定してください。',
      },
      reference: codeList,
    },
    [
      {
        id: 'tenant-state.blocked-by-microsoft',
        codes: [5000224],
        title: { en: 'Microsoft blocked the tenant', ja: 'Microsoft によりブロックされたテナント' },
        remedy: {
          en: 'Owner of that tenant: contact Microsoft support; the message is vague on purpose. If the tenant is foreign, do not trust links that lead to it.',
          ja: '該当テナントの所有者: Microsoft サポートに問い合わせてください (メッセージは意図的に簡略です)。他社のテナントであれば、そこへ誘導するリンクを信用しないでください。',
        },
        matches: withCodes(5000224),
        rejects: withCodes(5000225, 500021),
      },
      {
        id: 'tenant-state.inactive',
        codes: [5000225],
        title: { en: 'The tenant is blocked for inactivity', ja: '非アクティブによりブロックされたテナント' },
        remedy: {
          en: 'Administrator of that tenant: reactivate it within 20 days, or it is deleted. For scripts, name the intended tenant (az login --tenant).',
          ja: '該当テナントの管理者: 20 日以内に再アクティブ化してください。行わない場合は削除されます。スクリプトでは目的のテナントを指定してください (az login --tenant)。',
        },
        reference: 'https://learn.microsoft.com/entra/fundamentals/inaccessible-tenant',
        matches: withCodes(5000225),
        rejects: withCodes(5000224, 500021),
      },
    ],
  ),
)
