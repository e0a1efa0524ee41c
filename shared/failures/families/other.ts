import { codeList, defineFamily, sharing, withCodes } from '../defineFamily'

/** What no other family holds; a growing number here asks for a new row of the catalogue. */
export const other = defineFamily(
  {
    id: 'other',
    title: { en: 'Other', ja: 'その他' },
    meaning: {
      en: 'The code is not in the catalogue, or the row has no code that can be read.',
      ja: 'カタログにないコードか、コードを読み取れないログです。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Identity team: look the code up at https://login.microsoftonline.com/error?code= followed by the number, and open a row of evidence in the sign-in log of Entra for the reason.',
        ja: 'ID 担当: https://login.microsoftonline.com/error?code= に番号を付けて意味を調べ、Entra のサインイン ログで該当する記録の理由を確認してください。',
      },
      mendedBy: 'identity-team',
      severity: 'info',
      falseAlarm: {
        en: 'A few new codes appear whenever Microsoft adds features.',
        ja: 'Microsoft が機能を追加すると、新しいコードが少数現れます。',
      },
      reference: codeList,
    },
    [
      {
        id: 'other.message-only',
        codes: [165004],
        title: { en: 'Only the message of the sign-in says what happened', ja: 'メッセージのみが内容を示すコード' },
        remedy: {
          en: 'Identity team: open a row of evidence in the sign-in log of Entra and read its failure reason; the code stands for any message.',
          ja: 'ID 担当: Entra のサインイン ログで該当する記録を開き、エラーの理由を確認してください。このコードだけでは内容を判断できません。',
        },
        matches: withCodes(165004),
        rejects: withCodes(165100, 165900),
      },
      {
        id: 'other.unknown-code',
        title: { en: 'Unknown code', ja: '不明なコード' },
        matches: withCodes(999999999, 500209),
        rejects: [...withCodes(500021, 0), {}],
      },
      {
        id: 'other.no-code',
        title: { en: 'No readable code', ja: '読み取れないコード' },
        remedy: {
          en: 'Identity team: look at the raw record: the status of the row could not be read. When the file was exported, export it again as JSON.',
          ja: 'ID 担当: 元の記録を確認してください。状態を読み取れませんでした。エクスポートしたファイルであれば、JSON で再度エクスポートしてください。',
        },
        matches: [{}, { status: {} }, { status: { errorCode: Number.NaN } }, { status: { errorCode: -5 } }],
        rejects: withCodes(0, 999999999),
      },
    ],
  ),
)
