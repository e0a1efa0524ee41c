import type { CounterStore } from '../pipelines/answerMetrics'
import { addCounters, type Count, type Counters, counterKey } from '../pipelines/metrics'
import type { HeartbeatOutcome, Ports } from '../pipelines/ports'
import type { Instant } from '../signIns/instant'

/** Counts what happens in this process until it is written. */
export interface Meter {
  readonly count: Count
  /** Adds what was counted to the stored counts. What could not be added waits for the next call. */
  flush(): Promise<void>
}

/** A meter over stored counts. */
export function createMeter(store: CounterStore): Meter {
  let waiting: Counters = {}
  return {
    count: (metric, labels, by = 1) => {
      if (by > 0) waiting = addCounters(waiting, { [counterKey(metric, labels)]: by })
    },
    flush: async () => {
      const flushed = waiting
      if (Object.keys(flushed).length === 0) return
      waiting = {}
      let isAdded = false
      try {
        isAdded = await store.add(flushed)
      } finally {
        if (!isAdded) waiting = addCounters(flushed, waiting)
      }
    },
  }
}

/** The same ports, which count what the pipelines do through them. */
export function meteredPorts<Given extends Pick<Ports, 'buckets' | 'notifier' | 'runs' | 'heartbeat'>>(ports: Given, count: Count): Given {
  const { buckets, notifier, runs, heartbeat } = ports
  return {
    ...ports,
    buckets: {
      ...buckets,
      commit: async (writes) => {
        const result = await buckets.commit(writes)
        for (const { stream, grain } of result.conflicts) count('commit_conflicts', [stream, grain])
        for (const { stream, grain, start } of result.committed) {
          count('buckets_committed', [stream, grain])
          const write = writes.find((one) => one.stream === stream && one.grain === grain && one.start === start)
          // A coarse row that is made from its children has read nothing.
          if (write && write.ledger.children === undefined) count('sign_ins_read', [stream], write.ledger.rows)
        }
        return result
      },
    },
    notifier: {
      ...notifier,
      deliver: async (row) => {
        const result = await notifier.deliver(row)
        count('deliveries', [row.receiver, result.kind, result.kind === 'delivered' ? 'none' : result.reason])
        return result
      },
    },
    ...(heartbeat && {
      heartbeat: {
        ...heartbeat,
        record: (outcome: HeartbeatOutcome, now: Instant) => {
          count('heartbeats', [outcome.outcome, outcome.reason])
          return heartbeat.record(outcome, now)
        },
      },
    }),
    runs: {
      ...runs,
      finish: async (owner, end) => {
        await runs.finish(owner, end)
        count('runs', [end.lastRun.result])
      },
    },
  }
}
