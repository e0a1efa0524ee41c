import type { BucketKey, BucketRow, BucketWrite, Ledger } from '../aggregates/bucketRow'
import { arrivalAllowance, bucketEnd, bucketStarts, type ZoneOffset } from '../signIns/buckets'
import { hour, type Instant } from '../signIns/instant'
import type { PlannedWindow } from '../signIns/readingPlan'
import type { MonitorOptions } from './options'
import type { BucketStore, Ports } from './ports'
import type { BucketReadingResult, WindowReading } from './readWindow'
import { rollUpHours } from './rollUpBuckets'
import { noteHourRow, noteRow, type StreamLedger } from './streamLedger'

const conflictTries = 3

/**
 * Replaces the buckets of a window by what was just read, and then the hours that were made of them. The ledger learns
 * what is stored now. A bucket that another reading replaced in the meantime keeps the reading that started later. What
 * was made of the buckets is marked as due before they change, so that a crash in between leaves nothing stale in use.
 */
export async function commitWindow(
  window: PlannedWindow,
  reading: WindowReading,
  ledger: StreamLedger,
  ports: Pick<Ports, 'buckets' | 'clock'>,
  { zone }: Pick<MonitorOptions, 'zone'>,
): Promise<void> {
  const stored = window.grain === '5m' ? ledger.rows : ledger.hourRows
  await ports.buckets.markDue(rowsMadeOf(window, ledger, ports.clock(), zone))
  await replaceBuckets(window, reading, stored, ports.buckets)
  const rows = await ports.buckets.rows({ grain: window.grain, streams: [window.stream], from: window.from, to: window.to })
  for (const row of rows) window.grain === '5m' ? noteRow(ledger, row) : noteHourRow(ledger, row)
  if (window.grain === '5m') await rollUpHours(window, ledger, ports)
}

async function replaceBuckets(
  window: PlannedWindow,
  reading: WindowReading,
  stored: ReadonlyMap<Instant, BucketRow>,
  buckets: BucketStore,
): Promise<void> {
  let current = stored
  let open: readonly Instant[] = [...reading.buckets.keys()]
  for (let attempt = 0; open.length > 0 && attempt < conflictTries; attempt++) {
    const writes: BucketWrite[] = []
    for (const start of open) {
      const result = reading.buckets.get(start)
      const before = current.get(start)
      if (!result) continue
      if (waitsForAgreement(result, before)) {
        await buckets.noteShrunk({ stream: window.stream, grain: window.grain, start }, result.rows)
      } else writes.push(bucketWrite(window, start, result, reading, before))
    }
    const { conflicts } = await buckets.commit(writes)
    if (conflicts.length === 0) return
    const rows = await buckets.rows({ grain: window.grain, streams: [window.stream], from: window.from, to: window.to })
    current = new Map(rows.map((row) => [row.start, row]))
    open = conflicts.map(({ start }) => start).filter((start) => (current.get(start)?.ledger.readAt ?? 0) < reading.readAt)
  }
}

/**
 * A reading with fewer rows than the stored one may be a falsely empty answer: it replaces the row only when a second
 * reading agrees.
 */
const waitsForAgreement = ({ rows }: BucketReadingResult, before: BucketRow | undefined): boolean =>
  before !== undefined && rows < before.ledger.rows && before.ledger.shrunkTo !== rows

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

/**
 * The coarser rows that a window's buckets may have been made into: only what is over has a row, or was over by a clock
 * that has been set back since.
 */
function rowsMadeOf(window: PlannedWindow, { hourRows }: StreamLedger, now: Instant, zone: ZoneOffset): BucketKey[] {
  const mayBeMade = (end: Instant): boolean => end <= now || hourRows.has(end - hour)
  const coarser = window.grain === '5m' ? (['1h', '1d'] as const) : (['1d'] as const)
  return coarser.flatMap((grain) =>
    bucketStarts(window, grain, zone)
      .filter((start) => mayBeMade(bucketEnd(start, grain, zone)))
      .map((start) => ({ stream: window.stream, grain, start })),
  )
}
