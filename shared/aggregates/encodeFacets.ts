import { streamIds } from '../signIns/streams'
import { type Evidence, type FacetId, type Facets, facetIds, type Scope } from './aggregate'
import { ByteWriter } from './byteWriter'
import { cutFacets } from './cut'
import { byText, sortedEntries } from './ordering'
import type { Sketch } from './sketch'

/** The first byte of the encoding. A reader refuses any other but the `{` of the one before it. */
export const facetsVersion = 2

/** Every text of some encoded facets. The numbers that follow name a text by its place. */
export interface FacetsHead {
  /** By facet, in the order of `facetIds`. */
  readonly keys: readonly (readonly string[])[]
  /** By facet: places of keys, each followed by its name. */
  readonly names: readonly (readonly (number | string)[])[]
  readonly scopes: readonly string[]
  /** Ids of the keys that users are hashed with. */
  readonly users: readonly string[]
  readonly classes: readonly string[]
  readonly streams: readonly string[]
}

/**
 * The facets, cut, in a few bytes; equal facets give equal bytes. All texts come first, as JSON, each once, because most of
 * them come back in many breakdowns. After them come the breakdowns and the evidence of every class as numbers, in blocks
 * that a reader who has no use for them passes over.
 */
export function encodeFacets(facets: Facets): Uint8Array {
  const cut = cutFacets(facets)
  const scopes = sortedEntries(cut.scopes)
  const evidence = sortedEntries(cut.evidence)
  const keys = facetIds.map((facet) => keysOf(cut, facet))
  const users = [...new Set(scopes.flatMap(([, scope]) => [...scope.users.keys()]))].sort(byText)
  const places: Places = { keys: keys.map(placesOf), users: placesOf(users) }
  const head: FacetsHead = {
    keys,
    names: facetIds.map((facet, index) =>
      sortedEntries(cut.names.get(facet) ?? new Map<string, string>()).flatMap(([key, name]) => [places.keys[index]?.get(key) ?? 0, name]),
    ),
    scopes: scopes.map(([id]) => id),
    users,
    classes: evidence.map(([id]) => id),
    streams: streamIds,
  }
  const writer = new ByteWriter()
  writer.count(facetsVersion)
  writer.block((inner) => inner.bytes(Buffer.from(JSON.stringify(head))))
  for (const [, scope] of scopes) writer.block((inner) => writeScope(inner, scope, places))
  for (const [, newest] of evidence) writer.block((inner) => writeEvidence(inner, newest))
  return writer.written()
}

interface Places {
  readonly keys: readonly ReadonlyMap<string, number>[]
  readonly users: ReadonlyMap<string, number>
}

function keysOf(facets: Facets, facet: FacetId): string[] {
  const keys = new Set<string>()
  for (const scope of facets.scopes.values()) for (const key of scope.facets[facet].keys()) keys.add(key)
  return [...keys].sort(byText)
}

const placesOf = (texts: readonly string[]): ReadonlyMap<string, number> => new Map(texts.map((text, place) => [text, place]))

/** Counts of each facet, a block each, then the users. Places and entries go up: what is written is how far. */
function writeScope(writer: ByteWriter, scope: Scope, { keys, users }: Places): void {
  writer.count(scope.signIns)
  facetIds.forEach((facet, index) => {
    writer.block((inner) => {
      let last = 0
      for (const [key, count] of sortedEntries(scope.facets[facet])) {
        const place = keys[index]?.get(key) ?? 0
        inner.count(place - last)
        inner.count(count)
        last = place
      }
    })
  })
  writer.count(scope.unknownUsers)
  for (const [keyId, sketch] of sortedEntries(scope.users)) {
    writer.count(users.get(keyId) ?? 0)
    writeSketch(writer, sketch)
  }
}

/** How many entries there are and how far each is from the one before it; for a dense sketch its registers instead. */
function writeSketch(writer: ByteWriter, { entries, registers }: Sketch): void {
  writer.count(registers ? registers.length : (entries?.length ?? 0))
  if (registers) writer.bytes(registers)
  let last = 0
  for (const entry of entries ?? []) {
    writer.count(entry - last)
    last = entry
  }
}

/** Newest first: how much older each is than the one before it, the first than the end of time; the place of its stream; its id. */
function writeEvidence(writer: ByteWriter, newest: readonly Evidence[]): void {
  let last = Number.MAX_SAFE_INTEGER
  for (const { requestId, createdDateTime, stream } of newest) {
    writer.count(last - createdDateTime)
    writer.count(streamIds.indexOf(stream))
    const bytes = Buffer.from(isUuid(requestId) ? requestId.replaceAll('-', '') : requestId, isUuid(requestId) ? 'hex' : 'utf8')
    // An id that is no UUID is led by its length in bytes, counted from 1.
    writer.count(isUuid(requestId) ? 0 : bytes.length + 1)
    writer.bytes(bytes)
    last = createdDateTime
  }
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)
