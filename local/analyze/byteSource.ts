import { open } from 'node:fs/promises'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import type { InputProblemCode } from './inputProblems'

/**
 * Bytes of an input in pieces. It ends early where something is wrong, which `problem` was told then. A piece is read into
 * memory that the one after it may take over: whoever keeps something of a piece copies it.
 */
export type Bytes = AsyncIterable<Buffer>

type Tell = (code: InputProblemCode) => void

const chunkBytes = 256 * 1_024
/** Compressed pieces are small: one of them becomes up to a thousand times as large. */
const compressedChunkBytes = 64 * 1_024

/** The raw bytes of a file, or of `stdin` for the path `-`. `read` is told how many bytes of the input were read. */
export async function* rawBytes(
  path: string,
  stdin: NodeJS.ReadableStream,
  tell: Tell,
  read: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of path === '-' ? (stdin as AsyncIterable<Buffer | string>) : fileBytes(path)) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      read(bytes.length)
      yield bytes
    }
  } catch (error) {
    tell(problemOf(error))
  }
}

/** The bytes of a file, or some of them. While one piece is worked on, the next is read; two pieces of memory take turns. */
export async function* fileBytes(path: string, range?: { readonly from: number; readonly to: number }): AsyncGenerator<Buffer> {
  const file = await open(path)
  const memory = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const
  let at = range?.from
  let reading: Promise<Buffer> | undefined
  const readInto = async (piece: Buffer): Promise<Buffer> => {
    const length = range === undefined || at === undefined ? chunkBytes : Math.min(chunkBytes, range.to - at)
    const { bytesRead } = length === 0 ? { bytesRead: 0 } : await file.read(piece, 0, length, at ?? null)
    if (at !== undefined) at += bytesRead
    return piece.subarray(0, bytesRead)
  }
  try {
    reading = readInto(memory[0])
    for (let turn = 1; ; turn++) {
      const piece = await reading
      if (piece.length === 0) return
      reading = readInto(turn % 2 === 0 ? memory[0] : memory[1])
      yield piece
    }
  } finally {
    await reading?.catch(() => undefined)
    await file.close()
  }
}

function problemOf(error: unknown): InputProblemCode {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'file-missing'
  if (code === 'EISDIR') return 'is-directory'
  return code === 'EACCES' || code === 'EPERM' ? 'file-unreadable' : 'read-failed'
}

/** The code of an error of Node, which need not be an `Error` of this realm. */
const codeOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined)

/** Unpacks gzip, recognised by its first bytes, with any number of members; anything else passes unchanged. */
export async function* unpacked(source: Bytes, tell: Tell): AsyncGenerator<Buffer> {
  const chunks = withHead(source, 4)
  try {
    const first = await chunks.next()
    if (first.done) return
    const head = first.value
    if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(head, chunks, tell)
    else if (head.subarray(0, 4).equals(zipMagic)) tell('zip-file')
    else {
      yield head
      yield* chunks
    }
  } finally {
    await chunks.return(undefined)
  }
}

const zipMagic = Buffer.from('PK\u0003\u0004')

/** So much compressed input is kept to look for the exact place of a fault in it. */
const keptBytesMax = 1_024 * 1_024

/** What was unpacked before a fault is handed on; a stream that is piped would lose it. */
async function* gunzipped(head: Buffer, rest: Bytes, tell: Tell): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const ready: Buffer[] = []
  const kept: Buffer[] = []
  let compressedBytes = 0
  let unpackedBytes = 0
  let fault: unknown
  gunzip.on('data', (chunk: Buffer) => {
    ready.push(chunk)
    unpackedBytes += chunk.length
  })
  gunzip.on('error', (error) => {
    fault = error
  })
  const closed = new Promise<void>((resolve) => gunzip.on('close', resolve))
  const written = (chunk: Buffer): Promise<void> => new Promise((resolve) => gunzip.write(chunk, () => resolve()))
  try {
    for await (const chunk of concatenated(head, rest)) {
      for (let at = 0; at < chunk.length && fault === undefined; at += compressedChunkBytes) {
        const piece = chunk.subarray(at, at + compressedChunkBytes)
        compressedBytes += piece.length
        if (compressedBytes <= keptBytesMax) kept.push(Buffer.from(piece))
        await Promise.race([written(piece), closed])
        yield* ready.splice(0)
      }
      if (fault !== undefined) break
    }
    if (fault === undefined) gunzip.end()
    await closed
    yield* ready.splice(0)
    if (fault === undefined) return
    if (codeOf(fault) !== 'Z_BUF_ERROR' && compressedBytes <= keptBytesMax) yield soundPart(Buffer.concat(kept)).subarray(unpackedBytes)
    tell(codeOf(fault) === 'Z_BUF_ERROR' ? 'gzip-truncated' : 'gzip-damaged')
  } finally {
    gunzip.destroy()
  }
}

/** All that can be unpacked of damaged gzip. The unpacker drops what it made of a piece in which it finds a fault. */
function soundPart(packed: Buffer): Buffer {
  let sound = Buffer.alloc(0)
  let low = 0
  let high = packed.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    try {
      sound = gunzipSync(packed.subarray(0, middle), { finishFlush: constants.Z_SYNC_FLUSH })
      low = middle
    } catch {
      high = middle - 1
    }
  }
  return sound
}

async function* concatenated(head: Buffer, rest: Bytes): AsyncGenerator<Buffer> {
  yield head
  yield* rest
}

/** UTF-8 out of UTF-8 or UTF-16, by byte order mark or by the zero bytes that UTF-16 has around its first character. The mark is dropped. */
export async function* asUtf8(source: Bytes): AsyncGenerator<Buffer> {
  const chunks = withHead(source, 4)
  try {
    const first = await chunks.next()
    if (first.done) return
    const head = first.value
    const encoding = encodingOf(head)
    if (encoding === 'utf-8') {
      yield head.subarray(0, 3).equals(utf8Mark) ? head.subarray(3) : head
      yield* chunks
      return
    }
    const decoder = new TextDecoder(encoding)
    for await (const chunk of concatenated(head, chunks)) yield Buffer.from(decoder.decode(chunk, { stream: true }))
    yield Buffer.from(decoder.decode())
  } finally {
    await chunks.return(undefined)
  }
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf])

function encodingOf(head: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0) return 'utf-16le'
  return head[0] === 0 && head[1] !== 0 && head[2] === 0 && head[3] !== 0 ? 'utf-16be' : 'utf-8'
}

/** The same bytes, of which the first piece has at least so many, where there are that many. */
export async function* withHead(source: Bytes, bytes: number): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of source) {
    if (head === undefined) yield chunk
    else {
      head = Buffer.concat([head, chunk])
      if (head.length < bytes) continue
      yield head
      head = undefined
    }
  }
  if (head !== undefined && head.length > 0) yield head
}
