import { type ArrivalShare, arrivalShares } from '../signIns/arrivals'
import { type StreamCompleteness, streamCompleteness, streamStatuses } from '../signIns/completeness'
import { formatInstantOrNull } from '../signIns/instant'
import { excludedStates } from '../signIns/streamState'
import { clockProblem, graphTime } from './graphClock'
import type { MonitorOptions } from './options'
import type { Ports } from './ports'

/** A stream as the summary has it, and how late its sign-ins come. */
interface StreamHealth extends StreamCompleteness {
  /** Which part of the sign-ins had shown by which age after the end of their 5-minute bucket; empty where nothing is known. */
  readonly arrivals: readonly ArrivalShare[]
}

/** The body of `GET /api/health`; nothing in it is secret. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'starting' | 'failing'
  readonly version: string
  readonly tenantId: string
  readonly lastRun: {
    readonly startedAt: string | null
    readonly endedAt: string | null
    readonly result: 'ok' | 'partial' | 'failed' | null
    readonly detail: string
  }
  readonly streams: readonly StreamHealth[]
  readonly backfill: {
    readonly bucketsDone: number
    readonly bucketsTotal: number
    readonly oldest: string | null
    readonly bucketsPerMinute: number | null
    readonly secondsLeft: number | null
  }
}

/** The state of the monitor at this moment: worked out when asked, so that a timer that stopped shows. */
export async function answerHealth(ports: Pick<Ports, 'runs' | 'clock'>, options: MonitorOptions): Promise<Health> {
  const run = await ports.runs.read()
  const now = graphTime(ports.clock(), run?.clockAhead)
  const streams = streamStatuses(run?.progress ?? [], options.streams, now).map((status) => ({
    ...streamCompleteness(status),
    arrivals: arrivalShares(status.arrivals),
  }))
  const { lastRun, backfill } = run ?? {}
  return {
    status: statusOf(streams),
    version: options.version,
    tenantId: options.tenantId,
    lastRun: {
      startedAt: formatInstantOrNull(lastRun?.startedAt),
      endedAt: formatInstantOrNull(lastRun?.endedAt),
      result: lastRun?.result ?? null,
      detail: [lastRun?.detail ?? 'No run has started yet.', clockProblem(run?.clockAhead) ?? ''].filter((text) => text !== '').join(' '),
    },
    streams,
    backfill: {
      bucketsDone: backfill?.bucketsDone ?? 0,
      bucketsTotal: backfill?.bucketsTotal ?? 0,
      oldest: formatInstantOrNull(backfill?.oldest),
      bucketsPerMinute: backfill?.bucketsPerMinute ?? null,
      secondsLeft: backfill?.secondsLeft ?? null,
    },
  }
}

/** `ok` only while every readable stream is current; a stream that Graph refuses makes it `degraded`. */
function statusOf(streams: readonly StreamCompleteness[]): Health['status'] {
  const enabled = streams.filter(({ state }) => state !== 'disabled')
  const readable = enabled.filter(({ state }) => !excludedStates.includes(state))
  if (readable.length === 0) return 'failing'
  if (readable.some(({ state }) => state === 'stalled')) return 'failing'
  if (readable.some(({ state }) => state === 'starting')) return 'starting'
  return readable.length === enabled.length && readable.every(({ state }) => state === 'current') ? 'ok' : 'degraded'
}

/** Whether a probe may take the monitor for healthy: every readable stream is current, and there is one. */
export function isHealthy(health: Health): boolean {
  const readable = health.streams.filter(({ state }) => !excludedStates.includes(state))
  return readable.length > 0 && readable.every(({ state }) => state === 'current')
}
