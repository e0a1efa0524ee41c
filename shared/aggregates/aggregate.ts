import type { FailureClassId } from '../failures/catalogueTypes'
import type { Instant } from '../signIns/instant'
import type { StreamId } from '../signIns/streams'
import type { Sketch } from './sketch'

/**
 * What is counted of a set of sign-ins. Everything in it merges: in any order and grouping the result is the same, and
 * the empty one changes nothing.
 */
export interface Aggregate {
  readonly counts: Counts
  readonly facets: Facets
}

/** The small part: what a series needs. */
export interface Counts {
  /** Sign-ins by `outcome|class|code`; the class of a success is empty, the code of an unreadable one is -1. */
  readonly cells: ReadonlyMap<string, number>
  /** Sign-ins by `signal|outcome|known` and `signal|outcome|true`. */
  readonly signals: ReadonlyMap<string, number>
}

/** The large part: who and what is behind the counts. */
export interface Facets {
  /** By `outcome|failure`, `family|tls`, `signal|legacyTls`, `class|tls.legacy`. */
  readonly scopes: ReadonlyMap<string, Scope>
  /** Display names by facet and key, e.g. of an app id. */
  readonly names: ReadonlyMap<FacetId, ReadonlyMap<string, string>>
  /** The newest sign-ins of each class, at most `evidenceMax`, newest first. */
  readonly evidence: ReadonlyMap<FailureClassId, readonly Evidence[]>
}

/** A breakdown of one set of sign-ins; in each facet the counts, `other` included, add up to `signIns`. */
export interface Scope {
  readonly signIns: number
  readonly facets: Readonly<Record<FacetId, ReadonlyMap<string, number>>>
  /** Distinct users by the id of the hash key: sketches of two keys do not merge. */
  readonly users: ReadonlyMap<string, Sketch>
  /** Sign-ins of users whose id is masked or missing. */
  readonly unknownUsers: number
}

export const facetIds = ['apps', 'resources', 'resourceTenants', 'clientApps', 'countries', 'userAgents', 'networks'] as const

export type FacetId = (typeof facetIds)[number]

/** Keys kept of a facet when it is stored; the rest is folded into {@link otherKey}. */
export const facetKeysMax = 50
export const otherKey = 'other'
/** The key of a sign-in whose row does not say. */
export const unknownKey = 'unknown'

export const evidenceMax = 5

/** From which an administrator opens the record in Entra. Nothing personal. */
export interface Evidence {
  readonly requestId: string
  readonly createdDateTime: Instant
  readonly stream: StreamId
}
