import { startStorageEmulator } from '../local/storageEmulator'
import { monitorSignIns } from '../shared/pipelines/monitorSignIns'
import type { Ports } from '../shared/pipelines/ports'
import { minute, second } from '../shared/signIns/instant'
import { createAlertStore } from '../shared/tables/alertStore'
import { createBucketStore } from '../shared/tables/bucketStore'
import { createRunStore } from '../shared/tables/runStore'
import { createTableClients } from '../shared/tables/tableClients'
import type { Benchmark } from './benchmark'
import { benchOptions } from './benchOptions'
import { httpSource } from './httpSource'
import { graphNow, startSimulatedGraph } from './simulatedGraph'

const megabyte = 2 ** 20
/** A tenant of 1.5 M sign-ins in 30 days. */
const rowsPerDay = 50_000
const days = 30

/** Enough for all rows where nothing else runs. */
const timeMax = 25 * minute
/** What was held at most is told at this many rows, and at each doubling of them. */
const firstMark = 50_000

/**
 * P4: a backfill over HTTP, run after run, from a Graph in a process of its own into a storage emulator in another, until
 * all is read or the time is over: what the process has held at most, by the count of the system. Quickly, a part of a day
 * says that it runs.
 */
export const backfillMemory: Benchmark = async ({ quick, result }) => {
  const lookbackHours = quick ? 3 : days * 24
  const graph = await startSimulatedGraph(rowsPerDay, lookbackHours + 1)
  const emulator = await startStorageEmulator()
  try {
    const collected = await collect(graph.baseUrl, emulator.tablesEndpoint, lookbackHours, quick ? 5 * second : timeMax)
    result({
      id: 'P4',
      what: 'resident memory of the collecting process in MiB, backfill of 30 days, with the heap of an instance of 512 MB',
      value: collected.residentMax / megabyte,
      goal: { atMost: 256 },
      detail: `${collected.rows.toLocaleString('en-US')} rows of ${(rowsPerDay * days).toLocaleString('en-US')} in ${Math.round(collected.elapsed / second)} s; ${inMegabytes(collected.residentBefore)} MiB before the first${collected.marks.map(({ rows, resident }) => `, ${inMegabytes(resident)} after ${rows.toLocaleString('en-US')}`).join('')}`,
    })
  } finally {
    await emulator.stop()
    await graph.stop()
  }
}

const inMegabytes = (bytes: number): number => Math.round(bytes / megabyte)

/** The most that this process has held since it began, in bytes. */
const residentMax = (): number => process.resourceUsage().maxRSS * 1_024

interface Collected {
  readonly residentBefore: number
  readonly residentMax: number
  readonly marks: readonly Mark[]
  readonly rows: number
  readonly elapsed: number
}

interface Mark {
  readonly rows: number
  readonly resident: number
}

async function collect(root: string, tablesEndpoint: string, lookbackHours: number, timeMax: number): Promise<Collected> {
  const startedAt = Date.now()
  // Time goes on as it does, from the instant at which the simulated tenant stands still.
  const clock = (): number => graphNow + (Date.now() - startedAt)
  const tables = createTableClients({ endpoint: tablesEndpoint })
  const { tenantId } = benchOptions
  const options = { ...benchOptions, lookbackHours, retention: { '5m': days + 2, '1h': 93, '1d': 400 } }
  let rows = 0
  const source = httpSource(root, clock, 5)
  const residentBefore = residentMax()
  const marks: Mark[] = []
  const ports: Ports = {
    clock,
    signIns: {
      budget: source.budget,
      async *read(window, abort, take) {
        for await (const page of source.read(window, abort, take)) {
          rows += page.rows.length
          yield page
          const mark = firstMark * 2 ** marks.length
          if (rows >= mark) marks.push({ rows: mark, resident: residentMax() })
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
    const backfill = (await ports.runs.read())?.backfill
    if (backfill && backfill.bucketsDone >= backfill.bucketsTotal) break
  }
  return { residentBefore, residentMax: residentMax(), marks, rows, elapsed: Date.now() - startedAt }
}
