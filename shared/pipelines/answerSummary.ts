import { setImmediate } from 'node:timers/promises'
import type { Facets } from '../aggregates/aggregate'
import { countsWhenAsked, eachCount, FacetsSum } from '../aggregates/merge'
import { type SeriesPoint, type Summary, summarise, summaryParts, sumPoints } from '../aggregates/summary'
import type { Alert } from '../alerts/alert'
import { alertBody } from '../alerts/alertBody'
import type { FamilyId } from '../failures/catalogueTypes'
import type { Language } from '../failures/words'
import { bucketEnd, type Grain, type TimeRange } from '../signIns/buckets'
import { completenessOf, type StreamStatus, streamStatuses } from '../signIns/completeness'
import { formatInstant, type Instant } from '../signIns/instant'
import { excludedStates } from '../signIns/streamState'
import type { StreamId } from '../signIns/streams'
import { type MonitorOptions, shownSettings } from './options'
import type { Ports, StoredAlerts } from './ports'
import { addFacets, readCounts, type StreamCounts, wasRead } from './readBuckets'

/** What is asked of the summary. */
export interface SummaryQuery {
  readonly window: TimeRange
  readonly grain: Grain
  readonly streams: readonly StreamId[]
  readonly families: readonly FamilyId[] | undefined
  readonly top: number
  readonly language: Language
}

/** An answer in two steps: what it depends on is known before the expensive part is read. */
export interface Answer<Body> {
  readonly dependsOn: string
  readonly body: () => Promise<Body>
}

/**
 * The summary of a window, from the rows of its grain; the cost grows with the buckets and not with the sign-ins. With
 * `bodyIsWanted` the body's own part is read at once beside what the answer depends on.
 */
export async function answerSummary(
  query: SummaryQuery,
  ports: Pick<Ports, 'buckets' | 'runs' | 'alerts'>,
  options: MonitorOptions,
  { bodyIsWanted = false } = {},
): Promise<Answer<Summary>> {
  const range = { ...query.window, streams: query.streams, zone: options.zone }
  const readFacets = async (): Promise<Facets> => {
    const sum = new FacetsSum(summaryParts(query.families))
    await addFacets(sum, ports.buckets, range)
    return sum.facets()
  }
  const begun = bodyIsWanted ? readFacets() : undefined
  // Its failure is told by the body, or by the counts, which failed before it.
  begun?.catch(() => undefined)
  const [counts, run, alerts] = await Promise.all([
    readCounts(ports.buckets, { ...range, grain: query.grain }),
    ports.runs.read(),
    ports.alerts.load(),
  ])
  const generatedAt = newestReading(counts, alerts)
  // Judged at the end of the window, so that a monitor that stopped cannot look current for ever.
  const judgedAt = Math.max(generatedAt, query.window.to)
  const statuses = streamStatuses(run?.progress ?? [], options.streams, judgedAt)
    .filter((status) => query.streams.includes(status.stream))
    .map((status) => ({ ...status, lagSeconds: lagAsOf(generatedAt, status) }))
  const completeness = completenessOf(statuses, query.window)
  return {
    dependsOn: JSON.stringify([
      options.version,
      shownSettings(options),
      query,
      completeness,
      versionsOf(counts),
      alerts.version ?? null,
      alerts.changedAt ?? null,
    ]),
    body: async () => {
      const points = pointsOf(counts, query, statuses, options)
      const reading = begun ?? readFacets()
      // The counts are added up while the facets are on their way.
      const [sums, facets] = await Promise.all([setImmediate().then(() => sumPoints(points)), reading])
      return summarise({
        tenantId: options.tenantId,
        generatedAt,
        window: query.window,
        grain: query.grain,
        language: query.language,
        top: query.top,
        selectedStreams: query.streams,
        families: query.families,
        points,
        sums,
        facets,
        completeness,
        tenants: options.tenants,
        alerts: alerts.alerts
          .filter((alert) => isWorthShowing(alert, query.window.from))
          .map((alert) => alertBody(alert, { language: query.language, rules: options.rules, publicBaseUrl: options.publicBaseUrl })),
      })
    },
  }
}

/** An alert that lasts, or that fired and ended inside the window; one that never got past pending is nobody's business. */
const isWorthShowing = ({ endsAt, firedAt }: Alert, from: Instant): boolean =>
  endsAt === undefined || (firedAt !== undefined && endsAt >= from)

const lagAsOf = (at: Instant, { readTo }: StreamStatus): number | undefined =>
  readTo === undefined ? undefined : Math.max(0, Math.round((at - readTo) / 1_000))

function pointsOf(
  counts: ReadonlyMap<Instant, ReadonlyMap<StreamId, StreamCounts>>,
  query: SummaryQuery,
  statuses: readonly StreamStatus[],
  options: MonitorOptions,
): SeriesPoint[] {
  return [...counts].map(([start, byStream]) => {
    const bucket = { from: start, to: bucketEnd(start, query.grain, options.zone) }
    return {
      start,
      counts: countsWhenAsked((sink) => {
        for (const found of byStream.values()) eachCount(found.counts, sink)
      }),
      missing: statuses.some((status) => isReadable(status) && !wasRead(byStream.get(status.stream), bucket, status.readTo)),
    }
  })
}

/** Whether a stream that is missing from a point leaves a hole in it. */
export const isReadable = (status: StreamStatus): boolean => !excludedStates.includes(status.state)

/** The time of the newest reading or alert change; 1970 where there is none. */
export function newestReading(
  counts: ReadonlyMap<Instant, ReadonlyMap<StreamId, StreamCounts>>,
  alerts: Pick<StoredAlerts, 'changedAt'>,
): Instant {
  let newest = alerts.changedAt ?? 0
  for (const byStream of counts.values()) {
    for (const { readAt } of byStream.values()) newest = Math.max(newest, readAt)
  }
  return newest
}

/** The versions of all rows that an answer is made of. */
export function versionsOf(counts: ReadonlyMap<Instant, ReadonlyMap<StreamId, StreamCounts>>): string[] {
  return [...counts].flatMap(([start, byStream]) =>
    [...byStream].map(([stream, { versions }]) => `${formatInstant(start)} ${stream} ${versions.join(' ')}`),
  )
}
