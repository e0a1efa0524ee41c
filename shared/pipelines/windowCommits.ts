import type { BucketKey } from '../aggregates/bucketRow'
import { type Instant, second } from '../signIns/instant'
import type { StreamId } from '../signIns/streams'
import { commitWindows, hoursOf, markOf, type ReadWindow } from './commitWindows'
import type { MonitorOptions } from './options'
import type { Ports } from './ports'
import { rollUpHours } from './rollUpBuckets'
import type { StreamLedger } from './streamLedger'

/** What was read waits this long at most for others to be committed with it. */
const waitMax = 15 * second
/** And no longer than this part of the lease, which every commit renews. */
const waitShareOfLease = 1 / 2
/** A transaction takes 100 rows. */
const bucketsAtOnce = 96

/** Windows that were read, on their way into the tables together: transactions cost by their number and not by their size. */
export interface WindowCommits {
  /** Takes a window that was read; it is committed with those that come soon after it. False where reading has to stop. */
  add(read: ReadWindow): Promise<boolean>
  /** Commits what waits. False where reading has to stop. */
  flush(): Promise<boolean>
}

/** Who hears of commits. */
export interface CommitListener {
  committed(read: readonly ReadWindow[]): void
  /** What waited is lost and has to be read again. */
  failed(read: readonly ReadWindow[], error: unknown): void
  /** Called after every commit that was tried; false when the run was lost and reading has to stop. */
  after(): Promise<boolean>
  /** Whether more of an hour is to be read before it is worth making. */
  isAwaited(stream: StreamId, hourStart: Instant): boolean
}

/** Opens the way into the tables for one run. */
export function openWindowCommits(
  ledgers: ReadonlyMap<StreamId, StreamLedger>,
  listener: CommitListener,
  ports: Pick<Ports, 'buckets' | 'clock'>,
  options: Pick<MonitorOptions, 'zone' | 'runLeaseSeconds'>,
): WindowCommits {
  const marked = new Set<string>()
  const touched = new Map<string, BucketKey>()
  let waiting: ReadWindow[] = []
  let goesOn = true
  let committed: Promise<void> = Promise.resolve()

  const commit = async (): Promise<void> => {
    const read = waiting
    waiting = []
    if (read.length === 0 || !goesOn) return
    try {
      await commitWindows(read, marked, ports, options)
      for (const { window } of read) {
        for (const start of hoursOf(window)) touched.set(`${window.stream} ${start}`, { stream: window.stream, grain: '1h', start })
      }
      listener.committed(read)
      await makeHours()
    } catch (error) {
      listener.failed(read, error)
    }
    goesOn = (await listener.after()) && goesOn
  }

  const makeHours = async (): Promise<void> => {
    const ready = [...touched].filter(([, { stream, start }]) => !listener.isAwaited(stream, start))
    for (const [name, key] of ready) {
      touched.delete(name)
      // Made again, it may be left behind again.
      marked.delete(markOf(key))
      for (const mark of marked) if (mark.startsWith(`1d ${key.stream} `)) marked.delete(mark)
    }
    await rollUpHours(
      ready.map(([, key]) => key),
      ledgers,
      ports,
    )
  }

  const flush = async (): Promise<boolean> => {
    committed = committed.then(commit)
    await committed
    return goesOn
  }

  return {
    flush,
    add: async (read) => {
      waiting.push(read)
      if (waiting.length === 1) {
        const wait = Math.min(waitMax, options.runLeaseSeconds * second * waitShareOfLease)
        const first = waiting
        AbortSignal.timeout(wait).addEventListener('abort', () => {
          if (waiting === first) void flush()
        })
      }
      const buckets = waiting.reduce((sum, { reading }) => sum + reading.buckets.size, 0)
      return buckets >= bucketsAtOnce ? flush() : goesOn
    },
  }
}
