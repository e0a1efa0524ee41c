import fc from 'fast-check'
import { type Arrivals, arrivalAges, arrivalShares, arrivalsAfter, shareAfter, sumOfArrivals } from '../../shared/signIns/arrivals'
import { hour, minute } from '../../shared/signIns/instant'

const end = 1_800_000_000_000

/** The arrivals after readings at some ages after the bucket's end, each with the rows that it found. */
const afterReadings = (...readings: readonly (readonly [age: number, rows: number])[]): Arrivals | undefined =>
  readings.reduce<{ rows: number; arrivals: Arrivals | undefined } | undefined>(
    (before, [age, rows]) => ({ rows, arrivals: arrivalsAfter({ end, readAt: end + age, rows, before }) }),
    undefined,
  )?.arrivals

test.each`
  story                                              | readings                                                           | arrivals
  ${'the open bucket and then the closed one'}       | ${[[-minute, 4], [minute, 10]]}                                    | ${[10, 0, 0, 0, 0, 0, 0, 0]}
  ${'rows that show a little later'}                 | ${[[minute, 10], [4 * minute, 13], [12 * minute, 14]]}             | ${[10, 3, 0, 1, 0, 0, 0, 0]}
  ${'rows that settling finds'}                      | ${[[minute, 10], [2 * hour, 11], [7 * hour, 13], [25 * hour, 16]]} | ${[10, 0, 0, 0, 1, 2, 3, 0]}
  ${'rows that show after the last settling'}        | ${[[minute, 10], [40 * hour, 12]]}                                 | ${[10, 0, 0, 0, 0, 0, 0, 2]}
  ${'a reading that finds nothing more'}             | ${[[minute, 10], [4 * minute, 10]]}                                | ${[10, 0, 0, 0, 0, 0, 0, 0]}
  ${'a smaller reading takes nothing back'}          | ${[[minute, 10], [4 * minute, 7]]}                                 | ${[10, 0, 0, 0, 0, 0, 0, 0]}
  ${'a first reading that is too late says nothing'} | ${[[6 * minute, 10], [25 * hour, 12]]}                             | ${undefined}
  ${'the age itself belongs to it'}                  | ${[[2 * minute, 1], [5 * minute, 2], [5 * minute + 1, 3]]}         | ${[1, 1, 1, 0, 0, 0, 0, 0]}
`('arrivalsAfter: $story', ({ readings, arrivals }) => expect(afterReadings(...readings)).toEqual(arrivals))

test('arrivalsAfter: every row of an early first reading and of growing ones after it is counted once', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 * hour }), fc.integer({ min: 0, max: 500 })), { maxLength: 8 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900 }), steps, (first, later) => {
      let age = 0
      let rows = first
      const readings: [number, number][] = [[age, rows]]
      for (const [wait, more] of later) {
        age += wait
        rows += more
        readings.push([age, rows])
      }
      expect(afterReadings(...readings)?.reduce((sum, one) => sum + one, 0)).toBe(rows)
    }),
  )
})

test('sumOfArrivals: what is unknown adds nothing, and nothing known is unknown', () => {
  const one = [1, 2, 3, 4, 5, 6, 7, 8]
  expect(sumOfArrivals([one, undefined, one])).toEqual(one.map((count) => 2 * count))
  expect(sumOfArrivals([undefined])).toBeUndefined()
  expect(sumOfArrivals([])).toBeUndefined()
})

test('arrivalShares: they grow from age to age, and are empty where nothing is known', () => {
  const shares = arrivalShares([90, 5, 2, 0, 2, 0, 0, 1])
  expect(shares.map(({ share }) => share)).toEqual([0.9, 0.95, 0.97, 0.97, 0.99, 0.99, 0.99])
  expect(shares.map(({ withinSeconds }) => withinSeconds * 1_000)).toEqual(arrivalAges)
  expect(arrivalShares(undefined)).toEqual([])
  expect(arrivalShares([0, 0, 0, 0, 0, 0, 0, 0])).toEqual([])
})

test('shareAfter: what shows later than an age, and nothing where nothing is known', () => {
  expect(shareAfter([90, 5, 2, 0, 2, 0, 0, 1], 20 * minute)).toBeCloseTo(0.03)
  expect(shareAfter(undefined, 20 * minute)).toBe(0)
})
