import type { Alert, AlertGroup, OutboxRow } from '../../shared/alerts/alert'
import { day, minute, parseInstant, second } from '../../shared/signIns/instant'
import { alertsPerChangeMax, createAlertStore } from '../../shared/tables/alertStore'
import { createTableClients } from '../../shared/tables/tableClients'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const now = parseInstant('2026-01-15T12:00:00.500Z') ?? Number.NaN
const open = (tenantId = freshTenant()) =>
  createAlertStore({ clients: createTableClients({ endpoint: endpoint() }), tenantId, clock: () => clock.now })
const clock = { now }
beforeEach(() => {
  clock.now = now
})

const alert = (facts: Partial<Alert> = {}): Alert => ({
  id: 'tenant-restriction-blocks',
  rule: 'tenant-restriction-blocks',
  severity: 'warning',
  state: 'firing',
  noData: false,
  startsAt: now - minute,
  firedAt: now - minute,
  lastHeldAt: now,
  endsAt: undefined,
  causes: ['rise'],
  labels: { family: 'tenant-restriction' },
  value: 340,
  usual: undefined,
  threshold: 20,
  unit: 'signIns',
  window: { from: now - 60 * minute, to: now },
  completeTo: now - 10 * minute,
  facts: { value: 340, top: 'Contoso "日本" 😀' },
  top: { apps: [{ id: 'a', name: 'App', signIns: 300 }], resourceTenants: [] },
  acknowledgedBy: undefined,
  ...facts,
})
const group = (facts: Partial<AlertGroup> = {}): AlertGroup => ({
  groupKey: 'entra-signin-monitor/tenant#1',
  told: [{ receiver: 'ops', at: now, firing: ['tenant-restriction-blocks|warning'] }],
  notifications: 1,
  ...facts,
})
const outbox = (facts: Partial<OutboxRow> = {}): OutboxRow => ({
  id: 'n1-ops_1',
  receiver: 'ops',
  content: {
    type: 'alert.firing',
    at: now,
    groupKey: group().groupKey,
    reason: 'first-notification',
    tenantId: 'tenant',
    alerts: [alert()],
    omittedAlerts: 0,
  },
  state: 'waiting',
  attempts: 0,
  nextAttemptAt: now,
  lastReason: undefined,
  ...facts,
})
const made = (id: string, at: number, facts: Partial<OutboxRow> = {}): OutboxRow =>
  outbox({ id, nextAttemptAt: at, content: { ...outbox().content, at }, ...facts })
const ids = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id)

test('load: before the first change there is nothing', async () => {
  expect(await open().load()).toEqual({ group: undefined, alerts: [], version: undefined, changedAt: undefined })
})

