import { maintainAggregates } from '../../shared/pipelines/maintainAggregates'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { BucketStore } from '../../shared/pipelines/ports'
import { rollUpRange } from '../../shared/pipelines/rollUpBuckets'
import { zoneOffset } from '../../shared/runtime/dayZone'
import { bucketStart, bucketStarts, utc } from '../../shared/signIns/buckets'
import { day, formatInstant, hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import { useStorageEmulator } from '../support/tables'
import { readBucket } from './bucketWrites'
import { memoryBuckets } from './memoryBuckets'
import { openVirtualMonitor, type VirtualMonitor } from './virtualMonitor'

const { endpoint, freshTenant } = useStorageEmulator()
const stream = 'interactiveUser'
const at = (text: string): Instant => parseInstant(text) ?? Number.NaN
const open = (now: Instant, options: Partial<MonitorOptions> = {}): VirtualMonitor =>
  openVirtualMonitor({ endpoint: endpoint(), tenantId: freshTenant(), now, options: { streams: [stream], ...options } })
const maintain = (monitor: VirtualMonitor, buckets: BucketStore = monitor.ports.buckets): Promise<void> =>
  maintainAggregates({ ...monitor.ports, buckets }, monitor.options)
const hoursFrom = (from: Instant, hours: number) =>
  Array.from({ length: hours }, (_, index) => readBucket({ stream, grain: '1h', start: from + index * hour }, index))

test.each`
  story                                    | now                       | midnight                  | hours
  ${'spring, when the clock goes forward'} | ${'2026-03-30T12:00:00Z'} | ${'2026-03-28T23:00:00Z'} | ${23}
  ${'autumn, when it goes back'}           | ${'2026-10-26T12:00:00Z'} | ${'2026-10-24T22:00:00Z'} | ${25}
`('maintainAggregates: in $story, a local day has $hours hours', async ({ now, midnight, hours }) => {
  const monitor = open(at(now), { zone: zoneOffset('Europe/Berlin') ?? utc })
  const { buckets } = monitor.ports
  const before = hoursFrom(at(midnight) - 24 * hour, 24)
  await buckets.commit([...before, ...hoursFrom(at(midnight), hours - 1)])
  await maintain(monitor)
  const range = { grain: '1d', streams: [stream], from: at(midnight) - 2 * day, to: at(now) } as const
  const starts = async (): Promise<string[]> => (await buckets.rows(range)).map((row) => formatInstant(row.start))
  expect(await starts()).toEqual([formatInstant(at(midnight) - day)])

  await buckets.commit(hoursFrom(at(midnight), hours).slice(-1))
  await maintain(monitor)
  const [, row] = await buckets.rows(range)
  expect(row).toMatchObject({
    start: at(midnight),
    ledger: { rows: (hours * (hours - 1)) / 2, children: { expected: hours, read: hours } },
  })
})

test('maintainAggregates: a bucket goes only when a sealed hour holds its counts', async () => {
  const now = at('2026-03-20T12:00:00Z')
  const old = at('2026-03-11T00:00:00Z')
  const monitor = open(now)
  const { buckets } = monitor.ports
  const fine = bucketStarts({ from: old, to: old + 5 * hour }, '5m').map((start) => {
    // In the second hour one bucket was not read at its last settling age.
    const readAt = start === old + 90 * minute ? { readAt: start + hour } : {}
    return readBucket({ stream, grain: '5m', start }, 1, readAt)
  })
  await buckets.commit(fine)
  // The fifth hour was not made, the third changed after it was made.
  await rollUpRange('1h', { from: old, to: old + 4 * hour }, [stream], buckets)
  await buckets.markDue([{ stream, grain: '1h', start: old + 2 * hour }])
  await maintain(monitor)
  const left = await buckets.rows({ grain: '5m', streams: [stream], from: old, to: old + day })
  expect([...new Set(left.map(({ start }) => (bucketStart(start, '1h') - old) / hour))]).toEqual([1, 2, 4])
  expect(left).toHaveLength(36)
  const { totals } = await monitor.summary({ window: { from: old, to: old + 5 * hour }, grain: '1h' })
  expect(totals.signIns).toBe(60)
})

test('maintainAggregates: nothing goes before its retention is over', async () => {
  const now = at('2026-03-20T12:00:00Z')
  const young = at('2026-03-12T12:00:00Z')
  const monitor = open(now)
  const { buckets } = monitor.ports
  await buckets.commit(bucketStarts({ from: young, to: young + hour }, '5m').map((start) => readBucket({ stream, grain: '5m', start }, 1)))
  await rollUpRange('1h', { from: young, to: young + hour }, [stream], buckets)
  await maintain(monitor)
  expect(await buckets.rows({ grain: '5m', streams: [stream], from: young, to: young + hour })).toHaveLength(12)
})

test('maintainAggregates: an hour that a crash left due days ago is made again', async () => {
  const now = at('2026-03-20T12:00:00Z')
  const old = at('2026-03-14T07:00:00Z')
  const monitor = open(now, { lookbackHours: 192 })
  const { buckets } = monitor.ports
  await buckets.commit(bucketStarts({ from: old, to: old + 2 * hour }, '5m').map((start) => readBucket({ stream, grain: '5m', start }, 1)))
  await rollUpRange('1h', { from: old, to: old + hour }, [stream], buckets)
  await buckets.markDue([{ stream, grain: '1h', start: old }])
  await maintain(monitor)
  const rows = await buckets.rows({ grain: '1h', streams: [stream], from: old, to: old + day })
  expect(rows.map(({ start, ledger }) => [start - old, ledger.rows, ledger.children?.due])).toEqual([
    [0, 12, false],
    [hour, 12, false],
  ])
})

test('maintainAggregates: a month that is past its retention goes in bounded steps', async () => {
  const now = at('2026-03-20T12:00:00Z')
  const monitor = open(now)
  const buckets = memoryBuckets()
  const range = { from: now - 30 * day, to: now - 9 * day }
  await buckets.commit(bucketStarts(range, '5m').map((start) => readBucket({ stream, grain: '5m', start }, 1)))
  await buckets.commit(bucketStarts(range, '1h').map((start) => readBucket({ stream, grain: '1h', start }, 12)))
  const removed: number[] = []
  for (let runs = 0; runs < 3; runs++) {
    await maintain(monitor, buckets)
    removed.push(buckets.removed.length)
  }
  expect(removed[0]).toBe(5_000)
  expect(removed[2]).toBe(bucketStarts(range, '5m').filter((start) => start < bucketStart(now - 8 * day, '1d')).length)
  expect(buckets.removed.every(({ grain }) => grain === '5m')).toBe(true)
})

test('maintainAggregates: days go when their own retention is over', async () => {
  const now = at('2026-03-20T12:00:00Z')
  const monitor = open(now)
  const { buckets } = monitor.ports
  const days = [at('2025-02-12T00:00:00Z'), at('2025-02-14T00:00:00Z')]
  await buckets.commit(days.map((start) => readBucket({ stream, grain: '1d', start }, 1)))
  await maintain(monitor)
  const left = await buckets.rows({ grain: '1d', streams: [stream], from: at('2025-01-01T00:00:00Z'), to: now })
  expect(left.map(({ start }) => formatInstant(start))).toEqual(['2025-02-14T00:00:00Z'])
})
