import type { BucketKey, BucketRow, BucketWrite, Ledger } from '../aggregates/bucketRow'
import { arrivalAllowance, bucketEnd, bucketStart } from '../signIns/buckets'
import type { Instant } from '../signIns/instant'
import type { PlannedWindow } from '../signIns/readingPlan'
import type { BucketStore, Ports } from './ports'
import type { BucketReadingResult, WindowReading } from './readWindow'
import { rollUpHours } from './rollUpBuckets'
import { noteHourRow, noteRow, type StreamLedger } from './streamLedger'

const conflictTries = 3

/**
 * Replaces the buckets of a window by what was just read, and then the hours that were made of them. The ledger learns
 * what is stored now. A bucket that another reading replaced in the meantime keeps the reading that started later.
 */
export async function commitWindow(
  window: PlannedWindow,
  reading: WindowReading,
  ledger: StreamLedger,
  ports: Pick<Ports, 'buckets' | 'clock'>,
): Promise<void> {
  const stored = window.grain === '5m' ? ledger.rows : ledger.hourRows
  const shrunk = shrunkBuckets(reading, stored)
  if (window.grain === '5m') await ports.buckets.markDue(madeHours(window, ledger))
  for (const [start, shrunkTo] of shrunk) await ports.buckets.noteShrunk({ stream: window.stream, grain: window.grain, start }, shrunkTo)
  await replaceBuckets(window, reading, stored, shrunk, ports.buckets)
  const rows = await ports.buckets.rows({ grain: window.grain, streams: [window.stream], from: window.from, to: window.to })
  for (const row of rows) window.grain === '5m' ? noteRow(ledger, row) : noteHourRow(ledger, row)
  if (window.grain === '5m') await rollUpHours(window, ledger, ports)
}

/**
 * A reading with fewer rows than the stored one may be a falsely empty answer: it replaces the row only when a second
 * reading agrees. Answers the buckets that wait for one, with their new row count.
 */
export function shrunkBuckets(reading: WindowReading, stored: ReadonlyMap<Instant, BucketRow>): Map<Instant, number> {
  const waiting = new Map<Instant, number>()
  for (const [start, { rows }] of reading.buckets) {
    const before = stored.get(start)?.ledger
    if (before && rows < before.rows && before.shrunkTo !== rows) waiting.set(start, rows)
  }
  return waiting
}

async function replaceBuckets(
  window: PlannedWindow,
  reading: WindowReading,
  stored: ReadonlyMap<Instant, BucketRow>,
  shrunk: ReadonlyMap<Instant, number>,
  buckets: BucketStore,
): Promise<void> {
  let current = stored
  let open: readonly Instant[] = [...reading.buckets.keys()].filter((start) => !shrunk.has(start))
  for (let attempt = 0; open.length > 0 && attempt < conflictTries; attempt++) {
    const writes = open.flatMap((start) => {
      const result = reading.buckets.get(start)
      return result ? [bucketWrite(window, start, result, reading, current.get(start))] : []
    })
    const { conflicts } = await buckets.commit(writes)
    if (conflicts.length === 0) return
    const rows = await buckets.rows({ grain: window.grain, streams: [window.stream], from: window.from, to: window.to })
    current = new Map(rows.map((row) => [row.start, row]))
    open = conflicts.map(({ start }) => start).filter((start) => (current.get(start)?.ledger.readAt ?? 0) < reading.readAt)
  }
}

function bucketWrite(
  window: PlannedWindow,
  start: Instant,
  result: BucketReadingResult,
  reading: WindowReading,
  before: BucketRow | undefined,
): BucketWrite {
  const isComplete = reading.readAt >= bucketEnd(start, window.grain) + arrivalAllowance
  const ledger: Ledger = {
    readAt: reading.readAt,
    rows: result.rows,
    pages: reading.pages,
    malformedRows: result.malformedRows,
    rowsWhenComplete: isComplete ? (before?.ledger.rowsWhenComplete ?? result.rows) : undefined,
    shrunkTo: undefined,
    children: undefined,
  }
  return { stream: window.stream, grain: window.grain, start, ledger, aggregate: result.aggregate, replaces: before?.version }
}

/** The hours of a window that have a row already. */
function madeHours(window: PlannedWindow, ledger: StreamLedger): BucketKey[] {
  const keys: BucketKey[] = []
  for (let start = bucketStart(window.from, '1h'); start < window.to; start = bucketEnd(start, '1h')) {
    if (ledger.hourRows.has(start)) keys.push({ stream: window.stream, grain: '1h', start })
  }
  return keys
}
