import { randomUUID } from 'node:crypto'
import { guardTables } from '../../shared/tables/guardedTables'
import { keyText } from '../../shared/tables/keys'
import { type Migration, type SchemaSupport, schemaStep, schemaSupport } from '../../shared/tables/schema'
import { createTableClients, type TableClients } from '../../shared/tables/tableClients'
import { useStorageEmulator } from '../support/tables'

const { endpoint } = useStorageEmulator()
const minute = 60_000

const support = (version: number, more: Partial<SchemaSupport> = {}): SchemaSupport => ({
  version,
  readsFrom: 1,
  readableFrom: version,
  migrations: [],
  ...more,
})

const step = (to: number): Migration => ({ to, apply: () => Promise.resolve() })
const steps = [step(4), step(2), step(3)]

test.each`
  story                                            | stored                             | own                                      | outcome
  ${'nothing is stored'}                           | ${undefined}                       | ${support(1)}                            | ${{ writes: [1, 1], to: [] }}
  ${'nothing, or form 1, is stored'}               | ${undefined}                       | ${support(3, { migrations: steps })}     | ${{ writes: [3, 3], to: [2, 3] }}
  ${'it wrote them itself'}                        | ${{ version: 3, readableFrom: 3 }} | ${support(3, { migrations: steps })}     | ${'ready'}
  ${'they are one form older'}                     | ${{ version: 2, readableFrom: 2 }} | ${support(3, { migrations: steps })}     | ${{ writes: [3, 3], to: [3] }}
  ${'they are newer and it may work on them'}      | ${{ version: 3, readableFrom: 2 }} | ${support(2, { migrations: [step(2)] })} | ${{ writes: [2, 2], to: [] }}
  ${'they are newer and it may not'}               | ${{ version: 3, readableFrom: 3 }} | ${support(2)}                            | ${'schema-newer'}
  ${'an earlier one worked on them in between'}    | ${{ version: 2, readableFrom: 3 }} | ${support(3, { migrations: steps })}     | ${{ writes: [3, 3], to: [3] }}
  ${'they are older than what it reads'}           | ${{ version: 1, readableFrom: 1 }} | ${support(4, { readsFrom: 3 })}          | ${'schema-older'}
  ${'the first release wrote them, and too early'} | ${undefined}                       | ${support(4, { readsFrom: 3 })}          | ${'schema-older'}
`('schemaStep: $story', ({ stored, own, outcome }) => {
  const decide = (): unknown => {
    try {
      const decided = schemaStep(stored, own)
      if (decided.kind === 'ready') return 'ready'
      const { version, readableFrom } = decided.schema
      return { writes: [version, readableFrom], to: decided.migrations.map(({ to }) => to) }
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  expect(decide()).toEqual(outcome)
})

test('schemaSupport: what this release writes it reads, and its migrations lead there', () => {
  const { version, readsFrom, readableFrom, migrations } = schemaSupport
  expect(readsFrom).toBeLessThanOrEqual(version)
  expect(readableFrom).toBeLessThanOrEqual(version)
  expect(migrations.every(({ to }) => to > readsFrom && to <= version)).toBe(true)
})

describe('guardTables', () => {
  const open = () => createTableClients({ endpoint: endpoint() })
  const bucketsOf = (tenantId: string) => ({ partitionKey: `${keyText(tenantId)}|5m|2026-01-01` })
  const write = (tables: TableClients, tenantId: string, rowKey: string, properties: Record<string, number>) =>
    tables.buckets.submit([{ kind: 'put', entity: { ...bucketsOf(tenantId), rowKey, ...properties } }])
  const rowsOf = async (tables: TableClients, tenantId: string) =>
    (await tables.buckets.query({ filter: `PartitionKey eq '${bucketsOf(tenantId).partitionKey}'` })).map(({ rowKey, properties }) => [
      rowKey,
      properties,
    ])

  /** An example of a form whose rows an earlier release cannot read: what was counted in dozens is counted by one. */
  const countsByOne: Migration = {
    to: 2,
    apply: async (tables, tenantId) => {
      for (const row of await tables.buckets.query({ filter: `PartitionKey eq '${bucketsOf(tenantId).partitionKey}'` })) {
        const { dozens } = row.properties
        if (typeof dozens !== 'number') continue
        const entity = { partitionKey: row.partitionKey, rowKey: row.rowKey, ones: dozens * 12 }
        await tables.buckets.submit([{ kind: 'replace', entity, etag: row.etag }])
      }
    },
  }
  const first = support(1)
  const second = support(2, { migrations: [countsByOne] })
  const guard = (tenantId: string, own: SchemaSupport, clock = () => 0) => guardTables(open(), { tenantId, clock, support: own })

  test('guardTables: a later release migrates once, before its first write and not by reading', async () => {
    const tenantId = randomUUID()
    await write(guard(tenantId, first), tenantId, 'a', { dozens: 3 })
    const later = guard(tenantId, second)
    expect(await rowsOf(later, tenantId)).toEqual([['a', { dozens: 3 }]])
    await write(later, tenantId, 'b', { ones: 5 })
    expect(await rowsOf(later, tenantId)).toEqual([
      ['a', { ones: 36 }],
      ['b', { ones: 5 }],
    ])
  })

  test('guardTables: a release before stops early over rows that it cannot read, and loses none when the later one is back', async () => {
    const tenantId = randomUUID()
    await write(guard(tenantId, second), tenantId, 'a', { ones: 7 })
    const before = guard(tenantId, first)
    for (const attempt of [
      () => rowsOf(before, tenantId),
      () => write(before, tenantId, 'a', { dozens: 0 }),
      () => before.runs.read('x', 'y'),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'schema-newer',
        message: expect.stringMatching(/form 2.*Deploy the later release/),
      })
    }
    expect(await rowsOf(guard(tenantId, second), tenantId)).toEqual([['a', { ones: 7 }]])
  })

  test('guardTables: a release before that may work on later rows does, and the later one migrates what it wrote', async () => {
    const tenantId = randomUUID()
    const additive = { ...second, readableFrom: 1 }
    await write(guard(tenantId, additive), tenantId, 'a', { ones: 7 })
    await write(guard(tenantId, first), tenantId, 'b', { dozens: 2 })
    const back = guard(tenantId, additive)
    await write(back, tenantId, 'c', { ones: 1 })
    expect(await rowsOf(back, tenantId)).toEqual([
      ['a', { ones: 7 }],
      ['b', { ones: 24 }],
      ['c', { ones: 1 }],
    ])
  })

  test('guardTables: a release that skipped too much stops early and says what to deploy first', async () => {
    const tenantId = randomUUID()
    await write(guard(tenantId, first), tenantId, 'a', { dozens: 3 })
    const skipping = guard(tenantId, support(9, { readsFrom: 5 }))
    await expect(write(skipping, tenantId, 'a', { ones: 0 })).rejects.toMatchObject({ code: 'schema-older' })
    expect(await rowsOf(guard(tenantId, first), tenantId)).toEqual([['a', { dozens: 3 }]])
  })

  test('guardTables: a release that still runs stops within a quarter of an hour of a later one', async () => {
    const tenantId = randomUUID()
    let now = 0
    const running = guard(tenantId, first, () => now)
    await write(running, tenantId, 'a', { dozens: 3 })
    await write(guard(tenantId, second), tenantId, 'b', { ones: 1 })
    now = 16 * minute
    await expect(rowsOf(running, tenantId)).rejects.toMatchObject({ code: 'schema-newer' })
    await expect(write(running, tenantId, 'a', { dozens: 0 })).rejects.toMatchObject({ code: 'schema-newer' })
  })

  test('guardTables: releases that begin at once migrate side by side without harm', async () => {
    const tenantId = randomUUID()
    await write(guard(tenantId, first), tenantId, 'a', { dozens: 3 })
    const releases = [guard(tenantId, second), guard(tenantId, second), guard(tenantId, second)]
    await Promise.all(releases.map((tables, index) => write(tables, tenantId, `b${index}`, { ones: 1 })))
    expect((await rowsOf(guard(tenantId, second), tenantId))[0]).toEqual(['a', { ones: 36 }])
  })

  test('guardTables: one tenant tells nothing of another', async () => {
    const [old, young] = [randomUUID(), randomUUID()]
    await write(guard(young, second), young, 'a', { ones: 1 })
    await expect(write(guard(old, first), old, 'a', { dozens: 1 })).resolves.toBeDefined()
  })

  test('guardTables: a schema row is asked for once by many readers', async () => {
    const tenantId = randomUUID()
    const clients = open()
    let asked = 0
    const read: TableClients['runs']['read'] = (...key) => {
      asked += 1
      return clients.runs.read(...key)
    }
    const counted = { ...clients, runs: { ...clients.runs, read } }
    const tables = guardTables(counted, { tenantId, clock: () => 0, support: first })
    await Promise.all(Array.from({ length: 20 }, () => rowsOf(tables, tenantId)))
    expect(asked).toBe(1)
  })
})
