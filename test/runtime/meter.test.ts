import { addCounters, type Counters } from '../../shared/pipelines/metrics'
import type { Ports } from '../../shared/pipelines/ports'
import { createMeter, meteredPorts } from '../../shared/runtime/meter'

const storeThat = (...answers: (boolean | Error)[]) => {
  let stored: Counters = {}
  return {
    stored: () => stored,
    read: () => Promise.resolve(stored),
    add: async (counters: Counters) => {
      const answer = answers.shift() ?? true
      if (answer instanceof Error) throw answer
      if (answer) stored = addCounters(stored, counters)
      return answer
    },
  }
}

test('meter: what could not be written is written with the next counts, once', async () => {
  const store = storeThat(false, new Error('away'))
  const { count, flush } = createMeter(store)
  count('runs', ['ok'])
  await flush()
  count('runs', ['ok'], 2)
  await expect(flush()).rejects.toThrow('away')
  expect(store.stored()).toEqual({})
  count('sign_ins_read', ['interactiveUser'], 0)
  await flush()
  await flush()
  expect(store.stored()).toEqual({ 'runs|ok': 3 })
})

test('meteredPorts: commits, conflicts, deliveries and runs are counted as they end', async () => {
  const store = storeThat()
  const { count, flush } = createMeter(store)
  const key = (start: number, grain: '5m' | '1h' = '5m') => ({ stream: 'interactiveUser', grain, start }) as const
  const read = (start: number, rows: number) => ({ ...key(start), ledger: { rows } })
  const results = [
    { kind: 'delivered', status: 200 },
    { kind: 'retry', reason: 'timeout', retryAfterSeconds: undefined },
    { kind: 'dead', reason: 'clientError' },
  ]
  const given = {
    buckets: { commit: () => Promise.resolve({ committed: [key(1), key(2), key(0, '1h')], conflicts: [key(3)] }) },
    notifier: { deliver: () => Promise.resolve(results.shift()) },
    runs: { finish: () => Promise.resolve() },
    heartbeat: { record: () => Promise.resolve() },
  } as unknown as Pick<Ports, 'buckets' | 'notifier' | 'runs' | 'heartbeat'>
  const ports = meteredPorts(given, count)
  const rolledUp = { ...key(0, '1h'), ledger: { rows: 30, children: {} } }
  await ports.buckets.commit([read(1, 10), read(2, 20), read(3, 40), rolledUp] as never)
  for (let times = 0; times < 3; times++) await ports.notifier.deliver({ receiver: 'ops' } as never)
  await ports.heartbeat?.record({ outcome: 'withheld', reason: 'run-failed' }, 0)
  await ports.runs.finish('owner', { lastRun: { result: 'partial' } } as never)
  await flush()
  expect(store.stored()).toEqual({
    'buckets_committed|interactiveUser|5m': 2,
    'buckets_committed|interactiveUser|1h': 1,
    'commit_conflicts|interactiveUser|5m': 1,
    'sign_ins_read|interactiveUser': 30,
    'deliveries|ops|delivered|none': 1,
    'deliveries|ops|retry|timeout': 1,
    'deliveries|ops|dead|clientError': 1,
    'heartbeats|withheld|run-failed': 1,
    'runs|partial': 1,
  })
})
