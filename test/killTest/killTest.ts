import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Random, randomOf } from '../../local/simulatedTenant/random'
import { startSimulatedTenant } from '../../local/simulatedTenant/simulatedTenant'
import type { Truth } from '../../local/simulatedTenant/truth'
import { startStorageEmulator } from '../../local/storageEmulator'
import type { Summary } from '../../shared/aggregates/summary'
import type { Health } from '../../shared/pipelines/answerHealth'
import { bucketStart, type TimeRange } from '../../shared/signIns/buckets'
import { formatInstant, hour, minute, parseInstant } from '../../shared/signIns/instant'
import { openFaultyGraph } from './faultyGraph'

interface KillTestOptions {
  readonly root: string
  readonly kills: number
  readonly seed: number
  readonly say: (line: string) => void
}

const lookbackHours = 12
const rowsPerDay = 24_000
const bootMax = 60_000
const recoveryMax = 10 * minute
const secondInstanceShare = 0.35
/** Longer than the lease of a run, shorter than a run that waits for the request budget. */
const runWaitMax = 15_000

/**
 * Starts the built product against a Graph that spoils answers and a storage emulator, kills it at random moments, with a
 * second instance beside it part of the time, lets it recover, and compares its summary with the truth of the tenant.
 * Answers the differences, in words.
 */
export async function killTest({ root, kills, seed, say }: KillTestOptions): Promise<string[]> {
  const random = randomOf(seed)
  const startedAt = Date.now()
  const emulator = await startStorageEmulator()
  const tenant = await startSimulatedTenant({
    seed,
    historyHours: lookbackHours,
    rowsPerDay,
    lateness: false,
    requestsPerTenSeconds: 1_000,
  })
  const graph = await openFaultyGraph(tenant.baseUrl, random)
  const environment = {
    PORT: '0',
    TIMERS: 'off',
    TENANT_ID: tenant.tenantId,
    GRAPH_BASE_URL: graph.root,
    TABLES_ENDPOINT: emulator.tablesEndpoint,
    LOOKBACK_HOURS: String(lookbackHours),
    RUN_LEASE_SECONDS: '2',
    GRAPH_REQUESTS_MAX: '5',
  }
  const running = new Set<ChildProcess>()
  const start = (): Instance => startInstance(root, environment, running)
  try {
    const counts = await killAgainAndAgain(start, kills, random)
    const killedFor = Date.now() - startedAt
    graph.mend()
    const last = start()
    const window = { from: bucketStart(startedAt - lookbackHours * hour, '1h') + 2 * hour, to: bucketStart(Date.now(), '5m') }
    await recover(last, window)
    const differences = await differencesOf(last, tenant.baseUrl, window)
    say(
      `${counts.kills} kills (${counts.whileReading} of them in a run, ${counts.beside} with a second instance beside) in ${Math.round(killedFor / 1_000)} s, ` +
        `${graph.requests()} requests, recovered after ${Math.round((Date.now() - startedAt - killedFor) / 1_000)} s; ${differences.length} differences.`,
    )
    for (const [fault, times] of graph.faults) say(`${String(times).padStart(6)}  ${fault}`)
    return differences
  } finally {
    for (const child of running) child.kill('SIGKILL')
    await graph.close()
    await tenant.close()
    await emulator.stop()
  }
}

interface Instance {
  readonly child: ChildProcess
  /** Its port, once it listens; undefined where it ended before. */
  readonly port: Promise<number | undefined>
  readonly ended: Promise<void>
}

/** What a process needs of its surroundings; everything else would be a setting. */
const inherited = ['PATH', 'Path', 'SYSTEMROOT', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'HOME', 'USERPROFILE']

