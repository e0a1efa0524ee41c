import type { BucketRow, Ledger } from '../../shared/aggregates/bucketRow'
import { emptyFacets, mergeAggregates } from '../../shared/aggregates/merge'
import { isDue, rollUp } from '../../shared/aggregates/rollUp'
import { Tally } from '../../shared/aggregates/tally'
import { arrivalAllowance, bucketEnd, type Grain } from '../../shared/signIns/buckets'
import { day, hour, type Instant, minute } from '../../shared/signIns/instant'
import { recorded } from './arbitraries'

const hourStart = 480_000 * hour
const hourEnd = hourStart + hour
const starts = Array.from({ length: 12 }, (_, index) => hourStart + index * 5 * minute)

const aggregateOf = (app: string) => {
  const tally = new Tally('key-1')
  tally.add(recorded({ apps: app, user: 65 }))
  return tally.aggregate()
}

const child = (
  start: Instant,
  ledger: Partial<Ledger> = {},
  grain: Grain = '5m',
): { row: BucketRow; facets: ReturnType<typeof aggregateOf>['facets'] } => {
  const { counts, facets } = aggregateOf(`app ${start}`)
  const row: BucketRow = {
    stream: 'interactiveUser',
    grain,
    start,
    version: 'v',
    counts,
    ledger: {
      readAt: bucketEnd(start, grain) + arrivalAllowance,
      rows: 1,
      pages: 1,
      malformedRows: 0,
      rowsWhenComplete: 1,
      shrunkTo: undefined,
      children: undefined,
      ...ledger,
    },
  }
  return { row, facets }
}

const hourOf = (ledger: Partial<Ledger> = {}) => starts.map((start) => child(start, ledger))
const rowsOf = (children: readonly { row: BucketRow }[]): BucketRow[] => children.map((one) => one.row)

test('rollUp: the aggregate is the merge of the children', () => {
  const { aggregate } = rollUp(hourOf(), 12)
  expect(aggregate).toEqual(mergeAggregates(starts.map((start) => aggregateOf(`app ${start}`))))
  expect(aggregate.facets.scopes.get('outcome|success')?.signIns).toBe(12)
})

test('rollUp: the ledger has the sums and the earliest reading', () => {
  const { ledger } = rollUp(
    [
      child(hourStart, { readAt: 7, rows: 2, pages: 3, malformedRows: 1, rowsWhenComplete: undefined }),
      child(starts[1] ?? 0, { readAt: 5, rows: 4, rowsWhenComplete: 3 }),
    ],
    12,
  )
  expect(ledger).toMatchObject({ readAt: 5, rows: 6, pages: 4, malformedRows: 1, rowsWhenComplete: 5, shrunkTo: undefined })
  expect(ledger.children).toMatchObject({ expected: 12, read: 2, due: false, sealed: false })
})

test('rollUp: rows when complete are unknown while no child is complete', () => {
  expect(rollUp(hourOf({ rowsWhenComplete: undefined }), 12).ledger.rowsWhenComplete).toBeUndefined()
})

test.each`
  story                                           | children                                                                                                     | complete | settled | sealed
  ${'read at once after the end'}                 | ${starts.map((start) => child(start, { readAt: start + 5 * minute }))}                                       | ${0}     | ${0}    | ${false}
  ${'read just before the arrival allowance'}     | ${starts.map((start) => child(start, { readAt: start + 15 * minute - 1 }))}                                  | ${0}     | ${0}    | ${false}
  ${'read at the arrival allowance'}              | ${starts.map((start) => child(start, { readAt: start + 15 * minute }))}                                      | ${12}    | ${0}    | ${false}
  ${'read a day after the hour but for a moment'} | ${hourOf({ readAt: hourEnd + day - 1 })}                                                                     | ${12}    | ${0}    | ${false}
  ${'read a day after the hour'}                  | ${hourOf({ readAt: hourEnd + day })}                                                                         | ${12}    | ${12}   | ${true}
  ${'a day after, but one child is missing'}      | ${hourOf({ readAt: hourEnd + day }).slice(1)}                                                                | ${11}    | ${11}   | ${false}
  ${'a day after, but one child may have shrunk'} | ${[...hourOf({ readAt: hourEnd + day }).slice(1), child(hourStart, { readAt: hourEnd + day, shrunkTo: 0 })]} | ${12}    | ${11}   | ${false}
`('rollUp: an hour $story', ({ children, complete, settled, sealed }) => {
  expect(rollUp(children, 12).ledger.children).toMatchObject({ complete, settled, sealed })
})

