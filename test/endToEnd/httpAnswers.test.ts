import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { SeriesRow } from '../../shared/aggregates/series'
import type { Summary } from '../../shared/aggregates/summary'
import type { Check } from '../../shared/pipelines/check'
import { bucketStart } from '../../shared/signIns/buckets'
import { formatInstant, hour, minute } from '../../shared/signIns/instant'
import { type Answer, type Product, useProducts } from '../support/product'
import { schemaErrors } from '../support/schemas'
import { type ScriptedGraph, type ScriptedSignIn, startScriptedGraph } from '../support/scriptedGraph'

const products = useProducts()
const partner = 'b7a3d1c4-52e8-4f0b-8a6d-19c4e7f03b21'
const end = bucketStart(Date.now(), '5m') - 10 * minute
const happened = end - 17 * minute
const times = (count: number, signIn: Omit<ScriptedSignIn, 'at'>): ScriptedSignIn[] =>
  Array.from({ length: count }, () => ({ at: happened, ...signIn }))

const signIns: readonly ScriptedSignIn[] = [
  ...times(9, { stream: 'interactiveUser', errorCode: 0 }),
  ...times(3, { stream: 'interactiveUser', errorCode: 500021, resourceTenantId: partner }),
  ...times(2, { stream: 'interactiveUser', errorCode: 50074 }),
  ...times(1, { stream: 'nonInteractiveUser', errorCode: 1002016 }),
  ...times(4, { stream: 'servicePrincipal', errorCode: 7000222 }),
]
/** Half an hour around the sign-ins, read completely. */
const read = `from=${formatInstant(end - 30 * minute)}&to=${formatInstant(end)}`

let graph: ScriptedGraph
let product: Product
let before: Answer
let after: Answer

beforeAll(async () => {
  graph = await startScriptedGraph(() => signIns)
  product = await products.start({
    GRAPH_BASE_URL: graph.root,
    LOOKBACK_HOURS: '2',
    TENANTS: JSON.stringify([{ id: partner, name: 'Fabrikam', kind: 'partner', blocked: 'fault' }]),
    CORS_ORIGINS: 'https://dashboards.example.com',
  })
  before = await product.get('/api/health')
  await product.tick()
  after = await product.get('/api/health')
}, 120_000)

afterAll(async () => {
  await product?.stop()
  await graph?.close()
})

const summaryOf = (query: string): Promise<Summary> => product.json<Summary>(`/api/summary?${query}`)
const seriesOf = (query: string): Promise<SeriesRow[]> => product.json<SeriesRow[]>(`/api/series?${query}`)

test('health: it is 503 and starting before the first run, and 200 and ok after it, with one body', () => {
  const [first, second] = [JSON.parse(before.text), JSON.parse(after.text)]
  expect([before.status, first.status]).toEqual([503, 'starting'])
  expect([after.status, second.status]).toEqual([200, 'ok'])
  expect([schemaErrors('health', first), schemaErrors('health', second)]).toEqual([[], []])
  expect(second.lastRun).toMatchObject({ result: 'ok' })
  expect(second.streams.map(({ state }: { state: string }) => state)).toEqual(['current', 'current', 'current', 'current'])
  expect(after.headers['cache-control']).toBe('no-store')
})

test('check: its answer fits its schema, and no command in it has a word without a name', async () => {
  const answer = await product.get('/api/check')
  const { items }: Check = JSON.parse(answer.text)
  expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store'])
  expect(schemaErrors('check', JSON.parse(answer.text))).toEqual([])
  expect(items.filter(({ state }) => state === 'missing')).toEqual([])
  expect(items.filter(({ mend }) => mend?.includes('MONITOR_'))).toEqual([])
})

test('summary: it counts what was read, in the form of its schema', async () => {
  const summary = await summaryOf(read)
  expect(schemaErrors('summary', summary)).toEqual([])
  expect(summary.totals).toMatchObject({ signIns: 19, success: 9, interrupt: 2, failure: 8, serviceFault: 0 })
  expect(summary.failures.map(({ family, signIns }) => [family, signIns])).toEqual([
    ['app-credential', 4],
    ['tenant-restriction', 3],
    ['tls', 1],
    ['cross-tenant', 0],
    ['backup-auth', 0],
  ])
  expect(summary.interrupts).toMatchObject([{ family: 'mfa', signIns: 2, errorCodes: { '50074': 2 } }])
})

