import type { FailureClassId } from '../failures/catalogueTypes'
import { isStreamId } from '../signIns/streams'
import { type Counts, type Evidence, type FacetId, type Facets, facetIds, type Scope } from './aggregate'
import { cutFacets } from './cut'
import { everyFacet } from './merge'
import { byCount, byText, sortedEntries } from './ordering'
import { decodeSketch, encodeSketch } from './sketch'

/** The version of the encodings. A reader refuses any other. */
const encodingVersion = 1

/**
 * Different cells that are stored of one bucket, so that the text stays below the 64 KiB of a property. Beyond it the
 * codes of the smallest cells are given up for -1; sums by outcome and class stay exact.
 */
export const cellsMax = 300

/** The counts as compact JSON text; equal counts give equal text. */
export const encodeCounts = (counts: Counts): string =>
  JSON.stringify({ v: encodingVersion, cells: pairs(foldCells(counts.cells)), signals: pairs(counts.signals) })

/** Reads {@link encodeCounts}; throws an Error that names what is wrong with any other text. */
export function decodeCounts(text: string): Counts {
  const body = readBody(text, 'counts')
  return { cells: readCounts(body['cells'], 'counts.cells'), signals: readCounts(body['signals'], 'counts.signals') }
}

function foldCells(cells: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  if (cells.size <= cellsMax) return cells
  const ordered = [...cells].sort(byCount)
  const folded = new Map(ordered.slice(0, cellsMax))
  for (const [cell, count] of ordered.slice(cellsMax)) {
    const withoutCode = `${cell.slice(0, cell.lastIndexOf('|'))}|-1`
    folded.set(withoutCode, (folded.get(withoutCode) ?? 0) + count)
  }
  return folded
}

/**
 * The facets, cut, as compact JSON text; equal facets give equal text. The keys of a facet are written once and named by
 * their place: most of them come back in many breakdowns, and reading them is most of the work of an answer.
 */
export function encodeFacets(facets: Facets): string {
  const cut = cutFacets(facets)
  const keys = facetIds.map((facet) => keysOf(cut, facet))
  const places = keys.map((known) => new Map(known.map((key, place) => [key, place])))
  return JSON.stringify({
    v: encodingVersion,
    keys,
    scopes: Object.fromEntries(sortedEntries(cut.scopes).map(([id, scope]) => [id, encodeScope(scope, places)])),
    names: Object.fromEntries(sortedEntries(cut.names).map(([facet, names]) => [facet, pairs(names)])),
    evidence: Object.fromEntries(
      sortedEntries(cut.evidence).map(([id, newest]) => [id, newest.map((one) => [one.requestId, one.createdDateTime, one.stream])]),
    ),
  })
}

function keysOf(facets: Facets, facet: FacetId): string[] {
  const keys = new Set<string>()
  for (const scope of facets.scopes.values()) for (const key of scope.facets[facet].keys()) keys.add(key)
  return [...keys].sort(byText)
}

const encodeScope = (scope: Scope, places: readonly ReadonlyMap<string, number>[]): unknown => ({
  n: scope.signIns,
  unknown: scope.unknownUsers,
  users: Object.fromEntries(sortedEntries(scope.users).map(([keyId, sketch]) => [keyId, encodeSketch(sketch)])),
  facets: facetIds.map((facet, index) =>
    sortedEntries(scope.facets[facet]).flatMap(([key, count]) => [places[index]?.get(key) ?? 0, count]),
  ),
})

/** Reads {@link encodeFacets}; throws an Error that names what is wrong with any other text. */
export function decodeFacets(text: string): Facets {
  const body = readBody(text, 'facets')
  const keys = facetIds.map((facet, index) => readKeys(body['keys'], index, facet))
  const scopes = entriesOf(body['scopes'], 'facets.scopes')
  const names = entriesOf(body['names'], 'facets.names')
  const evidence = entriesOf(body['evidence'], 'facets.evidence')
  return {
    scopes: new Map(scopes.map(([id, scope]) => [id, readScope(scope, keys, `facets.scopes.${id}`)])),
    names: new Map(names.map(([facet, named]) => [readFacetId(facet), readNames(named, `facets.names.${facet}`)])),
    evidence: new Map(evidence.map(([id, newest]) => [id as FailureClassId, readEvidence(newest, `facets.evidence.${id}`)])),
  }
}

