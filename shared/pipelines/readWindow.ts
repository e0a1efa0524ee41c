import type { Aggregate } from '../aggregates/aggregate'
import { recordOf, type SignInRecord } from '../aggregates/record'
import { Tally } from '../aggregates/tally'
import { classify } from '../failures/classify'
import { GraphReadError } from '../runtime/errors'
import { bucketStart, bucketStarts } from '../signIns/buckets'
import { type Instant, minute, second } from '../signIns/instant'
import type { PlannedWindow } from '../signIns/readingPlan'
import { readSignIn } from '../signIns/readSignIn'
import { owningStream } from '../signIns/streams'
import type { MonitorOptions } from './options'
import type { Ports, SignInPage } from './ports'

/** One window, read whole. */
export interface WindowReading {
  /** When it started, on Graph's clock, or up to some seconds earlier: never later. */
  readonly readAt: Instant
  readonly pages: number
  /** Of every bucket of the window, the empty ones included. */
  readonly buckets: ReadonlyMap<Instant, BucketReadingResult>
}

export interface BucketReadingResult {
  readonly rows: number
  readonly malformedRows: number
  /** Counted each time it is asked for: what waits for its commit is held as records, which are much smaller than counts. */
  readonly aggregate: Aggregate
}

/**
 * Reads one window of one stream and counts it. Of each id the last version stands; a row outside the window or of
 * another stream is left to the reading that it belongs to; a row whose time cannot be read takes the time of the row
 * before it. Only one raw row is held at a time. Throws what the source throws; then nothing was counted.
 */
export async function readWindow(
  window: PlannedWindow,
  ports: Pick<Ports, 'signIns' | 'clock'>,
  options: MonitorOptions,
  abort: AbortSignal,
): Promise<WindowReading> {
  const startedAt = ports.clock()
  const rows = new WindowRows(window)
  let readAt: Instant | undefined
  let pages = 0
  const take = (row: unknown): TakenRow => takeRow(row, window, options)
  try {
    for await (const page of ports.signIns.read(window, abort, take)) {
      pages += 1
      readAt ??= startOf(page) ?? startedAt
      for (const row of page.rows) rows.add(row)
    }
  } catch (cause) {
    throw abort.aborted ? tooSlow(window, pages, rows.records.size, ports.clock() - startedAt, cause) : cause
  }
  return { readAt: readAt ?? startedAt, pages, buckets: countByBucket(window, rows.records.values(), rows.malformed, options) }
}

/**
 * When the request of a page was sent, by Graph's clock: an answer is dated before its headers arrive, so what it took to
 * come, taken from its date, leads to the sending or to a moment before it. In whole seconds, as the date is.
 */
const startOf = ({ serverTime, took = 0 }: SignInPage<TakenRow>): Instant | undefined =>
  serverTime === undefined ? undefined : Math.floor((serverTime - took) / second) * second

const counted = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })

/** The error of a window that took longer than one may: how fast it was, and what to do when a shorter window is no way out. */
function tooSlow({ stream, from, to }: PlannedWindow, pages: number, rows: number, elapsed: number, cause: unknown): GraphReadError {
  const rate = counted.format(elapsed > 0 ? (rows * minute) / elapsed : 0)
  const what = `${(to - from) / minute} minutes of ${stream} sign-ins were not read in ${Math.round(elapsed / second)} seconds`
  const rest = 'A shorter window is tried next; where 5 minutes are too many, leave the stream out with STREAMS.'
  return new GraphReadError(`${what}: ${counted.format(pages)} pages came, ${rate} sign-ins a minute. ${rest}`, {
    reason: 'timeout',
    status: 0,
    cause,
  })
}

/** What is kept of a row until its page is whole. */
interface TakenRow {
  /** Its own time; undefined where that cannot be read. */
  readonly at: Instant | undefined
  /** Whether it belongs to another reading. */
  readonly isForeign: boolean
  readonly isMalformed: boolean
  /** undefined where it is foreign or nothing of it can be read. */
  readonly record: SignInRecord | undefined
}

const foreign = (at: Instant | undefined): TakenRow => ({ at, isForeign: true, isMalformed: false, record: undefined })
const unreadable: TakenRow = { at: undefined, isForeign: false, isMalformed: true, record: undefined }

function takeRow(row: unknown, { from, to, stream }: PlannedWindow, { streams, tenants, hashUser, siteOf }: MonitorOptions): TakenRow {
  const read = readSignIn(row)
  if (!read.ok) return unreadable
  const { signIn } = read
  const at = signIn.createdDateTime
  if (at !== undefined && (at < from || at >= to)) return foreign(at)
  if (owningStream(signIn.signInEventTypes, streams, stream) !== stream) return foreign(at)
  const record = recordOf(signIn, classify(signIn, { stream, tenants }), { stream, hashUser, siteOf, at: at ?? from })
  return { at, isForeign: false, isMalformed: read.malformed.length > 0, record }
}

/** The rows of a window as they come, one compact record an id. */
class WindowRows {
  readonly records = new Map<string, SignInRecord>()
  /** The bucket of what could not be read whole, by id. */
  readonly malformed = new Map<string, Instant>()
  readonly #window: PlannedWindow
  #previousAt: Instant
  #unnamed = 0

  constructor(window: PlannedWindow) {
    this.#window = window
    this.#previousAt = window.from
  }

  add({ at: ownAt, isForeign, isMalformed, record }: TakenRow): void {
    const { from, to, grain } = this.#window
    const at = ownAt ?? this.#knownAt(record) ?? this.#previousAt
    this.#previousAt = at
    if (isForeign || at < from || at >= to) return
    if (!record) {
      this.malformed.set(`unreadable ${this.#unnamed++}`, bucketStart(at, grain))
      return
    }
    const id = record.id ?? `unnamed ${this.#unnamed++}`
    if (isMalformed) this.malformed.set(id, bucketStart(at, grain))
    else if (this.malformed.size > 0) this.malformed.delete(id)
    this.records.set(id, ownAt === undefined ? { ...record, createdDateTime: at } : record)
  }

  /** A row without a readable time that comes again stays where it was. */
  #knownAt(record: SignInRecord | undefined): Instant | undefined {
    return record?.id === undefined ? undefined : this.records.get(record.id)?.createdDateTime
  }
}

function countByBucket(
  window: PlannedWindow,
  records: Iterable<SignInRecord>,
  malformed: ReadonlyMap<string, Instant>,
  options: MonitorOptions,
): Map<Instant, BucketReadingResult> {
  const buckets = new Map<Instant, { readonly records: SignInRecord[]; malformedRows: number }>()
  for (const start of bucketStarts(window, window.grain)) buckets.set(start, { records: [], malformedRows: 0 })
  for (const record of records) buckets.get(bucketStart(record.createdDateTime, window.grain))?.records.push(record)
  for (const start of malformed.values()) {
    const bucket = buckets.get(start)
    if (bucket) bucket.malformedRows += 1
  }
  const results = new Map<Instant, BucketReadingResult>()
  for (const [start, bucket] of buckets) {
    results.set(start, {
      rows: bucket.records.length,
      malformedRows: bucket.malformedRows,
      get aggregate() {
        return aggregateOf(bucket.records, options)
      },
    })
  }
  return results
}

function aggregateOf(records: readonly SignInRecord[], { hashUser }: MonitorOptions): Aggregate {
  const tally = new Tally(hashUser.keyId)
  for (const record of records) tally.add(record)
  return tally.aggregate()
}
