import { familyOf } from '../failures/catalogue'
import { type Classification, type FailureClassId, type FamilyId, signalIds, signalOf } from '../failures/catalogueTypes'
import { type Aggregate, type Counts, type Evidence, type FacetId, type Scope, unknownKey } from './aggregate'
import { isFailed } from './cell'
import { addName, everyFacet, keepNewest, mergeScopes } from './merge'
import type { SignInRecord } from './record'
import { sketchOf } from './sketch'

/** A number that is counted up where it is, so that a key is looked up once a sign-in. */
interface Count {
  signIns: number
}

/** Sign-ins that were classified alike: what is counted of them goes into the same cells and scopes. */
interface Group {
  readonly classification: Classification
  signIns: number
  readonly facets: Readonly<Record<FacetId, Map<string, Count>>>
  readonly users: Set<number>
  unknownUsers: number
}

/**
 * Counts records into an aggregate. The order of the records does not matter, and the aggregate of all of them is the
 * merge of the aggregates of any parts of them. It trusts that each sign-in is added once.
 */
export class Tally {
  readonly #keyId: string
  readonly #groups = new Map<string, Group>()
  readonly #groupByClassification = new WeakMap<Classification, Group>()
  readonly #appNames = new Map<string, string>()
  readonly #resourceNames = new Map<string, string>()
  readonly #evidence = new Map<FailureClassId, Evidence[]>()

  /** `keyId` names the key that the records' users are hashed with. */
  constructor(keyId: string) {
    this.#keyId = keyId
  }

  add(record: SignInRecord): void {
    const group = this.#groupOf(record.classification)
    group.signIns += 1
    const { facets } = group
    // Each facet by its name: a loop over the names would look every property up, which is most of the time here.
    countOne(facets.apps, record.apps)
    countOne(facets.resources, record.resources)
    countOne(facets.resourceTenants, record.resourceTenants)
    countOne(facets.clientApps, record.clientApps)
    countOne(facets.countries, record.countries)
    countOne(facets.userAgents, record.userAgents)
    countOne(facets.networks, record.networks)
    if (record.user === 'unknown') group.unknownUsers += 1
    else if (record.user !== 'none') group.users.add(record.user)
    if (record.appName !== undefined && record.apps !== unknownKey) addName(this.#appNames, record.apps, record.appName)
    if (record.resourceName !== undefined && record.resources !== unknownKey) {
      addName(this.#resourceNames, record.resources, record.resourceName)
    }
    if (isFailed(record.classification.outcome)) this.#keepNewest(record)
  }

  /** What was counted so far. */
  aggregate(): Aggregate {
    const scopes = new Map<string, Scope[]>()
    for (const group of this.#groups.values()) {
      const scope = this.#scopeOf(group)
      for (const id of scopeIds(group.classification)) scopes.set(id, [...(scopes.get(id) ?? []), scope])
    }
    const names = new Map<FacetId, ReadonlyMap<string, string>>()
    if (this.#appNames.size > 0) names.set('apps', new Map(this.#appNames))
    if (this.#resourceNames.size > 0) names.set('resources', new Map(this.#resourceNames))
    return {
      counts: countsOf(this.#groups.values()),
      facets: {
        scopes: new Map(Array.from(scopes, ([id, parts]) => [id, mergeScopes(parts)])),
        names,
        evidence: new Map(Array.from(this.#evidence, ([id, newest]) => [id, [...newest]])),
      },
    }
  }

  #groupOf(classification: Classification): Group {
    const known = this.#groupByClassification.get(classification)
    if (known) return known
    const { outcome, failureClass, errorCode, signals } = classification
    const alike = `${outcome}|${failureClass ?? ''}|${errorCode}|${signals.known}|${signals.isTrue}`
    const group = this.#groups.get(alike) ?? newGroup(classification)
    this.#groups.set(alike, group)
    this.#groupByClassification.set(classification, group)
    return group
  }

  #keepNewest({ id, createdDateTime, stream, classification }: SignInRecord): void {
    const { failureClass } = classification
    if (failureClass === undefined || id === undefined) return
    const newest = this.#evidence.get(failureClass) ?? []
    if (newest.length === 0) this.#evidence.set(failureClass, newest)
    keepNewest(newest, { requestId: id, createdDateTime, stream })
  }

  #scopeOf(group: Group): Scope {
    return {
      signIns: group.signIns,
      facets: everyFacet((facet) => new Map(Array.from(group.facets[facet], ([key, count]) => [key, count.signIns]))),
      users: group.users.size === 0 ? new Map() : new Map([[this.#keyId, sketchOf(group.users)]]),
      unknownUsers: group.unknownUsers,
    }
  }
}

/** The counts of sign-ins that were classified alike, by how many there are of each. */
export function countsOf(groups: Iterable<Pick<Group, 'classification' | 'signIns'>>): Counts {
  const cells = new Map<string, number>()
  const signals = new Map<string, number>()
  for (const { classification, signIns } of groups) {
    const { outcome, failureClass, errorCode } = classification
    addTo(cells, `${outcome}|${failureClass ?? ''}|${errorCode}`, signIns)
    for (const id of signalIds) {
      const signal = signalOf(classification.signals, id)
      if (signal === 'unknown') continue
      addTo(signals, `${id}|${outcome}|known`, signIns)
      if (signal) addTo(signals, `${id}|${outcome}|true`, signIns)
    }
  }
  return { cells, signals }
}

/** The breakdowns that a sign-in belongs to. An interrupt has no family or class of its own: only its codes are kept. */
function scopeIds({ outcome, family, failureClass, signals }: Classification): string[] {
  const ids = [`outcome|${outcome}`]
  if (isFailed(outcome) && family !== undefined) {
    ids.push(`family|${family}`)
    if (failureClass !== undefined && keepsClasses(family)) ids.push(`class|${failureClass}`)
  }
  for (const id of signalIds) if (signalOf(signals, id) === true) ids.push(`signal|${id}`)
  return ids
}

const keepsClasses = (family: FamilyId): boolean => familyOf(family).facetsByClass === true

const newGroup = (classification: Classification): Group => ({
  classification,
  signIns: 0,
  facets: everyFacet(() => new Map<string, Count>()),
  users: new Set(),
  unknownUsers: 0,
})

function countOne(counts: Map<string, Count>, key: string): void {
  const count = counts.get(key)
  if (count === undefined) counts.set(key, { signIns: 1 })
  else count.signIns += 1
}

function addTo(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}
