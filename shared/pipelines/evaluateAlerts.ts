import { mergeFacets } from '../aggregates/merge'
import { decide } from '../alerts/decide'
import { evaluateRules, type Observations } from '../alerts/evaluate'
import { bucketLength, bucketStart } from '../signIns/buckets'
import { streamStatuses } from '../signIns/completeness'
import { day, hour, type Instant } from '../signIns/instant'
import type { StreamProgress } from '../signIns/streamState'
import { streamIds } from '../signIns/streams'
import type { MonitorOptions } from './options'
import type { Ports } from './ports'

/** How much of the recent past the rules may look at. */
const observedLength = 2 * hour
/** Who succeeded within this time counts as having succeeded lately. */
const recentLength = day
const savesMax = 3

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
  const week = 7 * day
  const [rows, usualRows, facets, recent] = await Promise.all([
    ports.buckets.rows({ ...query, from, to }),
    ports.buckets.rows({ ...query, from: from - week, to: to - week }),
    ports.buckets.facets({ ...query, from: facetsFrom, to }),
    ports.buckets.facets({ grain: '1h', streams: streamIds, from: facetsFrom - recentLength, to: facetsFrom }),
  ])
  return {
    now,
    tenantId: options.tenantId,
    enabledStreams: options.streams,
    rows,
    usualRows,
    facets,
    recentFacets: mergeFacets(recent.map((one) => one.facets)),
    statuses: streamStatuses(progress, options.streams, now),
    tenants: options.tenants,
  }
}
