import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { type FacetId, type Facets, facetIds, facetKeysMax, otherKey, type Scope } from '../aggregates/aggregate'
import { leading } from '../aggregates/cut'
import { encodeFacets } from '../aggregates/encodeFacets'

/** Keys that are kept of a facet, from what is usual to nothing but `other`. */
const keysKeptSteps: readonly number[] = [facetKeysMax, 25, 12, 6, 3, 1, 0]

/** Far above what {@link compressFacets} takes in; keeps a damaged row from filling the memory. */
const encodedBytesMax = 256 * 1024 * 1024

/** Bytes of a window that hold no content. */
const windowOverhead = 16

/** Facets as they are stored. */
export interface CompressedFacets {
  readonly bytes: Uint8Array
  /** How many keys of each facet were kept. */
  readonly keysKept: number
}

/**
 * Facets encoded and compressed to at most `bytesMax`. Where they do not fit, every breakdown keeps fewer of its largest keys
 * and the rest goes to `other`: its total, the distinct users and the evidence stay. What remains too large after the last
 * step is answered as it is.
 */
export function compressFacets(facets: Facets, bytesMax: number): CompressedFacets {
  let last: CompressedFacets = { bytes: new Uint8Array(), keysKept: facetKeysMax }
  for (const keysKept of keysKeptSteps) {
    last = { bytes: compress(encodeFacets(keysKept === facetKeysMax ? facets : keepLargest(facets, keysKept))), keysKept }
    if (last.bytes.byteLength <= bytesMax) break
  }
  return last
}

/** The encoded facets that {@link compressFacets} made; throws for bytes that are not its work. */
export const decompressFacets = (bytes: Uint8Array): Uint8Array => brotliDecompressSync(bytes, { maxOutputLength: encodedBytesMax })

function compress(input: Uint8Array): Uint8Array {
  // What comes back may come back far apart: the window holds all of it, the middle quality is quick.
  const window = Math.ceil(Math.log2(input.length + windowOverhead))
  const compressed = brotliCompressSync(input, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 4,
      [constants.BROTLI_PARAM_LGWIN]: Math.min(constants.BROTLI_DEFAULT_WINDOW, Math.max(constants.BROTLI_MIN_WINDOW_BITS, window)),
      [constants.BROTLI_PARAM_SIZE_HINT]: input.length,
    },
  })
  // A copy: what zlib answers keeps all of its working memory, many times the size, for as long as a commit waits.
  return Buffer.from(compressed)
}

function keepLargest(facets: Facets, keysKept: number): Facets {
  const scopes = new Map(Array.from(facets.scopes, ([id, scope]) => [id, keepLargestOfScope(scope, keysKept)] as const))
  return { scopes, names: facets.names, evidence: facets.evidence }
}

function keepLargestOfScope(scope: Scope, keysKept: number): Scope {
  const cut = facetIds.map((facet): [FacetId, ReadonlyMap<string, number>] => {
    const { kept, rest } = leading(scope.facets[facet], keysKept)
    return [facet, new Map(rest === 0 ? kept : [...kept, [otherKey, rest]])]
  })
  return { ...scope, facets: { ...scope.facets, ...Object.fromEntries(cut) } }
}
