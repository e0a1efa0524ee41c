import fc from 'fast-check'
import { createRateBudget, nextSlot, slidingWindow, slotsUntil } from '../../shared/graph/rateBudget'
import { hour, type Instant, second } from '../../shared/signIns/instant'

const now: Instant = 1_767_225_600_000
const never = new AbortController().signal

/** A clock that only sleeping moves. */
function virtualTime() {
  const time = { now, waits: [] as number[] }
  return {
    time,
    clock: () => time.now,
    sleep: async (milliseconds: number, abort: AbortSignal) => {
      abort.throwIfAborted()
      time.waits.push(milliseconds)
      time.now += milliseconds
    },
  }
}

const ago = (...seconds: number[]) => seconds.map((each) => now - each * second)

test.each`
  story                                      | requestTimes                | retryAfterUntil     | slot
  ${'nothing was sent'}                      | ${[]}                       | ${undefined}        | ${now}
  ${'three were sent just now'}              | ${ago(2, 1, 0)}             | ${undefined}        | ${now}
  ${'four were sent, the first 8 s ago'}     | ${ago(8, 3, 2, 1)}          | ${undefined}        | ${now - 8 * second + slidingWindow}
  ${'four were sent, the first long enough'} | ${ago(11, 3, 2, 1)}         | ${undefined}        | ${now}
  ${'five were sent under a larger budget'}  | ${ago(9, 8, 3, 2, 1)}       | ${undefined}        | ${now - 8 * second + slidingWindow}
  ${'the times are out of order'}            | ${ago(1, 8, 3, 2)}          | ${undefined}        | ${now - 8 * second + slidingWindow}
  ${'Graph asked for 7 s'}                   | ${[]}                       | ${now + 7 * second} | ${now + 7 * second}
  ${'Graph asked for less than the budget'}  | ${ago(0, 0, 0, 0)}          | ${now + 1}          | ${now + slidingWindow}
  ${'what Graph asked for is over'}          | ${[]}                       | ${now - 1}          | ${now}
  ${'the times are those of another clock'}  | ${ago(-99, -99, -99, -99)}  | ${undefined}        | ${now}
  ${'the pause is that of another clock'}    | ${[]}                       | ${now + 900 * hour} | ${now + hour}
  ${'the times are no numbers'}              | ${[Number.NaN, Number.NaN]} | ${Number.NaN}       | ${now}
`('nextSlot: $story', ({ requestTimes, retryAfterUntil, slot }) => expect(nextSlot({ requestTimes, retryAfterUntil }, now, 4)).toBe(slot))

