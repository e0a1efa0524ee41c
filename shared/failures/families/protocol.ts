import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

/** Requests that are malformed, whoever sends them. */
export const protocol = defineFamily(
  {
    id: 'protocol',
    title: { en: 'Protocol', ja: 'プロトコル' },
    meaning: {
      en: 'The request breaks the rules of OAuth 2.0, OpenID Connect or another protocol.',
      ja: '要求が OAuth 2.0、OpenID Connect などのプロトコルに従っていません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Developer of the application: correct the request, or use a current Microsoft Authentication Library instead of building it by hand.',
        ja: 'アプリの開発者: 要求を修正するか、手作業で組み立てずに最新の Microsoft Authentication Library を使用してください。',
      },
      mendedBy: 'app-owner',
      severity: 'info',
      falseAlarm: {
        en: 'Scanners and bookmarked pages send broken requests.',
        ja: 'スキャナーやブックマークされたページは不正な要求を送信します。',
      },
      reference: codeList,
    },
    [
      {
        id: 'protocol.pkce',
        codes: [50147, 50148, 50149, 501481, 501491],
        title: { en: 'The code challenge does not match', ja: 'コード チャレンジの不一致' },
        remedy: {
          en: 'Developer of the application: send the code verifier that belongs to the code challenge, from the same session.',
          ja: 'アプリの開発者: 同じセッションの code_challenge に対応する code_verifier を送信してください。',
        },
        severity: 'warning',
        matches: withCodes(50147, 50148, 50149),
        rejects: withCodes(50027, 70011),
      },
      {
        id: 'protocol.general',
        codes: [
          50027, 50029, 50032, 50050, 50098, 50117, 50130, 50141, 50164, 50167, 50171, 70003, 70007, 90004, 90005, 90007, 90010, 90013,
          90014, 90015, 90016, 90022, 90023, 90056, 90100, 90101, 90102, 90107, 90112, 90114, 90117, 90121, 140000, 140001, 165900, 240002,
          900144, 900561, 901002, 9002313,
        ],
        title: { en: 'The request is malformed', ja: '要求の形式の誤り' },
        matches: withCodes(50027, 50029, 50032),
        rejects: withCodes(50147, 70011),
      },
    ],
  ),
)
