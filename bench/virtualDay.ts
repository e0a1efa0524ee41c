import { builtInRules } from '../shared/alerts/rules'
import { createRateBudget } from '../shared/graph/rateBudget'
import { maintainAggregates } from '../shared/pipelines/maintainAggregates'
import { monitorSignIns } from '../shared/pipelines/monitorSignIns'
import type { Ports } from '../shared/pipelines/ports'
import { streamStatuses } from '../shared/signIns/completeness'
import { day, hour, type Instant, minute, parseInstant, second } from '../shared/signIns/instant'
import { createAlertStore } from '../shared/tables/alertStore'
import { createBucketStore } from '../shared/tables/bucketStore'
import { createRunStore } from '../shared/tables/runStore'
import type { Table } from '../shared/tables/table'
import { openVirtualTable } from '../test/simulation/virtualTable'
import { startVirtualTime, type VirtualTime } from '../test/simulation/virtualTime'
import type { Benchmark } from './benchmark'
import { benchOptions } from './benchOptions'
import { openCountedGraph } from './countedGraph'

/** A tenant of some size. */
export interface Traffic {
  readonly rowsPerDay: number
  /** How many of its sign-ins one row stands for. */
  readonly scale: number
  /** Requests to Graph in ten seconds, where it is not as many as the product sends by itself. */
  readonly requestsMax?: number
}

interface Size extends Traffic {
  readonly name: string
  /** Before it is measured: long enough for the settling of the day before, where there is any. */
  readonly warmUp: number
  /** What is measured then. */
  readonly measured: number
  readonly goals: Readonly<Partial<Record<keyof DayFigures, number>>>
}

const sizes: readonly Size[] = [
  {
    name: '5,000 sign-ins a day',
    rowsPerDay: 5_000,
    scale: 1,
    warmUp: 25 * hour,
    measured: day,
    goals: { requestsMean: 6, tableTransactions: 20_000 },
  },
  {
    name: '1.5 M sign-ins a day',
    rowsPerDay: 1_500_000,
    scale: 50,
    warmUp: 25 * hour,
    measured: day,
    goals: { requestsMean: 12, readToMedian: 4, readToWorst: 8, tableTransactions: 20_000 },
  },
  {
    name: '5 M sign-ins a day',
    rowsPerDay: 5_000_000,
    scale: 100,
    warmUp: 25 * hour,
    measured: day,
    goals: { readToWorst: 20, tableTransactions: 20_000 },
  },
  // The hours in which offices open: in some of them more comes than can be read.
  {
    name: '20 M sign-ins a day',
    rowsPerDay: 20_000_000,
    scale: 250,
    warmUp: 2 * hour,
    measured: 10 * hour,
    goals: { tableTransactions: 20_000 },
  },
]

/** Over what is measured, once the settling of the day before is under way. */
export interface DayFigures {
  /** Requests a minute. */
  readonly requestsMean: number
  readonly requestsMax: number
  /** Minutes from the end of the last bucket that was read of every stream. */
  readonly readToMedian: number
  readonly readToWorst: number
  /** Hours from the end of the last bucket that was settled. */
  readonly settledToAge: number
  readonly unsettledBuckets: number
  /** In 24 hours, reads by HTTP aside. */
  readonly tableTransactions: number
  /** What the runs of 24 hours are billed for: at least a second each, in steps of a tenth. */
  readonly billedSeconds: number
  /** How the streams stood, and for how much of the time. */
  readonly states: string
}

/** P4: the real plan and pipelines over a virtual day: requests to Graph, freshness, and what Table Storage is asked for. */
export const virtualDay: Benchmark = async ({ quick, result }) => {
  for (const size of quick ? sizes.slice(0, 1) : sizes) {
    const figures = await liveThrough(size, quick ? hour : size.warmUp, quick ? hour / 2 : size.measured)
    const line = (what: string, value: number, goal: number | undefined, detail: string): void =>
      result({ id: 'P4', what: `${size.name}: ${what}`, value, ...(goal === undefined ? {} : { goal: { atMost: goal } }), detail })
    line('requests a minute, mean', figures.requestsMean, size.goals.requestsMean, `at most ${figures.requestsMax} in one minute`)
    line('age of readTo in minutes, median', figures.readToMedian, size.goals.readToMedian, figures.states)
    line('age of readTo in minutes, worst', figures.readToWorst, size.goals.readToWorst, `each row stands for ${size.scale} sign-ins`)
    line(
      'table transactions a day',
      figures.tableTransactions,
      size.goals.tableTransactions,
      `settledTo ${figures.settledToAge.toFixed(1)} hours old, ${figures.unsettledBuckets} buckets before it unsettled`,
    )
  }
}

/** The second of the minute at which the timer starts a run. */
const tickSecond = 10 * second
const begin = parseInstant('2026-03-03T00:00:00Z') ?? 0

/** Runs the monitor every minute and the maintenance every hour, and measures the last part of it. */
export async function liveThrough(traffic: Traffic, warmUp: number, measured: number): Promise<DayFigures> {
  const time = startVirtualTime(begin)
  const realTimeout = AbortSignal.timeout
  AbortSignal.timeout = (milliseconds) => time.timeout(milliseconds)
  try {
    return await time.runUntil(live(time, traffic, begin + warmUp, begin + warmUp + measured))
  } finally {
    AbortSignal.timeout = realTimeout
  }
}

