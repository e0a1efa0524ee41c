import type { Counts } from '../aggregates/aggregate'
import type { BucketRow } from '../aggregates/bucketRow'
import { countsWhenAsked, eachCount, type FacetsSum } from '../aggregates/merge'
import { bucketEnd, bucketStart, bucketStarts, type Grain, type TimeRange, type ZoneOffset } from '../signIns/buckets'
import { day, type Instant } from '../signIns/instant'
import type { StreamId } from '../signIns/streams'
import type { BucketStore } from './ports'
import { childGrain } from './rollUpBuckets'

/** Which part of the stored counts: a range that is whole buckets of the grain. */
export interface ReadQuery extends TimeRange {
  readonly grain: Grain
  readonly streams: readonly StreamId[]
  readonly zone: ZoneOffset
}

/** The counts of one stream in one bucket. */
export interface StreamCounts {
  readonly counts: Counts
  /** The starts of the finest buckets that it was made of; undefined where one coarse row stood for all. */
  readonly parts: ReadonlySet<Instant> | undefined
  readonly readAt: Instant
  /** Of every row that it was made of. */
  readonly versions: readonly string[]
}

/** The counts of every bucket of a range by stream: from the rows of the grain, or from finer ones where a row is not made yet or is due. */
export async function readCounts(buckets: BucketStore, query: ReadQuery): Promise<Map<Instant, Map<StreamId, StreamCounts>>> {
  const found = new Map<Instant, Map<StreamId, StreamCounts>>(
    bucketStarts(query, query.grain, query.zone).map((start) => [start, new Map()]),
  )
  for (const row of await buckets.rows(query)) {
    if (isUsable(row)) found.get(row.start)?.set(row.stream, countsOfRow(row))
  }
  if (query.grain === '5m') return found
  for (const gap of gapsOf(found, query)) {
    const streams = query.streams.filter((stream) => [...found].some(([at, own]) => at >= gap.from && at < gap.to && !own.has(stream)))
    const finer = await readCounts(buckets, { ...query, ...gap, streams, grain: childGrain[query.grain] })
    for (const [start, byStream] of found) {
      if (start < gap.from || start >= gap.to) continue
      const end = bucketEnd(start, query.grain, query.zone)
      const parts = [...finer].filter(([partStart]) => partStart >= start && partStart < end)
      for (const stream of query.streams) {
        if (byStream.has(stream)) continue
        const own = parts.flatMap(([partStart, byPartStream]) => {
          const part = byPartStream.get(stream)
          return part ? [[partStart, part] as const] : []
        })
        if (own.length > 0) byStream.set(stream, joinParts(own, childGrain[query.grain], query.zone))
      }
    }
  }
  return found
}

/** Whether a row still fits its children. */
const isUsable = (row: BucketRow): boolean => row.ledger.children?.due !== true

const countsOfRow = (row: BucketRow): StreamCounts => ({
  counts: row.counts,
  parts: undefined,
  readAt: row.ledger.readAt,
  versions: [row.version],
})

function joinParts(parts: readonly (readonly [Instant, StreamCounts])[], grain: Grain, zone: ZoneOffset): StreamCounts {
  const starts = parts.flatMap(([start, part]) =>
    part.parts ? [...part.parts] : bucketStarts({ from: start, to: bucketEnd(start, grain, zone) }, '5m'),
  )
  return {
    counts: countsWhenAsked((sink) => {
      for (const [, part] of parts) eachCount(part.counts, sink)
    }),
    parts: new Set(starts),
    readAt: Math.max(...parts.map(([, part]) => part.readAt)),
    versions: parts.flatMap(([, part]) => part.versions),
  }
}

/** The stretches of buckets in which some stream has no usable row. */
function gapsOf(found: ReadonlyMap<Instant, ReadonlyMap<StreamId, unknown>>, query: ReadQuery): TimeRange[] {
  const gaps: { from: Instant; to: Instant }[] = []
  for (const [start, byStream] of found) {
    if (query.streams.every((stream) => byStream.has(stream))) continue
    const end = bucketEnd(start, query.grain, query.zone)
    const last = gaps.at(-1)
    if (last?.to === start) last.to = end
    else gaps.push({ from: start, to: end })
  }
  return gaps
}

