import { defineFamily, sharing, withCodes } from '../defineFamily'

/** The life of tokens; sign-in frequency is Conditional Access. */
export const tokenExpired = defineFamily(
  {
    id: 'token-expired',
    title: { en: 'Expired or revoked tokens', ja: '期限切れまたは失効したトークン' },
    meaning: {
      en: 'The session or token is too old, was revoked or was redeemed before.',
      ja: 'セッションまたはトークンが古いか、失効しているか、使用済みです。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'User: sign in again. App owner: acquire tokens silently and fall back to an interactive sign-in.',
        ja: 'ユーザー: サインインし直してください。アプリの所有者: サイレント取得に失敗した場合は対話型サインインに切り替えるようにしてください。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: { en: 'Expected in the life of a token.', ja: 'トークンのライフサイクルとして想定内です。' },
      reference: 'https://learn.microsoft.com/entra/identity-platform/refresh-tokens',
    },
    [
      {
        id: 'token-expired.revoked',
        codes: [50173, 50132, 50133],
        title: { en: 'The session was revoked', ja: 'セッションの失効' },
        falseAlarm: {
          en: 'Expected after a password change or reset, or when an administrator revokes sessions.',
          ja: 'パスワードの変更やリセット、管理者によるセッションの取り消しの後に発生する想定内のものです。',
        },
        matches: withCodes(50173, 50132, 50133),
        rejects: withCodes(70008, 54005, 70043),
      },
      {
        id: 'token-expired.inactive',
        codes: [70008, 700082, 700081, 700083, 700084],
        title: { en: 'The refresh token is too old or was not used for too long', ja: '更新トークンの期限切れまたは長期間の未使用' },
        matches: withCodes(70008, 700082, 700081),
        rejects: withCodes(50173, 54005, 70043),
      },
      {
        id: 'token-expired.already-redeemed',
        codes: [54005],
        title: { en: 'The authorization code was redeemed before', ja: '使用済みの承認コード' },
        remedy: {
          en: 'Developer of the application: redeem each authorization code once; look for a double request or a reloaded page.',
          ja: 'アプリの開発者: 承認コードは一度だけ使用してください。二重の要求やページの再読み込みを確認します。',
        },
        mendedBy: 'app-owner',
        matches: withCodes(54005),
        rejects: withCodes(50173, 70008, 70043),
      },
      {
        id: 'token-expired.general',
        codes: [50013, 50089, 50139, 70000, 90086, 500133, 700007],
        title: { en: 'The grant or assertion is no longer valid', ja: '許可またはアサーションが無効' },
        matches: withCodes(50013, 50089, 50139),
        rejects: withCodes(50173, 70008, 70043),
      },
    ],
  ),
)
