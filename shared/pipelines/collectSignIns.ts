import { GraphReadError, MonitorError } from '../runtime/errors'
import { answeredFrom, bucketLength, bucketStart, bucketStarts, widenToGrain } from '../signIns/buckets'
import { currentLagMax } from '../signIns/completeness'
import { day, hour, type Instant, minute, second } from '../signIns/instant'
import { finalSettlingAge, type PlannedWindow, planReadings } from '../signIns/readingPlan'
import type { Refusal, StreamProgress } from '../signIns/streamState'
import type { StreamId } from '../signIns/streams'
import { planTick } from '../signIns/tickPlan'
import type { MonitorOptions } from './options'
import type { Ports, SignInSource } from './ports'
import { readWindow } from './readWindow'
import { gatherLedgers, type StreamLedger } from './streamLedger'
import { type CommitListener, openWindowCommits, type WindowCommits } from './windowCommits'
import {
  firstWindowLengths,
  kindOf,
  lengthAfterAnswer,
  lengthAfterFailure,
  type ReadingKind,
  shorteningReason,
  type WindowLengths,
} from './windowLength'

/** One bucket too large for a tick may take this long. */
const windowTimeMax = 4 * minute
/** Requests that wait for the limit of Graph, which is for ten seconds, are sent about so long after those that did not. */
const waitLength = 11 * second
/** A window is started only while this share of the slowest one so far is left. */
const slowestShare = 1.5
/** Of the requests that are left of a tick, backfill takes this part, so that the next tick finds some. */
const backfillShare = 0.75
/** Kept between a learnt retention and the oldest time that is asked for. */
const retentionMargin = hour
/** What was read is followed for this long, however short the lookback, so that it is read at its last settling age. */
const followedLength = finalSettlingAge + 6 * hour
/** What is still unsettled is followed on for this long: no tenant keeps its sign-ins longer. */
const followedLengthMax = 30 * day
/** Ledgers that a process keeps in mind are read again after this long: maintenance changes coarse rows too. */
const rememberedLength = hour

/** The ledgers of all streams, as a process keeps them in mind from run to run. */
export interface RememberedLedgers {
  readonly ledgers: Map<StreamId, StreamLedger>
  readonly gatheredAt: Instant
}

/** The reading of one tick: what is known of each stream, and how it went. */
export interface Collection {
  readonly streams: Map<StreamId, StreamCollection>
  readonly remembered: RememberedLedgers
  /** Whether the ledgers are worth being kept in mind: a commit that failed may have changed what they say. */
  isRemembered: boolean
  readonly startedAt: Instant
  readonly ports: Ports
  readonly options: MonitorOptions
  readonly commits: WindowCommits
  slowestWindow: number
  bucketsRead: number
  /** Rows that Graph gave, those of windows that were not read to their end included. */
  rowsRead: number
  /** Buckets that the backfill of this tick has read. */
  backfilled: number
  /** What is still to be read in this tick, or was left out of it. */
  awaited: Set<PlannedWindow>
}

/** The reading of one stream in one tick. */
export interface StreamCollection {
  readonly ledger: StreamLedger
  lookbackFrom: Instant
  readonly windowLengths: WindowLengths
  lastCommitAt: Instant | undefined
  /** When Graph last gave rows of it. */
  lastRowsAt: Instant | undefined
  /** Sign-ins a minute, at least, of a new bucket that did not end in the time that one may take. */
  unfinishedRate: number | undefined
  refusal: Refusal | undefined
  retentionLength: number | undefined
  /** What the last run left. */
  readonly before: StreamProgress | undefined
  detail: string | undefined
  /** Set by a failure: the stream is left alone for the rest of the tick. */
  isStopped: boolean
}

/** Told after every commit how far the run has come; false when the run was lost and reading has to stop. */
export type AfterCommit = (collection: Collection) => Promise<boolean>

/**
 * Gathers what is stored, so that the windows of a tick can be decided. `remembered` is what this process knew at the end
 * of its last run, where nobody else has run since.
 */
