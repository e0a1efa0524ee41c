import type { BucketKey, BucketWrite, Ledger } from '../aggregates/bucketRow'
import { arrivalsAfter } from '../signIns/arrivals'
import { arrivalAllowance, bucketEnd, bucketLength, bucketStart, bucketStarts, type ZoneOffset } from '../signIns/buckets'
import { hour, type Instant } from '../signIns/instant'
import type { PlannedWindow } from '../signIns/readingPlan'
import type { MonitorOptions } from './options'
import type { BucketStore, Ports } from './ports'
import type { BucketReadingResult, WindowReading } from './readWindow'
import { type LedgerRow, noteHourRow, noteRow, type StreamLedger } from './streamLedger'

const conflictTries = 3

/** A window that was read and waits for its commit. */
export interface ReadWindow {
  readonly window: PlannedWindow
  readonly reading: WindowReading
  readonly ledger: StreamLedger
}

/**
 * Replaces the buckets of some windows by what was just read, in as few transactions as there are partitions. The ledgers
 * learn what is stored now. A bucket that another reading replaced in the meantime keeps the reading that started later.
 * What was made of the buckets is marked as due before they change, so that a crash in between leaves nothing stale in use;
 * `marked` holds what this run has marked and nobody has made again since.
 */
export async function commitWindows(
  windows: readonly ReadWindow[],
  marked: Set<string>,
  ports: Pick<Ports, 'buckets' | 'clock'>,
  { zone }: Pick<MonitorOptions, 'zone'>,
): Promise<void> {
  await markWhatIsMade(windows, marked, ports, zone)
  for (const grain of ['5m', '1h'] as const) {
    const open = windows.filter(({ window }) => window.grain === grain).flatMap(openBuckets)
    await replaceBuckets(open, grain, ports.buckets)
  }
}

/** How a row is named among others; the number of a bucket makes a text several times as fast as its instant. */
export const markOf = ({ stream, grain, start }: BucketKey): string => `${grain} ${stream} ${start / bucketLength}`

async function markWhatIsMade(
  windows: readonly ReadWindow[],
  marked: Set<string>,
  ports: Pick<Ports, 'buckets' | 'clock'>,
  zone: ZoneOffset,
): Promise<void> {
  const known = new Map<string, BucketKey>()
  const possible = new Map<string, BucketKey>()
  for (const { window, ledger } of windows) {
    for (const key of rowsMadeOf(window, ledger, ports.clock(), zone)) {
      if (marked.has(markOf(key))) continue
      const isKnown = key.grain === '1h' && ledger.hourRows.has(key.start)
      if (isKnown) known.set(markOf(key), key)
      else possible.set(markOf(key), key)
    }
  }
  await ports.buckets.markDue([...possible.values()], [...known.values()])
  for (const mark of [...known.keys(), ...possible.keys()]) marked.add(mark)
}

interface OpenBucket extends ReadWindow {
  readonly start: Instant
  readonly result: BucketReadingResult
}

const openBuckets = (read: ReadWindow): OpenBucket[] => [...read.reading.buckets].map(([start, result]) => ({ ...read, start, result }))

async function replaceBuckets(buckets: readonly OpenBucket[], grain: '5m' | '1h', store: BucketStore): Promise<void> {
  let open = buckets
  for (let attempt = 0; open.length > 0 && attempt < conflictTries; attempt++) {
    const writes = new Map<BucketWrite, OpenBucket>()
    const unknown: OpenBucket[] = []
    for (const bucket of open) {
      const before = storedRows(bucket.ledger, grain).get(bucket.start)
      if (waitsForAgreement(bucket.result, before)) {
        await store.noteShrunk({ stream: bucket.window.stream, grain, start: bucket.start }, bucket.result.rows)
        unknown.push(bucket)
      } else writes.set(bucketWrite(bucket, before), bucket)
    }
    const { committed, conflicts } = await store.commit([...writes.keys()])
    const versions = new Map(committed.map((key) => [markOf(key), key.version]))
    for (const [{ stream, start, ledger }, bucket] of writes) {
      const version = versions.get(markOf({ stream, grain, start }))
      if (version === undefined) unknown.push(bucket)
      else note(bucket.ledger, { stream, grain, start, ledger, version })
    }
    const refused = new Set(conflicts.map(markOf))
    await readAgain(unknown, grain, store)
    open = unknown.filter(({ window, start, ledger, reading }) => {
      const current = storedRows(ledger, grain)
      return refused.has(markOf({ stream: window.stream, grain, start })) && (current.get(start)?.ledger.readAt ?? 0) < reading.readAt
    })
  }
}

const storedRows = (ledger: StreamLedger, grain: '5m' | '1h'): Map<Instant, LedgerRow> => (grain === '5m' ? ledger.rows : ledger.hourRows)

const note = (ledger: StreamLedger, row: LedgerRow): void => {
  if (row.grain === '5m') noteRow(ledger, row)
  else noteHourRow(ledger, row)
}

/** Brings the ledgers up to date where what is stored now is not known, one look a window. */
async function readAgain(buckets: readonly OpenBucket[], grain: '5m' | '1h', store: BucketStore): Promise<void> {
  const windows = new Map(buckets.map(({ window, ledger }) => [window, ledger]))
  for (const [read, ledger] of windows) {
    const rows = await store.rows({ grain, streams: [read.stream], from: read.from, to: read.to })
    const found = new Set(rows.map(({ start }) => start))
    for (const { window, start } of buckets) if (window === read && !found.has(start)) storedRows(ledger, grain).delete(start)
    for (const row of rows) note(ledger, row)
  }
}

/**
 * A reading with fewer rows than the stored one may be a falsely empty answer: it replaces the row only when a second
 * reading agrees.
 */
const waitsForAgreement = ({ rows }: BucketReadingResult, before: LedgerRow | undefined): boolean =>
  before !== undefined && rows < before.ledger.rows && before.ledger.shrunkTo !== rows

function bucketWrite({ window, reading, start, result }: OpenBucket, before: LedgerRow | undefined): BucketWrite {
  const { stream, grain } = window
  const { readAt } = reading
  const end = bucketEnd(start, grain)
  const ledger: Ledger = {
    readAt,
    rows: result.rows,
    pages: reading.pages,
    malformedRows: result.malformedRows,
    rowsWhenComplete: readAt >= end + arrivalAllowance ? (before?.ledger.rowsWhenComplete ?? result.rows) : undefined,
    arrivals: arrivalsAfter({ end, readAt, rows: result.rows, before: before?.ledger }),
    shrunkTo: undefined,
    children: undefined,
  }
  return {
    stream,
    grain,
    start,
    ledger,
    get aggregate() {
      return result.aggregate
    },
    replaces: before?.version,
  }
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

/** The hours that a window of 5-minute buckets touches. */
export const hoursOf = ({ grain, from, to }: PlannedWindow): Instant[] =>
  grain === '5m' ? bucketStarts({ from: bucketStart(from, '1h'), to }, '1h') : []
