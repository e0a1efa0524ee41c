import { isHealthy } from '../../shared/pipelines/answerHealth'
import { GraphReadError } from '../../shared/runtime/errors'
import { type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import type { StreamProgress, StreamState } from '../../shared/signIns/streamState'
import type { StreamId } from '../../shared/signIns/streams'
import { useStorageEmulator } from '../support/tables'
import { openVirtualMonitor, type VirtualMonitor } from './virtualMonitor'

const { endpoint, freshTenant } = useStorageEmulator()
const noon = parseInstant('2026-03-10T12:02:00Z') ?? Number.NaN
const open = (): VirtualMonitor => {
  const monitor = openVirtualMonitor({ endpoint: endpoint(), tenantId: freshTenant(), now: noon, options: { lookbackHours: 1 } })
  for (let at = noon - 60 * minute; at < noon + 120 * minute; at += minute) {
    monitor.log.add({ at, streams: [at % (2 * minute) === 0 ? 'interactiveUser' : 'nonInteractiveUser'] })
  }
  return monitor
}
const refuse = (monitor: VirtualMonitor, streams: readonly StreamId[], refusal: 'forbidden' | 'unlicensed' = 'forbidden'): void => {
  monitor.log.beforeReading = ({ stream }) => {
    if (streams.includes(stream)) throw new GraphReadError('Graph answers 403.', { reason: 'authError', status: 403, refusal })
  }
}
const stateOf = async (monitor: VirtualMonitor, stream: StreamId): Promise<StreamState | undefined> =>
  (await monitor.health()).streams.find((one) => one.stream === stream)?.state

test.each(['forbidden', 'unlicensed'] as const)(
  'refusals: a stream that never worked is %s at once, and the others go on',
  async (refusal) => {
    const monitor = open()
    refuse(monitor, ['nonInteractiveUser'], refusal)
    expect(await monitor.tick()).toMatchObject({
      result: 'partial',
      detail: expect.stringContaining('nonInteractiveUser: Graph answers 403.'),
    })
    const health = await monitor.health()
    expect(health.streams.map(({ stream, state }) => [stream, state])).toEqual([
      ['interactiveUser', 'current'],
      ['nonInteractiveUser', refusal],
      ['servicePrincipal', 'disabled'],
      ['managedIdentity', 'disabled'],
    ])
    expect([health.status, isHealthy(health)]).toEqual(['degraded', true])
    // One question a tick is enough to learn that it is over.
    expect(monitor.log.readings.filter(({ window }) => window.stream === 'nonInteractiveUser')).toHaveLength(1)
  },
)

test('refusals: what a refused stream cannot give is left out of the sum and named, and leaves no hole', async () => {
  const monitor = open()
  refuse(monitor, ['nonInteractiveUser'])
  await monitor.tick()
  const window = { from: noon - 32 * minute, to: noon - 2 * minute }
  const { completeness, totals } = await monitor.summary({ window })
  expect(completeness).toMatchObject({ excluded: ['nonInteractiveUser'], complete: false })
  expect(totals.series.map(([, value]) => value?.signIns)).toEqual([3, 2, 3, 2, 3, 2])
})

test('refusals: a stream that should be readable and was not read leaves holes, never zeros', async () => {
  const monitor = open()
  monitor.log.beforeReading = ({ stream }) => {
    if (stream === 'nonInteractiveUser') throw new GraphReadError('Graph answers 503.', { reason: 'serverError', status: 503 })
  }
  await monitor.tick()
  const { completeness, totals } = await monitor.summary({ window: { from: noon - 12 * minute, to: noon - 2 * minute } })
  expect(completeness).toMatchObject({ excluded: [], complete: false, completeTo: null, readTo: null })
  expect(totals.series.map(([, value]) => value)).toEqual([null, null])
  expect(totals.signIns).toBe(5)
})

test('refusals: a stream that worked is refused only after 15 minutes of it, and works again when Graph answers', async () => {
  const monitor = open()
  await monitor.tick()
  expect(isHealthy(await monitor.health())).toBe(true)
  refuse(monitor, ['nonInteractiveUser'])
  await monitor.tickUntil(noon + 5 * minute)
  expect(await stateOf(monitor, 'nonInteractiveUser')).toBe('current')
  await monitor.tickUntil(noon + 15 * minute)
  expect(await stateOf(monitor, 'nonInteractiveUser')).toBe('current')
  await monitor.tickUntil(noon + 20 * minute)
  expect(await stateOf(monitor, 'nonInteractiveUser')).toBe('forbidden')
  expect((await monitor.progress('nonInteractiveUser')).refusal).toMatchObject({ state: 'forbidden', since: noon + 5 * minute })

  monitor.log.beforeReading = () => undefined
  await monitor.tickUntil(noon + 25 * minute)
  expect(await stateOf(monitor, 'nonInteractiveUser')).toBe('current')
  const { refusal, detail, bucketsPending } = await monitor.progress('nonInteractiveUser')
  expect([refusal, detail, bucketsPending]).toEqual([undefined, undefined, 0])
  expect((await monitor.summary({ window: { from: noon - 2 * minute, to: noon + 23 * minute } })).totals.signIns).toBe(25)
})

test('refusals: with every stream refused nothing is readable and the monitor is failing', async () => {
  const monitor = open()
  refuse(monitor, ['interactiveUser', 'nonInteractiveUser'])
  expect(await monitor.tick()).toMatchObject({ result: 'failed' })
  const health = await monitor.health()
  expect([health.status, isHealthy(health)]).toEqual(['failing', false])
})

const progressAt = (stream: StreamId, readTo: Instant | undefined, lastCommitAt: Instant | undefined): StreamProgress => ({
  stream,
  completeFrom: undefined,
  completeTo: undefined,
  readTo,
  settledTo: undefined,
  bucketsPending: 0,
  unsettledBuckets: 0,
  lateRows: 0,
  malformedRows: 0,
  lastCommitAt,
  refusal: undefined,
  detail: undefined,
})

test.each`
  story                                                     | lag          | sinceCommit  | state         | status        | healthy
  ${'the newest bucket is 20 minutes old'}                  | ${20}        | ${20}        | ${'current'}  | ${'ok'}       | ${true}
  ${'it is older and something was committed lately'}       | ${21}        | ${15}        | ${'behind'}   | ${'degraded'} | ${false}
  ${'it is older and nothing was committed for 16 minutes'} | ${21}        | ${16}        | ${'stalled'}  | ${'failing'}  | ${false}
  ${'nothing was read yet'}                                 | ${undefined} | ${undefined} | ${'starting'} | ${'starting'} | ${false}
`('answerHealth: when $story the stream is $state by the clock', async ({ lag, sinceCommit, state, status, healthy }) => {
  const monitor = openVirtualMonitor({
    endpoint: endpoint(),
    tenantId: freshTenant(),
    now: noon,
    options: { streams: ['interactiveUser'] },
  })
  const ago = (minutes: number | undefined): Instant | undefined => (minutes === undefined ? undefined : noon - minutes * minute)
  await monitor.ports.runs.take('instance-1', noon, 30)
  await monitor.ports.runs.finish('instance-1', {
    lastRun: { startedAt: noon, endedAt: noon, result: 'ok', detail: '' },
    budget: { requestTimes: [], retryAfterUntil: undefined },
    progress: [progressAt('interactiveUser', ago(lag), ago(sinceCommit))],
    backfill: { bucketsDone: 0, bucketsTotal: 0, oldest: undefined, secondsLeft: undefined },
    now: noon,
  })
  const health = await monitor.health()
  expect([health.streams[0]?.state, health.status, isHealthy(health)]).toEqual([state, status, healthy])
})

test('answerHealth: a timer that stopped shows without a run', async () => {
  const monitor = open()
  await monitor.tick()
  expect((await monitor.health()).status).toBe('ok')
  monitor.now += 25 * minute
  const health = await monitor.health()
  expect([health.status, health.streams[0]?.state, isHealthy(health)]).toEqual(['failing', 'stalled', false])
  expect(health.streams[0]?.lagSeconds).toBe(27 * 60)
})

test('answerHealth: before the first run it is starting', async () =>
  expect(await open().health()).toMatchObject({ status: 'starting', lastRun: { startedAt: null, endedAt: null, result: null } }))
