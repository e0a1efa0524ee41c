import type { Random } from '../../local/simulatedTenant/random'
import { createRateBudget } from '../../shared/graph/rateBudget'
import { createSignInSource } from '../../shared/graph/signInSource'
import type { DeliveryResult, Notifier, Ports } from '../../shared/pipelines/ports'
import { MonitorError } from '../../shared/runtime/errors'
import { type Instant, minute, second } from '../../shared/signIns/instant'
import { createAlertStore } from '../../shared/tables/alertStore'
import { createRunStore } from '../../shared/tables/runStore'
import type { Table } from '../../shared/tables/table'
import type { BucketForm } from './bucketForm'
import type { EffectPairs } from './effectPairs'
import type { FaultId, Faults } from './faults'
import { isWithin, type SeedPlan } from './seedPlan'
import type { Occurrences, SituationId } from './situations'
import { graphRoot, pageBytesMax, type VirtualGraph } from './virtualGraph'
import type { VirtualTable } from './virtualTable'
import type { VirtualTime } from './virtualTime'

/** What all instances share: one world. */
export interface World {
  readonly plan: SeedPlan
  readonly time: VirtualTime
  readonly random: Random
  readonly faults: Faults
  readonly graph: VirtualGraph
  readonly tables: { readonly buckets: VirtualTable; readonly runs: VirtualTable; readonly alerts: VirtualTable }
  readonly form: BucketForm
  /** Ids of the notifications that a receiver has seen. */
  readonly received: Set<string>
  readonly reached: Occurrences<SituationId>
  readonly effects: EffectPairs
  /** A request of a run reaches Graph. */
  readonly arrive: (instance: number, run: string) => void
}

/** One process that runs the product, until it dies. */
export interface Instance {
  readonly number: number
  readonly ports: Ports
  readonly isAlive: () => boolean
  /** Resolves when it dies. */
  readonly died: Promise<void>
  /** Names the next run, and draws where it is going to die, if it is. */
  readonly arm: (run: string) => void
}

type EffectKind = 'table-read' | 'table-write' | 'request' | 'answer' | 'delivery'

const crashes: readonly { readonly fault: FaultId; readonly kind: EffectKind; readonly isBefore: boolean }[] = [
  { fault: 'crash-before-table-read', kind: 'table-read', isBefore: true },
  { fault: 'crash-after-table-read', kind: 'table-read', isBefore: false },
  { fault: 'crash-before-table-write', kind: 'table-write', isBefore: true },
  { fault: 'crash-after-table-write', kind: 'table-write', isBefore: false },
  { fault: 'crash-before-request', kind: 'request', isBefore: true },
  { fault: 'crash-after-answer', kind: 'answer', isBefore: false },
  { fault: 'crash-before-delivery', kind: 'delivery', isBefore: true },
  { fault: 'crash-after-delivery', kind: 'delivery', isBefore: false },
]

/** How many effects of a kind a run has at most before it is to die: a short one and a long one. */
const effectsMax: Readonly<Record<EffectKind, readonly number[]>> = {
  'table-read': [12, 60],
  'table-write': [8, 40],
  request: [4, 20],
  answer: [4, 20],
  delivery: [1, 3],
}

/** The name under which a maintenance is armed. */
export const maintenance = 'maintenance'

/** What a dead process waits for. */
const forever = <Result>(): Promise<Result> => new Promise(() => undefined)

export const receivers: readonly string[] = ['on-call', 'archive']

