import { defineFamily, sharing, withCodes } from '../defineFamily'

/** Who may use an application. */
export const assignment = defineFamily(
  {
    id: 'assignment',
    title: { en: 'Assignment', ja: '割り当て' },
    meaning: {
      en: 'The user or application is not assigned to the application, or lacks the right in the directory.',
      ja: 'ユーザーまたはアプリケーションが割り当てられていないか、ディレクトリ上の権限がありません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: assign the user or a group under Enterprise applications > Users and groups, or turn off Assignment required.',
        ja: 'アプリの所有者: [エンタープライズ アプリケーション] の [ユーザーとグループ] でユーザーまたはグループを割り当てるか、[割り当てが必要ですか] を [いいえ] にしてください。',
      },
      mendedBy: 'app-owner',
      severity: 'warning',
      falseAlarm: {
        en: 'Meant, for people who have no business in the application.',
        ja: '業務上そのアプリを使う必要のないユーザーであれば、意図した結果です。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal',
    },
    [
      {
        id: 'assignment.not-assigned',
        codes: [50105],
        title: { en: 'Not assigned to the application', ja: 'アプリケーションに割り当てられていない' },
        matches: withCodes(50105),
        rejects: withCodes(90093, 65001, 53003),
      },
      {
        id: 'assignment.general',
        codes: [90093],
        title: { en: 'The directory denies access', ja: 'ディレクトリのアクセス拒否' },
        matches: withCodes(90093),
        rejects: withCodes(50105, 65001, 53003),
      },
    ],
  ),
)
