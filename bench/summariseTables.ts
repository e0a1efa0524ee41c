import { startStorageEmulator } from '../local/storageEmulator'
import type { Aggregate } from '../shared/aggregates/aggregate'
import type { BucketWrite } from '../shared/aggregates/bucketRow'
import { emptyFacets } from '../shared/aggregates/merge'
import { recordOf } from '../shared/aggregates/record'
import { Tally } from '../shared/aggregates/tally'
import { classesOfCode, codeRows } from '../shared/failures/catalogue'
import { classify } from '../shared/failures/classify'
import { answerSummary, type SummaryQuery } from '../shared/pipelines/answerSummary'
import { bucketStart, bucketStarts, type Grain, type TimeRange, utc } from '../shared/signIns/buckets'
import { day, hour, type Instant, minute } from '../shared/signIns/instant'
import { streamIds } from '../shared/signIns/streams'
import { createAlertStore } from '../shared/tables/alertStore'
import { bucketEntity } from '../shared/tables/bucketEntity'
import { createBucketStore } from '../shared/tables/bucketStore'
import { bucketPartition, bucketRowKey, keyText } from '../shared/tables/keys'
import { createRunStore } from '../shared/tables/runStore'
import type { Table } from '../shared/tables/table'
import { createTableClients } from '../shared/tables/tableClients'
import { writeAll } from '../shared/tables/transactions'
import { type Benchmark, ratioResult } from './benchmark'
import { benchOptions } from './benchOptions'
import { comparisonOf, inTurn, median, quantile, timed } from './ratio'
import { benchStart } from './rows'

const now = benchStart + 5 * minute
const tenantId = keyText(benchOptions.tenantId)

/** P6 and P12: how long a busy tenant's summary takes, beside the bare queries of the same entities. */
export const summariseTables: Benchmark = async ({ quick, result }) => {
  const emulator = await startStorageEmulator()
  try {
    const calls: (() => Promise<unknown>)[] = []
    const open = createTableClients({ endpoint: emulator.tablesEndpoint })
    const clients = { buckets: recording(open.buckets, calls), runs: recording(open.runs, calls), alerts: recording(open.alerts, calls) }
    const ports = {
      buckets: createBucketStore({ clients, tenantId: benchOptions.tenantId }),
      runs: createRunStore({ clients, tenantId: benchOptions.tenantId }),
      alerts: createAlertStore({ clients, tenantId: benchOptions.tenantId, clock: () => now }),
    }
    await fillTables(open.buckets, quick ? { days: 2, fineHours: 8 } : { days: 30, fineHours: 27 })

    const answer = async (query: SummaryQuery): Promise<number> => {
      const { body } = await answerSummary(query, ports, benchOptions, { bodyIsWanted: true })
      return JSON.stringify(await body()).length
    }
    const rounds = { rounds: quick ? 2 : 20, warmUp: quick ? 1 : 3 }
    for (const [what, query] of [
      ['24 h at 5 min', queryOf(quick ? 6 * hour : 24 * hour, '5m')],
      ['30 days at 1 h', queryOf(quick ? 2 * day : 30 * day, '1h')],
    ] as const) {
      calls.length = 0
      const characters = await answer(query)
      const bare = [...calls]
      const pairs = await inTurn(
        timed(() => answer(query)),
        timed(() => Promise.all(bare.map((call) => call()))),
        rounds,
      )
      const { processorRatio } = comparisonOf(pairs)
      for (const [name, share] of [
        ['p50', 0.5],
        ['p99', 0.99],
      ] as const) {
        const measured = quantile(
          pairs.map((pair) => pair.measured.wall),
          share,
        )
        const baseline = quantile(
          pairs.map((pair) => pair.baseline.wall),
          share,
        )
        result({
          id: 'P6',
          what: `summary of ${what} ÷ its bare queries, ${name}`,
          value: measured / baseline,
          ...(name === 'p50' && processorRatio !== undefined ? { processorRatio } : {}),
          ...(name === 'p99' ? { goal: { atMost: 1.5 } } : {}),
          detail: `${measured.toFixed(0)} ms ÷ ${baseline.toFixed(0)} ms; ${bare.length} queries, ${Math.round(characters / 1_024)} KB of JSON`,
        })
      }
      const unchanged = await inTurn(
        timed(() => answerSummary(query, ports, benchOptions)),
        timed(() => answer(query)),
        rounds,
      )
      result(
        ratioResult(
          {
            id: 'P6',
            what: `summary of ${what} that the asker has already (304) ÷ one that is made (200)`,
            detail: (at) => `${at.measured.toFixed(0)} ms ÷ ${at.baseline.toFixed(0)} ms`,
          },
          unchanged,
        ),
      )
    }

    const lengths = (quick ? [1, 2] : [1, 7, 30]).map((days) => ({ days, query: queryOf(days * day, '1h'), milliseconds: [] as number[] }))
    for (let round = 0; round < rounds.rounds / 2; round++) {
      for (const { query, milliseconds } of lengths) milliseconds.push((await timed(() => answer(query))()).wall)
    }
    const told = lengths.map(({ days, milliseconds }) => ({ buckets: days * 24, median: median(milliseconds) }))
    const [first, last] = [told[0], told.at(-1)]
    if (!first || !last) return
    result({
      id: 'P12',
      what: `time of a summary a bucket, ${lengths.at(-1)?.days} days ÷ 1 day, both at 1 h`,
      value: last.median / last.buckets / (first.median / first.buckets),
      goal: { atMost: 1.1 },
      detail: told.map(({ buckets, median: time }) => `${buckets} buckets: ${time.toFixed(0)} ms`).join('; '),
    })
  } finally {
    await emulator.stop()
  }
}

