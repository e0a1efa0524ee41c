import fc from 'fast-check'
import type { SubmitResult, Table, TableAction } from '../../shared/tables/table'
import { checkBatch, splitIntoBatches, writeAll } from '../../shared/tables/transactions'

const put = (partitionKey: string, rowKey: string, properties = {}): TableAction => ({
  kind: 'put',
  entity: { partitionKey, rowKey, ...properties },
})
const puts = (partitionKey: string, count: number, properties = {}): TableAction[] =>
  Array.from({ length: count }, (_, n) => put(partitionKey, `r${n}`, properties))
const rowKeys = (actions: Iterable<TableAction>): string[] => Array.from(actions, (action) => action.entity.rowKey)

/** A table that refuses some rows and notes what was written. */
function tableRefusing(refuses: (rowKey: string) => boolean, named: boolean): Table & { written: string[]; calls: number } {
  const table = {
    written: [] as string[],
    calls: 0,
    read: async () => undefined,
    query: async () => [],
    submit: async (actions: readonly TableAction[]): Promise<SubmitResult> => {
      table.calls++
      checkBatch(actions)
      const index = actions.findIndex((action) => refuses(action.entity.rowKey))
      if (index >= 0) return { kind: 'refused', index: named ? index : undefined }
      table.written.push(...rowKeys(actions))
      return { kind: 'written' }
    },
  }
  return table
}

test('splitIntoBatches: a batch has one partition and at most 100 operations', () => {
  const batches = splitIntoBatches([...puts('a', 150), ...puts('b', 30), ...puts('a', 60)])
  expect(batches.map((batch) => [batch[0]?.entity.partitionKey, batch.length])).toEqual([
    ['a', 100],
    ['a', 100],
    ['b', 30],
    ['a', 10],
  ])
})

test('splitIntoBatches: a batch stays below 4 MiB as it goes over the wire', () => {
  const large = Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`facets${n}`, new Uint8Array(64_000)]))
  const batches = splitIntoBatches(puts('a', 7, large))
  expect(batches.map((batch) => batch.length)).toEqual([3, 3, 1])
  for (const batch of batches) expect(() => checkBatch(batch)).not.toThrow()
  expect(() => checkBatch(puts('a', 4, large))).toThrow(expect.objectContaining({ code: 'entity-too-large' }))
})

test('splitIntoBatches: nothing is lost and each partition keeps its order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 400 }), (partitions) => {
      const actions = partitions.map((partition, n) => put(partition, `r${n}`))
      const batches = splitIntoBatches(actions)
      for (const batch of batches) checkBatch(batch)
      const of = (all: TableAction[], partition: string): TableAction[] => all.filter((action) => action.entity.partitionKey === partition)
      for (const partition of ['a', 'b', 'c']) expect(of(batches.flat(), partition)).toEqual(of(actions, partition))
    }),
    { numRuns: 30 },
  )
})

test.each`
  story                         | actions                                          | code
  ${'no operation'}             | ${[]}                                            | ${'entity-invalid'}
  ${'101 operations'}           | ${puts('a', 101)}                                | ${'entity-too-large'}
  ${'two partitions'}           | ${[put('a', 'r'), put('b', 'r')]}                | ${'entity-invalid'}
  ${'one row twice'}            | ${[put('a', 'r'), put('a', 'r')]}                | ${'entity-invalid'}
  ${'an entity beyond a limit'} | ${[put('a', 'r', { text: 'x'.repeat(40_000) })]} | ${'entity-too-large'}
`('checkBatch: $story is refused', ({ actions, code }) => expect(() => checkBatch(actions)).toThrow(expect.objectContaining({ code })))

test.each([true, false])('writeAll: a refused row never stops another one (the service names it: %p)', async (named) => {
  const table = tableRefusing((rowKey) => rowKey === 'r3' || rowKey === 'r120', named)
  const actions = puts('a', 130)
  const refused = await writeAll(table, actions)
  expect(rowKeys(refused)).toEqual(['r3', 'r120'])
  expect(table.written.sort()).toEqual(
    rowKeys(actions)
      .filter((rowKey) => rowKey !== 'r3' && rowKey !== 'r120')
      .sort(),
  )
})

test('writeAll: where every row is refused it ends, and nothing is written', async () => {
  const table = tableRefusing(() => true, true)
  expect((await writeAll(table, puts('a', 100))).size).toBe(100)
  expect(table.written).toEqual([])
  expect(table.calls).toBe(100)
})

test('writeAll: nothing to write asks nothing', async () => {
  const table = tableRefusing(() => true, true)
  expect((await writeAll(table, [])).size).toBe(0)
  expect(table.calls).toBe(0)
})
