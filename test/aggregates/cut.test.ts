import fc from 'fast-check'
import { type Facets, facetIds, facetKeysMax, otherKey } from '../../shared/aggregates/aggregate'
import { cutFacets, leading } from '../../shared/aggregates/cut'
import { emptyFacets, everyFacet, mergeFacets } from '../../shared/aggregates/merge'

const manyKeys = fc
  .uniqueArray(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 5 })), { selector: ([id]) => id, minLength: 40, maxLength: 120 })
  .map((pairs) => new Map(pairs.map(([id, count]) => [`key ${id}`, count])))

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

const facetsOf = (apps: ReadonlyMap<string, number>, names: ReadonlyMap<string, string> = new Map()): Facets => ({
  ...emptyFacets,
  scopes: new Map([
    ['outcome|failure', { signIns: total(apps), facets: { ...everyFacet(() => new Map()), apps }, users: new Map(), unknownUsers: 0 }],
  ]),
  names: new Map([['apps', names]]),
})
const appsOf = (facets: Facets): ReadonlyMap<string, number> => facets.scopes.get('outcome|failure')?.facets.apps ?? new Map()

test('cutFacets: kept and other are always the total, before and after merging', () => {
  fc.assert(
    fc.property(manyKeys, manyKeys, (a, b) => {
      const cut = cutFacets(mergeFacets([cutFacets(facetsOf(a)), cutFacets(facetsOf(b))]))
      expect(total(appsOf(cut))).toBe(total(a) + total(b))
      expect(appsOf(cut).size).toBeLessThanOrEqual(facetKeysMax + 1)
    }),
  )
})

test('cutFacets: a kept count is a lower bound with an error of at most other', () => {
  fc.assert(
    fc.property(manyKeys, manyKeys, (a, b) => {
      const apps = appsOf(cutFacets(mergeFacets([cutFacets(facetsOf(a)), cutFacets(facetsOf(b))])))
      for (const [key, count] of apps) {
        if (key === otherKey) continue
        const truth = (a.get(key) ?? 0) + (b.get(key) ?? 0)
        expect(count).toBeLessThanOrEqual(truth)
        expect(count + (apps.get(otherKey) ?? 0)).toBeGreaterThanOrEqual(truth)
      }
    }),
  )
})

test('cutFacets: cutting again changes nothing, and neither does the order of the keys', () => {
  fc.assert(
    fc.property(manyKeys, (keys) => {
      const once = cutFacets(facetsOf(keys))
      expect(cutFacets(once)).toEqual(once)
      expect(cutFacets(facetsOf(new Map([...keys].reverse())))).toEqual(once)
    }),
  )
})

test('cutFacets: fifty keys stay as they are, the fifty-first is folded', () => {
  const keys = (count: number) => new Map(Array.from({ length: count }, (_, index) => [`app ${index}`, 100 - index]))
  expect(appsOf(cutFacets(facetsOf(keys(50))))).toEqual(keys(50))
  const cut = appsOf(cutFacets(facetsOf(keys(51))))
  expect(cut.get('app 49')).toBe(51)
  expect(cut.has('app 50')).toBe(false)
  expect(cut.get(otherKey)).toBe(50)
})

test('cutFacets: names of kept keys only', () => {
  const keys = new Map(Array.from({ length: 51 }, (_, index) => [`app ${index}`, 100 - index]))
  const names = new Map([
    ['app 0', 'Kept'],
    ['app 50', 'Folded'],
    ['app 99', 'Never counted'],
  ])
  expect(cutFacets(facetsOf(keys, names)).names.get('apps')).toEqual(new Map([['app 0', 'Kept']]))
})

test('leading: other never takes a place and is never a kept key', () => {
  const counts = new Map([
    [otherKey, 1_000],
    ['b', 2],
    ['a', 2],
    ['c', 1],
  ])
  expect(leading(counts, 2)).toEqual({
    kept: [
      ['a', 2],
      ['b', 2],
    ],
    rest: 1_001,
  })
  expect(leading(new Map([['a', 1]]), 2)).toEqual({ kept: [['a', 1]], rest: 0 })
  expect(facetIds).not.toContain(otherKey)
})
