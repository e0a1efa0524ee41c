import { earliestKept, responseRuleOf, responseRules } from '../../shared/graph/responseRules'
import { parseHttpDate, parseRetryAfter } from '../../shared/graph/retryAfter'
import { hour, parseInstant, second } from '../../shared/signIns/instant'

const licence = 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'

test.each`
  status | code                                     | message                                 | firstPage | action        | reason           | refusal
  ${401} | ${'InvalidAuthenticationToken'}          | ${''}                                   | ${true}   | ${'newToken'} | ${'authError'}   | ${undefined}
  ${403} | ${licence}                               | ${''}                                   | ${true}   | ${'fail'}     | ${'authError'}   | ${'unlicensed'}
  ${403} | ${'Authorization_RequestDenied'}         | ${licence}                              | ${true}   | ${'fail'}     | ${'authError'}   | ${'forbidden'}
  ${400} | ${'BadRequest'}                          | ${'Resource not found for the segment'} | ${true}   | ${'fail'}     | ${'clientError'} | ${'unavailable'}
  ${404} | ${''}                                    | ${''}                                   | ${true}   | ${'fail'}     | ${'clientError'} | ${'unavailable'}
  ${404} | ${''}                                    | ${''}                                   | ${false}  | ${'fail'}     | ${'serverError'} | ${undefined}
  ${410} | ${''}                                    | ${''}                                   | ${true}   | ${'fail'}     | ${'clientError'} | ${undefined}
  ${400} | ${'DirectoryPageTokenNotFoundException'} | ${''}                                   | ${false}  | ${'fail'}     | ${'serverError'} | ${undefined}
  ${400} | ${'BadRequest'}                          | ${'Skip Token is null'}                 | ${false}  | ${'retry'}    | ${'serverError'} | ${undefined}
  ${400} | ${'BadRequest'}                          | ${'Invalid skiptoken'}                  | ${false}  | ${'retry'}    | ${'serverError'} | ${undefined}
  ${400} | ${'BadRequest'}                          | ${"Query option 'SkipToken' is wrong"}  | ${true}   | ${'fail'}     | ${'clientError'} | ${undefined}
  ${400} | ${'UnknownError'}                        | ${''}                                   | ${true}   | ${'retry'}    | ${'serverError'} | ${undefined}
  ${400} | ${'BadRequest'}                          | ${'Unsupported Query.'}                 | ${true}   | ${'retry'}    | ${'serverError'} | ${undefined}
  ${400} | ${'BadRequest'}                          | ${'Invalid filter clause'}              | ${true}   | ${'fail'}     | ${'clientError'} | ${undefined}
  ${429} | ${'TooManyRequests'}                     | ${''}                                   | ${true}   | ${'throttle'} | ${'rateLimited'} | ${undefined}
  ${408} | ${''}                                    | ${''}                                   | ${true}   | ${'retry'}    | ${'timeout'}     | ${undefined}
  ${500} | ${''}                                    | ${''}                                   | ${true}   | ${'retry'}    | ${'serverError'} | ${undefined}
  ${502} | ${''}                                    | ${''}                                   | ${true}   | ${'retry'}    | ${'serverError'} | ${undefined}
  ${503} | ${''}                                    | ${''}                                   | ${true}   | ${'retry'}    | ${'serverError'} | ${undefined}
  ${504} | ${''}                                    | ${''}                                   | ${true}   | ${'retry'}    | ${'timeout'}     | ${undefined}
  ${407} | ${''}                                    | ${''}                                   | ${true}   | ${'fail'}     | ${'network'}     | ${undefined}
  ${302} | ${''}                                    | ${''}                                   | ${true}   | ${'fail'}     | ${'network'}     | ${undefined}
  ${418} | ${''}                                    | ${''}                                   | ${true}   | ${'fail'}     | ${'clientError'} | ${undefined}
  ${200} | ${'unreadable'}                          | ${''}                                   | ${true}   | ${'retry'}    | ${'serverError'} | ${undefined}
  ${200} | ${'oversize'}                            | ${''}                                   | ${true}   | ${'fail'}     | ${'clientError'} | ${undefined}
  ${0}   | ${'timeout'}                             | ${''}                                   | ${true}   | ${'retry'}    | ${'timeout'}     | ${undefined}
  ${0}   | ${'UND_ERR_CONNECT_TIMEOUT'}             | ${''}                                   | ${true}   | ${'retry'}    | ${'timeout'}     | ${undefined}
  ${0}   | ${'ECONNRESET'}                          | ${''}                                   | ${true}   | ${'retry'}    | ${'network'}     | ${undefined}
  ${0}   | ${'SELF_SIGNED_CERT_IN_CHAIN'}           | ${''}                                   | ${true}   | ${'fail'}     | ${'network'}     | ${undefined}
  ${0}   | ${'UND_ERR_ABORTED'}                     | ${'Proxy response (503) !== 200'}       | ${true}   | ${'retry'}    | ${'network'}     | ${undefined}
  ${999} | ${''}                                    | ${''}                                   | ${true}   | ${'fail'}     | ${'serverError'} | ${undefined}
`(
  'responseRuleOf: $status $code "$message" (first page: $firstPage) means $action, $reason, $refusal',
  ({ action, reason, refusal, ...bad }) => {
    const rule = responseRuleOf(bad)
    expect([rule.action, rule.reason, rule.refusal]).toEqual([action, reason, refusal])
  },
)

