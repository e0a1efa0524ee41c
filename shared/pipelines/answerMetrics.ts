import { type StreamStatus, streamStatuses } from '../signIns/completeness'
import { second } from '../signIns/instant'
import { graphTime } from './graphClock'
import { type Counters, counterSamples, type Sample } from './metrics'
import type { MonitorOptions } from './options'
import type { Ports, RunRow } from './ports'

/** Where counts of what happened are kept. */
export interface CounterStore {
  read(): Promise<Counters>
  /** Adds some counts to the stored ones; false where others kept writing first, and then nothing was added. */
  add(counters: Counters): Promise<boolean>
}

/** The value of every metric at this moment: what was counted, and what the last run left, judged now. */
export async function answerMetrics(
  ports: Pick<Ports, 'runs' | 'clock'> & { readonly counters: CounterStore },
  options: MonitorOptions,
): Promise<Sample[]> {
  const [run, counters] = await Promise.all([ports.runs.read(), ports.counters.read()])
  const statuses = streamStatuses(run?.progress ?? [], options.streams, graphTime(ports.clock(), run?.clockAhead))
  return [
    { metric: 'build', labels: [options.version], value: 1 },
    ...counterSamples(counters),
    ...statuses.flatMap(streamSamples),
    ...runSamples(run),
  ]
}

function streamSamples(status: StreamStatus): Sample[] {
  const { stream, state, lagSeconds, completeTo, bucketsPending, lateRows, malformedRows } = status
  const labels = [stream]
  return [
    { metric: 'stream_state', labels: [stream, state], value: 1 },
    ...(lagSeconds === undefined ? [] : [{ metric: 'stream_lag_seconds', labels, value: lagSeconds } as const]),
    ...(completeTo === undefined ? [] : [{ metric: 'stream_complete_to_timestamp_seconds', labels, value: completeTo / second } as const]),
    { metric: 'stream_buckets_pending', labels, value: bucketsPending },
    { metric: 'stream_late_sign_ins', labels, value: lateRows },
    { metric: 'stream_malformed_sign_ins', labels, value: malformedRows },
  ]
}

function runSamples(run: RunRow | undefined): Sample[] {
  const { lastRun, backfill } = run ?? {}
  const ended = lastRun?.endedAt
  return [
    ...(lastRun === undefined || ended === undefined
      ? []
      : [
          { metric: 'last_run_end_timestamp_seconds', labels: [], value: ended / second } as const,
          { metric: 'last_run_duration_seconds', labels: [], value: (ended - lastRun.startedAt) / second } as const,
        ]),
    ...(backfill === undefined
      ? []
      : [{ metric: 'backfill_buckets_pending', labels: [], value: backfill.bucketsTotal - backfill.bucketsDone } as const]),
  ]
}
