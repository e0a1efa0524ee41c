import { type Instant, minute } from '../signIns/instant'
import type { Ports } from './ports'

/** Graph's clock and ours may differ by this much before it matters. */
export const clockErrorMax = 2 * minute

/** The time of a run by Graph's clock, and what its answers say of ours. */
export interface GraphClock {
  /** The ports of the run: their clock is Graph's, as far as it was known when the run began. */
  readonly ports: Ports
  /** How far Graph's clock is ahead of ours, in milliseconds, as of its last answer. */
  readonly ahead: () => number
}

/**
 * Buckets are those of Graph's clock, so a run plans by it. Ours is taken for right until an answer shows that it is off by
 * more than {@link clockErrorMax}; what is learnt holds from the next run on, so that no run's time jumps.
 */
export function openGraphClock(ports: Ports, aheadBefore: number | undefined): GraphClock {
  let ahead = aheadBefore ?? 0
  const applied = Math.abs(ahead) > clockErrorMax ? ahead : 0
  return {
    ahead: () => ahead,
    ports: {
      ...ports,
      clock: () => ports.clock() + applied,
      signIns: {
        // Requests are counted by our own clock.
        budget: { ...ports.signIns.budget, available: (until) => ports.signIns.budget.available(until - applied) },
        ...(ports.signIns.pageRows === undefined ? {} : { pageRows: ports.signIns.pageRows }),
        async *read(window, abort, take) {
          for await (const page of ports.signIns.read(window, abort, take)) {
            if (page.serverTime !== undefined) ahead = page.serverTime - ports.clock()
            yield page
          }
        },
      },
    },
  }
}

/** What is wrong with our clock in words; undefined while it is right enough. */
export function clockProblem(ahead: number | undefined): string | undefined {
  if (ahead === undefined || Math.abs(ahead) <= clockErrorMax) return undefined
  const minutes = Math.round(Math.abs(ahead) / minute)
  return `The clock of this computer is ${minutes} minutes ${ahead > 0 ? 'behind' : 'ahead of'} that of Microsoft Graph, whose time is used instead.`
}

/** The time by Graph's clock as far as the last run knew it. */
export const graphTime = (now: Instant, ahead: number | undefined): Instant =>
  ahead !== undefined && Math.abs(ahead) > clockErrorMax ? now + ahead : now
