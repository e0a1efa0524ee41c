import fc from 'fast-check'
import type { SignInRecord } from '../../shared/aggregates/record'
import {
  needsFacets,
  type SeriesInput,
  type SeriesRow,
  type StreamsPoint,
  seriesBys,
  seriesChoices,
  seriesCsv,
  seriesMeasures,
  seriesRows,
} from '../../shared/aggregates/series'
import { Tally } from '../../shared/aggregates/tally'
import { classOf, familyOf } from '../../shared/failures/catalogue'
import { signalIds } from '../../shared/failures/catalogueTypes'
import { knownTenants } from '../../shared/failures/knownTenants'
import { minute, parseInstant } from '../../shared/signIns/instant'
import type { StreamId } from '../../shared/signIns/streams'
import { classified, failed, recorded, someRecord } from './arbitraries'

const from = parseInstant('2026-01-01T00:00:00Z') ?? 0
const partner = '22222222-2222-2222-2222-222222222222'
const tenants = knownTenants([{ id: partner, name: 'Fabrikam', kind: 'partner', blocked: 'fault' }])
const blocked = failed('tenant-restriction.v1', 500021)

const pointOf = (index: number, records: readonly SignInRecord[], facts: Partial<StreamsPoint> = {}): StreamsPoint => {
  const tallies = new Map<StreamId, Tally>()
  for (const record of records) {
    const tally = tallies.get(record.stream) ?? new Tally('key-1')
    tallies.set(record.stream, tally)
    tally.add(record)
  }
  const start = from + index * 5 * minute
  const byStream = new Map(Array.from(tallies, ([stream, tally]) => [stream, tally.aggregate()] as const))
  return { start, end: start + 5 * minute, missing: false, byStream, ...facts }
}

const rowsOf = (points: readonly StreamsPoint[], facts: Partial<SeriesInput> = {}): SeriesRow[] =>
  seriesRows({ measure: 'signIns', by: 'outcome', language: 'en', top: 10, tenants, completeTo: undefined, points, ...facts })

const valuesOf = (rows: readonly SeriesRow[]): Record<string, (number | null)[]> =>
  Object.fromEntries(
    [...new Set(rows.map((row) => row.key))].map((key) => [key, rows.filter((row) => row.key === key).map((row) => row.value)]),
  )

test('seriesRows: a row has time, by, key, name, value and whether it is complete', () => {
  const rows = rowsOf([pointOf(0, [recorded()])], { completeTo: from + 5 * minute })
  expect(rows[0]).toEqual({ time: '2026-01-01T00:00:00Z', by: 'outcome', key: 'success', name: 'Success', value: 1, complete: true })
  expect(Object.keys(rows[0] ?? {})).toEqual(['time', 'by', 'key', 'name', 'value', 'complete'])
})

test.each`
  story                       | completeTo               | missing  | complete
  ${'nothing is complete'}    | ${undefined}             | ${false} | ${false}
  ${'it ends after complete'} | ${from + 5 * minute - 1} | ${false} | ${false}
  ${'it ends with complete'}  | ${from + 5 * minute}     | ${false} | ${true}
  ${'it is missing'}          | ${from + 5 * minute}     | ${true}  | ${false}
`('seriesRows: complete is $complete when $story', ({ completeTo, missing, complete }) => {
  const rows = rowsOf([pointOf(0, [recorded()], { missing })], { completeTo })
  expect(rows.every((row) => row.complete === complete)).toBe(true)
})