export async function startCollection(
  ports: Ports,
  options: MonitorOptions,
  progress: readonly StreamProgress[],
  afterCommit: AfterCommit,
  remembered?: RememberedLedgers,
): Promise<Collection> {
  const now = ports.clock()
  const lookbackFrom = bucketStart(now - options.lookbackHours * hour, '1h')
  const keptFrom = bucketStart(now - options.retention['1h'] * day, '1d', options.zone)
  const { ledgers, gatheredAt } = isFresh(remembered, now) ? remembered : await gatherAll(ports, options, progress, lookbackFrom)
  const streams = new Map<StreamId, StreamCollection>()
  for (const [stream, ledger] of ledgers) {
    const before = progress.find((one) => one.stream === stream)
    const from = Math.min(lookbackFrom, oldestHour(ledger, before?.unsettledFrom) ?? lookbackFrom)
    streams.set(stream, {
      ledger,
      // Hours past their retention are removed, and would be read again for ever.
      lookbackFrom: lookbackWithin(Math.max(from, keptFrom), before?.retentionLength, now),
      windowLengths: {
        due: before?.windowLength ?? firstWindowLengths.due,
        backfill: before?.backfillLength ?? before?.windowLength ?? firstWindowLengths.backfill,
      },
      lastCommitAt: before?.lastCommitAt,
      lastRowsAt: before?.lastRowsAt,
      unfinishedRate: undefined,
      refusal: before?.refusal,
      retentionLength: before?.retentionLength,
      before,
      detail: undefined,
      isStopped: false,
    })
  }
  const listener: CommitListener = {
    committed: (read) => {
      for (const { window, reading } of read) {
        const one = streams.get(window.stream)
        if (one) one.lastCommitAt = ports.clock()
        collection.bucketsRead += reading.buckets.size
        if (window.reason === 'backfill') collection.backfilled += reading.buckets.size
      }
    },
    failed: (read, error) => {
      collection.isRemembered = false
      for (const { window } of read) {
        const one = streams.get(window.stream)
        if (one) noteFailure(error, window, one, ports)
      }
    },
    after: () => afterCommit(collection),
    isAwaited: (stream, start) =>
      [...collection.awaited].some((window) => window.stream === stream && window.from < start + hour && window.to > start),
  }
  const collection: Collection = {
    streams,
    remembered: { ledgers, gatheredAt },
    isRemembered: true,
    startedAt: now,
    ports,
    options,
    commits: openWindowCommits(ledgers, listener, ports, options),
    slowestWindow: 0,
    bucketsRead: 0,
    rowsRead: 0,
    backfilled: 0,
    awaited: new Set(),
  }
  return collection
}

const isFresh = (remembered: RememberedLedgers | undefined, now: Instant): remembered is RememberedLedgers =>
  remembered !== undefined && now >= remembered.gatheredAt && now < remembered.gatheredAt + rememberedLength

async function gatherAll(
  ports: Ports,
  options: MonitorOptions,
  progress: readonly StreamProgress[],
  lookbackFrom: Instant,
): Promise<RememberedLedgers> {
  const now = ports.clock()
  const unsettledFrom = progress.flatMap((one) => (one.unsettledFrom === undefined ? [] : [one.unsettledFrom]))
  const followedFrom = Math.max(now - followedLengthMax, Math.min(now - followedLength, ...unsettledFrom))
  const from = Math.min(lookbackFrom, bucketStart(followedFrom, '1h'))
  return { ledgers: await gatherLedgers(ports.buckets, options.streams, { from, to: now }), gatheredAt: now }
}

function lookbackWithin(lookbackFrom: Instant, retentionLength: number | undefined, now: Instant): Instant {
  if (retentionLength === undefined) return lookbackFrom
  return Math.max(lookbackFrom, bucketStart(now - retentionLength + retentionMargin, '1h') + hour)
}

/** The start of the hour of the oldest bucket that was read and is not settled for good, or was read within this ledger. */
function oldestHour({ readings }: StreamLedger, unsettledFrom: Instant | undefined): Instant | undefined {
  let oldest = unsettledFrom
  for (const start of readings.keys()) if (oldest === undefined || start < oldest) oldest = start
  return oldest === undefined ? undefined : bucketStart(oldest, '1h')
}

