import type { StreamStatus } from '../signIns/completeness'
import { excludedStates } from '../signIns/streamState'

/** What a run that ended tells of itself. */
export interface EndedRun {
  readonly result: 'ok' | 'partial' | 'failed'
  /** Whether the run still held its lease when it ended. */
  readonly isHeld: boolean
  /** Names of the steps that failed as a whole. */
  readonly failedSteps: readonly string[]
  readonly streams: readonly StreamStatus[]
}

/** Why the heartbeat is sent (`beat`) or withheld. */
export type HeartbeatReason = 'beat' | 'run-taken-over' | 'run-failed' | 'step-failed' | 'nothing-readable' | 'stream-not-current'

/**
 * Whether a run did what people rely on: it read every stream that can be read up to now, looked at the alerts and sent
 * what was to be told. A partial run did so where a bucket failed and the streams are current all the same. A stream that
 * Graph refuses withholds nothing, for it has an alert of its own, unless no other is left. The first reason that holds wins.
 */
export function heartbeatReason({ result, isHeld, failedSteps, streams }: EndedRun): HeartbeatReason {
  if (!isHeld) return 'run-taken-over'
  if (result === 'failed') return 'run-failed'
  if (failedSteps.length > 0) return 'step-failed'
  const readable = streams.filter(({ state }) => !excludedStates.includes(state))
  if (readable.length === 0) return 'nothing-readable'
  return readable.every(({ state }) => state === 'current') ? 'beat' : 'stream-not-current'
}
