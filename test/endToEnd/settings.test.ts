import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { type StorageEmulator, startStorageEmulator } from '../../local/storageEmulator'
import type { Summary } from '../../shared/aggregates/summary'
import { parseTraceParent } from '../../shared/runtime/trace'
import { hour, minute } from '../../shared/signIns/instant'
import { type Product, runCommand, until, useProducts } from '../support/product'
import { schemaErrors } from '../support/schemas'
import { type ScriptedGraph, type ScriptedSignIn, startScriptedGraph } from '../support/scriptedGraph'

const products = useProducts()
const tenantId = '0f0e0d0c-0b0a-4908-8706-050403020100'
const [faulty, meant] = ['b7a3d1c4-52e8-4f0b-8a6d-19c4e7f03b21', 'd94f6e02-3c1a-4b7e-9f58-60a2b8c5d713']
const secret = `whsec_${randomBytes(24).toString('base64')}`
const now = Date.now()
const blocked = (count: number, resourceTenantId: string, ipAddress: string): ScriptedSignIn[] =>
  Array.from({ length: count }, () => ({
    stream: 'interactiveUser',
    at: now - 12 * minute,
    errorCode: 500021,
    resourceTenantId,
    ipAddress,
  }))
const signIns: readonly ScriptedSignIn[] = [
  ...blocked(7, faulty, '192.0.2.10'),
  ...blocked(2, meant, '198.51.100.10'),
  { stream: 'servicePrincipal', at: now - 12 * minute, errorCode: 0 },
  { stream: 'nonInteractiveUser', at: now - 12 * minute, errorCode: 0 },
]

interface Delivery {
  readonly headers: Record<string, string>
  readonly body: string
}

let graph: ScriptedGraph
let emulator: StorageEmulator
let receiver: Server
const deliveries: Delivery[] = []

