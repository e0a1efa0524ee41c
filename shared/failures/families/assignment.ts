import { defineFamily, sharing } from '../defineFamily'

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
        en: 'App owner: assign the user or a group under Enterprise applications > Users and groups (members of nested groups do not count), or turn off Assignment required.',
        ja: 'アプリの所有者: [エンタープライズ アプリケーション] の [ユーザーとグループ] でユーザーまたはグループを割り当てるか (入れ子のグループのメンバーは対象外)、[割り当てが必要ですか] を [いいえ] にしてください。',
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
        reference: 'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50105-user-not-assigned-role',
      },
      {
        id: 'assignment.directory-forbidden',
        codes: [90093],
        title: { en: 'The directory denies access', ja: 'ディレクトリのアクセス拒否' },
        remedy: {
          en: 'Identity team: the user lacks the directory right that the request needs; look at the message of the sign-in for what was refused, and give the narrowest role that allows it.',
          ja: 'ID 担当: 要求に必要なディレクトリの権限がユーザーにありません。サインインのメッセージで拒否された内容を確認し、必要最小限のロールを付与してください。',
        },
        mendedBy: 'identity-team',
        falseAlarm: {
          en: 'Meant, for people without the right.',
          ja: '権限を与えていないユーザーであれば、意図した結果です。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference',
      },
    ],
  ),
)
