import { arrivalAllowance, bucketEnd, bucketLength, bucketStart, type Grain, type TimeRange } from './buckets'
import { hour, type Instant } from './instant'
import type { StreamId } from './streams'

/** Ages, counted from the end of a bucket's hour, at which the bucket is read again for what came late. */
export const settlingAges: readonly { readonly reason: ReadingReason; readonly age: number }[] = [
  { reason: 'settling-24h', age: 24 * hour },
  { reason: 'settling-6h', age: 6 * hour },
  { reason: 'settling-1h', age: hour },
]

/** The age after which nothing more is expected of a bucket. */
export const finalSettlingAge = 24 * hour

/** A stream without a sign-in for this long is taken to be empty until one shows up. */
const emptyLength = 2 * hour

/** Rows that one page of Graph holds. */
export const graphPageRows = 1_000
/** A window of several buckets is expected to fit into this many pages. */
const windowPagesMax = 2
/** One that settles may be longer: the last page of each is not full, and a tick cuts off as many buckets as it has room for. */
const settlingPagesMax = 16
/** Buckets of a live edge: those that ended within the arrival allowance, and the open one. */
const liveBuckets = arrivalAllowance / bucketLength + 1
/** Of the buckets that were read last, so many say how many rows the next one will have. */
const recentBuckets = 6
const recentLength = 30 * 24 * hour
/** Backfill of a stream that nothing is known of starts with windows of this length. */
export const firstBackfillLength = 6 * hour

/** Why a bucket is due. */
export type ReadingReason = 'live-edge' | 'closing' | 'shrunk' | 'settling-1h' | 'settling-6h' | 'settling-24h' | 'backfill'

/** What is known of the last reading of a 5-minute bucket. */
export interface BucketReading {
  /** When it started, on Graph's clock. */
  readonly readAt: Instant
  readonly rows: number
  /** The row count of a smaller reading that waits for a second one to agree. */
  readonly shrunkTo: number | undefined
}

/** Neighbouring due buckets that are read as one. `grain` is what they are committed as. */
export interface PlannedWindow extends TimeRange {
  readonly stream: StreamId
  readonly grain: Exclude<Grain, '1d'>
  readonly reason: ReadingReason
  /** How many requests it is expected to take. */
  readonly requests: number
}

export interface PlanInput {
  readonly stream: StreamId
  readonly now: Instant
  /** Where reading begins; at the start of an hour. */
  readonly lookbackFrom: Instant
  /**
   * Buckets that start before this are read and kept as hours; at the start of an hour. 5-minute rows that such an hour has
   * keep an older reading until they expire, so it lies before all that may be asked for by 5 minutes.
   */
  readonly hoursBefore: Instant
  /** What was read so far, by the start of the 5-minute bucket. */
  readonly readings: ReadonlyMap<Instant, BucketReading>
  /** The longest window for now: halved when Graph times out or throttles, doubled when it answers. */
  readonly windowLengthMax: number
  /** Rows that a page holds; as many as Graph's do where it is left out. */
  readonly pageRows?: number | undefined
}

/** The windows that are due, most urgent first; `backfill` waits until everything else of the tick is done. */
export interface StreamPlan {
  readonly windows: readonly PlannedWindow[]
  readonly backfill: readonly PlannedWindow[]
}

/**
 * Decides which buckets of a stream are to be read now and in which windows. A pure function of the readings and the
 * time: what was not read, for whatever reason, is still due at the next tick.
 */
export function planReadings(input: PlanInput): StreamPlan {
  const rowsPerBucket = rowsOfNextBucket(input.readings, input.now)
  const reasons = dueBuckets(input, rowsPerBucket)
  const rowsOfLast = rowsOfNextBucket(input.readings, input.now, 1)
  const rowsPerComplete = rowsOfNextBucket(input.readings, input.now - 2 * arrivalAllowance)
  const rowsOf = (start: Instant): number => {
    const known = rowsKnown(input.readings.get(start), start)
    const reason = reasons.get(start)
    // What is read as soon as it is over shows as much as the one before did, and not whole until it closes.
    if (reason === 'live-edge') return known ?? rowsOfLast ?? 0
    return reason === 'closing' ? Math.max(known ?? 0, rowsPerComplete ?? 0) : (known ?? rowsPerBucket ?? 0)
  }
  const urgent = [...reasons].filter(([, reason]) => reason !== 'backfill')
  const unread = [...reasons].filter(([, reason]) => reason === 'backfill')
  return {
    windows: joinNeighbours(urgent, input, rowsOf).sort(byUrgency),
    backfill: joinNeighbours(unread.reverse(), input, () => rowsPerBucket ?? 0),
  }
}

function dueBuckets(input: PlanInput, rowsPerBucket: number | undefined): Map<Instant, ReadingReason> {
  const due = new Map<Instant, ReadingReason>()
  const everyTick = isReadEveryTick(input, rowsPerBucket)
  for (let start = input.lookbackFrom; start <= input.now; start += bucketLength) {
    const reason = dueReason(start, input.readings.get(start), input.now, everyTick)
    if (reason) due.set(start, reason)
  }
  return due
}

