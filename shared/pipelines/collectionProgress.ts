import type { BucketRow } from '../aggregates/bucketRow'
import { sumOfArrivals } from '../signIns/arrivals'
import { arrivalAllowance, bucketLength, bucketStart, type TimeRange } from '../signIns/buckets'
import { hour, type Instant, minute, second } from '../signIns/instant'
import { type ReadingExtent, readingExtent } from '../signIns/readingExtent'
import { graphPageRows, rowsOfNextBucket } from '../signIns/readingPlan'
import type { Overload, StreamProgress } from '../signIns/streamState'
import type { Collection, StreamCollection } from './collectSignIns'
import type { BackfillProgress } from './ports'
import type { StreamLedger } from './streamLedger'

/** A sign-in is read twice before it is complete: at the live edge and when its bucket closes. */
const readingsOfEach = 2
/** Buckets left behind within this time, and not by an outage long ago, show that reading does not keep up. */
const overloadLength = 2 * hour

/** What a run has to say of how far it has come: for health, for the summary and for the next run. */
export interface CollectionProgress {
  readonly progress: readonly StreamProgress[]
  readonly backfill: BackfillProgress
}

/** How far a collection has come, and how long the rest of the backfill takes at the rate of this tick. */
export function collectionProgress(collection: Collection, now: Instant): CollectionProgress {
  const extents = [...collection.streams].map(([stream, one]) => ({
    stream,
    one,
    extent: readingExtent({ now, lookbackFrom: one.lookbackFrom, readings: one.ledger.readings }),
  }))
  const rates = ratesOf(collection, now)
  const progress = extents.map(({ stream, one, extent }): StreamProgress => {
    const ledgers = [...one.ledger.hourRows.values(), ...looseRows(one.ledger)].map((row) => row.ledger)
    return {
      stream,
      completeFrom: stretchFrom(extent, one.before),
      completeTo: extent.completeTo,
      readTo: extent.readTo,
      settledTo: extent.settledTo,
      unsettledFrom: extent.unsettledFrom,
      bucketsPending: extent.bucketsPending,
      unsettledBuckets: extent.unsettledBuckets,
      lateRows: ledgers.reduce((sum, { rows, rowsWhenComplete }) => sum + Math.max(0, rows - (rowsWhenComplete ?? rows)), 0),
      malformedRows: ledgers.reduce((sum, { malformedRows }) => sum + malformedRows, 0),
      arrivals: sumOfArrivals(ledgers.map(({ arrivals }) => arrivals)),
      overload: overloadOf(one, extent, rates, now),
      lastCommitAt: one.lastCommitAt,
      lastRowsAt: one.lastRowsAt,
      refusal: one.refusal,
      retentionLength: one.retentionLength,
      windowLength: one.windowLengths.due,
      backfillLength: one.windowLengths.backfill,
      detail: one.detail,
    }
  })
  return {
    progress,
    backfill: backfillOf(
      extents.map(({ extent }) => extent),
      collection,
      now,
    ),
  }
}

/** What was complete stays so when the lookback has gone on: a stretch that reaches into the one before it begins where that began. */
function stretchFrom({ completeFrom }: ReadingExtent, before: StreamProgress | undefined): Instant | undefined {
  const stretch = stretchOf(before)
  return stretch && completeFrom !== undefined && stretch.to >= completeFrom ? Math.min(stretch.from, completeFrom) : completeFrom
}

const stretchOf = (before: StreamProgress | undefined): TimeRange | undefined =>
  before?.completeFrom === undefined || before.completeTo === undefined ? undefined : { from: before.completeFrom, to: before.completeTo }

/** The 5-minute rows whose hour is not made yet. */
const looseRows = ({ rows, hourRows }: StreamLedger): Pick<BucketRow, 'ledger'>[] =>
  [...rows.values()].filter((row) => !hourRows.has(bucketStart(row.start, '1h')))

interface Rates extends Overload {
  /** Whether what buckets have that were read is more than the requests of a minute can give. */
  readonly isTooMuch: boolean
}

/** How many sign-ins come and how many were read. */
function ratesOf({ streams, ports, rowsRead, startedAt }: Collection, now: Instant): Rates {
  const { budget, pageRows = graphPageRows } = ports.signIns
  const perStream = [...streams.values()].map(({ ledger, unfinishedRate = 0 }) => ({
    known: ((rowsOfNextBucket(ledger.readings, now) ?? 0) * minute) / bucketLength,
    unfinishedRate,
  }))
  const known = perStream.reduce((sum, one) => sum + one.known, 0)
  const arriving = perStream.reduce((sum, one) => sum + Math.max(one.known, one.unfinishedRate), 0)
  // What Graph asks us to wait for is a fault of its own, and no measure of what it gives.
  const from = Math.max(now, budget.state().retryAfterUntil ?? now)
  const possible = budget.available(from + minute) * pageRows
  return { arriving, read: rowsRead / Math.max(1, (now - startedAt) / minute), isTooMuch: known * readingsOfEach > possible }
}

/**
 * Set where a stream is left behind because there is too much to read: a new bucket that does not end in the time that one
 * may take, or buckets left out though Graph answers. A run that has not got that far yet says what the one before it said.
 */
function overloadOf(
  one: StreamCollection,
  extent: ReadingExtent,
  { arriving, read, isTooMuch }: Rates,
  now: Instant,
): Overload | undefined {
  if (one.unfinishedRate !== undefined || (isTooMuch && hasGaps(one, extent, now))) return { arriving, read }
  return extent.readTo === one.before?.readTo ? one.before?.overload : undefined
}

/** Whether buckets that are over were left behind lately, other than those before the first one that was ever read. */
function hasGaps({ ledger: { readings } }: StreamCollection, { oldest }: ReadingExtent, now: Instant): boolean {
  if (oldest === undefined) return false
  const newest = bucketStart(now - arrivalAllowance, '5m') - bucketLength
  for (let start = newest; start >= Math.max(oldest, now - overloadLength); start -= bucketLength) if (!readings.has(start)) return true
  return false
}

function backfillOf(extents: readonly ReadingExtent[], { startedAt, backfilled }: Collection, now: Instant): BackfillProgress {
  const sum = (count: (extent: ReadingExtent) => number): number => extents.reduce((all, extent) => all + count(extent), 0)
  const total = sum(({ bucketsTotal }) => bucketsTotal)
  const pending = sum(({ bucketsPending }) => bucketsPending)
  const oldest = extents.flatMap((extent) => (extent.oldest === undefined ? [] : [extent.oldest]))
  const elapsed = (now - startedAt) / second
  const rate = elapsed > 0 ? backfilled / elapsed : 0
  return {
    bucketsDone: total - pending,
    bucketsTotal: total,
    oldest: oldest.length === 0 ? undefined : Math.min(...oldest),
    bucketsPerMinute: rate > 0 ? Math.round(rate * 60) : undefined,
    secondsLeft: pending === 0 ? 0 : rate > 0 ? Math.ceil(pending / rate) : undefined,
  }
}
