import type { GraphReadError } from '../runtime/errors'
import type { TimeRange } from '../signIns/buckets'
import { day, minute } from '../signIns/instant'
import { firstBackfillLength, type ReadingReason } from '../signIns/readingPlan'

const lengthMin = 5 * minute
const lengthMax = day

/**
 * What a window is read for: what is `due` by the clock, or the `backfill` of what was never read. They differ in length by
 * far, so what a window of the one kind meets says nothing of the other.
 */
export type ReadingKind = 'due' | 'backfill'

/** The longest window of each kind that one stream is asked for, in milliseconds. */
export type WindowLengths = Record<ReadingKind, number>

/** The kind of a window that is read for a reason. */
export const kindOf = (reason: ReadingReason): ReadingKind => (reason === 'backfill' ? 'backfill' : 'due')

/** What a stream begins with that nothing is known of. */
export const firstWindowLengths: Readonly<WindowLengths> = { due: firstBackfillLength, backfill: firstBackfillLength }

/** Why a window that failed is tried again with half the length. */
export type ShorteningReason = 'throttled' | 'timed-out' | 'too-much' | 'place-lost'

/**
 * Why a shorter window may be answered where this error ended one, or undefined where its length had no part in it:
 * `too-much` is an answer of more pages or a larger one than are taken in, `place-lost` a link to a next page that Graph
 * itself no longer knows. What is read from its beginning at every try ends only when it is shorter.
 */
export function shorteningReason({ reason, status }: Pick<GraphReadError, 'reason' | 'status'>): ShorteningReason | undefined {
  if (reason === 'rateLimited') return 'throttled'
  if (reason === 'timeout' || status === 504) return 'timed-out'
  if (reason === 'clientError' && status === 200) return 'too-much'
  if (reason === 'serverError' && status >= 400 && status <= 499) return 'place-lost'
  return undefined
}

/** The longest window after one that was too long: half of that one, and at least a bucket. */
export const lengthAfterFailure = (longest: number, { from, to }: TimeRange): number =>
  Math.max(lengthMin, Math.min(longest, to - from) / 2)

/** The longest window after one that was answered: twice as long, unless that one was short and says nothing of how a long one goes. */
export const lengthAfterAnswer = (longest: number, { from, to }: TimeRange): number =>
  to - from >= longest / 2 ? Math.min(lengthMax, longest * 2) : longest
