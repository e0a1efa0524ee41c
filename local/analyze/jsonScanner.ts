import { rowBytesMax } from './inputProblems'

/** What the scanner tells: whole elements as bytes, and what is wrong. */
export interface ScannerSink {
  element(bytes: Buffer, line: number): void
  problem(code: 'json-malformed' | 'json-truncated' | 'row-too-large' | 'not-an-object', line: number): void
}

const newLine = 0x0a
const space = 0x20
const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** The properties under which an answer of Graph, Log Analytics or a diagnostic setting holds its rows. */
const containerNames: readonly string[] = ['value', 'records', 'Value', 'Records']
const containerKeys = containerNames.map((name) => Buffer.from(`"${name}"`))
const longestKey = Math.max(...containerKeys.map((key) => key.length))
const framesMax = 16

/**
 * `between`: before, between and after elements. `element`: inside one, which is captured. `tail`: in what follows the rows
 * of a container object. `scalar`: in something that is no object. `skip`: in a line that is no JSON. `resync`: something was wrong, the next line may be an element.
 */
type State = 'between' | 'element' | 'tail' | 'scalar' | 'skip' | 'resync'

/**
 * Finds the elements of JSON that is larger than memory without parsing it: objects at the top, in lists, and in the
 * `value` or `records` of objects that contain them. It is given one line at a time, or a long line in pieces.
 */
export class JsonScanner {
  readonly #sink: ScannerSink
  #state: State = 'between'
  /** Open containers: a list, or the object that a list belongs to. */
  readonly #frames: ('list' | 'object')[] = []
  #line = 1
  #depth = 0
  #inString = false
  #escaped = false
  #pieces: Buffer[] = []
  #piecesBytes = 0
  #tooLarge = false
  #startLine = 1

  constructor(sink: ScannerSink) {
    this.#sink = sink
  }

  /** Whether a new element could begin here. */
  get isBetween(): boolean {
    return this.#state === 'between'
  }

  /** Whether nothing is open at all. */
  get isIdle(): boolean {
    return this.#state === 'between' && this.#frames.length === 0
  }

