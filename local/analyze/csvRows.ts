import { isUtf8 } from 'node:buffer'
import { parse } from 'csv-parse/sync'
import { type RowSink, rowBytesMax } from './inputProblems'

const newLine = 0x0a
const quote = 0x22

const delimiters = [',', ';', '\t', '|'] as const
type Delimiter = (typeof delimiters)[number]

/** The columns of a header line, or undefined where the line is no header. A first line `sep=;` only says the delimiter. */
export function csvHeader(line: string): { delimiter: Delimiter; columns: readonly string[] } | undefined {
  if (line.includes('{')) return undefined
  const parsed = delimiters.map((delimiter) => ({ delimiter, columns: recordsOf(line, delimiter)?.[0] ?? [] }))
  const widest = parsed.reduce((best, next) => (next.columns.length > best.columns.length ? next : best))
  return widest.columns.length >= 3 ? widest : undefined
}

/** Whether a line is the hint that Excel leaves in front of a header. */
export const isDelimiterHint = (line: string): boolean => /^"?sep=.{1,3}$/i.test(line.trim())

/**
 * Rows of a CSV as objects by the names of the header. Records are cut at line breaks outside quotes before they are
 * parsed, so that a broken one costs that one: a quote that never closes costs its line.
 */
export class CsvRows {
  readonly #sink: RowSink
  readonly #delimiter: Delimiter
  readonly #columns: readonly string[]
  #row = 0
  #carried: Buffer = emptyBytes

  /** What is pushed begins after the header. */
  constructor(sink: RowSink, header: { delimiter: Delimiter; columns: readonly string[] }) {
    this.#sink = sink
    this.#delimiter = header.delimiter
    this.#columns = header.columns
  }

  push(chunk: Buffer): void {
    this.#take(this.#carried.length === 0 ? chunk : Buffer.concat([this.#carried, chunk]))
    while (this.#carried.length > rowBytesMax && this.#dropLine()) this.#take(this.#carried)
    if (this.#carried.length <= rowBytesMax) {
      this.#carried = Buffer.from(this.#carried)
      return
    }
    this.#oversize = true
    this.#carried = emptyBytes
  }

  end(): void {
    while (this.#carried.length > 0) {
      const closed = Buffer.concat([this.#carried, Buffer.from('\n')])
      this.#carried = closed
      this.#take(closed)
      if (this.#carried.length > 0 && !this.#dropLine()) break
    }
    if (this.#oversize) this.#sink.problem('row-too-large', { row: ++this.#row })
  }

  /** The line at hand is longer than any row, and what follows of it is skipped. */
  #oversize = false

  #take(bytes: Buffer): void {
    let start = 0
    if (this.#oversize) {
      const end = bytes.indexOf(newLine)
      if (end === -1) {
        this.#carried = emptyBytes
        return
      }
      this.#sink.problem('row-too-large', { row: ++this.#row })
      this.#oversize = false
      start = end + 1
    }
    let last = start
    let quoted = false
    const ends: number[] = []
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === quote) quoted = !quoted
      else if (byte === newLine && !quoted) {
        ends.push(at + 1)
        last = at + 1
      }
    }
    this.#records(bytes, start, ends)
    this.#carried = bytes.subarray(last)
  }

  /** Gives up the first line of what is carried: its quote never closes. */
  #dropLine(): boolean {
    const end = this.#carried.indexOf(newLine)
    if (end === -1) return false
    this.#sink.problem(end > rowBytesMax ? 'row-too-large' : 'csv-malformed', { row: ++this.#row })
    this.#carried = this.#carried.subarray(end + 1)
    return true
  }

  #records(bytes: Buffer, from: number, ends: readonly number[]): void {
    const last = ends.at(-1)
    if (last === undefined) return
    const whole = bytes.subarray(from, last)
    const records = isUtf8(whole) ? recordsOf(whole.toString('utf8'), this.#delimiter) : undefined
    if (records !== undefined) for (const record of records) this.#record(record)
    else this.#oneByOne(bytes, from, ends)
  }

  #oneByOne(bytes: Buffer, from: number, ends: readonly number[]): void {
    let start = from
    for (const end of ends) {
      const part = bytes.subarray(start, end)
      start = end
      const records = recordsOf(part.toString('utf8'), this.#delimiter)
      if (records === undefined) this.#sink.problem('csv-malformed', { row: ++this.#row })
      else for (const record of records) this.#record(record)
      if (!isUtf8(part)) this.#sink.problem('utf8-invalid', { row: this.#row })
    }
  }

  #record(fields: readonly string[]): void {
    const place = { row: ++this.#row }
    const columns = this.#columns
    const isWhole = fields.length >= columns.length && fields.every((field, index) => index < columns.length || field === '')
    if (!isWhole) {
      this.#sink.problem('csv-malformed', place)
      return
    }
    const row: Record<string, unknown> = {}
    columns.forEach((column, index) => {
      // Two columns may have one name; the first that says something is meant.
      if (row[column] === undefined || row[column] === '') row[column] = fields[index]
    })
    this.#sink.row(row, place)
  }
}

const emptyBytes = Buffer.alloc(0)

/** The records of CSV text (RFC 4180), or undefined where it is malformed. Empty lines are none. */
function recordsOf(text: string, delimiter: Delimiter): string[][] | undefined {
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] })
  } catch {
    return undefined
  }
}
