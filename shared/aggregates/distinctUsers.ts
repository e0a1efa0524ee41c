import type { Scope } from './aggregate'
import { estimateSketch, sketchRelativeError } from './sketch'

/** How many different users, as it is given out. */
export interface DistinctUsers {
  /** null where nobody could be told apart: every user id is masked or missing. */
  readonly estimate: number | null
  /** The standard error of the estimate, relative to it. */
  readonly relativeError: number
  /** Sign-ins of users whose id is masked or missing; they are in no estimate. */
  readonly unknownSignIns: number
}

/**
 * The distinct users of a breakdown of `signIns` sign-ins. Where the hash key was changed in between, the sketches of
 * both keys may hold the same people, so the larger estimate stands: a lower bound that counts nobody twice.
 */
export function distinctUsersOf(scope: Scope | undefined, signIns: number): DistinctUsers {
  const unknownSignIns = scope?.unknownUsers ?? 0
  const estimates = Array.from(scope?.users.values() ?? [], estimateSketch)
  const isUnknown = unknownSignIns > 0 || (scope === undefined && signIns > 0)
  const estimate = estimates.length > 0 ? Math.max(...estimates) : isUnknown ? null : 0
  return { estimate, relativeError: sketchRelativeError, unknownSignIns }
}