test('summary: a schema with one name wrong does not fit', async () => {
  const { totals, ...rest } = await summaryOf(read)
  expect(schemaErrors('summary', { ...rest, total: totals })).toHaveLength(2)
})

test('summary: a known tenant has its name, its kind and whether its block is meant', async () => {
  const { failures } = await summaryOf(`${read}&family=tenant-restriction`)
  expect(failures[0]?.top.resourceTenants).toEqual([{ id: partner, name: 'Fabrikam', kind: 'partner', blocked: 'fault', signIns: 3 }])
})

test('summary: family filters failures and interrupts only, and shows a zero that was asked for', async () => {
  const all = await summaryOf(read)
  const some = await summaryOf(`${read}&family=mfa,tls,guest`)
  expect(some.failures.map(({ family, signIns }) => [family, signIns])).toEqual([
    ['tls', 1],
    ['guest', 0],
    ['mfa', 0],
  ])
  expect(some.interrupts.map(({ family }) => family)).toEqual(['mfa'])
  expect([some.totals, some.signals]).toEqual([all.totals, all.signals])
})

test('summary: stream filters everything', async () => {
  const summary = await summaryOf(`${read}&stream=servicePrincipal,managedIdentity`)
  expect(summary.totals).toMatchObject({ signIns: 4, success: 0, interrupt: 0, failure: 4 })
  expect(summary.failures.filter(({ signIns }) => signIns > 0).map(({ family }) => family)).toEqual(['app-credential'])
  expect(summary.interrupts).toEqual([])
  expect(summary.completeness.streams.map(({ stream }) => stream)).toEqual(['servicePrincipal', 'managedIdentity'])
})

test('summary: top bounds the lists, and other holds the rest', async () => {
  const { totals } = await summaryOf(`${read}&top=1`)
  expect(totals.top.apps.length).toBeLessThanOrEqual(2)
  expect(totals.top.apps.reduce((sum, app) => sum + app.signIns, 0)).toBe(19)
})

test('summary: Japanese titles are Japanese and count the same', async () => {
  const [english, japanese] = [await summaryOf(read), await summaryOf(`${read}&lang=ja`)]
  const japaneseText = /[\u3040-\u30ff\u4e00-\u9fff]/
  for (const { title } of [...japanese.failures, ...japanese.signals, ...japanese.interrupts]) expect(title).toMatch(japaneseText)
  for (const { title } of [...english.failures, ...english.signals, ...english.interrupts]) expect(title).not.toMatch(japaneseText)
  const [first] = japanese.failures.flatMap(({ classes }) => classes)
  expect(first?.remedy).toMatch(japaneseText)
  expect(japanese.failures.map(({ signIns }) => signIns)).toEqual(english.failures.map(({ signIns }) => signIns))
})

test('summary: what was never read is null and never 0', async () => {
  const from = formatInstant(end - 5 * hour)
  const { totals, completeness } = await summaryOf(`from=${from}&to=${formatInstant(end - 4 * hour)}`)
  expect(totals.series).toHaveLength(12)
  expect(totals.series.every(([, point]) => point === null)).toBe(true)
  expect(completeness.complete).toBe(false)
  const seen = await summaryOf(read)
  expect(seen.totals.series.map(([, point]) => point?.signIns ?? null)).toContain(0)
  expect(seen.totals.series.map(([, point]) => point)).not.toContain(null)
  expect(seen.completeness.complete).toBe(true)
})

