import { GraphReadError } from '../../shared/runtime/errors'
import { answeredFrom, bucketLength, widenToGrain } from '../../shared/signIns/buckets'
import { day, hour, minute, parseInstant } from '../../shared/signIns/instant'
import { useStorageEmulator } from '../support/tables'
import type { SourceReading } from './virtualLog'
import { openVirtualMonitor, type VirtualMonitor } from './virtualMonitor'

const { endpoint, freshTenant } = useStorageEmulator()
const noon = parseInstant('2026-03-10T12:02:00Z') ?? Number.NaN
const stream = 'interactiveUser'
const open = (lookbackHours: number, options: Partial<VirtualMonitor['options']> = {}): VirtualMonitor =>
  openVirtualMonitor({
    endpoint: endpoint(),
    tenantId: freshTenant(),
    now: noon,
    options: { streams: [stream], lookbackHours, ...options },
  })

const hoursOf = ({ window }: SourceReading): number => (window.to - window.from) / hour
const isPast = ({ window }: SourceReading): boolean => window.to < noon - 10 * minute

const lengthFaults = {
  'a time-out': { reason: 'timeout', status: 0 },
  'a 429': { reason: 'rateLimited', status: 429 },
  'a 504': { reason: 'serverError', status: 504 },
  'a lost place between two pages': { reason: 'serverError', status: 410 },
} as const

const tooLong =
  (hours: number, fault: keyof typeof lengthFaults) =>
  (window: SourceReading['window']): void => {
    if (window.to - window.from > hours * hour) throw new GraphReadError('The window is too long.', lengthFaults[fault])
  }

test.each(Object.keys(lengthFaults) as (keyof typeof lengthFaults)[])(
  'collectSignIns: after %s the windows are halved from tick to tick, and grow again while Graph answers',
  async (fault) => {
    const monitor = open(18)
    const longest: number[] = []
    for (const allowed of [2, 2, 2, 24, 24]) {
      const before = monitor.log.readings.length
      monitor.log.beforeReading = tooLong(allowed, fault)
      await monitor.tick()
      const past = monitor.log.readings.slice(before).filter(isPast)
      longest.push(Math.max(...past.map(hoursOf)))
      monitor.now += minute
    }
    expect(longest[0]).toBeGreaterThan(5)
    expect(longest[1]).toBeLessThanOrEqual((longest[0] ?? 0) / 2)
    expect(longest[1]).toBeGreaterThan(2)
    // Half of that is answered, the double of it is not.
    expect(longest[2]).toBeGreaterThan(2)
    expect((await monitor.progress(stream)).backfillLength).toBeGreaterThanOrEqual(6 * hour)
    expect(await monitor.progress(stream)).toMatchObject({ bucketsPending: 0 })
  },
)

test('collectSignIns: a short window that is answered does not make the next long one longer', async () => {
  const monitor = open(18)
  monitor.log.beforeReading = tooLong(1, 'a time-out')
  await monitor.tick()
  expect((await monitor.progress(stream)).backfillLength).toBeLessThanOrEqual(3 * hour)
})

test('collectSignIns: what the live edge meets shortens no window of the backfill, and the other way round', async () => {
  const monitor = open(18)
  monitor.log.beforeReading = ({ to }) => {
    if (to >= noon - 10 * minute) throw new GraphReadError('The live edge is throttled.', { reason: 'rateLimited', status: 429 })
  }
  await monitor.tick()
  expect(await monitor.progress(stream)).toMatchObject({ windowLength: 7.5 * minute, backfillLength: 6 * hour })
  expect(monitor.lines).toContainEqual(
    expect.arrayContaining(['A window was not read.', expect.objectContaining({ reason: 'live-edge', shortened: 'throttled' })]),
  )

  monitor.now += minute
  monitor.log.beforeReading = tooLong(1, 'a time-out')
  await monitor.tick()
  const { windowLength, backfillLength } = await monitor.progress(stream)
  expect(windowLength).toBeGreaterThanOrEqual(7.5 * minute)
  expect(backfillLength).toBeLessThan(6 * hour)
})

test('collectSignIns: a retention that is shorter than the lookback is learnt from the answer and kept', async () => {
  const monitor = open(96)
  const kept = 48 * hour
  monitor.log.beforeReading = ({ from }) => {
    if (from < monitor.now - kept) {
      throw new GraphReadError('Graph keeps less.', { reason: 'clientError', status: 400, earliest: monitor.now - kept })
    }
  }
  expect(await monitor.tick()).toMatchObject({ result: 'partial' })
  expect(await monitor.progress(stream)).toMatchObject({ retentionLength: kept, bucketsPending: 0 })
  const oldest = Math.min(...monitor.log.readings.filter(({ at, window }) => window.from >= at - kept).map(({ window }) => window.from))
  expect(oldest).toBeGreaterThanOrEqual(noon - kept + hour)

  const before = monitor.log.readings.length
  monitor.now += 3 * hour
  expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
  const asked = monitor.log.readings.slice(before)
  expect(asked.every(({ window }) => window.from >= monitor.now - kept + hour)).toBe(true)
})

test('collectSignIns: an answer about retention that does not fit the question is not asked for for ever', async () => {
  const monitor = open(24)
  monitor.log.beforeReading = ({ to }) => {
    if (to < noon) throw new GraphReadError('Graph keeps less.', { reason: 'clientError', status: 400, earliest: noon - 30 * day })
  }
  expect(await monitor.tick()).toMatchObject({ result: 'partial' })
  expect(monitor.log.readings.length).toBeLessThan(5)
})

