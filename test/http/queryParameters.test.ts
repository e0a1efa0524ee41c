import fc from 'fast-check'
import { parseQuery } from '../../shared/http/queryParameters'
import { parseSeriesQuery } from '../../shared/http/seriesQuery'
import { parseSummaryQuery } from '../../shared/http/summaryQuery'
import { utc } from '../../shared/signIns/buckets'
import { parseInstant } from '../../shared/signIns/instant'

const limits = { now: parseInstant('2026-03-02T12:34:56Z') ?? Number.NaN, zone: utc, retention: { '5m': 8, '1h': 93, '1d': 400 } }

test.each`
  text                           | at
  ${'2026-03-02T10:00:00Z'}      | ${'2026-03-02T10:00:00Z'}
  ${'2026-03-02'}                | ${'2026-03-02T00:00:00Z'}
  ${'1772445600000'}             | ${'2026-03-02T10:00:00Z'}
  ${'2026-03-02T19:00:00 09:00'} | ${'2026-03-02T10:00:00Z'}
`('Parameters: the time "$text" is $at', ({ text, at }) => {
  const query = parseQuery(new URLSearchParams({ from: text }), ['from'], (parameters) => parameters.instant('from'))
  expect(query).toEqual({ ok: true, value: parseInstant(at) })
})

test.each([
  '',
  '0',
  '-1',
  '1e12',
  '2026-13-01',
  '2026-02-30T00:00:00Z',
  'now',
  '２０２６-03-02',
  '2026-03-02T10:00:00Z; drop',
  '99999999999999999',
])('Parameters: the time "%s" is none', (text) => {
  const query = parseQuery(new URLSearchParams({ from: text }), ['from'], (parameters) => parameters.instant('from') ?? 'none')
  expect(query).toMatchObject(text === '' ? { ok: true, value: 'none' } : { ok: false, error: { status: 400, parameter: 'from' } })
})

test('parseQuery: the key of a function is nothing unknown', () => {
  expect(parseSummaryQuery(new URLSearchParams('code=abc&window=1h'), limits).ok).toBe(true)
  expect(parseSummaryQuery(new URLSearchParams('codes=abc&window=1h'), limits).ok).toBe(false)
})

test("parseQuery: an error that is nobody else's passes through", () => {
  const fault = new RangeError('a fault of ours')
  expect(() =>
    parseQuery(new URLSearchParams(), [], () => {
      throw fault
    }),
  ).toThrow(fault)
})

test.each([
  ['summary', parseSummaryQuery],
  ['series', parseSeriesQuery],
] as const)('parseQuery: no query of the %s throws, and what is refused names its parameter', (_, parse) => {
  const name = fc.oneof(
    fc.constantFrom('from', 'to', 'window', 'grain', 'family', 'stream', 'top', 'lang', 'measure', 'by', 'format'),
    fc.string(),
  )
  const value = fc.oneof(
    fc.constantFrom('24h', '5m', '1d', 'auto', 'tls', 'ja', 'csv', '2026-03-01T00:00:00Z', '1772445600000', '99999d'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (pairs) => {
      const query = parse(new URLSearchParams(pairs), limits)
      if (query.ok) {
        expect(query.value.window.from).toBeLessThan(query.value.window.to)
      } else {
        expect(query.error).toMatchObject({ status: 400, code: expect.stringMatching(/^[a-z-]+$/), parameter: expect.any(String) })
        expect(query.error.detail.length).toBeLessThan(700)
      }
    }),
  )
})
