import { AzureNamedKeyCredential, TableClient } from '@azure/data-tables'
import { companyOf } from '../../local/simulatedTenant/company'
import { openTenantLog } from '../../local/simulatedTenant/tenantLog'
import { decodeFacets } from '../../shared/aggregates/decodeFacets'
import { builtInRules } from '../../shared/alerts/rules'
import { parseReceivers } from '../../shared/notify/parseReceivers'
import { createNotifier } from '../../shared/notify/sender'
import { maintainAggregates } from '../../shared/pipelines/maintainAggregates'
import type { SignInSource } from '../../shared/pipelines/ports'
import { day, hour, type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'
import { streamIds, streamOf } from '../../shared/signIns/streams'
import { decompressFacets } from '../../shared/tables/storedFacets'
import { openVirtualMonitor, type VirtualMonitor } from '../pipelines/virtualMonitor'
import { useStorageEmulator } from '../support/tables'
import { startWebhookReceiver, type WebhookReceiver } from './webhookReceiver'

const { endpoint, freshTenant } = useStorageEmulator()
const now = parseInstant('2026-03-11T00:30:00Z') ?? Number.NaN
let receiver: WebhookReceiver

beforeAll(async () => {
  receiver = await startWebhookReceiver()
})
afterAll(async () => {
  await receiver.stop()
})

const emulatorKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/** Every property of every entity of a tenant as text, with the compressed ones made readable. */
async function storedTexts(tenantId: string): Promise<string[]> {
  const texts: string[] = []
  for (const name of ['buckets', 'runs', 'alerts']) {
    const credential = new AzureNamedKeyCredential('devstoreaccount1', emulatorKey)
    const client = new TableClient(endpoint(), name, credential, { allowInsecureConnection: true })
    let entities = 0
    for await (const entity of client.listEntities<Record<string, unknown>>()) {
      if (!entity.partitionKey?.startsWith(tenantId)) continue
      entities += 1
      const chunks = Object.entries(entity).filter(([property]) => /^facets\d+$/.test(property))
      const bytes = chunks
        .sort(([a], [b]) => Number(a.slice('facets'.length)) - Number(b.slice('facets'.length)))
        .flatMap(([, value]) => (value instanceof Uint8Array ? [value] : []))
      if (bytes.length > 0) {
        const encoded = decompressFacets(Buffer.concat(bytes))
        // Ids are stored as bytes, so they are looked for in what the bytes say.
        const ids = [...decodeFacets(encoded).evidence.values()].flat().map(({ requestId }) => requestId)
        texts.push(Buffer.from(encoded).toString(), ...ids)
      }
      const plain = Object.entries(entity).filter(([property]) => !/^facets\d+$/.test(property))
      texts.push(
        plain
          .map(([property, value]) => `${property}=${value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)}`)
          .join('\n'),
      )
    }
    if (entities === 0) throw new Error(`Nothing of the tenant is in the table ${name}.`)
  }
  return texts
}

const property = (row: object, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined),
    row,
  )

const personal: readonly (readonly string[])[] = [
  ['userPrincipalName'],
  ['userDisplayName'],
  ['userId'],
  ['signInIdentifier'],
  ['ipAddress'],
  ['globalSecureAccessIpAddress'],
  ['deviceDetail', 'deviceId'],
  ['deviceDetail', 'displayName'],
  ['sessionId'],
]

/** Everything in a row that names a person, an address or a device; masks and zeros name nobody. */
function identitiesOf(row: object): string[] {
  const found = personal.map((path) => property(row, ...path)).filter((value) => typeof value === 'string')
  return found
    .filter((value) => value !== '' && !value.startsWith('{PII Removed') && !/^[0-]+$/.test(value))
    .map((value) => value.toLowerCase())
}

const found = (identities: Iterable<string>, texts: readonly string[]): string[] => {
  const all = texts.join('\n').toLowerCase()
  return [...identities].filter((identity) => all.includes(identity))
}

