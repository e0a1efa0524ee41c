import type { KnownTenants, TenantKind } from '../failures/knownTenants'
import type { Language, Words } from '../failures/words'
import { type FacetId, type Facets, otherKey, type Scope, unknownKey } from './aggregate'
import { leading } from './cut'
import { everyFacet } from './merge'

/** One line of a top list. `other` stands for everything that the list has no room for. */
export interface TopEntry {
  readonly id: string
  /** Always something to show: the id where no name is known. */
  readonly name: string
  /** Of a known tenant: what it is to us. */
  readonly kind?: TenantKind
  /** Of a known tenant: whether a block towards it is meant. */
  readonly blocked?: 'expected' | 'fault'
  readonly signIns: number
}

export type TopLists = Readonly<Record<FacetId, readonly TopEntry[]>>

/** What top lists are made with. */
export interface Naming {
  readonly names: Facets['names']
  readonly tenants: KnownTenants
  readonly language: Language
}

const ownWords: ReadonlyMap<string, Words> = new Map([
  [otherKey, { en: 'Other', ja: 'その他' }],
  [unknownKey, { en: 'Unknown', ja: '不明' }],
])

const regionNames = new Map<Language, Intl.DisplayNames>()

/** Names of regions in a language. Reading them takes longer than the rest of the start, so it waits for the first country. */
function regionNamesIn(language: Language): Intl.DisplayNames {
  const known = regionNames.get(language)
  if (known) return known
  const names = new Intl.DisplayNames([language], { type: 'region' })
  regionNames.set(language, names)
  return names
}

/** The name of a facet's key in a language, or the key itself. */
export function nameOfKey(facet: FacetId, key: string, { names, tenants, language }: Naming): string {
  const own = ownWords.get(key)?.[language]
  if (own !== undefined) return own
  if (facet === 'resourceTenants') return tenants.get(key)?.name ?? key
  if (facet === 'countries' && /^[A-Z]{2}$/.test(key)) return regionNamesIn(language).of(key) ?? key
  return names.get(facet)?.get(key) ?? key
}

/** The largest keys of a facet, most sign-ins first, then `other` when something was folded. */
export function topEntries(counts: ReadonlyMap<string, number>, facet: FacetId, most: number, naming: Naming): TopEntry[] {
  const { kept, rest } = leading(counts, most)
  const entries = kept.map(([id, signIns]) => entryOf(facet, id, signIns, naming))
  return rest === 0 ? entries : [...entries, entryOf(facet, otherKey, rest, naming)]
}

function entryOf(facet: FacetId, id: string, signIns: number, naming: Naming): TopEntry {
  const tenant = facet === 'resourceTenants' ? naming.tenants.get(id) : undefined
  return { id, name: nameOfKey(facet, id, naming), ...(tenant && { kind: tenant.kind, blocked: tenant.blocked }), signIns }
}

/** {@link topEntries} of every facet of a breakdown; empty lists where there is none. */
export const topLists = (scope: Scope | undefined, most: number, naming: Naming): TopLists =>
  everyFacet((facet) => topEntries(scope?.facets[facet] ?? new Map(), facet, most, naming))