const settings = (): Record<string, string> => ({
  GRAPH_BASE_URL: graph.root,
  TABLES_ENDPOINT: emulator.tablesEndpoint,
  TENANT_ID: tenantId,
  LOOKBACK_HOURS: '3',
  STREAMS: 'interactiveUser, servicePrincipal',
  SITES: JSON.stringify({ '192.0.2.0/24': 'Osaka' }),
  TENANTS: JSON.stringify([
    { id: faulty, name: 'Fabrikam', kind: 'partner', blocked: 'fault' },
    { id: meant, name: 'Nobody asked', kind: 'other', blocked: 'expected' },
  ]),
  ALERT_RULES: JSON.stringify([{ id: 'tenant-restriction-blocks', threshold: 5, floor: 5 }]),
  RUNBOOK_URL: 'https://git.example/docs/runbooks/{page}',
  RECEIVERS: JSON.stringify([
    { id: 'ops', kind: 'webhook', url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?key=hush`, secret },
  ]),
})

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      deliveries.push({ headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  ;[graph, emulator] = await Promise.all([startScriptedGraph(() => signIns), startStorageEmulator()])
}, 60_000)

afterAll(async () => {
  receiver?.close()
  await graph?.close()
  await emulator?.stop()
})

describe('start with settings', () => {
  let product: Product
  let summary: Summary

  beforeAll(async () => {
    product = await products.start(settings())
  }, 60_000)

  afterAll(async () => {
    await product?.stop()
  })

  test('TIMERS=off: nothing is read before a run is asked for; the administration route runs it', async () => {
    const { lastRun } = await product.json<{ lastRun: { startedAt: string | null } }>('/api/health', 503)
    expect([lastRun.startedAt, graph.asked.length]).toEqual([null, 0])
    await product.tick()
    const health = await product.json<{ tenantId: string; lastRun: { startedAt: string; result: string } }>('/api/health')
    expect(health.lastRun).toMatchObject({ startedAt: expect.stringMatching(/Z$/), result: 'ok' })
    expect(graph.asked.length).toBeGreaterThan(0)
  })

  test('TENANT_ID: it is the tenant of every answer', async () => {
    summary = await product.json<Summary>('/api/summary?window=1h')
    const health = await product.json<{ tenantId: string }>('/api/health')
    expect([health.tenantId, summary.tenantId]).toEqual([tenantId, tenantId])
  })

  test('STREAMS: only those are read; the others are disabled and excluded', () => {
    expect([...new Set(graph.asked.map(({ stream }) => stream))].sort()).toEqual(['interactiveUser', 'servicePrincipal'])
    expect(summary.completeness.excluded).toEqual(['nonInteractiveUser', 'managedIdentity'])
    expect(summary.completeness.streams.map(({ stream, state }) => [stream, state])).toEqual([
      ['interactiveUser', 'current'],
      ['nonInteractiveUser', 'disabled'],
      ['servicePrincipal', 'current'],
      ['managedIdentity', 'disabled'],
    ])
    expect(summary.totals.signIns).toBe(10)
  })

  test('LOOKBACK_HOURS: the first reading goes so far back and no further', () => {
    const oldest = Math.min(...graph.asked.map(({ from }) => from))
    expect(oldest).toBeGreaterThanOrEqual(now - 4 * hour)
    expect(oldest).toBeLessThanOrEqual(now - 3 * hour + 10 * minute)
  })

  test('GRAPH_BASE_URL: http on loopback is sent no token', () => {
    expect(graph.asked.filter(({ authorization }) => authorization !== undefined)).toEqual([])
  })

  test('TENANTS and SITES: they give names to targets and networks', () => {
    const restriction = summary.failures.find(({ family }) => family === 'tenant-restriction')
    expect(restriction?.top.resourceTenants).toEqual([
      { id: faulty, name: 'Fabrikam', kind: 'partner', blocked: 'fault', signIns: 7 },
      { id: meant, name: 'Nobody asked', kind: 'other', blocked: 'expected', signIns: 2 },
    ])
    expect(restriction?.top.networks.map(({ name, signIns: count }) => [name, count])).toContainEqual(['Osaka', 7])
    expect(JSON.stringify(summary)).not.toMatch(/192\.0\.2\.|198\.51\.100\./)
  })

  test('RECEIVERS and ALERT_RULES: a block that is a fault is told once, signed, in the form of its schema', async () => {
    // The history is read after the alerts were judged, so what is in it is told by the next run.
    if (deliveries.length === 0) await product.tick()
    await product.tick()
    expect(deliveries).toHaveLength(1)
    const [delivery] = deliveries
    const body = new Webhook(secret).verify(delivery?.body ?? '', delivery?.headers ?? {}) as Record<string, unknown>
    expect(schemaErrors('webhook', body)).toEqual([])
    expect(body).toMatchObject({
      type: 'alert.firing',
      data: {
        tenantId,
        reason: 'first-notification',
        alerts: [
          {
            rule: 'tenant-restriction-blocks',
            state: 'firing',
            threshold: 5,
            top: { resourceTenants: [{ id: faulty, name: 'Fabrikam' }, {}] },
            links: { runbook: 'https://git.example/docs/runbooks/tenant-restriction-blocks.md' },
          },
        ],
      },
    })
    expect(() => new Webhook(`whsec_${randomBytes(24).toString('base64')}`).verify(delivery?.body ?? '', delivery?.headers ?? {})).toThrow()
    const { alerts } = await product.json<Summary>('/api/summary?window=1h')
    expect(alerts).toMatchObject([{ rule: 'tenant-restriction-blocks', state: 'firing' }])
  })

  test('traces: requests to Graph and the webhook belong to the trace of their run, each as a span of its own', () => {
    const spans = [...graph.asked.map(({ traceparent }) => traceparent), ...deliveries.map(({ headers }) => headers['traceparent'])]
    const read = spans.map((span) => parseTraceParent(span))
    expect(read).not.toContain(undefined)
    expect(new Set(read.map((span) => span?.spanId)).size).toBe(spans.length)
    const traces = new Set(read.slice(0, graph.asked.length).map((span) => span?.traceId))
    // At most one for each of the three runs that there were.
    expect(traces.size).toBeLessThanOrEqual(3)
    expect(traces).toContain(read.at(-1)?.traceId)
  })

  test('RECEIVERS: no secret and no address of a receiver is in the log', () => {
    expect(product.output()).not.toMatch(/whsec_|hush|\/hook/)
  })

  test('TABLES_ENDPOINT: counts outlive the product, and nobody is told twice', async () => {
    const told = deliveries.length
    const before = await product.json<Summary>('/api/summary?window=1h')
    // The same stretch of time, however long the restart takes.
    const same = `/api/summary?from=${before.window.from}&to=${before.window.to}`
    await product.stop()
    product = await products.start(settings())
    const after = await product.json<Summary>(same)
    expect([after.totals.signIns, after.failures, after.alerts]).toEqual([10, before.failures, before.alerts])
    await product.tick()
    expect((await product.json<Summary>(same)).totals.signIns).toBe(10)
    expect(deliveries).toHaveLength(told)
  })
})

describe('PORT', () => {
  const freePort = (): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo
        server.close(() => resolve(port))
      })
    })

  test('PORT: the product listens there, on this computer alone', async () => {
    const port = await freePort()
    const product = await products.start({ ...settings(), PORT: String(port) })
    expect(product.port).toBe(port)
    expect((await product.get('/admin/host/status')).status).toBe(200)
    expect((await product.get('/api/health', { host: 'monitor.example.com' })).status).toBe(403)
    await product.stop()
  })

  test('PORT: one that is taken is said in a line, and nothing is left running', async () => {
    const { port } = receiver.address() as AddressInfo
    const { code, output } = await runCommand(['start'], { ...settings(), PORT: String(port) })
    expect(code).toBe(2)
    expect(output).toMatch(new RegExp(`^error: Port ${port} is in use.* PORT=\\d+`, 'm'))
    expect(output).not.toMatch(/^ {4}at /m)
  })
})

const good = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

test.each`
  name                   | value                                                                                        | says
  ${'PORT'}              | ${'70000'}                                                                                   | ${'from 0 to 65535'}
  ${'TIMERS'}            | ${'no'}                                                                                      | ${'on or off'}
  ${'TENANT_ID'}         | ${'contoso'}                                                                                 | ${'a GUID'}
  ${'LOOKBACK_HOURS'}    | ${'721'}                                                                                     | ${'from 1 to 720'}
  ${'LOOKBACK_HOUR'}     | ${'24'}                                                                                      | ${'LOOKBACK_HOURS is meant'}
  ${'STREAMS'}           | ${'interactive'}                                                                             | ${'interactiveUser'}
  ${'TENANTS'}           | ${'[{"id":"b7a3d1c4-52e8-4f0b-8a6d-19c4e7f03b21","name":"hush","kind":"friend"}]'}           | ${'kind'}
  ${'SITES'}             | ${'{"192.0.2.0":"hush"}'}                                                                    | ${'192.0.2.0/24'}
  ${'RECEIVERS'}         | ${`[{"id":"ops","kind":"webhook","url":"http://hush.example.com/hush","secret":"${good}"}]`} | ${'url'}
  ${'RECEIVERS'}         | ${'[{"id":"ops","kind":"webhook","url":"https://hush.example.com/","secret":"hush"}]'}       | ${'secret'}
  ${'RECEIVERS'}         | ${'hush'}                                                                                    | ${'JSON array'}
  ${'ALERT_RULES'}       | ${'[{"id":"tenant-restriction-blocked"}]'}                                                   | ${'tenant-restriction-blocks'}
  ${'GRAPH_BASE_URL'}    | ${'http://graph.example.com'}                                                                | ${'https'}
  ${'GRAPH_BASE_URL'}    | ${'http://127.0.0.1:4010/beta'}                                                              | ${'version'}
  ${'TABLES_ENDPOINT'}   | ${'http://127.0.0.1:10002/hush'}                                                             | ${'devstoreaccount1'}
  ${'HTTPS_PROXY'}       | ${'proxy.example.com:3128'}                                                                  | ${'http://'}
  ${'HTTPS_PROXY'}       | ${'socks://user:hush@proxy.example.com'}                                                     | ${'http://'}
  ${'USER_HASH_KEY'}     | ${'hush'}                                                                                    | ${'16 characters'}
  ${'RUN_LEASE_SECONDS'} | ${'1'}                                                                                       | ${'from 2'}
`('start: $name "$value" ends with code 2 and one line that says what would be right', async ({ name, value, says }) => {
  const { code, output } = await runCommand(['start'], { PORT: '0', TIMERS: 'off', GRAPH_BASE_URL: graph.root, [name]: value })
  expect(code).toBe(2)
  expect(output.trimEnd().split('\n')).toHaveLength(1)
  expect(output).toMatch(/^error: /)
  expect(output).toContain(name)
  expect(output).toContain(says)
  expect(output).not.toMatch(/hush|whsec_MfK|^ {4}at /m)
})

test('start: an empty setting is a missing one', async () => {
  const product = await products.start({ GRAPH_BASE_URL: graph.root, LOOKBACK_HOURS: '', STREAMS: '', RECEIVERS: ' ', HTTPS_PROXY: '' })
  expect((await product.get('/api/health')).status).toBe(503)
  await until(5_000, () => (product.output().includes('functions on') ? true : undefined))
  await product.stop()
})