function readKeys(value: unknown, index: number, facet: FacetId): readonly string[] {
  const keys: unknown = Array.isArray(value) ? value[index] : undefined
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) throw wrong(`facets.keys.${facet}`, 'a list of texts')
  return keys
}

function readScope(value: unknown, keys: readonly (readonly string[])[], where: string): Scope {
  const scope = new Map(entriesOf(value, where))
  const facets = scope.get('facets')
  if (!Array.isArray(facets)) throw wrong(`${where}.facets`, 'an array')
  return {
    signIns: readCount(scope.get('n'), `${where}.n`),
    facets: everyFacet((facet) => readFacet(facets[facetIds.indexOf(facet)], keys[facetIds.indexOf(facet)] ?? [], where, facet)),
    users: new Map(
      entriesOf(scope.get('users'), `${where}.users`).map(([keyId, sketch]) => [keyId, decodeSketch(readText(sketch, where))]),
    ),
    unknownUsers: readCount(scope.get('unknown'), `${where}.unknown`),
  }
}

/** Places of keys and counts in turn. */
function readFacet(value: unknown, keys: readonly string[], where: string, facet: FacetId): ReadonlyMap<string, number> {
  if (!Array.isArray(value)) throw wrong(`${where}.facets.${facet}`, 'an array')
  const counts = new Map<string, number>()
  for (let at = 0; at < value.length; at += 2) {
    const key = keys[value[at]]
    if (key === undefined) throw wrong(`${where}.facets.${facet}`, 'places of keys that are there')
    counts.set(key, readCount(value[at + 1], where))
  }
  return counts
}

function readEvidence(value: unknown, where: string): Evidence[] {
  if (!Array.isArray(value)) throw wrong(where, 'an array')
  return value.map((one: unknown) => {
    const [requestId, createdDateTime, stream]: unknown[] = Array.isArray(one) ? one : []
    if (typeof requestId !== 'string' || typeof createdDateTime !== 'number' || typeof stream !== 'string' || !isStreamId(stream)) {
      throw wrong(where, 'a list of request id, time and stream')
    }
    return { requestId, createdDateTime, stream }
  })
}

function readFacetId(text: string): FacetId {
  const facet = facetIds.find((id) => id === text)
  if (!facet) throw wrong(`facets.names.${text}`, `one of ${facetIds.join(', ')}`)
  return facet
}

const readNames = (value: unknown, where: string): ReadonlyMap<string, string> =>
  new Map(entriesOf(value, where).map(([key, name]) => [key, readText(name, where)]))

function readCounts(value: unknown, where: string): ReadonlyMap<string, number> {
  if (!isObject(value)) throw wrong(where, 'an object')
  const counts = new Map<string, number>()
  for (const key in value) counts.set(key, readCount(value[key], where))
  return counts
}

function readCount(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(where, 'a whole number of at least 0')
  return value
}

function readText(value: unknown, where: string): string {
  if (typeof value !== 'string') throw wrong(where, 'text')
  return value
}

/** A plain object of a map, by code units of its keys. A key such as `__proto__` becomes a key like any other. */
const pairs = <Value>(map: ReadonlyMap<string, Value>): Record<string, Value> => Object.fromEntries(sortedEntries(map))

/** Parsed JSON has no inherited properties that `in` would find. */
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function entriesOf(value: unknown, where: string): [string, unknown][] {
  if (!isObject(value)) throw wrong(where, 'an object')
  return Object.entries(value)
}

function readBody(text: string, what: string): Record<string, unknown> {
  const body = Object.fromEntries(entriesOf(parseJson(text, what), what))
  if (body['v'] !== encodingVersion)
    throw new Error(`The version of stored ${what} is not ${encodingVersion}; this release cannot read it.`)
  return body
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`Stored ${what} are not JSON.`, { cause })
  }
}

const wrong = (where: string, right: string): Error => new Error(`Stored ${where} should be ${right}.`)
