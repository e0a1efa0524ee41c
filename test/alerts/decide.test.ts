import { advance } from '../../shared/alerts/advance'
import type { Alert, AlertRule, OutboxRow } from '../../shared/alerts/alert'
import { type AlertMatch, changedAlertsMax, type Decision, decide, type KnownAlerts, notifiedAlertsMax } from '../../shared/alerts/decide'
import { evaluateRules } from '../../shared/alerts/evaluate'
import { alertId, type Evaluation } from '../../shared/alerts/evaluation'
import { applyOverrides, builtInRules } from '../../shared/alerts/rules'
import { day, hour, type Instant, minute } from '../../shared/signIns/instant'
import { Log, noon, ownTenant, stranger } from './observed'

interface Told {
  readonly minutes: number
  readonly receiver: string
  readonly reason: string
  readonly type: string
  readonly alerts: string[]
}

/** Alerts in a store that is nothing but memory, as JSON, which is how the real one keeps them. */
class Memory {
  stored: KnownAlerts = { group: undefined, alerts: [], version: undefined }
  readonly outbox: OutboxRow[] = []
  writes = 0

  apply(change: Decision | undefined): void {
    if (!change) return
    this.writes++
    const alerts = new Map([...this.stored.alerts, ...change.alerts].map((alert) => [alert.id, alert]))
    expect(change.replaces).toBe(this.stored.version)
    this.stored = JSON.parse(JSON.stringify({ group: change.group, alerts: [...alerts.values()], version: `v${this.writes}` }))
    if (!('group' in this.stored)) throw new Error('lost')
    this.outbox.push(...change.outbox)
  }
}

const everybody = (): string[] => ['ops']

function decideAt(
  memory: Memory,
  evaluations: readonly Evaluation[],
  now: Instant,
  receiversFor: (match: AlertMatch) => string[] = everybody,
  rules = builtInRules,
) {
  const change = decide(memory.stored, evaluations, { now, tenantId: ownTenant, rules, receiversFor })
  memory.apply(change)
  return change
}

/** Ticks once a minute over a log. */
function simulate(
  log: Log,
  from: Instant,
  to: Instant,
  options: { receiversFor?: (match: AlertMatch) => string[]; rules?: readonly AlertRule[] } = {},
) {
  const memory = new Memory()
  const told: Told[] = []
  const rules = options.rules ?? builtInRules
  for (let now = from; now < to; now += minute) {
    const change = decideAt(memory, evaluateRules(rules, log.at(now)), now, options.receiversFor, rules)
    for (const { receiver, content } of change?.outbox ?? []) {
      told.push({
        minutes: Math.round((now - from) / minute),
        receiver,
        reason: content.reason,
        type: content.type,
        alerts: content.alerts.map((alert) => `${alert.id} ${alert.state}`),
      })
    }
  }
  return { told, memory }
}

const v1 = 'tenant-restriction.v1'
const spike = (length: number): Log => new Log().each(noon, noon + length, { blocks: { [v1]: { [stranger]: 40 } } })

test('decide: a spike is told once, goes quiet by itself and is told to be over', () => {
  const { told, memory } = simulate(spike(20 * minute), noon - 10 * minute, noon + 3 * hour)
  const id = 'tenant-restriction-blocks'
  expect(told.map(({ reason, type, alerts }) => [reason, type, alerts])).toEqual([
    ['first-notification', 'alert.firing', [`${id} firing`]],
    ['all-resolved', 'alert.resolved', [`${id} inactive`]],
  ])
  expect(told[1]?.minutes).toBeGreaterThan(50)
  expect(memory.stored.alerts).toMatchObject([{ id, state: 'inactive', noData: false }])
})

test('decide: a condition that lasts is repeated every four hours', () => {
  const { told } = simulate(spike(9 * hour), noon, noon + 9 * hour)
  expect(told.map(({ reason, minutes }) => [reason, minutes])).toEqual([
    ['first-notification', 0],
    ['repeat-interval-passed', 240],
    ['repeat-interval-passed', 480],
  ])
})

test('decide: an exercise of the backup system is one info and pages nobody', () => {
  const log = new Log().each(noon - 8 * day, noon + day, { successes: { [ownTenant]: 50 } }).each(noon, noon + 40 * minute, { backup: 4 })
  const onCall = ({ severity }: AlertMatch): string[] => (severity === 'info' ? ['log'] : ['log', 'on-call'])
  const { told } = simulate(log, noon - 10 * minute, noon + 6 * hour, { receiversFor: onCall })
  expect(told.map(({ receiver, reason }) => [receiver, reason])).toEqual([
    ['log', 'first-notification'],
    ['log', 'all-resolved'],
  ])
})

test('decide: an exercise that becomes an outage is a page, and the outage takes its place', () => {
  const log = new Log()
    .each(noon - 8 * day, noon + day, { successes: { [ownTenant]: 50 } })
    .each(noon, noon + 30 * minute, { backup: 4 })
    .each(noon + 30 * minute, noon + hour, { backup: 30, serviceFaults: 30 })
  const { told } = simulate(log, noon - 10 * minute, noon + 90 * minute)
  expect(told.map(({ reason, alerts }) => [reason, alerts])).toEqual([
    ['first-notification', ['backup-auth-outage~exercise firing']],
    ['new-alerts', ['backup-auth-outage firing', 'backup-auth-outage~exercise inactive']],
  ])
})

