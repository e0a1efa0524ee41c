import { companyOf } from '../../local/simulatedTenant/company'
import { type SimulatedTenant, startSimulatedTenant } from '../../local/simulatedTenant/simulatedTenant'
import type { Truth } from '../../local/simulatedTenant/truth'
import type { Summary } from '../../shared/aggregates/summary'
import { bucketStart } from '../../shared/signIns/buckets'
import { formatInstant, hour } from '../../shared/signIns/instant'
import { type Product, until, useProducts } from '../support/product'
import { schemaErrors } from '../support/schemas'

const products = useProducts()
const seed = 1
let tenant: SimulatedTenant
let product: Product
let secondsTaken = 0
let window: { from: string; to: string }

const questions = ['tenant-restriction', 'tls', 'backup-auth'] as const
/** The families whose classes the simulated tenant labels. */
const labelled: readonly string[] = ['tenant-restriction', 'cross-tenant', 'tls', 'backup-auth']

beforeAll(async () => {
  tenant = await startSimulatedTenant({ seed, lateness: false, historyHours: 24 })
  const startedAt = Date.now()
  const to = bucketStart(startedAt, '5m')
  window = { from: formatInstant(to - 22 * hour), to: formatInstant(to) }
  product = await products.start({ TIMERS: 'on', GRAPH_BASE_URL: tenant.baseUrl, LOOKBACK_HOURS: '24' })
  await until(170_000, async () => {
    const { backfill, streams } = JSON.parse((await product.get('/api/health')).text) as {
      backfill: { bucketsDone: number; bucketsTotal: number }
      streams: { state: string }[]
    }
    const isRead = backfill.bucketsTotal > 0 && backfill.bucketsDone >= backfill.bucketsTotal
    return isRead && streams.every(({ state }) => state === 'current') ? true : undefined
  })
  secondsTaken = (Date.now() - startedAt) / 1000
}, 190_000)

afterAll(async () => {
  await product?.stop()
  await tenant?.close()
})

const summaryOf = (query: string): Promise<Summary> => product.json<Summary>(`/api/summary?${query}`)

const truthOf = async (): Promise<Truth> => {
  const answer = await fetch(`${tenant.baseUrl}/truth?from=${window.from}&to=${window.to}`)
  return (await answer.json()) as Truth
}

const positive = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

test('first reading: the counts of a day equal what the tenant knows of itself', async () => {
  process.stdout.write(`The first reading of 24 hours took ${secondsTaken.toFixed(0)} s from the start of the process.\n`)
  const [truth, summary] = await Promise.all([truthOf(), summaryOf(`from=${window.from}&to=${window.to}`)])
  const { totals, failures, interrupts, signals } = summary
  expect(truth.signIns).toBeGreaterThan(5_000)
  expect(summary.window).toEqual({ ...window, grain: '5m' })
  expect(totals.signIns).toBe(truth.signIns)
  expect({
    success: totals.success,
    interrupt: totals.interrupt,
    failure: totals.failure,
    serviceFault: totals.serviceFault,
  }).toEqual(truth.outcomes)
  expect(positive(Object.fromEntries(failures.map(({ family, signIns }) => [family, signIns])))).toEqual(truth.families)
  expect(Object.fromEntries(interrupts.map(({ family, signIns }) => [family, signIns]))).toEqual(truth.interrupts)
  const classes = failures.filter(({ family }) => labelled.includes(family)).flatMap((family) => family.classes)
  expect(Object.fromEntries(classes.map(({ id, signIns }) => [id, signIns]))).toEqual(truth.classes)
  const codes = new Map<string, number>()
  for (const { errorCodes } of [...failures.flatMap((family) => family.classes), ...interrupts]) {
    for (const [code, count] of Object.entries(errorCodes)) codes.set(code, (codes.get(code) ?? 0) + count)
  }
  expect(Object.fromEntries(codes)).toEqual(truth.errorCodes)
  const known = signals.filter(({ signal }) => signal in truth.signals)
  expect(known.map(({ signal }) => signal).sort()).toEqual(Object.keys(truth.signals).sort())
  expect(Object.fromEntries(known.map((each) => [each.signal, { isTrue: each.signIns, known: each.known }]))).toEqual(truth.signals)
})

