import fc from 'fast-check'
import { bucketLength } from '../../shared/signIns/buckets'
import { day, formatInstant, hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import type { PlannedWindow } from '../../shared/signIns/readingPlan'
import { planTick } from '../../shared/signIns/tickPlan'

const at = (text: string): Instant => parseInstant(`2026-03-02T${text}:00Z`) ?? Number.NaN
/** Everything of the morning has waited long enough by then. */
const late = at('12:00') + 2 * day

const due = (
  reason: PlannedWindow['reason'],
  requests: number,
  stream: PlannedWindow['stream'] = 'nonInteractiveUser',
  from = at('08:00'),
  buckets = 1,
): PlannedWindow => ({ stream, from, to: from + buckets * bucketLength, grain: '5m', reason, requests })

const reasons = (windows: readonly PlannedWindow[]): string => windows.map(({ reason }) => reason).join(' ')
const spans = (windows: readonly PlannedWindow[]): string[] =>
  windows.map(({ from, to, requests }) => `${formatInstant(from).slice(11, 16)}-${formatInstant(to).slice(11, 16)} ${requests}`)

describe('what has waited long enough', () => {
  const everything = [
    due('settling-6h', 2),
    due('settling-1h', 2),
    due('settling-24h', 2),
    due('shrunk', 1),
    due('closing', 2),
    due('live-edge', 4),
  ]

  test.each`
    story                                                       | requests | live                   | settling                                         | leftOut
    ${'there are enough requests for everything'}               | ${13}    | ${'closing live-edge'} | ${'shrunk settling-24h settling-1h settling-6h'} | ${''}
    ${'six hours are left out first'}                           | ${12}    | ${'closing live-edge'} | ${'shrunk settling-24h settling-1h'}             | ${'settling-6h'}
    ${'one hour is left out next'}                              | ${10}    | ${'closing live-edge'} | ${'shrunk settling-24h'}                         | ${'settling-1h settling-6h'}
    ${'a day is kept longest'}                                  | ${8}     | ${'closing live-edge'} | ${'shrunk'}                                      | ${'settling-24h settling-1h settling-6h'}
    ${'the live edge is read even where it takes all there is'} | ${3}     | ${'closing live-edge'} | ${''}                                            | ${'shrunk settling-24h settling-1h settling-6h'}
  `('planTick: $story', ({ requests, live, settling, leftOut }) => {
    const plan = planTick({ windows: everything, now: late, requests: [0, requests] })
    expect([reasons(plan.live), reasons(plan.settling), reasons(plan.leftOut)]).toEqual([live, settling, leftOut])
    expect([plan.spare, plan.patient]).toEqual([[], []])
  })

  test('planTick: a bucket that no tick has room for is read by itself', () => {
    const plan = planTick({ windows: [due('settling-24h', 90), due('settling-1h', 1)], now: late, requests: [16] })
    expect([reasons(plan.settling), reasons(plan.leftOut)]).toEqual(['settling-24h', 'settling-1h'])
  })

  test('planTick: of a window that no tick has room for the newest buckets are read', () => {
    const plan = planTick({ windows: [due('settling-24h', 90, 'nonInteractiveUser', at('08:00'), 12)], now: late, requests: [4, 20] })
    expect([spans(plan.settling), spans(plan.leftOut)]).toEqual([['08:50-09:00 15'], ['08:00-08:50 75']])
  })

  test('planTick: what is kept as hours is not cut', () => {
    const window: PlannedWindow = { ...due('settling-24h', 24, 'nonInteractiveUser', at('08:00'), 12), grain: '1h' }
    expect(planTick({ windows: [window], now: late, requests: [4, 20] }).settling).toEqual([window])
    expect(planTick({ windows: [due('live-edge', 1), window], now: late, requests: [4, 20] }).settling).toEqual([window])
    expect(planTick({ windows: [due('shrunk', 1), window], now: late, requests: [4, 20] }).leftOut).toEqual([window])
  })

  test('planTick: of the same age the stream comes first whose sign-ins come late most often, then what is newest', () => {
    const windows = [
      due('settling-1h', 1, 'interactiveUser'),
      due('settling-1h', 1, 'servicePrincipal', at('07:00')),
      due('settling-1h', 1, 'servicePrincipal', at('07:30')),
    ]
    const arrivals = new Map([
      ['interactiveUser', [990, 0, 0, 0, 10, 0, 0, 0]],
      ['servicePrincipal', [900, 0, 0, 0, 100, 0, 0, 0]],
    ] as const)
    const { settling } = planTick({ windows, now: late, requests: [9], arrivals })
    expect(settling.map(({ stream, from }) => `${stream} ${formatInstant(from).slice(11, 16)}`)).toEqual([
      'servicePrincipal 07:30',
      'servicePrincipal 07:00',
      'interactiveUser 08:00',
    ])
  })
})

describe('what is in no hurry', () => {
  test.each`
    story                                            | reason            | now                  | isPatient
    ${'a bucket closes'}                             | ${'closing'}      | ${at('08:15')}       | ${true}
    ${'a bucket has been closing for two minutes'}   | ${'closing'}      | ${at('08:17')}       | ${false}
    ${'an hour is one hour old'}                     | ${'settling-1h'}  | ${at('10:00')}       | ${true}
    ${'it has been for less than fifty minutes'}     | ${'settling-1h'}  | ${at('10:49')}       | ${true}
    ${'it has been for fifty minutes'}               | ${'settling-1h'}  | ${at('10:50')}       | ${false}
    ${'an hour is six hours old'}                    | ${'settling-6h'}  | ${at('15:49')}       | ${true}
    ${'it has been for fifty minutes'}               | ${'settling-6h'}  | ${at('15:50')}       | ${false}
    ${'an hour is a day old'}                        | ${'settling-24h'} | ${at('09:49') + day} | ${true}
    ${'it has been for fifty minutes'}               | ${'settling-24h'} | ${at('09:50') + day} | ${false}
    ${'the live edge is never in no hurry'}          | ${'live-edge'}    | ${at('08:05')}       | ${false}
    ${'neither is a smaller reading that may stand'} | ${'shrunk'}       | ${at('08:15')}       | ${false}
  `('planTick: $story ($reason)', ({ reason, now, isPatient }) => {
    const window = due(reason, 1)
    const plan = planTick({ windows: [window], now, requests: [0, 4, 8] })
    expect(plan.patient).toEqual(isPatient ? [window] : [])
    expect([...plan.live, ...plan.settling]).toEqual(isPatient ? [] : [window])
  })

  const now = at('10:05')
  const hourOf = (stream: PlannedWindow['stream'], requests: number): PlannedWindow => due('settling-1h', requests, stream, at('08:00'), 12)

  test('planTick: what is in no hurry takes only the requests that can be sent at once', () => {
    const plan = planTick({ windows: [hourOf('servicePrincipal', 12)], now, requests: [4, 8, 12] })
    expect([spans(plan.spare), spans(plan.patient)]).toEqual([['08:40-09:00 4'], ['08:00-08:40 8']])
    expect([plan.live, plan.settling, plan.leftOut]).toEqual([[], [], []])
  })

  test('planTick: when a tick waits all the same, what is in no hurry takes what the wait gives', () => {
    const plan = planTick({ windows: [due('live-edge', 5), hourOf('servicePrincipal', 12)], now, requests: [4, 8, 12] })
    expect([reasons(plan.live), spans(plan.spare)]).toEqual(['live-edge', ['08:45-09:00 3']])
  })

  test('planTick: where Graph is waited for by the live edge alone, nothing is added', () => {
    const plan = planTick({ windows: [due('live-edge', 30), hourOf('servicePrincipal', 12)], now, requests: [4, 8, 12] })
    expect([reasons(plan.live), plan.spare, spans(plan.patient)]).toEqual(['live-edge', [], ['08:00-09:00 12']])
  })

  test('planTick: what closes comes before what settles, then the largest buckets', () => {
    const windows = [hourOf('managedIdentity', 2), hourOf('servicePrincipal', 12), due('closing', 1, 'interactiveUser', at('09:50'))]
    const plan = planTick({ windows, now, requests: [4] })
    expect(plan.spare.map(({ stream, requests }) => `${stream} ${requests}`)).toEqual(['interactiveUser 1', 'servicePrincipal 3'])
  })
})

test('planTick: every bucket is read, left out or in no hurry, once, and what is read fits the requests', () => {
  const window = fc.record({
    reason: fc.constantFrom<PlannedWindow['reason']>('live-edge', 'closing', 'shrunk', 'settling-1h', 'settling-6h', 'settling-24h'),
    requests: fc.integer({ min: 1, max: 40 }),
    buckets: fc.integer({ min: 1, max: 12 }),
    isHour: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.array(window, { maxLength: 30 }),
      fc.integer({ min: 0, max: 48 * 60 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 5 }),
      (drawn, elapsed, steps) => {
        const windows = drawn.map(({ reason, requests, buckets, isHour }, index): PlannedWindow => {
          const one = due(reason, requests, 'nonInteractiveUser', at('00:00') + index * hour, isHour ? 12 : buckets)
          return isHour ? { ...one, grain: '1h' } : one
        })
        const requests = steps.map((_, index) => steps.slice(0, index + 1).reduce((all, step) => all + step, 0))
        const plan = planTick({ windows, now: at('00:00') + elapsed * minute, requests })
        const read = [...plan.live, ...plan.spare, ...plan.settling]
        const bucketsOf = (some: readonly PlannedWindow[]): string[] =>
          some.flatMap(({ from, to, reason }) =>
            Array.from({ length: (to - from) / bucketLength }, (_, index) => `${reason} ${from + index * bucketLength}`),
          )
        expect(bucketsOf([...read, ...plan.leftOut, ...plan.patient]).sort()).toEqual(bucketsOf(windows).sort())
        expect(read.every(({ grain, from, to }) => grain === '5m' || to - from === hour)).toBe(true)
        const sum = (some: readonly PlannedWindow[]): number => some.reduce((all, one) => all + one.requests, 0)
        if (plan.settling.length > 1) expect(sum([...plan.live, ...plan.settling])).toBeLessThanOrEqual(requests.at(-1) ?? 0)
        if (plan.spare.length > 0) expect(requests.some((count) => count >= sum(read))).toBe(true)
      },
    ),
  )
})