describe('by', () => {
  const records = [
    recorded({ apps: 'a', appName: 'App', resourceTenants: partner, user: 65 }),
    recorded({ apps: 'a', classification: blocked, stream: 'nonInteractiveUser', user: 65 }),
    recorded({ apps: 'b', classification: failed('other.unknown-code', 99, { outcome: 'serviceFault' }), user: 'unknown' }),
    recorded({ apps: 'c', classification: failed('mfa.required', 50074, { outcome: 'interrupt' }), user: 129 }),
    recorded({ apps: 'c', classification: classified({ signals: { known: 1, isTrue: 1 } }), user: 129 }),
  ]

  test.each`
    measure            | by                  | values
    ${'signIns'}       | ${'outcome'}        | ${{ success: [2], interrupt: [1], failure: [1], serviceFault: [1] }}
    ${'signIns'}       | ${'family'}         | ${{ 'tenant-restriction': [1], 'cross-tenant': [0], tls: [0], 'backup-auth': [0], other: [1] }}
    ${'signIns'}       | ${'class'}          | ${{ 'tenant-restriction.v1': [1], 'other.unknown-code': [1] }}
    ${'signIns'}       | ${'signal'}         | ${Object.fromEntries(signalIds.map((id) => [id, [id === 'legacyTls' ? 1 : 0]]))}
    ${'signIns'}       | ${'stream'}         | ${{ interactiveUser: [4], nonInteractiveUser: [1] }}
    ${'signIns'}       | ${'errorCode'}      | ${{ 500021: [1], 99: [1] }}
    ${'signIns'}       | ${'app'}            | ${{ a: [2], c: [2], b: [1] }}
    ${'signIns'}       | ${'resourceTenant'} | ${{ unknown: [4], [partner]: [1] }}
    ${'distinctUsers'} | ${'outcome'}        | ${{ success: [2], interrupt: [1], failure: [1], serviceFault: [null] }}
    ${'distinctUsers'} | ${'family'}         | ${{ 'tenant-restriction': [1], 'cross-tenant': [0], tls: [0], 'backup-auth': [0], other: [null] }}
    ${'distinctUsers'} | ${'class'}          | ${{ 'tenant-restriction.v1': [1] }}
    ${'distinctUsers'} | ${'signal'}         | ${Object.fromEntries(signalIds.map((id) => [id, [id === 'legacyTls' ? 1 : 0]]))}
    ${'distinctUsers'} | ${'stream'}         | ${{ interactiveUser: [2], nonInteractiveUser: [1] }}
    ${'distinctUsers'} | ${'app'}            | ${{}}
  `('seriesRows: $measure by $by', ({ measure, by, values }) => {
    expect(valuesOf(rowsOf([pointOf(0, records)], { measure, by }))).toEqual(values)
  })

  test.each`
    by                  | key                        | language | name
    ${'family'}         | ${'tenant-restriction'}    | ${'ja'}  | ${familyOf('tenant-restriction').title.ja}
    ${'class'}          | ${'tenant-restriction.v1'} | ${'en'}  | ${classOf('tenant-restriction.v1')?.title.en}
    ${'errorCode'}      | ${'500021'}                | ${'en'}  | ${'AADSTS500021'}
    ${'app'}            | ${'a'}                     | ${'en'}  | ${'App'}
    ${'app'}            | ${'b'}                     | ${'en'}  | ${'b'}
    ${'resourceTenant'} | ${partner}                 | ${'en'}  | ${'Fabrikam'}
    ${'resourceTenant'} | ${'unknown'}               | ${'ja'}  | ${'不明'}
    ${'outcome'}        | ${'failure'}               | ${'ja'}  | ${'失敗'}
    ${'stream'}         | ${'interactiveUser'}       | ${'en'}  | ${'Interactive user sign-ins'}
  `('seriesRows: the name of $key in $language is $name', ({ by, key, language, name }) => {
    expect(rowsOf([pointOf(0, records)], { by, language }).find((row) => row.key === key)?.name).toBe(name)
  })
})

test('seriesRows: every key has a row at every time, in order of time', () => {
  const rows = rowsOf([pointOf(0, [recorded({ apps: 'a' })]), pointOf(1, [recorded({ apps: 'b' }), recorded({ apps: 'b' })])], {
    by: 'app',
  })
  expect(rows.map(({ time, key, value }) => [time.slice(14, 16), key, value])).toEqual([
    ['00', 'b', 0],
    ['00', 'a', 1],
    ['05', 'b', 2],
    ['05', 'a', 0],
  ])
})

