import type { BucketRow } from '../aggregates/bucketRow'
import { arrivalAllowance, bucketLength, bucketStart, type TimeRange } from '../signIns/buckets'
import { hour, type Instant } from '../signIns/instant'
import type { BucketReading } from '../signIns/readingPlan'
import type { StreamId } from '../signIns/streams'
import type { BucketStore } from './ports'

/** 5-minute rows younger than this are always looked at; what is older and has its hour is known by the hour. */
const fineLedgerLength = 26 * hour
const bucketsPerHour = hour / bucketLength

/** A stored bucket without its counts: what a reading of it was, and the version to replace. */
export type LedgerRow = Omit<BucketRow, 'counts'>

/** What the stored rows say about the reading of one stream over the lookback. */
export interface StreamLedger {
  readonly stream: StreamId
  /** By the start of the 5-minute bucket; a bucket that is only known by its hour has the hour's mean. */
  readonly readings: Map<Instant, BucketReading>
  /** The stored 5-minute rows. */
  readonly rows: Map<Instant, LedgerRow>
  readonly hourRows: Map<Instant, LedgerRow>
}

/** Reads the ledgers of some streams over a lookback that starts at the start of an hour. */
export async function gatherLedgers(
  buckets: BucketStore,
  streams: readonly StreamId[],
  lookback: TimeRange,
): Promise<Map<StreamId, StreamLedger>> {
  const fineFrom = Math.max(lookback.from, bucketStart(lookback.to - fineLedgerLength, '1h'))
  const [hourRows, fineRows] = await Promise.all([
    buckets.rows({ grain: '1h', streams, from: lookback.from, to: lookback.to }),
    buckets.rows({ grain: '5m', streams, from: fineFrom, to: lookback.to + bucketLength }),
  ])
  const ledgers = new Map<StreamId, StreamLedger>(
    streams.map((stream) => [stream, { stream, readings: new Map(), rows: new Map(), hourRows: new Map() }]),
  )
  for (const row of hourRows) ledgers.get(row.stream)?.hourRows.set(row.start, withoutCounts(row))
  const olderRows = await olderFineRows(buckets, streams, { from: lookback.from, to: fineFrom }, ledgers)
  for (const ledger of ledgers.values()) {
    for (const row of ledger.hourRows.values()) noteHourRow(ledger, row)
  }
  for (const row of [...olderRows, ...fineRows]) {
    const ledger = ledgers.get(row.stream)
    if (ledger && !isReadDirectly(ledger.hourRows.get(bucketStart(row.start, '1h')))) noteRow(ledger, row)
  }
  return ledgers
}

/** Puts a 5-minute row into a ledger, in the place of what was known of that bucket. */
export function noteRow(ledger: StreamLedger, row: LedgerRow): void {
  ledger.rows.set(row.start, withoutCounts(row))
  ledger.readings.set(row.start, { readAt: row.ledger.readAt, rows: row.ledger.rows, shrunkTo: row.ledger.shrunkTo })
}

/**
 * Puts an hour row into a ledger. Buckets whose own rows are known keep them; the others count as read when the first one
 * of the hour was, or as complete where the row says that all of them are.
 */
export function noteHourRow(ledger: StreamLedger, row: LedgerRow): void {
  ledger.hourRows.set(row.start, withoutCounts(row))
  const { children, readAt, rows, shrunkTo } = row.ledger
  const isComplete = children !== undefined && children.complete === children.expected
  for (let start = row.start; start < row.start + hour; start += bucketLength) {
    if (children && ledger.rows.has(start)) continue
    const completeAt = isComplete ? start + bucketLength + arrivalAllowance : readAt
    ledger.readings.set(start, { readAt: Math.max(readAt, completeAt), rows: rows / bucketsPerHour, shrunkTo })
  }
}

/** A ledger is kept from run to run, and counts are much larger than all that is asked of it. */
const withoutCounts = ({ stream, grain, start, ledger, version }: LedgerRow): LedgerRow => ({ stream, grain, start, ledger, version })

/** An hour that backfill read as an hour has no children: it is never made from any and stands for them all. */
export const isReadDirectly = (row: LedgerRow | undefined): boolean => row !== undefined && row.ledger.children === undefined

/** 5-minute rows of the old hours that some stream has no row for. */
async function olderFineRows(
  buckets: BucketStore,
  streams: readonly StreamId[],
  range: TimeRange,
  ledgers: ReadonlyMap<StreamId, StreamLedger>,
): Promise<BucketRow[]> {
  const rows: BucketRow[] = []
  let gapFrom: Instant | undefined
  for (let start = range.from; start <= range.to; start += hour) {
    const known = start < range.to && streams.every((stream) => ledgers.get(stream)?.hourRows.has(start))
    if (start < range.to && !known) gapFrom ??= start
    else if (gapFrom !== undefined) {
      rows.push(...(await buckets.rows({ grain: '5m', streams, from: gapFrom, to: start })))
      gapFrom = undefined
    }
  }
  return rows
}
