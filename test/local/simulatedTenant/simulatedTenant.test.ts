import { type SimulatedTenant, type SimulatedTenantOptions, startSimulatedTenant } from '../../../local/simulatedTenant/simulatedTenant'
import { hour, type Instant, minute, second } from '../../../shared/signIns/instant'
import { streamIds } from '../../../shared/signIns/streams'

interface Row {
  readonly id: string
  readonly createdDateTime: string
  readonly signInEventTypes: readonly string[]
  readonly tokenIssuerType?: string
  readonly crossTenantAccessType?: string
  readonly authenticationDetails: readonly unknown[]
  readonly status: { readonly errorCode: number }
  readonly appliedConditionalAccessPolicies: readonly { readonly result: string }[]
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly rows: readonly Row[]
  readonly nextLink: string | undefined
  readonly error: { readonly code: string; readonly message: string; readonly innerError: Record<string, string> }
  readonly text: string
}

const start = Date.parse('2026-11-18T03:00:00Z')
const iso = (at: Instant): string => new Date(at).toISOString()
const open: SimulatedTenant[] = []
let now = start

afterEach(async () => {
  await Promise.all(open.splice(0).map((tenant) => tenant.close()))
})

async function tenantOf(options: SimulatedTenantOptions = {}): Promise<SimulatedTenant> {
  now = start
  const tenant = await startSimulatedTenant({ clock: () => now, historyHours: 3, requestsPerTenSeconds: 1_000, ...options })
  open.push(tenant)
  return tenant
}

async function get(url: string, headers: Record<string, string> = { Prefer: 'include-unknown-enum-members' }): Promise<Answer> {
  const response = await fetch(url, { headers })
  const text = await response.text()
  const body = text.startsWith('{') ? JSON.parse(text) : {}
  return {
    status: response.status,
    headers: response.headers,
    rows: body.value,
    nextLink: body['@odata.nextLink'],
    error: body.error,
    text,
  }
}

const query = (options: Record<string, string | number>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')

const address = (tenant: SimulatedTenant, options: Record<string, string | number>, version = 'beta'): string =>
  `${tenant.baseUrl}/${version}/auditLogs/signIns?${query(options)}`

const filterOf = (from: Instant, to: Instant, stream = 'nonInteractiveUser'): string =>
  `createdDateTime ge ${iso(from)} and createdDateTime le ${iso(to)} and signInEventTypes/any(t: t eq '${stream}')`

async function readAll(tenant: SimulatedTenant, options: Record<string, string | number>): Promise<Row[]> {
  const rows: Row[] = []
  for (let url: string | undefined = address(tenant, options); url !== undefined; ) {
    const page: Answer = await get(url)
    rows.push(...page.rows)
    url = page.nextLink
  }
  return rows
}

test('startSimulatedTenant: pages in ascending order hold every row once', async () => {
  const tenant = await tenantOf()
  const options = { $filter: filterOf(start - 2 * hour, start), $orderby: 'createdDateTime' }
  const whole = await readAll(tenant, options)
  const paged = await readAll(tenant, { ...options, $top: 97 })
  expect(paged.length).toBeGreaterThan(300)
  expect(paged).toEqual(whole)
  expect(new Set(paged.map((row) => row.id)).size).toBe(paged.length)
  expect(paged.map((row) => row.createdDateTime)).toEqual(paged.map((row) => row.createdDateTime).sort())
})

test('startSimulatedTenant: without an order the newest row comes first, and pages hold the same rows', async () => {
  const tenant = await tenantOf()
  const $filter = filterOf(start - hour, start)
  const ascending = await readAll(tenant, { $filter, $orderby: 'createdDateTime' })
  expect(await readAll(tenant, { $filter, $top: 50 })).toEqual(ascending.toReversed())
})

test('startSimulatedTenant: a page looks no further than a day, so a rare stream has short pages with a next link', async () => {
  const tenant = await tenantOf({ historyHours: 72, rowsPerDay: 2_000 })
  const $filter = filterOf(start - 71 * hour, start, 'managedIdentity')
  const first = await get(address(tenant, { $filter, $orderby: 'createdDateTime' }))
  expect(first.nextLink).toBeDefined()
  const rows = await readAll(tenant, { $filter, $orderby: 'createdDateTime' })
  expect(rows.length).toBeGreaterThan(first.rows.length)
  expect(await readAll(tenant, { $filter })).toEqual(rows.toReversed())
})

test('startSimulatedTenant: both bounds are inclusive', async () => {
  const tenant = await tenantOf()
  const rows = await readAll(tenant, { $filter: filterOf(start - hour, start - 30 * minute), $orderby: 'createdDateTime' })
  // A row whose fraction of a second is hidden is beyond the second that it shows.
  const exact: number[] = []
  for (const row of rows.slice(0, 20)) {
    const at = Date.parse(row.createdDateTime)
    const same = await readAll(tenant, { $filter: filterOf(at, at) })
    if (same.some((other) => other.id === row.id)) exact.push(at)
    const second = await readAll(tenant, { $filter: filterOf(at, at + 999) })
    expect(second.map((other) => other.id)).toContain(row.id)
  }
  expect(exact.length).toBeGreaterThan(10)
})

test('startSimulatedTenant: without event types only interactive sign-ins come', async () => {
  const tenant = await tenantOf()
  const rows = await readAll(tenant, {})
  expect(rows.length).toBeGreaterThan(10)
  expect(rows.every((row) => row.signInEventTypes.includes('interactiveUser'))).toBe(true)
})

test('startSimulatedTenant: a row of several event types is in both streams', async () => {
  const tenant = await tenantOf({ rowsPerDay: 40_000 })
  const interactive = await readAll(tenant, { $filter: filterOf(start - 3 * hour, start, 'interactiveUser') })
  const nonInteractive = new Set((await readAll(tenant, { $filter: filterOf(start - 3 * hour, start) })).map((row) => row.id))
  const several = interactive.filter((row) => row.signInEventTypes.length > 1)
  expect(several.length).toBeGreaterThan(0)
  expect(several.every((row) => nonInteractive.has(row.id))).toBe(true)
  expect(interactive.filter((row) => nonInteractive.has(row.id))).toEqual(several)
})

test('startSimulatedTenant: v1.0 has interactive sign-ins and none of the fields of beta', async () => {
  const tenant = await tenantOf()
  const { rows, text } = await get(address(tenant, { $top: 20 }, 'v1.0'))
  expect(rows.length).toBe(20)
  expect(rows[0]).toHaveProperty('resourceTenantId')
  expect(text).not.toMatch(/signInEventTypes|isTenantRestricted|tokenIssuerType|authenticationProcessingDetails|browserId/)
})

test('startSimulatedTenant: enumeration members beyond the sentinel come only when they are asked for', async () => {
  const tenant = await tenantOf()
  const outage = address(tenant, { $filter: filterOf(start - 50 * minute, start - 30 * minute) })
  const asked = await get(outage, { Prefer: 'odata.maxpagesize=1000, include-unknown-enum-members' })
  const plain = await get(outage, {})
  const issuers = (rows: readonly Row[]) => new Set(rows.map((row) => row.tokenIssuerType))
  expect(issuers(asked.rows)).toEqual(new Set(['AzureAD', 'AzureADBackupAuth']))
  expect(issuers(plain.rows)).toEqual(new Set(['AzureAD', 'UnknownFutureValue']))
  expect(asked.text).toMatch(/"passthrough"/)
  expect(asked.text).toMatch(/"reportOnlySuccess"/)
  expect(plain.text).not.toMatch(/passthrough|reportOnly|"refreshToken"(?!])/)
  expect(plain.text).toMatch(/"crossTenantAccessType":"unknownFutureValue"/)
})

