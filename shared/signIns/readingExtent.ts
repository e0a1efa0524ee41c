import { arrivalAllowance, bucketEnd, bucketLength, bucketStart } from './buckets'
import type { Instant } from './instant'
import { type BucketReading, finalSettlingAge } from './readingPlan'

/** What a stream's readings prove; the times that health and the summary give out. */
export interface ReadingExtent {
  readonly completeFrom: Instant | undefined
  readonly completeTo: Instant | undefined
  readonly readTo: Instant | undefined
  readonly settledTo: Instant | undefined
  /** The start of the oldest bucket that was read and still waits for its last settling age. */
  readonly unsettledFrom: Instant | undefined
  /** The start of the oldest bucket that was read. */
  readonly oldest: Instant | undefined
  readonly bucketsPending: number
  readonly unsettledBuckets: number
  readonly bucketsTotal: number
}

/** Derives, from the readings of a lookback, how far a stream is complete, read and settled. */
export function readingExtent({
  now,
  lookbackFrom,
  readings,
}: {
  readonly now: Instant
  readonly lookbackFrom: Instant
  readonly readings: ReadonlyMap<Instant, BucketReading>
}): ReadingExtent {
  let completeFrom: Instant | undefined
  let completeTo: Instant | undefined
  let readTo: Instant | undefined
  let settledTo: Instant | undefined
  let unsettledFrom: Instant | undefined
  let oldest: Instant | undefined
  let bucketsPending = 0
  let bucketsTotal = 0
  let unsettledBuckets = 0
  let stretchEnded = false
  const newest = bucketStart(now, '5m') - bucketLength
  for (let start = newest; start >= lookbackFrom; start -= bucketLength) {
    const end = start + bucketLength
    const reading = readings.get(start)
    bucketsTotal += 1
    if (reading === undefined) bucketsPending += 1
    if (reading !== undefined && reading.readAt >= end) readTo ??= end
    const isComplete = reading !== undefined && reading.readAt >= end + arrivalAllowance
    if (isComplete && !stretchEnded) {
      completeTo ??= end
      completeFrom = start
    } else if (completeTo !== undefined) {
      stretchEnded = true
    }
    if (reading === undefined) continue
    oldest = start
    if (isSettled(start, reading)) settledTo ??= end
    else {
      unsettledFrom = start
      if (settledTo !== undefined) unsettledBuckets += 1
    }
  }
  return { completeFrom, completeTo, readTo, settledTo, unsettledFrom, oldest, bucketsPending, unsettledBuckets, bucketsTotal }
}

const isSettled = (start: Instant, { readAt, shrunkTo }: BucketReading): boolean =>
  shrunkTo === undefined && readAt >= bucketEnd(bucketStart(start, '1h'), '1h') + finalSettlingAge
