import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { userHasher } from '../../shared/aggregates/userHash'
import type { KnownTenant } from '../../shared/failures/knownTenants'
import type { Instant } from '../../shared/signIns/instant'
import { type Site, siteFinder } from '../../shared/signIns/network'
import { type ByteRange, jsonLinesRanges } from './jsonLinesRanges'
import { readJsonLinesRange } from './readSignInFiles'
import { type CollectionPart, type PackedPart, SignInCollection, unpackPart } from './signInCollection'

/** What a thread has to know to collect one range of a file. */
export interface RangeTask {
  readonly path: string
  readonly range: ByteRange
  readonly tenants: readonly KnownTenant[]
  readonly tenantId: string | undefined
  readonly sites: readonly Site[]
  readonly hashKey: string
  readonly now: Instant
}

/** What a thread tells about its range; `odd`: it cannot be read by itself. */
type RangeMessage =
  | { readonly kind: 'progress'; readonly bytesRead: number; readonly rows: number }
  | { readonly kind: 'odd' }
  | { readonly kind: 'part'; readonly part: PackedPart }

export interface Threads {
  /** How many read at once, this one among them. */
  readonly count: number
  /** The compiled `analyzeRange`. */
  readonly worker: string
  /** Bytes that are worth a thread; the default suits everybody but a test. */
  readonly rangeBytesMin?: number
}

/** Told how much more was read. */
type Progress = (bytes: number, rows: number) => void

/**
 * Collects a range of JSON Lines. Undefined where it takes more than the range to read it as the whole file would be
 * read: something in it is odd, or its first row has no time and takes the one before it.
 */
export async function collectRange(task: RangeTask, progress: Progress): Promise<CollectionPart | undefined> {
  const collection = new SignInCollection({
    tenants: task.tenants,
    tenantId: task.tenantId,
    siteOf: siteFinder(task.sites),
    hashUser: userHasher(task.hashKey),
    now: task.now,
  })
  for await (const { batch, bytes } of readJsonLinesRange(task.path, task.range)) {
    if (batch.problems.length > 0) return undefined
    for (const signIn of batch.signIns) collection.add(signIn, batch.file)
    if (collection.hasWaited) return undefined
    progress(bytes, batch.signIns.length)
  }
  return collection.part()
}

/**
 * Collects a long file of JSON Lines on several threads; the parts are in the order of the file. Undefined where the file
 * has to be read from its start by one: it is another kind of file, or something in it is odd.
 */
export async function collectInParallel(
  task: Omit<RangeTask, 'range'>,
  threads: Threads,
  progress: Progress,
): Promise<CollectionPart[] | undefined> {
  if (threads.count < 2 || !existsSync(threads.worker)) return undefined
  const ranges = await jsonLinesRanges(task.path, threads.count, threads.rangeBytesMin)
  if (!ranges) return undefined
  const workers = ranges.slice(1).map((range) => new RangeWorker(threads.worker, { ...task, range }, progress))
  try {
    const own = ranges[0] && (await collectRange({ ...task, range: ranges[0] }, progress))
    if (!own) return undefined
    const parts = [own]
    for (const worker of workers) {
      const packed = await worker.part
      if (!packed) return undefined
      parts.push(unpackPart(packed))
    }
    return parts
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()))
  }
}

class RangeWorker {
  readonly #worker: Worker
  /** Undefined where the thread could not read its range, or could not even run: then one thread reads it all. */
  readonly part: Promise<PackedPart | undefined>

  constructor(file: string, task: RangeTask, progress: Progress) {
    this.#worker = new Worker(file, { workerData: task })
    this.part = new Promise((resolve) => {
      this.#worker.on('message', (message: RangeMessage) => {
        if (message.kind === 'progress') progress(message.bytesRead, message.rows)
        else resolve(message.kind === 'part' ? message.part : undefined)
      })
      this.#worker.once('error', () => resolve(undefined))
      this.#worker.once('exit', () => resolve(undefined))
    })
  }

  stop(): Promise<unknown> {
    return this.#worker.terminate()
  }
}