/** The simulated tenant's log as a source, and the identities of every row that it gave out. */
function simulatedSource(clock: () => Instant, tenantId: string, identities: Set<string>): SignInSource {
  const log = openTenantLog({ seed: 3, company: companyOf(3, tenantId), rowsPerDay: 6_000, lateness: true }, 24, now)
  return {
    budget: { restore: () => undefined, state: () => ({ requestTimes: [], retryAfterUntil: undefined }), available: () => 1_000 },
    async *read({ stream, from, to }, _abort, take) {
      const rows: ReturnType<typeof take>[] = []
      for (const signIn of log.between({ from: from - second, to: to + second })) {
        if (signIn.visibleAt > clock() || !signIn.signInEventTypes.includes(streamOf(stream).signInEventType)) continue
        const row: object = JSON.parse(log.text(signIn, { version: 'beta', unknownEnumMembers: true }, clock()))
        for (const identity of identitiesOf(row)) identities.add(identity)
        rows.push(take(row))
      }
      yield { rows, serverTime: clock() }
    },
  }
}

test('no identity at rest: a day of a tenant leaves no name, id, address or device behind', async () => {
  const tenantId = freshTenant()
  const identities = new Set<string>()
  const parsed = parseReceivers(JSON.stringify([receiver.settings]))
  if (!parsed.ok) throw new Error(parsed.error)
  const monitor = openVirtualMonitor({
    endpoint: endpoint(),
    tenantId,
    now,
    options: { streams: streamIds, lookbackHours: 24 },
    signIns: (clock) => simulatedSource(clock, tenantId, identities),
    notifier: createNotifier({
      receivers: parsed.receivers,
      allowPrivateHosts: [],
      allowLoopbackHttp: true,
      clock: Date.now,
      publicBaseUrl: undefined,
      rules: builtInRules,
      proxied: false,
    }),
  })
  await monitor.tick()
  await monitor.tickUntil(now + 2 * hour + 30 * minute, 30 * minute)
  await maintainAggregates(monitor.ports, monitor.options)

  const summary = await monitor.summary({ window: { from: now - day, to: now + 2 * hour }, top: 50 })
  expect(summary.totals.signIns).toBeGreaterThan(2_000)
  expect(identities.size).toBeGreaterThan(500)
  expect(receiver.deliveries.length).toBeGreaterThan(0)
  expect(found(identities, await storedTexts(tenantId))).toEqual([])
  expect(
    found(
      identities,
      monitor.lines.map((line) => JSON.stringify(line)),
    ),
  ).toEqual([])
  expect(
    found(
      identities,
      receiver.deliveries.map(({ body }) => body),
    ),
  ).toEqual([])
  expect(found(identities, [JSON.stringify(summary), JSON.stringify(await monitor.health())])).toEqual([])
}, 60_000)

const planted = 'hanako.suzuki@company.example'

test.each`
  story                       | plant
  ${'the name of an app'}     | ${{ appDisplayName: planted }}
  ${'the name of a resource'} | ${{ resourceDisplayName: planted }}
`('no identity at rest: the search finds a name that was planted in $story', async ({ plant }) => {
  const monitor: VirtualMonitor = openVirtualMonitor({
    endpoint: endpoint(),
    tenantId: freshTenant(),
    now,
    options: { streams: ['interactiveUser'], lookbackHours: 1 },
  })
  monitor.log.add({ at: now - 20 * minute, row: plant })
  // A row that is evaluated for alerts, so that every table holds something of the tenant.
  for (let count = 0; count < 30; count++) {
    monitor.log.add({ at: now - 10 * minute, errorCode: 500021, row: { resourceTenantId: '2f81c5b6-a07d-4e39-8c14-7d5be9024f68' } })
  }
  await monitor.tick()
  expect(found([planted], await storedTexts(monitor.options.tenantId))).toEqual([planted])
})
