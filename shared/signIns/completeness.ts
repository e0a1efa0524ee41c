import type { Arrivals } from './arrivals'
import { arrivalAllowance, type TimeRange } from './buckets'
import { formatInstantOrNull, type Instant, minute, second } from './instant'
import { excludedStates, type Overload, type Refusal, type StreamProgress, type StreamState } from './streamState'
import { type StreamId, streams } from './streams'

/** A stream's newest closed bucket may be this old while the stream is still `current`. */
export const currentLagMax = arrivalAllowance + 10 * minute
/**
 * A stream that lags is `behind` while something was committed within this time, and `stalled` after it; where more sign-ins
 * come than can be read, it is enough that Graph gave some, for a window that never ends is read all the same.
 */
export const stalledAfter = 15 * minute
/** A stream that used to work is `forbidden` only when Graph has been refusing it for this long. */
export const refusalGrace = 15 * minute

/** How well one stream is read at a moment. */
export interface StreamStatus {
  readonly stream: StreamId
  readonly state: StreamState
  readonly completeFrom: Instant | undefined
  readonly completeTo: Instant | undefined
  readonly readTo: Instant | undefined
  readonly settledTo: Instant | undefined
  /** From the end of the newest bucket that was read after its end; undefined where there is none. */
  readonly lagSeconds: number | undefined
  readonly bucketsPending: number
  readonly unsettledBuckets: number
  readonly lateRows: number
  readonly malformedRows: number
  readonly arrivals?: Arrivals | undefined
  readonly refusal: Refusal | undefined
  readonly detail: string | undefined
}

/** The status of every stream, in their order, from what the last run wrote and the time that it is judged at. */
export function streamStatuses(progress: readonly StreamProgress[], enabled: readonly StreamId[], now: Instant): StreamStatus[] {
  return streams.map(({ id }) => {
    const found = progress.find((one) => one.stream === id)
    const readTo = found?.readTo
    const state = stateOf(id, found, enabled, now)
    const overload = state === 'behind' ? found?.overload : undefined
    return {
      stream: id,
      state,
      completeFrom: found?.completeFrom,
      completeTo: found?.completeTo,
      readTo,
      settledTo: found?.settledTo,
      lagSeconds: readTo === undefined ? undefined : Math.max(0, Math.round((now - readTo) / second)),
      bucketsPending: found?.bucketsPending ?? 0,
      unsettledBuckets: found?.unsettledBuckets ?? 0,
      lateRows: found?.lateRows ?? 0,
      malformedRows: found?.malformedRows ?? 0,
      arrivals: found?.arrivals,
      refusal: found?.refusal,
      detail: found?.refusal?.detail ?? (overload && overloadDetail(overload)) ?? found?.detail,
    }
  })
}

/**
 * How old the numbers of the stream that lags most are, in milliseconds: the time since its `completeTo`. Undefined while
 * a stream has none; streams that Graph refuses or that are not wanted are left out, for they say so themselves.
 */
export function completeToAge(progress: readonly StreamProgress[], enabled: readonly StreamId[], now: Instant): number | undefined {
  const readable = streamStatuses(progress, enabled, now).filter(({ state }) => !excludedStates.includes(state))
  const ends = readable.flatMap(({ completeTo }) => completeTo ?? [])
  return ends.length > 0 && ends.length === readable.length ? Math.max(0, now - Math.min(...ends)) : undefined
}

function stateOf(id: StreamId, progress: StreamProgress | undefined, enabled: readonly StreamId[], now: Instant): StreamState {
  if (!enabled.includes(id)) return 'disabled'
  if (progress?.refusal && (progress.readTo === undefined || now - progress.refusal.since >= refusalGrace)) return progress.refusal.state
  const isLately = (at: Instant | undefined): boolean => at !== undefined && now - at <= stalledAfter
  const goesOn = isLately(progress?.lastCommitAt) || (progress?.overload !== undefined && isLately(progress.lastRowsAt))
  if (progress?.readTo === undefined) return progress?.overload && goesOn ? 'behind' : 'starting'
  if (now - progress.readTo <= currentLagMax) return progress.overload ? 'behind' : 'current'
  return goesOn ? 'behind' : 'stalled'
}

const rate = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })

/** What is wrong, how much, and what to do. */
const overloadDetail = ({ arriving, read }: Overload): string =>
  `More sign-ins come than can be read: about ${rate.format(arriving)} a minute or more, each to be read twice, and ${rate.format(read)} a minute were read. ` +
  'Leave streams out with STREAMS; Microsoft Graph gives at most 30,000 a minute, and what is beyond it needs a diagnostic setting.'

/** How complete an answer over a window is, as it is given out. */
export interface Completeness {
  readonly complete: boolean
  readonly completeFrom: string | null
  readonly completeTo: string | null
  readonly readTo: string | null
  readonly settledTo: string | null
  readonly excluded: readonly StreamId[]
  readonly unsettledBuckets: number
  readonly streams: readonly StreamCompleteness[]
}

/** The same of one stream. */
export interface StreamCompleteness {
  readonly stream: StreamId
  readonly state: StreamState
  readonly completeTo: string | null
  readonly readTo: string | null
  readonly lagSeconds: number | null
  readonly bucketsPending: number
  readonly lateRows: number
  readonly malformedRows: number
  readonly detail: string | null
}

/** The intersection over the selected streams that can be read; a selected stream that cannot is named in `excluded`. */
export function completenessOf(selected: readonly StreamStatus[], window: TimeRange): Completeness {
  const excluded = selected.filter((status) => excludedStates.includes(status.state))
  const readable = selected.filter((status) => !excludedStates.includes(status.state))
  const completeFrom = latest(readable.map((status) => status.completeFrom))
  const completeTo = earliest(readable.map((status) => status.completeTo))
  const covered =
    readable.length > 0 && completeFrom !== undefined && completeTo !== undefined && completeFrom <= window.from && window.to <= completeTo
  return {
    complete: covered && excluded.length === 0,
    completeFrom: formatInstantOrNull(completeFrom),
    completeTo: formatInstantOrNull(completeTo),
    readTo: formatInstantOrNull(earliest(readable.map((status) => status.readTo))),
    settledTo: formatInstantOrNull(earliest(readable.map((status) => status.settledTo))),
    excluded: excluded.map((status) => status.stream),
    unsettledBuckets: readable.reduce((sum, status) => sum + status.unsettledBuckets, 0),
    streams: selected.map(streamCompleteness),
  }
}

/** One stream's status as it is given out. */
export function streamCompleteness(status: StreamStatus): StreamCompleteness {
  return {
    stream: status.stream,
    state: status.state,
    completeTo: formatInstantOrNull(status.completeTo),
    readTo: formatInstantOrNull(status.readTo),
    lagSeconds: status.lagSeconds ?? null,
    bucketsPending: status.bucketsPending,
    lateRows: status.lateRows,
    malformedRows: status.malformedRows,
    detail: status.detail ?? null,
  }
}

/** The smallest of some times, or undefined where one is missing or there are none. */
function earliest(times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === times.length && known.length > 0 ? Math.min(...known) : undefined
}

function latest(times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === times.length && known.length > 0 ? Math.max(...known) : undefined
}