/**
 * Reads and commits the live edge and what is closing, and then settles as far as the requests go that are worth waiting
 * for, as planned at the start of the tick.
 */
export async function collectDueWindows(collection: Collection, until: Instant): Promise<void> {
  const { ports, streams } = collection
  const windows = [...streams].flatMap(([stream, one]) => planOf('due', stream, one, collection))
  const arrivals = new Map([...streams].map(([stream, { before }]) => [stream, before?.arrivals]))
  const { live, spare, settling, leftOut, patient } = planTick({
    windows,
    now: ports.clock(),
    requests: requestsOf(ports, until),
    arrivals,
  })
  collection.awaited = new Set([...live, ...spare, ...settling, ...leftOut, ...patient])
  await collectWindows([...live, ...spare], collection, until)
  await collectWindows(settling, collection, until)
  await collection.commits.flush()
}

/** The requests that can be sent at once, after each further wait for the limit of Graph, and in all until an instant. */
function requestsOf({ clock, signIns }: Ports, until: Instant): number[] {
  const requests: number[] = []
  for (let at = clock(); at < until; at += waitLength) requests.push(signIns.budget.available(at))
  return [...requests, signIns.budget.available(until)]
}

/** Reads windows, those of a stream one after the other and all streams side by side, and hands them on to be committed. */
async function collectWindows(windows: readonly PlannedWindow[], collection: Collection, until: Instant): Promise<void> {
  await Promise.all(
    [...collection.streams].map(async ([stream, one]) => {
      for (const window of windows) {
        if (window.stream !== stream) continue
        if (one.isStopped || !hasTimeFor(collection, until)) return
        if (!(await collectWindow(window, one, collection))) return
      }
    }),
  )
}

/** Reads and commits what was never read, newest first, with a part of the requests that are left. */
export async function collectBackfill(collection: Collection, until: Instant): Promise<void> {
  collection.awaited = new Set()
  let requests = Math.max(1, Math.floor(collection.ports.signIns.budget.available(until) * backfillShare))
  await Promise.all(
    [...collection.streams].map(async ([stream, one]) => {
      // A stream that Graph refuses has nothing to give; a failed reading ends the stream's part of the tick.
      let waiting: readonly PlannedWindow[] = []
      let plannedLength = Number.NaN
      while (one.refusal === undefined && !one.isStopped) {
        if (waiting.length === 0 || one.windowLengths.backfill !== plannedLength) {
          // The plan knows what is committed.
          if (!(await collection.commits.flush()) || one.isStopped) return
          waiting = planOf('backfill', stream, one, collection)
          plannedLength = one.windowLengths.backfill
        }
        const [window] = waiting
        waiting = waiting.slice(1)
        if (!window || requests <= 0 || !hasTimeFor(collection, until)) return
        requests -= window.requests
        if (!(await collectWindow(window, one, collection))) return
      }
    }),
  )
  await collection.commits.flush()
}

/** The windows of one kind that a stream is to be asked for. */
function planOf(kind: ReadingKind, stream: StreamId, one: StreamCollection, { ports, options }: Collection): PlannedWindow[] {
  const now = ports.clock()
  const { windows, backfill } = planReadings({
    stream,
    now,
    lookbackFrom: one.lookbackFrom,
    // Whoever can still ask for 5-minute rows finds them as new as their hour.
    hoursBefore: bucketStart(answeredFrom(now, options.retention['5m']), '1h'),
    readings: one.ledger.readings,
    windowLengthMax: one.windowLengths[kind],
    pageRows: ports.signIns.pageRows,
  })
  return inWholeHours(kind === 'due' ? windows : backfill)
}

/**
 * What is kept as hours replaces whole hours, so it is read in whole hours even where only a part of one is due, and each hour
 * once where several windows have a part of it.
 */