/** Why a bucket is to be read now, or undefined. */
export function dueReason(
  start: Instant,
  reading: BucketReading | undefined,
  now: Instant,
  liveEdgeEveryTick: boolean,
): ReadingReason | undefined {
  const end = start + bucketLength
  if (now < end + arrivalAllowance) {
    if (liveEdgeEveryTick) return 'live-edge'
    return now >= end && (reading === undefined || reading.readAt < end) ? 'live-edge' : undefined
  }
  if (reading === undefined) return 'backfill'
  if (reading.readAt < end + arrivalAllowance) return 'closing'
  if (reading.shrunkTo !== undefined) return 'shrunk'
  const hourEnd = bucketEnd(bucketStart(start, '1h'), '1h')
  return settlingAges.find(({ age }) => now >= hourEnd + age && reading.readAt < hourEnd + age)?.reason
}

/**
 * A live edge of more than a page is not read at every tick, and neither is that of a stream in which nothing happened
 * lately: their buckets wait until they are over. A bucket that was read while it was open, and not since, has as many
 * rows as others have; where none could be read after its end, they are too many.
 */
function isReadEveryTick({ now, readings, pageRows = graphPageRows }: PlanInput, rowsPerBucket: number | undefined): boolean {
  const closed = bucketStart(now, '5m') - bucketLength
  const lately: number[] = []
  for (let start = closed; start > closed - emptyLength; start -= bucketLength) {
    const reading = readings.get(start)
    if (reading) lately.push(rowsKnown(reading, start) ?? Math.max(reading.rows, rowsPerBucket ?? Number.POSITIVE_INFINITY))
  }
  if (lately.length === 0) lately.push((rowsPerBucket ?? 0) * liveBuckets)
  const isEmpty = lately.length >= emptyLength / bucketLength - 1 && lately.every((rows) => rows === 0)
  return !isEmpty && lately.slice(0, liveBuckets).reduce((sum, rows) => sum + rows, 0) <= pageRows
}

/** How many rows a bucket is expected to have: the mean of those that were read last; undefined where none was read after its end. */
export function rowsOfNextBucket(
  readings: ReadonlyMap<Instant, BucketReading>,
  now: Instant,
  bucketsMax = recentBuckets,
): number | undefined {
  let buckets = 0
  let rows = 0
  const newest = bucketStart(now, '5m')
  for (let start = newest; start >= newest - recentLength && buckets < bucketsMax; start -= bucketLength) {
    const known = rowsKnown(readings.get(start), start)
    if (known === undefined) continue
    buckets += 1
    rows += known
  }
  return buckets === 0 ? undefined : rows / buckets
}

/** The rows of a bucket that was read after its end; one that was still open may have any number by now. */
const rowsKnown = (reading: BucketReading | undefined, start: Instant): number | undefined =>
  reading !== undefined && reading.readAt >= start + bucketLength ? reading.rows : undefined

/** A window that may still grow. */
interface OpenWindow {
  readonly grain: PlannedWindow['grain']
  from: Instant
  to: Instant
  reason: ReadingReason
  rows: number
}

/** Joins due buckets, one after the other in either direction, into windows that are expected to fit in a few pages. */
function joinNeighbours(
  due: readonly (readonly [Instant, ReadingReason])[],
  input: PlanInput,
  rowsOf: (start: Instant) => number,
): PlannedWindow[] {
  const { pageRows = graphPageRows } = input
  const windows: OpenWindow[] = []
  let last: OpenWindow | undefined
  for (const [start, reason] of due) {
    const grain = start < input.hoursBefore ? '1h' : '5m'
    const rows = rowsOf(start)
    if (last && joins(last, { start, grain, reason, rows }, input.windowLengthMax, pageRows)) {
      last.from = Math.min(last.from, start)
      last.to = Math.max(last.to, start + bucketLength)
      last.reason = moreUrgent(last.reason, reason)
      last.rows += rows
    } else {
      last = { from: start, to: start + bucketLength, grain, reason, rows }
      windows.push(last)
    }
  }
  const { stream } = input
  return windows.map(({ from, to, grain, reason, rows }) => {
    const requests = Math.max(1, Math.ceil(rows / pageRows))
    return { stream, from, to, grain, reason, requests }
  })
}

function joins(
  window: OpenWindow,
  bucket: { readonly start: Instant; readonly grain: OpenWindow['grain']; readonly reason: ReadingReason; readonly rows: number },
  lengthMax: number,
  pageRows: number,
): boolean {
  const end = bucket.start + bucketLength
  const border = window.to === bucket.start ? bucket.start : end
  if ((window.to !== bucket.start && window.from !== end) || window.grain !== bucket.grain) return false
  // What is kept as hours is read in whole hours.
  if (bucket.grain === '1h' && bucketStart(border, '1h') !== border) return true
  const pagesMax = settlingReasons.has(window.reason) && settlingReasons.has(bucket.reason) ? settlingPagesMax : windowPagesMax
  return window.rows + bucket.rows <= pagesMax * pageRows && window.to - window.from + bucketLength <= lengthMax
}

const settlingReasons: ReadonlySet<ReadingReason> = new Set(settlingAges.map(({ reason }) => reason))

/** When requests are short, what comes last is left out: settling at 6 h first, then at 1 h. What was left out is made up for at the next age. */
export const urgency: readonly ReadingReason[] = [
  'live-edge',
  'closing',
  'shrunk',
  'settling-24h',
  'settling-1h',
  'settling-6h',
  'backfill',
]

const moreUrgent = (one: ReadingReason, other: ReadingReason): ReadingReason =>
  urgency.indexOf(one) <= urgency.indexOf(other) ? one : other

const byUrgency = (one: PlannedWindow, other: PlannedWindow): number =>
  urgency.indexOf(one.reason) - urgency.indexOf(other.reason) || other.from - one.from
