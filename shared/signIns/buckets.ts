import { civilDate, day, hour, type Instant, minute } from './instant'

/** How fine a count is kept: 5-minute buckets make hours, hours make days. */
export type Grain = '5m' | '1h' | '1d'

/** From fine to coarse. */
export const grains: readonly Grain[] = ['5m', '1h', '1d']

export const bucketLength = 5 * minute

/**
 * Entra shows a sign-in some minutes after it happened. A reading says something final about a bucket only when it
 * started at least this long after the bucket's end.
 */
export const arrivalAllowance = 10 * minute

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds; always whole hours. */
export type ZoneOffset = (at: Instant) => number

export const utc: ZoneOffset = () => 0

/** A half-open stretch of time: `from` belongs to it, `to` does not. */
export interface TimeRange {
  readonly from: Instant
  readonly to: Instant
}

/**
 * The earliest time that a window of a grain may begin at, where its rows are kept for some days: an hour more than that, so
 * that a window of the whole retention, asked for as one, does not fall short of it by the minutes that its bucket is open.
 */
export const answeredFrom = (now: Instant, retentionDays: number): Instant => now - retentionDays * day - hour

/** The start of the bucket of a grain that an instant falls into. Days begin at midnight of the zone. */
export function bucketStart(at: Instant, grain: Grain, zone: ZoneOffset = utc): Instant {
  if (grain === '5m') return at - positiveRemainder(at, bucketLength)
  if (grain === '1h') return at - positiveRemainder(at, hour)
  const localMidnight = at + zone(at) - positiveRemainder(at + zone(at), day)
  return instantOfLocal(localMidnight, zone)
}

/** The end of the bucket that starts at `start`; a day of 23 or 25 hours where the zone changes its clock. */
export function bucketEnd(start: Instant, grain: Grain, zone: ZoneOffset = utc): Instant {
  if (grain === '5m') return start + bucketLength
  if (grain === '1h') return start + hour
  return bucketStart(start + day + 2 * hour, '1d', zone)
}

/** The starts of all buckets of a grain that a range touches, in order. */
export function bucketStarts(range: TimeRange, grain: Grain, zone: ZoneOffset = utc): Instant[] {
  const starts: Instant[] = []
  for (let start = bucketStart(range.from, grain, zone); start < range.to; start = bucketEnd(start, grain, zone)) starts.push(start)
  return starts
}

/** The range widened to whole buckets of a grain. */
export function widenToGrain(range: TimeRange, grain: Grain, zone: ZoneOffset = utc): TimeRange {
  const last = bucketStart(range.to, grain, zone)
  return {
    from: bucketStart(range.from, grain, zone),
    to: last === range.to ? range.to : bucketEnd(last, grain, zone),
  }
}

/** The calendar (UTC) that table partitions are cut by: a day for 5m, a month for 1h, a year for 1d. */
export function partitionPeriod(start: Instant, grain: Grain): string {
  const date = civilDate(start)
  const month = `${date.year}${String(date.month).padStart(2, '0')}`
  if (grain === '5m') return month + String(date.day).padStart(2, '0')
  return grain === '1h' ? month : String(date.year)
}

const positiveRemainder = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor

function instantOfLocal(local: number, zone: ZoneOffset): Instant {
  const guess = local - zone(local)
  return local - zone(guess)
}
