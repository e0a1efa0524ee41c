import { GraphReadError, MonitorError } from '../runtime/errors'
import { bucketStart, type TimeRange, widenToGrain } from '../signIns/buckets'
import { day, hour, type Instant, minute, second } from '../signIns/instant'
import {
  finalSettlingAge,
  firstBackfillLength,
  type PlannedWindow,
  planReadings,
  type ReadingExtent,
  readingExtent,
  type StreamPlan,
} from '../signIns/readingPlan'
import type { Refusal, StreamProgress } from '../signIns/streamState'
import type { StreamId } from '../signIns/streams'
import { commitWindow } from './commitWindow'
import type { MonitorOptions } from './options'
import type { BackfillProgress, Ports } from './ports'
import { readWindow } from './readWindow'
import { gatherLedgers, type StreamLedger } from './streamLedger'

/** One bucket too large for a tick may take this long. */
const windowTimeMax = 4 * minute
const windowLengthMin = 5 * minute
const windowLengthMax = day
/** A window is started only while this share of the slowest one so far is left. */
const slowestShare = 1.5
/** Kept between a learnt retention and the oldest time that is asked for. */
const retentionMargin = hour
/** What was read is followed for this long, however short the lookback, so that it is read at its last settling age. */
const followedLength = finalSettlingAge + 6 * hour

/** The reading of one tick: what is known of each stream, and how it went. */
export interface Collection {
  readonly streams: Map<StreamId, StreamCollection>
  readonly startedAt: Instant
  slowestWindow: number
  bucketsRead: number
}

interface StreamCollection {
  readonly ledger: StreamLedger
  lookbackFrom: Instant
  windowLengthMax: number
  lastCommitAt: Instant | undefined
  refusal: Refusal | undefined
  retentionLength: number | undefined
  /** The complete stretch that the last run left. */
  readonly completeBefore: TimeRange | undefined
  detail: string | undefined
}

/** Gathers what is stored, so that the windows of a tick can be decided. */
export async function startCollection(ports: Ports, options: MonitorOptions, progress: readonly StreamProgress[]): Promise<Collection> {
  const now = ports.clock()
  const lookbackFrom = bucketStart(now - options.lookbackHours * hour, '1h')
  const followedFrom = Math.min(lookbackFrom, bucketStart(now - followedLength, '1h'))
  const ledgers = await gatherLedgers(ports.buckets, options.streams, { from: followedFrom, to: now })
  const streams = new Map<StreamId, StreamCollection>()
  for (const [stream, ledger] of ledgers) {
    const before = progress.find((one) => one.stream === stream)
    streams.set(stream, {
      ledger,
      lookbackFrom: lookbackWithin(Math.min(lookbackFrom, oldestHour(ledger) ?? lookbackFrom), before?.retentionLength, now),
      windowLengthMax: before?.windowLength ?? firstBackfillLength,
      lastCommitAt: before?.lastCommitAt,
      refusal: before?.refusal,
      retentionLength: before?.retentionLength,
      completeBefore: stretchOf(before),
      detail: undefined,
    })
  }
  return { streams, startedAt: now, slowestWindow: 0, bucketsRead: 0 }
}

const stretchOf = (before: StreamProgress | undefined): TimeRange | undefined =>
  before?.completeFrom === undefined || before.completeTo === undefined ? undefined : { from: before.completeFrom, to: before.completeTo }

function lookbackWithin(lookbackFrom: Instant, retentionLength: number | undefined, now: Instant): Instant {
  if (retentionLength === undefined) return lookbackFrom
  return Math.max(lookbackFrom, bucketStart(now - retentionLength + retentionMargin, '1h') + hour)
}

/** The start of the hour of the oldest bucket that was read. */
function oldestHour({ readings }: StreamLedger): Instant | undefined {
  let oldest: Instant | undefined
  for (const start of readings.keys()) if (oldest === undefined || start < oldest) oldest = start
  return oldest === undefined ? undefined : bucketStart(oldest, '1h')
}

