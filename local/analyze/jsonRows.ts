import { isUtf8 } from 'node:buffer'
import { isRow } from '../../shared/signIns/fields'
import { readSignIn } from '../../shared/signIns/readSignIn'
import { type RowSink, rowBytesMax } from './inputProblems'
import { JsonScanner } from './jsonScanner'

const newLine = 0x0a
const space = 0x20
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

const nestingMax = 8

/**
 * Rows of JSON in any container: a list, `value`, `records`, one object, JSON Lines, objects one after the other. A line
 * that is a value by itself is parsed at once; everything else is cut into rows by a scanner, so that neither the file nor
 * a list has to fit into memory. A broken row costs that row.
 */
export class JsonRows {
  readonly #sink: RowSink
  readonly #scanner: JsonScanner
  #line = 1
  #row = 0
  #pieces: Buffer[] = []
  #piecesBytes = 0
  /** The line is longer than any row and goes to the scanner piece by piece. */
  #isLong = false

  constructor(sink: RowSink) {
    this.#sink = sink
    this.#scanner = new JsonScanner({
      element: (bytes, line) => this.#element(bytes, line),
      problem: (code, line) => sink.problem(code, { line, row: code === 'json-truncated' ? undefined : ++this.#row }),
    })
  }

  push(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(newLine); end !== -1; end = chunk.indexOf(newLine, start)) {
      this.#endLine(chunk.subarray(start, end))
      start = end + 1
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
  }

  end(): void {
    const rest = Buffer.concat(this.#takePieces())
    if (!this.#isLong && !this.#isValue(rest)) this.#scanner.push(rest, this.#line)
    this.#scanner.end()
  }

  #keep(rest: Buffer): void {
    if (this.#isLong) {
      this.#scanner.push(rest, this.#line)
      return
    }
    this.#pieces.push(Buffer.from(rest))
    this.#piecesBytes += rest.length
    if (this.#piecesBytes <= rowBytesMax) return
    this.#isLong = true
    for (const piece of this.#takePieces()) this.#scanner.push(piece, this.#line)
  }

  #takePieces(): Buffer[] {
    const pieces = this.#pieces
    this.#pieces = []
    this.#piecesBytes = 0
    return pieces
  }

  #endLine(rest: Buffer): void {
    if (this.#isLong) {
      this.#scanner.push(rest, this.#line)
      this.#scanner.endOfLine()
      this.#isLong = false
    } else this.#wholeLine(this.#pieces.length === 0 ? rest : Buffer.concat([...this.#takePieces(), rest]))
    this.#line++
  }

  #wholeLine(bytes: Buffer): void {
    if (this.#isValue(bytes)) return
    this.#scanner.push(bytes, this.#line)
    this.#scanner.endOfLine()
  }

  /** Takes a line that is one value, where a value may stand. */
  #isValue(bytes: Buffer): boolean {
    let end = bytes.length
    while (end > 0 && ((bytes[end - 1] ?? 0) <= space || (bytes[end - 1] === comma && !this.#scanner.isIdle))) end--
    const start = this.#line === 1 && bytes[0] === 0xef ? 3 : 0
    const first = bytes[start]
    const isObject = first === openBrace && bytes[end - 1] === closeBrace
    const isList = first === openBracket && bytes[end - 1] === closeBracket && this.#scanner.isIdle
    if (!isObject && !isList) return false
    const value = parsed(bytes.subarray(start, end))
    if (value === undefined) return false
    if (!this.#scanner.isBetween) {
      if (!readSignIn(value).ok) return false
      this.#scanner.abandon()
    }
    this.#rows(value, bytes, nestingMax)
    return true
  }

  #rows(value: unknown, bytes: Buffer, nestingLeft: number): void {
    const inner = nestingLeft > 0 ? rowsInside(value) : undefined
    if (inner === undefined) this.#emit(value, bytes, this.#line)
    else for (const item of inner) this.#rows(item, bytes, nestingLeft - 1)
  }

  #element(bytes: Buffer, line: number): void {
    const value = parsed(bytes)
    if (value === undefined) this.#sink.problem('json-malformed', { line, row: ++this.#row })
    else this.#emit(value, bytes, line)
  }

  #emit(value: unknown, bytes: Buffer, line: number): void {
    const place = { line, row: ++this.#row }
    if (isRow(value)) this.#sink.row(value, place)
    else this.#sink.problem('not-an-object', place)
    if (this.#isDamaged(bytes)) this.#sink.problem('utf8-invalid', place)
  }

  #checked: Buffer = emptyBytes

  /** Rows of one line share their bytes, which are looked at once. */
  #isDamaged(bytes: Buffer): boolean {
    if (bytes === this.#checked) return false
    this.#checked = bytes
    return !isUtf8(bytes)
  }
}

const emptyBytes = Buffer.alloc(0)

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The rows that a value contains; undefined where it is a row itself. */
function rowsInside(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isRow(value)) return undefined
  // By name, each with its own memory of where to look: a row has none of them, and every row is asked.
  const { value: list, records, Value: pascalList, Records: pascalRecords } = value
  if (Array.isArray(list)) return list
  if (Array.isArray(records)) return records
  if (Array.isArray(pascalList)) return pascalList
  if (Array.isArray(pascalRecords)) return pascalRecords
  return undefined
}