test('decide: a graver severity of an alert that fires is news', () => {
  const log = spike(2 * hour).each(noon + 30 * minute, noon + 2 * hour, { blocks: { 'tenant-restriction.own-tenant': { [ownTenant]: 9 } } })
  const { told } = simulate(log, noon, noon + 80 * minute)
  expect(told.map(({ reason }) => reason)).toEqual(['first-notification', 'new-alerts'])
})

test('decide: an alert of an observed rule exists and nobody is told', () => {
  const observed = applyOverrides(builtInRules, [{ id: 'tenant-restriction-blocks', mode: 'observe' }])
  if (!observed.ok) throw new Error(observed.error)
  const { told, memory } = simulate(spike(hour), noon, noon + 30 * minute, { rules: observed.rules })
  expect(told).toEqual([])
  expect(memory.stored.alerts).toMatchObject([{ rule: 'tenant-restriction-blocks', state: 'firing' }])
})

test('decide: a gap in the data ends nothing and is told to nobody', () => {
  const log = spike(20 * minute)
  log.readTo = noon + 20 * minute
  const quietStreams = applyOverrides(builtInRules, [{ id: 'stream-stalled', enabled: false }])
  if (!quietStreams.ok) throw new Error(quietStreams.error)
  const { told, memory } = simulate(log, noon, noon + 3 * hour, { rules: quietStreams.rules })
  expect(told.map(({ reason }) => reason)).toEqual(['first-notification'])
  expect(memory.stored.alerts).toMatchObject([{ state: 'firing', noData: true }])
})

test('decide: nothing is written while nothing happens', () => {
  const { memory } = simulate(new Log(), noon, noon + 30 * minute)
  expect(memory.writes).toBe(0)
})

const rule = builtInRules[0] as AlertRule
function firing(label: string, part: Partial<Evaluation> = {}): Evaluation {
  const [base] = evaluateRules([rule], spike(hour).at(noon))
  return { ...(base as Evaluation), id: alertId(rule.id, label), labels: { family: 'tenant-restriction', app: label }, ...part }
}

test('decide: each receiver is told of its own alerts alone, when these change', () => {
  const memory = new Memory()
  const receiversFor = ({ severity }: AlertMatch): string[] => (severity === 'critical' ? ['a', 'b'] : ['b'])
  const [one, two] = [firing('one'), firing('two', { severity: 'critical' })]
  const first = decideAt(memory, [one], noon, receiversFor)
  expect(first?.outbox.map(({ receiver }) => receiver)).toEqual(['b'])
  const second = decideAt(memory, [one, two], noon + minute, receiversFor)
  expect(second?.outbox.map(({ receiver, content }) => [receiver, content.reason, content.alerts.length])).toEqual([
    ['a', 'first-notification', 1],
    ['b', 'new-alerts', 2],
  ])
  expect(decideAt(memory, [one, two], noon + 2 * minute, receiversFor)?.outbox).toEqual([])
})

test('decide: a receiver that was taken out of the settings is told nothing more', () => {
  const memory = new Memory()
  decideAt(memory, [firing('one')], noon, () => ['old'])
  const change = decideAt(memory, [firing('one')], noon + minute, () => [])
  expect(change).toMatchObject({ outbox: [], group: { told: [] } })
})

test('decide: the id of a notification is its own, holds no dot, and the same decision gives the same id', () => {
  const memory = new Memory()
  const before = memory.stored
  const change = decideAt(memory, [firing('one')], noon, () => ['a', 'b'])
  const again = decide(before, [firing('one')], { now: noon, tenantId: ownTenant, rules: builtInRules, receiversFor: () => ['a', 'b'] })
  const ids = change?.outbox.map(({ id }) => id) ?? []
  expect(new Set(ids).size).toBe(2)
  for (const id of ids) expect(id).toMatch(/^msg_[A-Za-z0-9_-]{10,120}$/)
  expect(again?.outbox.map(({ id }) => id)).toEqual(ids)
  expect(decideAt(memory, [firing('one'), firing('two')], noon + minute, () => ['a'])?.outbox.map(({ id }) => id)).not.toContain(ids[0])
})

test('decide: at most 90 alerts change at once, the grave first, and the rest follow at the next run', () => {
  const memory = new Memory()
  const many = Array.from({ length: 120 }, (_, index) => firing(`app-${index}`, index === 119 ? { severity: 'critical' } : {}))
  const change = decideAt(memory, many, noon)
  expect(change?.alerts).toHaveLength(changedAlertsMax)
  expect(change?.alerts[0]?.labels['app']).toBe('app-119')
  expect(change?.outbox[0]?.content.alerts).toHaveLength(notifiedAlertsMax)
  expect(change?.outbox[0]?.content.omittedAlerts).toBe(changedAlertsMax - notifiedAlertsMax)
  decideAt(memory, many, noon + minute)
  expect(memory.stored.alerts).toHaveLength(120)
})

test('decide: an alert that ends where it is stored has the state that advance gives it', () => {
  const memory = new Memory()
  decideAt(memory, [firing('one')], noon)
  const next = advance(memory.stored.alerts, [], noon + minute)
  decideAt(memory, [], noon + minute)
  expect(memory.stored.alerts).toEqual(JSON.parse(JSON.stringify(next)) as Alert[])
})
