/** A metric as OpenMetrics describes it. */
export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'info'
  /** The unit, which the name then ends with. */
  readonly unit?: 'seconds'
  readonly labels: readonly string[]
  readonly help: string
}

/**
 * Everything that is measured, by the name that stands behind the prefix of the product. A counter is kept in the tables
 * and rises over restarts; the others are worked out when they are asked for.
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export const metricRows = {
  build: { type: 'info', labels: ['version'], help: 'The release that answers.' },
  runs: { type: 'counter', labels: ['result'], help: 'Runs of monitorSignIns that ended, by result: ok, partial or failed.' },
  graph_requests: {
    type: 'counter',
    labels: ['status'],
    help: 'Requests to Microsoft Graph by HTTP status; timeout and network where no answer came.',
  },
  sign_ins_read: {
    type: 'counter',
    labels: ['stream'],
    help: 'Sign-ins of the readings that were committed; one that is read again counts again.',
  },
  buckets_committed: { type: 'counter', labels: ['stream', 'grain'], help: 'Buckets that were written, whole.' },
  commit_conflicts: {
    type: 'counter',
    labels: ['stream', 'grain'],
    help: 'Buckets that were not written because somebody else wrote them first.',
  },
  deliveries: {
    type: 'counter',
    labels: ['receiver', 'outcome', 'reason'],
    help: 'Attempts to deliver a notification by receiver, outcome (delivered, retry, dead) and reason of the failure (none where there is none).',
  },
  heartbeats: {
    type: 'counter',
    labels: ['outcome', 'reason'],
    help: 'Runs after which a heartbeat was delivered, failed (retry, dead) or was withheld, and why (none where it was delivered).',
  },
  stream_lag_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: ['stream'],
    help: 'Time since the end of the newest bucket that was read after its end.',
  },
  stream_state: { type: 'gauge', labels: ['stream', 'state'], help: '1 for the state that a stream is in.' },
  stream_complete_to_timestamp_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: ['stream'],
    help: 'The end of what is complete of a stream, in seconds since 1970.',
  },
  stream_buckets_pending: { type: 'gauge', labels: ['stream'], help: 'Closed buckets of the lookback that are not read yet.' },
  stream_late_sign_ins: {
    type: 'gauge',
    labels: ['stream'],
    help: 'Sign-ins that showed up after their bucket had been read as complete.',
  },
  stream_malformed_sign_ins: { type: 'gauge', labels: ['stream'], help: 'Sign-ins without a readable time or code.' },
  last_run_end_timestamp_seconds: { type: 'gauge', unit: 'seconds', labels: [], help: 'The end of the last run, in seconds since 1970.' },
  last_run_duration_seconds: { type: 'gauge', unit: 'seconds', labels: [], help: 'How long the last run took.' },
  backfill_buckets_pending: { type: 'gauge', labels: [], help: 'Buckets of the lookback that the backfill has still to read.' },
} as const satisfies Readonly<Record<string, MetricRow>>

export type MetricName = keyof typeof metricRows

/** Metrics that are counted while something happens. */
export type CounterName = { [Name in MetricName]: (typeof metricRows)[Name]['type'] extends 'counter' ? Name : never }[MetricName]

/** Counts something that happened, under the labels of its metric in their order; once where no number is given. */
export type Count = (metric: CounterName, labels: readonly string[], by?: number) => void

/** What was counted, by {@link counterKey}. */
export type Counters = Readonly<Record<string, number>>

/** The place of one count among others. */
export const counterKey = (metric: CounterName, labels: readonly string[]): string => [metric, ...labels].join('|')

/** The sum of two counts. */
export function addCounters(some: Counters, others: Counters): Counters {
  const sum: Record<string, number> = { ...some }
  for (const [key, count] of Object.entries(others)) sum[key] = (sum[key] ?? 0) + count
  return sum
}

/** The value of a metric under some labels. */
export interface Sample {
  readonly metric: MetricName
  /** In the order of the metric's labels. */
  readonly labels: readonly string[]
  readonly value: number
}

/** Stored counts as samples; a key that no metric has, of an earlier or later release, is left out. */
export function counterSamples(counters: Counters): Sample[] {
  return Object.entries(counters).flatMap(([key, value]) => {
    const [name = '', ...labels] = key.split('|')
    if (!isCounter(name) || labels.length !== metricRows[name].labels.length) return []
    return [{ metric: name, labels, value }]
  })
}

const isCounter = (name: string): name is CounterName =>
  Object.hasOwn(metricRows, name) && metricRows[name as MetricName].type === 'counter'