describe('caching', () => {
  const address = `/api/summary?${read}`

  test('summary: an answer may be kept for half a minute and has a strong ETag for each encoding', async () => {
    const answers = await Promise.all(['identity', 'gzip', 'br'].map((encoding) => product.get(address, { 'accept-encoding': encoding })))
    for (const { status, headers } of answers) {
      expect(status).toBe(200)
      expect(headers['cache-control']).toBe('private, max-age=30')
      expect(headers['vary']).toContain('Accept-Encoding')
      expect(headers['etag']).toMatch(/^"[\w-]+"$/)
      expect(headers['content-type']).toMatch(/^application\/json/)
    }
    expect(new Set(answers.map(({ headers }) => headers['etag'])).size).toBe(3)
    expect(answers.map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip', 'br'])
  })

  test('summary: all encodings hold the same bytes', async () => {
    const [plain, gzip, br] = await Promise.all(
      ['identity', 'gzip', 'br'].map((encoding) => product.get(address, { 'accept-encoding': encoding })),
    )
    expect(gunzipSync(gzip?.bytes ?? '').equals(plain?.bytes ?? Buffer.from('no answer'))).toBe(true)
    expect(brotliDecompressSync(br?.bytes ?? '').equals(plain?.bytes ?? Buffer.from('no answer'))).toBe(true)
    expect(Number(br?.headers['content-length'])).toBeLessThan(Number(plain?.headers['content-length']))
  })

  test('summary: who has it already gets a 304 without a body, by its own encoding alone', async () => {
    const { headers } = await product.get(address, { 'accept-encoding': 'gzip' })
    const etag = headers['etag'] ?? ''
    const again = await product.get(address, { 'accept-encoding': 'gzip', 'if-none-match': `"other", W/${etag}` })
    expect([again.status, again.bytes.length, again.headers['etag']]).toEqual([304, 0, etag])
    expect(again.headers['cache-control']).toBe('private, max-age=30')
    expect(again.headers['vary']).toContain('Accept-Encoding')
    expect((await product.get(address, { 'accept-encoding': 'br', 'if-none-match': etag })).status).toBe(200)
    expect((await product.get(`${address}&top=3`, { 'accept-encoding': 'gzip', 'if-none-match': etag })).status).toBe(200)
  })

  test.each(['/api/summary', '/api/series', '/api/health'])('%s: HEAD answers like GET, without a body', async (route) => {
    const query = route === '/api/health' ? '' : `?${read}`
    const get = await product.get(route + query)
    const head = await product.send('HEAD', route + query)
    expect([head.status, head.bytes.length]).toEqual([200, 0])
    expect([head.headers['etag'], head.headers['content-type']]).toEqual([get.headers['etag'], get.headers['content-type']])
  })
})

describe('pages of other sites', () => {
  const address = `/api/summary?${read}`

  test('CORS: an allowed origin may read answers, problems and what it has already', async () => {
    const origin = 'https://dashboards.example.com'
    const answer = await product.get(address, { origin })
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
    expect(answer.headers['access-control-expose-headers']).toContain('etag')
    const again = await product.get(address, { origin, 'if-none-match': answer.headers['etag'] ?? '' })
    expect([again.status, again.headers['access-control-allow-origin']]).toEqual([304, origin])
    const problem = await product.get('/api/summary?windows=1h', { origin })
    expect([problem.status, problem.headers['access-control-allow-origin']]).toEqual([400, origin])
  })

  test('CORS: an answer says that it depends on the origin, also to who sent none', async () => {
    expect((await product.get(address)).headers['vary']).toMatch(/\bOrigin\b/)
    expect((await product.get(address, { origin: 'https://elsewhere.example.com' })).headers['vary']).toMatch(/\bOrigin\b/)
  })

  test('CORS: a preflight of an allowed origin is answered', async () => {
    const preflight = await product.send('OPTIONS', address, {
      origin: 'https://dashboards.example.com',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-functions-key, if-none-match',
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-methods']).toContain('GET')
    expect(preflight.headers['access-control-allow-headers']).toContain('x-functions-key')
  })

  test.each(['https://elsewhere.example.com', 'https://dashboards.example.com.evil.example', 'null'])(
    'CORS: %s may not',
    async (origin) => {
      const [answer, preflight] = [await product.get(address, { origin }), await product.send('OPTIONS', address, { origin })]
      expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, undefined])
      expect(preflight.headers['access-control-allow-origin']).toBeUndefined()
    },
  )
})

/** `{-48h}` in an address stands for the moment 48 hours ago. */
const timed = (address: string): string =>
  address.replace(/\{([+-]\d+)h\}/g, (_, hours: string) => formatInstant(end + Number(hours) * hour))

test.each`
  address                                                | code                         | parameter    | says
  ${'/api/summary?windows=24h'}                          | ${'parameter-unknown'}       | ${'windows'} | ${'window'}
  ${'/api/summary?measure=signIns'}                      | ${'parameter-unknown'}       | ${'measure'} | ${'family'}
  ${'/api/summary?window=24h&from=2026-01-01T00:00:00Z'} | ${'parameter-contradictory'} | ${'window'}  | ${'from'}
  ${'/api/summary?window=24h&window=1h'}                 | ${'parameter-invalid'}       | ${'window'}  | ${'24h'}
  ${'/api/summary?window=a+day'}                         | ${'parameter-invalid'}       | ${'window'}  | ${'24h'}
  ${'/api/summary?from=yesterday'}                       | ${'parameter-invalid'}       | ${'from'}    | ${'2026-01-31T08:00:00Z'}
  ${'/api/summary?from={-24h}&to={-48h}'}                | ${'parameter-contradictory'} | ${'from'}    | ${'before'}
  ${'/api/summary?grain=2h'}                             | ${'parameter-invalid'}       | ${'grain'}   | ${'auto, 5m, 1h, 1d'}
  ${'/api/summary?grain=5m&from={-480h}&to={-456h}'}     | ${'grain-not-kept'}          | ${'grain'}   | ${'1h or 1d'}
  ${'/api/summary?grain=1h&from={-4800h}&to={-4776h}'}   | ${'grain-not-kept'}          | ${'grain'}   | ${'1d'}
  ${'/api/summary?from={-12000h}&to={-11976h}'}          | ${'window-too-long'}         | ${'from'}    | ${'400 days'}
  ${'/api/series?grain=5m&from={-190h}&to={+20h}'}       | ${'too-many-points'}         | ${'grain'}   | ${'1h or 1d'}
  ${'/api/summary?family=tls,nonsense'}                  | ${'parameter-invalid'}       | ${'family'}  | ${'tenant-restriction'}
  ${'/api/summary?stream=interactive'}                   | ${'parameter-invalid'}       | ${'stream'}  | ${'interactiveUser'}
  ${'/api/summary?top=0'}                                | ${'parameter-invalid'}       | ${'top'}     | ${'from 1 to 50'}
  ${'/api/summary?lang=de'}                              | ${'parameter-invalid'}       | ${'lang'}    | ${'en, ja'}
  ${'/api/series?measure=users'}                         | ${'parameter-invalid'}       | ${'measure'} | ${'distinctUsers'}
  ${'/api/series?by=person'}                             | ${'parameter-invalid'}       | ${'by'}      | ${'resourceTenant'}
  ${'/api/series?measure=distinctUsers&by=errorCode'}    | ${'parameter-contradictory'} | ${'by'}      | ${'stream'}
  ${'/api/series?format=xml'}                            | ${'parameter-invalid'}       | ${'format'}  | ${'csv'}
  ${'/api/check?area=stream'}                            | ${'parameter-unknown'}       | ${'area'}    | ${'takes none'}
  ${'/api/metrics?name=runs'}                            | ${'parameter-unknown'}       | ${'name'}    | ${'takes none'}
  ${'/api/series?stream=interactiveUser'}                | ${'parameter-unknown'}       | ${'stream'}  | ${'measure'}
`('$address: it is refused as $code of $parameter', async ({ address, code, parameter, says }) => {
  const answer = await product.get(timed(address))
  const problem = JSON.parse(answer.text)
  expect(answer.status).toBe(400)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(schemaErrors('problem', problem)).toEqual([])
  expect(problem).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status: 400,
    code,
    detail: expect.stringContaining(says),
    parameter,
  })
})

