import { type Arrivals, shareAfter } from './arrivals'
import { arrivalAllowance, bucketEnd, bucketLength, bucketStart } from './buckets'
import { type Instant, minute } from './instant'
import { type PlannedWindow, type ReadingReason, settlingAges, urgency } from './readingPlan'
import type { StreamId } from './streams'

/**
 * A window that settles waits so long for a tick that has requests to spare. The readings of an hour that is one, six or
 * 24 hours old still happen early enough that each shows in an arrival age of its own.
 */
const settlingPatience = 50 * minute
/** What closes waits a tick or two, so that the live edge is read first. */
const closingPatience = 2 * minute
/** What shows after this is late. */
const lateAge = 20 * minute

/** What one tick may read. */
export interface TickInput {
  /** What is due, of all streams. */
  readonly windows: readonly PlannedWindow[]
  readonly now: Instant
  /**
   * How many requests can be sent at once, how many after the first wait for the limit of Graph, how many after the
   * second, and so on; the last is all that the tick has.
   */
  readonly requests: readonly number[]
  readonly arrivals?: ReadonlyMap<StreamId, Arrivals | undefined>
}

/** The windows of all streams that one tick reads, and what it leaves to a later one. */
export interface TickPlan {
  /** The live edge, and what is closing and has waited; read whatever it takes. */
  readonly live: readonly PlannedWindow[]
  /** What is in no hurry and takes no more than the requests that are there anyway; read beside the live edge. */
  readonly spare: readonly PlannedWindow[]
  /** What has waited long enough, most urgent first; read after them. */
  readonly settling: readonly PlannedWindow[]
  /** Because requests are short. */
  readonly leftOut: readonly PlannedWindow[]
  /** Because it is in no hurry, and waiting for Graph is paid for by the second. */
  readonly patient: readonly PlannedWindow[]
}

/**
 * Shares the requests of a tick out to the windows of all streams. The live edge comes first whatever it takes; settling
 * that has waited long enough gets what is left, in the order of its ages, and of the same age first the stream whose
 * sign-ins come late most often. What is in no hurry gets only what can be sent without one more wait for Graph, cut to
 * fit. What is left is due at the next tick again, and what is left out for long is made up for at the next age.
 */
export function planTick({ windows, now, requests, arrivals = new Map() }: TickInput): TickPlan {
  const most = requests.at(-1) ?? 0
  const hurried = windows.filter((window) => now >= patienceEnd(window))
  const live = hurried.filter(isLiveEdge)
  const spare: PlannedWindow[] = []
  const settling: PlannedWindow[] = []
  const leftOut: PlannedWindow[] = []
  const patient: PlannedWindow[] = []
  let taken = live.reduce((sum, window) => sum + window.requests, 0)

  for (const window of hurried.filter((one) => !isLiveEdge(one)).sort(byHurry(arrivals))) {
    // One bucket that no tick has room for is read by itself: it would wait for ever.
    const alone = settling.length === 0 && taken < most
    const { part, rest } = cut(window, most - taken, alone)
    if (part) {
      settling.push(part)
      taken += part.requests
    }
    if (rest) leftOut.push(rest)
  }

  const free = requests.find((count) => count >= taken) ?? most
  for (const window of windows.filter((one) => now < patienceEnd(one)).sort(bySize)) {
    const { part, rest } = cut(window, free - taken, false)
    if (part) {
      spare.push(part)
      taken += part.requests
    }
    if (rest) patient.push(rest)
  }
  return { live, spare, settling, leftOut, patient }
}

/** What is read before anything else. */
const isLiveEdge = ({ reason }: PlannedWindow): boolean => reason === 'live-edge' || reason === 'closing'

/** Until when a window may wait for requests that are there anyway. */
function patienceEnd({ from, reason }: PlannedWindow): Instant {
  if (reason === 'closing') return from + bucketLength + arrivalAllowance + closingPatience
  const settlingAge = settlingAges.find((one) => one.reason === reason)?.age
  return settlingAge === undefined ? Number.NEGATIVE_INFINITY : bucketEnd(bucketStart(from, '1h'), '1h') + settlingAge + settlingPatience
}

interface CutWindow {
  readonly part: PlannedWindow | undefined
  readonly rest: PlannedWindow | undefined
}

/** The newest buckets of a window that fit into some requests, at least one of them where it must be so, and what is left. */
function cut(window: PlannedWindow, requests: number, atLeastOne: boolean): CutWindow {
  if (window.requests <= requests) return { part: window, rest: undefined }
  const all = (window.to - window.from) / bucketLength
  // What is kept as hours is read in whole hours.
  const fitting = window.grain === '1h' ? 0 : Math.floor((Math.max(0, requests) * all) / window.requests)
  const buckets = fitting === 0 && atLeastOne ? (window.grain === '1h' ? all : 1) : fitting
  if (buckets === 0) return { part: undefined, rest: window }
  if (buckets === all) return { part: window, rest: undefined }
  const from = window.to - buckets * bucketLength
  const requestsOf = (count: number): number => Math.max(1, Math.ceil((window.requests * count) / all))
  return {
    part: { ...window, from, requests: requestsOf(buckets) },
    rest: { ...window, to: from, requests: requestsOf(all - buckets) },
  }
}

const rankOf = (reason: ReadingReason): number => urgency.indexOf(reason)

const byHurry = (arrivals: ReadonlyMap<StreamId, Arrivals | undefined>) => {
  const lateShare = ({ stream }: PlannedWindow): number => shareAfter(arrivals.get(stream), lateAge)
  return (one: PlannedWindow, other: PlannedWindow): number =>
    rankOf(one.reason) - rankOf(other.reason) || lateShare(other) - lateShare(one) || other.from - one.from
}

/** What closes first; then the largest buckets, because the small ones fit in wherever a request is left. */
const bySize = (one: PlannedWindow, other: PlannedWindow): number =>
  Number(isLiveEdge(other)) - Number(isLiveEdge(one)) || density(other) - density(one) || rankOf(one.reason) - rankOf(other.reason)

const density = ({ from, to, requests }: PlannedWindow): number => requests / (to - from)
