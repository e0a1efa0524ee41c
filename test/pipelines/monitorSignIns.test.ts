import { GraphReadError, MonitorError } from '../../shared/runtime/errors'
import { hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { useStorageEmulator } from '../support/tables'
import { openVirtualMonitor, type VirtualMonitor } from './virtualMonitor'

const { endpoint, freshTenant } = useStorageEmulator()
const midnight = parseInstant('2026-03-10T00:00:00Z') ?? Number.NaN
const open = (now: Instant, setup: Partial<Parameters<typeof openVirtualMonitor>[0]> = {}): VirtualMonitor =>
  openVirtualMonitor({ endpoint: endpoint(), tenantId: freshTenant(), now, ...setup })

const busyHour = (setup: Partial<Parameters<typeof openVirtualMonitor>[0]> = {}): VirtualMonitor => {
  const monitor = open(midnight + 62 * minute, { ...setup, options: { streams: ['interactiveUser'], lookbackHours: 2, ...setup.options } })
  for (let at = midnight - 2 * hour; at < midnight + 3 * hour; at += minute) monitor.log.add({ at })
  return monitor
}

test('monitorSignIns: a tick reads the live edge, evaluates alerts, delivers and then fills the past', async () => {
  const monitor = busyHour()
  const steps: string[] = []
  const { alerts } = monitor.ports
  monitor.log.beforeReading = ({ to }) => void steps.push(to > monitor.now ? 'live edge' : 'backfill')
  await monitor.tick({
    alerts: {
      ...alerts,
      load: () => {
        steps.push('alerts')
        return alerts.load()
      },
      waiting: (now, most) => {
        steps.push('notifications')
        return alerts.waiting(now, most)
      },
    },
  })
  expect(steps.slice(0, 4)).toEqual(['live edge', 'alerts', 'notifications', 'backfill'])
  expect(new Set(steps.slice(3))).toEqual(new Set(['backfill']))
})

const broken = (what: string) => async (): Promise<never> => {
  throw new MonitorError('table-unavailable', `${what} are not there.`)
}

test('monitorSignIns: alerts and notifications run though nothing could be read', async () => {
  const monitor = busyHour()
  const seen: string[] = []
  const { alerts } = monitor.ports
  monitor.log.beforeReading = () => {
    throw new GraphReadError('Graph answers 503.', { reason: 'serverError', status: 503 })
  }
  const load = (): ReturnType<typeof alerts.load> => {
    seen.push('alerts')
    return alerts.load()
  }
  const waiting: typeof alerts.waiting = (...asked) => {
    seen.push('notifications')
    return alerts.waiting(...asked)
  }
  expect(await monitor.tick({ alerts: { ...alerts, load, waiting } })).toMatchObject({
    result: 'failed',
    detail: 'interactiveUser: Graph answers 503.',
  })
  expect(seen).toEqual(['alerts', 'notifications'])
  expect((await monitor.health()).lastRun).toMatchObject({ result: 'failed', detail: 'interactiveUser: Graph answers 503.' })
})

test('monitorSignIns: sign-ins are read and the past is filled though alerts cannot be stored', async () => {
  const monitor = busyHour()
  const { alerts } = monitor.ports
  expect(await monitor.tick({ alerts: { ...alerts, load: broken('Alerts'), waiting: broken('Notifications') } })).toMatchObject({
    result: 'partial',
    detail: 'alerts: Alerts are not there. notifications: Notifications are not there.',
  })
  expect(await monitor.progress('interactiveUser')).toMatchObject({ bucketsPending: 0, completeTo: midnight + 50 * minute })
})

test('monitorSignIns: the run ends and can be taken again though every step throws', async () => {
  const monitor = busyHour()
  await monitor.tick()
  const { alerts, buckets, runs } = monitor.ports
  const rows = broken('Buckets')
  monitor.now += minute
  // Another object, as another process has it: it remembers nothing of the run before.
  const ports = { runs: { ...runs }, buckets: { ...buckets, rows, facets: rows }, alerts: { ...alerts, load: rows, waiting: rows } }
  expect(await monitor.tick(ports)).toMatchObject({ result: 'failed', detail: expect.stringContaining('gather: Buckets are not there.') })
  const run = await monitor.ports.runs.read()
  expect(run).toMatchObject({ owner: undefined, lastRun: { result: 'failed', endedAt: monitor.now } })
  // What the run before knew of the streams is still there.
  expect(run?.progress).toMatchObject([{ stream: 'interactiveUser', completeTo: midnight + 50 * minute }])
  expect(await monitor.tick()).toMatchObject({ result: 'ok' })
})

test('monitorSignIns: an error of a foreign kind is told by its kind alone', async () => {
  const monitor = busyHour()
  monitor.log.beforeReading = () => {
    throw new TypeError('cannot read somebody@company.example')
  }
  expect(await monitor.tick()).toMatchObject({ result: 'failed', detail: 'interactiveUser: An unexpected TypeError stopped this step.' })
  expect(JSON.stringify(monitor.lines)).not.toContain('somebody')
})

test('monitorSignIns: an instance that finds the run taken does nothing and leaves the last run as it is', async () => {
  const monitor = busyHour()
  await monitor.tick()
  monitor.now += minute
  await monitor.ports.runs.take('instance-2', monitor.now, 30)
  const before = await monitor.ports.runs.read()
  const readings = monitor.log.readings.length
  expect(await monitor.tick()).toBeUndefined()
  expect(monitor.log.readings).toHaveLength(readings)
  expect(await monitor.ports.runs.read()).toEqual(before)
})

test('monitorSignIns: a run that was taken over stops reading and leaves the rest to the other instance', async () => {
  const monitor = busyHour()
  const { alerts, runs } = monitor.ports
  const load = jest.fn(alerts.load)
  monitor.log.beforeReading = async () => {
    monitor.now += 31_000
    await runs.take('instance-2', monitor.now, 30)
  }
  expect(await monitor.tick({ alerts: { ...alerts, load } })).toMatchObject({
    result: 'partial',
    detail: 'lease: Another instance took the run over.',
  })
  expect(monitor.log.readings).toHaveLength(1)
  expect(load).not.toHaveBeenCalled()
  const after = await runs.read()
  expect([after?.owner, after?.lastRun?.startedAt, after?.lastRun?.endedAt]).toEqual(['instance-2', monitor.now, undefined])
})

test('monitorSignIns: a run knows what the run before it has sent, and how long Graph wants to be left alone', async () => {
  const monitor = busyHour()
  const state = { requestTimes: [monitor.now - 1_000], retryAfterUntil: monitor.now + hour }
  const restore = jest.fn()
  const signIns = { ...monitor.ports.signIns, budget: { restore, state: () => state, available: () => 1_000 } }
  await monitor.tick({ signIns })
  expect(restore).not.toHaveBeenCalledWith(state)
  monitor.now += minute
  await monitor.tick({ signIns })
  expect(restore).toHaveBeenLastCalledWith(state)
})

test('monitorSignIns: four streams hold the run together', async () => {
  const monitor = busyHour({ options: { streams: streamIds } })
  expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
  expect(await monitor.progress('managedIdentity')).toMatchObject({ bucketsPending: 0 })
})

test('monitorSignIns: a row without a readable time counts at the time of the row before it and is called malformed', async () => {
  const monitor = open(midnight + hour, { options: { streams: ['interactiveUser'], lookbackHours: 1 } })
  const first = midnight + 10 * minute
  monitor.log.add({ at: first, row: { createdDateTime: 'yesterday' } })
  monitor.log.add({ at: first + 6 * minute })
  monitor.log.add({ at: first + 7 * minute, row: { createdDateTime: undefined } })
  monitor.log.add({ at: first + 8 * minute, row: { status: {} } })
  await monitor.tick()
  const rows = await monitor.ports.buckets.rows({ grain: '5m', streams: ['interactiveUser'], from: midnight, to: midnight + hour })
  const counted = rows
    .filter(({ ledger }) => ledger.rows > 0)
    .map(({ start, ledger }) => [start - midnight, ledger.rows, ledger.malformedRows])
  const [window] = monitor.log.readings.filter(({ window: { from, to } }) => from <= first && first < to)
  expect(counted).toEqual([
    [(window?.window.from ?? 0) - midnight, 1, 1],
    [15 * minute, 3, 2],
  ])
  expect(await monitor.progress('interactiveUser')).toMatchObject({ malformedRows: 3 })
  const { failures, totals } = await monitor.summary({ window: { from: midnight, to: midnight + hour } })
  expect(totals.signIns).toBe(4)
  expect(failures.flatMap(({ classes }) => classes).map(({ id, signIns }) => [id, signIns])).toEqual([['other.no-code', 1]])
})

test('monitorSignIns: a row of two event types counts once, in the first stream that is enabled', async () => {
  const both: StreamId[] = ['interactiveUser', 'nonInteractiveUser']
  for (const { streams, counts } of [
    { streams: both, counts: [1, 0] },
    { streams: ['nonInteractiveUser'] as const, counts: [1] },
  ]) {
    const monitor = open(midnight + hour, { options: { streams, lookbackHours: 1 } })
    monitor.log.add({ at: midnight + 10 * minute, streams: both })
    await monitor.tick()
    const window = { from: midnight, to: midnight + hour }
    const found = await Promise.all(streams.map((stream) => monitor.summary({ window, streams: [stream] })))
    expect(found.map(({ totals }) => totals.signIns)).toEqual(counts)
  }
})

test('monitorSignIns: of a row that repeats across pages and changes in between the last version counts', async () => {
  const monitor = open(midnight + hour, { options: { streams: ['interactiveUser'], lookbackHours: 1 } })
  const { versions } = monitor.log.add({ at: midnight + 10 * minute, errorCode: 50126 })
  const changed = { ...versions[0]?.row, status: { errorCode: 0 } }
  monitor.log.pagesOf = (_window, [page = []]) => [page, [], page.length > 0 ? [changed] : []]
  await monitor.tick()
  const { totals } = await monitor.summary({ window: { from: midnight, to: midnight + hour } })
  expect(totals).toMatchObject({ signIns: 1, success: 1, failure: 0 })
})

test('monitorSignIns: rows that come after their bucket was complete are counted as late', async () => {
  const monitor = open(midnight + 30 * minute, { options: { streams: ['interactiveUser'], lookbackHours: 1 } })
  monitor.log.add({ at: midnight + 10 * minute })
  monitor.log.add({ at: midnight + 11 * minute, visibleAt: midnight + hour })
  monitor.log.add({ at: midnight + 12 * minute, visibleAt: midnight + hour })
  await monitor.tick()
  expect(await monitor.progress('interactiveUser')).toMatchObject({ lateRows: 0 })
  monitor.now = midnight + 2 * hour
  await monitor.tick()
  expect(await monitor.progress('interactiveUser')).toMatchObject({ lateRows: 2 })
})

test('monitorSignIns: the log says how old the numbers of the stream that lags most are', async () => {
  const monitor = busyHour()
  const ages: unknown[] = []
  const log: VirtualMonitor['ports']['log'] = (_level, message, fields) => {
    if (message === 'A run ended.') ages.push(fields?.['completeToAgeMinutes'])
  }
  await monitor.tick({ log })
  // At 01:02 buckets count as complete up to 00:50, ten minutes after their end.
  expect(ages).toEqual([12])
})
