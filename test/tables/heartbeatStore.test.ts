import { createHeartbeatStore } from '../../shared/tables/heartbeatStore'
import { createTableClients, type TableClients } from '../../shared/tables/tableClients'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const noon = Date.UTC(2026, 2, 10, 12)
const delivered = { outcome: 'delivered', reason: 'none' }
const failed = { outcome: 'retry', reason: 'timeout' }
const open = (tenantId: string, clients: TableClients = createTableClients({ endpoint: endpoint() })) =>
  createHeartbeatStore({ clients, tenantId })

test('heartbeatStore: it says since when things are as they are, over restarts, tenant by tenant', async () => {
  const tenantId = freshTenant()
  expect(await open(tenantId).state()).toBeUndefined()
  await open(tenantId).record(delivered, noon)
  await open(tenantId).record(delivered, noon + 60_000)
  expect(await open(tenantId).state()).toEqual({ ...delivered, since: noon })
  await open(tenantId).record(failed, noon + 120_000)
  expect(await open(tenantId).state()).toEqual({ ...failed, since: noon + 120_000 })
  await open(tenantId).record({ ...failed, reason: 'network' }, noon + 180_000)
  expect(await open(tenantId).state()).toEqual({ outcome: 'retry', reason: 'network', since: noon + 180_000 })
  expect(await open(freshTenant()).state()).toBeUndefined()
})

test('heartbeatStore: a day of beats is one read and one write', async () => {
  const clients = createTableClients({ endpoint: endpoint() })
  const calls: string[] = []
  const runs: TableClients['runs'] = {
    ...clients.runs,
    read: (...key) => {
      calls.push('read')
      return clients.runs.read(...key)
    },
    submit: (actions) => {
      calls.push('write')
      return clients.runs.submit(actions)
    },
  }
  const store = open(freshTenant(), { ...clients, runs })
  for (let beats = 0; beats < 20; beats++) await store.record(delivered, noon + beats * 60_000)
  expect(calls).toEqual(['read', 'write'])
})

test('heartbeatStore: what could not be written is written with the next beat', async () => {
  const clients = createTableClients({ endpoint: endpoint() })
  let isDown = true
  const submit: TableClients['runs']['submit'] = (actions) => (isDown ? Promise.reject(new Error('down')) : clients.runs.submit(actions))
  const store = open(freshTenant(), { ...clients, runs: { ...clients.runs, submit } })
  await expect(store.record(delivered, noon)).rejects.toThrow('down')
  isDown = false
  await store.record(delivered, noon + 60_000)
  expect(await store.state()).toEqual({ ...delivered, since: noon + 60_000 })
})