/**
 * Whether a stream was read in a bucket as far as it could be: every 5-minute bucket of it that ended by `readTo`. A
 * sum over less would look like a fall that never was.
 */
export function wasRead(found: StreamCounts | undefined, bucket: TimeRange, readTo: Instant | undefined): boolean {
  if (!found) return false
  if (!found.parts) return true
  const parts = found.parts
  return (
    readTo !== undefined && bucketStarts({ from: bucket.from, to: Math.min(bucket.to, readTo) }, '5m').every((start) => parts.has(start))
  )
}

/**
 * Adds the facets of a range, of all its streams, to a sum: from the coarsest rows that lie inside it, from fine ones only at
 * its edges and where a coarse one is not made yet or is due.
 */
export async function addFacets(sum: FacetsSum, buckets: BucketStore, query: Omit<ReadQuery, 'grain'>): Promise<void> {
  const grain = query.to - query.from >= 2 * day ? '1d' : '1h'
  await addFacetsWithin(sum, buckets, { ...query, grain }, () => true)
}

async function addFacetsWithin(
  sum: FacetsSum,
  buckets: BucketStore,
  query: ReadQuery,
  wanted: (stream: StreamId, start: Instant) => boolean,
): Promise<void> {
  if (query.from >= query.to) return
  const { grain } = query
  if (grain === '5m') {
    for (const row of await buckets.facets(query)) if (wanted(row.stream, row.start)) row.addTo(sum)
    return
  }
  const inner = innerRange(query)
  const finer = { ...query, grain: childGrain[grain] }
  const edges = inner.from < inner.to ? [{ to: inner.from }, { from: inner.to }] : [{}]
  // What no coarse row can hold is asked for without waiting for the coarse rows.
  await Promise.all([
    addWholeBuckets(sum, buckets, { ...query, ...inner, grain }, wanted),
    ...edges.map((edge) => addFacetsWithin(sum, buckets, { ...finer, ...edge }, wanted)),
  ])
}

/** Adds the facets of a range of whole buckets: of the coarse rows, and of finer ones where some are not made yet or are due. */
async function addWholeBuckets(
  sum: FacetsSum,
  buckets: BucketStore,
  query: ReadQuery & { readonly grain: '1h' | '1d' },
  wanted: (stream: StreamId, start: Instant) => boolean,
): Promise<void> {
  if (query.from >= query.to) return
  const { grain, zone } = query
  const rows = await buckets.facets(query)
  // A day of another zone than today's setting is none of ours.
  const usable = rows.filter((row) => !row.due && bucketStart(row.start, grain, zone) === row.start && wanted(row.stream, row.start))
  const taken = new Set(usable.map((row) => `${row.stream}|${row.start}`))
  const isOpen = (stream: StreamId, start: Instant): boolean =>
    wanted(stream, start) && !taken.has(`${stream}|${bucketStart(start, grain, zone)}`)
  const open = new Map(
    bucketStarts(query, grain, zone).map((start) => [
      start,
      new Map(query.streams.filter((stream) => taken.has(`${stream}|${start}`)).map((stream) => [stream, true])),
    ]),
  )
  const finer = gapsOf(open, query).map((gap) => addFacetsWithin(sum, buckets, { ...query, ...gap, grain: childGrain[grain] }, isOpen))
  // The finer rows are on their way while these are added.
  // Newest first, so that less evidence of the older ones has to be read.
  for (const row of usable.reverse()) row.addTo(sum)
  await Promise.all(finer)
}

/** The whole buckets of the grain that lie inside a range. */
function innerRange({ from, to, grain, zone }: ReadQuery): TimeRange {
  const first = bucketStart(from, grain, zone)
  const innerFrom = first === from ? from : bucketEnd(first, grain, zone)
  return { from: innerFrom, to: Math.max(innerFrom, bucketStart(to, grain, zone)) }
}