test('slotsUntil: counts what sending at every next slot gives', () => {
  const sent = fc.array(fc.integer({ min: -12_000, max: 0 }), { maxLength: 8 })
  fc.assert(
    fc.property(
      sent,
      fc.integer({ min: 0, max: 60_000 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(20_000),
      (times, ahead, requestsMax, pause) => {
        const state = { requestTimes: times.map((time) => now + time), retryAfterUntil: now + pause }
        let count = 0
        let at = now
        const simulated = { ...state, requestTimes: [...state.requestTimes] }
        for (;;) {
          at = nextSlot(simulated, at, requestsMax)
          if (at > now + ahead) break
          simulated.requestTimes.push(at)
          count += 1
        }
        expect(slotsUntil(state, now, now + ahead, requestsMax)).toBe(count)
      },
    ),
  )
})

test('take: never more than the budget leaves in any sliding 10 seconds, whatever happens in between', async () => {
  const event = fc.oneof(
    fc.record({ wait: fc.nat(12_000) }),
    fc.record({ retryAfterMs: fc.option(fc.nat(30_000), { nil: undefined }) }),
    fc.constant('take' as const),
    fc.constant('restart' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), async (events, requestsMax) => {
      const { time, clock, sleep } = virtualTime()
      const fresh = () => createRateBudget({ requestsMax, clock, sleep, random: () => 0.5 })
      let budget = fresh()
      const sent: Instant[] = []
      for (const each of events) {
        if (each === 'take') {
          await budget.take(never)
          sent.push(time.now)
        } else if (each === 'restart') {
          const state = budget.state()
          budget = fresh()
          budget.restore(state)
        } else if ('wait' in each) time.now += each.wait
        else budget.throttled(each.retryAfterMs)
      }
      for (const start of sent) expect(sent.filter((at) => at >= start && at < start + 10 * second).length).toBeLessThanOrEqual(requestsMax)
    }),
  )
})

test('take: who asks first is served first', async () => {
  const { clock, sleep } = virtualTime()
  const budget = createRateBudget({ requestsMax: 1, clock, sleep })
  const served: number[] = []
  await Promise.all([1, 2, 3, 4, 5].map((each) => budget.take(never).then(() => served.push(each))))
  expect(served).toEqual([1, 2, 3, 4, 5])
})

test('take: one who is aborted leaves at once and uses no slot', async () => {
  const { clock } = virtualTime()
  const sleeping = new AbortController()
  const budget = createRateBudget({ requestsMax: 1, clock, sleep: () => new Promise(() => undefined) })
  await budget.take(never)
  const waiting = budget.take(sleeping.signal)
  const behind = budget.take(sleeping.signal)
  sleeping.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(behind).rejects.toThrow('enough')
  expect(budget.state().requestTimes).toHaveLength(1)
})

test('take: one who cannot wait so long is told so without waiting, and the next one is served', async () => {
  const { time, clock, sleep } = virtualTime()
  const budget = createRateBudget({ clock, sleep })
  budget.throttled(20 * second)
  await expect(budget.take(never, now + 19 * second)).rejects.toMatchObject({ code: 'graph-read-failed', reason: 'rateLimited' })
  expect(time.waits).toEqual([])
  await budget.take(never, now + 20 * second)
  expect(time.now).toBe(now + 20 * second)
})

test('throttled: without a wait it is 10 s and a bit, doubled by each further throttling and no longer than 2 min and a bit', () => {
  const { time, clock, sleep } = virtualTime()
  const budget = createRateBudget({ clock, sleep, random: () => 0.5 })
  const waits = Array.from({ length: 6 }, () => {
    budget.throttled(undefined)
    const wait = (budget.state().retryAfterUntil ?? 0) - time.now
    time.now += wait
    return wait
  })
  expect(waits).toEqual([11, 22, 44, 88, 132, 132].map((each) => each * second))
})

test('throttled: requests that were under way together are throttled once', () => {
  const { time, clock, sleep } = virtualTime()
  const budget = createRateBudget({ clock, sleep, random: () => 0 })
  for (let stream = 0; stream < 4; stream += 1) {
    budget.throttled(undefined)
    time.now += second
  }
  expect(budget.state().retryAfterUntil).toBe(now + 10 * second)
})

test('answered: the next throttling starts at 10 s again, but not while Graph still wants its pause', () => {
  const { time, clock, sleep } = virtualTime()
  const budget = createRateBudget({ clock, sleep, random: () => 0 })
  budget.throttled(undefined)
  budget.answered()
  time.now += 10 * second
  budget.throttled(undefined)
  expect(budget.state().retryAfterUntil).toBe(time.now + 20 * second)
  time.now += 20 * second
  budget.answered()
  budget.throttled(undefined)
  expect(budget.state().retryAfterUntil).toBe(time.now + 10 * second)
})

test.each`
  asked            | waited
  ${7 * second}    | ${7 * second}
  ${2_128}         | ${2_128}
  ${0}             | ${second}
  ${1_000_000_000} | ${hour}
`('throttled: an answer that asks for $asked ms gets $waited ms', ({ asked, waited }) => {
  const { clock, sleep } = virtualTime()
  const budget = createRateBudget({ clock, sleep })
  budget.throttled(asked)
  expect(budget.state().retryAfterUntil).toBe(now + waited)
})

test('restore: what another instance sent counts, what both know counts once', async () => {
  const { clock, sleep } = virtualTime()
  const budget = createRateBudget({ clock, sleep })
  await budget.take(never)
  budget.restore({ requestTimes: [now - second, now], retryAfterUntil: now + second })
  expect(budget.state()).toEqual({ requestTimes: [now - second, now], retryAfterUntil: now + second })
  expect(budget.available(now)).toBe(0)
  expect(budget.available(now + second)).toBe(2)
})

test.each([0, -1, 1.5, Number.NaN])('createRateBudget: %p requests are refused', (requestsMax) => {
  expect(() => createRateBudget({ ...virtualTime(), requestsMax })).toThrow(RangeError)
})
