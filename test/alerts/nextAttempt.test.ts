import fc from 'fast-check'
import type { OutboxRow } from '../../shared/alerts/alert'
import { type Attempt, handOver, nextAttempt, retryDelays } from '../../shared/alerts/nextAttempt'
import { day, hour, minute, second } from '../../shared/signIns/instant'

const now = 1_000_000_000

const row = (attempts = 0, id = 'msg_a'): OutboxRow => ({
  id,
  receiver: 'ops',
  content: { type: 'alert.firing', at: 0, groupKey: 'g', reason: 'first-notification', tenantId: 't', alerts: [], omittedAlerts: 0 },
  state: 'waiting',
  attempts,
  nextAttemptAt: now,
  lastReason: undefined,
})

const retry = (retryAfterSeconds?: number): Attempt => ({ kind: 'retry', reason: 'serverError', retryAfterSeconds })

test('nextAttempt: a delivered notification is done', () => {
  const delivered = nextAttempt({ ...row(2), lastReason: 'timeout' }, { kind: 'delivered', status: 204 }, now)
  expect(delivered).toMatchObject({ state: 'delivered', attempts: 3, lastReason: undefined })
})

test.each([
  [0, 5 * second],
  [1, minute],
  [2, 5 * minute],
  [3, 30 * minute],
  [4, 2 * hour],
  [5, 5 * hour],
  [6, 10 * hour],
])('nextAttempt: after %d earlier attempts it waits as scheduled and up to 20 %% more', (attempts, delay) => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      const { state, nextAttemptAt, lastReason } = nextAttempt(row(attempts, id), retry(), now)
      return state === 'waiting' && lastReason === 'serverError' && nextAttemptAt >= now + delay && nextAttemptAt <= now + delay * 1.2
    }),
  )
})

test('nextAttempt: the jitter is the same for the same id and differs between ids', () => {
  const waits = ['msg_a', 'msg_b', 'msg_c'].map((id) => nextAttempt(row(3, id), retry(), now).nextAttemptAt)
  expect(new Set(waits).size).toBe(3)
  expect(nextAttempt(row(3, 'msg_a'), retry(), now).nextAttemptAt).toBe(waits[0])
})

test.each([
  [undefined, 5 * second],
  [1, 5 * second],
  [600, 10 * minute],
  [10_000_000, day],
])('nextAttempt: a Retry-After of %p is honoured, within a day', (seconds, wait) => {
  const { nextAttemptAt } = nextAttempt(row(), retry(seconds), now)
  expect(nextAttemptAt - now).toBeGreaterThanOrEqual(wait)
  expect(nextAttemptAt - now).toBeLessThanOrEqual(wait * 1.2)
})

test('nextAttempt: the last attempt parks it, and so does a receiver that is gone', () => {
  expect(nextAttempt(row(retryDelays.length), retry(), now)).toMatchObject({ state: 'parked', lastReason: 'serverError' })
  expect(nextAttempt(row(retryDelays.length - 1), retry(), now).state).toBe('waiting')
  expect(nextAttempt(row(), { kind: 'dead', reason: 'clientError' }, now)).toMatchObject({
    state: 'parked',
    attempts: 1,
    lastReason: 'clientError',
  })
})

test('handOver: what a receiver that is gone was to be told goes to another one, once', () => {
  const dead: Attempt = { kind: 'dead', reason: 'clientError' }
  const other = handOver(row(3), dead, ['ops', 'second', 'third'], now)
  expect(other).toEqual({ ...row(), id: 'msg_a_for_second', receiver: 'second', nextAttemptAt: now })
  expect(other && handOver(other, dead, ['ops', 'second', 'third'], now)).toBeUndefined()
  expect(handOver(row(), dead, ['ops'], now)).toBeUndefined()
  expect(handOver(row(), retry(), ['ops', 'second'], now)).toBeUndefined()
})
