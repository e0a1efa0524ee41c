import { parseJson, property } from './property'

const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** All of a page but its rows: a link and a few annotations. */
const frameBytesMax = 1_024 * 1_024
/** Where the rows begin: nothing but the key and its bracket can end like this, as a quote within a text has a backslash before it. */
const beforeRows = /[{,\s]"value"\s*:\s*\[$/
/** As much as {@link beforeRows} has to see, with room for white space. */
const beforeRowsBytes = 200
const rowPlace = Buffer.from('{}')

/** What a whole page held. */
export interface ScannedPage<Taken> {
  /** What was taken of each row, in order. */
  readonly rows: Taken[]
  readonly nextLink: string | undefined
}

/**
 * Reads a page of Graph (`{"value": [row, …], "@odata.nextLink": "…"}` in UTF-8) from the bytes as they come. Each row is
 * parsed by itself and handed to `take` at once, so that neither the text of a page nor its rows are ever held as a
 * whole: a row and what was taken of those before it are. Whether the page was whole shows at its end.
 */
export class PageScanner<Taken> {
  readonly #take: (row: unknown) => Taken
  readonly #taken: Taken[] = []
  /** The page with an empty object in the place of each row. */
  readonly #frame = new ByteList(frameBytesMax)
  /** What came of a row in earlier pieces. */
  #rowStart: Buffer[] = []
  #place: 'frame' | 'rows' | 'row' = 'frame'
  /** Open brackets: of the frame, or within a row. */
  #depth = 0
  #inText = false
  #escaped = false
  #isBroken = false

  constructor(take: (row: unknown) => Taken) {
    this.#take = take
  }

  /** Takes the next piece of the body, of which nothing is kept but the beginning of an unfinished row. */
  push(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const text = bytes.toString('latin1')
    for (let at = 0; at < bytes.length && !this.#isBroken; ) {
      at = this.#place === 'row' ? this.#scanRow(bytes, text, at) : this.#scanFrame(bytes, at)
    }
  }

  /** The page, or undefined where what came is not the whole JSON of one. */
  end(): ScannedPage<Taken> | undefined {
    if (this.#isBroken || this.#place !== 'frame') return undefined
    const frame = parseJson(this.#frame.text())
    const places = property(frame, 'value')
    const nextLink = property(frame, '@odata.nextLink') ?? undefined
    if (!Array.isArray(places) || (nextLink !== undefined && (typeof nextLink !== 'string' || nextLink === ''))) return undefined
    const rows = this.#rowsIn(places)
    return rows && { rows, nextLink }
  }

  /** The rows by their places; what is in the list and is no object stands for itself. Undefined where the places are those of another list. */
  #rowsIn(places: readonly unknown[]): Taken[] | undefined {
    const taken = this.#taken
    const objects = places.filter(isObject).length
    if (objects !== taken.length && taken.length > 0) return undefined
    if (objects === places.length && taken.length > 0) return taken
    const rows: Taken[] = []
    let next = 0
    for (const place of places) {
      if (isObject(place) && taken.length > 0) rows.push(...taken.slice(next, ++next))
      else rows.push(this.#take(place))
    }
    return rows
  }

  #scanFrame(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0
      if (this.#place === 'rows' && !this.#inText && this.#depth === 2 && byte === openBrace) {
        this.#place = 'row'
        this.#depth = 0
        return at
      }
      this.#isBroken ||= !this.#frame.push(byte)
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false
        else if (byte === backslash) this.#escaped = true
        else if (byte === quote) this.#inText = false
      } else if (byte === quote) this.#inText = true
      else if (byte === openBrace || byte === openBracket) {
        if (byte === openBracket && this.#depth === 1 && beforeRows.test(this.#frame.text(beforeRowsBytes))) this.#place = 'rows'
        this.#depth += 1
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth -= 1
        if (this.#depth === 1) this.#place = 'frame'
      }
    }
    return bytes.length
  }

  /** Looks at the piece as text of one byte a character, in which the next quote is found much faster than byte by byte. */
  #scanRow(bytes: Buffer, text: string, from: number): number {
    let at = this.#inText ? this.#endOfText(text, this.#escaped ? from + 1 : from) : from
    while (at < text.length) {
      const character = text.charCodeAt(at++)
      if (character === quote) at = this.#endOfText(text, at)
      else if (character === openBrace || character === openBracket) this.#depth += 1
      else if ((character === closeBrace || character === closeBracket) && --this.#depth === 0) {
        this.#endRow(bytes, from, at)
        return at
      }
    }
    // A copy: the piece may be a part of much larger memory.
    this.#rowStart.push(Buffer.from(bytes.subarray(from)))
    return text.length
  }

  /** Where a text goes on that begins or goes on at a place: behind its quote, or at the end of the piece. */
  #endOfText(text: string, from: number): number {
    let end = text.indexOf('"', from)
    while (end >= 0 && isEscaped(text, end, from)) end = text.indexOf('"', end + 1)
    this.#inText = end < 0
    this.#escaped = this.#inText && isEscaped(text, text.length, from)
    return this.#inText ? text.length : end + 1
  }

  #endRow(bytes: Buffer, from: number, to: number): void {
    const text =
      this.#rowStart.length === 0
        ? bytes.toString('utf8', from, to)
        : Buffer.concat([...this.#rowStart, bytes.subarray(from, to)]).toString()
    this.#rowStart = []
    this.#place = 'rows'
    this.#depth = 2
    this.#inText = false
    const row = parseJson(text)
    if (row === undefined) this.#isBroken = true
    else this.#taken.push(this.#take(row))
    for (const byte of rowPlace) this.#isBroken ||= !this.#frame.push(byte)
  }
}

/** Bytes that come one by one, up to a bound. */
class ByteList {
  readonly #max: number
  #bytes = Buffer.alloc(4_096)
  #length = 0

  constructor(max: number) {
    this.#max = max
  }

  /** False where there is no room left. */
  push(byte: number): boolean {
    if (this.#length === this.#max) return false
    if (this.#length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#length * 2)
    this.#bytes[this.#length++] = byte
    return true
  }

  /** All bytes as text in UTF-8, without a byte order mark, or the last of them. */
  text(last = this.#length): string {
    return new TextDecoder().decode(this.#bytes.subarray(Math.max(0, this.#length - last), this.#length))
  }
}

/** Whether an odd number of backslashes stands before a place, of those since `from`. */
function isEscaped(text: string, at: number, from: number): boolean {
  let first = at
  while (first > from && text.charCodeAt(first - 1) === backslash) first -= 1
  return (at - first) % 2 === 1
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