/** The same table, that remembers how to ask again for what it was asked. */
function recording(table: Table, calls: (() => Promise<unknown>)[]): Table {
  return {
    ...table,
    read: (...key) => {
      calls.push(() => table.read(...key))
      return table.read(...key)
    },
    query: (query) => {
      calls.push(() => table.query(query))
      return table.query(query)
    },
  }
}

function queryOf(length: number, grain: Grain): SummaryQuery {
  const to = bucketStart(now, grain)
  return { window: { from: to - length, to }, grain, streams: streamIds, families: undefined, top: 10, language: 'en' }
}

/** Rows of every grain up to now; facets where a summary of these windows reads them, for the emulator holds all in memory. */
async function fillTables(table: Table, { days, fineHours }: { days: number; fineHours: number }): Promise<void> {
  const whole: TimeRange = { from: now - (days + 1) * day, to: now }
  const lately: TimeRange = { from: now - fineHours * hour, to: now }
  const rows: { grain: Grain; range: TimeRange; signIns: number; hasFacets: (start: Instant) => boolean }[] = [
    { grain: '5m', range: lately, signIns: 1_000, hasFacets: () => true },
    { grain: '1h', range: whole, signIns: 6_000, hasFacets: (start) => start >= now - 26 * hour || start < whole.from + 3 * day },
    { grain: '1d', range: whole, signIns: 30_000, hasFacets: () => true },
  ]
  // All of them before the first write: an idle connection is closed.
  const made = rows.map(({ signIns, ...row }) => {
    const templates = Array.from({ length: templatesCount }, (_, number) => {
      const aggregate = busyAggregate(signIns, number)
      return { withFacets: templateOf(row.grain, aggregate), without: templateOf(row.grain, { ...aggregate, facets: emptyFacets }) }
    })
    return { ...row, templates }
  })
  for (const { grain, range, hasFacets, templates } of made) {
    const starts = bucketStarts(range, grain, utc).filter((start) => start < bucketStart(now, grain))
    const actions = starts.flatMap((start, at) =>
      streamIds.flatMap((stream, streamAt) => {
        const template = templates[(at + 2 * streamAt) % templatesCount]
        if (!template) return []
        const { entity } = hasFacets(start) ? template.withFacets : template.without
        const keys = { partitionKey: bucketPartition(tenantId, { grain, start }), rowKey: bucketRowKey({ start, stream }), stream }
        return { kind: 'create', entity: { ...entity, ...keys } } as const
      }),
    )
    await writeAll(table, actions)
  }
}

/** Different rows of a grain, so that what was read of one does not serve all others. */
const templatesCount = 5

/** The entity of a row of some grain, whose keys are still to be written. */
export const templateOf = (grain: Grain, aggregate: Aggregate): ReturnType<typeof bucketEntity> => {
  const write: BucketWrite = {
    stream: 'interactiveUser',
    grain,
    start: 0,
    aggregate,
    replaces: undefined,
    ledger: { readAt: now, rows: 1_000, pages: 1, malformedRows: 0, rowsWhenComplete: 1_000, shrunkTo: undefined, children: undefined },
  }
  return bucketEntity(tenantId, write)
}

/** Sign-ins of nearly every class and with more keys of every facet than are kept; another `number` leaves other codes out. */
export function busyAggregate(signIns: number, number = 0): Aggregate {
  const { hashUser, siteOf, tenants } = benchOptions
  const codes = [...codeRows.keys()].filter((code, at) => classesOfCode(code).length > 0 && at % 7 !== number)
  const tally = new Tally(hashUser.keyId)
  for (let index = 0; index < signIns; index++) {
    const signIn = {
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      // Half of them succeed; the others walk through the codes.
      status: { errorCode: index % 2 === 0 ? 0 : (codes[((index - 1) / 2) % codes.length] ?? 0) },
      appId: keyOf('a', index, 80),
      appDisplayName: `Application ${index % 80}`,
      resourceId: keyOf('b', index * 7, 70),
      resourceDisplayName: `Resource ${(index * 7) % 70}`,
      resourceTenantId: keyOf('c', index * 3, 60),
      userId: keyOf('d', index * 11, 5_000),
      clientAppUsed: index % 5 === 0 ? 'Browser' : 'Mobile Apps and Desktop clients',
      userAgent: `azsdk-${['python', 'net', 'js', 'go'][index % 4]}/1.0 (${['Windows', 'Linux', 'Mac OS'][index % 3]})`,
      location: { countryOrRegion: ['JP', 'US', 'DE', 'FR', 'SG', 'IN', 'BR'][index % 7] },
      autonomousSystemNumber: 64_500 + (index % 90),
      isTenantRestricted: index % 9 === 0,
      tokenIssuerType: index % 31 === 0 ? 'AzureADBackupAuth' : 'AzureAD',
    }
    const classification = classify(signIn, { stream: 'interactiveUser', tenants })
    tally.add(recordOf(signIn, classification, { stream: 'interactiveUser', hashUser, siteOf, at: benchStart - index * 37 }))
  }
  return tally.aggregate()
}

const keyOf = (letter: string, index: number, keys: number): string =>
  `${letter.repeat(8)}-0000-4000-8000-${String(index % keys).padStart(12, '0')}`
