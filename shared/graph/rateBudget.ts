import type { RateBudget, RateBudgetState } from '../pipelines/ports'
import { GraphReadError } from '../runtime/errors'
import { formatInstant, hour, type Instant, minute, second } from '../signIns/instant'
import type { Sleep } from './sleep'
import { untilAborted } from './untilAborted'

/**
 * Graph allows an app 5 requests in 10 seconds on a tenant's reports; one is left to whoever else uses the registration.
 * @see https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits
 */
const requestsMaxDefault = 4

/**
 * How long a request counts: the 10 seconds of the limit and some more, because Graph counts by when requests arrive and
 * we by when they leave, and a slow one may come closer to the next than it was sent.
 */
export const slidingWindow = 10 * second + 500

/** The wait after a throttled request that did not say how long; doubled by every further one, up to the longest. */
const throttleWait = 10 * second
const throttleWaitMax = 2 * minute

/** No answer of Graph stops us for longer than this. */
const retryAfterMax = hour

/** A {@link RateBudget} that requests wait for. */
export interface WaitingRateBudget extends RateBudget {
  /**
   * Waits for a free slot and uses it; who asks first is served first. Throws the signal's reason when aborted, and a
   * `GraphReadError` (`rateLimited`) without waiting when the slot would be later than `until`.
   */
  take(abort: AbortSignal, until?: Instant): Promise<void>
  /** Graph throttled a request: nothing is sent for the given milliseconds, or for a growing while when it named none. */
  throttled(retryAfterMs: number | undefined): void
  /** Graph answered as it should: the next throttling is the first of its kind again. */
  answered(): void
}

/** The budget of one app in one tenant: never more than `requestsMax` requests in any sliding 10 seconds. */
export function createRateBudget(options: {
  requestsMax?: number
  clock: () => Instant
  sleep: Sleep
  random?: () => number
}): WaitingRateBudget {
  const { requestsMax = requestsMaxDefault, clock, sleep, random = Math.random } = options
  if (!Number.isInteger(requestsMax) || requestsMax < 1) {
    throw new RangeError(`Requests in 10 seconds must be a whole number of at least 1, not ${requestsMax}.`)
  }
  let requestTimes: readonly Instant[] = []
  let retryAfterUntil: Instant | undefined
  let throttlings = 0
  let lastTurn: Promise<void> = Promise.resolve()

  const state = (): RateBudgetState => recent({ requestTimes, retryAfterUntil }, clock())

  async function waitForSlot(abort: AbortSignal, until: Instant | undefined): Promise<void> {
    for (;;) {
      abort.throwIfAborted()
      const now = clock()
      const slot = nextSlot({ requestTimes, retryAfterUntil }, now, requestsMax)
      if (slot <= now) {
        requestTimes = [...recent({ requestTimes, retryAfterUntil }, now).requestTimes, now]
        return
      }
      if (until !== undefined && slot > until) throw tooLate(slot)
      await sleep(slot - now, abort)
    }
  }

  return {
    state,
    restore(stored) {
      const now = clock()
      const merged = recent({ requestTimes: union(requestTimes, stored.requestTimes), retryAfterUntil: stored.retryAfterUntil }, now)
      requestTimes = merged.requestTimes
      retryAfterUntil = later(retryAfterUntil, merged.retryAfterUntil)
    },
    available: (until) => slotsUntil({ requestTimes, retryAfterUntil }, clock(), until, requestsMax),
    take(abort, until) {
      const turn = lastTurn.then(() => waitForSlot(abort, until))
      lastTurn = turn.catch(() => undefined)
      return untilAborted(turn, abort)
    },
    throttled(retryAfterMs) {
      const now = clock()
      const paused = retryAfterUntil !== undefined && retryAfterUntil > now
      // Requests that were under way together are throttled together, and that is one throttling.
      if (paused && retryAfterMs === undefined) return
      if (!paused) throttlings += 1
      const wait = retryAfterMs ?? Math.min(throttleWaitMax, throttleWait * 2 ** (throttlings - 1)) * (1 + random() / 5)
      retryAfterUntil = later(retryAfterUntil, now + Math.ceil(Math.min(retryAfterMax, Math.max(second, wait))))
    },
    answered() {
      if (retryAfterUntil === undefined || retryAfterUntil <= clock()) throttlings = 0
    },
  }
}

/** The earliest instant, not before `now`, at which one more request keeps the budget. */
export const nextSlot = (state: RateBudgetState, now: Instant, requestsMax: number): Instant =>
  Math.min(...nextSlots(state, now, requestsMax))

/** How many requests keep the budget from `now` until an instant, that instant included. */
export function slotsUntil(state: RateBudgetState, now: Instant, until: Instant, requestsMax: number): number {
  let count = 0
  for (const slot of nextSlots(state, now, requestsMax)) {
    if (slot <= until) count += Math.floor((until - slot) / slidingWindow) + 1
  }
  return count
}

/** The next `requestsMax` slots; after them each comes again every {@link slidingWindow}. */
function nextSlots(state: RateBudgetState, now: Instant, requestsMax: number): Instant[] {
  const { requestTimes, retryAfterUntil } = recent(state, now)
  const start = Math.max(now, retryAfterUntil ?? now)
  const busy = requestTimes.slice(-requestsMax).map((time) => Math.max(start, time + slidingWindow))
  const free = new Array<Instant>(requestsMax - busy.length).fill(start)
  return [...free, ...busy]
}

/** What of the state still matters. Times that lie further ahead than any of ours could are another clock's error. */
function recent(state: RateBudgetState, now: Instant): RateBudgetState {
  const { requestTimes, retryAfterUntil } = state
  const paused = retryAfterUntil !== undefined && retryAfterUntil > now
  return {
    requestTimes: requestTimes.filter((time) => time > now - slidingWindow && time < now + slidingWindow).sort((a, b) => a - b),
    retryAfterUntil: paused ? Math.min(retryAfterUntil, now + retryAfterMax) : undefined,
  }
}

/** Both lists, an instant as often as the list has it that has it more often. */
function union(ours: readonly Instant[], theirs: readonly Instant[]): Instant[] {
  const unmatched = [...ours]
  const added = theirs.filter((time) => {
    const match = unmatched.indexOf(time)
    if (match >= 0) unmatched.splice(match, 1)
    return match < 0
  })
  return [...ours, ...added]
}

const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

const tooLate = (slot: Instant): GraphReadError =>
  new GraphReadError(`Graph throttles this app in this tenant (HTTP 429) and takes no further request before ${formatInstant(slot)}.`, {
    reason: 'rateLimited',
    status: 429,
  })
