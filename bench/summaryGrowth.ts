import { startStorageEmulator } from '../local/storageEmulator'
import { answerSummary } from '../shared/pipelines/answerSummary'
import { bucketStarts } from '../shared/signIns/buckets'
import { day, minute } from '../shared/signIns/instant'
import { streamIds } from '../shared/signIns/streams'
import { createAlertStore } from '../shared/tables/alertStore'
import { createBucketStore } from '../shared/tables/bucketStore'
import { bucketPartition, bucketRowKey, keyText } from '../shared/tables/keys'
import { createRunStore } from '../shared/tables/runStore'
import { createTableClients } from '../shared/tables/tableClients'
import { writeAll } from '../shared/tables/transactions'
import { type Benchmark, ratioResult } from './benchmark'
import { benchOptions } from './benchOptions'
import { inTurn, timed } from './ratio'
import { benchStart } from './rows'
import { busyAggregate, templateOf } from './summariseTables'

const now = benchStart + 5 * minute
const window = { from: benchStart - (benchStart % day) - day, to: benchStart - (benchStart % day) }

/** P12: the summary of one day, of which one tenant had 16 times as many sign-ins as another. */
export const summaryGrowth: Benchmark = async ({ quick, result }) => {
  const emulator = await startStorageEmulator()
  try {
    const tables = createTableClients({ endpoint: emulator.tablesEndpoint })
    const summariseTenant = async (tenantId: string, signInsPerRow: number): Promise<() => Promise<unknown>> => {
      const { entity } = templateOf('1h', busyAggregate(signInsPerRow))
      const actions = bucketStarts(window, '1h').flatMap((start) =>
        streamIds.map((stream) => {
          const keys = { partitionKey: bucketPartition(keyText(tenantId), { grain: '1h', start }), rowKey: bucketRowKey({ start, stream }) }
          return { kind: 'create', entity: { ...entity, ...keys, stream } } as const
        }),
      )
      await writeAll(tables.buckets, actions)
      const ports = {
        buckets: createBucketStore({ clients: tables, tenantId }),
        runs: createRunStore({ clients: tables, tenantId }),
        alerts: createAlertStore({ clients: tables, tenantId, clock: () => now }),
      }
      const query = { window, grain: '1h', streams: streamIds, families: undefined, top: 10, language: 'en' } as const
      return async () => JSON.stringify(await (await answerSummary(query, ports, { ...benchOptions, tenantId })).body())
    }
    const signIns = quick ? 100 : 6_000
    const large = await summariseTenant('5e1f0c9a-7b3d-4d62-9a41-c0ffee2026ab', 16 * signIns)
    const small = await summariseTenant('5e1f0c9a-7b3d-4d62-9a41-c0ffee2026ac', signIns)
    result(
      ratioResult(
        {
          id: 'P12',
          what: 'time of a summary of a day, 16 times the sign-ins ÷ the sign-ins',
          goal: { atMost: 1.25 },
          detail: ({ measured, baseline }) =>
            `${measured.toFixed(0)} ms ÷ ${baseline.toFixed(0)} ms; ${(16 * signIns).toLocaleString('en')} and ${signIns.toLocaleString('en')} sign-ins in each of ${24 * streamIds.length} rows`,
        },
        await inTurn(timed(large), timed(small), { rounds: quick ? 1 : 15, warmUp: quick ? 0 : 3 }),
      ),
    )
  } finally {
    await emulator.stop()
  }
}