test('save: the group, its alerts and its outbox come back as they were', async () => {
  const store = open()
  const alerts = [alert(), alert({ id: 'legacy-tls-refused|class=tls.legacy', rule: 'legacy-tls-refused' })]
  expect(await store.save({ group: group(), replaces: undefined, alerts, outbox: [outbox()] })).toBe(true)
  const stored = await store.load()
  expect(stored.group).toEqual(group())
  expect([...stored.alerts].sort((a, b) => (a.id < b.id ? 1 : -1))).toEqual(alerts)
  expect(stored.version).toMatch(/^W\//)
  expect(stored.changedAt).toBe(now)
  expect(await store.waiting(now, 10)).toEqual([outbox()])
})

test('save: an alert is replaced and the others stay', async () => {
  const store = open()
  await store.save({ group: group(), replaces: undefined, alerts: [alert(), alert({ id: 'other' })], outbox: [] })
  const { version } = await store.load()
  const ended = alert({ state: 'inactive', endsAt: now, usual: 3 })
  clock.now = now + minute
  expect(await store.save({ group: group({ notifications: 2 }), replaces: version, alerts: [ended], outbox: [] })).toBe(true)
  const stored = await store.load()
  expect(stored.group?.notifications).toBe(2)
  expect(stored.alerts).toEqual(expect.arrayContaining([ended, alert({ id: 'other' })]))
  expect(stored.alerts).toHaveLength(2)
  expect(stored.version).not.toBe(version)
  expect(stored.changedAt).toBe(now + minute)
})

test('save: of two from the same state one passes, and nothing of the other is stored', async () => {
  const store = open()
  const change = (receiver: string) => ({
    group: group(),
    alerts: [alert({ id: `alert-${receiver}` })],
    outbox: [outbox({ id: `n-${receiver}`, receiver })],
  })
  const first = await Promise.all(['a', 'b'].map((receiver) => store.save({ ...change(receiver), replaces: undefined })))
  expect(first.sort()).toEqual([false, true])
  const { version } = await store.load()
  const second = await Promise.all(['c', 'd'].map((receiver) => store.save({ ...change(receiver), replaces: version })))
  expect(second.sort()).toEqual([false, true])
  const stored = await store.load()
  expect(stored.alerts).toHaveLength(2)
  expect(ids(await store.waiting(now, 10)).map((id) => id.replace('n-', 'alert-'))).toEqual(expect.arrayContaining(ids(stored.alerts)))
})

test('save: a group that is gone, or a notification that is already there, is a conflict', async () => {
  const store = open()
  await store.save({ group: group(), replaces: undefined, alerts: [], outbox: [outbox()] })
  const { version } = await store.load()
  expect(await store.save({ group: group(), replaces: version, alerts: [alert()], outbox: [outbox()] })).toBe(false)
  expect(await store.save({ group: group({ groupKey: 'never' }), replaces: version, alerts: [alert()], outbox: [] })).toBe(false)
  expect((await store.load()).alerts).toEqual([])
})

test('save: the most that a change may carry is one transaction, and one alert more is refused', async () => {
  const store = open()
  const alerts = Array.from({ length: alertsPerChangeMax }, (_, n) => alert({ id: `alert-${n}` }))
  const rows = Array.from({ length: 9 }, (_, n) => outbox({ id: `n-${n}`, content: { ...outbox().content, alerts } }))
  expect(await store.save({ group: group(), replaces: undefined, alerts, outbox: rows })).toBe(true)
  const stored = await store.load()
  expect(stored.alerts).toHaveLength(90)
  expect((await store.waiting(now, 1))[0]?.content.alerts).toEqual(alerts)
  const tooMany = { group: group(), replaces: stored.version, alerts: [...alerts, alert({ id: 'one-more' })], outbox: [] }
  await expect(store.save(tooMany)).rejects.toMatchObject({ code: 'entity-too-large', message: expect.stringContaining('91') })
})

test('waiting: only what is due and waits, oldest first, at most as many as asked for', async () => {
  const store = open()
  const rows = [
    made('third', now - minute),
    made('first', now - 10 * minute),
    made('second', now - 5 * minute, { nextAttemptAt: now }),
    made('later', now - 20 * minute, { nextAttemptAt: now + 1 }),
    made('delivered', now - 30 * minute, { state: 'delivered' }),
    made('parked', now - 30 * minute, { state: 'parked' }),
  ]
  await store.save({ group: group(), replaces: undefined, alerts: [], outbox: rows })
  expect(ids(await store.waiting(now, 10))).toEqual(['first', 'second', 'third'])
  expect(ids(await store.waiting(now, 2))).toEqual(['first', 'second'])
  expect(ids(await store.waiting(now - 1, 10))).toEqual(['first', 'third'])
  expect(await store.waiting(now, 0)).toEqual([])
})

test('record: what came of an attempt replaces the row', async () => {
  const store = open()
  await store.save({ group: group(), replaces: undefined, alerts: [], outbox: [outbox(), outbox({ id: 'n2' })] })
  const retried = outbox({ attempts: 1, nextAttemptAt: now + 30 * second, lastReason: 'rateLimited' })
  await store.record(retried)
  await store.record(outbox({ id: 'n2', state: 'delivered', attempts: 1 }))
  expect(await store.waiting(now, 10)).toEqual([])
  expect(await store.waiting(now + 30 * second, 10)).toEqual([retried])
})

test('prune: what ended or was delivered more than 7 days ago goes, and the rest stays', async () => {
  const store = open()
  const ended = (id: string, endsAt: number): Alert => alert({ id, state: 'inactive', endsAt })
  await store.save({
    group: group(),
    replaces: undefined,
    alerts: [ended('old', now - 8 * day), ended('new', now - 6 * day), alert({ id: 'firing', startsAt: now - 90 * day })],
    outbox: [
      made('delivered-old', now - 8 * day, { state: 'delivered' }),
      made('delivered-new', now - 6 * day, { state: 'delivered' }),
      made('waiting-old', now - 60 * day),
      made('parked-old', now - 31 * day, { state: 'parked' }),
      made('parked-new', now - 8 * day, { state: 'parked' }),
    ],
  })
  expect(await store.prune(now)).toBe(3)
  const stored = await store.load()
  expect(ids(stored.alerts).sort()).toEqual(['firing', 'new'])
  expect(stored.group).toEqual(group())
  expect(ids(await store.waiting(now, 10))).toEqual(['waiting-old'])
  expect(await store.prune(now)).toBe(0)
  expect(await store.prune(now + 30 * day)).toBe(3)
})

test('createAlertStore: tenants never see each other', async () => {
  const [one, other] = [open(), open()]
  await one.save({ group: group(), replaces: undefined, alerts: [alert()], outbox: [outbox()] })
  expect((await other.load()).alerts).toEqual([])
  expect(await other.waiting(now, 10)).toEqual([])
})

describe('load: what it takes', () => {
  const counted = () => {
    const table = createTableClients({ endpoint: endpoint() }).alerts
    const filters: string[] = []
    const clients = {
      alerts: {
        ...table,
        query: (query: Parameters<typeof table.query>[0]) => {
          filters.push(query.filter)
          return table.query(query)
        },
      },
    }
    return { clients, filters }
  }

  test('load: alerts whose group is the same are not read again, and those of a changed group are', async () => {
    const tenantId = freshTenant()
    const { clients, filters } = counted()
    const watching = createAlertStore({ clients, tenantId, clock: () => clock.now })
    const other = open(tenantId)
    await other.save({ group: group(), replaces: undefined, alerts: [alert()], outbox: [] })
    const first = await watching.load()
    expect(await watching.load()).toEqual(first)
    expect(filters).toHaveLength(3)
    await other.save({ group: group({ notifications: 2 }), replaces: first.version, alerts: [alert({ value: 341 })], outbox: [] })
    expect((await watching.load()).alerts).toEqual([alert({ value: 341 })])
    expect(filters).toHaveLength(5)
  })

  test('waiting: nothing is looked up in the minute after nothing waited, unless this process adds something', async () => {
    const { clients, filters } = counted()
    const store = createAlertStore({ clients, tenantId: freshTenant(), clock: () => clock.now })
    await store.load()
    filters.length = 0
    expect(await store.waiting(now, 10)).toEqual([])
    expect(filters).toEqual([])
    await store.save({ group: group(), replaces: undefined, alerts: [], outbox: [outbox()] })
    expect(await store.waiting(now, 10)).toEqual([outbox()])
  })

  test('waiting: what another process added is found by the next look at the group', async () => {
    const tenantId = freshTenant()
    const store = open(tenantId)
    await store.load()
    await open(tenantId).save({ group: group(), replaces: undefined, alerts: [], outbox: [outbox()] })
    expect(await store.waiting(now, 10)).toEqual([])
    await store.load()
    expect(await store.waiting(now, 10)).toEqual([outbox()])
    expect(await store.waiting(now + 2 * minute, 10)).toEqual([outbox()])
  })
})
