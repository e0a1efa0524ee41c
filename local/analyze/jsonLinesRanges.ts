import { type FileHandle, open } from 'node:fs/promises'
import { readSignIn } from '../../shared/signIns/readSignIn'

/** Bytes of a file; `to` is not among them. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** Below it, starting a thread takes longer than it saves. */
const rangeBytesMin = 32 * 1_024 * 1_024
/** A line that is longer is no row of a sign-in log. */
const lineBytesMax = 1_024 * 1_024
const newLine = 0x0a
const openBrace = 0x7b

/**
 * Cuts a file of JSON Lines into as many ranges of whole lines as are asked for, or as many as are worth it. Undefined for
 * any other file: a container, compressed or in another encoding, too short, or no file at all.
 */
export async function jsonLinesRanges(path: string, most: number, bytesMin = rangeBytesMin): Promise<ByteRange[] | undefined> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    const stat = await file.stat()
    const count = Math.min(most, Math.floor(stat.size / bytesMin))
    if (!stat.isFile() || count < 2 || !(await beginsWithRow(file))) return undefined
    const ranges: ByteRange[] = []
    let from = 0
    for (let index = 1; index <= count; index++) {
      const to = index === count ? stat.size : await lineStart(file, Math.floor((stat.size * index) / count))
      if (to === undefined || to <= from) return undefined
      ranges.push({ from, to })
      from = to
    }
    return ranges
  } catch {
    // Whoever reads the file in one piece says what is wrong with it.
    return undefined
  } finally {
    await file?.close()
  }
}

async function beginsWithRow(file: FileHandle): Promise<boolean> {
  const head = await bytesAt(file, 0)
  const end = head.indexOf(newLine)
  if (head[0] !== openBrace || end === -1) return false
  try {
    return readSignIn(JSON.parse(head.toString('utf8', 0, end))).ok
  } catch {
    return false
  }
}

/** Where the first line begins after a place; undefined where none does within reach. */
async function lineStart(file: FileHandle, after: number): Promise<number | undefined> {
  const end = (await bytesAt(file, after)).indexOf(newLine)
  return end === -1 ? undefined : after + end + 1
}

async function bytesAt(file: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(lineBytesMax), 0, lineBytesMax, position)
  return buffer.subarray(0, bytesRead)
}
