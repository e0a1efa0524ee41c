import { hour, type Instant, minute, second } from './instant'

/**
 * Ages after the end of a bucket by which its sign-ins are said to have shown, in milliseconds; what shows later comes after
 * the last. The readings that settle an hour happen soon after it is one, six and 24 hours old, so each has an age to itself.
 */
export const arrivalAges: readonly number[] = [2 * minute, 5 * minute, 10 * minute, 20 * minute, 3 * hour, 8 * hour, 26 * hour]

/** The first reading has to be this early to say when its sign-ins came. */
const firstReadingBy = 5 * minute

/** What the readings of a bucket, or of many, saw come: a count for each of {@link arrivalAges} and one for what came later. */
export type Arrivals = readonly number[]

/** One reading of a bucket, and what was known of it before. */
interface ReadingOfBucket {
  readonly end: Instant
  readonly readAt: Instant
  readonly rows: number
  readonly before: { readonly rows: number; readonly arrivals?: Arrivals | undefined } | undefined
}

/**
 * The arrivals of a bucket after one more reading: the sign-ins that it found beyond the last one showed between the two.
 * Undefined where the first reading came too late to say anything.
 */
export function arrivalsAfter({ end, readAt, rows, before }: ReadingOfBucket): Arrivals | undefined {
  const known = before ? before.arrivals : readAt <= end + firstReadingBy ? noArrivals : undefined
  const more = rows - (before?.rows ?? 0)
  if (known === undefined || more <= 0) return known
  const index = arrivalAges.findIndex((age) => readAt - end <= age)
  return known.map((count, at) => (at === (index < 0 ? arrivalAges.length : index) ? count + more : count))
}

const noArrivals: Arrivals = new Array<number>(arrivalAges.length + 1).fill(0)

/** The sums of several; undefined where none is known. */
export function sumOfArrivals(several: readonly (Arrivals | undefined)[]): Arrivals | undefined {
  const known = several.filter((one) => one !== undefined)
  return known.length === 0 ? undefined : noArrivals.map((_, at) => known.reduce((sum, one) => sum + (one[at] ?? 0), 0))
}

/** The part of the sign-ins that showed later than an age after the end of their bucket; 0 where nothing is known. */
export function shareAfter(arrivals: Arrivals | undefined, age: number): number {
  const total = arrivals?.reduce((sum, one) => sum + one, 0) ?? 0
  if (!arrivals || total === 0) return 0
  return arrivals.reduce((sum, one, at) => ((arrivalAges[at] ?? Number.POSITIVE_INFINITY) > age ? sum + one : sum), 0) / total
}

/** A step of the distribution as it is given out: the part of the sign-ins that had shown by an age after the end of their bucket. */
export interface ArrivalShare {
  readonly withinSeconds: number
  readonly share: number
}

/** The distribution, rounded to four decimals; empty where nothing is known. */
export function arrivalShares(arrivals: Arrivals | undefined): ArrivalShare[] {
  if (!arrivals?.some((count) => count > 0)) return []
  return arrivalAges.map((age) => ({ withinSeconds: age / second, share: Math.round((1 - shareAfter(arrivals, age)) * 10_000) / 10_000 }))
}