test('startSimulatedTenant: a row shows late, and its details later still, but its outcome stays', async () => {
  const tenant = await tenantOf({ rowsPerDay: 40_000 })
  const options = { $filter: filterOf(start - 20 * minute, start), $orderby: 'createdDateTime' }
  const early = await readAll(tenant, options)
  now += 6 * hour
  const late = new Map((await readAll(tenant, options)).map((row) => [row.id, row]))
  expect(late.size).toBeGreaterThan(early.length * 1.05)
  expect(early.every((row) => late.has(row.id))).toBe(true)
  const changed = early.filter((row) => JSON.stringify(row) !== JSON.stringify(late.get(row.id)))
  expect(changed.length).toBeGreaterThan(0)
  for (const row of changed) {
    expect(row.authenticationDetails).toEqual([])
    expect(late.get(row.id)?.status).toEqual(row.status)
  }
  // Nobody sees what happened less than half a minute ago.
  expect(early.every((row) => Date.parse(row.createdDateTime) <= start - 29 * second)).toBe(true)
})

test('startSimulatedTenant: without lateness everything shows at once', async () => {
  const tenant = await tenantOf({ lateness: false })
  const options = { $filter: filterOf(start - 20 * minute, start) }
  const rows = await readAll(tenant, options)
  now += 6 * hour
  expect(await readAll(tenant, options)).toEqual(rows)
})

test('startSimulatedTenant: the same seed has the same rows, whenever it was started, and another seed has others', async () => {
  const options = { $filter: filterOf(start - hour, start - 50 * minute, 'servicePrincipal') }
  const one = await readAll(await tenantOf(), options)
  const same = await readAll(await tenantOf({ historyHours: 30 }), options)
  const other = await readAll(await tenantOf({ seed: 2 }), options)
  expect(one.length).toBeGreaterThan(10)
  expect(same).toEqual(one)
  expect(other.map((row) => row.id)).not.toEqual(one.map((row) => row.id))
})

test('startSimulatedTenant: nothing happened before its history', async () => {
  const tenant = await tenantOf({ historyHours: 1, lateness: false })
  const rows = await readAll(tenant, { $filter: filterOf(start - 3 * hour, start), $orderby: 'createdDateTime' })
  expect(rows[0]?.createdDateTime.slice(0, 15)).toBe('2026-11-18T02:0')
})

