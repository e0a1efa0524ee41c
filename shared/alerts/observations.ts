import { type FacetId, type Facets, otherKey, unknownKey } from '../aggregates/aggregate'
import type { BucketFacets, BucketRow } from '../aggregates/bucketRow'
import { type KnownTenants, knownTenantOf } from '../failures/knownTenants'
import { bucketEnd, bucketLength, bucketStart, type TimeRange } from '../signIns/buckets'
import type { StreamStatus } from '../signIns/completeness'
import { day, hour, type Instant } from '../signIns/instant'
import type { StreamId } from '../signIns/streams'
import type { AlertRule, AlertTop, TopEntry } from './alert'

/** Everything that the rules look at, read at one moment. */
export interface Observations {
  readonly now: Instant
  readonly tenantId: string
  readonly enabledStreams: readonly StreamId[]
  /** 5-minute rows of all streams, at least of the last 2 hours. */
  readonly rows: readonly BucketRow[]
  /** 5-minute rows of the same hours a week ago; empty where there is no history. */
  readonly usualRows: readonly BucketRow[]
  /** 5-minute facets of the last hour. */
  readonly facets: readonly BucketFacets[]
  /** Merged over the 24 hours before that hour: who succeeded lately. */
  readonly recentFacets: Facets
  readonly statuses: readonly StreamStatus[]
  readonly tenants: KnownTenants
}

/** The windows of one rule, and the streams that can tell it something. */
export interface Sight {
  readonly streams: readonly StreamId[]
  /** Up to the end of the open bucket: what may fire. */
  readonly edge: TimeRange
  /** Up to `completeTo`: shares, drops and every way back. Undefined where the streams were not read to anywhere near now. */
  readonly settled: TimeRange | undefined
  readonly completeTo: Instant | undefined
  /** The facets at hand cover most of the settled window. */
  readonly settledFacets: boolean
}

/** Readings older than this say nothing about now: nothing fires from them and nothing ends by them. */
const completeAgeMax = hour
/** With an older `completeTo` the facets of the last hour miss too much of the settled window. */
const facetsAgeMax = hour / 2
const week = 7 * day
/** Buckets of the hour a week ago that have to be there for it to count as history. */
const historyBucketsMin = 6

/** What a rule can see: the enabled streams in none of the states that inhibit it, and its windows. */
export function sightOf(rule: AlertRule, observations: Observations, wanted: (stream: StreamId) => boolean = () => true): Sight {
  const { now, enabledStreams } = observations
  const streams = enabledStreams.filter((stream) => {
    const status = statusOf(observations, stream)
    return wanted(stream) && !(status && rule.inhibitedBy.includes(status.state))
  })
  const completeTo = earliest(streams.map((stream) => statusOf(observations, stream)?.completeTo))
  const fresh = completeTo !== undefined && now - completeTo <= completeAgeMax
  const end = bucketEnd(bucketStart(now, '5m'), '5m')
  return {
    streams,
    edge: { from: end - rule.window, to: end },
    settled: fresh ? { from: completeTo - rule.window, to: completeTo } : undefined,
    completeTo,
    settledFacets: fresh && now - completeTo <= facetsAgeMax,
  }
}

/** The status of a stream, where there is one. */
export const statusOf = (observations: Observations, stream: StreamId): StreamStatus | undefined =>
  observations.statuses.find((status) => status.stream === stream)

/** The rows of some streams that start in a range. */
export const rowsIn = (rows: readonly BucketRow[], range: TimeRange, streams: readonly StreamId[]): BucketRow[] =>
  rows.filter((row) => row.start >= range.from && row.start < range.to && streams.includes(row.stream))

/** The hour that ended at the same time of the same weekday as a range. */
export const hourLastWeek = (range: TimeRange): TimeRange => ({ from: range.to - week - hour, to: range.to - week })

/**
 * What a count of a reference hour comes to in a range of this length. Undefined where less than half of that hour was read
 * of any of the streams: then there is no history.
 */
