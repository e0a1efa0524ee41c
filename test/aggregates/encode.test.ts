import fc from 'fast-check'
import { cutFacets } from '../../shared/aggregates/cut'
import { cellsMax, decodeCounts, decodeFacets, encodeCounts, encodeFacets } from '../../shared/aggregates/encode'
import { emptyCounts, emptyFacets } from '../../shared/aggregates/merge'
import { signalIds } from '../../shared/failures/catalogueTypes'
import { someCounts, someFacets } from './arbitraries'

test('encodeCounts: every counts comes back', () => {
  fc.assert(fc.property(someCounts, (counts) => expect(decodeCounts(encodeCounts(counts))).toEqual(counts)))
  expect(decodeCounts(encodeCounts(emptyCounts))).toEqual(emptyCounts)
})

test('encodeFacets: what comes back is the cut facets', () => {
  fc.assert(fc.property(someFacets, (facets) => expect(decodeFacets(encodeFacets(facets))).toEqual(cutFacets(facets))))
  expect(decodeFacets(encodeFacets(emptyFacets))).toEqual(emptyFacets)
})

test('encode: equal content gives equal text, whatever the order it came in', () => {
  fc.assert(
    fc.property(someFacets, someCounts, (facets, counts) => {
      const reversed = { ...facets, scopes: new Map([...facets.scopes].reverse()) }
      expect(encodeFacets(reversed)).toBe(encodeFacets(facets))
      expect(encodeCounts({ ...counts, cells: new Map([...counts.cells].reverse()) })).toBe(encodeCounts(counts))
    }),
  )
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
  story                    | text                                                 | says
  ${'no JSON'}             | ${'{'}                                               | ${'not JSON'}
  ${'an array'}            | ${'[]'}                                              | ${'counts should be an object'}
  ${'another version'}     | ${'{"v":2,"cells":{},"signals":{}}'}                 | ${'version'}
  ${'no cells'}            | ${'{"v":1,"signals":{}}'}                            | ${'counts.cells should be an object'}
  ${'a count that is not'} | ${'{"v":1,"cells":{"success||0":1.5},"signals":{}}'} | ${'counts.cells should be a whole number'}
  ${'a negative count'}    | ${'{"v":1,"cells":{},"signals":{"x":-1}}'}           | ${'counts.signals should be a whole number'}
`('decodeCounts: $story is refused', ({ text, says }) => expect(() => decodeCounts(text)).toThrow(says))

/** Stored facets of one app with parts of one's own. */
const stored = (scopes: string, names = '', evidence = ''): string =>
  `{"v":1,"keys":[["app"],[],[],[],[],[],[]],"scopes":{${scopes}},"names":{${names}},"evidence":{${evidence}}}`

test.each`
  story                | text                                                                                   | says
  ${'no JSON'}         | ${''}                                                                                  | ${'not JSON'}
  ${'another version'} | ${'{"scopes":{},"names":{},"evidence":{}}'}                                            | ${'version'}
  ${'no keys'}         | ${'{"v":1,"scopes":{},"names":{},"evidence":{}}'}                                      | ${'facets.keys.apps should be a list of texts'}
  ${'no facets'}       | ${stored('"a":{"n":1,"unknown":0,"users":{}}')}                                        | ${'facets.scopes.a.facets should be an array'}
  ${'too few facets'}  | ${stored('"a":{"n":1,"unknown":0,"users":{},"facets":[[]]}')}                          | ${'facets.scopes.a.facets.resources should be an array'}
  ${'no such key'}     | ${stored('"a":{"n":1,"unknown":0,"users":{},"facets":[[1,5],[],[],[],[],[],[]]}')}     | ${'facets.scopes.a.facets.apps should be places'}
  ${'a bad count'}     | ${stored('"a":{"n":1,"unknown":0,"users":{},"facets":[[0,-5],[],[],[],[],[],[]]}')}    | ${'should be a whole number'}
  ${'a bad sketch'}    | ${stored('"a":{"n":1,"unknown":0,"users":{"k":"A"},"facets":[[],[],[],[],[],[],[]]}')} | ${'A sketch of 1 digits'}
  ${'no such facet'}   | ${stored('', '"colours":{}')}                                                          | ${'facets.names.colours should be one of apps'}
  ${'a bad stream'}    | ${stored('', '', '"tls.legacy":[["id",1,"mystery"]]')}                                 | ${'facets.evidence.tls.legacy should be'}
`('decodeFacets: $story is refused', ({ text, says }) => expect(() => decodeFacets(text)).toThrow(says))

test('decode: any text either decodes or gives an Error with words', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const decode of [decodeCounts, decodeFacets]) expect(() => decode(text)).toThrow(/^(Stored|The version)/)
    }),
  )
})
