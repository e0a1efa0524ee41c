import { randomOf } from '../../local/simulatedTenant/random'
import { userHasher } from '../../shared/aggregates/userHash'
import { builtInRules } from '../../shared/alerts/rules'
import { knownTenants } from '../../shared/failures/knownTenants'
import { maintainAggregates } from '../../shared/pipelines/maintainAggregates'
import { monitorSignIns } from '../../shared/pipelines/monitorSignIns'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { Ports } from '../../shared/pipelines/ports'
import { day, hour, type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'
import { createAlertStore } from '../../shared/tables/alertStore'
import { createRunStore } from '../../shared/tables/runStore'
import { encodedForm, plainForm } from './bucketForm'
import { type EffectPair, EffectPairs } from './effectPairs'
import type { FaultId } from './faults'
import { type Instance, maintenance, startInstance, type World } from './instance'
import { type Judge, openJudge } from './judge'
import { isWithin, planSeed, type SeedPlan } from './seedPlan'
import { drawSignInLog } from './signInLog'
import { Occurrences, type SituationId } from './situations'
import { openVirtualGraph } from './virtualGraph'
import { openVirtualTable } from './virtualTable'
import { startVirtualTime } from './virtualTime'

/** How one seed went. */
export interface SeedResult {
  readonly seed: number
  /** What the product did that it must not; empty for a seed that passes. */
  readonly violations: readonly string[]
  readonly faults: Readonly<Partial<Record<FaultId, number>>>
  readonly situations: Readonly<Partial<Record<SituationId, number>>>
  /** By two effects that followed each other in one process: how often, and how often the process died in between. */
  readonly effects: Readonly<Record<string, EffectPair>>
  readonly runs: number
  readonly requests: number
  readonly signIns: number
  readonly virtualDays: number
}

/**
 * Lives through a few virtual days of one seed: the product runs, everything that can fail does, the faults end, and the
 * counts have to be those of the log. `AbortSignal.timeout` belongs to the virtual clock meanwhile.
 */
export async function simulateSeed(seed: number): Promise<SeedResult> {
  const plan = planSeed(seed)
  const time = startVirtualTime(plan.begins)
  const realTimeout = AbortSignal.timeout
  AbortSignal.timeout = (milliseconds) => time.timeout(milliseconds)
  try {
    const life = new Life(plan, time)
    return await time.runUntil(life.live())
  } finally {
    AbortSignal.timeout = realTimeout
  }
}

/** While much is left to be read, and reading gets on. */
const busyGaps: readonly number[] = [1, 1, 2, 4]
const muchLeft = 40
/** Where Graph soon forgets, nothing may wait: of so many gaps without faults only one is long. */
const muchLeftOfShortRetention = 4
const gapsToOneLong = 5
/** For so long after the faults have ended runs are frequent, whatever comes. */
const catchingUp = 15 * minute
/** And for so long at most while something was never read: the lookback goes on meanwhile. */
const catchingUpMax = hour
/** Runs that the last settling may take once nothing fails any more. */
const lastRunsMax = 150

class Life {
  readonly #world: World
  readonly #judge: Judge
  readonly #options: MonitorOptions
  readonly #raw: Pick<Ports, 'buckets' | 'runs' | 'alerts'>
  readonly #signIns: number
  #instances = 0
  #runs = 0
  #requests = 0
  #left = Number.POSITIVE_INFINITY
  #pending = Number.POSITIVE_INFINITY
  #leftBefore = Number.POSITIVE_INFINITY
  /** When the first run that nothing disturbs is due: the gap before it may have begun long before. */
  #undisturbedFrom: Instant | undefined
  #undisturbedGaps = 0

  constructor(plan: SeedPlan, time: World['time']) {
    const log = drawSignInLog(plan.population, randomOf(plan.seed, 1))
    const { faults, periods, rowsPerPage, random } = plan
    const tables = { buckets: openVirtualTable(), runs: openVirtualTable(), alerts: openVirtualTable() }
    const graph = openVirtualGraph({ time, log, faults, random: randomOf(plan.seed, 2), periods, rowsPerPage })
    this.#options = optionsOf(plan)
    this.#signIns = [...log.byBucket.values()].reduce(
      (sum, buckets) => sum + [...buckets.values()].reduce((all, { length }) => all + length, 0),
      0,
    )
    this.#world = {
      plan,
      time,
      random,
      faults,
      graph,
      tables,
      form: plan.isEncoded ? encodedForm(plan.population.tenantId) : plainForm(plan.population.tenantId),
      received: new Set(),
      reached: new Occurrences(),
      effects: new EffectPairs(),
      arrive: (instance, run) => {
        this.#requests += 1
        const [row] = tables.runs.partition(plan.population.tenantId).values()
        const until = parseInstant(String(row?.properties['until'])) ?? 0
        this.#judge.requestArrived(instance, row?.properties['owner'] === run && until > time.now + plan.clockError(time.now))
      },
    }
    const { tenantId } = plan.population
    this.#raw = {
      buckets: this.#world.form.storeOn(tables.buckets),
      runs: createRunStore({ clients: tables, tenantId }),
      alerts: createAlertStore({ clients: tables, tenantId, clock: () => time.now }),
    }
    this.#judge = openJudge(this.#world, log, this.#raw, this.#options)
  }

  async live(): Promise<SeedResult> {
    const { plan, time, faults } = this.#world
    let first = this.#start()
    let second = this.#start()
    let keeper = this.#start()
    let maintainedAt = plan.begins
    let lastRuns = 0
    while (this.#judge.violations.length === 0 && (time.now < plan.ends || (this.#left > 0 && lastRuns < lastRunsMax))) {
      if (time.now >= plan.ends) lastRuns += 1
      const isQuiet = time.now >= plan.faultsEnd
      if (isQuiet) faults.end()
      await time.sleep(this.#gap(isQuiet))
      if (isWithin(plan.platformOutages, time.now)) {
        faults.happened('platform-outage')
        continue
      }
      if (plan.clockError(time.now) !== 0) faults.happened(plan.clockError(time.now) > 0 ? 'clock-ahead' : 'clock-behind')
      if (!first.isAlive()) first = this.#start()
      if (!second.isAlive()) second = this.#start()
      if (!keeper.isAlive()) keeper = this.#start()
      const work = [this.#run(first, 0)]
      if (faults.strikes('second-instance')) work.push(this.#run(second, plan.random.below(60 * 1_000)))
      let maintained = Promise.resolve(false)
      if (time.now - maintainedAt >= hour) {
        maintainedAt = time.now
        maintained = this.#maintain(keeper, plan.random.below(50 * 1_000))
      }
      if (plan.random.chance(0.05)) work.push(this.#probe(plan.random.below(40 * 1_000)))
      await Promise.all(work)
      this.#judge.stepEnded(await maintained)
      await this.#lookAtProgress()
    }
    if (this.#judge.violations.length === 0) await this.#judge.judgeTheEnd((this.#undisturbedFrom ?? time.now) + catchingUpMax)
    return {
      seed: plan.seed,
      violations: this.#judge.violations,
      faults: Object.fromEntries(faults.counts),
      situations: Object.fromEntries(this.#world.reached.counts),
      effects: Object.fromEntries(this.#world.effects.counts),
      runs: this.#runs,
      requests: this.#requests,
      signIns: this.#signIns,
      virtualDays: (time.now - plan.begins) / day,
    }
  }

  #gap(isQuiet: boolean): number {
    const { plan, time } = this.#world
    const { random, ends, gaps, quietGaps, periods } = plan
    const most = periods.isRetentionShort ? muchLeftOfShortRetention : muchLeft
    if (isQuiet) {
      this.#undisturbedFrom ??= time.now
      this.#undisturbedGaps += 1
    }
    const catchesUp =
      this.#undisturbedFrom !== undefined && time.now < this.#undisturbedFrom + (this.#pending > 0 ? catchingUpMax : catchingUp)
    const mayForget = isQuiet && periods.isRetentionShort && this.#undisturbedGaps % gapsToOneLong !== 0
    const isBusy = (this.#left > most && this.#left < this.#leftBefore) || time.now >= ends || catchesUp || mayForget
    return random.pick(isBusy ? busyGaps : isQuiet ? quietGaps : gaps) * minute + random.below(20 * second)
  }

  /** Buckets that are still to be read, or to be read for the last time. */
  async #lookAtProgress(): Promise<void> {
    const { plan } = this.#world
    const progress = (await this.#raw.runs.read())?.progress ?? []
    const left = progress.map(({ bucketsPending, unsettledBuckets }) => bucketsPending + unsettledBuckets)
    this.#leftBefore = this.#left
    this.#pending = progress.reduce((sum, { bucketsPending }) => sum + bucketsPending, 0)
    this.#left = progress.length < plan.streams.length ? Number.POSITIVE_INFINITY : left.reduce((sum, one) => sum + one, 0)
  }

  #start(): Instance {
    return startInstance(this.#world, this.#instances++)
  }

  async #run(instance: Instance, delay: number): Promise<void> {
    const { time } = this.#world
    await time.sleep(delay)
    const name = `run-${++this.#runs}`
    instance.arm(name)
    const startedAt = time.now
    const run = monitorSignIns(instance.ports, this.#options, name).then((ended) => {
      if (!ended) this.#world.reached.note('run-refused-beside-another')
    })
    await Promise.race([swallowed(run), instance.died])
    if (instance.isAlive()) this.#judge.runEnded(startedAt, time.now)
  }

  /** Whether it came to its end. */
  async #maintain(instance: Instance, delay: number): Promise<boolean> {
    await this.#world.time.sleep(delay)
    instance.arm(maintenance)
    const work = maintainAggregates(instance.ports, this.#options)
    return Promise.race([swallowed(work), instance.died.then(() => false)])
  }

  async #probe(delay: number): Promise<void> {
    await this.#world.time.sleep(delay)
    await this.#judge.probe()
  }
}

/** Whether some work came to its end. What it throws is its own affair: the next run repeats it. */
async function swallowed(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

function optionsOf(plan: SeedPlan): MonitorOptions {
  const { tenantId } = plan.population
  return {
    version: '1.0.0',
    tenantId,
    streams: plan.streams,
    lookbackHours: plan.lookbackHours,
    retention: plan.retentionDays,
    zone: plan.zone,
    tenants: knownTenants([], tenantId),
    siteOf: () => undefined,
    hashUser: userHasher('a key of the simulation'),
    rules: builtInRules,
    runLeaseSeconds: plan.runLeaseSeconds,
    publicBaseUrl: undefined,
  }
}
