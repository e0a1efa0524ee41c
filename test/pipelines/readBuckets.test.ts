import fc from 'fast-check'
import type { Facets } from '../../shared/aggregates/aggregate'
import type { BucketRow } from '../../shared/aggregates/bucketRow'
import { FacetsSum } from '../../shared/aggregates/merge'
import type { BucketStore } from '../../shared/pipelines/ports'
import { addFacets, type ReadQuery, readCounts, wasRead } from '../../shared/pipelines/readBuckets'
import { rollUpRange } from '../../shared/pipelines/rollUpBuckets'
import { zoneOffset } from '../../shared/runtime/dayZone'
import { bucketEnd, bucketStart, bucketStarts, type Grain, type TimeRange, utc, type ZoneOffset } from '../../shared/signIns/buckets'
import { day, hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import type { StreamId } from '../../shared/signIns/streams'
import { useStorageEmulator } from '../support/tables'
import { readBucket } from './bucketWrites'
import { memoryBuckets } from './memoryBuckets'
import { openVirtualMonitor } from './virtualMonitor'

const { endpoint, freshTenant } = useStorageEmulator()
const streams: readonly StreamId[] = ['interactiveUser', 'servicePrincipal']
/** Berlin sets its clock forward in the second night. */
const start = parseInstant('2026-03-28T00:00:00Z') ?? Number.NaN
const everything = { from: start - day, to: start + 4 * day }
const zones: readonly ZoneOffset[] = [
  utc,
  zoneOffset('Asia/Tokyo') ?? utc,
  zoneOffset('America/New_York') ?? utc,
  zoneOffset('Europe/Berlin') ?? utc,
]

interface Story {
  readonly zone: ZoneOffset
  /** By the number of the 5-minute bucket. */
  readonly isMissing: (bucket: number) => boolean
  readonly isRolledUp: (hour: number) => boolean
  readonly changes: (bucket: number) => boolean
  readonly daysAreMade: boolean
  readonly window: TimeRange
}

const share = (percent: number) => (seed: number) => (index: number) => (Math.imul(index + 1, seed * 2 + 1) >>> 8) % 100 < percent

const story: fc.Arbitrary<Story> = fc.record({
  zone: fc.constantFrom(...zones),
  isMissing: fc.oneof(
    fc.constant(() => false),
    fc.nat(1e9).map(share(3)),
  ),
  isRolledUp: fc.oneof(
    fc.constant(() => true),
    fc.nat(1e9).map(share(60)),
  ),
  changes: fc.oneof(
    fc.constant(() => false),
    fc.nat(1e9).map(share(2)),
  ),
  daysAreMade: fc.boolean(),
  window: fc
    .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 500 }))
    .map(([from, length]) => ({ from: start + from * 5 * minute, to: start + (from + length) * 5 * minute })),
})

/** Buckets of three days, hours and days made of some of them, and then some buckets that change under what was made. */
async function storedAs({ zone, isMissing, isRolledUp, changes, daysAreMade }: Story) {
  const buckets = memoryBuckets()
  const starts = bucketStarts({ from: start, to: start + 3 * day }, '5m')
  const fine = streams.flatMap((stream, offset) =>
    starts.flatMap((at, index) =>
      isMissing(index + offset) ? [] : [readBucket({ stream, grain: '5m', start: at }, (index * (offset + 1)) % 7)],
    ),
  )
  await buckets.commit(fine)
  for (const [index, at] of bucketStarts({ from: start, to: start + 3 * day }, '1h').entries()) {
    if (isRolledUp(index)) await rollUpRange('1h', { from: at, to: at + hour }, streams, buckets)
  }
  if (daysAreMade) await rollUpRange('1d', { from: bucketStart(start, '1d', zone), to: start + 3 * day }, streams, buckets, zone)
  for (const { row } of (await buckets.rows({ grain: '5m', streams, from: start, to: start + 3 * day })).map((row) => ({ row }))) {
    if (!changes((row.start - start) / (5 * minute))) continue
    const above = [bucketStart(row.start, '1h'), bucketStart(row.start, '1d', zone)] as const
    await buckets.markDue([
      { stream: row.stream, grain: '1h', start: above[0] },
      { stream: row.stream, grain: '1d', start: above[1] },
    ])
    await buckets.commit([readBucket(row, row.ledger.rows + 100, { replaces: row.version })])
  }
  return buckets
}

const readFacets = async (buckets: BucketStore, query: Omit<ReadQuery, 'grain'>): Promise<Facets> => {
  const sum = new FacetsSum()
  await addFacets(sum, buckets, query)
  return sum.facets()
}

const sumOf = (rows: readonly BucketRow[], stream: StreamId, range: TimeRange): number =>
  rows
    .filter((row) => row.stream === stream && row.start >= range.from && row.start < range.to)
    .reduce((sum, { ledger }) => sum + ledger.rows, 0)

test('readCounts: every grain is the sum of its 5-minute rows, whatever was made of them and has changed since', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (given) => {
      const { zone } = given
      const buckets = await storedAs(given)
      const fine = await buckets.rows({ grain: '5m', streams, ...everything })
      for (const grain of ['5m', '1h', '1d'] satisfies Grain[]) {
        const range = { from: bucketStart(start, grain, zone), to: bucketEnd(bucketStart(start + 3 * day - 1, grain, zone), grain, zone) }
        const found = await readCounts(buckets, { ...range, grain, streams, zone })
        expect([...found.keys()]).toEqual(bucketStarts(range, grain, zone))
        for (const [at, byStream] of found) {
          for (const stream of streams) {
            const counted = byStream.get(stream)?.counts.cells.get('success||0') ?? 0
            expect(counted).toBe(sumOf(fine, stream, { from: at, to: bucketEnd(at, grain, zone) }))
          }
        }
      }
    }),
    { numRuns: 30 },
  )
}, 60_000)

