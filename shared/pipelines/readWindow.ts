import type { Aggregate } from '../aggregates/aggregate'
import { recordOf, type SignInRecord } from '../aggregates/record'
import { Tally } from '../aggregates/tally'
import { classify } from '../failures/classify'
import { bucketStart, bucketStarts } from '../signIns/buckets'
import type { Instant } from '../signIns/instant'
import type { PlannedWindow } from '../signIns/readingPlan'
import { readSignIn } from '../signIns/readSignIn'
import { owningStream } from '../signIns/streams'
import type { MonitorOptions } from './options'
import type { Ports } from './ports'

/** One window, read whole. */
export interface WindowReading {
  /** When it started, on Graph's clock. */
  readonly readAt: Instant
  readonly pages: number
  /** Of every bucket of the window, the empty ones included. */
  readonly buckets: ReadonlyMap<Instant, BucketReadingResult>
}

export interface BucketReadingResult {
  readonly rows: number
  readonly malformedRows: number
  readonly aggregate: Aggregate
}

/**
 * Reads one window of one stream and counts it. Of each id the last version stands; a row outside the window or of
 * another stream is left to the reading that it belongs to; a row whose time cannot be read takes the time of the row
 * before it. Only one page of raw rows is held at a time. Throws what the source throws; then nothing was counted.
 */
export async function readWindow(
  window: PlannedWindow,
  ports: Pick<Ports, 'signIns' | 'clock'>,
  options: MonitorOptions,
  abort: AbortSignal,
): Promise<WindowReading> {
  const startedAt = ports.clock()
  const records = new Map<string, SignInRecord>()
  const malformed = new Map<string, Instant>()
  let readAt: Instant | undefined
  let previousAt = window.from
  let pages = 0
  let unnamed = 0
  const context = { stream: window.stream, tenants: options.tenants }
  const counting = { stream: window.stream, hashUser: options.hashUser, siteOf: options.siteOf }
  for await (const page of ports.signIns.read(window, abort)) {
    pages += 1
    readAt ??= page.serverTime ?? startedAt
    for (const row of page.rows) {
      const read = readSignIn(row)
      const at = read.ok ? (read.signIn.createdDateTime ?? previousAt) : previousAt
      previousAt = at
      if (at < window.from || at >= window.to) continue
      if (!read.ok) {
        malformed.set(`unreadable ${unnamed++}`, bucketStart(at, window.grain))
        continue
      }
      if (owningStream(read.signIn.signInEventTypes, options.streams, window.stream) !== window.stream) continue
      const id = read.signIn.id ?? `unnamed ${unnamed++}`
      if (read.malformed.length > 0) malformed.set(id, bucketStart(at, window.grain))
      else if (malformed.size > 0) malformed.delete(id)
      records.set(id, recordOf(read.signIn, classify(read.signIn, context), { ...counting, at }))
    }
  }
  return { readAt: readAt ?? startedAt, pages, buckets: countByBucket(window, records.values(), malformed, options) }
}

function countByBucket(
  window: PlannedWindow,
  records: Iterable<SignInRecord>,
  malformed: ReadonlyMap<string, Instant>,
  options: MonitorOptions,
): Map<Instant, BucketReadingResult> {
  const tallies = new Map<Instant, { tally: Tally; rows: number; malformedRows: number }>()
  for (const start of bucketStarts(window, window.grain)) {
    tallies.set(start, { tally: new Tally(options.hashUser.keyId), rows: 0, malformedRows: 0 })
  }
  for (const record of records) {
    const bucket = tallies.get(bucketStart(record.createdDateTime, window.grain))
    if (!bucket) continue
    bucket.tally.add(record)
    bucket.rows += 1
  }
  for (const start of malformed.values()) {
    const bucket = tallies.get(start)
    if (bucket) bucket.malformedRows += 1
  }
  const results = new Map<Instant, BucketReadingResult>()
  for (const [start, { tally, rows, malformedRows }] of tallies) {
    results.set(start, { rows, malformedRows, aggregate: tally.aggregate() })
  }
  return results
}