test.each(['/api/health?cachebuster=0.123', '/api/check?code=a-function-key', '/api/metrics?code=a-function-key'])(
  '%s: it is answered',
  async (address) => {
    expect((await product.get(address)).status).toBe(200)
  },
)

test('problems: hostile parameters are refused with a short answer, and the product lives', async () => {
  const long = 'x'.repeat(6_000)
  for (const address of [
    `/api/summary?${long}=1`,
    `/api/summary?from=${long}`,
    '/api/summary?from=%00',
    '/api/summary?__proto__=1',
    '/api/summary?family=__proto__',
  ]) {
    const answer = await product.get(address)
    expect([address.slice(0, 60), answer.status]).toEqual([address.slice(0, 60), 400])
    expect(answer.text.length).toBeLessThan(1_500)
    expect(answer.text).not.toMatch(/\bat .+:\d+:\d+/)
  }
  expect((await product.get('/api/health')).status).toBe(200)
})

test.each`
  method      | address
  ${'GET'}    | ${'/api/nothing'}
  ${'GET'}    | ${'/'}
  ${'POST'}   | ${'/api/summary'}
  ${'DELETE'} | ${'/api/series'}
  ${'PUT'}    | ${'/api/health'}
  ${'POST'}   | ${'/admin/functions/nothing'}
`('$method $address: there is nothing', async ({ method, address }) => {
  expect((await product.send(method, address)).status).toBe(404)
})

