import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runCheck } from '../../local/check'
import { runGrant } from '../../local/grant'
import { simulatedIdentity } from '../../local/simulatedTenant/permissions'
import { type SimulatedTenant, startSimulatedTenant } from '../../local/simulatedTenant/simulatedTenant'
import type { Check, CheckItem } from '../../shared/pipelines/check'
import { graphPermissions } from '../../shared/pipelines/graphPermissions'
import { principalWith } from '../http/clientPrincipal'
import { type CompiledApp, compileApp, HostProcess } from '../local/host/hostProcess'
import { buildPackageInCopy } from '../support/builtPackage'
import { createCertificateAuthority } from '../support/certificates'
import { schemaErrors } from '../support/schemas'
import { type SecureTables, startSecureTables } from '../support/secureTables'
import { startTlsFront, type TlsFront } from '../support/tlsFront'

// The deployed package in an empty folder, as it runs in Azure: a managed identity signs in to Graph and to the tables,
// both over https, and no key is anywhere.

const operatorKey = 'the-key-of-the-operator'
const all = graphPermissions.map(({ value }) => value)
const folders: string[] = []
const hosts: HostProcess[] = []
const tenants: SimulatedTenant[] = []
const fronts: TlsFront[] = []
const authority = createCertificateAuthority()
let compiled: CompiledApp
let deployed = ''
let authorityFile = ''
let tables: SecureTables

const folder = (name: string): string => {
  const made = mkdtempSync(path.join(tmpdir(), `${name}-`))
  folders.push(made)
  return made
}

beforeAll(async () => {
  const copy = buildPackageInCopy()
  folders.push(copy)
  deployed = folder('deployed')
  cpSync(path.join(copy, 'dist/package'), deployed, { recursive: true })
  compiled = compileApp()
  const certificates = folder('certificates')
  authorityFile = path.join(certificates, 'authority.pem')
  writeFileSync(authorityFile, authority.certificate)
  tables = await startSecureTables(certificates, authority.issue('localhost'))
}, 120_000)

afterAll(async () => {
  for (const host of hosts) await host.end()
  for (const front of fronts) await front.close()
  for (const tenant of tenants) await tenant.close()
  await tables.stop()
  compiled.remove()
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

const tenantWith = async (granted: readonly string[]): Promise<{ tenant: SimulatedTenant; graph: string }> => {
  const tenant = await startSimulatedTenant({
    historyHours: 2,
    rowsPerDay: 500,
    requestsPerTenSeconds: 100,
    tenantId: randomUUID(),
    granted,
  })
  const front = await startTlsFront(tenant.baseUrl, authority.issue('localhost'))
  tenants.push(tenant)
  fronts.push(front)
  return { tenant, graph: front.url }
}

/** Starts the package in a new process, whose identity has no token yet. */
const start = async ({ tenant, graph }: Awaited<ReturnType<typeof tenantWith>>, settings: Record<string, string> = {}) => {
  const host = new HostProcess(compiled, { NODE_EXTRA_CA_CERTS: authorityFile })
  hosts.push(host)
  const env = {
    MONITOR_MODE: 'azure',
    TENANT_ID: tenant.tenantId,
    TABLES_ENDPOINT: tables.endpoint,
    GRAPH_BASE_URL: graph,
    GRAPH_REQUESTS_MAX: '5',
    LOOKBACK_HOURS: '1',
    STREAMS: 'interactiveUser',
    AZURE_CLIENT_ID: simulatedIdentity.clientId,
    IDENTITY_ENDPOINT: `${tenant.baseUrl}/msi/token`,
    IDENTITY_HEADER: 'the secret of the platform',
    USER_HASH_KEY: 'a key that is long enough',
    OPERATOR_KEY: operatorKey,
    SECRET_URIS: '{"HEARTBEAT_URL":"","RECEIVERS":"https://kv-team.vault.azure.net/secrets/abc-receivers"}',
    WEBSITE_SITE_NAME: 'func-signins',
    WEBSITE_RESOURCE_GROUP: 'rg-signins',
    ...settings,
  }
  return host.start({ root: deployed, port: 0, timers: false, env })
}

const get = (host: HostProcess, address: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
    request({ host: '127.0.0.1', port: host.port, path: address, headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }))
    })
      .on('error', reject)
      .end()
  })

/** What `npm run check` says, as JSON; with a root of Graph it asks there what was granted. */
const check = async (
  host: HostProcess,
  graph?: string,
): Promise<Check & { code: number; text: string; of(name: string): CheckItem | undefined }> => {
  let written = ''
  const write = (text: string): boolean => {
    written += text
    return true
  }
  const env = { OPERATOR_KEY: operatorKey, ...(graph === undefined ? {} : { GRAPH_BASE_URL: graph }) }
  const args = { url: `http://127.0.0.1:${host.port}`, json: true, askGraph: graph !== undefined }
  const code = await runCheck(args, { stdout: { write }, env }, fetch)
  const body = JSON.parse(written) as Check
  return { ...body, code, text: written, of: (name) => body.items.find((item) => item.name === name) }
}