  push(bytes: Buffer, line: number): void {
    this.#line = line
    let at = this.#state === 'resync' ? this.#resyncAt(bytes) : 0
    while (at < bytes.length) {
      if (this.#state === 'element') at = this.#element(bytes, at, at)
      else if (this.#state === 'tail') at = this.#tail(bytes, at)
      else if (this.#state === 'scalar') at = this.#scalar(bytes, at)
      else if (this.#state === 'between') at = this.#between(bytes, at)
      else return
    }
  }

  /** The line ended. JSON text holds no raw line break, so one in a string means that its closing quote is missing. */
  endOfLine(): void {
    if (this.#state === 'skip') this.#state = 'between'
    else if (this.#inString) this.#broken()
  }

  /** Gives up what is open, because the next line is whole by itself. */
  abandon(): void {
    this.#broken()
    this.#state = 'between'
  }

  end(): void {
    if (this.#state === 'element' || this.#frames.length > 0) {
      this.#sink.problem(this.#tooLarge ? 'row-too-large' : 'json-truncated', this.#state === 'element' ? this.#startLine : this.#line)
    }
    this.#forget()
    this.#frames.length = 0
    this.#state = 'between'
  }

  #broken(): void {
    if (this.#state !== 'resync')
      this.#sink.problem(this.#tooLarge ? 'row-too-large' : 'json-malformed', this.#state === 'element' ? this.#startLine : this.#line)
    if (this.#state === 'tail') this.#frames.pop()
    this.#forget()
    this.#state = 'resync'
  }

  #forget(): void {
    this.#pieces = []
    this.#piecesBytes = 0
    this.#tooLarge = false
    this.#inString = false
    this.#escaped = false
    this.#depth = 0
  }

  /** Where an element may begin again in this line, or its end. */
  #resyncAt(bytes: Buffer): number {
    const at = bytes.findIndex((byte) => byte > space)
    const byte = bytes[at]
    if (byte !== openBrace && !(byte === closeBracket && at === 0)) return bytes.length
    this.#state = 'between'
    return at
  }

  #between(bytes: Buffer, from: number): number {
    let at = from
    while (at < bytes.length && isSkipped(bytes[at] ?? 0)) at++
    const byte = bytes[at]
    if (byte === undefined) return at
    if (byte === openBrace) {
      this.#state = 'element'
      this.#startLine = this.#line
      return this.#element(bytes, at, at)
    }
    if (byte === openBracket && this.#frames.length < framesMax) {
      this.#frames.push('list')
      return at + 1
    }
    if (byte === closeBracket && this.#frames.at(-1) === 'list') {
      this.#frames.pop()
      if (this.#frames.at(-1) === 'object') {
        this.#state = 'tail'
        this.#depth = 1
      }
      return at + 1
    }
    if (this.#frames.length === 0) {
      this.#sink.problem('json-malformed', this.#line)
      this.#state = 'skip'
      return bytes.length
    }
    this.#sink.problem('not-an-object', this.#line)
    this.#state = 'scalar'
    return at
  }

  /** Scans on inside an element. `start` is where its part of these bytes begins. Most bytes of a row are in strings, which have a loop of their own. */
  #element(bytes: Buffer, start: number, from: number): number {
    const { length } = bytes
    let depth = this.#depth
    let at = this.#inString ? this.#endOfString(bytes, from) : from
    while (at < length) {
      const byte = bytes[at] ?? 0
      if (byte === quote) {
        this.#inString = true
        at = this.#endOfString(bytes, at + 1)
        continue
      }
      if (byte === openBrace) depth++
      else if (byte === openBracket) {
        if (depth === 1 && this.#holdsRows(bytes, start, at)) return this.#openContainer(at + 1)
        depth++
      } else if (byte === closeBrace || byte === closeBracket) {
        depth--
        if (depth === 0) {
          this.#capture(bytes, start, at + 1)
          this.#emit()
          return at + 1
        }
      }
      at++
    }
    this.#depth = depth
    // What goes on in other bytes is kept beyond the memory of these.
    this.#capture(Buffer.from(bytes.subarray(start)), 0, length - start)
    return length
  }

  /** Where the string that is open ends, behind its quote; the end of the bytes where it goes on. */
  #endOfString(bytes: Buffer, from: number): number {
    const { length } = bytes
    let at = this.#escaped ? from + 1 : from
    while (at < length) {
      const byte = bytes[at] ?? 0
      if (byte === quote) {
        this.#inString = false
        this.#escaped = false
        return at + 1
      }
      at += byte === backslash ? 2 : 1
    }
    // One more than the length: the last byte was the backslash of an escape.
    this.#escaped = at > length
    return length
  }

  #capture(bytes: Buffer, start: number, end: number): void {
    this.#piecesBytes += end - start
    if (this.#piecesBytes > rowBytesMax) {
      this.#tooLarge = true
      this.#pieces = []
    }
    if (!this.#tooLarge) this.#pieces.push(bytes.subarray(start, end))
  }

  #emit(): void {
    const [first] = this.#pieces
    const { length } = this.#pieces
    const bytes = length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces)
    const tooLarge = this.#tooLarge
    this.#forget()
    this.#state = 'between'
    if (tooLarge) this.#sink.problem('row-too-large', this.#startLine)
    else this.#sink.element(bytes, this.#startLine)
  }

  /** Whether the list that opens at `at` is the `value` or `records` of the object being captured. */
  #holdsRows(bytes: Buffer, start: number, at: number): boolean {
    if (this.#tooLarge || this.#frames.length + 2 > framesMax) return false
    const near = bytes.subarray(Math.max(start, at - 64), at)
    const before = near.length < 64 && this.#pieces.length > 0 ? Buffer.concat([...this.#pieces.slice(-4), near]) : near
    let end = before.length
    while (end > 0 && (before[end - 1] ?? 0) <= space) end--
    if (before[end - 1] !== colon) return false
    end--
    while (end > 0 && (before[end - 1] ?? 0) <= space) end--
    const key = before.subarray(Math.max(0, end - longestKey), end)
    return containerKeys.some((name) => key.length >= name.length && key.subarray(key.length - name.length).equals(name))
  }

  #openContainer(after: number): number {
    this.#forget()
    this.#frames.push('object', 'list')
    this.#state = 'between'
    return after
  }

  #tail(bytes: Buffer, from: number): number {
    let at = this.#inString ? this.#endOfString(bytes, from) : from
    while (at < bytes.length) {
      const byte = bytes[at]
      at++
      if (byte === quote) {
        this.#inString = true
        at = this.#endOfString(bytes, at)
      } else if (byte === openBrace || byte === openBracket) this.#depth++
      else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--
        if (this.#depth > 0) continue
        this.#frames.pop()
        this.#state = 'between'
        return at
      }
    }
    return at
  }

  #scalar(bytes: Buffer, from: number): number {
    let at = this.#inString ? this.#endOfString(bytes, from) : from
    while (at < bytes.length) {
      const byte = bytes[at]
      if (byte === comma || byte === closeBracket || byte === openBrace) {
        this.#state = 'between'
        return at
      }
      at++
      if (byte !== quote) continue
      this.#inString = true
      at = this.#endOfString(bytes, at)
    }
    return at
  }
}

/** White space, commas, and the byte order mark that files glued together have in their middle. */
const isSkipped = (byte: number): boolean =>
  byte <= space || byte === comma || byte === newLine || byte === 0xef || byte === 0xbb || byte === 0xbf
