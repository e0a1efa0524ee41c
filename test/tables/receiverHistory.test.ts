import type { OutboxRow } from '../../shared/alerts/alert'
import { minute, parseInstant } from '../../shared/signIns/instant'
import { createAlertStore } from '../../shared/tables/alertStore'
import { createReceiverHistory } from '../../shared/tables/receiverHistory'
import { createTableClients } from '../../shared/tables/tableClients'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const now = parseInstant('2026-01-15T12:00:00Z') ?? Number.NaN

const row = (receiver: string, number: number, facts: Partial<OutboxRow>): OutboxRow => ({
  id: `n${number}-${receiver}`,
  receiver,
  content: {
    type: 'alert.firing',
    at: now + number * minute,
    groupKey: 'g',
    reason: 'new-alerts',
    tenantId: 't',
    alerts: [],
    omittedAlerts: 0,
  },
  state: 'delivered',
  attempts: 1,
  nextAttemptAt: now,
  lastReason: undefined,
  ...facts,
})

test('receiverHistory: the newest notification of each receiver counts, and only of this tenant', async () => {
  const clients = createTableClients({ endpoint: endpoint() })
  const [tenantId, otherTenant] = [freshTenant(), freshTenant()]
  const store = createAlertStore({ clients, tenantId, clock: () => now })
  expect(await createReceiverHistory({ clients, tenantId }).newest()).toEqual([])
  // Written in another order than they were made: the tenth key sorts before the second.
  for (const one of [
    row('ops', 10, { state: 'parked', lastReason: 'HTTP 404' }),
    row('ops', 2, {}),
    row('chat', 3, {}),
    row('chat', 1, { state: 'waiting' }),
  ]) {
    await store.record(one)
  }
  await createAlertStore({ clients, tenantId: otherTenant, clock: () => now }).record(row('ops', 11, {}))
  const newest = await createReceiverHistory({ clients, tenantId }).newest()
  expect(new Map(newest.map(({ receiver, state, lastReason }) => [receiver, [state, lastReason]]))).toEqual(
    new Map([
      ['ops', ['parked', 'HTTP 404']],
      ['chat', ['delivered', undefined]],
    ]),
  )
})