/** Passes a window's end on to whoever holds the run; false when the run was lost and reading has to stop. */
export type AfterCommit = () => Promise<boolean>

/** Reads and commits the live edge, what is closing and what is to be settled, as planned at the start of the tick. */
export async function collectDueWindows(
  collection: Collection,
  until: Instant,
  ports: Ports,
  options: MonitorOptions,
  afterCommit: AfterCommit,
): Promise<void> {
  await Promise.all(
    [...collection.streams].map(async ([stream, one]) => {
      for (const window of planOf(stream, one, ports.clock(), options).windows) {
        if (!hasTimeFor(collection, until, ports.clock())) return
        const goesOn = await collectWindow(window, one, collection, ports, options)
        if (!(await afterCommit()) || !goesOn) return
      }
    }),
  )
}

/** Reads and commits what was never read, newest first; the plan is made anew after every window. */
export async function collectBackfill(
  collection: Collection,
  until: Instant,
  ports: Ports,
  options: MonitorOptions,
  afterCommit: AfterCommit,
): Promise<void> {
  await Promise.all(
    [...collection.streams].map(async ([stream, one]) => {
      // A stream that Graph refuses has nothing to give; a failed reading ends the stream's part of the tick.
      for (let goesOn = one.refusal === undefined; goesOn; ) {
        const [window] = planOf(stream, one, ports.clock(), options).backfill
        if (!window || !hasTimeFor(collection, until, ports.clock())) return
        goesOn = await collectWindow(window, one, collection, ports, options)
        if (!(await afterCommit())) return
      }
    }),
  )
}

function planOf(stream: StreamId, one: StreamCollection, now: Instant, options: MonitorOptions): StreamPlan {
  const { windows, backfill } = planReadings({
    stream,
    now,
    lookbackFrom: one.lookbackFrom,
    hoursBefore: bucketStart(now - options.retention['5m'] * day, '1h') + hour,
    readings: one.ledger.readings,
    windowLengthMax: one.windowLengthMax,
  })
  return { windows: inWholeHours(windows), backfill: inWholeHours(backfill) }
}

/** What is kept as hours replaces whole hours, so it is read in whole hours even where only a part of one is due. */
function inWholeHours(windows: readonly PlannedWindow[]): PlannedWindow[] {
  const seen = new Set<Instant>()
  return windows.flatMap((window) => {
    if (window.grain === '5m') return [window]
    const whole = { ...window, ...widenToGrain(window, '1h') }
    if (seen.has(whole.from)) return []
    seen.add(whole.from)
    return [whole]
  })
}

const hasTimeFor = (collection: Collection, until: Instant, now: Instant): boolean =>
  now < until && until - now >= Math.min(slowestShare * collection.slowestWindow, 30 * second)

/** Reads one window and commits it. False when the stream is to be left alone for the rest of the tick. */
async function collectWindow(
  window: PlannedWindow,
  one: StreamCollection,
  collection: Collection,
  ports: Ports,
  options: MonitorOptions,
): Promise<boolean> {
  const startedAt = ports.clock()
  try {
    const reading = await readWindow(window, ports, options, AbortSignal.timeout(windowTimeMax))
    await commitWindow(window, reading, one.ledger, ports, options)
    one.lastCommitAt = ports.clock()
    one.refusal = undefined
    // A short window says nothing about how a long one would go.
    if (window.to - window.from >= one.windowLengthMax / 2) one.windowLengthMax = Math.min(windowLengthMax, one.windowLengthMax * 2)
    collection.bucketsRead += reading.buckets.size
    collection.slowestWindow = Math.max(collection.slowestWindow, ports.clock() - startedAt)
    return true
  } catch (error) {
    return noteFailure(error, window, one, ports)
  }
}