test('addFacets: the breakdowns of any window are those of its 5-minute rows', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (given) => {
      const { zone, window } = given
      const buckets = await storedAs(given)
      const fine = await buckets.rows({ grain: '5m', streams, ...everything })
      const total = streams.reduce((sum, stream) => sum + sumOf(fine, stream, window), 0)
      for (const range of [window, { from: start, to: start + 3 * day }]) {
        const expected = range === window ? total : streams.reduce((sum, stream) => sum + sumOf(fine, stream, range), 0)
        const scope = (await readFacets(buckets, { ...range, streams, zone })).scopes.get('outcome|success')
        expect([scope?.signIns ?? 0, scope?.facets.apps.get('payroll') ?? 0]).toEqual([expected, expected])
      }
    }),
    { numRuns: 30 },
  )
}, 60_000)

test('addFacets: a day that was made under another zone is not counted beside its own hours', async () => {
  const buckets = await storedAs({
    zone: zones[1] ?? utc,
    isMissing: () => false,
    isRolledUp: () => true,
    changes: () => false,
    daysAreMade: true,
    window: everything,
  })
  expect(await buckets.rows({ grain: '1d', streams, ...everything })).not.toEqual([])
  const fine = await buckets.rows({ grain: '5m', streams, ...everything })
  const expected = streams.reduce((sum, stream) => sum + sumOf(fine, stream, everything), 0)
  const scope = (await readFacets(buckets, { from: start, to: start + 3 * day, streams, zone: utc })).scopes.get('outcome|success')
  expect(scope?.signIns).toBe(expected)
})

test('addFacets: what no day can hold is asked for before the days have answered', async () => {
  const buckets = memoryBuckets()
  let daysCame: (() => void) | undefined
  const asked: Grain[] = []
  const slow: BucketStore = {
    ...buckets,
    facets: async (query) => {
      asked.push(query.grain)
      if (query.grain === '1d') await new Promise<void>((resolve) => (daysCame = resolve))
      return buckets.facets(query)
    },
  }
  const reading = readFacets(slow, { from: start - 70 * minute, to: start + 3 * day + 65 * minute, streams, zone: utc })
  expect([...asked].sort()).toEqual(['1d', '1h', '1h', '5m', '5m'])
  daysCame?.()
  await reading
})

test.each`
  story                                    | parts         | readTo       | read
  ${'all of it was read'}                  | ${[0, 5, 10]} | ${15}        | ${true}
  ${'a bucket is missing'}                 | ${[0, 10]}    | ${15}        | ${false}
  ${'what is missing is not over yet'}     | ${[0, 5]}     | ${10}        | ${true}
  ${'nothing of the stream was ever read'} | ${[0]}        | ${undefined} | ${false}
  ${'one row stands for all of it'}        | ${undefined}  | ${15}        | ${true}
`('wasRead: $read when $story', ({ parts, readTo, read }: { parts?: number[]; readTo?: number; read: boolean }) => {
  const counts = { cells: new Map(), signals: new Map() }
  const at = (minutes: number): Instant => start + minutes * minute
  const found = { counts, parts: parts && new Set(parts.map(at)), readAt: start, versions: [] }
  expect(wasRead(found, { from: start, to: at(15) }, readTo === undefined ? undefined : at(readTo))).toBe(read)
})

test('answerSummary: an explicit end takes in the open bucket, and what was read of it counts', async () => {
  const now = start + 2 * hour + 3 * minute
  const monitor = openVirtualMonitor({
    endpoint: endpoint(),
    tenantId: freshTenant(),
    now,
    options: { streams: ['interactiveUser'], lookbackHours: 2 },
  })
  for (const minutes of [-20, -4, -1]) monitor.log.add({ at: now + minutes * minute })
  await monitor.tick()
  const open = start + 2 * hour
  const { totals, completeness } = await monitor.summary({ window: { from: open - 30 * minute, to: open + 5 * minute } })
  expect(totals.series.map(([, value]) => value?.signIns)).toEqual([0, 0, 1, 0, 0, 1, 1])
  expect(completeness).toMatchObject({ complete: false, completeTo: '2026-03-28T01:50:00Z', readTo: '2026-03-28T02:00:00Z' })
  const closed = await monitor.summary({ window: { from: open - 30 * minute, to: open - 10 * minute } })
  expect([closed.totals.signIns, closed.completeness.complete]).toEqual([1, true])
})

test('answerSummary: the hour that is not over has a number, and an hour with a hole in it has none', async () => {
  const now = start + 3 * hour + 33 * minute
  const monitor = openVirtualMonitor({
    endpoint: endpoint(),
    tenantId: freshTenant(),
    now,
    options: { streams: ['interactiveUser'], lookbackHours: 3 },
  })
  for (let at = start; at < now; at += 10 * minute) monitor.log.add({ at })
  await monitor.tick()
  const hole = start + hour + 20 * minute
  await monitor.ports.buckets.remove([
    { stream: 'interactiveUser', grain: '1h', start: start + hour },
    { stream: 'interactiveUser', grain: '5m', start: hole },
  ])
  const { totals } = await monitor.summary({ window: { from: start + hour, to: start + 4 * hour }, grain: '1h' })
  expect(totals.series.map(([, value]) => value?.signIns)).toEqual([undefined, 6, 4])
  expect(totals.signIns).toBe(15)
})
