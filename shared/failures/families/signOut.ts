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
        en: 'App owner: correct the sign-out request of the application; users need nothing.',
        ja: 'アプリの所有者: アプリのサインアウト要求を修正してください。ユーザーの対応は不要です。',
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
        id: 'sign-out.general',
        codes: [50061, 50068, 50070, 50071],
        title: { en: 'The sign-out request is not valid', ja: 'サインアウト要求が無効' },
        matches: withCodes(50061, 50068, 50070),
        rejects: withCodes(50058),
      },
    ],
  ),
)
