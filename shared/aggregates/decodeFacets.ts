import type { FailureClassId } from '../failures/catalogueTypes'
import { remembering } from '../signIns/remembering'
import { isStreamId, type StreamId } from '../signIns/streams'
import { type Evidence, evidenceMax, type FacetId, type Facets, facetIds } from './aggregate'
import { ByteReader } from './byteReader'
import { decodeFacetsText } from './decodeFirstVersion'
import { type FacetsHead, facetsVersion } from './encodeFacets'
import { addName, FacetsSum, keepNewest, type ScopePart, type ScopeSum } from './merge'
import { registerCount, type SketchSum } from './sketch'

/** Reads `encodeFacets`, this version's and the one before it; throws an Error that says what is wrong with any other bytes. */
export function decodeFacets(bytes: Uint8Array): Facets {
  const sum = new FacetsSum()
  addEncodedFacets(sum, bytes)
  return sum.facets()
}

/** Adds encoded facets to a sum without making them first. Of what the sum has no use for nothing is read. */
export function addEncodedFacets(sum: FacetsSum, bytes: Uint8Array): void {
  if (bytes[0] === firstOfText) {
    sum.add(decodeFacetsText(bufferOf(bytes).toString()))
    return
  }
  const reader = new ByteReader(bytes)
  if (bytes[0] !== facetsVersion) throw new Error(`The version of stored facets is not ${facetsVersion}; this release cannot read it.`)
  reader.skip(1)
  const head = readHead(reader)
  for (const id of head.scopes) {
    const block = reader.block()
    const part = sum.choice.scope(id)
    if (part) readScope(block, sum.scope(id), part, head)
  }
  for (const id of head.classes as readonly FailureClassId[]) {
    const block = reader.block()
    if (sum.choice.evidence(id)) readEvidence(block, sum.newest(id), head)
  }
  facetIds.forEach((facet, index) => {
    const named = head.names[index]
    if (named && named.length > 0) readNames(named, head.keys[index] ?? [], sum.names(facet))
  })
}

const firstOfText = '{'.charCodeAt(0)

/** The same texts come in every row: one copy of each is found faster in a map than many. */
const sameText = remembering((text) => text)

function readHead(reader: ByteReader): FacetsHead {
  const length = reader.count()
  const head = parseHead(bufferOf(reader.bytes(length)).toString())
  for (const part of ['keys', 'names'] as const) {
    if (!isListOf(head[part], (one) => Array.isArray(one)) || head[part].length !== facetIds.length) throw wrong(part, 'one list a facet')
  }
  for (const part of ['scopes', 'users', 'classes', 'streams'] as const) {
    if (!isListOf(head[part], isText)) throw wrong(part, 'a list of texts')
  }
  if (!head.keys.every((keys) => isListOf(keys, isText))) throw wrong('keys', 'lists of texts')
  return { ...head, keys: head.keys.map((keys) => keys.map(sameText)) }
}

function parseHead(text: string): FacetsHead {
  try {
    return Object(JSON.parse(text))
  } catch (cause) {
    throw new Error('Stored facets do not begin with JSON.', { cause })
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

const isListOf = (value: unknown, isRight: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(isRight)

function readScope(reader: ByteReader, scope: ScopeSum, part: ScopePart, head: FacetsHead): void {
  scope.signIns += reader.count()
  for (let index = 0; index < facetIds.length; index++) {
    const facet: FacetId | undefined = facetIds[index]
    const block = reader.block()
    if (facet && part.facets.includes(facet)) readFacet(block, head.keys[index] ?? [], scope.facets[facet], facet)
  }
  if (!part.users) return
  scope.unknownUsers += reader.count()
  while (!reader.isAtEnd) {
    const keyId = head.users[reader.count()]
    if (keyId === undefined) throw wrong('users', 'places of hash keys that are there')
    readSketch(reader, scope.users(keyId))
  }
}

function readFacet(reader: ByteReader, keys: readonly string[], into: Map<string, number>, facet: FacetId): void {
  for (let place = 0; !reader.isAtEnd; ) {
    place += reader.count()
    const key = keys[place]
    if (key === undefined) throw wrong(facet, 'places of keys that are there')
    into.set(key, (into.get(key) ?? 0) + reader.count())
  }
}

function readSketch(reader: ByteReader, into: SketchSum): void {
  const length = reader.count()
  if (length === registerCount) {
    into.addRegisters(reader.bytes(length))
    return
  }
  let entry = 0
  for (let read = 0; read < length; read++) {
    entry += reader.count()
    into.addEntry(entry)
  }
}

/** Each is older than the one before it, so the first that comes too late ends the reading. */
function readEvidence(reader: ByteReader, newest: Evidence[], head: FacetsHead): void {
  let createdDateTime = Number.MAX_SAFE_INTEGER
  while (!reader.isAtEnd) {
    createdDateTime -= reader.count()
    if (newest.length >= evidenceMax && createdDateTime < (newest.at(-1)?.createdDateTime ?? 0)) return
    const stream = streamAt(head, reader.count())
    keepNewest(newest, { requestId: readRequestId(reader), createdDateTime, stream })
  }
}

function streamAt({ streams }: FacetsHead, place: number): StreamId {
  const stream = streams[place]
  if (stream === undefined || !isStreamId(stream)) throw wrong('evidence', 'of streams that are there')
  return stream
}

function readRequestId(reader: ByteReader): string {
  const length = reader.count()
  const bytes = reader.bytes(length === 0 ? uuidBytes : length - 1)
  if (length > 0) return bufferOf(bytes).toString()
  const hex = bufferOf(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const uuidBytes = 16

/** The same bytes, not copied. */
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function readNames(named: readonly (number | string)[], keys: readonly string[], into: Map<string, string>): void {
  for (let at = 0; at < named.length; at += 2) {
    const [place, name] = [named[at], named[at + 1]]
    const key = typeof place === 'number' ? keys[place] : undefined
    if (key === undefined || typeof name !== 'string') throw wrong('names', 'places of keys that are there, each with a text')
    addName(into, key, name)
  }
}

const wrong = (part: string, right: string): Error => new Error(`Stored facets.${part} should be ${right}.`)
