import fc from 'fast-check'
import { answerMetrics } from '../../shared/pipelines/answerMetrics'
import { addCounters, counterKey, counterSamples, metricRows, type Sample } from '../../shared/pipelines/metrics'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { RunRow } from '../../shared/pipelines/ports'
import { minute, second } from '../../shared/signIns/instant'

const now = Date.UTC(2026, 0, 5, 12)

const counters = fc.dictionary(fc.constantFrom('a', 'b', 'c|x', 'd'), fc.nat(1_000), { noNullPrototype: true })

test('addCounters: the order and the grouping of counts change nothing, and nothing is lost', () => {
  const total = (some: Record<string, number>): number => Object.values(some).reduce((sum, count) => sum + count, 0)
  fc.assert(
    fc.property(counters, counters, counters, (one, two, three) => {
      expect(addCounters(addCounters(one, two), three)).toEqual(addCounters(one, addCounters(three, two)))
      expect(total(addCounters(one, two))).toBe(total(one) + total(two))
      expect(addCounters(one, {})).toEqual(one)
    }),
  )
})

test.each`
  key                                         | samples
  ${counterKey('runs', ['ok'])}               | ${[{ metric: 'runs', labels: ['ok'], value: 2 }]}
  ${counterKey('deliveries', ['a', 'b', ''])} | ${[{ metric: 'deliveries', labels: ['a', 'b', ''], value: 2 }]}
  ${'runs'}                                   | ${[]}
  ${'runs|ok|more'}                           | ${[]}
  ${'of_another_release|ok'}                  | ${[]}
  ${'build|1.0.0'}                            | ${[]}
  ${'toString|ok'}                            | ${[]}
  ${''}                                       | ${[]}
`('counterSamples: a stored count "$key" is $samples', ({ key, samples }) => expect(counterSamples({ [key]: 2 })).toEqual(samples))

test('metricRows: names, units and labels are as OpenMetrics wants them', () => {
  for (const [name, row] of Object.entries(metricRows)) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*[a-z0-9]$/)
    expect(name).not.toMatch(/_(total|info|created|bucket|count|sum)$/)
    if ('unit' in row) expect(name.endsWith(`_${row.unit}`)).toBe(true)
    for (const label of row.labels) expect(label).toMatch(/^[a-z][a-z0-9_]*$/)
    expect(row.help).toMatch(/\.$/)
  }
})

describe('answerMetrics', () => {
  const value = (samples: readonly Sample[], metric: string, ...labels: string[]) =>
    samples.find((sample) => sample.metric === metric && sample.labels.join() === labels.join())?.value
  const answer = (run: Partial<RunRow> | undefined, stored = {}) =>
    answerMetrics(
      {
        clock: () => now,
        runs: { read: () => Promise.resolve(run as RunRow | undefined) } as never,
        counters: { read: () => Promise.resolve(stored), add: () => Promise.resolve(true) },
      },
      { version: '1.2.3', streams: ['interactiveUser'] } as unknown as MonitorOptions,
    )

  test('answerMetrics: before the first run there are states and no times', async () => {
    const samples = await answer(undefined)
    expect(value(samples, 'build', '1.2.3')).toBe(1)
    expect(value(samples, 'stream_state', 'interactiveUser', 'starting')).toBe(1)
    expect(value(samples, 'stream_state', 'managedIdentity', 'disabled')).toBe(1)
    expect(samples.filter(({ metric }) => metric.endsWith('_seconds'))).toEqual([])
  })

  test('answerMetrics: lag, completeness and the last run are of the moment that asks', async () => {
    const progress = {
      stream: 'interactiveUser',
      completeTo: now - 20 * minute,
      readTo: now - 5 * minute,
      bucketsPending: 3,
      lateRows: 4,
      malformedRows: 5,
    }
    const samples = await answer(
      {
        progress: [progress as never],
        lastRun: { startedAt: now - 30 * second, endedAt: now - 18 * second, result: 'ok', detail: '' },
        backfill: { bucketsDone: 10, bucketsTotal: 96, oldest: undefined, secondsLeft: undefined },
      },
      { 'runs|ok': 7, 'graph_requests|429': 2 },
    )
    expect(value(samples, 'stream_lag_seconds', 'interactiveUser')).toBe(300)
    expect(value(samples, 'stream_complete_to_timestamp_seconds', 'interactiveUser')).toBe((now - 20 * minute) / 1_000)
    expect(value(samples, 'stream_late_sign_ins', 'interactiveUser')).toBe(4)
    expect(value(samples, 'last_run_duration_seconds')).toBe(12)
    expect(value(samples, 'backfill_buckets_pending')).toBe(86)
    expect(value(await answer({ progress: [progress as never], clockAhead: 60 * minute }), 'stream_lag_seconds', 'interactiveUser')).toBe(
      3_900,
    )
    expect([value(samples, 'runs', 'ok'), value(samples, 'graph_requests', '429')]).toEqual([7, 2])
  })
})
