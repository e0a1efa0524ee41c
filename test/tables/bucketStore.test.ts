import { randomUUID } from 'node:crypto'
import { brotliCompressSync } from 'node:zlib'
import { type Aggregate, facetIds, otherKey, type Scope } from '../../shared/aggregates/aggregate'
import type { BucketKey, BucketRow, BucketWrite, Ledger } from '../../shared/aggregates/bucketRow'
import { everyFacet, FacetsSum } from '../../shared/aggregates/merge'
import { emptySketch } from '../../shared/aggregates/sketch'
import type { Log } from '../../shared/pipelines/ports'
import { bucketLength } from '../../shared/signIns/buckets'
import { day, hour, parseInstant } from '../../shared/signIns/instant'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { createBucketStore } from '../../shared/tables/bucketStore'
import type { Table } from '../../shared/tables/table'
import { createTableClients } from '../../shared/tables/tableClients'
import first from '../fixtures/firstVersion.json'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const at = (text: string): number => parseInstant(text) ?? Number.NaN
const noon = at('2026-01-15T12:00:00Z')

const ledger: Ledger = {
  readAt: at('2026-01-15T12:15:00.250Z'),
  rows: 7,
  pages: 1,
  malformedRows: 0,
  rowsWhenComplete: undefined,
  shrunkTo: undefined,
  children: undefined,
}
const children = { fingerprint: 'abc', expected: 12, read: 12, complete: 11, settled: 3, sealed: false, due: false }
const coarse: Ledger = {
  ...ledger,
  rows: 3_000_000_000,
  rowsWhenComplete: 6,
  shrunkTo: 0,
  children,
}

const scope = (keys: number): Scope => {
  const counts = new Map(Array.from({ length: keys }, (_, n) => [randomUUID() as string, n + 1]))
  const facets = everyFacet(() => counts)
  return { signIns: (keys * (keys + 1)) / 2, facets, users: new Map([['key', emptySketch]]), unknownUsers: 0 }
}
const aggregate = (failures: number, scopes = 1, keys = 3): Aggregate => ({
  counts: {
    cells: new Map([
      ['success||0', 5],
      ['failure|tenant-restriction.v2|5000211', failures],
    ]),
    signals: new Map([['legacyTls|success|known', 5]]),
  },
  facets: {
    scopes: new Map(Array.from({ length: scopes }, (_, n) => [`class|made.up-${n}`, scope(keys)])),
    names: new Map(),
    evidence: new Map([['tls.legacy', [{ requestId: randomUUID(), createdDateTime: noon, stream: 'interactiveUser' }]]]),
  },
})
const write = (facts: Partial<BucketWrite> = {}): BucketWrite => ({
  stream: 'interactiveUser',
  grain: '5m',
  start: noon,
  ledger,
  aggregate: aggregate(1),
  replaces: undefined,
  ...facts,
})
const keyOf = ({ stream, grain, start }: BucketKey): BucketKey => ({ stream, grain, start })
const open = (tenantId = freshTenant(), log?: Log) => {
  const clients = createTableClients({ endpoint: endpoint() })
  const store = createBucketStore({ clients, tenantId, log })
  const one = async (key: BucketKey): Promise<BucketRow | undefined> =>
    (await store.rows({ from: key.start, to: key.start + 1, grain: key.grain, streams: [key.stream] }))[0]
  return { store, clients, tenantId, one }
}
const everything = { from: noon - day, to: noon + day, grain: '5m', streams: streamIds } as const