test('first reading: distinct users are within five percent, and nobody unknown is among them', async () => {
  const [truth, { totals }] = await Promise.all([truthOf(), summaryOf(`from=${window.from}&to=${window.to}`)])
  expect(Math.abs((totals.distinctUsers.estimate ?? 0) - truth.distinctUsers)).toBeLessThanOrEqual(truth.distinctUsers * 0.05)
  expect(totals.distinctUsers.unknownSignIns).toBe(truth.unknownUserSignIns)
})

test('first reading: each stream alone has its own sign-ins', async () => {
  const truth = await truthOf()
  for (const [stream, signIns] of Object.entries(truth.streams)) {
    const { totals, completeness } = await summaryOf(`from=${window.from}&to=${window.to}&stream=${stream}`)
    expect([stream, totals.signIns]).toEqual([stream, signIns])
    expect(completeness.streams.map((each) => each.stream)).toEqual([stream])
  }
})

test('first reading: the series of a day add up to its totals, without a hole', async () => {
  const summary = await summaryOf(`from=${window.from}&to=${window.to}`)
  const points = summary.totals.series.map(([, point]) => point)
  expect(points).toHaveLength(22 * 12)
  expect(points).not.toContain(null)
  expect(points.reduce((sum, point) => sum + (point?.signIns ?? 0), 0)).toBe(summary.totals.signIns)
  for (const family of summary.failures) {
    expect(family.series.reduce((sum, [, count]) => sum + (count ?? 0), 0)).toBe(family.signIns)
    expect(family.classes.reduce((sum, each) => sum + each.signIns, 0)).toBe(family.signIns)
  }
  const { failure, serviceFault } = summary.totals
  expect(summary.failures.reduce((sum, family) => sum + family.signIns, 0)).toBe(failure + serviceFault)
})

test('first reading: the last 24 hours show the three questions and every signal, as the schema has it', async () => {
  const summary = await summaryOf('window=24h')
  expect(schemaErrors('summary', summary)).toEqual([])
  expect(summary.failures.map(({ family }) => family)).toEqual(expect.arrayContaining([...questions]))
  expect(summary.signals.map(({ signal }) => signal)).toHaveLength(9)
  const found = new Map(summary.failures.map(({ family, signIns }) => [family, signIns]))
  expect(found.get('tenant-restriction')).toBeGreaterThan(0)
  expect(found.get('tls')).toBeGreaterThan(0)
  expect(summary.signals.find(({ signal }) => signal === 'servedByBackupAuth')?.signIns).toBeGreaterThan(0)
})

test('first reading: coarser grains hold the same sign-ins', async () => {
  const hours = {
    from: formatInstant(bucketStart(Date.parse(window.from), '1h') + hour),
    to: formatInstant(bucketStart(Date.parse(window.to), '1h')),
  }
  const fine = await summaryOf(`from=${hours.from}&to=${hours.to}&grain=5m`)
  const coarse = await summaryOf(`from=${hours.from}&to=${hours.to}&grain=1h`)
  const { series: fineSeries, ...fineTotals } = fine.totals
  const { series: coarseSeries, ...coarseTotals } = coarse.totals
  expect(coarseTotals).toEqual(fineTotals)
  expect(fineSeries).toHaveLength(coarseSeries.length * 12)
  expect(coarse.failures.map(({ family, signIns }) => [family, signIns])).toEqual(
    fine.failures.map(({ family, signIns }) => [family, signIns]),
  )
})

test('first reading: a verbose log and every answer name nobody', async () => {
  const company = companyOf(seed, tenant.tenantId)
  const people = [...company.users, ...company.guests]
  const names = people.flatMap((user) => [user.id, user.userPrincipalName, user.displayName, user.device.displayName])
  const addresses = people.map((user) => user.site.addressPrefix)
  const answers = await Promise.all(
    ['/api/summary?window=24h&top=50', '/api/series?by=app&window=24h', '/api/health'].map(
      async (address) => (await product.get(address)).text,
    ),
  )
  const said = [product.output(), ...answers].join('\n').toLowerCase()
  expect(said).toContain('monitorsignins succeeded')
  expect([...new Set([...names, ...addresses])].filter((name) => name !== '' && said.includes(name.toLowerCase()))).toEqual([])
})
