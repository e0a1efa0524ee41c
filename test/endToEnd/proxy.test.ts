import { createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Webhook } from 'standardwebhooks'
import { type StorageEmulator, startStorageEmulator } from '../../local/storageEmulator'
import type { Summary } from '../../shared/aggregates/summary'
import type { Check } from '../../shared/pipelines/check'
import { minute } from '../../shared/signIns/instant'
import { type InspectingProxy, type SeenRequest, startInspectingProxy } from '../support/inspectingProxy'
import { until, useProducts } from '../support/product'
import { type ScriptedGraph, startScriptedGraph } from '../support/scriptedGraph'

const products = useProducts()
const graphHost = 'graph.microsoft.com'
const tablesHost = 'account.table.core.windows.net'
const hookHost = 'hooks.example.test'
const pingHost = 'ping.example.test'
const target = 'b7a3d1c4-52e8-4f0b-8a6d-19c4e7f03b21'
const secret = `whsec_${randomBytes(24).toString('base64')}`
const identityHeader = randomBytes(16).toString('hex')
const now = Date.now()

let graph: ScriptedGraph
let emulator: StorageEmulator
let proxy: InspectingProxy
let others: Server
let othersRoot: string
let folder: string
const identityAsks: { readonly resource: string; readonly header: string }[] = []

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'inspecting-proxy-'))
  // The endpoint that App Service gives tokens at, and the receiver behind the proxy.
  others = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/hook' || url.pathname === '/ping') return void response.writeHead(204).end()
    const resource = url.searchParams.get('resource') ?? ''
    identityAsks.push({ resource, header: String(request.headers['x-identity-header']) })
    const expires = String(Math.floor(Date.now() / 1000) + 86_400)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ access_token: `token for ${resource}`, expires_on: expires, resource, token_type: 'Bearer', client_id: target }),
    )
  })
  await new Promise<void>((resolve) => others.listen(0, '127.0.0.1', resolve))
  othersRoot = `http://127.0.0.1:${(others.address() as AddressInfo).port}`
  const signIns = Array.from({ length: 6 }, () => ({
    stream: 'interactiveUser' as const,
    at: now - 12 * minute,
    errorCode: 500021,
    resourceTenantId: target,
  }))
  ;[graph, emulator] = await Promise.all([startScriptedGraph(() => signIns), startStorageEmulator()])
  proxy = await startInspectingProxy({
    [graphHost]: ({ path: asked }) => ({ url: graph.root + asked }),
    [hookHost]: () => ({ url: `${othersRoot}/hook` }),
    [pingHost]: () => ({ url: `${othersRoot}/ping` }),
    [tablesHost]: (seen) => toEmulator(seen, emulator.tablesEndpoint),
  })
  writeFileSync(path.join(folder, 'authority.pem'), proxy.authority.certificate)
}, 60_000)