test.each`
  story                               | written
  ${'a bucket that was read'}         | ${write()}
  ${'one with every ledger property'} | ${write({ ledger: { ...ledger, rowsWhenComplete: 4, shrunkTo: 2, malformedRows: 1 } })}
  ${'an hour made from its children'} | ${write({ grain: '1h', ledger: coarse })}
  ${'a sealed day'}                   | ${write({ grain: '1d', start: at('2026-01-15'), ledger: { ...coarse, children: { ...children, sealed: true, due: true } } })}
  ${'one without a sign-in'}          | ${write({ aggregate: { counts: { cells: new Map(), signals: new Map() }, facets: { scopes: new Map(), names: new Map(), evidence: new Map() } } })}
`('createBucketStore: $story comes back as it was written', async ({ written }: { written: BucketWrite }) => {
  const { store, one } = open()
  expect(await store.commit([written])).toEqual({ committed: [{ ...keyOf(written), version: expect.any(String) }], conflicts: [] })
  expect(await one(written)).toEqual({
    ...keyOf(written),
    ledger: written.ledger,
    counts: written.aggregate.counts,
    version: expect.stringMatching(/^W\//),
  })
  const range = { from: written.start, to: written.start + 1, grain: written.grain, streams: streamIds }
  expect(await store.facets(range)).toEqual([
    { ...keyOf(written), due: written.ledger.children?.due === true, facets: written.aggregate.facets, addTo: expect.any(Function) },
  ])
})

test('commit: a replacement leaves nothing of the row before it', async () => {
  const { store, one } = open()
  await store.commit([write({ ledger: { ...ledger, shrunkTo: 5 }, aggregate: aggregate(9, 40, 50) })])
  const before = await one(write())
  const after = write({ aggregate: aggregate(2), replaces: before?.version })
  expect((await store.commit([after])).committed).toHaveLength(1)
  expect((await one(after))?.ledger.shrunkTo).toBeUndefined()
  expect((await store.facets(everything))[0]?.facets).toEqual(after.aggregate.facets)
  expect((await one(after))?.version).not.toBe(before?.version)
})

test('commit: of two that insert one bucket, and of two that replace one version, one wins', async () => {
  const { store, one } = open()
  const inserts = await Promise.all([
    store.commit([write({ aggregate: aggregate(1) })]),
    store.commit([write({ aggregate: aggregate(2) })]),
  ])
  expect(inserts.map((result) => result.committed.length).sort()).toEqual([0, 1])
  expect(inserts.map((result) => result.conflicts.length).sort()).toEqual([0, 1])
  const replaces = (await one(write()))?.version
  const replacements = await Promise.all([3, 4, 5].map((failures) => store.commit([write({ aggregate: aggregate(failures), replaces })])))
  expect(replacements.map((result) => result.committed.length).sort()).toEqual([0, 0, 1])
  const winner = replacements.findIndex((result) => result.committed.length === 1)
  expect((await one(write()))?.counts).toEqual(aggregate(winner + 3).counts)
})

test('commit: a row that was removed since is a conflict, not a new row', async () => {
  const { store, one } = open()
  await store.commit([write()])
  const replaces = (await one(write()))?.version
  await store.remove([keyOf(write())])
  expect(await store.commit([write({ replaces })])).toEqual({ committed: [], conflicts: [keyOf(write())] })
  expect(await one(write())).toBeUndefined()
})

test('commit: more than 100 buckets of several partitions are written, and a conflict in the middle stops none of the others', async () => {
  const { store, one } = open()
  const writes = Array.from({ length: 150 }, (_, n) => write({ start: noon + n * bucketLength }))
  const stale = [writes[60], writes[61], writes[149]].flatMap((one) => (one ? [one] : []))
  await store.commit(stale)
  const version = (await one(write({ start: noon + 60 * bucketLength })))?.version
  const mixed = writes.map((one, n) => (n === 60 ? { ...one, replaces: version, aggregate: aggregate(8) } : one))
  const { committed, conflicts } = await store.commit(mixed)
  expect(conflicts).toEqual([keyOf(write({ start: noon + 61 * bucketLength })), keyOf(write({ start: noon + 149 * bucketLength }))])
  expect(committed).toHaveLength(148)
  const rows = await store.rows({ ...everything, from: noon, to: noon + day })
  expect(rows.map((row) => row.start)).toEqual(writes.map((one) => one.start))
  expect(rows[60]?.counts).toEqual(aggregate(8).counts)
})

test('rows: a range over partition borders answers all streams in the order of time', async () => {
  const { store } = open()
  const midnight = at('2026-01-01')
  const written = [-2, -1, 0, 1].flatMap((n) => streamIds.map((stream) => write({ stream, start: midnight + n * bucketLength })))
  await store.commit(written)
  await store.commit([write({ grain: '1h', start: midnight, ledger: coarse })])
  const range = { grain: '5m', from: midnight - bucketLength, to: midnight + bucketLength } as const
  const starts = async (streams: readonly StreamId[]): Promise<string[]> =>
    (await store.rows({ ...range, streams })).map((row) => `${(row.start - midnight) / bucketLength} ${row.stream}`)
  expect(await starts(streamIds)).toEqual([
    '-1 interactiveUser',
    '-1 managedIdentity',
    '-1 nonInteractiveUser',
    '-1 servicePrincipal',
    '0 interactiveUser',
    '0 managedIdentity',
    '0 nonInteractiveUser',
    '0 servicePrincipal',
  ])
  expect(await starts(['servicePrincipal', 'interactiveUser'])).toEqual([
    '-1 interactiveUser',
    '-1 servicePrincipal',
    '0 interactiveUser',
    '0 servicePrincipal',
  ])
  expect(await starts([])).toEqual([])
  expect(await store.rows({ ...range, from: midnight - bucketLength + 1, to: midnight, streams: streamIds })).toEqual([])
  expect(await store.rows({ ...range, from: midnight - 0.5, to: midnight + 0.5, streams: ['interactiveUser'] })).toHaveLength(1)
})

test('rows: hours over a year and days over years come in order', async () => {
  const { store } = open()
  const hours = [at('2025-11-30T23:00:00Z'), at('2025-12-31T23:00:00Z'), at('2026-01-01'), at('2026-02-01')]
  const days = [at('2024-12-31'), at('2025-07-01'), at('2026-01-01')]
  await store.commit(hours.map((start) => write({ grain: '1h', start })))
  await store.commit(days.map((start) => write({ grain: '1d', start })))
  const starts = async (grain: '1h' | '1d', from: number, to: number): Promise<number[]> =>
    (await store.rows({ grain, from, to, streams: streamIds })).map((row) => row.start)
  expect(await starts('1h', at('2025-11-01'), at('2026-03-01'))).toEqual(hours)
  expect(await starts('1h', at('2025-12-01'), at('2026-02-01'))).toEqual(hours.slice(1, 3))
  expect(await starts('1d', at('2024-01-01'), at('2026-12-31'))).toEqual(days)
})

test('rows: of a year of empty partitions only the few that hold something are read', async () => {
  const { store, clients, tenantId } = open()
  const starts = [noon - 300 * day, noon - 299 * day, noon]
  await store.commit(starts.map((start) => write({ start })))
  let asked = 0
  const buckets: Table = {
    ...clients.buckets,
    query: (query) => {
      asked += 1
      return clients.buckets.query(query)
    },
  }
  const counted = createBucketStore({ clients: { buckets }, tenantId })
  const rows = await counted.rows({ grain: '5m', streams: streamIds, from: noon - 360 * day, to: noon + day })
  expect(rows.map(({ start }) => start)).toEqual(starts)
  expect(asked).toBeLessThanOrEqual(2 * starts.length + 1)
})

test('createBucketStore: tenants never see each other', async () => {
  const [mine, other] = [open(), open()]
  await mine.store.commit([write()])
  expect(await other.store.rows(everything)).toEqual([])
  await other.store.remove([keyOf(write())])
  expect(await mine.store.rows(everything)).toHaveLength(1)
})

test('rows: the facets are never asked for, and they take more than one property', async () => {
  const { store, clients, tenantId } = open()
  const asked: (readonly string[] | undefined)[] = []
  const spying: Table = {
    ...clients.buckets,
    query: (query) => {
      asked.push(query.select)
      return clients.buckets.query(query)
    },
  }
  await store.commit([write({ aggregate: aggregate(1, 60, 50) })])
  expect(await createBucketStore({ clients: { buckets: spying }, tenantId }).rows(everything)).toHaveLength(1)
  expect(asked).toHaveLength(3)
  for (const select of asked) expect(select?.some((property) => property.startsWith('facets'))).toBe(false)
  const [stored] = await clients.buckets.query({ filter: `PartitionKey eq '${tenantId}|5m|20260115'` })
  expect(stored?.properties).toHaveProperty('facets1')
  expect(stored?.properties).toMatchObject({ stream: 'interactiveUser', signIns: 6, success: 5, failure: 1, interrupt: 0, serviceFault: 0 })
})

test('commit: breakdowns that pass the limit of a row keep fewer keys and every total, and the log hears of it', async () => {
  const said: unknown[] = []
  const { store } = open(freshTenant(), (level, message, fields) => said.push([level, message, fields]))
  const large = write({ aggregate: aggregate(1, 160, 50) })
  // Random keys that differ in every facet do not compress.
  const facetsOf = (one: Scope): Scope => ({ ...one, facets: scopeOfDifferentKeys() })
  const scopes = new Map(Array.from(large.aggregate.facets.scopes, ([id, one]) => [id, facetsOf(one)]))
  const written = { ...large, aggregate: { ...large.aggregate, facets: { ...large.aggregate.facets, scopes } } }
  expect((await store.commit([written])).committed).toHaveLength(1)
  const [read] = await store.facets(everything)
  for (const [id, one] of scopes) {
    const kept = read?.facets.scopes.get(id)
    expect(kept?.signIns).toBe(one.signIns)
    for (const facet of facetIds) {
      expect(sum(kept?.facets[facet])).toBe(sum(one.facets[facet]))
      expect(kept?.facets[facet].has(otherKey)).toBe(true)
      expect(Math.max(...[...(kept?.facets[facet] ?? [])].filter(([key]) => key !== otherKey).map(([, count]) => count))).toBe(50)
    }
  }
  expect(said).toEqual([
    ['warn', expect.any(String), { stream: 'interactiveUser', grain: '5m', start: '2026-01-15T12:00:00Z', keysKept: expect.any(Number) }],
  ])
})

const sum = (counts: ReadonlyMap<string, number> | undefined): number => [...(counts?.values() ?? [])].reduce((a, b) => a + b, 0)
const scopeOfDifferentKeys = (): Scope['facets'] => everyFacet((facet) => scope(50).facets[facet])

test('markDue: the row says so, changes its version and keeps everything else; a missing one stays missing', async () => {
  const { store, one } = open()
  const hourly = write({ grain: '1h', ledger: coarse })
  const daily = write({ grain: '1d', start: at('2026-01-15'), ledger: coarse })
  await store.commit([hourly, daily])
  const before = await one(hourly)
  const missing = write({ grain: '1h', start: noon + hour })
  await store.markDue([keyOf(missing), keyOf(hourly), keyOf(daily), keyOf(hourly)])
  const after = await one(hourly)
  expect(after).toEqual({
    ...before,
    ledger: { ...coarse, children: { ...children, due: true } },
    version: expect.not.stringMatching(before?.version ?? ''),
  })
  expect((await one(daily))?.ledger.children?.due).toBe(true)
  expect(await one(missing)).toBeUndefined()
  expect(await store.commit([{ ...hourly, replaces: before?.version }])).toMatchObject({ committed: [] })
  expect(await store.facets({ ...everything, grain: '1h' })).toMatchObject([
    { ...keyOf(hourly), due: true, facets: hourly.aggregate.facets },
  ])
})

test('noteShrunk: the row count of the smaller reading is remembered and the counts stay', async () => {
  const { store, one } = open()
  await store.noteShrunk(keyOf(write()), 3)
  expect(await one(write())).toBeUndefined()
  await store.commit([write()])
  await store.noteShrunk(keyOf(write()), 3)
  expect(await one(write())).toMatchObject({ ledger: { ...ledger, shrunkTo: 3 }, counts: aggregate(1).counts })
})

test('remove: many rows of several partitions go, missing ones are fine and the rest stays', async () => {
  const { store } = open()
  const writes = Array.from({ length: 130 }, (_, n) => write({ start: noon + n * bucketLength }))
  await store.commit(writes)
  await store.remove([...writes.slice(0, 129).map(keyOf), keyOf(write({ start: noon - bucketLength })), keyOf(write({ grain: '1d' }))])
  expect((await store.rows({ ...everything, to: noon + 2 * day })).map((row) => row.start)).toEqual([noon + 129 * bucketLength])
  await store.remove([])
})

test('commit: nothing to write asks nothing', async () => {
  const { store } = open()
  expect(await store.commit([])).toEqual({ committed: [], conflicts: [] })
})

test.each`
  story                    | properties                                                                                     | named
  ${'no ledger'}           | ${{}}                                                                                          | ${/readAt/}
  ${'counts of no format'} | ${{ readAt: '2026-01-01T00:00:00Z', rows: 1, pages: 1, malformedRows: 0, counts0: '{"v":9}' }} | ${/counts/}
`('rows: a stored row with $story is an error that names it', async ({ properties, named }) => {
  const { store, clients, tenantId } = open()
  const entity = {
    partitionKey: `${tenantId}|5m|20260115`,
    rowKey: '2026-01-15T12:00:00Z|interactiveUser',
    stream: 'interactiveUser',
    ...properties,
  }
  await clients.buckets.submit([{ kind: 'put', entity }])
  await expect(store.rows(everything)).rejects.toMatchObject({ code: 'entity-invalid', message: expect.stringMatching(named) })
})

test('rows: counts that cannot be read are an error that names the row when they are asked for', async () => {
  const { store, clients, tenantId } = open()
  const ledgerOf = { readAt: '2026-01-01T00:00:00Z', rows: 1, pages: 1, malformedRows: 0 }
  const entity = {
    partitionKey: `${tenantId}|5m|20260115`,
    rowKey: '2026-01-15T12:00:00Z|interactiveUser',
    ...ledgerOf,
    counts0: '2;what',
  }
  await clients.buckets.submit([{ kind: 'put', entity }])
  const [read] = await store.rows(everything)
  expect(read).toMatchObject({ ledger: { rows: 1 } })
  expect(() => read?.counts.cells).toThrow(
    expect.objectContaining({ code: 'entity-invalid', message: expect.stringMatching(/2026-01-15T12:00:00Z.*counts/) }),
  )
})

test('facets: rows that the first version wrote are read beside new ones', async () => {
  const { store, clients, tenantId, one } = open()
  const written = write()
  await store.commit([{ ...written, start: noon + bucketLength }])
  const entity = {
    partitionKey: `${tenantId}|5m|20260115`,
    rowKey: '2026-01-15T12:00:00Z|interactiveUser',
    stream: 'interactiveUser',
    readAt: '2026-01-01T00:00:00Z',
    rows: 613,
    pages: 1,
    malformedRows: 0,
    counts0: JSON.stringify(first.counts),
    facets0: brotliCompressSync(JSON.stringify(first.facets)),
  }
  await clients.buckets.submit([{ kind: 'put', entity }])
  expect((await one(written))?.counts.cells.get('success||0')).toBe(609)
  const stored = await store.facets(everything)
  expect(stored.map(({ facets }) => facets.scopes.get('outcome|success')?.signIns)).toEqual([
    609,
    written.aggregate.facets.scopes.get('outcome|success')?.signIns,
  ])
})

test('facets: stored bytes that are no facets are an error that names the row', async () => {
  const { store, clients, tenantId } = open()
  const entity = { partitionKey: `${tenantId}|5m|20260115`, rowKey: '2026-01-15T12:00:00Z|interactiveUser', facets0: Buffer.from('none') }
  await clients.buckets.submit([{ kind: 'put', entity }])
  const [read] = await store.facets(everything)
  const invalid = expect.objectContaining({ code: 'entity-invalid', message: expect.stringMatching(/2026-01-15T12:00:00Z.*facets/) })
  expect(() => read?.facets).toThrow(invalid)
  expect(() => read?.addTo(new FacetsSum())).toThrow(invalid)
})