test('collectSignIns: a tick that runs out of time starts no further window and goes on at the next one', async () => {
  const monitor = open(72)
  monitor.log.beforeReading = () => {
    monitor.now += 15_000
  }
  expect(await monitor.tick()).toMatchObject({ result: 'ok' })
  const first = monitor.log.readings.length
  expect(first).toBeLessThanOrEqual(3)
  const { bucketsPending } = await monitor.progress(stream)
  expect(bucketsPending).toBeGreaterThan(0)
  const { backfill } = await monitor.health()
  expect(backfill.bucketsDone + bucketsPending).toBe(backfill.bucketsTotal)
  expect(backfill.secondsLeft).toBeGreaterThan(0)
  for (let ticks = 0; ticks < 6; ticks++) {
    monitor.now += 10_000
    await monitor.tick()
  }
  expect(await monitor.progress(stream)).toMatchObject({ bucketsPending: 0 })
  expect((await monitor.health()).backfill).toMatchObject({ secondsLeft: 0 })
})

test('collectSignIns: what is older than the 5-minute retention is read and kept as hours', async () => {
  const monitor = open(60, { retention: { '5m': 1, '1h': 93, '1d': 400 } })
  for (let at = noon - 60 * hour; at < noon; at += 17 * minute) monitor.log.add({ at })
  await monitor.tick()
  expect(await monitor.progress(stream)).toMatchObject({ bucketsPending: 0 })
  const range = { from: noon - 70 * hour, to: noon, streams: [stream] } as const
  const hours = await monitor.ports.buckets.rows({ grain: '1h', ...range })
  const direct = hours.filter(({ ledger }) => ledger.children === undefined)
  expect(direct.length).toBeGreaterThan(30)
  const [fine] = await monitor.ports.buckets.rows({ grain: '5m', ...range })
  expect(fine?.start).toBe((direct.at(-1)?.start ?? 0) + hour)
  const window = { from: noon - (noon % hour) - 60 * hour, to: noon - (noon % bucketLength) }
  const { totals } = await monitor.summary({ window, grain: '1h' })
  expect(totals.signIns).toBe(monitor.log.visible(stream, window.from, window.to, monitor.now).length)
  expect(totals.series.some(([, value]) => value === null)).toBe(false)
})

test('collectSignIns: as long as an hour can be asked for by 5 minutes, both grains say the same', async () => {
  const monitor = open(6, { retention: { '5m': 1, '1h': 93, '1d': 400 } })
  const from = noon - 2 * minute - 2 * hour
  // One row of two shows only after its hour was read as complete.
  for (let at = from; at < from + hour; at += 2 * minute) monitor.log.add({ at, visibleAt: at % (4 * minute) === 0 ? at : noon + hour })
  await monitor.tick()
  for (const minutes of [-30, 0, 27, 54]) {
    monitor.now = from + 25 * hour + minutes * minute
    await monitor.tick()
    const window = widenToGrain({ from: Math.max(from, answeredFrom(monitor.now, 1)), to: from + hour }, '5m')
    const visible = monitor.log.visible(stream, window.from, window.to, monitor.now).length
    const fine = await monitor.summary({ window })
    expect([minutes, fine.totals.signIns]).toEqual([minutes, visible])
  }
  const whole = await monitor.summary({ window: { from, to: from + hour }, grain: '1h' })
  expect(whole.totals.signIns).toBe(30)
})

test.each([
  ['its end', [30, 35, 40, 45, 50, 55]],
  ['its middle', [15, 20, 25, 30, 35, 40]],
])('collectSignIns: an hour of which %s was read before it grew too old for buckets is read whole, once', async (_, minutesRead) => {
  const monitor = open(60, { retention: { '5m': 1, '1h': 93, '1d': 400 } })
  for (let at = noon - 60 * hour; at < noon; at += 7 * minute) monitor.log.add({ at })
  const oldHour = noon - (noon % hour) - 27 * hour
  // Settled, so that only the missing parts are due.
  const readAt = noon - hour
  await monitor.ports.buckets.commit(
    minutesRead.map((minutes) => ({
      stream,
      grain: '5m',
      start: oldHour + minutes * minute,
      ledger: { readAt, rows: 0, pages: 1, malformedRows: 0, rowsWhenComplete: undefined, shrunkTo: undefined, children: undefined },
      aggregate: { counts: { cells: new Map(), signals: new Map() }, facets: { scopes: new Map(), names: new Map(), evidence: new Map() } },
      replaces: undefined,
    })),
  )
  await monitor.tick()
  monitor.now += minute
  await monitor.tick()
  const readings = monitor.log.readings.filter(({ window }) => window.from < oldHour + hour && window.to > oldHour)
  expect(readings).toHaveLength(1)
  const { totals } = await monitor.summary({ window: { from: oldHour, to: oldHour + hour }, grain: '1h' })
  expect(totals.signIns).toBe(monitor.log.visible(stream, oldHour, oldHour + hour, monitor.now).length)
})

test('collectSignIns: a short lookback does not keep a bucket from its last settling age', async () => {
  const monitor = open(1)
  const at = noon - 30 * minute
  monitor.log.add({ at, visibleAt: noon + 20 * hour })
  await monitor.tick()
  monitor.now = noon + 23 * hour
  await monitor.tick()
  monitor.now = noon + 25 * hour
  await monitor.tick()
  expect((await monitor.summary({ window: { from: noon - hour - 2 * minute, to: noon - 2 * minute } })).totals.signIns).toBe(1)
  expect((await monitor.progress(stream)).settledTo).toBeGreaterThan(at)
})
