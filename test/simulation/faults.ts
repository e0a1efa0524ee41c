import type { Random } from '../../local/simulatedTenant/random'

/**
 * Everything that goes wrong in a simulation, and how often: the chance at each occasion, or of one period of it in a
 * seed. What each one means to the people who run the product stands in docs/faults.md under the same name.
 */
export const faultRates = {
  // Answers of Graph, by request.
  '429-seconds': 0.01,
  '429-fraction': 0.006,
  '429-date': 0.006,
  '429-silent': 0.006,
  '503': 0.01,
  '503-retry-after': 0.006,
  '504': 0.01,
  '500': 0.006,
  '502-html': 0.006,
  '401': 0.01,
  '403-passing': 0.003,
  'unsupported-query': 0.006,
  'skip-token-null': 0.03,
  'page-token-lost': 0.02,
  'page-gone': 0.01,
  'connection-refused': 0.01,
  'reset-in-body': 0.01,
  'body-without-end': 0.003,
  'oversized-body': 0.003,
  'broken-gzip': 0.005,
  'truncated-json': 0.01,
  'html-200': 0.005,
  'repeated-link': 0.03,
  'foreign-link': 0.01,
  'slow-answer': 0.02,
  // What a page holds.
  'short-page': 0.1,
  'empty-page-with-link': 0.05,
  'repeated-rows': 0.2,
  'older-version-first': 0.2,
  'rows-out-of-order': 0.1,
  'rows-outside': 0.1,
  'row-that-is-none': 0.02,
  'falsely-empty': 0.02,
  'falsely-short': 0.03,
  // Periods of a seed.
  'graph-outage': 0.3,
  'stream-forbidden': 0.25,
  'permission-later': 0.15,
  'licence-later': 0.15,
  'no-token': 0.2,
  'short-retention': 0.15,
  'clock-ahead': 0.12,
  'clock-behind': 0.12,
  'table-outage': 0.25,
  'platform-outage': 0.3,
  // Tables, by call.
  'table-throttled': 0.004,
  'write-timed-out-and-lost': 0.004,
  'write-timed-out-and-done': 0.006,
  'write-done-and-refused': 0.006,
  'refusal-without-place': 0.5,
  'row-touched-by-another': 0.004,
  // Instances, by run.
  'second-instance': 0.15,
  'crash-before-table-read': 0.03,
  'crash-after-table-read': 0.03,
  'crash-before-table-write': 0.05,
  'crash-after-table-write': 0.05,
  'crash-before-request': 0.04,
  'crash-after-answer': 0.04,
  'crash-before-delivery': 0.03,
  'crash-after-delivery': 0.03,
  // Deliveries, by attempt.
  'delivery-failed': 0.2,
  'delivery-told-to-wait': 0.1,
  'delivery-answer-lost': 0.1,
  'receiver-gone': 0.05,
} as const

export type FaultId = keyof typeof faultRates

export const faultIds = Object.keys(faultRates) as FaultId[]

/** The faults of one seed. */
export interface Faults {
  /** Whether this fault happens here and now. */
  strikes(fault: FaultId): boolean
  /** Whether the seed has this fault at all. */
  has(fault: FaultId): boolean
  /** Says that a fault, chosen elsewhere, did happen. */
  happened(fault: FaultId): void
  readonly counts: ReadonlyMap<FaultId, number>
  /** Nothing strikes any more. */
  end(): void
}

/** Draws which faults a seed has and how often each one strikes. */
export function drawFaults(random: Random, share: number): Faults {
  const rates = new Map<FaultId, number>()
  for (const fault of faultIds) {
    const rate = faultRates[fault] * random.pick([0.3, 1, 3])
    if (random.chance(share)) rates.set(fault, Math.min(0.9, rate))
  }
  const counts = new Map<FaultId, number>()
  const happened = (fault: FaultId): void => void counts.set(fault, (counts.get(fault) ?? 0) + 1)
  return {
    counts,
    happened,
    has: (fault) => rates.has(fault),
    strikes: (fault) => {
      const rate = rates.get(fault)
      if (rate === undefined || !random.chance(rate)) return false
      happened(fault)
      return true
    },
    end: () => rates.clear(),
  }
}
