import fc from 'fast-check'
import { parseSummaryQuery } from '../../shared/http/summaryQuery'
import { utc } from '../../shared/signIns/buckets'
import { formatInstant, parseInstant } from '../../shared/signIns/instant'

const now = parseInstant('2026-03-02T12:34:56Z') ?? Number.NaN
const limits = { now, zone: utc, retention: { '5m': 8, '1h': 93, '1d': 400 } }
const parse = (query: string) => parseSummaryQuery(new URLSearchParams(query), limits)

test.each`
  query                                                              | from                      | to                        | grain
  ${''}                                                              | ${'2026-03-01T12:30:00Z'} | ${'2026-03-02T12:30:00Z'} | ${'5m'}
  ${'window=24h'}                                                    | ${'2026-03-01T12:30:00Z'} | ${'2026-03-02T12:30:00Z'} | ${'5m'}
  ${'window=48h'}                                                    | ${'2026-02-28T12:30:00Z'} | ${'2026-03-02T12:30:00Z'} | ${'5m'}
  ${'window=3d'}                                                     | ${'2026-02-27T12:00:00Z'} | ${'2026-03-02T13:00:00Z'} | ${'1h'}
  ${'window=40d'}                                                    | ${'2026-01-21T00:00:00Z'} | ${'2026-03-03T00:00:00Z'} | ${'1d'}
  ${'from=2026-03-02T10:01:00Z&to=2026-03-02T10:59:00Z'}             | ${'2026-03-02T10:00:00Z'} | ${'2026-03-02T11:00:00Z'} | ${'5m'}
  ${'from=2026-03-02T10:00:00Z&to=2026-03-02T12:34:56Z'}             | ${'2026-03-02T10:00:00Z'} | ${'2026-03-02T12:35:00Z'} | ${'5m'}
  ${'from=1772445600000&to=1772449200000'}                           | ${'2026-03-02T10:00:00Z'} | ${'2026-03-02T11:00:00Z'} | ${'5m'}
  ${'from=2026-03-02T19:00:00+09:00&to=2026-03-02T20:00:00%2B09:00'} | ${'2026-03-02T10:00:00Z'} | ${'2026-03-02T11:00:00Z'} | ${'5m'}
  ${'window=2h&grain=1h'}                                            | ${'2026-03-02T10:00:00Z'} | ${'2026-03-02T13:00:00Z'} | ${'1h'}
  ${'from=2026-02-20T00:00:00Z&to=2026-02-20T06:00:00Z'}             | ${'2026-02-20T00:00:00Z'} | ${'2026-02-20T06:00:00Z'} | ${'1h'}
  ${'window=1h&to=2026-03-02T10:00:00Z'}                             | ${'2026-03-02T09:00:00Z'} | ${'2026-03-02T10:00:00Z'} | ${'5m'}
`('parseSummaryQuery: "$query" is $from to $to by $grain', ({ query, from, to, grain }) => {
  const result = parse(query)
  if (!result.ok) throw new Error(result.error.detail)
  expect([formatInstant(result.value.window.from), formatInstant(result.value.window.to), result.value.grain]).toEqual([from, to, grain])
})

test.each`
  query                                                  | code                         | parameter
  ${'windows=24h'}                                       | ${'parameter-unknown'}       | ${'windows'}
  ${'window=24'}                                         | ${'parameter-invalid'}       | ${'window'}
  ${'window=1m'}                                         | ${'parameter-invalid'}       | ${'window'}
  ${'window=24h&window=1h'}                              | ${'parameter-contradictory'} | ${'window'}
  ${'window=24h,1h'}                                     | ${'parameter-invalid'}       | ${'window'}
  ${'window=24h&from=2026-03-02T10:00:00Z'}              | ${'parameter-contradictory'} | ${'window'}
  ${'from=yesterday'}                                    | ${'parameter-invalid'}       | ${'from'}
  ${'from=2026-02-30T00:00:00Z'}                         | ${'parameter-invalid'}       | ${'from'}
  ${'from=2026-03-02T10:00:00Z&to=2026-03-02T10:00:00Z'} | ${'parameter-contradictory'} | ${'from'}
  ${'to=2027-01-01T00:00:00Z'}                           | ${'parameter-invalid'}       | ${'to'}
  ${'window=9d&grain=5m'}                                | ${'grain-not-kept'}          | ${'grain'}
  ${'from=2020-01-01T00:00:00Z'}                         | ${'window-too-long'}         | ${'from'}
  ${'window=93d&grain=1h&top=3'}                         | ${undefined}                 | ${undefined}
  ${'grain=2h'}                                          | ${'parameter-invalid'}       | ${'grain'}
  ${'family=tls,nonsense'}                               | ${'parameter-invalid'}       | ${'family'}
  ${'stream=interactive'}                                | ${'parameter-invalid'}       | ${'stream'}
  ${'top=0'}                                             | ${'parameter-invalid'}       | ${'top'}
  ${'top=51'}                                            | ${'parameter-invalid'}       | ${'top'}
  ${'lang=de'}                                           | ${'parameter-invalid'}       | ${'lang'}
  ${'code=a-function-key'}                               | ${undefined}                 | ${undefined}
`('parseSummaryQuery: "$query" is $code', ({ query, code, parameter }) => {
  const result = parse(query)
  expect(result.ok ? undefined : result.error.code).toBe(code)
  expect(result.ok ? undefined : result.error.parameter).toBe(parameter)
})

test('parseSummaryQuery: more points than are given name the grains that fit', () => {
  const kept = { ...limits, retention: { '5m': 60, '1h': 365, '1d': 400 } }
  const result = parseSummaryQuery(new URLSearchParams('window=60d&grain=5m'), kept)
  expect(result.ok ? undefined : result.error).toMatchObject({ code: 'too-many-points', detail: expect.stringContaining('1h or 1d') })
})

test('parseSummaryQuery: no query throws', () => {
  const words = fc.constantFrom('from', 'to', 'window', 'grain', 'family', 'stream', 'top', 'lang', 'x')
  fc.assert(
    fc.property(fc.array(fc.tuple(words, fc.string())), (pairs) => {
      const result = parseSummaryQuery(new URLSearchParams(pairs), limits)
      expect(typeof result.ok).toBe('boolean')
    }),
  )
})
