import type { Arrivals } from './arrivals'
import type { Instant } from './instant'
import type { StreamId } from './streams'

/**
 * How well a stream is being read. `behind`: its reading goes on and lags, or sign-ins come faster than it does; `stalled`:
 * it lags and does not go on; `forbidden` and `unlicensed`: Graph refuses it, `unavailable`: this cloud does not
 * serve it, `disabled`: the setting STREAMS leaves it out, `starting`: nothing was read yet.
 */
export type StreamState = 'current' | 'behind' | 'stalled' | 'forbidden' | 'unlicensed' | 'unavailable' | 'disabled' | 'starting'

/** States in which a stream cannot give anything: it is left out of sums and named in `excluded`. */
export const excludedStates: readonly StreamState[] = ['forbidden', 'unlicensed', 'unavailable', 'disabled']

/**
 * What is known of the reading of one stream, written at the end of a run. Every time may be missing; none of them is
 * ever later than what the bucket rows prove.
 */
export interface StreamProgress {
  readonly stream: StreamId
  /** The stretch, up to the live edge, of buckets whose reading started `arrivalAllowance` or more after their end. */
  readonly completeFrom: Instant | undefined
  readonly completeTo: Instant | undefined
  /** End of the last bucket that was read at all after its end. */
  readonly readTo: Instant | undefined
  /** End of the last bucket whose final settling age was read. */
  readonly settledTo: Instant | undefined
  /** Closed buckets of the lookback that are not read yet. */
  readonly bucketsPending: number
  readonly unsettledBuckets: number
  /** Sign-ins that showed up after their bucket had been read as complete. */
  readonly lateRows: number
  readonly malformedRows: number
  /** When sign-ins showed, as far as readings saw them come. */
  readonly arrivals?: Arrivals | undefined
  /** The start of the oldest bucket that was read and still waits for its last settling age. */
  readonly unsettledFrom?: Instant | undefined
  /** Set while buckets are left behind because sign-ins come faster than they can be read. */
  readonly overload?: Overload | undefined
  readonly lastCommitAt: Instant | undefined
  /** When Graph last gave rows of the stream, also of a window that was not read to its end. */
  readonly lastRowsAt?: Instant | undefined
  /** Since when Graph has been refusing the stream, and how; undefined while it answers. */
  readonly refusal: Refusal | undefined
  /** How long Graph keeps this stream, in milliseconds, where it is less than was asked for; learnt from its answer. */
  readonly retentionLength?: number | undefined
  /**
   * The longest window that Graph is asked for at the live edge and in settling, in milliseconds: less after one that was too
   * long, more again while it answers.
   */
  readonly windowLength?: number | undefined
  /** The same of backfill. */
  readonly backfillLength?: number | undefined
  /** The last problem in words that name no one; undefined when the last reading went well. */
  readonly detail: string | undefined
}

/** Sign-ins a minute, of all streams together. */
export interface Overload {
  /** How many come, at least. */
  readonly arriving: number
  /** How many Graph gave to this run, each as often as it gave it. */
  readonly read: number
}

export interface Refusal {
  readonly state: 'forbidden' | 'unlicensed' | 'unavailable'
  readonly since: Instant
  readonly detail: string
}