function noteFailure(error: unknown, window: PlannedWindow, one: StreamCollection, ports: Ports): boolean {
  one.detail = detailOf(error)
  ports.log('warn', 'A window was not read.', { stream: window.stream, reason: window.reason, problem: one.detail })
  if (!(error instanceof GraphReadError)) return false
  if (error.refusal) {
    const since = one.refusal?.state === error.refusal ? one.refusal.since : ports.clock()
    one.refusal = { state: error.refusal, since, detail: error.message }
    return false
  }
  if (error.earliest !== undefined) {
    one.retentionLength = Math.max(retentionMargin * 2, ports.clock() - error.earliest)
    one.lookbackFrom = lookbackWithin(one.lookbackFrom, one.retentionLength, ports.clock())
    return one.lookbackFrom > window.from
  }
  if (error.reason === 'timeout' || error.reason === 'rateLimited' || error.status === 504) {
    one.windowLengthMax = Math.max(windowLengthMin, Math.min(one.windowLengthMax, window.to - window.from) / 2)
  }
  return false
}

/** Words for an error that are safe to store: our own message, or only the kind of a foreign error. */
export function detailOf(error: unknown): string {
  if (error instanceof MonitorError) return error.message
  return error instanceof Error ? `An unexpected ${error.name} stopped this step.` : 'An unexpected fault stopped this step.'
}

/** What the tick leaves behind for health and the summary. */
export function progressOf(collection: Collection, now: Instant): StreamProgress[] {
  return [...collection.streams].map(([stream, one]) => {
    const extent = readingExtent({ now, lookbackFrom: one.lookbackFrom, readings: one.ledger.readings })
    const ledgers = [...one.ledger.hourRows.values(), ...looseRows(one.ledger)].map((row) => row.ledger)
    return {
      stream,
      completeFrom: stretchFrom(extent, one.completeBefore),
      completeTo: extent.completeTo,
      readTo: extent.readTo,
      settledTo: extent.settledTo,
      bucketsPending: extent.bucketsPending,
      unsettledBuckets: extent.unsettledBuckets,
      lateRows: ledgers.reduce((sum, { rows, rowsWhenComplete }) => sum + Math.max(0, rows - (rowsWhenComplete ?? rows)), 0),
      malformedRows: ledgers.reduce((sum, { malformedRows }) => sum + malformedRows, 0),
      lastCommitAt: one.lastCommitAt,
      refusal: one.refusal,
      retentionLength: one.retentionLength,
      windowLength: one.windowLengthMax,
      detail: one.detail,
    }
  })
}

/** What was complete stays so when the lookback has gone on: a stretch that reaches into the one before it begins where that began. */
const stretchFrom = ({ completeFrom }: ReadingExtent, before: TimeRange | undefined): Instant | undefined =>
  before && completeFrom !== undefined && before.to >= completeFrom ? Math.min(before.from, completeFrom) : completeFrom

/** The 5-minute rows whose hour is not made yet. */
const looseRows = (ledger: StreamLedger) => [...ledger.rows.values()].filter((row) => !ledger.hourRows.has(bucketStart(row.start, '1h')))

/** How far the first reading has come, and how long it still takes at the rate of this tick. */
export function backfillProgressOf(collection: Collection, now: Instant): BackfillProgress {
  let total = 0
  let pending = 0
  let oldest: Instant | undefined
  for (const one of collection.streams.values()) {
    const extent = readingExtent({ now, lookbackFrom: one.lookbackFrom, readings: one.ledger.readings })
    total += extent.bucketsTotal
    pending += extent.bucketsPending
    for (const start of one.ledger.readings.keys()) if (oldest === undefined || start < oldest) oldest = start
  }
  const elapsed = (now - collection.startedAt) / second
  const rate = elapsed > 0 ? collection.bucketsRead / elapsed : 0
  return {
    bucketsDone: total - pending,
    bucketsTotal: total,
    oldest,
    secondsLeft: pending === 0 ? 0 : rate > 0 ? Math.ceil(pending / rate) : undefined,
  }
}