test('seriesRows: a bucket that was not read is null, never 0', () => {
  for (const measure of seriesMeasures) {
    for (const by of seriesChoices[measure]) {
      const rows = rowsOf([pointOf(0, [recorded({ classification: blocked })]), pointOf(1, [], { missing: true })], { measure, by })
      const missing = rows.filter((row) => row.time === '2026-01-01T00:05:00Z')
      expect(missing.length).toBeGreaterThan(0)
      expect(missing.map((row) => row.value)).toEqual(missing.map(() => null))
    }
  }
})

test('seriesRows: a stream that was not read in a bucket is null there', () => {
  const points = [pointOf(0, [recorded(), recorded({ stream: 'servicePrincipal' })]), pointOf(1, [recorded()])]
  expect(valuesOf(rowsOf(points, { by: 'stream' }))).toEqual({ interactiveUser: [1, 1], servicePrincipal: [1, null] })
})

test('seriesRows: without the facets that it needs a value is null', () => {
  const point = pointOf(0, [recorded({ user: 65 })])
  const byStream = new Map(Array.from(point.byStream, ([stream, { counts }]) => [stream, { counts }] as const))
  const values = rowsOf([{ ...point, byStream }], { measure: 'distinctUsers' }).map((row) => row.value)
  expect(values).toEqual([null, null, null, null])
  expect(rowsOf([{ ...point, byStream }])[0]?.value).toBe(1)
})

test('seriesRows: open keys are cut to the largest of the window and other, which adds up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(someRecord, { maxLength: 30 }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 3 }),
      (buckets, top) => {
        const points = buckets.map((records, index) => pointOf(index, records))
        for (const by of ['app', 'resourceTenant'] as const) {
          const rows = rowsOf(points, { by, top })
          expect(new Set(rows.map((row) => row.key)).size).toBeLessThanOrEqual(top + 1)
          expect(rows.reduce((sum, row) => sum + (row.value ?? 0), 0)).toBe(buckets.flat().length)
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('needsFacets: only what counts cannot answer', () => {
  const needing = seriesBys.filter((by) => needsFacets('signIns', by))
  expect(needing).toEqual(['app', 'resourceTenant'])
  expect(seriesBys.every((by) => needsFacets('distinctUsers', by))).toBe(true)
})

test('seriesCsv: a header, CRLF, an empty field for null', () => {
  const row: SeriesRow = { time: '2026-01-01T00:00:00Z', by: 'app', key: 'a', name: 'App', value: 1, complete: true }
  expect(seriesCsv([row, { ...row, value: null, complete: false }])).toBe(
    'time,by,key,name,value,complete\r\n2026-01-01T00:00:00Z,app,a,App,1,true\r\n2026-01-01T00:00:00Z,app,a,App,,false\r\n',
  )
  expect(seriesCsv([])).toBe('time,by,key,name,value,complete\r\n')
})

test.each`
  name                 | field
  ${'Plain'}           | ${'Plain'}
  ${'With, comma'}     | ${'"With, comma"'}
  ${'Say "hi"'}        | ${'"Say ""hi"""'}
  ${'Two\nlines'}      | ${'"Two\nlines"'}
  ${'=1+1'}            | ${"'=1+1"}
  ${'=HYPERLINK("x")'} | ${'"\'=HYPERLINK(""x"")"'}
  ${'+1'}              | ${"'+1"}
  ${'-1'}              | ${"'-1"}
  ${'@SUM(A1)'}        | ${"'@SUM(A1)"}
  ${'\ttab'}           | ${"'\ttab"}
  ${'a=b'}             | ${'a=b'}
`('seriesCsv: the name $name is written as $field', ({ name, field }) => {
  const csv = seriesCsv([{ time: 't', by: 'app', key: 'k', name, value: 0, complete: false }])
  expect(csv.split('\r\n')[1]).toBe(`t,app,k,${field},0,false`)
})
