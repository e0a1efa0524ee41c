import { simulatedTenantId } from '../../local/simulatedTenant/company'
import type { Check } from '../../shared/pipelines/check'
import { createTableClients } from '../../shared/tables/tableClients'
import { useProducts } from '../support/product'
import { useStorageEmulator } from '../support/tables'

const products = useProducts()
const { endpoint } = useStorageEmulator()

test('upgrade: over rows of a later release nothing is read, written or lost, every answer says what to deploy, and the later release goes on', async () => {
  const { runs, buckets } = createTableClients({ endpoint: endpoint() })
  const schemaKeys = { partitionKey: simulatedTenantId, rowKey: 'schema' }
  const stored = async () =>
    (await buckets.query({ filter: `PartitionKey ge '${simulatedTenantId}'` })).map(({ rowKey, etag }) => [rowKey, etag])

  const product = await products.start({ TABLES_ENDPOINT: endpoint(), LOOKBACK_HOURS: '1', STREAMS: 'interactiveUser' })
  await product.tick()
  const before = await stored()
  expect(before.length).toBeGreaterThan(0)
  const { totals } = await product.json<{ totals: object }>('/api/summary?window=1h')
  await product.stop()
  const schema = await runs.read(schemaKeys.partitionKey, schemaKeys.rowKey)
  expect(schema?.properties).toMatchObject({ version: expect.any(Number), readableFrom: expect.any(Number) })

  await runs.submit([{ kind: 'put', entity: { ...schemaKeys, version: 99, readableFrom: 98 } }])
  const earlier = await products.start({ TABLES_ENDPOINT: endpoint(), LOOKBACK_HOURS: '1', STREAMS: 'interactiveUser' })
  await earlier.tick()
  for (const address of ['/api/summary', '/api/series?measure=signIns&by=outcome', '/api/health']) {
    expect(await earlier.json(address, 503)).toMatchObject({ code: 'storage-newer', detail: expect.stringMatching(/form 99.*form 98/) })
  }
  const { items } = await earlier.json<Check>('/api/check')
  expect(items[0]).toMatchObject({ area: 'storage', state: 'missing', detail: expect.stringContaining('Deploy the later release') })
  expect(earlier.output()).toContain('The tables hold rows of form 99')
  expect(await stored()).toEqual(before)
  await earlier.stop()

  const [version, readableFrom] = [Number(schema?.properties['version']), Number(schema?.properties['readableFrom'])]
  await runs.submit([{ kind: 'put', entity: { ...schemaKeys, version, readableFrom } }])
  const later = await products.start({ TABLES_ENDPOINT: endpoint(), LOOKBACK_HOURS: '1', STREAMS: 'interactiveUser' })
  expect((await later.json<{ totals: object }>('/api/summary?window=1h')).totals).toEqual(totals)
  await later.stop()
})