/** Starts a process: its own memory and request budget, the world's tables and Graph. */
export function startInstance(world: World, number: number): Instance {
  const { plan, time, random, faults, graph } = world
  let alive = true
  let run = ''
  let lastEffect = ''
  let die: () => void = () => undefined
  const died = new Promise<void>((resolve) => {
    die = resolve
  })
  let death: { readonly fault: FaultId; readonly kind: EffectKind; readonly isBefore: boolean; left: number } | undefined

  const strikesDead = (kind: EffectKind, isBefore: boolean): boolean => {
    if (!death || death.kind !== kind || death.isBefore !== isBefore || --death.left > 0) return false
    faults.happened(death.fault)
    alive = false
    die()
    return true
  }

  /** One effect: it takes some time, and the process may die right before or after it. */
  async function effect<Result>(kind: EffectKind, name: string, milliseconds: number, work: () => Promise<Result>): Promise<Result> {
    await time.sleep(1 + random.below(milliseconds))
    if (!alive) return forever()
    const isDead = strikesDead(kind, true)
    // Who dies with an answer on its way has sent the request and never sees the answer.
    if (kind !== 'answer') world.effects.follow(lastEffect, name, isDead)
    if (isDead) return forever()
    const before = lastEffect
    lastEffect = name
    const result = await work()
    if (!alive) return forever()
    const diesAfterwards = strikesDead(kind, false)
    if (kind === 'answer') world.effects.follow(before, name, diesAfterwards)
    return diesAfterwards ? forever() : result
  }

  const unavailable = (what: string): MonitorError => new MonitorError('table-unavailable', `The table service ${what}.`)
  const isTableDown = (): boolean => {
    const isDown = isWithin(plan.tableOutages, time.now)
    if (isDown) faults.happened('table-outage')
    return isDown
  }

  const guarded = (name: string, table: VirtualTable): Table => {
    const reading = <Result>(work: () => Promise<Result>): Promise<Result> =>
      effect('table-read', `read ${name}`, 12, async () => {
        if (isTableDown()) throw unavailable('is down')
        if (faults.strikes('table-throttled')) throw unavailable('is busy')
        return work()
      })
    return {
      read: (partitionKey, rowKey) => reading(() => table.read(partitionKey, rowKey)),
      query: (query) => reading(() => table.query(query)),
      submit: (actions) =>
        effect('table-write', `write ${name}`, 25, async () => {
          if (isTableDown()) throw unavailable('is down')
          if (faults.strikes('table-throttled')) throw unavailable('is busy')
          if (faults.strikes('write-timed-out-and-lost')) throw unavailable('did not answer in time')
          touchByAnother(table, actions)
          const result = await table.submit(actions)
          if (result.kind === 'refused') world.reached.note('version-conflict')
          if (result.kind === 'refused') return faults.strikes('refusal-without-place') ? { kind: 'refused', index: undefined } : result
          if (faults.strikes('write-timed-out-and-done')) throw unavailable('did not answer in time')
          // The SDK repeats a write whose answer was lost, and finds that the row has moved on.
          const repeats = actions.findIndex(({ kind }) => kind === 'create' || kind === 'replace')
          if (repeats >= 0 && faults.strikes('write-done-and-refused')) return { kind: 'refused', index: repeats }
          return result
        }),
    }
  }

  /** Somebody else writes the row again as it is: its version moves on and nothing else. */
  const touchByAnother = (table: VirtualTable, actions: Parameters<Table['submit']>[0]): void => {
    const [first] = actions
    if (!first || !table.partition(first.entity.partitionKey).has(first.entity.rowKey)) return
    if (!faults.strikes('row-touched-by-another')) return
    const { partitionKey, rowKey } = first.entity
    void table.submit([{ kind: 'merge', entity: { partitionKey, rowKey } }])
  }

  const clock = (): Instant => time.now + plan.clockError(time.now)
  const sleep = async (milliseconds: number, abort: AbortSignal): Promise<void> => {
    await time.sleep(milliseconds, abort)
    if (!alive) return forever()
  }
  const budget = createRateBudget({ requestsMax: 4, clock, sleep, random: () => random.next() })
  const credential = {
    getToken: async () => {
      await time.sleep(20)
      if (isWithin(plan.tokenOutages, time.now)) {
        faults.happened('no-token')
        throw Object.assign(new Error('AADSTS700016: there is no such application.'), { name: 'AuthenticationError' })
      }
      return { token: graph.issueToken(), expiresOnTimestamp: clock() + 60 * minute }
    },
  }
  const send = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await effect('request', 'request', 300, async () => world.arrive(number, run))
    return effect('answer', 'answer', 1, work)
  }
  const signIns = plan.throughHttp
    ? createSignInSource({
        root: graphRoot,
        credential,
        scope: `${graphRoot}/.default`,
        budget,
        clock,
        elapsed: () => time.now,
        sleep,
        random: () => random.next(),
        fetch: (url, init) => send(() => graph.fetch(url, init)),
        pageSize: plan.rowsPerPage,
        requestTimeoutMs: 100 * second,
        retriesMax: 5,
        pagesMax: 2_000,
        pageBytesMax,
      })
    : graph.pageSource(budget, send)

  const clients = {
    buckets: guarded('buckets', world.tables.buckets),
    runs: guarded('the run', world.tables.runs),
    alerts: guarded('alerts', world.tables.alerts),
  }
  const { tenantId } = plan.population
  return {
    number,
    isAlive: () => alive,
    died,
    arm: (name) => {
      run = name
      lastEffect = name === maintenance ? 'start of maintenance' : 'start of a run'
      death = undefined
      for (const { fault, kind, isBefore } of crashes) {
        // Whether it is going to happen shows when the effect comes; a run that is over before counts nothing.
        if (!death && faults.has(fault) && random.chance(0.06))
          death = { fault, kind, isBefore, left: 1 + random.below(random.pick(effectsMax[kind])) }
      }
    },
    ports: {
      clock,
      signIns,
      buckets: world.form.storeOn(clients.buckets),
      runs: createRunStore({ clients, tenantId }),
      alerts: createAlertStore({ clients, tenantId, clock }),
      notifier: notifierOf(world, (work) => effect('delivery', 'delivery', 400, work)),
      log: () => undefined,
    },
  }
}

function notifierOf(
  { faults, received, reached }: World,
  effect: (work: () => Promise<DeliveryResult>) => Promise<DeliveryResult>,
): Notifier {
  return {
    receivers: () => receivers,
    deliver: (row) =>
      effect(async () => {
        if (faults.strikes('delivery-failed')) return { kind: 'retry', reason: 'serverError', retryAfterSeconds: undefined }
        if (faults.strikes('delivery-told-to-wait')) return { kind: 'retry', reason: 'rateLimited', retryAfterSeconds: 600 }
        if (faults.strikes('receiver-gone')) return { kind: 'dead', reason: 'clientError' }
        reached.note(received.has(row.id) ? 'notification-sent-again' : 'notification-sent')
        received.add(row.id)
        if (faults.strikes('delivery-answer-lost')) return { kind: 'retry', reason: 'timeout', retryAfterSeconds: undefined }
        return { kind: 'delivered', status: 200 }
      }),
  }
}
