import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

/** Clients that need an update. */
export const clientVersion = defineFamily(
  {
    id: 'client-version',
    title: { en: 'Version of the client', ja: 'クライアントのバージョン' },
    meaning: { en: 'The client is too old to sign in.', ja: 'クライアントが古く、サインインできません。' },
  },
  sharing(
    {
      remedy: {
        en: 'User: update the app, and on Android the system WebView.',
        ja: 'ユーザー: アプリを更新してください。Android ではシステム WebView も更新します。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: { en: 'None: the client keeps failing until it is updated.', ja: '誤報はありません。更新されるまで失敗が続きます。' },
      reference: codeList,
    },
    [
      {
        id: 'client-version.android-webview',
        codes: [220450],
        title: { en: 'The Android WebView is not supported', ja: 'サポートされていない Android WebView' },
        matches: withCodes(220450),
        rejects: withCodes(1002016),
      },
    ],
  ),
)
