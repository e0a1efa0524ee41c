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
        en: 'User: update the app, and Android System WebView and Chrome from the Play store. App owner, when the newest version fails too: sign users in with a web view that Entra supports, best through the broker.',
        ja: 'ユーザー: アプリと、Android システムの WebView および Chrome を Play ストアで更新してください。アプリの所有者 (最新版でも失敗する場合): サポートされる Web ビュー、できればブローカー経由でサインインさせてください。',
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
