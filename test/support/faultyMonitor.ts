import type { TokenCredential } from '@azure/identity'
import { createRateBudget } from '../../shared/graph/rateBudget'
import { createSignInSource } from '../../shared/graph/signInSource'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { Ports } from '../../shared/pipelines/ports'
import type { TimeRange } from '../../shared/signIns/buckets'
import type { Instant } from '../../shared/signIns/instant'
import { streamIds } from '../../shared/signIns/streams'
import { openVirtualMonitor, type VirtualMonitor } from '../pipelines/virtualMonitor'
import { type FaultyTenant, startFaultyTenant } from './faultyTenant'
import { useStorageEmulator } from './tables'

const secureRoot = 'https://graph.example'

type SourceOptions = Parameters<typeof createSignInSource>[0]

/** The product, from Graph over HTTP to tables, with a clock that stands still while nothing waits for it. */
export interface FaultyMonitor {
  readonly monitor: VirtualMonitor
  readonly graph: FaultyTenant
  /** Sign-ins of a range by outcome, as the summary has them. */
  counted(range: TimeRange): Promise<Outcomes>
  /** The same, as the tenant knows them. */
  truth(range: TimeRange): Promise<Outcomes>
}

type Outcomes = Readonly<Record<'signIns' | 'success' | 'interrupt' | 'failure' | 'serviceFault', number>>

/** Small pages make many requests; the tenant throttles whoever sends more. */
const requestsMax = 40

interface FaultySetup {
  readonly historyHours?: number
  readonly rowsPerDay?: number
  /** How far our clock is ahead of that of Graph. */
  readonly clockError?: number
  readonly credential?: TokenCredential
  readonly options?: Partial<MonitorOptions>
  readonly source?: Partial<SourceOptions>
}

/** Opens one for a fresh tenant at `now`, over a storage emulator of the test file, and closes it when its test is over. */
export function useFaultyMonitor(now: Instant): (setup?: FaultySetup) => Promise<FaultyMonitor> {
  const { endpoint, freshTenant } = useStorageEmulator()
  let opened: FaultyMonitor | undefined
  afterEach(async () => {
    await opened?.graph.close()
    opened = undefined
  })
  return async (setup) => {
    opened = await openFaultyMonitor({ endpoint: endpoint(), tenantId: freshTenant(), now, ...setup })
    return opened
  }
}

async function openFaultyMonitor(setup: FaultySetup & { endpoint: string; tenantId: string; now: Instant }): Promise<FaultyMonitor> {
  const { clockError = 0 } = setup
  // The tenant asks for the time while it is being started.
  let clock = (): Instant => setup.now
  const graph = await startFaultyTenant({
    clock: () => clock() - clockError,
    historyHours: setup.historyHours ?? 3,
    rowsPerDay: setup.rowsPerDay ?? 4_000,
    requestsPerTenSeconds: requestsMax + 1,
  })
  const monitor = openVirtualMonitor({
    ...setup,
    options: { lookbackHours: 1, streams: streamIds, ...setup.options },
    signIns: (virtualClock) => {
      clock = virtualClock
      return sourceOf(graph, virtualClock, setup)
    },
  })
  return {
    monitor,
    graph,
    counted: async (window) => {
      const { signIns, success, interrupt, failure, serviceFault } = (await monitor.summary({ window })).totals
      return { signIns, success, interrupt, failure, serviceFault }
    },
    truth: async (range) => {
      const { signIns, outcomes } = await graph.truth(range)
      return { signIns, ...outcomes }
    },
  }

  /** Reads as the product does; a wait is over at once and moves the clock. */
  function sourceOf(from: FaultyTenant, now: () => Instant, { credential, source }: typeof setup): Ports['signIns'] {
    let underWay = 0
    const sleep = async (milliseconds: number, abort: AbortSignal): Promise<void> => {
      const until = now() + milliseconds
      // A request that has left is to arrive at the time at which it left.
      do await new Promise(setImmediate)
      while (underWay > 0)
      abort.throwIfAborted()
      monitor.now = Math.max(monitor.now, until)
    }
    const ask = async (url: string, init: RequestInit): Promise<Response> => {
      underWay += 1
      try {
        return await fetch(url.replace(secureRoot, from.root), init)
      } finally {
        underWay -= 1
      }
    }
    return createSignInSource({
      root: credential ? secureRoot : from.root,
      credential,
      scope: 'https://graph.example/.default',
      budget: createRateBudget({ requestsMax, clock: now, sleep, random: () => 0 }),
      clock: now,
      sleep,
      random: () => 0,
      pageSize: 6,
      requestTimeoutMs: 5_000,
      retriesMax: 5,
      pagesMax: 200,
      pageBytesMax: 2 * 1024 * 1024,
      log: (...line) => monitor.lines.push(line),
      fetch: credential ? async (url, init) => secured(await ask(url, init), from.root) : ask,
      ...source,
    })

    /** The tenant has no certificate: its links change their scheme on the way. */
    async function secured(answer: Response, root: string): Promise<Response> {
      return new Response((await answer.text()).replaceAll(root, secureRoot), { status: answer.status, headers: answer.headers })
    }
  }
}