test('production: a permission is missed, granted, still missing in the kept token, and works with the next one', async () => {
  const without = await tenantWith([])
  const first = await start(without)
  await first.run('monitorSignIns')
  expect((await get(first, '/api/health')).body).toMatchObject({ status: 'failing' })
  const grantIt = `npm run grant -- --principal ${simulatedIdentity.principalId}`
  const before = await check(first)
  expect(before.code).toBe(1)
  expect(before.of('AuditLog.Read.All')).toMatchObject({ state: 'missing', mend: grantIt, detail: expect.stringContaining('issued at') })
  expect(before.of('interactiveUser')).toMatchObject({ state: 'missing', mend: grantIt })
  expect(before.of('RECEIVERS')?.mend).toBe(
    'az keyvault secret set --vault-name kv-team --name abc-receivers --file receivers.json && az functionapp restart --name func-signins --resource-group rg-signins',
  )
  expect(schemaErrors('check', JSON.parse(before.text))).toEqual([])

  const { principalId: principal } = simulatedIdentity
  const io = { stdout: { write: () => true }, env: { GRAPH_BASE_URL: without.tenant.baseUrl } }
  await runGrant({ principal, with: [], whatIf: false, request: false, lang: 'en' }, io)
  await first.run('monitorSignIns')
  expect((await check(first)).of('AuditLog.Read.All')).toMatchObject({ state: 'missing', detail: expect.stringMatching(/about a day/) })
  const { detail, mend } = (await check(first, without.tenant.baseUrl)).of('AuditLog.Read.All') ?? {}
  expect([detail, mend]).toEqual([expect.stringMatching(/^It is granted, but the kept token of /), null])
  await first.end()

  const second = await start(without)
  await second.run('monitorSignIns')
  expect(await check(second)).toMatchObject({ code: 0, status: 'ok' })
  const summary = (await get(second, '/api/summary?window=1h')).body as { totals: { signIns: number } }
  expect(summary.totals.signIns).toBeGreaterThan(0)
  const said = [...first.logs, ...second.logs].map(({ message }) => message).join('\n')
  expect(said).not.toMatch(/eyJ|the-key-of|secret of the platform|key that is long/)
}, 120_000)

test.each(all)('production: %s alone is missing, and the check says so with the command that grants it', async (missing) => {
  const host = await start(await tenantWith(all.filter((value) => value !== missing)))
  const { items } = await check(host)
  const permissions = items.filter(({ area }) => area === 'permission')
  expect(permissions.map(({ name }) => name)).toEqual(all)
  const [found, ...others] = permissions.filter(({ state }) => state !== 'ok')
  expect(others).toEqual([])
  expect(found).toMatchObject({
    name: missing,
    mend: expect.stringContaining(`npm run grant -- --principal ${simulatedIdentity.principalId}`),
  })
  await host.end()
})

test("production: under another tenant's id nothing is read or counted, and the check says whose identity it is", async () => {
  const real = await tenantWith(all)
  const TENANT_ID = randomUUID()
  const host = await start(real, { TENANT_ID })
  await host.run('monitorSignIns')
  expect((await get(host, '/api/health')).body).toMatchObject({ status: 'starting', lastRun: { result: 'failed' } })
  const summary = (await get(host, '/api/summary?window=1h')).body as { totals: { signIns: number } }
  expect(summary.totals.signIns).toBe(0)
  const found = await check(host)
  expect(found.of('TENANT_ID')).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining(`tenant ${real.tenant.tenantId}, so nothing is read for ${TENANT_ID}`),
    mend: `az functionapp config appsettings set --name func-signins --resource-group rg-signins --settings TENANT_ID=${real.tenant.tenantId}`,
  })
  expect(found.of('interactiveUser')?.detail).toContain('another tenant than TENANT_ID')
  await host.end()
}, 120_000)

test('production: a client principal opens nothing while EASY_AUTH is off, and its role decides while it is on', async () => {
  const tenant = await tenantWith(all)
  const forged = { 'x-ms-client-principal': principalWith(['operator']) }
  const off = await start(tenant, { OPERATOR_KEY: '' })
  expect(await get(off, '/api/check', forged)).toMatchObject({ status: 403, body: { code: 'operator-not-set-up' } })
  expect(await get(off, '/api/summary', forged)).toMatchObject({ status: 200 })
  expect(off.logs.filter(({ message }) => message.includes('EASY_AUTH is off'))).toHaveLength(2)
  await off.end()

  const on = await start(tenant, { OPERATOR_KEY: '', EASY_AUTH: 'on' })
  const asReader = { 'x-ms-client-principal': principalWith(['reader']) }
  expect(await get(on, '/api/summary')).toMatchObject({ status: 401, body: { code: 'principal-missing' } })
  expect(await get(on, '/api/summary', asReader)).toMatchObject({ status: 200 })
  expect(await get(on, '/api/check', asReader)).toMatchObject({ status: 403, body: { code: 'role-missing' } })
  expect(await get(on, '/api/check', { 'x-ms-client-principal': '{}' })).toMatchObject({ body: { code: 'principal-unreadable' } })
  expect(await get(on, '/api/check', forged)).toMatchObject({ status: 200 })
  expect((await get(on, '/api/health')).body['code']).toBeUndefined()
  await on.end()
})

test.each(['USER_HASH_KEY', 'RECEIVERS', 'OPERATOR_KEY', 'HEARTBEAT_URL'])(
  'production: %s that the vault did not give is named by every answer',
  async (name) => {
    const host = await start(await tenantWith(all), { [name]: '@Microsoft.KeyVault(SecretUri=https://vault.vault.azure.net/secrets/hush)' })
    const { status, body } = await get(host, '/api/health')
    expect([status, body['code'], body['detail']]).toEqual([
      500,
      'setting-invalid',
      expect.stringContaining(`${name} is a Key Vault reference`),
    ])
    expect(JSON.stringify(body)).not.toContain('hush')
    await expect(host.run('monitorSignIns')).rejects.toThrow(name)
    await host.end()
  },
)