function startInstance(root: string, environment: Record<string, string>, running: Set<ChildProcess>): Instance {
  const surroundings = Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
  const child = spawn(process.execPath, [path.join(root, 'dist', 'local', 'cli.js'), 'start', '--verbose'], {
    env: { ...surroundings, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  running.add(child)
  let output = ''
  const hear = (text: string): void => {
    output += text
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  let isOver = false
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve())).then(() => {
    isOver = true
    running.delete(child)
  })
  const listens = async (): Promise<number | undefined> => {
    for (const until = Date.now() + bootMax; Date.now() < until && !isOver; await pause(50)) {
      const port = /functions on http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]
      if (port !== undefined) return Number(port)
    }
    return undefined
  }
  return { child, port: listens(), ended }
}

interface KillCounts {
  kills: number
  whileReading: number
  beside: number
}

/** Two places for an instance each; the second one is empty most of the time. */
async function killAgainAndAgain(start: () => Instance, kills: number, random: Random): Promise<KillCounts> {
  const counts: KillCounts = { kills: 0, whileReading: 0, beside: 0 }
  let alive = 0
  const place = async (isSecond: boolean): Promise<void> => {
    while (counts.kills < kills) {
      if (isSecond && !random.chance(secondInstanceShare)) {
        await pause(1_000 + random.below(2_000))
        continue
      }
      const instance = start()
      alive += 1
      if (random.chance(0.1)) await pause(random.below(800))
      else {
        const port = await instance.port
        if (port !== undefined) void keepRunning(port, instance.ended)
        await pause(random.below(random.pick([300, 1_500, 4_000])))
        if (port !== undefined && (await isInRun(port))) counts.whileReading += 1
      }
      if (alive > 1) counts.beside += 1
      counts.kills += 1
      instance.child.kill('SIGKILL')
      await instance.ended
      alive -= 1
    }
  }
  await Promise.all([place(false), place(true)])
  return counts
}

/** Runs the monitor back to back, until the process is gone. */
async function keepRunning(port: number, ended: Promise<void>): Promise<void> {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  while (!isOver) await runOnce(port, () => isOver).catch(() => undefined)
}

/** One run to its end, or as long as a dead run may be in its way. */
async function runOnce(port: number, isOver: () => boolean = () => false): Promise<void> {
  await run(port)
  for (const until = Date.now() + runWaitMax; Date.now() < until && !isOver(); ) {
    await pause(300)
    if (!(await isInRun(port))) return
  }
}

/** Whether some instance holds a run that has not ended. */
async function isInRun(port: number): Promise<boolean> {
  const health = await json<Health>(`http://127.0.0.1:${port}/api/health`).catch(() => undefined)
  return health !== undefined && health.lastRun.startedAt !== null && health.lastRun.endedAt === null
}

const run = (port: number): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/admin/functions/monitorSignIns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input": ""}',
  })

/** Runs the last instance until everything in the window was read after its end. */
async function recover(instance: Instance, window: TimeRange): Promise<void> {
  const port = await instance.port
  if (port === undefined) throw new Error('The product did not start again after the last kill.')
  for (const until = Date.now() + recoveryMax; Date.now() < until; ) {
    await runOnce(port)
    const { streams, backfill } = await json<Health>(`http://127.0.0.1:${port}/api/health`)
    const isRead = streams.every(({ readTo }) => (parseInstant(readTo ?? '') ?? 0) >= window.to)
    if (isRead && backfill.bucketsDone === backfill.bucketsTotal && backfill.bucketsTotal > 0) return
  }
  throw new Error(`The product did not catch up within ${recoveryMax / minute} minutes.`)
}

const json = async <Body>(address: string): Promise<Body> => (await (await fetch(address)).json()) as Body

/** In what the summary differs from the truth, stream by stream and count by count. */
async function differencesOf(instance: Instance, tenant: string, { from, to }: TimeRange): Promise<string[]> {
  const range = `from=${formatInstant(from)}&to=${formatInstant(to)}`
  const truth = await json<Truth>(`${tenant}/truth?${range}`)
  const port = await instance.port
  const differences: string[] = []
  const compare = (what: string, counted: number | undefined, expected: number | undefined): void => {
    if ((counted ?? 0) !== (expected ?? 0)) differences.push(`${what}: ${counted ?? 0} counted where there were ${expected ?? 0}`)
  }
  compareSummary(await json<Summary>(`http://127.0.0.1:${port}/api/summary?${range}&grain=5m&top=50`), truth, compare)
  const hours = { from, to: bucketStart(to, '1h') }
  const hourRange = `from=${formatInstant(hours.from)}&to=${formatInstant(hours.to)}`
  const hourTruth = await json<Truth>(`${tenant}/truth?${hourRange}`)
  compareSummary(await json<Summary>(`http://127.0.0.1:${port}/api/summary?${hourRange}&grain=1h&top=50`), hourTruth, compare)
  for (const [stream, expected] of Object.entries(truth.streams)) {
    const summary = await json<Summary>(`http://127.0.0.1:${port}/api/summary?${range}&grain=5m&stream=${stream}`)
    compare(`sign-ins of ${stream}`, summary.totals.signIns, expected)
    const hole = summary.totals.series.find(([, value]) => value === null)
    if (hole) differences.push(`${stream} was never read at ${hole[0]}`)
  }
  return differences
}

function compareSummary(
  { totals, failures, interrupts, window }: Summary,
  truth: Truth,
  compare: (what: string, counted: number | undefined, expected: number | undefined) => void,
): void {
  compare(`all sign-ins by ${window.grain}`, totals.signIns, truth.signIns)
  for (const [outcome, expected] of Object.entries(truth.outcomes)) {
    compare(`outcome ${outcome} by ${window.grain}`, totals[outcome as keyof typeof truth.outcomes], expected)
  }
  const familyOf = new Map(failures.map(({ family, signIns }) => [String(family), signIns]))
  for (const family of new Set([...familyOf.keys(), ...Object.keys(truth.families)])) {
    compare(`family ${family} by ${window.grain}`, familyOf.get(family), truth.families[family])
  }
  const interruptsOf = new Map(interrupts.map(({ family, signIns }) => [String(family), signIns]))
  for (const family of new Set([...interruptsOf.keys(), ...Object.keys(truth.interrupts)])) {
    compare(`interrupts of ${family} by ${window.grain}`, interruptsOf.get(family), truth.interrupts[family])
  }
}
