import { type ReadSignIn, readSignIn } from '../../shared/signIns/readSignIn'
import { asUtf8, fileBytes, rawBytes, unpacked, withHead } from './byteSource'
import { CsvRows, csvHeader, isDelimiterHint } from './csvRows'
import type { InputProblem, InputProblemCode, Place, RowSink } from './inputProblems'
import type { ByteRange } from './jsonLinesRanges'
import { JsonRows } from './jsonRows'

/** One sign-in as it was read. */
export type FoundSignIn = Extract<ReadSignIn, { ok: true }>

/** What one piece of a file gave. Batches of a file follow each other; no file is read before the one in front of it. */
export interface SignInBatch {
  readonly file: string
  readonly signIns: readonly FoundSignIn[]
  readonly problems: readonly InputProblem[]
}

export interface ReadOptions {
  readonly stdin: NodeJS.ReadableStream
  /** Told after each piece how many bytes of the inputs were read in all. */
  readonly progress?: (bytesRead: number) => void
}

/** How much of a file is looked at to tell its form. */
const headBytes = 64 * 1_024

/**
 * Reads sign-ins from files of every form: JSON in any container, CSV of Log Analytics or the admin center, each as gzip
 * or not, in UTF-8 or UTF-16. Memory is bounded by the largest row, not by the file. Faults come as problems; nothing throws.
 */
export async function* readSignInFiles(paths: readonly string[], options: ReadOptions): AsyncGenerator<SignInBatch> {
  let bytesRead = 0
  const read = (bytes: number): void => {
    bytesRead += bytes
    options.progress?.(bytesRead)
  }
  for (const path of paths) yield* readFile(path, options.stdin, read)
}

async function* readFile(path: string, stdin: NodeJS.ReadableStream, read: (bytes: number) => void): AsyncGenerator<SignInBatch> {
  const file = path === '-' ? 'standard input' : path
  const found = new FileFindings(file)
  const tell = (code: InputProblemCode): void => found.problem(code, {})
  const chunks = withHead(asUtf8(unpacked(rawBytes(path, stdin, tell, read), tell)), headBytes)
  try {
    const first = await chunks.next()
    if (first.done) {
      if (!found.hasProblems) tell('file-empty')
      return yield found.take()
    }
    const form = formOf(first.value, found)
    if (typeof form === 'string') {
      tell(form)
      return yield found.take()
    }
    form.rows.push(form.rest)
    yield found.take()
    for await (const chunk of chunks) {
      form.rows.push(chunk)
      yield found.take()
    }
    form.rows.end()
    found.concludes()
    yield found.take()
  } finally {
    await chunks.return(undefined)
  }
}

/** Reads whole lines out of the middle of a file of JSON Lines. A fault of the file itself is a problem like any other. */
export async function* readJsonLinesRange(path: string, range: ByteRange): AsyncGenerator<{ batch: SignInBatch; bytes: number }> {
  const found = new FileFindings(path)
  const rows = new JsonRows(found)
  try {
    for await (const chunk of fileBytes(path, range)) {
      rows.push(chunk)
      yield { batch: found.take(), bytes: chunk.length }
    }
  } catch {
    found.problem('read-failed', {})
  }
  rows.end()
  found.concludes()
  yield { batch: found.take(), bytes: 0 }
}

interface Form {
  readonly rows: { push(chunk: Buffer): void; end(): void }
  /** What of the head belongs to the rows. */
  readonly rest: Buffer
}

const blanks: readonly number[] = [0x20, 0x09, 0x0a, 0x0d]
const openings: readonly (number | undefined)[] = [0x7b, 0x5b]

/** The form of a file by its beginning. */
function formOf(head: Buffer, sink: RowSink): Form | InputProblemCode {
  const start = head.findIndex((byte) => !blanks.includes(byte))
  if (start === -1) return 'file-empty'
  if (openings.includes(head[start])) return { rows: new JsonRows(sink), rest: head }
  if (head.includes(0)) return 'binary-file'
  const lineEnd = (from: number): number => {
    const end = head.indexOf(0x0a, from)
    return end === -1 ? head.length : end
  }
  const textOfLine = (from: number): string => head.subarray(from, lineEnd(from)).toString('utf8').trimEnd()
  const headerStart = isDelimiterHint(textOfLine(start)) ? lineEnd(start) + 1 : start
  const header = csvHeader(textOfLine(headerStart))
  if (header !== undefined) return { rows: new CsvRows(sink, header), rest: head.subarray(lineEnd(headerStart) + 1) }
  // Something in front of the first row, such as a warning of the tool that made the export.
  return head.includes('\n{') || head.includes('\n[') ? { rows: new JsonRows(sink), rest: head } : 'plain-text'
}

/** Collects what a file gives between two batches, and what can be said of it as a whole. */
class FileFindings implements RowSink {
  readonly #file: string
  #signIns: FoundSignIn[] = []
  #problems: InputProblem[] = []
  #rowsSeen = 0
  #signInsSeen = 0
  #problemsSeen = 0
  #otherRecords = 0

  constructor(file: string) {
    this.#file = file
  }

  get hasProblems(): boolean {
    return this.#problemsSeen > 0
  }

  row(value: unknown, place: Place): void {
    this.#rowsSeen += 1
    const result = readSignIn(value)
    if (result.ok) {
      this.#signInsSeen += 1
      this.#signIns.push(result)
    } else {
      this.#otherRecords += 1
      this.problem(result.reason, place, result.detail)
    }
  }

  problem(code: InputProblemCode, place: Place, detail?: string): void {
    this.#problemsSeen += 1
    this.#problems.push({ file: this.#file, code, ...place, detail })
  }

  /** At the end of a file whose form was known. */
  concludes(): void {
    if (this.#signInsSeen > 0) return
    if (this.#otherRecords > 0) this.problem('other-log', {})
    else if (this.#rowsSeen === 0 && this.#problemsSeen === 0) this.problem('no-rows', {})
  }

  take(): SignInBatch {
    const batch = { file: this.#file, signIns: this.#signIns, problems: this.#problems }
    this.#signIns = []
    this.#problems = []
    return batch
  }
}
