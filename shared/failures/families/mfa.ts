import { defineFamily, sharing, withCodes } from '../defineFamily'

/** The second factor; a prompt is an interrupt until it is clear that nobody can answer it. */
export const mfa = defineFamily(
  {
    id: 'mfa',
    title: { en: 'Multifactor authentication', ja: '多要素認証' },
    meaning: {
      en: 'A second factor is required, is not registered, or was not given.',
      ja: '2 つ目の要素が必要ですが、未登録か、提示されていません。',
    },
    needsPerson: true,
  },
  sharing(
    {
      remedy: {
        en: 'User: complete the second factor. Owner of a script: stop using a user account; take a managed identity or a service principal.',
        ja: 'ユーザー: 2 つ目の要素による認証を完了してください。スクリプトの所有者: ユーザー アカウントの使用をやめ、マネージド ID またはサービス プリンシパルを使用してください。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: {
        en: 'A prompt by itself: most sign-ins go on after it.',
        ja: '要求そのものは正常です。ほとんどのサインインはその後続行されます。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/monitoring-health/howto-troubleshoot-sign-in-errors',
    },
    [
      {
        id: 'mfa.required',
        interruptCodes: [50074, 50076, 50078, 50158],
        title: { en: 'A second factor is required', ja: '多要素認証が必要' },
        matches: withCodes(50074, 50076, 50078),
        rejects: withCodes(50072, 500121, 53003),
      },
      {
        id: 'mfa.registration-required',
        interruptCodes: [50072, 50079, 50203],
        title: { en: 'A second factor must be registered', ja: '多要素認証の登録が必要' },
        remedy: {
          en: 'User: register a method at https://aka.ms/mysecurityinfo; identity team: give a Temporary Access Pass where no method can be used. Owner of a script: take a managed identity or a service principal.',
          ja: 'ユーザー: https://aka.ms/mysecurityinfo で認証方法を登録してください。ID 担当: 利用できる方法がない場合は一時アクセス パスを発行してください。スクリプトの所有者: マネージド ID またはサービス プリンシパルを使用してください。',
        },
        matches: withCodes(50072, 50079, 50203),
        rejects: withCodes(50074, 500121, 53003),
      },
      {
        id: 'mfa.not-completed',
        codes: [500121],
        title: { en: 'The second factor was not completed', ja: '多要素認証が完了しなかった' },
        remedy: {
          en: 'User: try again and answer the prompt. Security team: when the additional details say that the user declined, ask whether the user had started the sign-in; if not, reset the password and revoke the sessions.',
          ja: 'ユーザー: 再試行して要求に応答してください。セキュリティ担当: 追加情報がユーザーによる拒否を示す場合は本人が開始したか確認し、そうでなければパスワードをリセットしてセッションを取り消してください。',
        },
        severity: 'warning',
        falseAlarm: { en: 'Timeouts of users who did not see the prompt.', ja: '要求に気付かなかったユーザーのタイムアウト。' },
        matches: withCodes(500121),
        rejects: withCodes(50074, 50072, 53003),
      },
      {
        id: 'mfa.general',
        codes: [50086, 54008],
        serviceCodes: [50087],
        title: { en: 'The second factor could not be verified', ja: '多要素認証を検証できない' },
        matches: withCodes(50086, 54008, 50087),
        rejects: withCodes(50074, 50072, 53003),
      },
    ],
  ),
)
