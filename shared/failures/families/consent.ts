import { defineFamily, sharing, withCodes } from '../defineFamily'

/** What an application may do on behalf of a user. */
export const consent = defineFamily(
  {
    id: 'consent',
    title: { en: 'Consent', ja: '同意' },
    meaning: {
      en: 'The application lacks consent, of the user or of an administrator, for what it asks.',
      ja: 'アプリケーションが要求するアクセス許可に、ユーザーまたは管理者の同意がありません。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'Identity team: review the permissions that the application asks for and grant admin consent under Enterprise applications > Permissions, or decline.',
        ja: 'ID 担当: アプリが要求するアクセス許可を確認し、[エンタープライズ アプリケーション] の [アクセス許可] で管理者の同意を与えるか、拒否してください。',
      },
      mendedBy: 'identity-team',
      severity: 'warning',
      falseAlarm: {
        en: 'A consent prompt by itself: the user goes on after it. Unknown applications that ask for much may be consent phishing.',
        ja: '同意の要求そのものは正常で、ユーザーはその後続行します。多くの権限を求める未知のアプリは同意フィッシングの可能性があります。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent',
    },
    [
      {
        id: 'consent.required',
        interruptCodes: [65001, 50202, 50204, 50205, 52004, 9002341],
        title: { en: 'Consent is required', ja: '同意が必要' },
        severity: 'info',
        matches: withCodes(65001, 50202, 50204),
        rejects: withCodes(90094, 65004, 50105),
      },
      {
        id: 'consent.admin-required',
        codes: [90094, 90099],
        interruptCodes: [90095],
        title: { en: 'Admin consent is required', ja: '管理者の同意が必要' },
        matches: withCodes(90094, 90099, 90095),
        rejects: withCodes(65001, 65004, 50105),
      },
      {
        id: 'consent.declined',
        codes: [65004],
        title: { en: 'The user declined consent', ja: 'ユーザーが同意を拒否した' },
        remedy: {
          en: 'Nobody: the user said no. If it was a slip, the user can sign in to the application again and accept.',
          ja: '対処は不要です。ユーザーが拒否しました。誤りであれば、アプリに再度サインインして承諾できます。',
        },
        mendedBy: 'nobody',
        severity: 'info',
        matches: withCodes(65004),
        rejects: withCodes(65001, 90094, 50105),
      },
      {
        id: 'consent.general',
        codes: [50150, 65002, 65003, 65006, 90008],
        title: { en: 'The application has no consent for this', ja: 'アプリケーションへの同意がない' },
        matches: withCodes(50150, 65002, 65003),
        rejects: withCodes(65001, 90094, 50105),
      },
    ],
  ),
)
