import fc from 'fast-check'
import type { Aggregate } from '../../shared/aggregates/aggregate'
import { facetIds } from '../../shared/aggregates/aggregate'
import { emptyAggregate, mergeAggregates } from '../../shared/aggregates/merge'
import type { SignInRecord } from '../../shared/aggregates/record'
import { estimateSketch } from '../../shared/aggregates/sketch'
import { Tally } from '../../shared/aggregates/tally'
import { signalIds } from '../../shared/failures/catalogueTypes'
import { classified, failed, recorded, someRecord } from './arbitraries'

const tallied = (records: readonly SignInRecord[]): Aggregate => {
  const tally = new Tally('key-1')
  for (const record of records) tally.add(record)
  return tally.aggregate()
}

const bitOf = (...ids: (typeof signalIds)[number][]): number => ids.reduce((bits, id) => bits | (1 << signalIds.indexOf(id)), 0)
const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

test('Tally: nothing added is the empty aggregate', () => expect(tallied([])).toEqual(emptyAggregate))

test('Tally: the aggregate of all records is the merge of the aggregates of any parts', () => {
  fc.assert(
    fc.property(fc.array(someRecord, { maxLength: 40 }), fc.nat(40), (records, at) => {
      const parts = [tallied(records.slice(0, at)), tallied(records.slice(at))]
      expect(mergeAggregates(parts)).toEqual(tallied(records))
    }),
  )
})

test('Tally: the order of the records makes no difference', () => {
  fc.assert(
    fc.property(fc.array(someRecord, { maxLength: 20 }), (records) => expect(tallied([...records].reverse())).toEqual(tallied(records))),
  )
})

test('Tally: in every breakdown each facet adds up to its sign-ins', () => {
  fc.assert(
    fc.property(fc.array(someRecord, { maxLength: 40 }), (records) => {
      const { counts, facets } = tallied(records)
      expect(total(counts.cells)).toBe(records.length)
      for (const scope of facets.scopes.values()) {
        for (const facet of facetIds) expect(total(scope.facets[facet])).toBe(scope.signIns)
      }
      for (const id of signalIds) {
        const counted = [...counts.signals]
          .filter(([key]) => key.startsWith(`${id}|`) && key.endsWith('|true'))
          .reduce((sum, [, count]) => sum + count, 0)
        expect(facets.scopes.get(`signal|${id}`)?.signIns ?? 0).toBe(counted)
      }
    }),
  )
})

test('Tally: equal classifications that are different objects are counted together', () => {
  const { counts } = tallied([
    recorded({ classification: failed('tls.legacy', 1002016) }),
    recorded({ classification: failed('tls.legacy', 1002016) }),
  ])
  expect(counts.cells).toEqual(new Map([['failure|tls.legacy|1002016', 2]]))
})

test('Tally: signals are counted by outcome, with the rows that can tell', () => {
  const known = bitOf('legacyTls', 'masked')
  const { counts } = tallied([
    recorded({ classification: classified({ signals: { known, isTrue: bitOf('legacyTls') } }) }),
    recorded({ classification: classified({ signals: { known, isTrue: 0 } }) }),
    recorded({ classification: classified() }),
  ])
  expect(counts.signals).toEqual(
    new Map([
      ['legacyTls|success|known', 2],
      ['legacyTls|success|true', 1],
      ['masked|success|known', 2],
    ]),
  )
})

test.each`
  story                               | classification                                                                                                              | scopes
  ${'a success'}                      | ${classified()}                                                                                                             | ${['outcome|success']}
  ${'a failure of a question family'} | ${failed('tls.legacy', 1002016)}                                                                                            | ${['outcome|failure', 'family|tls', 'class|tls.legacy']}
  ${'a failure of another family'}    | ${failed('other.unknown-code', 99)}                                                                                         | ${['outcome|failure', 'family|other']}
  ${'a service fault'}                | ${failed('other.unknown-code', 99, { outcome: 'serviceFault' })}                                                            | ${['outcome|serviceFault', 'family|other']}
  ${'an interrupt'}                   | ${failed('tls.legacy', 1002016, { outcome: 'interrupt' })}                                                                  | ${['outcome|interrupt']}
  ${'a success with two signals'}     | ${classified({ signals: { known: bitOf('legacyTls', 'masked', 'automation'), isTrue: bitOf('legacyTls', 'automation') } })} | ${['outcome|success', 'signal|legacyTls', 'signal|automation']}
`('Tally: $story is broken down by $scopes', ({ classification, scopes }) => {
  const { facets } = tallied([recorded({ classification })])
  expect([...facets.scopes.keys()]).toEqual(scopes)
})

test('Tally: users are counted once, unknown ones apart, applications not at all', () => {
  const scope = tallied([
    recorded({ user: 65 }),
    recorded({ user: 65 }),
    recorded({ user: 129 }),
    recorded({ user: 'unknown' }),
    recorded({ user: 'none', stream: 'servicePrincipal' }),
  ]).facets.scopes.get('outcome|success')
  const sketch = scope?.users.get('key-1')
  expect([...(scope?.users.keys() ?? [])]).toEqual(['key-1'])
  expect(sketch && estimateSketch(sketch)).toBe(2)
  expect(scope).toMatchObject({ signIns: 5, unknownUsers: 1 })
})

test('Tally: without a user that can be told apart there is no sketch', () => {
  expect(tallied([recorded({ user: 'unknown' }), recorded()]).facets.scopes.get('outcome|success')?.users.size).toBe(0)
})

test('Tally: evidence is the newest five failures of a class, and only of what failed and has an id', () => {
  const rows = [3, 1, 7, 5, 2, 6, 4].map((at) =>
    recorded({ id: `request ${at}`, createdDateTime: at, classification: failed('tls.legacy', 1002016) }),
  )
  const others = [
    recorded({ id: 'success', createdDateTime: 9 }),
    recorded({ id: 'interrupt', createdDateTime: 9, classification: failed('mfa.required', 50074, { outcome: 'interrupt' }) }),
    recorded({ id: undefined, createdDateTime: 9, classification: failed('tls.legacy', 1002016) }),
  ]
  const { evidence } = tallied([...rows, ...others]).facets
  expect([...evidence.keys()]).toEqual(['tls.legacy'])
  expect(evidence.get('tls.legacy')?.map((one) => one.requestId)).toEqual([7, 6, 5, 4, 3].map((at) => `request ${at}`))
  expect(evidence.get('tls.legacy')?.[0]).toEqual({ requestId: 'request 7', createdDateTime: 7, stream: 'interactiveUser' })
})

test('Tally: names belong to keys that are known', () => {
  const { names } = tallied([recorded({ apps: 'app', appName: 'An app' }), recorded({ appName: 'Whose?', resourceName: 'Whose?' })]).facets
  expect(names).toEqual(new Map([['apps', new Map([['app', 'An app']])]]))
})

test('Tally: an aggregate that was taken stays as it is when more is added', () => {
  const tally = new Tally('key-1')
  tally.add(recorded({ user: 65, apps: 'a', appName: 'A', classification: failed('tls.legacy', 1002016), id: 'one' }))
  const first = tally.aggregate()
  tally.add(recorded({ user: 129, apps: 'b', appName: 'B', classification: failed('tls.legacy', 1002016), id: 'two' }))
  expect(first).toEqual(
    tallied([recorded({ user: 65, apps: 'a', appName: 'A', classification: failed('tls.legacy', 1002016), id: 'one' })]),
  )
})