test('responseRules: only what fails at once is a refusal, and every row says what was wrong in words', () => {
  for (const rule of responseRules) {
    if (rule.refusal) expect(rule.action).toBe('fail')
    expect(rule.detail).toMatch(/\w \w.*[^.]$/)
  }
})

test.each`
  message                                                                                                                  | earliest
  ${'Minimum allowed time to query is 2025-12-25T07:00:00Z.'}                                                              | ${'2025-12-25T07:00:00Z'}
  ${'Minimum allowed time is 2025-12-25T07:00:00.1234567Z'}                                                                | ${'2025-12-25T07:00:00.123Z'}
  ${'minimum allowed time: 2025-12-25'}                                                                                    | ${'2025-12-25'}
  ${'createdDateTime ge 2025-01-01T00:00:00Z is before retention. Minimum allowed time to query is 2025-12-25T07:00:00Z.'} | ${'2025-12-25T07:00:00Z'}
  ${'Minimum allowed time to query is 12/5/2025 7:08:09 PM'}                                                               | ${'2025-12-05T19:08:09Z'}
  ${'Minimum allowed time to query is 12/5/2025 12:08:09 AM'}                                                              | ${'2025-12-05T00:08:09Z'}
`('earliestKept: "$message"', ({ message, earliest }) => expect(earliestKept(message, from)).toBe(parseInstant(earliest)))

const from = parseInstant('2025-12-01') ?? Number.NaN

test.each([
  'Minimum allowed time is yesterday',
  'Minimum allowed time is 2025-13-45',
  'createdDateTime ge 2025-12-01T00:00:00Z lies before the retention of this tenant',
  'createdDateTime ge 2025-11-30T23:59:59Z lies before the retention of this tenant',
])('earliestKept: "%s" names no time, so the next reading begins an hour later', (message) => {
  expect(earliestKept(message, from)).toBe(from + hour)
})

test.each(['Invalid filter clause: 2025-12-25T07:00:00Z', ''])('earliestKept: "%s" is about something else', (message) =>
  expect(earliestKept(message, from)).toBeUndefined(),
)

const now = parseInstant('2026-01-01T00:00:30Z') ?? 0

test.each`
  header                                | wait
  ${'0'}                                | ${0}
  ${'17'}                               | ${17 * second}
  ${' 2.1284 '}                         | ${2_129}
  ${'Thu, 01 Jan 2026 00:00:42 GMT'}    | ${12 * second}
  ${'Thursday, 01-Jan-26 00:00:42 GMT'} | ${12 * second}
  ${'Thu, 01 Jan 2026 00:00:00 GMT'}    | ${0}
  ${'-3'}                               | ${undefined}
  ${'5 minutes'}                        | ${undefined}
  ${'2026'}                             | ${2_026 * second}
  ${''}                                 | ${undefined}
  ${'Thu, 99 Foo 2026 00:00:42 GMT'}    | ${undefined}
  ${null}                               | ${undefined}
`('parseRetryAfter: $header is $wait ms', ({ header, wait }) => expect(parseRetryAfter(header, now)).toBe(wait))

test('parseHttpDate: reads what a Date header holds and nothing else', () => {
  expect(parseHttpDate('Thu, 01 Jan 2026 00:00:30 GMT')).toBe(now)
  for (const text of ['2026-01-01T00:00:30Z', '1', 'Thu, never GMT', null]) expect(parseHttpDate(text)).toBeUndefined()
})
