import { userHasher } from '../../shared/aggregates/userHash'
import { day, hour, minute, parseInstant } from '../../shared/signIns/instant'
import { useStorageEmulator } from '../support/tables'
import { openVirtualMonitor, type VirtualMonitor } from './virtualMonitor'

const { endpoint, freshTenant } = useStorageEmulator()
const from = parseInstant('2026-03-28T00:00:00Z') ?? Number.NaN
const userId = (index: number): string => `3f0c1f6e-2f4e-4b43-9d3e-${String(index).padStart(12, '0')}`

/** Twelve people in the first hour; three of them and two others in the second, after the key has changed. */
function fill({ log }: VirtualMonitor): void {
  for (let user = 0; user < 12; user++) log.add({ at: from + user * 4 * minute, userId: userId(user) })
  for (const user of [0, 1, 2, 20, 21]) log.add({ at: from + 80 * minute, userId: userId(user) })
}

const open = (tenantId: string, key: string, now: number): VirtualMonitor => {
  const monitor = openVirtualMonitor({
    endpoint: endpoint(),
    tenantId,
    now,
    options: { streams: ['interactiveUser'], lookbackHours: 4, hashUser: userHasher(key) },
  })
  fill(monitor)
  return monitor
}

test('hash key: a new one changes no count of sign-ins, makes distinct users a lower bound, and exact once all is settled under it', async () => {
  const tenantId = freshTenant()
  const before = open(tenantId, 'the key of before', from)
  await before.tickUntil(from + 75 * minute)
  const first = { from, to: from + hour }
  expect((await before.summary({ window: first })).totals).toMatchObject({ signIns: 12, distinctUsers: { estimate: 12 } })

  const after = open(tenantId, 'the key of now', from + 75 * minute)
  await after.tickUntil(from + 85 * minute)
  const both = { from, to: from + 2 * hour }
  const { signIns, success, distinctUsers } = (await after.summary({ window: both })).totals
  expect([signIns, success]).toEqual([17, 17])
  expect(distinctUsers.estimate).toBeGreaterThanOrEqual(5)
  expect(distinctUsers.estimate).toBeLessThan(14)
  const second = { from: from + hour, to: from + 2 * hour }
  expect((await after.summary({ window: second })).totals).toMatchObject({ signIns: 5, distinctUsers: { estimate: 5 } })

  await after.tickUntil(from + day + 4 * hour, 2 * hour)
  expect((await after.summary({ window: both })).totals).toMatchObject({ signIns: 17, distinctUsers: { estimate: 14 } })
})