function inWholeHours(windows: readonly PlannedWindow[]): PlannedWindow[] {
  const seen = new Set<Instant>()
  return windows.flatMap((window) => {
    if (window.grain === '5m') return [window]
    const stretches: { from: Instant; to: Instant }[] = []
    for (const from of bucketStarts(widenToGrain(window, '1h'), '1h')) {
      if (seen.has(from)) continue
      seen.add(from)
      const last = stretches.at(-1)
      if (last?.to === from) last.to = from + hour
      else stretches.push({ from, to: from + hour })
    }
    return stretches.map((stretch) => ({ ...window, ...stretch }))
  })
}

function hasTimeFor({ slowestWindow, ports }: Collection, until: Instant): boolean {
  const now = ports.clock()
  return now < until && until - now >= Math.min(slowestShare * slowestWindow, 30 * second)
}

/** Reads one window and hands it on to be committed. False when the stream is to be left alone for the rest of the tick. */
async function collectWindow(window: PlannedWindow, one: StreamCollection, collection: Collection): Promise<boolean> {
  const { ports, options } = collection
  const startedAt = ports.clock()
  const abort = AbortSignal.timeout(windowTimeMax)
  let rows = 0
  const came = (count: number): void => {
    rows += count
    collection.rowsRead += count
    if (count > 0) one.lastRowsAt = ports.clock()
  }
  try {
    const reading = await readWindow(window, { ...ports, signIns: countedSource(ports.signIns, came) }, options, abort)
    one.refusal = undefined
    const kind = kindOf(window.reason)
    one.windowLengths[kind] = lengthAfterAnswer(one.windowLengths[kind], window)
    one.unfinishedRate = undefined
    collection.slowestWindow = Math.max(collection.slowestWindow, ports.clock() - startedAt)
    collection.awaited.delete(window)
    return await collection.commits.add({ window, reading, ledger: one.ledger })
  } catch (error) {
    const length = window.to - window.from
    // An old bucket that is too large says nothing of what comes at present.
    const isNew = startedAt - window.to <= currentLagMax
    if (abort.aborted && rows > 0 && length <= bucketLength && isNew) one.unfinishedRate = (rows * minute) / length
    return noteFailure(error, window, one, ports)
  }
}

/** The same source, that says of every page how many rows it holds. */
const countedSource = (source: SignInSource, came: (rows: number) => void): SignInSource => ({
  budget: source.budget,
  read: async function* (window, abort, take) {
    for await (const page of source.read(window, abort, take)) {
      came(page.rows.length)
      yield page
    }
  },
})

/** What a failed window means for its stream. False when the stream is to be left alone for the rest of the tick. */
function noteFailure(error: unknown, window: PlannedWindow, one: StreamCollection, ports: Ports): boolean {
  one.detail = detailOf(error)
  const shortened = error instanceof GraphReadError ? shorteningReason(error) : undefined
  ports.log('warn', 'A window was not read.', {
    stream: window.stream,
    reason: window.reason,
    problem: one.detail,
    shortened: shortened ?? null,
  })
  if (error instanceof GraphReadError) {
    if (error.refusal) {
      const since = one.refusal?.state === error.refusal ? one.refusal.since : ports.clock()
      one.refusal = { state: error.refusal, since, detail: error.message }
    } else if (error.earliest !== undefined) {
      one.retentionLength = Math.max(retentionMargin * 2, ports.clock() - error.earliest)
      one.lookbackFrom = lookbackWithin(one.lookbackFrom, one.retentionLength, ports.clock())
      if (one.lookbackFrom > window.from) return true
    } else if (shortened) {
      const kind = kindOf(window.reason)
      one.windowLengths[kind] = lengthAfterFailure(one.windowLengths[kind], window)
    }
  }
  one.isStopped = true
  return false
}

/** Words for an error that are safe to store: our own message, or only the kind of a foreign error. */
export function detailOf(error: unknown): string {
  if (error instanceof MonitorError) return error.message
  return error instanceof Error ? `An unexpected ${error.name} stopped this step.` : 'An unexpected fault stopped this step.'
}
