import type { Facets } from '../aggregates/aggregate'
import type { BucketFacets } from '../aggregates/bucketRow'
import { type FacetsChoice, FacetsSum } from '../aggregates/merge'
import { decide } from '../alerts/decide'
import { evaluateRules, type Observations } from '../alerts/evaluate'
import { bucketLength, bucketStart, type TimeRange } from '../signIns/buckets'
import { streamStatuses } from '../signIns/completeness'
import { day, hour, type Instant } from '../signIns/instant'
import type { StreamProgress } from '../signIns/streamState'
import { streamIds } from '../signIns/streams'
import type { MonitorOptions } from './options'
import type { Ports, StoredFacets } from './ports'

/** How much of the recent past the rules may look at. */
const observedLength = 2 * hour
/** Who succeeded within this time counts as having succeeded lately. */
const recentLength = day
const savesMax = 3

type PastObservations = Pick<Observations, 'usualRows' | 'recentFacets'>

/** What the rules compare with hardly changes, and looking it up at every run would be a third of all queries: it is kept for the time of one bucket. */
const keptBy = new WeakMap<Ports['buckets'], { readonly to: Instant; readonly past: PastObservations }>()

/** Evaluates every rule on what is stored now, and saves what changed together with what is to be told about it. */
export async function evaluateAlerts(ports: Ports, options: MonitorOptions, progress: readonly StreamProgress[]): Promise<void> {
  const now = ports.clock()
  const observations = await observe(ports, options, progress, now)
  const evaluations = evaluateRules(options.rules, observations)
  for (let attempt = 0; attempt < savesMax; attempt++) {
    const stored = await ports.alerts.load()
    const change = decide(stored, evaluations, {
      now,
      tenantId: options.tenantId,
      rules: options.rules,
      receiversFor: (content) => ports.notifier.receivers(content),
    })
    if (!change || (await ports.alerts.save(change))) return
  }
  ports.log('warn', 'The alerts changed under this run and are evaluated again at the next one.')
}

async function observe(
  ports: Pick<Ports, 'buckets'>,
  options: MonitorOptions,
  progress: readonly StreamProgress[],
  now: Instant,
): Promise<Observations> {
  const to = bucketStart(now, '5m') + bucketLength
  const from = to - observedLength
  // On the hour, so that what is finer begins where the hours end.
  const facetsFrom = bucketStart(to - hour, '1h')
  const query = { grain: '5m', streams: streamIds } as const
  const [rows, facets, past] = await Promise.all([
    ports.buckets.rows({ ...query, from, to }),
    ports.buckets.facets({ ...query, from: facetsFrom, to }),
    observePast(ports.buckets, { from, to }, facetsFrom),
  ])
  return {
    now,
    tenantId: options.tenantId,
    enabledStreams: options.streams,
    rows,
    facets: facets.map(readOnce),
    ...past,
    statuses: streamStatuses(progress, options.streams, now),
    tenants: options.tenants,
  }
}

/** The same hours a week ago, and who succeeded lately. */
async function observePast(buckets: Ports['buckets'], { from, to }: TimeRange, facetsFrom: Instant): Promise<PastObservations> {
  const kept = keptBy.get(buckets)
  if (kept?.to === to) return kept.past
  const week = 7 * day
  const [usualRows, recent] = await Promise.all([
    buckets.rows({ grain: '5m', streams: streamIds, from: from - week, to: to - week }),
    buckets.facets({ grain: '1h', streams: streamIds, from: facetsFrom - recentLength, to: facetsFrom }),
  ])
  const sum = new FacetsSum(observedParts)
  for (const one of recent) one.addTo(sum)
  const past = { usualRows, recentFacets: sum.facets() }
  keptBy.set(buckets, { to, past })
  return past
}

/** What the rules look at. Who the users were, and single sign-ins, is none of it. */
const observedParts: FacetsChoice = {
  scope: () => ({ facets: ['apps', 'resourceTenants'], users: false }),
  evidence: () => false,
}

/** The facets of a bucket, read when the first rule asks for them; most rules of most runs do not. */
function readOnce(stored: StoredFacets): BucketFacets {
  const { stream, grain, start } = stored
  let kept: Facets | undefined
  return {
    stream,
    grain,
    start,
    get facets() {
      if (kept) return kept
      const sum = new FacetsSum(observedParts)
      stored.addTo(sum)
      kept = sum.facets()
      return kept
    },
  }
}
