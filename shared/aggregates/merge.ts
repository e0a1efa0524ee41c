import type { FailureClassId } from '../failures/catalogueTypes'
import { type Aggregate, type Counts, type Evidence, evidenceMax, type FacetId, type Facets, facetIds, type Scope } from './aggregate'
import { byText } from './ordering'
import { type Sketch, SketchSum } from './sketch'

export const emptyCounts: Counts = { cells: new Map(), signals: new Map() }
export const emptyFacets: Facets = { scopes: new Map(), names: new Map(), evidence: new Map() }
export const emptyAggregate: Aggregate = { counts: emptyCounts, facets: emptyFacets }

/** The sum of some counts: exact, the same in any order and grouping, and the empty one changes nothing. */
export function mergeCounts(all: Iterable<Counts>): Counts {
  const sum = new CountsSum()
  for (const counts of all) sum.add(counts)
  return { cells: sum.cells, signals: sum.signals }
}

/**
 * What counts are given to: keys and, in the same order, the sign-ins of each. A key may come several times. The same keys often
 * come in the very same list, so that what a sink looked up for them may be remembered by it.
 */
export interface CountsSink {
  cells(keys: readonly string[], signIns: readonly number[]): void
  signals(keys: readonly string[], signIns: readonly number[]): void
}

/** Adds counts up. */
export class CountsSum implements Counts {
  readonly cells = new Map<string, number>()
  readonly signals = new Map<string, number>()
  readonly sink: CountsSink = {
    cells: (keys, signIns) => addEach(this.cells, keys, signIns),
    signals: (keys, signIns) => addEach(this.signals, keys, signIns),
  }

  add(counts: Counts): void {
    eachCount(counts, this.sink)
  }
}

/** Gives counts out, which those that were not read yet need not be made for. */
export function eachCount(counts: Counts, sink: CountsSink): void {
  const read = unread.get(counts)
  if (read) {
    read(sink)
    return
  }
  sink.cells([...counts.cells.keys()], [...counts.cells.values()])
  sink.signals([...counts.signals.keys()], [...counts.signals.values()])
}

/** How counts are read that may not have been read yet. */
const unread = new WeakMap<Counts, (sink: CountsSink) => void>()

/**
 * Counts that are read when they are first asked for, and not before: to know whether an answer changed takes none of
 * them. {@link eachCount} reads them without keeping them.
 */
export function countsWhenAsked(read: (sink: CountsSink) => void): Counts {
  let kept: CountsSum | undefined
  const sum = (): CountsSum => {
    if (kept) return kept
    const made = new CountsSum()
    read(made.sink)
    kept = made
    return made
  }
  const counts: Counts = {
    get cells() {
      return sum().cells
    },
    get signals() {
      return sum().signals
    },
  }
  unread.set(counts, read)
  return counts
}

/** The sum of some facets, untruncated, with the same promises as {@link mergeCounts}. */
export function mergeFacets(all: Iterable<Facets>): Facets {
  const sum = new FacetsSum()
  for (const facets of all) sum.add(facets)
  return sum.facets()
}

/** All names of some facets; see {@link addName} for a key that has two. */
export function mergeNames(all: Iterable<Facets['names']>): Facets['names'] {
  const merged = new Map<FacetId, Map<string, string>>()
  for (const names of all) addNames(merged, names)
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
  const sum = new ScopeSum()
  for (const scope of all) sum.add(scope)
  return sum.scope()
}

/** Which part of a breakdown is asked for. Its number of sign-ins always comes. */
export interface ScopePart {
  readonly facets: readonly FacetId[]
  readonly users: boolean
}

/** Which part of facets is asked for. Names always come. */
export interface FacetsChoice {
  /** The part of a breakdown, by its id; undefined for none. */
  readonly scope: (id: string) => ScopePart | undefined
  readonly evidence: (failureClass: FailureClassId) => boolean
}

const wholeScope: ScopePart = { facets: facetIds, users: true }
const wholeFacets: FacetsChoice = { scope: () => wholeScope, evidence: () => true }

