import type { FailureClassId } from '../failures/catalogueTypes'
import { isStreamId } from '../signIns/streams'
import { type Counts, type Evidence, type FacetId, type Facets, facetIds, type Scope } from './aggregate'
import { everyFacet } from './merge'
import { registerCount, type Sketch, SketchSum, sparseEntriesMax } from './sketch'

/** The version that these texts carry. Rows live for months, so what an earlier release wrote stays readable. */
const firstVersion = 1

/** Reads the JSON text that counts were stored as by the first version; throws an Error that names what is wrong with any other text. */
export function decodeCountsText(text: string): Counts {
  const body = readBody(text, 'counts')
  return { cells: readCounts(body['cells'], 'counts.cells'), signals: readCounts(body['signals'], 'counts.signals') }
}

/** Reads the JSON text that facets were stored as by the first version; throws an Error that names what is wrong with any other text. */
export function decodeFacetsText(text: string): Facets {
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

/** Parsed JSON has no inherited properties that `in` would find. */
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function entriesOf(value: unknown, where: string): [string, unknown][] {
  if (!isObject(value)) throw wrong(where, 'an object')
  return Object.entries(value)
}

function readBody(text: string, what: string): Record<string, unknown> {
  const body = Object.fromEntries(entriesOf(parseJson(text, what), what))
  if (body['v'] !== firstVersion) throw new Error(`The version of stored ${what} is not ${firstVersion}; this release cannot read it.`)
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

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const entryDigits = 3

/** A digit of base64url's alphabet for every register of a dense sketch, three digits for every entry of a sparse one. */
function decodeSketch(text: string): Sketch {
  const isDense = text.length === registerCount
  if (!isDense && (text.length % entryDigits !== 0 || text.length > sparseEntriesMax * entryDigits)) {
    throw new Error(
      `Stored sketches of ${text.length} digits are neither ${registerCount} registers nor at most ${sparseEntriesMax} entries of three.`,
    )
  }
  const digits = Array.from(text, (digit) => alphabet.indexOf(digit))
  if (digits.includes(-1)) throw new Error('Stored sketches should have base64url digits only.')
  const sum = new SketchSum()
  if (isDense) sum.addRegisters(Uint8Array.from(digits))
  else {
    for (let at = 0; at < digits.length; at += entryDigits) {
      sum.addEntry(((digits[at] ?? 0) << 12) | ((digits[at + 1] ?? 0) << 6) | (digits[at + 2] ?? 0))
    }
  }
  return sum.sketch()
}