export function scaledCount(
  rows: readonly BucketRow[],
  reference: TimeRange,
  range: TimeRange,
  streams: readonly StreamId[],
  count: (row: BucketRow) => number,
): number | undefined {
  const buckets = (range.to - range.from) / bucketLength
  let scaled = 0
  for (const stream of streams) {
    const known = rowsIn(rows, reference, [stream])
    if (known.length < historyBucketsMin) return undefined
    scaled += (sumOf(known, count) / known.length) * buckets
  }
  return streams.length === 0 ? undefined : Math.round(scaled * 10) / 10
}

export const sumOf = (rows: readonly BucketRow[], count: (row: BucketRow) => number): number =>
  rows.reduce((sum, row) => sum + count(row), 0)

/** The facets of some streams whose buckets start in a range. */
export const facetsIn = (observations: Observations, range: TimeRange, streams: readonly StreamId[]): Facets[] =>
  observations.facets
    .filter(({ start, stream }) => start >= range.from && start < range.to && streams.includes(stream))
    .map(({ facets }) => facets)

/** The sum of one facet over some scopes, `other` and `unknown` included. */
export function facetCounts(all: readonly Facets[], scopes: readonly string[], facet: FacetId): Map<string, number> {
  const counts = new Map<string, number>()
  for (const facets of all) {
    for (const scope of scopes) {
      for (const [key, count] of facets.scopes.get(scope)?.facets[facet] ?? []) counts.set(key, (counts.get(key) ?? 0) + count)
    }
  }
  return counts
}

/** A key that names something: neither folded nor missing. */
export const isNamed = (key: string): boolean => key !== otherKey && key !== unknownKey

const topMax = 5

/** Sign-ins by key of the two facets that an alert names. */
export interface TopCounts {
  readonly apps: ReadonlyMap<string, number>
  readonly resourceTenants: ReadonlyMap<string, number>
}

/** The leading apps and tenants of some counts, by the names that the facets have for them. */
export function topOf(observations: Observations, counts: TopCounts, facets: readonly Facets[]): AlertTop {
  return {
    apps: leading(counts.apps, (id) => ({ id, name: nameOf(facets, 'apps', id) })),
    resourceTenants: leading(counts.resourceTenants, (id) => tenantEntry(observations.tenants, id, facets)),
  }
}

/** What we know of a target. */
export function tenantEntry(tenants: KnownTenants, id: string, facets: readonly Facets[]): Omit<TopEntry, 'signIns'> {
  const known = knownTenantOf(tenants, id)
  const name = known?.name ?? nameOf(facets, 'resourceTenants', id)
  return known ? { id, name, kind: known.kind, blocked: known.blocked } : { id, name }
}

/** The first five by count; what is left, and what was folded before, is one last entry `other`. */
function leading(counts: ReadonlyMap<string, number>, describe: (id: string) => Omit<TopEntry, 'signIns'>): TopEntry[] {
  const byCount = [...counts].filter(([id]) => id !== otherKey).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const kept = byCount.slice(0, topMax).map(([id, signIns]) => ({ ...describe(id), signIns }))
  const folded = byCount.slice(topMax).reduce((sum, [, signIns]) => sum + signIns, counts.get(otherKey) ?? 0)
  return folded > 0 ? [...kept, { id: otherKey, signIns: folded }] : kept
}

function nameOf(all: readonly Facets[], facet: FacetId, id: string): string | undefined {
  for (const facets of all) {
    const name = facets.names.get(facet)?.get(id)
    if (name !== undefined) return name
  }
  return undefined
}

const namesMax = 3

/** Some names in one text, the first three; a dash where nothing has one. */
export function namesOf(entries: readonly Omit<TopEntry, 'signIns'>[]): string {
  const names = entries.filter(({ id }) => isNamed(id)).map(({ id, name }) => name ?? id)
  return names.slice(0, namesMax).join(', ') || '–'
}

function earliest(times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === times.length && known.length > 0 ? Math.min(...known) : undefined
}
