import type { Counts } from '../../shared/aggregates/aggregate'
import type { BucketRow } from '../../shared/aggregates/bucketRow'
import type { Summary } from '../../shared/aggregates/summary'
import type { OutboxRow } from '../../shared/alerts/alert'
import { answerSummary } from '../../shared/pipelines/answerSummary'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { Ports } from '../../shared/pipelines/ports'
import {
  arrivalAllowance,
  bucketEnd,
  bucketLength,
  bucketStart,
  bucketStarts,
  type Grain,
  grains,
  type TimeRange,
} from '../../shared/signIns/buckets'
import { day, formatInstant, hour, type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'
import type { StreamProgress } from '../../shared/signIns/streamState'
import { isStreamId, type StreamId } from '../../shared/signIns/streams'
import { joinJson } from '../../shared/tables/chunks'
import type { TableAction } from '../../shared/tables/table'
import type { World } from './instance'
import { type LoggedSignIn, type RowVersion, type SignInLog, visibleVersion } from './signInLog'
import type { VirtualEntity } from './virtualTable'

/** Watches every step of a world, and compares its end with a naive count over the log. */
export interface Judge {
  readonly violations: readonly string[]
  /** A request reaches Graph; `holds` says whether its run holds the lease. */
  requestArrived(instance: number, holds: boolean): void
  runEnded(startedAt: Instant, endedAt: Instant): void
  /** Everything that was started together has ended or died; `maintained`: every hour that is left open has been made again. */
  stepEnded(maintained: boolean): void
  /** Asks for a summary, as a dashboard may at any moment. */
  probe(): Promise<void>
  /**
   * Everything has settled: now the counts are those of the log. `caughtUpBy` is when the runs after the last fault had read
   * what was due; what Graph had forgotten until then could be read under the faults only.
   */
  judgeTheEnd(caughtUpBy: Instant): Promise<void>
}

/** A run stops starting windows after 55 s, and one window may take 4 minutes; its last writes take some seconds more. */
const runMax = 6 * minute
const requestsMax = 4
const requestWindow = 10 * second
const violationsMax = 5
const finalSettlingAge = 24 * hour
const settlings = [
  { age: finalSettlingAge, situation: 'settled-after-24h' },
  { age: 6 * hour, situation: 'settled-after-6h' },
  { age: hour, situation: 'settled-after-1h' },
] as const

type RawPorts = Pick<Ports, 'buckets' | 'runs' | 'alerts'>

/** What was last committed of a 5-minute bucket. */
interface Committed {
  readonly readAt: Instant
  readonly signIns: number
}

export function openJudge(world: World, log: SignInLog, raw: RawPorts, options: MonitorOptions): Judge {
  const { plan, time, tables, graph } = world
  const violations: string[] = []
  const committed = new Map<StreamId, Map<Instant, Committed>>(plan.streams.map((stream) => [stream, new Map()]))
  const hoursRead = new Map<string, Committed>()
  const outbox = new Map<string, OutboxRow>()
  const staleHours = new Map<string, { readonly since: Instant; readonly says: string }>()
  /** What is stored, by grain, stream and start. */
  const storedRows = new Map(grains.map((grain) => [grain, new Map(plan.streams.map((stream) => [stream, new Map<Instant, BucketRow>()]))]))
  const arrivals: { at: Instant; instance: number; holds: boolean }[] = []
  const { tenantId } = plan.population
  let judgedProgress: string | undefined
  let bucketWrites = 0
  let runOwner: unknown

  /** What a run sent in its last seconds is forgotten when it dies, unless its lease outlives them. */
  const isPromised = plan.runLeaseSeconds * second > requestWindow

  const violated = (what: string): void => {
    if (violations.length < violationsMax) violations.push(`${formatInstant(time.now)} ${what}`)
  }

  // Every write of a bucket.

  tables.buckets.afterWrite = (actions) => {
    bucketWrites += 1
    const touched = new Map(plan.streams.map((stream) => [stream, new Set<Instant>()]))
    for (const { kind, entity } of actions) {
      const grain = grainOf(entity.partitionKey)
      const stored = tables.buckets.partition(entity.partitionKey).get(entity.rowKey)
      if (kind === 'delete') {
        const { stream, start } = keyOf(entity.rowKey)
        storedRows.get(grain)?.get(stream)?.delete(start)
        bucketRemoved(stream, start, grain)
      } else if (stored) {
        const row = rowOf(stored, grain)
        storedRows.get(grain)?.get(row.stream)?.set(row.start, row)
        bucketWritten(row, kind)
        if (grain !== '1d') touched.get(row.stream)?.add(bucketStart(row.start, '1h'))
      }
    }
    for (const [stream, hours] of touched) for (const start of hours) judgeHour(stream, start)
  }

  const grainOf = (partitionKey: string): Grain => grains.find((grain) => partitionKey.startsWith(`${tenantId}|${grain}|`)) ?? '5m'

  function bucketWritten(row: BucketRow, kind: TableAction['kind']): void {
    if (kind === 'merge') {
      if (row.ledger.shrunkTo !== undefined) world.reached.note('smaller-reading-waited')
      return
    }
    if (row.ledger.children) {
      noteMade(row, row.ledger.children.sealed, kind)
      return
    }
    const name = `${row.grain} bucket ${formatInstant(row.start)} of ${row.stream}`
    const end = bucketEnd(row.start, row.grain)
    const { readAt } = row.ledger
    const signIns = total(row.counts)
    const before = row.grain === '5m' ? committed.get(row.stream)?.get(row.start) : hoursRead.get(`${row.stream} ${row.start}`)
    if (before && before.readAt > readAt) violated(`an older reading replaced a newer one: ${name}`)
    if (before) noteReadAgain(before, { readAt, signIns }, bucketEnd(bucketStart(row.start, '1h'), '1h'))
    if (before && before.signIns > signIns) judgeLoss(row, before, end, name)
    if (row.ledger.pages > 1) world.reached.note('reading-of-several-pages')
    if (row.grain === '1h') world.reached.note('hour-read-directly')
    if (row.grain === '5m') committed.get(row.stream)?.set(row.start, { readAt, signIns })
    else {
      hoursRead.set(`${row.stream} ${row.start}`, { readAt, signIns })
      for (const start of bucketStarts({ from: row.start, to: end }, '5m'))
        committed.get(row.stream)?.set(start, { readAt, signIns: Number.NaN })
    }
    const readings = graph.readingsAt(row.stream, readAt).filter(({ from, to, isFinished }) => isFinished && from < row.start && to > end)
    if (readings.length === 0) {
      violated(`what was never read whole was committed as read at ${formatInstant(readAt)}: ${name}`)
      return
    }
    if (readings.some(({ isShort }) => isShort)) return
    const firstAt = Math.min(...readings.map((reading) => reading.firstAt))
    judgeReading(row, firstAt, name)
  }

  function noteReadAgain(before: Committed, after: Committed, hourEnd: Instant): void {
    for (const { age, situation } of settlings) {
      if (before.readAt >= hourEnd + age || after.readAt < hourEnd + age) continue
      world.reached.note(situation)
      break
    }
    if (after.signIns > before.signIns && before.readAt >= hourEnd + arrivalAllowance) world.reached.note('late-sign-in-added')
    if (after.signIns < before.signIns) world.reached.note('smaller-reading-agreed')
  }

  function noteMade({ grain, start }: BucketRow, isSealed: boolean, kind: TableAction['kind']): void {
    if (grain === '1h') {
      if (kind === 'replace') world.reached.note('hour-made-again')
      if (isSealed) world.reached.note('hour-sealed')
      return
    }
    world.reached.note(isSealed ? 'day-sealed' : 'day-made')
    const length = bucketEnd(start, grain, options.zone) - start
    if (length !== day) world.reached.note(length < day ? 'day-of-23-hours' : 'day-of-25-hours')
  }

  /** Sign-ins do not go away: only two readings that were both kept short may make a count smaller. */
  function judgeLoss({ stream, start }: BucketRow, before: Committed, end: Instant, name: string): void {
    const agreeing = graph.shortReadings.filter(
      (reading) => reading.stream === stream && reading.firstAt > before.readAt && reading.from < start && reading.to > end,
    )
    if (agreeing.length < 2) violated(`${before.signIns} sign-ins became fewer after ${agreeing.length} short readings: ${name}`)
  }

  /** What became visible while the pages were read may or may not be in; everything else has to be. */
  function judgeReading(row: BucketRow, firstAt: Instant, name: string): void {
    const all = bucketStarts({ from: row.start, to: bucketEnd(row.start, row.grain) }, '5m').flatMap((start) =>
      signInsOf(row.stream, start),
    )
    const atFirst = all.flatMap((signIn) => visibleVersion(signIn, firstAt) ?? [])
    const atLast = all.flatMap((signIn) => visibleVersion(signIn, time.now) ?? [])
    const counted = total(row.counts)
    if (counted < atFirst.length || counted > atLast.length) {
      violated(`${counted} sign-ins were counted where Graph showed ${atFirst.length} to ${atLast.length}: ${name}`)
    } else if (atFirst.length === atLast.length && atFirst.every((version, index) => version === atLast[index])) {
      const difference = differenceOf(row.counts, atFirst)
      if (difference) violated(`${difference}: ${name}`)
    }
  }

  const signInsOf = (stream: StreamId, start: Instant): readonly LoggedSignIn[] => log.byBucket.get(stream)?.get(start) ?? []

  function bucketRemoved(stream: StreamId, start: Instant, grain: Grain): void {
    const age = time.now + plan.clockError(time.now) - start
    if (age < options.retention[grain] * day)
      violated(`a ${grain} bucket of ${formatInstant(start)} was removed at the age of ${age / hour} hours`)
    if (grain === '1d') return
    world.reached.note(grain === '5m' ? 'bucket-expired' : 'hour-expired')
    if (!isHeldByParent(stream, start, grain))
      violated(`a ${grain} bucket of ${formatInstant(start)} was removed under a parent that does not hold its counts for good`)
  }

  function isHeldByParent(stream: StreamId, start: Instant, grain: Grain): boolean {
    if (grain === '1d') return false
    const parentGrain = grain === '5m' ? '1h' : '1d'
    const parent = storedRow(parentGrain, stream, bucketStart(start, parentGrain, options.zone))
    return parent !== undefined && (!parent.ledger.children || (parent.ledger.children.sealed && !parent.ledger.children.due))
  }

  /**
   * An hour that readers may use is the sum of its buckets. Only where a maintenance and a run write the same hour in the
   * same second may it be another one, until the run has made it again, or the next maintenance where the run died.
   */
  function judgeHour(stream: StreamId, start: Instant): void {
    const row = storedRow('1h', stream, start)
    if (!row?.ledger.children || row.ledger.children.due) {
      staleHours.delete(`${stream} ${formatInstant(start)}`)
      return
    }
    const children = storedRows.get('5m')?.get(stream)
    let sum = 0
    for (let from = start; from < start + hour; from += bucketLength) {
      const child = children?.get(from)
      if (!child) return
      sum += total(child.counts)
    }
    const key = `${stream} ${formatInstant(start)}`
    const { since } = staleHours.get(key) ?? { since: time.now }
    if (sum === total(row.counts)) staleHours.delete(key)
    else staleHours.set(key, { since, says: `${total(row.counts)} where its buckets add up to ${sum}` })
  }

  const rowOf = (entity: VirtualEntity, grain: Grain): BucketRow => world.form.rowOf(entity, grain)

  const storedRow = (grain: Grain, stream: StreamId, start: Instant): BucketRow | undefined =>
    storedRows.get(grain)?.get(stream)?.get(start)

  // Every write of the run's row and of the alerts.

  tables.runs.afterWrite = (actions) => {
    for (const { entity } of actions) {
      const stored = tables.runs.partition(entity.partitionKey).get(entity.rowKey)
      const owner = stored?.properties['owner']
      if (runOwner !== undefined && owner !== undefined && owner !== runOwner) world.reached.note('run-taken-over')
      runOwner = owner
      // A renewed lease leaves the progress as it was.
      const text = JSON.stringify(stored?.properties['progress'])
      if (!stored || text === judgedProgress) continue
      judgedProgress = text
      for (const one of joinJson<StreamProgress[]>(stored, 'progress')) judgeProgress(one)
    }
  }

  function judgeProgress({ stream, completeFrom, completeTo, readTo, settledTo }: StreamProgress): void {
    const readAt = (start: Instant): Instant => committed.get(stream)?.get(start)?.readAt ?? Number.NEGATIVE_INFINITY
    if (completeFrom !== undefined && completeTo !== undefined) {
      for (let start = completeFrom; start < completeTo; start += bucketLength) {
        if (readAt(start) >= start + bucketLength + arrivalAllowance) continue
        violated(
          `${stream} says it is complete from ${formatInstant(completeFrom)} to ${formatInstant(completeTo)}, and ${formatInstant(start)} is not`,
        )
        break
      }
    }
    if (readTo !== undefined && readAt(readTo - bucketLength) < readTo)
      violated(`${stream} says it is read to ${formatInstant(readTo)} and is not`)
    if (settledTo === undefined) return
    const hourEnd = bucketEnd(bucketStart(settledTo - bucketLength, '1h'), '1h')
    if (readAt(settledTo - bucketLength) < hourEnd + finalSettlingAge)
      violated(`${stream} says it is settled to ${formatInstant(settledTo)} and is not`)
  }

  tables.alerts.afterWrite = (actions) => {
    for (const { kind, entity } of actions) {
      if (!entity.rowKey.startsWith('outbox|')) continue
      const stored = tables.alerts.partition(entity.partitionKey).get(entity.rowKey)
      if (kind === 'delete' && outbox.get(entity.rowKey)?.state === 'waiting')
        violated(`a notification that was still waiting is gone: ${entity.rowKey}`)
      if (stored) outbox.set(entity.rowKey, joinJson<OutboxRow>(stored, 'content'))
    }
  }

  function judgeOutbox(): void {
    for (const { id, state } of outbox.values()) {
      if (state === 'waiting') violated(`a notification still waits at the end: ${id}`)
      if (state === 'delivered' && !world.received.has(id)) violated(`a notification is said to be delivered and was not: ${id}`)
    }
  }

  // The summary, at any moment and at the end.

  async function summaryOf(query: { window: TimeRange; grain: Grain; streams: readonly StreamId[] }): Promise<Summary> {
    const answer = await answerSummary({ ...query, families: undefined, top: 50, language: 'en' }, raw, options)
    return answer.body()
  }

  async function probe(): Promise<void> {
    const random = world.random
    const grain = random.pick(grains)
    const now = time.now + plan.clockError(time.now)
    const to = bucketStart(now - random.below(20) * bucketLength, grain, options.zone)
    const length = { '5m': 4 * hour, '1h': 30 * hour, '1d': 3 * day }[grain]
    const from = bucketStart(to - 1 - random.below(length), grain, options.zone)
    const streams = random.chance(0.5) ? plan.streams : [random.pick(plan.streams)]
    const writesBefore = bucketWrites
    const summary = await summaryOf({ window: { from, to }, grain, streams })
    // It lets others go first while it reads, and may show what they write or not.
    if (bucketWrites === writesBefore) judgeSummary(summary, streams)
  }

  function judgeSummary(summary: Summary, streams: readonly StreamId[]): void {
    const { grain } = summary.window
    const { completeness } = summary
    const read = streams.filter((stream) => !completeness.excluded.includes(stream))
    for (const [time, value] of summary.totals.series) {
      if (value === null) continue
      const start = parseInstant(time) ?? 0
      const end = bucketEnd(start, grain, options.zone)
      for (const stream of read) {
        const readTo = parseInstant(completeness.streams.find((one) => one.stream === stream)?.readTo ?? '') ?? Number.NEGATIVE_INFINITY
        const unread = bucketStarts({ from: start, to: grain === '5m' ? end : Math.min(end, readTo) }, '5m').find(
          (bucket) => !committed.get(stream)?.has(bucket),
        )
        if (unread !== undefined)
          violated(`the ${grain} point ${time} is ${value.signIns} though ${formatInstant(unread)} of ${stream} was never read`)
      }
      const known = streams.map((stream) => committedIn(stream, { from: start, to: end }))
      const expected = known.reduce((sum, count) => sum + count, 0)
      if (!Number.isNaN(expected) && expected !== value.signIns && staleHours.size === 0) {
        violated(`the ${grain} point ${time} of ${streams.join(', ')} says ${value.signIns} where ${expected} were committed`)
      }
    }
    if (summary.totals.series.some(([, value]) => value === null)) world.reached.note('window-with-a-hole')
    if (!completeness.complete) return
    world.reached.note('window-complete')
    judgeCompleteness(summary, streams)
  }

  const committedIn = (stream: StreamId, range: TimeRange): number =>
    bucketStarts(range, '5m').reduce((sum, start) => sum + (committed.get(stream)?.get(start)?.signIns ?? 0), 0)

  function judgeCompleteness(summary: Summary, streams: readonly StreamId[]): void {
    const window = { from: parseInstant(summary.window.from) ?? 0, to: parseInstant(summary.window.to) ?? 0 }
    for (const stream of streams) {
      const open = bucketStarts(window, '5m').find(
        (start) => (committed.get(stream)?.get(start)?.readAt ?? 0) < start + bucketLength + arrivalAllowance,
      )
      if (open !== undefined) violated(`a window is said to be complete though ${formatInstant(open)} of ${stream} is not`)
    }
  }

  async function judgeTheEnd(caughtUpBy: Instant): Promise<void> {
    const { population } = plan
    // What is older than the retention of hours is not read, and the first reading may come as late as the last fault.
    const readFrom = Math.max(population.range.from, plan.faultsEnd - options.retention['1h'] * day + 2 * day)
    // No window begins within the first hour of the retention.
    const keptFrom = Math.max(plan.begins, caughtUpBy - plan.periods.retention + hour)
    const from = bucketStart(plan.periods.isRetentionShort ? keptFrom : readFrom, '1h') + hour
    const range = { from, to: bucketStart(plan.faultsEnd, '1h') }
    const provenFrom = time.now - Math.min(plan.lookbackHours * hour, plan.periods.retention) + 3 * hour
    judgeOutbox()
    judgeStoredRows(range)
    await judgeEveryGrain(range, provenFrom)
    for (const one of (await raw.runs.read())?.progress ?? []) {
      if (one.unsettledBuckets > 0) violated(`${one.stream} has ${one.unsettledBuckets} unsettled buckets at the end`)
      if ((one.completeTo ?? 0) < range.to)
        violated(`${one.stream} is complete only to ${one.completeTo === undefined ? 'nowhere' : formatInstant(one.completeTo)} at the end`)
    }
  }

  function judgeStoredRows(range: TimeRange): void {
    for (const partitionKey of tables.buckets.partitionKeys()) {
      const grain = grainOf(partitionKey)
      for (const entity of tables.buckets.partition(partitionKey).values()) {
        const row = rowOf(entity, grain)
        const end = bucketEnd(row.start, grain, options.zone)
        if (row.start < range.from || end > range.to || row.ledger.children?.due || isOnItsWayOut(row, grain)) continue
        const difference = differenceOf(row.counts, finalVersions([row.stream], { from: row.start, to: end }))
        if (difference) violated(`at the end ${difference}: the stored ${grain} bucket ${formatInstant(row.start)} of ${row.stream}`)
      }
    }
  }

  /** Past its retention a row waits to be removed, and what came late is counted in its parent alone. */
  const isOnItsWayOut = ({ stream, start }: BucketRow, grain: Grain): boolean =>
    start < time.now - options.retention[grain] * day && isHeldByParent(stream, start, grain)

  /** What lies before `provenFrom` was complete once; after a gap nobody can say so any more. */
  async function judgeEveryGrain(range: TimeRange, provenFrom: Instant): Promise<void> {
    const now = time.now
    for (const grain of grains) {
      const oldest = now - options.retention[grain] * day + day
      const first = bucketStart(Math.max(range.from, oldest) - 1, grain, options.zone)
      const window = { from: bucketEnd(first, grain, options.zone), to: bucketStart(range.to, grain, options.zone) }
      if (window.from >= window.to) continue
      const summary = await summaryOf({ window, grain, streams: plan.streams })
      judgeSummary(summary, plan.streams)
      const versions = finalVersions(plan.streams, window)
      if (summary.totals.signIns !== versions.length)
        violated(`the summary by ${grain} says ${summary.totals.signIns} sign-ins of ${versions.length}`)
      const hole = summary.totals.series.find(([, value]) => value === null)
      if (hole) violated(`the summary by ${grain} has a hole at ${hole[0]} at the end`)
      if (!summary.completeness.complete && window.from >= provenFrom)
        violated(
          `the summary by ${grain} of ${formatInstant(window.from)} to ${formatInstant(window.to)} is complete only from ${summary.completeness.completeFrom} to ${summary.completeness.completeTo} at the end, without ${summary.completeness.excluded.join(', ') || 'nothing'}`,
        )
      judgeApps(summary, window, grain)
      judgeUsers(summary, window, grain)
    }
  }

  function judgeApps(summary: Summary, window: TimeRange, grain: Grain): void {
    const expected = new Map<string, number>()
    for (const signIn of signInsWithin(plan.streams, window)) expected.set(signIn.appId, (expected.get(signIn.appId) ?? 0) + 1)
    for (const { id, signIns } of summary.totals.top.apps) {
      if (signIns !== (expected.get(id) ?? 0))
        violated(`the summary by ${grain} says ${signIns} sign-ins of the app ${id} where there were ${expected.get(id) ?? 0}`)
    }
  }

  /** A sketch of so few users is all but exact. */
  function judgeUsers(summary: Summary, window: TimeRange, grain: Grain): void {
    const people = signInsWithin(
      plan.streams.filter((stream) => stream === 'interactiveUser' || stream === 'nonInteractiveUser'),
      window,
    )
    const users = new Set(people.map(({ userId }) => userId)).size
    const { estimate } = summary.totals.distinctUsers
    if (users > 0 && (estimate === null || Math.abs(estimate - users) > 2))
      violated(`the summary by ${grain} says ${estimate} users where there were ${users}`)
  }

  const signInsWithin = (streams: readonly StreamId[], range: TimeRange): LoggedSignIn[] =>
    streams.flatMap((stream) => bucketStarts(range, '5m').flatMap((start) => signInsOf(stream, start)))

  const finalVersions = (streams: readonly StreamId[], range: TimeRange): RowVersion[] =>
    signInsWithin(streams, range).flatMap((signIn) => signIn.versions.at(-1) ?? [])

  return {
    violations,
    probe,
    stepEnded: (maintained) => {
      for (const [hourOf, { since, says }] of staleHours) {
        if (maintained && time.now - since > minute) violated(`the hour of ${hourOf} has been saying ${says} since ${formatInstant(since)}`)
      }
    },
    judgeTheEnd,
    requestArrived: (instance, holds) => {
      const now = time.now
      if (arrivals.some((arrival) => arrival.at > now - requestWindow && arrival.instance !== instance))
        world.reached.note('two-instances-read')
      arrivals.push({ at: now, instance, holds })
      while ((arrivals[0]?.at ?? now) <= now - requestWindow) arrivals.shift()
      if (plan.clockJumps.some((jump) => Math.abs(now - jump) < 20 * minute)) return
      const own = arrivals.filter((arrival) => arrival.instance === instance).length
      if (own > requestsMax) violated(`one instance sent ${own} requests within 10 seconds`)
      else if (arrivals.length > requestsMax && isPromised && arrivals.every((arrival) => arrival.holds))
        violated(`${arrivals.length} requests reached Graph within 10 seconds`)
    },
    runEnded: (startedAt, endedAt) => {
      if (endedAt - startedAt > runMax) violated(`a run took ${(endedAt - startedAt) / second} seconds`)
    },
  }
}

function total({ cells }: Counts): number {
  let sum = 0
  for (const count of cells.values()) sum += count
  return sum
}

function keyOf(rowKey: string): { start: Instant; stream: StreamId } {
  const [time = '', stream = ''] = rowKey.split('|')
  const start = parseInstant(time)
  if (start === undefined || !isStreamId(stream)) throw new Error(`The row key ${rowKey} is none of a bucket.`)
  return { start, stream }
}

/** In what a stored count differs from a naive one, in words; undefined where it does not. */
function differenceOf(counts: Counts, versions: readonly RowVersion[]): string | undefined {
  const cells = new Map<string, number>()
  const signals = new Map<string, number>()
  for (const version of versions) {
    cells.set(version.cell, (cells.get(version.cell) ?? 0) + 1)
    for (const key of version.signals) signals.set(key, (signals.get(key) ?? 0) + 1)
  }
  return differingKey(counts.cells, cells) ?? differingKey(counts.signals, signals)
}

function differingKey(counted: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): string | undefined {
  for (const key of new Set([...counted.keys(), ...expected.keys()])) {
    const [ours, theirs] = [counted.get(key) ?? 0, expected.get(key) ?? 0]
    if (ours !== theirs) return `${ours} of ${key} are counted where there are ${theirs}`
  }
  return undefined
}
