import { type FacetId, type Facets, facetIds, facetKeysMax, otherKey, type Scope } from './aggregate'
import { everyFacet } from './merge'
import { byCount } from './ordering'

/** The leading keys of a facet and the sum of the rest; `rest` is 0 where nothing was folded. */
export interface Leading {
  readonly kept: readonly (readonly [string, number])[]
  readonly rest: number
}

/** The `most` largest counts, a tie by key. What was folded before goes to the rest, so kept and rest are the total. */
export function leading(counts: ReadonlyMap<string, number>, most: number): Leading {
  const named = [...counts].filter(([key]) => key !== otherKey).sort(byCount)
  const folded = named.slice(most).reduce((sum, [, count]) => sum + count, 0)
  return { kept: named.slice(0, most), rest: folded + (counts.get(otherKey) ?? 0) }
}

/**
 * Facets as they are stored: of each breakdown the {@link facetKeysMax} largest keys and `other`, and names of kept keys
 * only. A kept count is a lower bound with an error of at most `other` once cut facets are merged.
 */
export function cutFacets(facets: Facets): Facets {
  const scopes = new Map(Array.from(facets.scopes, ([id, scope]) => [id, cutScope(scope)] as const))
  const names = new Map<FacetId, ReadonlyMap<string, string>>()
  for (const facet of facetIds) {
    const kept = new Map([...(facets.names.get(facet) ?? [])].filter(([key]) => [...scopes.values()].some((s) => s.facets[facet].has(key))))
    if (kept.size > 0) names.set(facet, kept)
  }
  return { scopes, names, evidence: facets.evidence }
}

const cutScope = (scope: Scope): Scope => ({
  ...scope,
  facets: everyFacet((facet) => {
    const counts = scope.facets[facet]
    const { kept, rest } = leading(counts, facetKeysMax)
    return new Map(rest === 0 ? kept : [...kept, [otherKey, rest]])
  }),
})
