import fc from 'fast-check'
import { cellsMax, decodeCounts, encodeCounts, isEncodedCounts } from '../../shared/aggregates/encodeCounts'
import { emptyCounts } from '../../shared/aggregates/merge'
import { signalIds } from '../../shared/failures/catalogueTypes'
import first from '../fixtures/firstVersion.json'
import { someCounts } from './arbitraries'

test('encodeCounts: every counts comes back', () => {
  fc.assert(fc.property(someCounts, (counts) => expect(decodeCounts(encodeCounts(counts))).toEqual(counts)))
  expect(decodeCounts(encodeCounts(emptyCounts))).toEqual(emptyCounts)
})

test('encodeCounts: equal counts give equal text, whatever the order they came in', () => {
  fc.assert(
    fc.property(someCounts, (counts) => {
      expect(encodeCounts({ ...counts, cells: new Map([...counts.cells].reverse()) })).toBe(encodeCounts(counts))
    }),
  )
})

test('encodeCounts: what keys have in common is said once', () => {
  const cells = new Map([
    ['failure|tls.legacy|1002016', 5],
    ['success||0', 7],
    ['failure|tls.legacy|1002017', 3],
    ['failure|other.no-code|-1', 1],
  ])
  const signals = new Map([['legacyTls|success|known', 4]])
  expect(encodeCounts({ cells, signals })).toBe(
    '2;failure|other.no-code -1;failure|tls.legacy 1002016 1002017;success| 0=1 5 3 7&legacyTls|success known=4',
  )
})

test.each`
  story                  | cells
  ${'no bar'}            | ${new Map([['success', 1]])}
  ${'a space'}           | ${new Map([['a|b c', 1]])}
  ${'an ampersand'}      | ${new Map([['a|b&c', 1]])}
  ${'an equals sign'}    | ${new Map([['a=|bc', 1]])}
  ${'a semicolon'}       | ${new Map([['a|b;c', 1]])}
  ${'half a sign-in'}    | ${new Map([['a|b', 1.5]])}
  ${'less than nothing'} | ${new Map([['a|b', -1]])}
`('encodeCounts: $story is refused', ({ cells }) =>
  expect(() => encodeCounts({ cells, signals: new Map() })).toThrow(/stored as|key has a bar/),
)

test('decodeCounts: a row that the first version wrote is read as it was', () => {
  const text = JSON.stringify(first.counts)
  expect(isEncodedCounts(text)).toBe(true)
  const counts = decodeCounts(text)
  expect([...counts.cells]).toEqual([
    ['failure|tls.legacy|1002016', 3],
    ['interrupt|mfa.required|50074', 1],
    ['success||0', 609],
  ])
  expect(counts.signals.get('legacyTls|success|true')).toBe(609)
  expect(decodeCounts(encodeCounts(counts))).toEqual(counts)
})

const manyCells = new Map(
  Array.from({ length: 3 * cellsMax }, (_, index) => [
    `serviceFault|conditional-access.terms-of-use-not-accepted-${index % 40}|${90_000_000 + index}`,
    1_000_000 + index,
  ]),
)
const manySignals = new Map(
  signalIds.flatMap((id) => [`${id}|serviceFault|known`, `${id}|serviceFault|true`].map((cell) => [cell, 1_000_000] as const)),
)
const decoded = decodeCounts(encodeCounts({ cells: manyCells, signals: manySignals }))
const sumOfClass = (all: ReadonlyMap<string, number>, suffix: string): number =>
  [...all].filter(([cell]) => cell.split('|')[1]?.endsWith(suffix)).reduce((sum, [, count]) => sum + count, 0)

test('encodeCounts: sums by class stay exact', () => {
  expect(sumOfClass(decoded.cells, 'accepted-7')).toBe(sumOfClass(manyCells, 'accepted-7'))
  expect(
    decoded.cells.get(
      `serviceFault|conditional-access.terms-of-use-not-accepted-${(3 * cellsMax - 1) % 40}|${90_000_000 + 3 * cellsMax - 1}`,
    ),
  ).toBe(1_000_000 + 3 * cellsMax - 1)
})

test('encodeCounts: the text stays below 64 KiB as a property counts it', () => {
  expect(encodeCounts({ cells: manyCells, signals: manySignals }).length * 2).toBeLessThan(64 * 1024)
})

test.each`
  story                           | text                                                 | says
  ${'no text'}                    | ${''}                                                | ${'version'}
  ${'a later version'}            | ${'3;=&='}                                           | ${'version'}
  ${'no signals'}                 | ${'2;success| 0=7'}                                  | ${'cells and signals'}
  ${'more than signals'}          | ${'2;=&=&='}                                         | ${'cells and signals'}
  ${'keys without counts'}        | ${'2;success| 0&='}                                  | ${'keys and counts'}
  ${'a count too few'}            | ${'2;success| 0 1=7&='}                              | ${'whole number'}
  ${'a count too many'}           | ${'2;success| 0=7 8&='}                              | ${'whole number'}
  ${'a count of no key'}          | ${'2;=7&='}                                          | ${'whole number'}
  ${'a count that is none'}       | ${'2;success| 0=x&='}                                | ${'whole number'}
  ${'a negative count'}           | ${'2;success| 0=-1&='}                               | ${'whole number'}
  ${'half a count'}               | ${'2;success| 0=1.5&='}                              | ${'whole number'}
  ${'a count beyond numbers'}     | ${'2;success| 0=99999999999999999999&='}             | ${'whole number'}
  ${'first version: no JSON'}     | ${'{'}                                               | ${'not JSON'}
  ${'first version: another'}     | ${'{"v":2,"cells":{},"signals":{}}'}                 | ${'version'}
  ${'first version: no cells'}    | ${'{"v":1,"signals":{}}'}                            | ${'counts.cells should be an object'}
  ${'first version: a bad count'} | ${'{"v":1,"cells":{"success||0":1.5},"signals":{}}'} | ${'counts.cells should be a whole number'}
  ${'first version: a negative'}  | ${'{"v":1,"cells":{},"signals":{"x":-1}}'}           | ${'counts.signals should be a whole number'}
`('decodeCounts: $story is refused', ({ text, says }) => expect(() => decodeCounts(text)).toThrow(says))

test('decodeCounts: any text either is read or gives an Error with words', () => {
  const broken = fc.tuple(someCounts, fc.nat(80), fc.constantFrom(' ', ';', 'x', '', '|', '9', '=', '&')).map(([counts, at, sign]) => {
    const text = encodeCounts(counts)
    return text.slice(0, at) + sign + text.slice(at + 1)
  })
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), broken), (text) => {
      try {
        decodeCounts(text)
      } catch (error) {
        expect(String(error)).toMatch(/^Error: (Stored|The version)/)
      }
    }),
    { numRuns: 500 },
  )
})
