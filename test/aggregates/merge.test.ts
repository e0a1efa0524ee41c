import fc from 'fast-check'
import { emptyAggregate, mergeAggregates, mergeCounts, mergeFacets } from '../../shared/aggregates/merge'
import { estimateSketch, sketchOf } from '../../shared/aggregates/sketch'
import { someAggregate, someCounts, someFacets } from './arbitraries'

test('mergeAggregates: grouping makes no difference', () => {
  fc.assert(
    fc.property(someAggregate, someAggregate, someAggregate, (a, b, c) => {
      const all = mergeAggregates([a, b, c])
      expect(mergeAggregates([mergeAggregates([a, b]), c])).toEqual(all)
      expect(mergeAggregates([a, mergeAggregates([b, c])])).toEqual(all)
    }),
    { numRuns: 50 },
  )
})

test('mergeAggregates: order makes no difference', () => {
  fc.assert(
    fc.property(someAggregate, someAggregate, (a, b) => expect(mergeAggregates([b, a])).toEqual(mergeAggregates([a, b]))),
    { numRuns: 50 },
  )
})

test('mergeAggregates: the empty one changes nothing', () => {
  fc.assert(
    fc.property(someAggregate, (one) => {
      expect(mergeAggregates([one, emptyAggregate])).toEqual(one)
      expect(mergeAggregates([emptyAggregate, one])).toEqual(one)
    }),
    { numRuns: 50 },
  )
  expect(mergeAggregates([])).toEqual(emptyAggregate)
})

test('mergeCounts: every count is the sum', () => {
  fc.assert(
    fc.property(fc.array(someCounts, { maxLength: 5 }), (all) => {
      const merged = mergeCounts(all)
      const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((total, count) => total + count, 0)
      expect(sum(merged.cells)).toBe(all.reduce((total, one) => total + sum(one.cells), 0))
      for (const [cell, count] of merged.cells) expect(count).toBe(all.reduce((total, one) => total + (one.cells.get(cell) ?? 0), 0))
      for (const [signal, count] of merged.signals)
        expect(count).toBe(all.reduce((total, one) => total + (one.signals.get(signal) ?? 0), 0))
    }),
  )
})

test('mergeFacets: sketches of two keys stay apart', () => {
  const scope = (keyId: string, entries: number[]) => ({
    scopes: new Map([
      [
        'outcome|success',
        {
          signIns: entries.length,
          facets: {
            apps: new Map(),
            resources: new Map(),
            resourceTenants: new Map(),
            clientApps: new Map(),
            countries: new Map(),
            userAgents: new Map(),
            networks: new Map(),
          },
          users: new Map([[keyId, sketchOf(entries)]]),
          unknownUsers: 0,
        },
      ],
    ]),
    names: new Map(),
    evidence: new Map(),
  })
  const merged = mergeFacets([scope('old', [65, 129]), scope('new', [65]), scope('old', [129, 193])]).scopes.get('outcome|success')
  expect(merged?.signIns).toBe(5)
  expect([...(merged?.users ?? [])].map(([keyId, sketch]) => [keyId, estimateSketch(sketch)])).toEqual([
    ['old', 3],
    ['new', 1],
  ])
})

test('mergeFacets: evidence is the five newest, a tie by request id', () => {
  const evidence = (...ids: [string, number][]) => ({
    scopes: new Map(),
    names: new Map(),
    evidence: new Map([
      [
        'tls.legacy' as const,
        ids.map(([requestId, createdDateTime]) => ({ requestId, createdDateTime, stream: 'interactiveUser' as const })),
      ],
    ]),
  })
  const merged = mergeFacets([evidence(['f', 9], ['b', 5], ['a', 1]), evidence(['e', 7], ['c', 5], ['d', 5], ['g', 2])])
  expect(merged.evidence.get('tls.legacy')?.map((one) => one.requestId)).toEqual(['f', 'e', 'b', 'c', 'd'])
})

test('mergeFacets: of two names for one key the same one stands in any order', () => {
  const named = (name: string) => ({
    scopes: new Map(),
    names: new Map([['apps' as const, new Map([['app', name]])]]),
    evidence: new Map(),
  })
  expect(mergeFacets([named('New'), named('Old')])).toEqual(mergeFacets([named('Old'), named('New')]))
  fc.assert(fc.property(someFacets, (facets) => expect(mergeFacets([facets]).names).toEqual(facets.names)))
})
