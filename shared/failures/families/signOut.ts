import { defineFamily, sharing, withCodes } from '../defineFamily'

/** Requests that end a session; no sign-in is affected. */
export const signOut = defineFamily(
  {
    id: 'sign-out',
    title: { en: 'Sign-out', ja: 'サインアウト' },
    meaning: { en: 'A sign-out request is not valid.', ja: 'サインアウト要求が無効です。' },
  },
  sharing(
    {
      remedy: {
        en: 'App owner: send the session and name identifier of the sign-in in the sign-out request, at once and from an application that takes part in the session; users need nothing.',
        ja: 'アプリの所有者: サインイン時のセッションと名前 ID を、セッションに参加しているアプリから遅滞なく送信してください。ユーザーの対応は不要です。',
      },
      mendedBy: 'app-owner',
      severity: 'info',
      falseAlarm: {
        en: 'Mostly noise: the session was over already.',
        ja: '多くはセッションが既に終了していたことによるもので、影響はありません。',
      },
      reference: 'https://learn.microsoft.com/entra/identity-platform/single-sign-out-saml-protocol',
    },
    [
      {
        id: 'sign-out.invalid-request',
        codes: [50061, 50068, 50070, 50071],
        title: { en: 'The sign-out request is not valid', ja: 'サインアウト要求が無効' },
        matches: withCodes(50061, 50068, 50070, 50071),
        rejects: withCodes(50058),
      },
    ],
  ),
)
