import { builtInRules } from '../../shared/alerts/rules'
import { parseReceivers } from '../../shared/notify/parseReceivers'
import { createNotifier } from '../../shared/notify/sender'
import type { Notifier } from '../../shared/pipelines/ports'
import { hour, type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'
import { openVirtualMonitor, type VirtualMonitor } from '../pipelines/virtualMonitor'
import { schemaErrors } from '../support/schemas'
import { useStorageEmulator } from '../support/tables'
import { startWebhookReceiver, type WebhookReceiver } from './webhookReceiver'

const { endpoint, freshTenant } = useStorageEmulator()
const noon = parseInstant('2026-03-10T12:01:00Z') ?? Number.NaN
const unknownTenant = '2f81c5b6-a07d-4e39-8c14-7d5be9024f68'
let receiver: WebhookReceiver

beforeEach(async () => {
  receiver = await startWebhookReceiver()
})
afterEach(async () => {
  await receiver.stop()
})

function notifierTo({ settings }: WebhookReceiver): Notifier {
  const parsed = parseReceivers(JSON.stringify([settings]))
  if (!parsed.ok) throw new Error(parsed.error)
  return createNotifier({
    receivers: parsed.receivers,
    allowPrivateHosts: [],
    allowLoopbackHttp: true,
    // Signatures are verified by the real clock.
    clock: Date.now,
    publicBaseUrl: 'https://monitor.example',
    rules: builtInRules,
    proxied: false,
  })
}

const open = (stream: 'interactiveUser' | 'nonInteractiveUser'): VirtualMonitor =>
  openVirtualMonitor({
    endpoint: endpoint(),
    tenantId: freshTenant(),
    now: noon,
    options: { streams: [stream], lookbackHours: 2, publicBaseUrl: 'https://monitor.example' },
    notifier: notifierTo(receiver),
  })

const block = (monitor: VirtualMonitor, at: Instant): void =>
  void monitor.log.add({ at, errorCode: 500021, row: { resourceTenantId: unknownTenant, isTenantRestricted: true } })

/** People sign in all the time, and now and then one of them is stopped on the way to a tenant that is none of theirs. */
function steadyNoise(monitor: VirtualMonitor, hours: number): void {
  for (let at = noon - 2 * hour; at < noon + hours * hour; at += 90 * second) monitor.log.add({ at })
  for (let at = noon - 2 * hour; at < noon + hours * hour; at += 8 * minute) block(monitor, at)
}

const told = (): unknown[] =>
  receiver.deliveries.map(({ verified: { type, data } }) => [type, data.reason, data.alerts.map(({ rule, state }) => `${rule} ${state}`)])
const expectValidBodies = (): void => expect(receiver.deliveries.flatMap(({ verified }) => schemaErrors('webhook', verified))).toEqual([])

test('scenario: a tenant restriction spike is told once when it begins and once when it is over', async () => {
  const monitor = open('interactiveUser')
  steadyNoise(monitor, 3)
  const spike = noon + 20 * minute
  for (let at = spike; at < spike + 15 * minute; at += 15 * second) block(monitor, at)

  await monitor.tick()
  await monitor.tickUntil(spike - minute)
  expect(told()).toEqual([])

  await monitor.tickUntil(spike + 10 * minute)
  expect(told()).toEqual([['alert.firing', 'first-notification', ['tenant-restriction-blocks firing']]])
  expect(receiver.deliveries[0]?.verified.data.alerts[0]?.value).toBeGreaterThanOrEqual(20)

  await monitor.tickUntil(spike + 110 * minute)
  expect(told().slice(1)).toEqual([['alert.resolved', 'all-resolved', ['tenant-restriction-blocks resolved']]])
  expectValidBodies()
  expect((await monitor.summary({ window: { from: noon - hour, to: noon } })).alerts).toMatchObject([{ state: 'resolved' }])
}, 60_000)

test('scenario: a receiver that fails once gets the same notification again under the same id', async () => {
  const monitor = open('interactiveUser')
  for (let at = noon - 4 * minute; at < noon; at += 5 * second) block(monitor, at)
  receiver.answers.push(500)
  await monitor.tick()
  expect(receiver.deliveries).toHaveLength(1)
  await monitor.tick()
  expect(receiver.deliveries).toHaveLength(1)
  await monitor.tickUntil(noon + 2 * minute, minute)
  expect(receiver.deliveries).toHaveLength(2)
  const [first, again] = receiver.deliveries
  expect([again?.id, again?.body]).toEqual([first?.id, first?.body])
  expect(first?.id).toMatch(/^[A-Za-z0-9_-]+$/)
})

test('scenario: a crash between the delivery and its record repeats the delivery under the same id', async () => {
  const monitor = open('interactiveUser')
  for (let at = noon - 4 * minute; at < noon; at += 5 * second) block(monitor, at)
  const { alerts } = monitor.ports
  const record = (): Promise<never> => Promise.reject(new Error('The process was killed.'))
  expect(await monitor.tick({ alerts: { ...alerts, record } })).toMatchObject({ result: 'partial' })
  await monitor.tickUntil(noon + 2 * minute, minute)
  expect(receiver.deliveries).toHaveLength(2)
  expect(new Set(receiver.deliveries.map(({ id }) => id)).size).toBe(1)
})

/** A sign-in every ten seconds; some of the tokens come from the backup system, and others do not come at all. */
function traffic(monitor: VirtualMonitor, from: Instant, to: Instant, backup: number, faults: number): void {
  for (let at = from, index = 0; at < to; at += 10 * second, index++) {
    const served = index % 100 < backup * 100
    const failed = !served && index % 100 >= 100 - faults * 100
    monitor.log.add({
      at,
      streams: ['nonInteractiveUser'],
      errorCode: failed ? 90033 : 0,
      row: { tokenIssuerType: served ? 'AzureADBackupAuth' : 'AzureAD' },
    })
  }
}

test('scenario: an exercise of the backup authentication system pages nobody, and an outage does', async () => {
  const monitor = open('nonInteractiveUser')
  const exercise = noon + 20 * minute
  const outage = exercise + 60 * minute
  traffic(monitor, noon - 2 * hour, exercise, 0, 0)
  traffic(monitor, exercise, exercise + 20 * minute, 0.06, 0)
  traffic(monitor, exercise + 20 * minute, outage, 0, 0)
  traffic(monitor, outage, outage + 25 * minute, 0.6, 0.3)
  const severities = (): string[] => receiver.deliveries.flatMap(({ verified }) => verified.data.alerts.map(({ severity }) => severity))

  await monitor.tick()
  await monitor.tickUntil(outage - minute)
  expect(severities().filter((severity) => severity !== 'info')).toEqual([])
  expect(severities()).toContain('info')

  const before = receiver.deliveries.length
  await monitor.tickUntil(outage + 40 * minute)
  const pages = receiver.deliveries.slice(before).filter(({ verified }) => verified.type === 'alert.firing')
  const critical = pages.filter(({ verified }) => verified.data.alerts.some(({ severity }) => severity === 'critical'))
  expect(critical.map(({ verified }) => verified.data.alerts[0]?.rule)).toEqual(['backup-auth-outage'])
  expectValidBodies()
}, 60_000)
