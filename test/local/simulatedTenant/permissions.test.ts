import { runGrant } from '../../../local/grant'
import { simulatedIdentity } from '../../../local/simulatedTenant/permissions'
import { startSimulatedTenant } from '../../../local/simulatedTenant/simulatedTenant'
import { graphPermissions } from '../../../shared/pipelines/graphPermissions'
import { checkFacts } from '../../../shared/runtime/checkFacts'
import { readSettings } from '../../../shared/runtime/settings'

const all = graphPermissions.map(({ value }) => value)
const others = (missing: string): string[] => all.filter((value) => value !== missing)

type Tenant = Awaited<ReturnType<typeof startSimulatedTenant>>
const tenants: Tenant[] = []
const tenantWith = async (options: { granted?: readonly string[]; mayGrant?: boolean }): Promise<Tenant> => {
  const tenant = await startSimulatedTenant({ historyHours: 1, rowsPerDay: 100, ...options })
  tenants.push(tenant)
  return tenant
}
afterAll(() => Promise.all(tenants.map((tenant) => tenant.close())))

const grant = async (tenant: Tenant, args: object = {}): Promise<string> => {
  let written = ''
  const write = (text: string): boolean => {
    written += text
    return true
  }
  const { principalId: principal } = simulatedIdentity
  const code = await runGrant(
    { principal, with: [], whatIf: false, request: false, lang: 'en', ...args },
    { stdout: { write }, env: { GRAPH_BASE_URL: tenant.baseUrl } },
  )
  expect(code).toBe(0)
  return written
}
const added = (said: string): string[] => said.split('\n').flatMap((line) => /^\+ (\S+)/.exec(line)?.[1] ?? [])
const signInsOf = (tenant: Tenant) => fetch(`${tenant.baseUrl}/beta/auditLogs/signIns?$top=1`).then(({ status }) => status)

describe('grant: against a tenant that speaks Graph', () => {
  test.each(all)('grant: with --what-if only %s is named where it alone is missing, and nothing changes', async (missing) => {
    const tenant = await tenantWith({ granted: others(missing) })
    for (let times = 0; times < 2; times++) expect(added(await grant(tenant, { with: all, whatIf: true }))).toEqual([missing])
    expect(added(await grant(tenant, { with: all }))).toEqual([missing])
    expect(added(await grant(tenant, { with: all, whatIf: true }))).toEqual([])
  })

  test('grant: sign-ins can be read after it, and no more after what it prints to undo it', async () => {
    const tenant = await tenantWith({ granted: [] })
    expect(await signInsOf(tenant)).toBe(403)
    const said = await grant(tenant)
    expect(await signInsOf(tenant)).toBe(200)
    const [, undo = ''] = /--method DELETE --url (\S+)/.exec(said) ?? []
    expect((await fetch(undo, { method: 'DELETE' })).status).toBe(204)
    expect(await signInsOf(tenant)).toBe(403)
  })

  test('grant: whoever may not grant is pointed to the hand-over, and nothing is granted', async () => {
    const tenant = await tenantWith({ granted: [], mayGrant: false })
    await expect(grant(tenant)).rejects.toMatchObject({ code: 'graph-refused', message: expect.stringContaining('--request') })
    expect(await signInsOf(tenant)).toBe(403)
  })

  test('grant: another principal is not in the tenant', async () => {
    const tenant = await tenantWith({})
    await expect(grant(tenant, { principal: '11111111-2222-3333-4444-555555555555' })).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('checkFacts: the token of a managed identity', () => {
  const kept = { ...process.env }
  afterAll(() => {
    process.env = kept
  })

  test('checkFacts: it is read as it was issued, so a permission granted later is not in it', async () => {
    const [needed = ''] = all
    const tenant = await tenantWith({ granted: others(needed) })
    process.env = { ...kept, IDENTITY_ENDPOINT: `${tenant.baseUrl}/msi/token`, IDENTITY_HEADER: 'secret of the platform' }
    const environment = {
      TENANT_ID: tenant.tenantId,
      TABLES_ENDPOINT: 'https://account.table.core.windows.net',
      USER_HASH_KEY: 'sixteen-letters-x',
      AZURE_CLIENT_ID: simulatedIdentity.clientId,
    }
    const facts = async () => (await checkFacts(readSettings(environment), environment)).token
    const { principalId: principal } = simulatedIdentity
    expect(await facts()).toMatchObject({ kind: 'app', permissions: others(needed), principal, issuedAt: expect.any(Number) })
    await grant(tenant)
    expect(await signInsOf(tenant)).toBe(200)
    expect(await facts()).toMatchObject({ permissions: others(needed) })
  })

  test('checkFacts: an identity that the app does not have gives no token, and that is said', async () => {
    const tenant = await tenantWith({})
    process.env = { ...kept, IDENTITY_ENDPOINT: `${tenant.baseUrl}/msi/token`, IDENTITY_HEADER: 'secret of the platform' }
    const environment = {
      TENANT_ID: tenant.tenantId,
      TABLES_ENDPOINT: 'https://account.table.core.windows.net',
      USER_HASH_KEY: 'sixteen-letters-x',
      AZURE_CLIENT_ID: '11111111-2222-3333-4444-555555555555',
      SECRET_URIS: '{"RECEIVERS":"https://kv-team.vault.azure.net/secrets/abc-receivers"}',
    }
    const app = { WEBSITE_SITE_NAME: 'func-signins', WEBSITE_RESOURCE_GROUP: 'rg-signins' }
    const { token, names, settings, place } = await checkFacts(readSettings(environment), { ...environment, ...app })
    const secrets = settings.flatMap(({ name, secret }) => (secret ? [[name, secret]] : []))
    expect([place, secrets]).toEqual(['azure', [['RECEIVERS', { vault: 'kv-team', name: 'abc-receivers' }]]])
    expect(names).toEqual({ MONITOR_APP_NAME: 'func-signins', MONITOR_RESOURCE_GROUP: 'rg-signins', MONITOR_STORAGE_NAME: 'account' })
    expect(token).toEqual({ kind: 'none', reason: expect.stringContaining('AZURE_CLIENT_ID') })
  })
})
