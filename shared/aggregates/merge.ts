import type { FailureClassId } from '../failures/catalogueTypes'
import { type Aggregate, type Counts, type Evidence, evidenceMax, type FacetId, type Facets, type Scope } from './aggregate'
import { byText } from './ordering'
import { mergeSketches, type Sketch } from './sketch'

export const emptyCounts: Counts = { cells: new Map(), signals: new Map() }
export const emptyFacets: Facets = { scopes: new Map(), names: new Map(), evidence: new Map() }
export const emptyAggregate: Aggregate = { counts: emptyCounts, facets: emptyFacets }

/** The sum of some counts: exact, the same in any order and grouping, and the empty one changes nothing. */
export function mergeCounts(all: Iterable<Counts>): Counts {
  const cells = new Map<string, number>()
  const signals = new Map<string, number>()
  for (const counts of all) {
    addAll(cells, counts.cells)
    addAll(signals, counts.signals)
  }
  return { cells, signals }
}

/** The sum of some facets, untruncated, with the same promises as {@link mergeCounts}. */
export function mergeFacets(all: Iterable<Facets>): Facets {
  const parts = [...all]
  const scopes = new Map<string, Scope[]>()
  const evidence = new Map<FailureClassId, Evidence[]>()
  for (const facets of parts) {
    for (const [id, scope] of facets.scopes) listIn(scopes, id).push(scope)
    for (const [failureClass, newest] of facets.evidence) {
      const kept = listIn(evidence, failureClass)
      for (const one of newest) keepNewest(kept, one)
    }
  }
  return {
    scopes: mapValues(scopes, mergeScopes),
    names: mergeNames(parts.map((part) => part.names)),
    evidence,
  }
}

/** All names of some facets; see {@link addName} for a key that has two. */
export function mergeNames(all: Iterable<Facets['names']>): Facets['names'] {
  const merged = new Map<FacetId, Map<string, string>>()
  for (const names of all) {
    for (const [facet, named] of names) {
      const into = merged.get(facet) ?? new Map<string, string>()
      merged.set(facet, into)
      for (const [key, name] of named) addName(into, key, name)
    }
  }
  return merged
}

/** {@link mergeCounts} and {@link mergeFacets} of both parts. */
export function mergeAggregates(all: Iterable<Aggregate>): Aggregate {
  const parts = [...all]
  return { counts: mergeCounts(parts.map((part) => part.counts)), facets: mergeFacets(parts.map((part) => part.facets)) }
}

/** The sum of the breakdowns of sets that have no sign-in in common. */
export function mergeScopes(all: readonly Scope[]): Scope {
  const [only] = all
  if (only && all.length === 1) return only
  const sketches = new Map<string, Sketch[]>()
  let signIns = 0
  let unknownUsers = 0
  for (const scope of all) {
    signIns += scope.signIns
    unknownUsers += scope.unknownUsers
    for (const [keyId, sketch] of scope.users) listIn(sketches, keyId).push(sketch)
  }
  const sum = (facet: FacetId): ReadonlyMap<string, number> => {
    const total = new Map<string, number>()
    for (const scope of all) addAll(total, scope.facets[facet])
    return total
  }
  return {
    signIns,
    facets: everyFacet(sum),
    users: mapValues(sketches, (list) => (list.length === 1 && list[0] ? list[0] : mergeSketches(list))),
    unknownUsers,
  }
}

/** One value for each facet. */
export const everyFacet = <Value>(one: (facet: FacetId) => Value): Record<FacetId, Value> => ({
  apps: one('apps'),
  resources: one('resources'),
  resourceTenants: one('resourceTenants'),
  clientApps: one('clientApps'),
  countries: one('countries'),
  userAgents: one('userAgents'),
  networks: one('networks'),
})

/** Where one key goes by two names, the first of them by code units stands, whichever came first. */
export function addName(names: Map<string, string>, key: string, name: string): void {
  const known = names.get(key)
  if (known === undefined || byText(name, known) < 0) names.set(key, name)
}

/** Newest first, a tie by request id. */
export const byNewest = (a: Evidence, b: Evidence): number =>
  b.createdDateTime - a.createdDateTime || byText(a.requestId, b.requestId) || byText(a.stream, b.stream)

/** Puts a sign-in into its place among the newest, of which {@link evidenceMax} are kept. */
export function keepNewest(newest: Evidence[], evidence: Evidence): void {
  const last = newest.at(-1)
  if (newest.length >= evidenceMax && last && byNewest(last, evidence) <= 0) return
  const older = newest.findIndex((other) => byNewest(evidence, other) < 0)
  if (older === -1) newest.push(evidence)
  else newest.splice(older, 0, evidence)
  if (newest.length > evidenceMax) newest.pop()
}

function addAll(into: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [key, count] of counts) into.set(key, (into.get(key) ?? 0) + count)
}

function listIn<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  const list = lists.get(key) ?? []
  if (list.length === 0) lists.set(key, list)
  return list
}

const mapValues = <Key, From, To>(map: ReadonlyMap<Key, From>, change: (value: From) => To): ReadonlyMap<Key, To> =>
  new Map(Array.from(map, ([key, value]) => [key, change(value)]))
