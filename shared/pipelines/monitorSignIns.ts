import { completeToAge, streamStatuses } from '../signIns/completeness'
import { type Instant, minute, second } from '../signIns/instant'
import { collectionProgress } from './collectionProgress'
import {
  type AfterCommit,
  type Collection,
  collectBackfill,
  collectDueWindows,
  detailOf,
  type RememberedLedgers,
  startCollection,
} from './collectSignIns'
import { deliverNotifications } from './deliverNotifications'
import { evaluateAlerts } from './evaluateAlerts'
import { type GraphClock, openGraphClock } from './graphClock'
import type { MonitorOptions } from './options'
import type { BackfillProgress, LastRun, Ports, RunRow, RunState, RunStore } from './ports'
import { sendHeartbeat } from './sendHeartbeat'

/** A tick ends before the next one is due. */
const tickLength = 55 * second
/** The live edge and settling leave this much of a tick for alerts and notifications. */
const readingLength = 45 * second
/** A commit renews the lease of the run unless this part of it has not passed yet. */
const freshShareOfLease = 0.2

/**
 * What each process knew at the end of its last run. It saves reading the ledgers at every tick, and is used only while
 * nobody else has held the run since; a row that changed all the same is found by its version when it is replaced.
 */
const rememberedBy = new WeakMap<RunStore, RememberedLedgers>()

/**
 * One tick: the live edge and settling, then alerts, then notifications, then backfill with the time that is left. A
 * step runs though the one before it failed; what failed is still due at the next tick. Answers undefined when another
 * instance holds the run.
 */
export async function monitorSignIns(ports: Ports, options: MonitorOptions, owner: string): Promise<LastRun | undefined> {
  const takenAt = ports.clock()
  const run = await ports.runs.take(owner, takenAt, options.runLeaseSeconds)
  if (!run) {
    ports.log('info', 'Another instance holds the run.')
    return undefined
  }
  const remembered = run.isContinued ? rememberedBy.get(ports.runs) : undefined
  rememberedBy.delete(ports.runs)
  ports.signIns.budget.restore(run.budget)
  const graph = openGraphClock(ports, run.clockAhead)
  const startedAt = graph.ports.clock()
  const problems: string[] = []
  const failedSteps: string[] = []
  const steps: RunSteps = { ports, graph, options, owner, run, takenAt, startedAt, problems, failedSteps, remembered }
  const { collection, isHeld } = await runSteps(steps)
  const endedAt = graph.ports.clock()
  const lastRun: LastRun = { startedAt, endedAt, result: resultOf(problems, collection), detail: problems.join(' ') }
  const state = runState(collection, steps)
  await ports.runs.finish(owner, { ...state, lastRun, now: ports.clock() })
  if (collection?.isRemembered && isHeld) rememberedBy.set(ports.runs, collection.remembered)
  ports.log(lastRun.result === 'ok' ? 'info' : 'warn', 'A run ended.', {
    result: lastRun.result,
    seconds: Math.round((endedAt - startedAt) / second),
    bucketsRead: collection?.bucketsRead ?? 0,
    completeToAgeMinutes: inMinutes(completeToAge(state.progress, options.streams, endedAt)),
  })
  const streams = streamStatuses(state.progress, options.streams, endedAt)
  await sendHeartbeat(ports, { result: lastRun.result, isHeld, failedSteps, streams })
  return lastRun
}

const inMinutes = (age: number | undefined): number | null => (age === undefined ? null : Math.round(age / minute))

interface RunSteps {
  readonly ports: Ports
  readonly graph: GraphClock
  readonly options: MonitorOptions
  readonly owner: string
  readonly run: RunRow
  /** By our own clock, as the lease is. */
  readonly takenAt: Instant
  /** By Graph's. */
  readonly startedAt: Instant
  readonly problems: string[]
  /** Names of the steps that failed as a whole. */
  readonly failedSteps: string[]
  readonly remembered: RememberedLedgers | undefined
}

async function runSteps(steps: RunSteps): Promise<{ readonly collection: Collection | undefined; readonly isHeld: boolean }> {
  const { ports, graph, options, owner, run, startedAt, problems } = steps
  const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work()
    } catch (error) {
      problems.push(`${name}: ${detailOf(error)}`)
      steps.failedSteps.push(name)
      ports.log('error', 'A step of the run failed.', { step: name, problem: detailOf(error) })
      return undefined
    }
  }
  let isHeld = true
  let renewedAt = steps.takenAt
  const renew: AfterCommit = async (collection) => {
    // A lease that is as good as new is left as it is: a short run writes its row twice and not three times.
    if (!isHeld || Math.abs(ports.clock() - renewedAt) < options.runLeaseSeconds * second * freshShareOfLease) return isHeld
    try {
      renewedAt = ports.clock()
      isHeld = await ports.runs.renew(owner, ports.clock(), options.runLeaseSeconds, runState(collection, steps))
      if (!isHeld) problems.push('lease: Another instance took the run over.')
    } catch (error) {
      problems.push(`lease: ${detailOf(error)}`)
    }
    return isHeld
  }
  const collection = await step('gather', () => startCollection(graph.ports, options, run.progress, renew, steps.remembered))
  if (collection) await step('collect', () => collectDueWindows(collection, startedAt + readingLength))
  if (!isHeld) return { collection, isHeld }
  const { progress } = runState(collection, steps)
  await step('alerts', () => evaluateAlerts(graph.ports, options, progress))
  await step('notifications', () => deliverNotifications(graph.ports))
  if (collection) {
    await step('backfill', () => collectBackfill(collection, startedAt + tickLength))
    for (const one of collection.streams.values()) {
      if (one.detail !== undefined) problems.push(`${one.ledger.stream}: ${one.detail}`)
    }
  }
  return { collection, isHeld }
}

/** How far the run has come; without a collection, what the run before left. */
function runState(collection: Collection | undefined, { run, graph, ports }: RunSteps): RunState {
  const facts = { budget: ports.signIns.budget.state(), clockAhead: graph.ahead() }
  if (!collection) return { ...facts, progress: run.progress, backfill: run.backfill ?? noBackfill }
  return { ...facts, ...collectionProgress(collection, graph.ports.clock()) }
}

const noBackfill: BackfillProgress = { bucketsDone: 0, bucketsTotal: 0, oldest: undefined, secondsLeft: undefined }

function resultOf(problems: readonly string[], collection: Collection | undefined): LastRun['result'] {
  if (!collection) return 'failed'
  if (problems.length === 0) return 'ok'
  return collection.bucketsRead > 0 ? 'partial' : 'failed'
}