describe('series', () => {
  const sums = async (query: string): Promise<Record<string, number>> => {
    const found: Record<string, number> = {}
    for (const { key, value } of await seriesOf(`${read}&${query}`)) if (value) found[key] = (found[key] ?? 0) + value
    return found
  }

  test.each`
    by                  | expected
    ${'outcome'}        | ${{ success: 9, interrupt: 2, failure: 8 }}
    ${'family'}         | ${{ 'tenant-restriction': 3, tls: 1, 'app-credential': 4 }}
    ${'class'}          | ${{ 'tls.legacy': 1 }}
    ${'stream'}         | ${{ interactiveUser: 14, nonInteractiveUser: 1, servicePrincipal: 4 }}
    ${'errorCode'}      | ${{ 500021: 3, 1002016: 1, 7000222: 4 }}
    ${'app'}            | ${{ '04b07795-8ddb-461a-bbee-02f9e1bf7b46': 19 }}
    ${'resourceTenant'} | ${{ [partner]: 3 }}
    ${'signal'}         | ${{ automation: 19 }}
  `('series: by $by it adds up to what was read', async ({ by, expected }) => {
    expect(await sums(`by=${by}`)).toMatchObject(expected)
    expect(schemaErrors('series', await seriesOf(`${read}&by=${by}`))).toEqual([])
  })

  test.each(['outcome', 'family', 'class', 'signal', 'stream'])('series: distinct users by %s are whole numbers or null', async (by) => {
    const rows = await seriesOf(`${read}&measure=distinctUsers&by=${by}`)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ value }) => value !== null && !Number.isInteger(value))).toEqual([])
    expect(schemaErrors('series', rows)).toEqual([])
  })

  test('series: a row has time, by, key, name, value and complete, in CSV as in JSON', async () => {
    const rows = await seriesOf(`${read}&by=family`)
    const answer = await product.get(`/api/series?${read}&by=family&format=csv`)
    expect(answer.headers['content-type']).toMatch(/^text\/csv/)
    const lines: string[][] = parse(answer.text)
    expect(lines[0]).toEqual(['time', 'by', 'key', 'name', 'value', 'complete'])
    expect(rows.map((row) => Object.keys(row))).toEqual(rows.map(() => lines[0]))
    expect(lines.slice(1)).toEqual(
      rows.map(({ time, by, key, name, value, complete }) => [time, by, key, name, String(value ?? ''), String(complete)]),
    )
    expect(rows.every(({ complete, time }) => complete && !Number.isNaN(Date.parse(time)))).toBe(true)
  })

  test('series: what was never read is null, empty in CSV, and not complete', async () => {
    const unread = `from=${formatInstant(end - 5 * hour)}&to=${formatInstant(end - 4 * hour)}&by=outcome`
    const rows = await seriesOf(unread)
    expect(rows).toHaveLength(12 * 4)
    expect(rows.every(({ value, complete }) => value === null && !complete)).toBe(true)
    const csv: string[][] = parse((await product.get(`/api/series?${unread}&format=csv`)).text)
    expect(csv.slice(1).every((line) => line[4] === '' && line[5] === 'false')).toBe(true)
  })

  test('series: JSON and CSV are cached apart', async () => {
    const [json, csv] = [await product.get(`/api/series?${read}`), await product.get(`/api/series?${read}&format=csv`)]
    expect(json.headers['etag']).not.toBe(csv.headers['etag'])
    expect((await product.get(`/api/series?${read}`, { 'if-none-match': json.headers['etag'] ?? '' })).status).toBe(304)
  })
})
