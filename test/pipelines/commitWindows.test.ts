import type { BucketRow, BucketWrite } from '../../shared/aggregates/bucketRow'
import { emptyFacets } from '../../shared/aggregates/merge'
import type { BucketStore, Ports, RunStore } from '../../shared/pipelines/ports'
import { MonitorError } from '../../shared/runtime/errors'
import { formatInstant, hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import { useStorageEmulator } from '../support/tables'
import { openVirtualMonitor, type VirtualMonitor } from './virtualMonitor'

const { endpoint, freshTenant } = useStorageEmulator()
const noon = parseInstant('2026-03-10T12:00:00Z') ?? Number.NaN
const stream = 'interactiveUser'
const open = (now: Instant, lookbackHours = 1): VirtualMonitor =>
  openVirtualMonitor({ endpoint: endpoint(), tenantId: freshTenant(), now, options: { streams: [stream], lookbackHours } })
const bucketAt = async (monitor: VirtualMonitor, start: Instant): Promise<BucketRow | undefined> =>
  (await monitor.ports.buckets.rows({ grain: '5m', streams: [stream], from: start, to: start + 1 }))[0]
const rowsAt = async (monitor: VirtualMonitor, start: Instant): Promise<number | undefined> => (await bucketAt(monitor, start))?.ledger.rows

/** A bucket of ten sign-ins at noon, read as complete; the next reading of it is at 14:00. */
async function tenAtNoon(): Promise<VirtualMonitor> {
  const monitor = open(noon + 20 * minute)
  for (let count = 0; count < 10; count++) monitor.log.add({ at: noon + count * 20_000 })
  await monitor.tick()
  expect(await rowsAt(monitor, noon)).toBe(10)
  monitor.now = noon + 2 * hour
  return monitor
}
const answerNothing = (monitor: VirtualMonitor): void => {
  monitor.log.pagesOf = () => [[]]
}

test('commitWindow: a falsely empty answer erases nothing, and the next good one is taken', async () => {
  const monitor = await tenAtNoon()
  answerNothing(monitor)
  await monitor.tick()
  expect((await bucketAt(monitor, noon))?.ledger).toMatchObject({ rows: 10, shrunkTo: 0, readAt: noon + 20 * minute })
  expect((await monitor.summary({ window: { from: noon, to: noon + hour } })).totals.signIns).toBe(10)

  monitor.log.pagesOf = (_window, pages) => pages
  monitor.now += minute
  await monitor.tick()
  const { ledger } = (await bucketAt(monitor, noon)) ?? {}
  expect([ledger?.rows, ledger?.shrunkTo, ledger?.readAt]).toEqual([10, undefined, monitor.now])
})

test('commitWindow: a second reading that agrees makes a bucket smaller', async () => {
  const monitor = await tenAtNoon()
  answerNothing(monitor)
  await monitor.tick()
  monitor.now += minute
  await monitor.tick()
  expect((await bucketAt(monitor, noon))?.ledger).toMatchObject({ rows: 0, readAt: monitor.now })
  expect((await monitor.summary({ window: { from: noon, to: noon + hour }, grain: '1h' })).totals.signIns).toBe(0)
})

test('commitWindow: two smaller readings that disagree wait for a third', async () => {
  const monitor = await tenAtNoon()
  const give = (rows: number): void => {
    monitor.log.pagesOf = (_window, pages) => [pages.flat().slice(0, rows)]
  }
  for (const { rows, stored } of [
    { rows: 3, stored: 10 },
    { rows: 5, stored: 10 },
    { rows: 5, stored: 5 },
  ]) {
    give(rows)
    // The pages repeat rows at their borders; there is one page here.
    await monitor.tick()
    expect(await rowsAt(monitor, noon)).toBe(stored)
    monitor.now += minute
  }
})

/** What another instance writes while a reading goes on. */
const otherReading = (before: BucketRow | undefined, readAt: Instant, rows: number): BucketWrite => ({
  stream,
  grain: '5m',
  start: noon,
  ledger: { readAt, rows, pages: 1, malformedRows: 0, rowsWhenComplete: rows, shrunkTo: undefined, children: undefined },
  aggregate: { counts: { cells: new Map([['success||0', rows]]), signals: new Map() }, facets: emptyFacets },
  replaces: before?.version,
})

test.each`
  story                                           | startedLater | theirs | ours  | stored
  ${'another reading that started later stands'}  | ${minute}    | ${12}  | ${10} | ${12}
  ${'a later one stands though it found less'}    | ${minute}    | ${8}   | ${10} | ${8}
  ${'ours stands over one that started earlier'}  | ${-minute}   | ${8}   | ${10} | ${10}
  ${'ours erases nothing of one that found more'} | ${-minute}   | ${12}  | ${0}  | ${12}
`('commitWindow: when two instances read at once, $story', async ({ startedLater, theirs, ours, stored }) => {
  const monitor = await tenAtNoon()
  let done = false
  monitor.log.beforeReading = async ({ from, to }) => {
    if (done || from > noon || to <= noon) return
    done = true
    await monitor.ports.buckets.commit([otherReading(await bucketAt(monitor, noon), monitor.now + startedLater, theirs)])
  }
  if (ours === 0) answerNothing(monitor)
  await monitor.tick()
  expect(done).toBe(true)
  expect(await rowsAt(monitor, noon)).toBe(stored)
})

test('commitWindow: a bucket that was only just written by another instance is not taken for missing', async () => {
  const monitor = open(noon + 20 * minute)
  for (let count = 0; count < 10; count++) monitor.log.add({ at: noon + count * 20_000 })
  let done = false
  monitor.log.beforeReading = async ({ from, to }) => {
    if (done || from > noon || to <= noon) return
    done = true
    await monitor.ports.buckets.commit([otherReading(undefined, monitor.now - minute, 9)])
  }
  await monitor.tick()
  expect([done, await rowsAt(monitor, noon)]).toEqual([true, 10])
})

/** Ports that stop working for good after one of their effects, as a process does that is killed there. */
function dyingPorts(ports: Ports, effect: number): { readonly ports: Ports; readonly died: () => boolean } {
  let effects = 0
  let dead = false
  const killed = (): never => {
    dead = true
    throw new MonitorError('table-unavailable', 'The process was killed.')
  }
  const mortal =
    <Given extends unknown[], Result>(act: (...given: Given) => Promise<Result>, isEffect: boolean) =>
    async (...given: Given): Promise<Result> => {
      if (dead) killed()
      if (!isEffect) return act(...given)
      effects += 1
      const result = await act(...given)
      if (effects === effect) killed()
      return result
    }
  const { buckets, runs } = ports
  const dyingBuckets: BucketStore = {
    rows: mortal(buckets.rows, false),
    facets: mortal(buckets.facets, false),
    commit: mortal(buckets.commit, true),
    markDue: mortal(buckets.markDue, true),
    noteShrunk: mortal(buckets.noteShrunk, true),
    remove: mortal(buckets.remove, true),
  }
  const dyingRuns: RunStore = {
    take: runs.take,
    read: runs.read,
    renew: mortal(runs.renew, true),
    finish: mortal(runs.finish, true),
  }
  return { ports: { ...ports, buckets: dyingBuckets, runs: dyingRuns }, died: () => dead }
}

test('commitWindow: after a crash between any two effects no stale hour is used, and the next tick mends everything', async () => {
  const monitor = open(noon + 11 * minute, 3)
  for (let at = noon - 3 * hour; at < noon + 30 * hour; at += 5 * minute) monitor.log.add({ at })
  await monitor.tick()
  let crashes = 0
  for (let effect = 1; ; effect++) {
    // One hour on, three rows of the hour that settles then have come late, and one of the hour that closes.
    monitor.now += hour
    const settling = monitor.now - 71 * minute - hour
    for (const at of [0, 20, 40]) monitor.log.add({ at: settling + at * minute, visibleAt: monitor.now })
    const dying = dyingPorts(monitor.ports, effect)
    await monitor.tick(dying.ports).catch(() => undefined)
    if (!dying.died()) break
    crashes += 1
    const window = { from: noon - 3 * hour, to: settling + 2 * hour }
    const [fine, hours] = [await monitor.summary({ window, grain: '5m' }), await monitor.summary({ window, grain: '1h' })]
    expect([crashes, hours.totals.signIns]).toEqual([crashes, fine.totals.signIns])
    expect(hours.totals.top.apps).toEqual(fine.totals.top.apps)

    monitor.now += minute
    expect(await monitor.tick()).toMatchObject({ result: 'ok' })
    const visible = monitor.log.visible(stream, window.from, window.to, monitor.now).length
    const mended = await monitor.summary({ window, grain: '1h' })
    expect([formatInstant(monitor.now), mended.totals.signIns]).toEqual([formatInstant(monitor.now), visible])
    monitor.now -= minute
  }
  expect(crashes).toBeGreaterThanOrEqual(8)
})

test('commitWindow: an hour that was made by a clock that ran ahead is not used once something of it was read again', async () => {
  const monitor = open(noon + 30 * minute, 2)
  for (let at = noon; at < monitor.now; at += 5 * minute) monitor.log.add({ at })
  const ahead = { clock: () => monitor.now + 41 * minute }
  await monitor.tick(ahead)
  const window = { from: noon, to: noon + hour }
  const hourOf = (): Promise<BucketRow[]> => monitor.ports.buckets.rows({ grain: '1h', streams: [stream], ...window })
  expect((await hourOf()).map(({ ledger }) => [ledger.rows, ledger.children?.due])).toEqual([[6, false]])

  monitor.log.add({ at: noon + 29 * minute, visibleAt: monitor.now + minute })
  monitor.now += minute
  await monitor.tick(ahead)
  expect((await hourOf()).map(({ ledger }) => ledger.children?.due)).toEqual([true])
  expect((await monitor.summary({ window, grain: '1h' })).totals.signIns).toBe(7)
})
