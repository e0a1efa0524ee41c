import fc from 'fast-check'
import { parseSchedule } from '../../../local/host/schedule'
import { formatInstant, minute, parseInstant, second } from '../../../shared/signIns/instant'

const now = parseInstant('2026-01-01T00:00:00.500Z') ?? 0

describe('parseSchedule', () => {
  test.each`
    expression               | next                      | story
    ${'0 * * * * *'}         | ${'2026-01-01T00:01:00Z'} | ${'every minute'}
    ${'*/5 * * * *'}         | ${'2026-01-01T00:05:00Z'} | ${'five fields start at second 0'}
    ${'*/10 * * * * *'}      | ${'2026-01-01T00:00:10Z'} | ${'seconds'}
    ${'0 7 * * * *'}         | ${'2026-01-01T00:07:00Z'} | ${'hourly'}
    ${'0 5/15 * * * *'}      | ${'2026-01-01T00:05:00Z'} | ${'a start without an end'}
    ${'0 0,30 9-17 * * 1-5'} | ${'2026-01-01T09:00:00Z'} | ${'lists and ranges'}
    ${'0 0 0 13 * 5'}        | ${'2026-02-13T00:00:00Z'} | ${'day and weekday have to match'}
    ${'0 0 0 * jan MON'}     | ${'2026-01-05T00:00:00Z'} | ${'names'}
    ${'0 0 0 29 2 *'}        | ${'2028-02-29T00:00:00Z'} | ${'a leap day'}
  `('parseSchedule: $expression comes next at $next ($story)', ({ expression, next }) => {
    expect(formatInstant(parseSchedule(expression, now).next(now))).toBe(next)
  })

  test.each`
    expression          | monitored
    ${'0 * * * * *'}    | ${true}
    ${'0 0 3 * * *'}    | ${true}
    ${'*/30 * * * * *'} | ${false}
    ${'0,10 0 * * * *'} | ${false}
  `('parseSchedule: the runs of $expression are kept: $monitored', ({ expression, monitored }) => {
    expect(parseSchedule(expression, now).monitored).toBe(monitored)
  })

  test.each`
    expression         | why
    ${''}              | ${/does not have 5 or 6 fields/}
    ${'* * * *'}       | ${/does not have 5 or 6 fields/}
    ${'@daily'}        | ${/does not have 5 or 6 fields/}
    ${'0 0 0 L * *'}   | ${/not understood: L/}
    ${'0 0 0 ? * *'}   | ${/not understood: \?/}
    ${'0 0 0 * * 5#2'} | ${/not understood: 5#2/}
    ${'0 0 0 * * 7'}   | ${/not understood: 7/}
    ${'60 * * * * *'}  | ${/not understood: 60/}
    ${'0 */0 * * * *'} | ${/is refused/}
    ${'0 9-5 * * * *'} | ${/is refused/}
    ${'0 0 0 30 2 *'}  | ${/never comes/}
  `('parseSchedule: $expression is refused', ({ expression, why }) => {
    expect(() => parseSchedule(expression, now)).toThrow(
      expect.objectContaining({ code: 'setting-invalid', message: expect.stringMatching(why) }),
    )
  })

  test('parseSchedule: every n minutes, the next time is later than now, at most n minutes, and on a whole step', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 5, 10, 15, 30), fc.integer({ min: 0, max: 4e12 }), (step, at) => {
        const next = parseSchedule(`0 */${step} * * * *`, now).next(at)
        expect(next).toBeGreaterThan(at)
        expect(next - at).toBeLessThanOrEqual(step * minute)
        expect(next % (step * minute)).toBe(0)
        expect(next % second).toBe(0)
      }),
    )
  })
})