async function live(time: VirtualTime, traffic: Traffic, measuredFrom: Instant, end: Instant): Promise<DayFigures> {
  const clock = (): Instant => time.now
  const { rowsPerDay, scale, requestsMax = 4 } = traffic
  const sleep = (milliseconds: number, abort: AbortSignal): Promise<void> => time.sleep(milliseconds, abort)
  const budget = createRateBudget({ requestsMax, clock, sleep, random: () => 0.5 })
  const graph = openCountedGraph({ time, budget, rowsPerDay, scale })
  const transactions: Instant[] = []
  const counted = (table: Table): Table => {
    const counting = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      transactions.push(time.now)
      await time.sleep(5)
      return work()
    }
    return {
      read: (partitionKey, rowKey) => counting(() => table.read(partitionKey, rowKey)),
      query: (query) =>
        counting(async () => {
          const found = await table.query(query)
          // Table Storage answers at most a thousand entities at once.
          for (let more = 1_000; more < found.length; more += 1_000) transactions.push(time.now)
          return found
        }),
      submit: (actions) => counting(() => table.submit(actions)),
    }
  }
  const tables = { buckets: openVirtualTable(), runs: openVirtualTable(), alerts: openVirtualTable() }
  const clients = { buckets: counted(tables.buckets), runs: counted(tables.runs), alerts: counted(tables.alerts) }
  const { tenantId } = benchOptions
  const options = { ...benchOptions, lookbackHours: 1, rules: builtInRules }
  const ports: Ports = {
    clock,
    signIns: graph,
    buckets: createBucketStore({ clients, tenantId }),
    runs: createRunStore({ clients, tenantId }),
    alerts: createAlertStore({ clients, tenantId, clock }),
    notifier: { receivers: () => [], deliver: async () => ({ kind: 'dead', reason: 'clientError' }) },
    log: () => undefined,
  }
  const runs = createRunStore({ clients: tables, tenantId })
  const ages: number[] = []
  const states = new Map<string, Map<string, number>>()
  let ended = false
  const watch = async (): Promise<void> => {
    while (!ended) {
      await time.sleep(15 * second)
      if (time.now < measuredFrom || time.now >= end) continue
      const progress = (await runs.read())?.progress ?? []
      ages.push((time.now - Math.min(...progress.map(({ readTo }) => readTo ?? begin))) / minute)
      for (const { stream, state } of streamStatuses(progress, options.streams, time.now)) {
        const times = states.get(stream) ?? new Map<string, number>()
        states.set(stream, times.set(state, (times.get(state) ?? 0) + 1))
      }
    }
  }
  const watched = watch()
  const maintain = async (): Promise<void> => {
    while (!ended) {
      await time.sleep(hour - (time.now % hour) + 7 * minute)
      if (!ended) await maintainAggregates(ports, options)
    }
  }
  const maintained = maintain()
  let billedSeconds = 0
  for (let run = 0; time.now < end; run++) {
    const startedAt = time.now
    await monitorSignIns(ports, options, `run ${run}`)
    if (startedAt >= measuredFrom) billedSeconds += Math.max(1, Math.ceil((time.now - startedAt) / 100) / 10)
    await time.sleep(minute - ((time.now - tickSecond) % minute))
  }
  ended = true
  const progress = (await runs.read())?.progress ?? []
  await Promise.all([watched, maintained])
  const within = (times: readonly Instant[]): Instant[] => times.filter((at) => at >= measuredFrom && at < end)
  const requests = within(graph.requestTimes)
  const byMinute = new Map<number, number>()
  for (const at of requests) byMinute.set(Math.floor(at / minute), (byMinute.get(Math.floor(at / minute)) ?? 0) + 1)
  ages.sort((one, other) => one - other)
  const settledTo = Math.min(...progress.map((one) => one.settledTo ?? begin))
  return {
    requestsMean: requests.length / ((end - measuredFrom) / minute),
    requestsMax: Math.max(0, ...byMinute.values()),
    readToMedian: ages[ages.length >> 1] ?? Number.NaN,
    readToWorst: ages.at(-1) ?? Number.NaN,
    settledToAge: (end - settledTo) / hour,
    unsettledBuckets: progress.reduce((sum, one) => sum + one.unsettledBuckets, 0),
    tableTransactions: (within(transactions).length * day) / (end - measuredFrom),
    billedSeconds: (billedSeconds * day) / (end - measuredFrom),
    states: [...states].map(([stream, times]) => `${stream} ${sharesOf(times)}`).join(', '),
  }
}

/** `current`, or `current 62 % and behind 38 %`. */
function sharesOf(times: ReadonlyMap<string, number>): string {
  const all = [...times.values()].reduce((sum, count) => sum + count, 0)
  const [only] = times.keys()
  if (only !== undefined && times.size === 1) return only
  return [...times].map(([state, count]) => `${state} ${Math.round((100 * count) / all)} %`).join(' and ')
}
