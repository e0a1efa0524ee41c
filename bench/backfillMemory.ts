import { startStorageEmulator } from '../local/storageEmulator'
import { createRateBudget } from '../shared/graph/rateBudget'
import { createSignInSource } from '../shared/graph/signInSource'
import { sleep } from '../shared/graph/sleep'
import { monitorSignIns } from '../shared/pipelines/monitorSignIns'
import type { Ports } from '../shared/pipelines/ports'
import { minute, second } from '../shared/signIns/instant'
import { createAlertStore } from '../shared/tables/alertStore'
import { createBucketStore } from '../shared/tables/bucketStore'
import { createRunStore } from '../shared/tables/runStore'
import { createTableClients } from '../shared/tables/tableClients'
import type { Benchmark } from './benchmark'
import { benchOptions } from './benchOptions'
import { graphNow, startSimulatedGraph } from './simulatedGraph'

const megabyte = 2 ** 20
/** A tenant of 1.5 M sign-ins in 30 days. */
const rowsPerDay = 50_000
const days = 30

/**
 * P4: a backfill over HTTP, run after run, from a Graph in a process of its own into a storage emulator in another: what the
 * process holds at most while it collects. Quickly, a part of a day says that it runs.
 */
export const backfillMemory: Benchmark = async ({ quick, result }) => {
  const lookbackHours = quick ? 3 : days * 24
  const graph = await startSimulatedGraph(rowsPerDay, lookbackHours + 1)
  const emulator = await startStorageEmulator()
  try {
    const collected = await collect(graph.baseUrl, emulator.tablesEndpoint, lookbackHours, quick ? 5 * second : 3 * minute)
    result({
      id: 'P4',
      what: 'resident memory of the collecting process in MiB, backfill of 30 days',
      value: collected.residentMax / megabyte,
      goal: { atMost: 256 },
      detail: `${collected.rows.toLocaleString('en-US')} rows of ${(rowsPerDay * days).toLocaleString('en-US')} in ${Math.round(collected.elapsed / second)} s; ${Math.round(collected.residentBefore / megabyte)} MiB before the first`,
    })
  } finally {
    await emulator.stop()
    await graph.stop()
  }
}

interface Collected {
  readonly residentBefore: number
  readonly residentMax: number
  readonly rows: number
  readonly elapsed: number
}

async function collect(root: string, tablesEndpoint: string, lookbackHours: number, timeMax: number): Promise<Collected> {
  const startedAt = Date.now()
  // Time goes on as it does, from the instant at which the simulated tenant stands still.
  const clock = (): number => graphNow + (Date.now() - startedAt)
  const tables = createTableClients({ endpoint: tablesEndpoint })
  const { tenantId } = benchOptions
  const options = { ...benchOptions, lookbackHours, retention: { '5m': days + 2, '1h': 93, '1d': 400 } }
  let rows = 0
  const source = createSignInSource({
    root,
    credential: undefined,
    scope: '',
    budget: createRateBudget({ requestsMax: 500, clock, sleep }),
    clock,
    sleep,
    pageSize: 1_000,
    requestTimeoutMs: 100 * second,
    retriesMax: 5,
    pagesMax: 2_000,
    pageBytesMax: 64 * megabyte,
  })
  const residentBefore = process.memoryUsage.rss()
  let residentMax = residentBefore
  const ports: Ports = {
    clock,
    signIns: {
      budget: source.budget,
      async *read(window, abort, take) {
        for await (const page of source.read(window, abort, take)) {
          rows += page.rows.length
          yield page
          residentMax = Math.max(residentMax, process.memoryUsage.rss())
        }
      },
    },
    buckets: createBucketStore({ clients: tables, tenantId }),
    runs: createRunStore({ clients: tables, tenantId }),
    alerts: createAlertStore({ clients: tables, tenantId, clock }),
    notifier: { receivers: () => [], deliver: async () => ({ kind: 'dead', reason: 'clientError' }) },
    log: () => undefined,
  }
  for (let run = 0; Date.now() - startedAt < timeMax; run++) {
    await monitorSignIns(ports, options, `run ${run}`)
    residentMax = Math.max(residentMax, process.memoryUsage.rss())
    const backfill = (await ports.runs.read())?.backfill
    if (backfill && backfill.bucketsDone >= backfill.bucketsTotal) break
  }
  return { residentBefore, residentMax, rows, elapsed: Date.now() - startedAt }
}
