import type { Words } from '../../shared/failures/words'

/** Everything that can be wrong with an input, by its stable code: what it is and what would be right. */
export const inputProblems = {
  'file-missing': {
    en: 'There is no such file. Check the path; - reads standard input.',
    ja: 'ファイルがありません。パスを確認してください。- は標準入力を読みます。',
  },
  'file-unreadable': {
    en: 'The file may not be read. Check its permissions.',
    ja: 'ファイルを読み取る権限がありません。アクセス許可を確認してください。',
  },
  'is-directory': {
    en: 'This is a directory. Name the files in it.',
    ja: 'ディレクトリです。中のファイルを指定してください。',
  },
  'read-failed': {
    en: 'Reading stopped before the end. What came before is counted; read it again.',
    ja: '最後まで読み取れませんでした。そこまでの分は集計に含まれます。もう一度読み取ってください。',
  },
  'file-empty': {
    en: 'There is nothing in it. Export the sign-ins again.',
    ja: '中身がありません。サインイン ログをもう一度エクスポートしてください。',
  },
  'no-rows': {
    en: 'It is an export without any row. Widen the time of the export.',
    ja: '行のないエクスポートです。エクスポートの期間を広げてください。',
  },
  'plain-text': {
    en: 'This is neither JSON nor CSV. Export sign-ins as JSON or CSV; for the output of a client there is the command diagnose.',
    ja: 'JSON でも CSV でもありません。サインイン ログを JSON か CSV でエクスポートしてください。クライアントの出力には diagnose コマンドを使います。',
  },
  'binary-file': {
    en: 'This is not text. JSON and CSV are read, as they are or as gzip.',
    ja: 'テキストではありません。JSON と CSV を、そのままか gzip で読み取ります。',
  },
  'zip-file': {
    en: 'This is a zip archive. Unpack it and name the files in it.',
    ja: 'zip ファイルです。展開して中のファイルを指定してください。',
  },
  'other-log': {
    en: 'No row of it is a sign-in: it is another log. Export the sign-in logs, not the audit logs.',
    ja: 'サインインの行がなく、別のログです。監査ログではなくサインイン ログをエクスポートしてください。',
  },
  'gzip-truncated': {
    en: 'The gzip data ends too early. What came before is counted; copy the file again.',
    ja: 'gzip データが途中で終わっています。そこまでの分は集計に含まれます。ファイルをもう一度コピーしてください。',
  },
  'gzip-damaged': {
    en: 'The gzip data is damaged. What came before is counted; copy the file again.',
    ja: 'gzip データが壊れています。そこまでの分は集計に含まれます。ファイルをもう一度コピーしてください。',
  },
  'json-truncated': {
    en: 'The JSON ends in the middle of a value. What came before is counted; export it again.',
    ja: 'JSON が値の途中で終わっています。そこまでの分は集計に含まれます。もう一度エクスポートしてください。',
  },
  'json-malformed': {
    en: 'This is not valid JSON. The row is left out.',
    ja: '正しい JSON ではありません。この行は集計に含まれません。',
  },
  'csv-malformed': {
    en: 'The row does not have the columns of the header. It is left out.',
    ja: '列がヘッダーと一致しません。この行は集計に含まれません。',
  },
  'row-too-large': {
    en: 'The row is larger than 8 MiB, which no sign-in is. It is left out.',
    ja: '8 MiB を超える行で、サインインではありえません。この行は集計に含まれません。',
  },
  'utf8-invalid': {
    en: 'The row holds bytes that are not UTF-8. It is counted; names in it may be wrong. Export it as UTF-8 or UTF-16.',
    ja: 'UTF-8 ではないバイトがあります。集計には含まれますが、名前が正しくないことがあります。UTF-8 か UTF-16 でエクスポートしてください。',
  },
  'not-an-object': {
    en: 'The row is not an object, so it is no sign-in. It is left out.',
    ja: 'オブジェクトではないため、サインインではありません。この行は集計に含まれません。',
  },
  'not-a-sign-in': {
    en: 'The row is not a sign-in. It is left out.',
    ja: 'サインインではない行です。集計に含まれません。',
  },
} as const satisfies Record<string, Words>

export type InputProblemCode = keyof typeof inputProblems

/** Where in a file something was found; both count from 1. A CSV counts its rows after the header. */
export interface Place {
  readonly line?: number | undefined
  readonly row?: number | undefined
}

/** Something that could not be read. `detail` says more in words that quote nothing of the row. */
export interface InputProblem extends Place {
  readonly file: string
  readonly code: InputProblemCode
  readonly detail?: string | undefined
}

/** Takes what a reader finds, in the order of the file. */
export interface RowSink {
  /** A row, parsed and not yet looked at. */
  row(value: unknown, place: Place): void
  problem(code: InputProblemCode, place: Place): void
}

/** A row beyond this is refused. Sign-ins are some 12 KB. */
export const rowBytesMax = 8 * 1_024 * 1_024
