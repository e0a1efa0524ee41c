import type { Summary } from '../../shared/aggregates/summary'
import { answerHealth, type Health } from '../../shared/pipelines/answerHealth'
import { answerSummary, type SummaryQuery } from '../../shared/pipelines/answerSummary'
import { monitorSignIns } from '../../shared/pipelines/monitorSignIns'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { LastRun, Notifier, Ports } from '../../shared/pipelines/ports'
import { type Instant, minute } from '../../shared/signIns/instant'
import type { StreamProgress } from '../../shared/signIns/streamState'
import type { StreamId } from '../../shared/signIns/streams'
import { createAlertStore } from '../../shared/tables/alertStore'
import { createBucketStore } from '../../shared/tables/bucketStore'
import { createRunStore } from '../../shared/tables/runStore'
import { createTableClients } from '../../shared/tables/tableClients'
import { openVirtualLog, type VirtualLog } from './virtualLog'
import { virtualOptions } from './virtualOptions'

/** A line of the log. */
export type LogLine = Parameters<Ports['log']>

/** The product on real tables, with a clock and a sign-in log of the test's own. */
export interface VirtualMonitor {
  now: Instant
  readonly log: VirtualLog
  readonly ports: Ports
  readonly options: MonitorOptions
  readonly lines: LogLine[]
  /** One run of the timer; `ports` replaces some of the ports. */
  readonly tick: (ports?: Partial<Ports>, owner?: string) => Promise<LastRun | undefined>
  /** Ticks in steps until an instant, the last one at that instant. */
  readonly tickUntil: (until: Instant, step?: number) => Promise<void>
  readonly progress: (stream: StreamId) => Promise<StreamProgress>
  readonly summary: (query: Pick<SummaryQuery, 'window'> & Partial<SummaryQuery>) => Promise<Summary>
  readonly health: () => Promise<Health>
}

const nobodyToTell: Notifier = { receivers: () => [], deliver: async () => ({ kind: 'dead', reason: 'clientError' }) }

export function openVirtualMonitor(setup: {
  endpoint: string
  tenantId: string
  now: Instant
  options?: Partial<MonitorOptions>
  notifier?: Notifier
  /** Takes the place of the virtual log. */
  signIns?: (clock: () => Instant) => Ports['signIns']
}): VirtualMonitor {
  const { tenantId } = setup
  const clients = createTableClients({ endpoint: setup.endpoint })
  const lines: LogLine[] = []
  const clock = (): Instant => monitor.now
  const log = openVirtualLog(clock)
  const options = { ...virtualOptions(tenantId), ...setup.options }
  const ports: Ports = {
    clock,
    signIns: setup.signIns?.(clock) ?? log.source,
    buckets: createBucketStore({ clients, tenantId }),
    runs: createRunStore({ clients, tenantId }),
    alerts: createAlertStore({ clients, tenantId, clock }),
    notifier: setup.notifier ?? nobodyToTell,
    log: (...line) => lines.push(line),
  }
  const tick: VirtualMonitor['tick'] = (own, owner = 'instance-1') => monitorSignIns({ ...ports, ...own }, options, owner)
  const monitor: VirtualMonitor = {
    now: setup.now,
    log,
    ports,
    options,
    lines,
    tick,
    tickUntil: async (until, step = 5 * minute) => {
      while (monitor.now < until) {
        monitor.now = Math.min(until, monitor.now + step)
        await tick()
      }
    },
    progress: async (stream) => {
      const found = (await ports.runs.read())?.progress.find((one) => one.stream === stream)
      if (!found) throw new Error(`No run has written how ${stream} is read.`)
      return found
    },
    summary: async (query) => {
      const whole = { grain: '5m', streams: options.streams, families: undefined, top: 10, language: 'en', ...query } as const
      return (await answerSummary(whole, ports, options)).body()
    },
    health: () => answerHealth(ports, options),
  }
  return monitor
}
