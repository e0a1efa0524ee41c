import type { BucketKey, BucketRow } from '../aggregates/bucketRow'
import { arrivalAllowance, bucketEnd, bucketStart, bucketStarts, type Grain, grains, type TimeRange } from '../signIns/buckets'
import { day, hour, type Instant } from '../signIns/instant'
import { streamIds } from '../signIns/streams'
import type { MonitorOptions } from './options'
import type { Ports } from './ports'
import { rollUpRange } from './rollUpBuckets'

/** Days whose hours may still change. */
const openDays = 3
/** Expired stretches looked at in one run, so that a month is pruned in bounded steps. */
const expiryLength = 31 * day
const removalsMax = 5_000

/**
 * Makes the coarse rows that are due and removes what is past its retention; a row goes only when a sealed coarser row
 * holds its counts. Never reads Graph.
 */
export async function maintainAggregates(
  ports: Pick<Ports, 'buckets' | 'alerts' | 'clock' | 'log'>,
  options: MonitorOptions,
): Promise<void> {
  const now = ports.clock()
  const from = bucketStart(now - openDays * day, '1d', options.zone)
  const hoursTo = bucketStart(now - arrivalAllowance, '1h')
  const daysTo = bucketStart(now - arrivalAllowance, '1d', options.zone)
  const backfilled = bucketStart(now - options.lookbackHours * hour, '1d', options.zone)
  await rollUpLeftHours({ from: bucketStart(now - options.lookbackHours * hour, '1h'), to: from }, ports, options)
  await rollUpRange('1h', { from, to: hoursTo }, streamIds, ports.buckets)
  await rollUpRange('1d', { from: Math.min(from, backfilled), to: daysTo }, streamIds, ports.buckets, options.zone)
  let removed = 0
  for (const grain of ['5m', '1h'] as const) removed += await expire(grain, now, ports, options)
  removed += await expireDays(now, ports, options)
  removed += await ports.alerts.prune(now)
  ports.log('info', 'Aggregates were maintained.', { removed })
}

/** Older hours that a run left before they were made, or made again. */
async function rollUpLeftHours(range: TimeRange, ports: Pick<Ports, 'buckets'>, options: MonitorOptions): Promise<void> {
  if (range.from >= range.to) return
  const rows = await ports.buckets.rows({ grain: '1h', streams: options.streams, ...range })
  for (const stream of options.streams) {
    const made = new Set(rows.filter((row) => row.stream === stream && row.ledger.children?.due !== true).map(({ start }) => start))
    let left: { from: Instant; to: Instant } | undefined
    for (const start of [...bucketStarts(range, '1h'), range.to]) {
      if (start < range.to && !made.has(start)) left = { from: left?.from ?? start, to: bucketEnd(start, '1h') }
      else if (left) {
        await rollUpRange('1h', left, [stream], ports.buckets)
        left = undefined
      }
    }
  }
}

async function expire(grain: '5m' | '1h', now: Instant, ports: Pick<Ports, 'buckets'>, options: MonitorOptions): Promise<number> {
  const parent = grains[grains.indexOf(grain) + 1] as Exclude<Grain, '5m'>
  const range = expiredRange(grain, now, options)
  const parents = await ports.buckets.rows({ grain: parent, streams: streamIds, ...range })
  const held = new Set(
    parents
      .filter((row) => holdsItsCounts(row) && bucketEnd(row.start, parent, options.zone) <= range.to)
      .map((row) => `${row.stream}|${row.start}`),
  )
  const stored = await ports.buckets.rows({ grain, streams: streamIds, ...range })
  const keys = stored.filter((row) => held.has(`${row.stream}|${bucketStart(row.start, parent, options.zone)}`))
  return removeAll(keys, ports)
}

/** Whether a coarse row is there to stay: sealed with nothing changed under it, or read itself. */
const holdsItsCounts = ({ ledger: { children } }: BucketRow): boolean => children === undefined || (children.sealed && !children.due)

async function expireDays(now: Instant, ports: Pick<Ports, 'buckets'>, options: MonitorOptions): Promise<number> {
  const rows = await ports.buckets.rows({ grain: '1d', streams: streamIds, ...expiredRange('1d', now, options) })
  return removeAll(rows, ports)
}

/** The newest stretch that is past its retention; what is older went in earlier runs. */
function expiredRange(grain: Grain, now: Instant, options: MonitorOptions): TimeRange {
  const to = bucketStart(now - options.retention[grain] * day, '1d', options.zone)
  return { from: bucketStarts({ from: to - expiryLength, to }, '1d', options.zone)[0] ?? to, to }
}

async function removeAll(keys: readonly BucketKey[], ports: Pick<Ports, 'buckets'>): Promise<number> {
  const bounded = keys.slice(0, removalsMax)
  if (bounded.length > 0) await ports.buckets.remove(bounded)
  return bounded.length
}
