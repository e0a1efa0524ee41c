import { encodeCounts } from '../../shared/aggregates/encodeCounts'
import { facetsVersion } from '../../shared/aggregates/encodeFacets'
import { minute, parseInstant } from '../../shared/signIns/instant'
import { schemaSupport } from '../../shared/tables/schema'
import { createTableClients } from '../../shared/tables/tableClients'
import { openVirtualMonitor } from '../pipelines/virtualMonitor'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const noon = parseInstant('2026-01-15T12:00:00Z') ?? Number.NaN

test('later rows: the form of counts and facets is the one that the schema names', () => {
  expect(facetsVersion).toBe(schemaSupport.version)
  expect(encodeCounts({ cells: new Map(), signals: new Map() }).split(';')[0]).toBe(String(schemaSupport.version))
})

test('later rows: a row that a later release wrote while this one runs is neither misread nor overwritten', async () => {
  const tenantId = freshTenant()
  const monitor = openVirtualMonitor({
    endpoint: endpoint(),
    tenantId,
    now: noon,
    options: { streams: ['interactiveUser'], lookbackHours: 1 },
  })
  for (let at = noon - 60 * minute; at < noon + 60 * minute; at += minute) monitor.log.add({ at })
  await monitor.tick()
  const { buckets } = createTableClients({ endpoint: endpoint() })
  const rows = await buckets.query({ filter: `PartitionKey ge '${tenantId}|5m|' and PartitionKey lt '${tenantId}|5m~'` })
  const [row] = rows.slice(-1)
  if (!row) throw new Error('The tick stored no bucket.')
  const later = String(row.properties['counts0']).replace(/^\d+;/, `${schemaSupport.version + 1};`)
  await buckets.submit([{ kind: 'merge', entity: { partitionKey: row.partitionKey, rowKey: row.rowKey, counts0: later } }])
  const kept = await buckets.read(row.partitionKey, row.rowKey)

  monitor.now += 5 * minute
  expect(await monitor.tick()).toMatchObject({
    result: expect.stringMatching(/failed|partial/),
    detail: expect.stringContaining(row.rowKey),
  })
  const window = { from: noon - 60 * minute, to: noon + 5 * minute }
  await expect(monitor.summary({ window })).rejects.toMatchObject({ code: 'entity-invalid', message: expect.stringContaining('counts') })
  expect(await buckets.read(row.partitionKey, row.rowKey)).toEqual(kept)
})
