import fc from 'fast-check'
import { kindOf, lengthAfterAnswer, lengthAfterFailure, shorteningReason } from '../../shared/pipelines/windowLength'
import { day, hour, minute } from '../../shared/signIns/instant'

test.each`
  story                                            | reason           | status | shortened
  ${'Graph throttles'}                             | ${'rateLimited'} | ${429} | ${'throttled'}
  ${'Graph throttled before the request was sent'} | ${'rateLimited'} | ${429} | ${'throttled'}
  ${'no answer comes in time'}                     | ${'timeout'}     | ${0}   | ${'timed-out'}
  ${'a gateway gives up'}                          | ${'serverError'} | ${504} | ${'timed-out'}
  ${'there are more pages than are read'}          | ${'clientError'} | ${200} | ${'too-much'}
  ${'Graph no longer accepts its own link'}        | ${'serverError'} | ${400} | ${'place-lost'}
  ${'the next page is not found'}                  | ${'serverError'} | ${404} | ${'place-lost'}
  ${'the next page is gone'}                       | ${'serverError'} | ${410} | ${'place-lost'}
  ${'Graph fails, whatever it is asked'}           | ${'serverError'} | ${503} | ${undefined}
  ${'an answer is no page'}                        | ${'serverError'} | ${200} | ${undefined}
  ${'the query is refused'}                        | ${'clientError'} | ${400} | ${undefined}
  ${'the window begins before what Graph keeps'}   | ${'clientError'} | ${400} | ${undefined}
  ${'the token is refused'}                        | ${'authError'}   | ${401} | ${undefined}
  ${'the connection fails'}                        | ${'network'}     | ${0}   | ${undefined}
`('shorteningReason: when $story it is $shortened', ({ reason, status, shortened }) => {
  expect(shorteningReason({ reason, status })).toBe(shortened)
})

test.each`
  reason            | kind
  ${'live-edge'}    | ${'due'}
  ${'closing'}      | ${'due'}
  ${'shrunk'}       | ${'due'}
  ${'settling-24h'} | ${'due'}
  ${'backfill'}     | ${'backfill'}
`('kindOf: $reason is $kind', ({ reason, kind }) => expect(kindOf(reason)).toBe(kind))

const window = (length: number) => ({ from: 0, to: length })

test.each`
  story                          | longest        | length         | failed         | answered
  ${'one of full length'}        | ${6 * hour}    | ${6 * hour}    | ${3 * hour}    | ${12 * hour}
  ${'one of half the length'}    | ${6 * hour}    | ${3 * hour}    | ${1.5 * hour}  | ${12 * hour}
  ${'a short one'}               | ${6 * hour}    | ${10 * minute} | ${5 * minute}  | ${6 * hour}
  ${'a bucket'}                  | ${5 * minute}  | ${5 * minute}  | ${5 * minute}  | ${10 * minute}
  ${'hours that are read whole'} | ${20 * minute} | ${hour}        | ${10 * minute} | ${40 * minute}
  ${'the longest of all'}        | ${day}         | ${day}         | ${12 * hour}   | ${day}
`('lengthAfterFailure, lengthAfterAnswer: $story', ({ longest, length, failed, answered }) => {
  expect([lengthAfterFailure(longest, window(length)), lengthAfterAnswer(longest, window(length))]).toEqual([failed, answered])
})

test('lengthAfterFailure: a stream that always fails comes down to a bucket, and is never asked for less', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 288 }), (buckets) => {
      let longest = buckets * 5 * minute
      for (let tries = 0; tries < 10; tries++) {
        const next = lengthAfterFailure(longest, window(longest))
        expect(next).toBeLessThanOrEqual(longest)
        longest = next
      }
      expect(longest).toBe(5 * minute)
    }),
  )
})
