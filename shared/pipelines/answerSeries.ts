import type { Counts, Facets } from '../aggregates/aggregate'
import { type FacetsChoice, FacetsSum } from '../aggregates/merge'
import { needsFacets, type SeriesBy, type SeriesMeasure, type SeriesRow, seriesParts, seriesRows } from '../aggregates/series'
import type { Language } from '../failures/words'
import { bucketEnd, type Grain, type TimeRange } from '../signIns/buckets'
import { completenessOf, streamStatuses } from '../signIns/completeness'
import { type Instant, parseInstant } from '../signIns/instant'
import { type StreamId, streamIds } from '../signIns/streams'
import { type Answer, isReadable, newestReading, versionsOf } from './answerSummary'
import { type MonitorOptions, shownSettings } from './options'
import type { BucketStore, Ports } from './ports'
import { addFacets, type ReadQuery, readCounts, wasRead } from './readBuckets'

/** What is asked of the series. */
export interface SeriesRequest {
  readonly window: TimeRange
  readonly grain: Grain
  readonly measure: SeriesMeasure
  readonly by: SeriesBy
  readonly top: number
  readonly language: Language
}

/** Flat rows over time for charting tools. Facets are read only for a measure that needs them. */
export async function answerSeries(
  query: SeriesRequest,
  ports: Pick<Ports, 'buckets' | 'runs'>,
  options: MonitorOptions,
): Promise<Answer<SeriesRow[]>> {
  const range = { ...query.window, streams: streamIds, zone: options.zone }
  const [counts, run] = await Promise.all([readCounts(ports.buckets, { ...range, grain: query.grain }), ports.runs.read()])
  const judgedAt = Math.max(newestReading(counts, { changedAt: undefined }), query.window.to)
  const statuses = streamStatuses(run?.progress ?? [], options.streams, judgedAt)
  const { completeTo } = completenessOf(statuses, query.window)
  return {
    dependsOn: JSON.stringify([
      options.version,
      shownSettings(options),
      query,
      completeTo,
      statuses.map(({ state }) => state),
      versionsOf(counts),
    ]),
    body: async () => {
      const parts = needsFacets(query.measure, query.by) ? seriesParts(query.measure, query.by) : undefined
      const stored = parts && (await storedFacets(ports.buckets, { ...range, grain: query.grain }, parts))
      const points: SeriesInputPoint[] = []
      for (const [start, byStream] of counts) {
        const bucket = { from: start, to: bucketEnd(start, query.grain, options.zone) }
        const own: SeriesInputPoint['byStream'] = new Map()
        for (const [stream, found] of byStream) {
          const facets =
            parts &&
            (stored?.get(`${stream}|${start}`) ?? (await finerFacets(ports.buckets, { ...range, ...bucket, streams: [stream] }, parts)))
          own.set(stream, facets ? { counts: found.counts, facets } : { counts: found.counts })
        }
        const missing = statuses.some((status) => isReadable(status) && !wasRead(byStream.get(status.stream), bucket, status.readTo))
        points.push({ start, end: bucket.to, missing, byStream: own })
      }
      return seriesRows({
        measure: query.measure,
        by: query.by,
        language: query.language,
        top: query.top,
        tenants: options.tenants,
        completeTo: completeTo === null ? undefined : parseInstant(completeTo),
        points,
      })
    },
  }
}

interface SeriesInputPoint {
  readonly start: Instant
  readonly end: Instant
  readonly missing: boolean
  readonly byStream: Map<StreamId, { readonly counts: Counts; readonly facets?: Facets }>
}

/** The facets of all rows of the grain that fit their children, in one query a partition. */
async function storedFacets(buckets: BucketStore, query: ReadQuery, parts: FacetsChoice): Promise<Map<string, Facets>> {
  const stored = await buckets.facets(query)
  return new Map(
    stored
      .filter((row) => !row.due)
      .map((row) => {
        const sum = new FacetsSum(parts)
        row.addTo(sum)
        return [`${row.stream}|${row.start}`, sum.facets()] as const
      }),
  )
}

/** The facets of one bucket from what is finer. */
async function finerFacets(buckets: BucketStore, query: Omit<ReadQuery, 'grain'>, parts: FacetsChoice): Promise<Facets> {
  const sum = new FacetsSum(parts)
  await addFacets(sum, buckets, query)
  return sum.facets()
}