afterAll(async () => {
  await proxy?.close()
  await graph?.close()
  others?.close()
  await emulator?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const emulatorKey = Buffer.from('Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==', 'base64')

/** The emulator takes no tokens over http: the request is signed anew, as its published key allows. */
function toEmulator(seen: SeenRequest, endpoint: string) {
  const root = new URL(endpoint)
  const [pathname = '', query = ''] = seen.path.split('?')
  const date = new Date().toUTCString()
  const component = new URLSearchParams(query).get('comp')
  const resource = `/devstoreaccount1${root.pathname}${pathname}${component ? `?comp=${component}` : ''}`
  const signature = createHmac('sha256', emulatorKey).update(`${date}\n${resource}`).digest('base64')
  return {
    url: `${endpoint}${seen.path}`,
    headers: { 'x-ms-date': date, authorization: `SharedKeyLite devstoreaccount1:${signature}` },
    body: seen.body.replaceAll(`https://${tablesHost}/`, `${endpoint}/`),
  }
}

const behindProxy = (): Record<string, string> => ({
  HTTPS_PROXY: proxy.url,
  HTTP_PROXY: proxy.url,
  NODE_EXTRA_CA_CERTS: path.join(folder, 'authority.pem'),
  GRAPH_BASE_URL: `https://${graphHost}`,
  TABLES_ENDPOINT: `https://${tablesHost}`,
  MONITOR_CREDENTIAL: 'managedIdentity',
  IDENTITY_ENDPOINT: `${othersRoot}/msi/token`,
  IDENTITY_HEADER: identityHeader,
  STREAMS: 'interactiveUser',
  LOOKBACK_HOURS: '1',
  TENANTS: JSON.stringify([{ id: target, name: 'Fabrikam', kind: 'partner', blocked: 'fault' }]),
  RECEIVERS: JSON.stringify([{ id: 'ops', kind: 'webhook', url: `https://${hookHost}/hook`, secret }]),
  HEARTBEAT_URL: `https://${pingHost}/ping/hush`,
})

const seenAt = (host: string): readonly SeenRequest[] => proxy.seen.filter((request) => request.host === host)

test('proxy: Graph, tables, webhooks and the heartbeat go through a proxy that inspects TLS, tokens included, and the answer is whole', async () => {
  const product = await products.start(behindProxy())
  await product.tick()
  // The history is read after the alerts were judged, so what is in it is told by the next run.
  if (seenAt(hookHost).length === 0) await product.tick()
  const summary = await product.json<Summary>('/api/summary?window=1h')
  expect(summary.totals).toMatchObject({ signIns: 6, failure: 6 })
  expect(new Set(proxy.connects)).toEqual(new Set([graphHost, tablesHost, hookHost, pingHost]))

  expect(seenAt(graphHost).map(({ headers }) => headers.authorization)).toEqual(
    seenAt(graphHost).map(() => 'Bearer token for https://graph.microsoft.com'),
  )
  expect(seenAt(graphHost).length).toBe(graph.asked.length)
  expect(seenAt(tablesHost).length).toBeGreaterThan(3)
  expect(seenAt(tablesHost).filter(({ headers }) => headers.authorization !== 'Bearer token for https://storage.azure.com')).toEqual([])
  const [delivery] = seenAt(hookHost)
  const headers = Object.fromEntries(Object.entries(delivery?.headers ?? {}).map(([name, value]) => [name, String(value)]))
  expect(new Webhook(secret).verify(delivery?.body ?? '', headers)).toMatchObject({ type: 'alert.firing' })

  expect(seenAt(pingHost).map(({ path: asked, body }) => [asked, body])).toContainEqual(['/ping/hush', ''])
  const { items } = await product.json<Check>('/api/check')
  expect(items.filter(({ area }) => area === 'heartbeat')).toMatchObject([
    { state: 'ok', detail: expect.stringContaining('delivered since') },
  ])
  expect(JSON.stringify(items)).not.toContain('hush')

  // What only this computer can reach is asked for directly, though NO_PROXY does not say so.
  expect(identityAsks.map(({ header }) => header)).toEqual(identityAsks.map(() => identityHeader))
  expect(new Set(identityAsks.map(({ resource }) => resource))).toEqual(
    new Set(['https://graph.microsoft.com', 'https://storage.azure.com']),
  )
  expect(product.output()).not.toMatch(new RegExp(`token for|${identityHeader}|whsec_|hush`))
  await product.stop()
})

test('proxy: the simulated way, http on loopback, works behind it as well', async () => {
  const before = proxy.connects.length
  const product = await products.start({
    ...behindProxy(),
    GRAPH_BASE_URL: graph.root,
    TABLES_ENDPOINT: emulator.tablesEndpoint,
    TENANT_ID: '0f0e0d0c-0b0a-4908-8706-050403020100',
    RECEIVERS: JSON.stringify([{ id: 'ops', kind: 'webhook', url: `${othersRoot}/hook`, secret }]),
    HEARTBEAT_URL: `${othersRoot}/ping`,
  })
  await product.tick()
  expect((await product.json<Summary>('/api/summary?window=1h')).totals.signIns).toBe(6)
  expect(proxy.connects.slice(before)).toEqual([])
  await product.stop()
})

test('proxy: NO_PROXY is honoured', async () => {
  const before = proxy.connects.length
  // Nobody has this name (RFC 6761), so a direct call ends at once.
  const product = await products.start({
    ...behindProxy(),
    GRAPH_BASE_URL: 'https://graph.invalid',
    NO_PROXY: 'other.example.com,graph.invalid',
    TABLES_ENDPOINT: emulator.tablesEndpoint,
    TENANT_ID: '1f0e0d0c-0b0a-4908-8706-050403020100',
  })
  await product.send('POST', '/admin/functions/monitorSignIns', { 'content-type': 'application/json' }, '{"input": ""}')
  await until(20_000, () => (/A request to Graph is repeated.*(ENOTFOUND|EAI_AGAIN)/.test(product.output()) ? true : undefined))
  expect(proxy.connects.slice(before)).toEqual([])
  await product.stop()
})

test('proxy: without its authority the failure says what to set', async () => {
  const { NODE_EXTRA_CA_CERTS: _, ...withoutAuthority } = behindProxy()
  const product = await products.start({
    ...withoutAuthority,
    TABLES_ENDPOINT: emulator.tablesEndpoint,
    TENANT_ID: '2f0e0d0c-0b0a-4908-8706-050403020100',
  })
  const before = seenAt(graphHost).length
  await product.tick()
  const health = await product.json<{ streams: { stream: string; detail: string | null }[]; lastRun: { detail: string } }>(
    '/api/health',
    503,
  )
  expect(health.streams[0]?.detail).toContain('NODE_EXTRA_CA_CERTS')
  expect(proxy.connects).toContain(graphHost)
  expect(seenAt(graphHost)).toHaveLength(before)
  await product.stop()
})

test('proxy: without its authority the tables cannot be reached, and that is said as well', async () => {
  const { NODE_EXTRA_CA_CERTS: _, ...withoutAuthority } = behindProxy()
  const product = await products.start(withoutAuthority)
  const problem = await product.json<{ code: string; detail: string }>('/api/health', 503)
  expect(problem).toMatchObject({ code: 'storage-unavailable', detail: expect.stringContaining('NODE_EXTRA_CA_CERTS') })
  expect(problem.detail).toContain(tablesHost)
  await product.stop()
})