test.each`
  options                                                           | status | message
  ${{ $select: 'id' }}                                              | ${400} | ${/'Select' is not allowed/}
  ${{ $filter: "createdDateTime ge '2026-11-18T00:00:00Z'" }}       | ${400} | ${/Invalid filter clause/}
  ${{ $filter: 'createdDateTime ge 2026-10-01T00:00:00Z' }}         | ${400} | ${/Minimum allowed time/}
  ${{ $skiptoken: 'bWFkZS11cC1hbmQtbG9uZy1lbm91Z2gtdG8tYmUtb25l' }} | ${400} | ${/Invalid Skip Token/}
  ${{ $skiptoken: '' }}                                             | ${400} | ${/Invalid Skip Token/}
`('startSimulatedTenant: $options is answered with an error of Graph', async ({ options, status, message }) => {
  const tenant = await tenantOf()
  const answer = await get(address(tenant, options), { 'client-request-id': 'mine' })
  expect(answer.status).toBe(status)
  expect(answer.error.message).toMatch(message)
  expect(answer.error.code).toBe('BadRequest')
  expect(answer.error.innerError).toMatchObject({ 'client-request-id': 'mine', date: '2026-11-18T03:00:00' })
  expect(answer.error.innerError['request-id']).toBe(answer.headers.get('request-id'))
})

test('startSimulatedTenant: a skip token goes with its query and no other', async () => {
  const tenant = await tenantOf()
  const { nextLink } = await get(address(tenant, { $top: 5 }))
  const link = new URL(nextLink ?? '')
  expect((await get(link.href)).status).toBe(200)
  link.searchParams.set('$top', '6')
  expect((await get(link.href)).error.message).toMatch(/Invalid Skip Token/)
})

test.each`
  path                                                                         | method    | status
  ${'/'}                                                                       | ${'GET'}  | ${200}
  ${'/beta/users'}                                                             | ${'GET'}  | ${404}
  ${'/beta/auditLogs/signIns'}                                                 | ${'POST'} | ${405}
  ${'/truth'}                                                                  | ${'GET'}  | ${400}
  ${'/truth?from=2026-11-18T01:00:00Z&to=2026-11-18T00:00:00Z'}                | ${'GET'}  | ${400}
  ${'/truth?from=2026-11-18T00:00:00Z&to=2026-11-18T01:00:00Z&visibleAt=soon'} | ${'GET'}  | ${400}
`('startSimulatedTenant: $method $path is $status', async ({ path, method, status }) => {
  const tenant = await tenantOf()
  expect((await fetch(tenant.baseUrl + path, { method })).status).toBe(status)
})

test('startSimulatedTenant: the sixth request in 10 seconds is refused, mostly with the time to come back', async () => {
  const tenant = await tenantOf({ requestsPerTenSeconds: 5 })
  const url = address(tenant, { $top: 1 })
  const statuses: number[] = []
  const retryAfter: (string | null)[] = []
  for (let request = 0; request < 8; request++) {
    const answer = await get(url)
    statuses.push(answer.status)
    if (answer.status === 429) retryAfter.push(answer.headers.get('Retry-After'))
    now += 500
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
  expect(retryAfter).toEqual(['8', '8', null])
  expect((await get(`${tenant.baseUrl}/`)).status).toBe(200)
  now += 8 * second
  expect((await get(url)).status).toBe(200)
  expect(tenant.requests.map((request) => request.status)).toEqual([...statuses, 200])
})

test('startSimulatedTenant: the time of an answer is the time of its clock', async () => {
  const tenant = await tenantOf()
  expect((await get(address(tenant, { $top: 1 }))).headers.get('Date')).toBe('Wed, 18 Nov 2026 03:00:00 GMT')
})

test('startSimulatedTenant: a row has 3 to 5.5 KB and all streams together about as many rows as asked for', async () => {
  const tenant = await tenantOf({ historyHours: 24, lateness: false })
  const counts: Record<string, number> = {}
  for (const stream of streamIds) {
    const url = address(tenant, { $filter: filterOf(start - 2 * hour, start, stream) })
    const { rows, text } = await get(url)
    counts[stream] = rows.length
    expect(text.length / rows.length).toBeGreaterThan(stream.endsWith('User') ? 3_500 : 2_500)
    expect(Math.max(...rows.map((row) => JSON.stringify(row).length))).toBeLessThan(5_500)
  }
  const day = await get(`${tenant.baseUrl}/truth?from=${iso(start - 24 * hour)}&to=${iso(start)}`)
  const total = JSON.parse(day.text).signIns
  expect(total).toBeGreaterThan(10_500)
  expect(total).toBeLessThan(13_500)
  expect(counts['nonInteractiveUser']).toBeGreaterThan(counts['servicePrincipal'] ?? 0)
  expect(counts['servicePrincipal']).toBeGreaterThan(counts['interactiveUser'] ?? 0)
  expect(counts['interactiveUser']).toBeGreaterThan(counts['managedIdentity'] ?? 0)
})
