import { answerHealth, type Health, isHealthy } from '../../shared/pipelines/answerHealth'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { RunRow } from '../../shared/pipelines/ports'
import { hour, minute } from '../../shared/signIns/instant'
import type { StreamProgress, StreamState } from '../../shared/signIns/streamState'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { schemaErrors } from '../support/schemas'

const now = Date.UTC(2026, 0, 5, 12)
const tenantId = '00000000-0000-0000-0000-000000000001'

const current = {
  completeFrom: now - 24 * hour,
  completeTo: now - 15 * minute,
  readTo: now - 5 * minute,
  settledTo: undefined,
  bucketsPending: 0,
  unsettledBuckets: 0,
  lateRows: 2,
  malformedRows: 1,
  arrivals: [5, 3, 1],
  lastCommitAt: now - minute,
  refusal: undefined,
  detail: undefined,
}
const refused = (state: 'forbidden' | 'unlicensed' | 'unavailable') => ({
  ...current,
  readTo: undefined,
  lastCommitAt: undefined,
  refusal: { state, since: now - hour, detail: 'Graph said no.' },
})

/** What a run left of a stream that is now in a state; undefined where it left nothing. */
const left: Readonly<Record<StreamState, Omit<StreamProgress, 'stream'> | undefined>> = {
  current,
  behind: { ...current, readTo: now - hour },
  stalled: { ...current, readTo: now - hour, lastCommitAt: now - 50 * minute, detail: 'Graph did not answer in time.' },
  forbidden: refused('forbidden'),
  unlicensed: refused('unlicensed'),
  unavailable: refused('unavailable'),
  disabled: undefined,
  starting: undefined,
}

async function healthOf(states: readonly StreamState[], run: Partial<RunRow> = {}): Promise<Health> {
  const given = streamIds.map((stream, index) => ({ stream, state: states[index] ?? 'current' }))
  const progress = given.flatMap(({ stream, state }) => (left[state] ? [{ stream, ...left[state] }] : []))
  const enabled: StreamId[] = given.filter(({ state }) => state !== 'disabled').map(({ stream }) => stream)
  const ports = { clock: () => now, runs: { read: () => Promise.resolve({ progress, ...run }) } }
  const options = { version: '1.0.0', tenantId, streams: enabled }
  return answerHealth(ports as unknown as Parameters<typeof answerHealth>[0], options as unknown as MonitorOptions)
}

test.each<[StreamState[], Health['status'], boolean]>([
  [['current', 'current', 'current', 'current'], 'ok', true],
  [['current', 'disabled', 'disabled', 'disabled'], 'ok', true],
  [['current', 'behind', 'current', 'current'], 'degraded', false],
  [['current', 'forbidden', 'current', 'current'], 'degraded', true],
  [['current', 'unlicensed', 'unavailable', 'disabled'], 'degraded', true],
  [['current', 'starting', 'current', 'current'], 'starting', false],
  [['starting', 'starting', 'starting', 'starting'], 'starting', false],
  [['starting', 'forbidden', 'disabled', 'disabled'], 'starting', false],
  [['current', 'stalled', 'starting', 'current'], 'failing', false],
  [['stalled', 'stalled', 'stalled', 'stalled'], 'failing', false],
  [['forbidden', 'forbidden', 'forbidden', 'forbidden'], 'failing', false],
  [['unlicensed', 'unlicensed', 'disabled', 'disabled'], 'failing', false],
])('answerHealth: with streams that are %j it is %s, in the form of its schema', async (states, status, healthy) => {
  const health = await healthOf(states)
  expect(health.streams.map(({ state }) => state)).toEqual(states)
  expect([health.status, isHealthy(health)]).toEqual([status, healthy])
  expect(schemaErrors('health', health)).toEqual([])
})

test.each<[string, Partial<RunRow>, Partial<Health['lastRun']>]>([
  ['no run has started', {}, { startedAt: null, endedAt: null, result: null, detail: 'No run has started yet.' }],
  [
    'one runs',
    { lastRun: { startedAt: now - minute, endedAt: undefined, result: 'ok', detail: '' } },
    { startedAt: '2026-01-05T11:59:00Z', endedAt: null },
  ],
  ...(['ok', 'partial', 'failed'] as const).map((result): [string, Partial<RunRow>, Partial<Health['lastRun']>] => [
    `the last was ${result}`,
    { lastRun: { startedAt: now - minute, endedAt: now, result, detail: '' } },
    { endedAt: '2026-01-05T12:00:00Z', result },
  ]),
])('answerHealth: when %s it fits its schema', async (_story, run, lastRun) => {
  const backfill = { bucketsDone: 3, bucketsTotal: 9, oldest: now - hour, bucketsPerMinute: 6, secondsLeft: 60 }
  for (const health of [await healthOf([], run), await healthOf([], { ...run, backfill, clockAhead: 3 * minute })]) {
    expect(schemaErrors('health', health)).toEqual([])
    expect(health.lastRun).toMatchObject({ ...lastRun, detail: expect.stringContaining(lastRun.detail ?? '') })
  }
})

test('answerHealth: a body with one name wrong, or with one too many, does not fit its schema', async () => {
  const { lastRun, ...rest } = await healthOf([])
  expect(schemaErrors('health', { ...rest, lastrun: lastRun })).toHaveLength(2)
  const [stream, ...others] = rest.streams
  expect(schemaErrors('health', { ...rest, lastRun, streams: [{ ...stream, user: 'somebody' }, ...others] })).toHaveLength(1)
})
