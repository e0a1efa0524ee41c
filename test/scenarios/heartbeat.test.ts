import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHeartbeat } from '../../shared/notify/heartbeat'
import { GraphReadError, MonitorError } from '../../shared/runtime/errors'
import { type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import { createHeartbeatStore } from '../../shared/tables/heartbeatStore'
import { createTableClients } from '../../shared/tables/tableClients'
import { openVirtualMonitor, type VirtualMonitor } from '../pipelines/virtualMonitor'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const noon = parseInstant('2026-03-10T12:01:00Z') ?? Number.NaN
const path = '/ping/T0P-S3CRET'
let server: Server
let beats: (string | undefined)[]
let status: number

beforeEach(async () => {
  beats = []
  status = 200
  server = createServer((request, response) => {
    beats.push(`${request.method} ${request.url}`)
    response.writeHead(status).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})
afterEach(() => new Promise((closed) => server.close(closed)))

/** A monitor of two streams with a sign-in every minute, which tells the service of the test that it lives. */
function open(): { monitor: VirtualMonitor; heartbeat: NonNullable<VirtualMonitor['ports']['heartbeat']> } {
  const tenantId = freshTenant()
  const { port } = server.address() as AddressInfo
  const sending = { allowPrivateHosts: [], allowLoopbackHttp: true, clock: Date.now, proxied: false }
  const heartbeat = {
    ...createHeartbeat({ url: `http://127.0.0.1:${port}${path}`, ...sending }),
    ...createHeartbeatStore({ clients: createTableClients({ endpoint: endpoint() }), tenantId }),
  }
  const monitor = openVirtualMonitor({ endpoint: endpoint(), tenantId, now: noon, options: { lookbackHours: 1 } })
  for (let at = noon - 60 * minute; at < noon + 3 * 60 * minute; at += minute) monitor.log.add({ at })
  return { monitor, heartbeat }
}

const unreachable = (): never => {
  throw new GraphReadError('Graph answers 503.', { reason: 'serverError', status: 503 })
}

test('scenario: every good run beats once, and none does while Graph cannot be read', async () => {
  const { monitor, heartbeat } = open()
  const tickAt = (at: Instant) => {
    monitor.now = at
    return monitor.tick({ heartbeat })
  }
  expect(await tickAt(noon)).toMatchObject({ result: 'ok' })
  expect(await tickAt(noon + minute)).toMatchObject({ result: 'ok' })
  expect(beats).toEqual([`GET ${path}`, `GET ${path}`])
  expect(await heartbeat.state()).toEqual({ outcome: 'delivered', reason: 'none', since: noon })

  monitor.log.beforeReading = unreachable
  expect(await tickAt(noon + 2 * minute)).toMatchObject({ result: 'failed' })
  expect(await tickAt(noon + 40 * minute)).toMatchObject({ result: 'failed' })
  expect(beats).toHaveLength(2)
  expect(await heartbeat.state()).toEqual({ outcome: 'withheld', reason: 'run-failed', since: noon + 2 * minute })

  monitor.log.beforeReading = () => undefined
  expect(await tickAt(noon + 41 * minute)).toMatchObject({ result: 'ok' })
  expect(beats).toHaveLength(3)
})

test('scenario: no run beats while one of two streams is stalled', async () => {
  const { monitor, heartbeat } = open()
  await monitor.tick({ heartbeat })
  monitor.log.beforeReading = ({ stream }) => {
    if (stream === 'nonInteractiveUser') unreachable()
  }
  monitor.now = noon + minute
  expect(await monitor.tick({ heartbeat })).toMatchObject({ result: 'partial' })
  expect(beats).toHaveLength(2)
  monitor.now = noon + 50 * minute
  expect(await monitor.tick({ heartbeat })).toMatchObject({ result: 'partial' })
  expect((await monitor.health()).streams.map(({ state }) => state)).toContain('stalled')
  expect(beats).toHaveLength(2)
  expect(await heartbeat.state()).toMatchObject({ outcome: 'withheld', reason: 'stream-not-current' })
})

test('scenario: no run beats while alerts cannot be looked at, though it reads', async () => {
  const { monitor, heartbeat } = open()
  const load = () => Promise.reject(new MonitorError('table-unavailable', 'The alerts are not there.'))
  expect(await monitor.tick({ heartbeat, alerts: { ...monitor.ports.alerts, load } })).toMatchObject({ result: 'partial' })
  expect(beats).toEqual([])
  expect(await heartbeat.state()).toMatchObject({ outcome: 'withheld', reason: 'step-failed' })
})

test('scenario: a heartbeat that fails is said and fails no run, and the address is said nowhere', async () => {
  const { monitor, heartbeat } = open()
  status = 500
  expect(await monitor.tick({ heartbeat })).toMatchObject({ result: 'ok', detail: '' })
  expect(await heartbeat.state()).toEqual({ outcome: 'retry', reason: 'serverError', since: noon })
  const record = () => Promise.reject(new MonitorError('table-unavailable', 'The table is not there.'))
  monitor.now = noon + minute
  expect(await monitor.tick({ heartbeat: { ...heartbeat, record } })).toMatchObject({ result: 'ok', detail: '' })
  expect(monitor.lines.filter(([level]) => level === 'warn').map(([, message]) => message)).toEqual([
    'No heartbeat was delivered.',
    'No heartbeat was delivered.',
    expect.stringContaining('was not written'),
  ])
  expect(JSON.stringify([monitor.lines, await monitor.ports.runs.read()])).not.toContain('S3CRET')
})
