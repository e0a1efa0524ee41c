import { createCounterStore } from '../../shared/tables/counterStore'
import { createTableClients, type TableClients } from '../../shared/tables/tableClients'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const open = (tenantId: string, clients: TableClients = createTableClients({ endpoint: endpoint() })) =>
  createCounterStore({ clients, tenantId })

test('counterStore: counts add up over restarts, and a tenant has its own', async () => {
  const tenantId = freshTenant()
  expect(await open(tenantId).read()).toEqual({})
  const store = open(tenantId)
  expect(await store.add({ 'runs|ok': 1, 'graph_requests|200': 4 })).toBe(true)
  expect(await store.add({ 'runs|ok': 1 })).toBe(true)
  expect(await open(tenantId).add({ 'runs|failed': 1 })).toBe(true)
  expect(await open(tenantId).read()).toEqual({ 'runs|ok': 2, 'runs|failed': 1, 'graph_requests|200': 4 })
  expect(await open(freshTenant()).read()).toEqual({})
})

test('counterStore: two instances that write in turns lose nothing, and one alone reads once', async () => {
  const tenantId = freshTenant()
  const clients = createTableClients({ endpoint: endpoint() })
  let reads = 0
  const read: TableClients['runs']['read'] = (...key) => {
    reads += 1
    return clients.runs.read(...key)
  }
  const [one, other] = [open(tenantId, { ...clients, runs: { ...clients.runs, read } }), open(tenantId)]
  for (let times = 0; times < 5; times++) await one.add({ a: 1 })
  expect(reads).toBe(1)
  for (let times = 0; times < 5; times++) {
    await other.add({ a: 1 })
    await one.add({ a: 1 })
  }
  expect(await open(tenantId).read()).toEqual({ a: 15 })
})

test('counterStore: where others keep writing first it gives up and says so', async () => {
  const tenantId = freshTenant()
  const clients = createTableClients({ endpoint: endpoint() })
  const submit: TableClients['runs']['submit'] = async (actions) => {
    await open(tenantId).add({ others: 1 })
    return clients.runs.submit(actions)
  }
  expect(await open(tenantId, { ...clients, runs: { ...clients.runs, submit } }).add({ ours: 1 })).toBe(false)
  expect(Object.keys(await open(tenantId).read())).toEqual(['others'])
})

test('counterStore: a row holds no more keys than it has room for, and those that are there go on', async () => {
  const tenantId = freshTenant()
  const many = Object.fromEntries(Array.from({ length: 2_500 }, (_, index) => [`key|${index}`, 1]))
  const store = open(tenantId)
  await store.add(many)
  await store.add({ 'key|0': 1, 'key|late': 1 })
  const stored = await open(tenantId).read()
  expect([Object.keys(stored).length, stored['key|0'], stored['key|late']]).toEqual([2_000, 2, undefined])
})