describe('a day of hours', () => {
  const hourLedger = (facts: Partial<NonNullable<Ledger['children']>>): Partial<Ledger> => ({
    // Long after the end, so that only what the hour says of its children can decide.
    readAt: hourEnd + 2 * day,
    children: { fingerprint: 'f', expected: 12, read: 12, complete: 12, settled: 12, sealed: true, due: false, ...facts },
  })

  test.each`
    story                          | ledger                                                     | complete | settled
    ${'sealed'}                    | ${hourLedger({})}                                          | ${1}     | ${1}
    ${'complete and not settled'}  | ${hourLedger({ settled: 11, sealed: false })}              | ${1}     | ${0}
    ${'not complete'}              | ${hourLedger({ complete: 11, settled: 0, sealed: false })} | ${0}     | ${0}
    ${'changed since it was made'} | ${hourLedger({ sealed: false, due: true })}                | ${0}     | ${0}
    ${'read itself, long after'}   | ${{ readAt: hourEnd + 2 * day }}                           | ${1}     | ${1}
    ${'read itself, soon after'}   | ${{ readAt: hourEnd + minute }}                            | ${0}     | ${0}
  `('rollUp: an hour that is $story counts by its own ledger', ({ ledger, complete, settled }) => {
    expect(rollUp([child(hourStart, ledger, '1h')], 24).ledger.children).toMatchObject({ complete, settled, read: 1, sealed: false })
  })
})

describe('isDue', () => {
  const stored = rollUp(hourOf(), 12).ledger
  const changed = (facts: Partial<Ledger>): BucketRow[] => rowsOf([child(hourStart, facts), ...hourOf().slice(1)])
  const withChildren = (facts: Partial<NonNullable<Ledger['children']>>): Ledger => ({
    ...stored,
    children: {
      fingerprint: '',
      expected: 12,
      read: 12,
      complete: 12,
      settled: 12,
      sealed: false,
      due: false,
      ...stored.children,
      ...facts,
    },
  })

  test.each`
    story                                       | ledger                                       | rows                                  | due
    ${'nothing is stored and nothing is there'} | ${undefined}                                 | ${[]}                                 | ${false}
    ${'nothing is stored'}                      | ${undefined}                                 | ${rowsOf(hourOf())}                   | ${true}
    ${'nothing changed'}                        | ${stored}                                    | ${rowsOf(hourOf())}                   | ${false}
    ${'the children come in another order'}     | ${stored}                                    | ${rowsOf(hourOf().reverse())}         | ${false}
    ${'a child was read again'}                 | ${stored}                                    | ${changed({ readAt: hourEnd + day })} | ${true}
    ${'a child has other rows'}                 | ${stored}                                    | ${changed({ rows: 2 })}               | ${true}
    ${'a child is missing'}                     | ${stored}                                    | ${rowsOf(hourOf().slice(1))}          | ${true}
    ${'it was marked'}                          | ${withChildren({ due: true })}               | ${rowsOf(hourOf())}                   | ${true}
    ${'all children are gone'}                  | ${withChildren({ due: true })}               | ${[]}                                 | ${false}
    ${'it is sealed'}                           | ${withChildren({ sealed: true, due: true })} | ${changed({ rows: 2 })}               | ${false}
    ${'it was read itself'}                     | ${{ ...stored, children: undefined }}        | ${rowsOf(hourOf())}                   | ${false}
  `('isDue: $due when $story', ({ ledger, rows, due }) => expect(isDue(ledger, rows)).toBe(due))
})

test('rollUp: of no children it is empty', () => {
  const { ledger, aggregate } = rollUp([], 12)
  expect(ledger).toMatchObject({ readAt: 0, rows: 0, children: { read: 0, sealed: false } })
  expect(aggregate.facets).toEqual(emptyFacets)
})
