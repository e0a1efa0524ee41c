import { second } from '../signIns/instant'
import {
  backfillProgressOf,
  type Collection,
  collectBackfill,
  collectDueWindows,
  detailOf,
  progressOf,
  startCollection,
} from './collectSignIns'
import { deliverNotifications } from './deliverNotifications'
import { evaluateAlerts } from './evaluateAlerts'
import type { MonitorOptions } from './options'
import type { BackfillProgress, LastRun, Ports, RunRow, RunState } from './ports'

/** A tick ends before the next one is due. */
const tickLength = 55 * second
/** The live edge and settling leave this much of a tick for alerts and notifications. */
const readingLength = 45 * second

/**
 * One tick: the live edge and settling, then alerts, then notifications, then backfill with the time that is left. A
 * step runs though the one before it failed; what failed is still due at the next tick. Answers undefined when another
 * instance holds the run.
 */
export async function monitorSignIns(ports: Ports, options: MonitorOptions, owner: string): Promise<LastRun | undefined> {
  const startedAt = ports.clock()
  const run = await ports.runs.take(owner, startedAt, options.runLeaseSeconds)
  if (!run) {
    ports.log('info', 'Another instance holds the run.')
    return undefined
  }
  ports.signIns.budget.restore(run.budget)
  const problems: string[] = []
  const collection = await runSteps(ports, options, owner, run, startedAt, problems)
  const endedAt = ports.clock()
  const lastRun: LastRun = { startedAt, endedAt, result: resultOf(problems, collection), detail: problems.join(' ') }
  await ports.runs.finish(owner, { ...runState(collection, run, ports), lastRun, now: endedAt })
  ports.log(lastRun.result === 'ok' ? 'info' : 'warn', 'A run ended.', {
    result: lastRun.result,
    seconds: Math.round((endedAt - startedAt) / second),
    bucketsRead: collection?.bucketsRead ?? 0,
  })
  return lastRun
}

async function runSteps(
  ports: Ports,
  options: MonitorOptions,
  owner: string,
  run: RunRow,
  startedAt: number,
  problems: string[],
): Promise<Collection | undefined> {
  const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work()
    } catch (error) {
      problems.push(`${name}: ${detailOf(error)}`)
      ports.log('error', 'A step of the run failed.', { step: name, problem: detailOf(error) })
      return undefined
    }
  }
  let collection: Collection | undefined
  let held = true
  const renewOnce = async (): Promise<boolean> => {
    if (!held) return false
    try {
      held = await ports.runs.renew(owner, ports.clock(), options.runLeaseSeconds, runState(collection, run, ports))
      if (!held) problems.push('lease: Another instance took the run over.')
    } catch (error) {
      problems.push(`lease: ${detailOf(error)}`)
    }
    return held
  }
  // One after the other: streams that renew at once would take each other's writes for a lost run.
  let renewed = Promise.resolve(true)
  const renew = (): Promise<boolean> => {
    renewed = renewed.then(renewOnce)
    return renewed
  }
  collection = await step('gather', () => startCollection(ports, options, run.progress))
  const gathered = collection
  if (gathered) {
    await step('collect', () => collectDueWindows(gathered, startedAt + readingLength, ports, options, renew))
  }
  if (!held) return gathered
  const { progress } = runState(gathered, run, ports)
  await step('alerts', () => evaluateAlerts(ports, options, progress))
  await step('notifications', () => deliverNotifications(ports))
  if (gathered) {
    await step('backfill', () => collectBackfill(gathered, startedAt + tickLength, ports, options, renew))
    for (const one of gathered.streams.values()) {
      if (one.detail !== undefined) problems.push(`${one.ledger.stream}: ${one.detail}`)
    }
  }
  return gathered
}

/** How far the run has come; without a collection, what the run before left. */
function runState(collection: Collection | undefined, run: RunRow, ports: Pick<Ports, 'clock' | 'signIns'>): RunState {
  const budget = ports.signIns.budget.state()
  if (!collection) return { budget, progress: run.progress, backfill: run.backfill ?? noBackfill }
  const now = ports.clock()
  return { budget, progress: progressOf(collection, now), backfill: backfillProgressOf(collection, now) }
}

const noBackfill: BackfillProgress = { bucketsDone: 0, bucketsTotal: 0, oldest: undefined, secondsLeft: undefined }

function resultOf(problems: readonly string[], collection: Collection | undefined): LastRun['result'] {
  if (!collection) return 'failed'
  if (problems.length === 0) return 'ok'
  return collection.bucketsRead > 0 ? 'partial' : 'failed'
}
