import type { LastRun, RunEnd } from '../../shared/pipelines/ports'
import { minute, parseInstant, second } from '../../shared/signIns/instant'
import type { StreamProgress } from '../../shared/signIns/streamState'
import { createRunStore } from '../../shared/tables/runStore'
import type { Table } from '../../shared/tables/table'
import { createTableClients } from '../../shared/tables/tableClients'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const now = parseInstant('2026-01-15T12:00:00Z') ?? Number.NaN
const open = (tenantId = freshTenant()) => createRunStore({ clients: createTableClients({ endpoint: endpoint() }), tenantId })

const progress: StreamProgress = {
  stream: 'interactiveUser',
  completeFrom: now - 60 * minute,
  completeTo: now - 10 * minute,
  readTo: now - 5 * minute,
  settledTo: undefined,
  bucketsPending: 3,
  unsettledBuckets: 2,
  lateRows: 1,
  malformedRows: 0,
  lastCommitAt: now,
  refusal: { state: 'forbidden', since: now - minute, detail: 'Graph answers 403.' },
  detail: undefined,
}
const end = (facts: Partial<LastRun> = {}): RunEnd => ({
  lastRun: { startedAt: now, endedAt: now + 5 * second, result: 'ok', detail: 'All streams were read.', ...facts },
  budget: { requestTimes: [now, now + 2 * second], retryAfterUntil: now + 30 * second },
  progress: [progress],
  backfill: { bucketsDone: 1, bucketsTotal: 10, oldest: now - 60 * minute, secondsLeft: undefined },
  now: now + 5 * second,
})

test('read: before the first run there is no row', async () => expect(await open().read()).toBeUndefined())

test('take: the first run starts with nothing behind it, and while it runs its end is open', async () => {
  const runs = open()
  const taken = await runs.take('one', now, 30)
  expect(taken).toEqual({
    owner: 'one',
    until: now + 30 * second,
    budget: { requestTimes: [], retryAfterUntil: undefined },
    lastRun: { startedAt: now, endedAt: undefined, result: 'partial', detail: expect.any(String) },
    progress: [],
    backfill: undefined,
  })
  expect(await runs.read()).toEqual(taken)
})

test('finish: how it went comes back, and the next one takes it up', async () => {
  const runs = open()
  await runs.take('one', now, 30)
  await runs.finish('one', end())
  const { lastRun, budget, backfill } = end()
  expect(await runs.read()).toEqual({ owner: undefined, until: undefined, lastRun, budget, progress: [progress], backfill })
  expect(await runs.take('two', now + minute, 30)).toEqual({
    isContinued: true,
    owner: 'two',
    until: now + minute + 30 * second,
    lastRun: { startedAt: now + minute, endedAt: undefined, result: 'ok', detail: lastRun.detail },
    budget,
    progress: [progress],
    backfill,
  })
})

test('take: one that finds the run taken gets nothing and leaves the row as it is', async () => {
  const runs = open()
  await runs.take('one', now, 30)
  const before = await runs.read()
  expect(await runs.take('two', now + 29 * second, 30)).toBeUndefined()
  expect(await runs.read()).toEqual(before)
})

test('take: a run whose time is over is taken, and it counts as one that failed', async () => {
  const runs = open()
  await runs.take('one', now, 2)
  expect(await runs.take('two', now + 2 * second - 1, 2)).toBeUndefined()
  const taken = await runs.take('two', now + 2 * second, 2)
  expect(taken).toMatchObject({ owner: 'two', lastRun: { startedAt: now + 2 * second, endedAt: undefined, result: 'failed' } })
  expect(taken?.lastRun?.detail).toContain('2026-01-15T12:00:00Z')
})

test('take: of many at once, the first ones and those after an expiry, one gets it', async () => {
  const runs = open()
  const race = (at: number): Promise<(string | undefined)[]> =>
    Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (owner) => (await runs.take(`${owner}${at}`, at, 30))?.owner))
  for (const at of [now, now + minute, now + 2 * minute]) {
    const winners = (await race(at)).filter((owner) => owner !== undefined)
    expect(winners).toEqual([(await runs.read())?.owner])
  }
})

test('renew: the holder holds it longer and keeps the request budget; who does not hold it changes nothing', async () => {
  const runs = open()
  await runs.take('one', now, 30)
  const budget = { requestTimes: [now], retryAfterUntil: undefined }
  expect(await runs.renew('one', now + 20 * second, 30, { ...end(), budget })).toBe(true)
  const renewed = await runs.read()
  expect(renewed?.until).toBe(now + 50 * second)
  expect(renewed?.budget).toEqual(budget)
  expect(await runs.take('two', now + 40 * second, 30)).toBeUndefined()
  expect(await runs.renew('two', now + 40 * second, 30, end())).toBe(false)
  expect(await runs.read()).toEqual(renewed)
})

test('renew: a holder whose time was over and whom nobody followed holds it again', async () => {
  const runs = open()
  await runs.take('one', now, 30)
  expect(await runs.renew('one', now + minute, 30, end())).toBe(true)
  expect(await runs.take('two', now + minute, 30)).toBeUndefined()
})

test('renew, finish: one who lost the run changes nothing', async () => {
  const runs = open()
  await runs.take('one', now, 30)
  await runs.take('two', now + minute, 30)
  const before = await runs.read()
  expect(await runs.renew('one', now + minute, 30, end())).toBe(false)
  await runs.finish('one', end({ result: 'failed' }))
  expect(await runs.read()).toEqual(before)
})

test('renew, finish: without a row there is nothing to hold', async () => {
  const runs = open()
  expect(await runs.renew('one', now, 30, end())).toBe(false)
  await runs.finish('one', end())
  expect(await runs.read()).toBeUndefined()
})

test('finish: a long word on how it went is stored whole', async () => {
  const runs = open()
  await runs.take('one', now, 30)
  await runs.finish('one', end({ detail: 'é'.repeat(40_000) }))
  expect((await runs.read())?.lastRun?.detail).toHaveLength(40_000)
})

test('take: a write that arrived though its answer was lost still counts as taken', async () => {
  const { runs: table } = createTableClients({ endpoint: endpoint() })
  let lost = false
  const unlucky: Table = {
    ...table,
    submit: async (actions) => {
      const result = await table.submit(actions)
      if (lost) return result
      lost = true
      return { kind: 'refused', index: 0 }
    },
  }
  const runs = createRunStore({ clients: { runs: unlucky }, tenantId: freshTenant() })
  expect(await runs.take('one', now, 30)).toMatchObject({ owner: 'one' })
  expect(lost).toBe(true)
})

test('createRunStore: tenants never see each other', async () => {
  const [one, other] = [open(), open()]
  await one.take('one', now, 30)
  expect(await other.read()).toBeUndefined()
  expect(await other.take('two', now, 30)).toBeDefined()
})