/**
 * Adds facets up, the parts that are asked for and no others. A part of a breakdown that nobody asked for is as good as
 * absent from the sum: empty facets, no users.
 */
export class FacetsSum {
  readonly choice: FacetsChoice
  readonly #scopes = new Map<string, ScopeSum>()
  readonly #names = new Map<FacetId, Map<string, string>>()
  readonly #evidence = new Map<FailureClassId, Evidence[]>()

  constructor(choice = wholeFacets) {
    this.choice = choice
  }

  add({ scopes, names, evidence }: Facets): void {
    for (const [id, scope] of scopes) {
      const part = this.choice.scope(id)
      if (part) this.scope(id).add(scope, part)
    }
    addNames(this.#names, names)
    for (const [failureClass, newest] of evidence) {
      if (!this.choice.evidence(failureClass)) continue
      const kept = this.newest(failureClass)
      for (const one of newest) keepNewest(kept, one)
    }
  }

  /** What the breakdown of an id is added to. */
  scope(id: string): ScopeSum {
    const known = this.#scopes.get(id)
    if (known) return known
    const added = new ScopeSum()
    this.#scopes.set(id, added)
    return added
  }

  /** What the evidence of a class is kept in, by {@link keepNewest}. */
  newest = (failureClass: FailureClassId): Evidence[] => entryIn(this.#evidence, failureClass, () => [])

  /** What the names of a facet are added to, by {@link addName}. */
  names = (facet: FacetId): Map<string, string> => entryIn(this.#names, facet, () => new Map())

  /** What was added so far; the sum must not be added to any more. */
  facets(): Facets {
    return {
      scopes: new Map(Array.from(this.#scopes, ([id, sum]) => [id, sum.scope()])),
      names: this.#names,
      evidence: this.#evidence,
    }
  }
}

/** Adds up breakdowns of sets that have no sign-in in common. */
export class ScopeSum {
  signIns = 0
  unknownUsers = 0
  readonly facets: Readonly<Record<FacetId, Map<string, number>>> = everyFacet(() => new Map())
  readonly #users = new Map<string, SketchSum>()

  add(scope: Scope, part = wholeScope): void {
    this.signIns += scope.signIns
    for (const facet of part.facets) addAll(this.facets[facet], scope.facets[facet])
    if (!part.users) return
    this.unknownUsers += scope.unknownUsers
    for (const [keyId, sketch] of scope.users) this.users(keyId).add(sketch)
  }

  /** What the users that are hashed with a key are added to. */
  users = (keyId: string): SketchSum => entryIn(this.#users, keyId, () => new SketchSum())

  scope(): Scope {
    const users = new Map<string, Sketch>()
    for (const [keyId, sum] of this.#users) users.set(keyId, sum.sketch())
    return { signIns: this.signIns, facets: this.facets, users, unknownUsers: this.unknownUsers }
  }
}

/** One value for each facet. */
export function everyFacet<Value>(one: (facet: FacetId) => Value): Record<FacetId, Value> {
  return {
    apps: one('apps'),
    resources: one('resources'),
    resourceTenants: one('resourceTenants'),
    clientApps: one('clientApps'),
    countries: one('countries'),
    userAgents: one('userAgents'),
    networks: one('networks'),
  }
}

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

function addEach(into: Map<string, number>, keys: readonly string[], counts: readonly number[]): void {
  let place = 0
  for (const key of keys) into.set(key, (into.get(key) ?? 0) + (counts[place++] ?? 0))
}

function addAll(into: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [key, count] of counts) into.set(key, (into.get(key) ?? 0) + count)
}

function addNames(into: Map<FacetId, Map<string, string>>, all: Facets['names']): void {
  for (const [facet, names] of all) {
    const named = entryIn(into, facet, () => new Map<string, string>())
    for (const [key, name] of names) addName(named, key, name)
  }
}

function entryIn<Key, Value>(entries: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = entries.get(key)
  if (known !== undefined) return known
  const made = make()
  entries.set(key, made)
  return made
}
