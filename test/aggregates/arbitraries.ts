import fc from 'fast-check'
import type { Aggregate, Counts, Evidence, Facets, Scope } from '../../shared/aggregates/aggregate'
import { facetIds } from '../../shared/aggregates/aggregate'
import { byNewest, everyFacet } from '../../shared/aggregates/merge'
import type { SignInRecord } from '../../shared/aggregates/record'
import { sketchOf } from '../../shared/aggregates/sketch'
import { type Classification, type FailureClassId, type FamilyId, outcomes, signalIds } from '../../shared/failures/catalogueTypes'
import { streamIds } from '../../shared/signIns/streams'

const count = fc.integer({ min: 1, max: 1_000 })
const key = fc.constantFrom('a', 'b', 'c', 'd', 'unknown', 'other', '__proto__', 'constructor', '1', 'ü')
const counted = fc.uniqueArray(fc.tuple(key, count), { selector: ([id]) => id, maxLength: 6 }).map((pairs) => new Map(pairs))
const mapOf = <Key, Value>(keys: fc.Arbitrary<Key>, values: fc.Arbitrary<Value>): fc.Arbitrary<Map<Key, Value>> =>
  fc.uniqueArray(fc.tuple(keys, values), { selector: ([id]) => id, maxLength: 4 }).map((pairs) => new Map(pairs))

/** Entries of sketches: any register, any rank. */
export const sketchEntries = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 4_095 }), fc.integer({ min: 1, max: 53 })).map(([index, rank]) => (index << 6) | rank),
  { maxLength: 700 },
)

const users = mapOf(fc.constantFrom('key-1', 'key-2'), sketchEntries.map(sketchOf))

export const someCounts: fc.Arbitrary<Counts> = fc.record({
  cells: mapOf(
    fc.constantFrom('success||0', 'failure|tls.legacy|1002016', 'failure|other.no-code|-1', 'interrupt|mfa.required|50074'),
    count,
  ),
  signals: mapOf(fc.constantFrom('legacyTls|success|known', 'legacyTls|success|true', 'masked|failure|known'), count),
})

export const someScope: fc.Arbitrary<Scope> = fc
  .tuple(count, users, fc.nat(100), fc.array(counted, { minLength: facetIds.length, maxLength: facetIds.length }))
  .map(([signIns, sketches, unknownUsers, facets]) => ({
    signIns,
    users: sketches,
    unknownUsers,
    facets: everyFacet((facet) => facets[facetIds.indexOf(facet)] ?? new Map()),
  }))

const someEvidence: fc.Arbitrary<Evidence> = fc.record({
  requestId: fc.uuid(),
  createdDateTime: fc.integer({ min: 0, max: 20 }),
  stream: fc.constantFrom(...streamIds),
})

export const someFacets: fc.Arbitrary<Facets> = fc.record({
  scopes: mapOf(fc.constantFrom('outcome|success', 'outcome|failure', 'family|tls', 'class|tls.legacy'), someScope),
  names: mapOf(fc.constantFrom('apps' as const, 'resources' as const), mapOf(key, fc.string({ minLength: 1, maxLength: 4 }))),
  evidence: mapOf(
    fc.constantFrom<FailureClassId>('tls.legacy', 'mfa.required'),
    fc.array(someEvidence, { minLength: 1, maxLength: 5 }).map((all) => all.sort(byNewest)),
  ),
})

export const someAggregate: fc.Arbitrary<Aggregate> = fc.record({ counts: someCounts, facets: someFacets })

/** A classification made by hand, with nothing known of its signals unless said. */
export const classified = (facts: Partial<Classification> = {}): Classification => ({
  outcome: 'success',
  family: undefined,
  failureClass: undefined,
  errorCode: 0,
  signals: { known: 0, isTrue: 0 },
  ...facts,
})

/** A failure of a class, classified by hand. */
export const failed = (failureClass: FailureClassId, errorCode: number, facts: Partial<Classification> = {}): Classification =>
  classified({
    outcome: 'failure',
    family: failureClass.slice(0, failureClass.indexOf('.')) as FamilyId,
    failureClass,
    errorCode,
    ...facts,
  })

const signalBits = fc
  .tuple(fc.nat(2 ** signalIds.length - 1), fc.nat(2 ** signalIds.length - 1))
  .map(([known, isTrue]) => ({ known, isTrue: known & isTrue }))

export const someClassification: fc.Arbitrary<Classification> = fc
  .tuple(
    fc.constantFrom(...outcomes),
    fc.constantFrom<[FailureClassId, number]>(
      ['tls.legacy', 1002016],
      ['tenant-restriction.v1', 500021],
      ['other.no-code', -1],
      ['other.unknown-code', 99],
    ),
    signalBits,
  )
  .map(([outcome, [failureClass, code], signals]) =>
    outcome === 'success' ? classified({ signals }) : failed(failureClass, code, { outcome, signals }),
  )

/** A record that says `unknown` everywhere, of no one. */
export const recorded = (facts: Partial<SignInRecord> = {}): SignInRecord => ({
  id: undefined,
  createdDateTime: 0,
  stream: 'interactiveUser',
  classification: classified(),
  user: 'none',
  ...everyFacet(() => 'unknown'),
  appName: undefined,
  resourceName: undefined,
  ...facts,
})

const facetText = fc.constantFrom('a', 'b', 'c', 'unknown')

export const someRecord: fc.Arbitrary<SignInRecord> = fc.record({
  id: fc.option(fc.uuid(), { nil: undefined }),
  createdDateTime: fc.integer({ min: 0, max: 20 }),
  stream: fc.constantFrom(...streamIds),
  classification: someClassification,
  user: fc.oneof(
    fc.constantFrom('unknown' as const, 'none' as const),
    fc.integer({ min: 0, max: 50 }).map((index) => (index << 6) | 3),
  ),
  apps: facetText,
  resources: facetText,
  resourceTenants: facetText,
  clientApps: facetText,
  countries: facetText,
  userAgents: facetText,
  networks: facetText,
  appName: fc.option(fc.constantFrom('App', 'Another'), { nil: undefined }),
  resourceName: fc.option(fc.constantFrom('Resource', 'Thing'), { nil: undefined }),
})
