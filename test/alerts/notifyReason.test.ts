import { notifyReason } from '../../shared/alerts/notifyReason'
import { second } from '../../shared/signIns/instant'

const sent = (firing: readonly string[]): { at: number; firing: readonly string[] } => ({ at: 0, firing })

test.each`
  story                                             | last                | firing        | after     | reason
  ${'nothing was ever sent and nothing fires'}      | ${undefined}        | ${[]}         | ${0}      | ${'none'}
  ${'nothing was ever sent and one fires'}          | ${undefined}        | ${['a']}      | ${0}      | ${'first-notification'}
  ${'all were resolved and nothing fires'}          | ${sent([])}         | ${[]}         | ${20_000} | ${'none'}
  ${'all were resolved and one fires again'}        | ${sent([])}         | ${['a']}      | ${60}     | ${'first-notification'}
  ${'the same one still fires within the interval'} | ${sent(['a'])}      | ${['a']}      | ${14_399} | ${'none'}
  ${'the same one still fires after the interval'}  | ${sent(['a'])}      | ${['a']}      | ${14_400} | ${'repeat-interval-passed'}
  ${'one more fires'}                               | ${sent(['a'])}      | ${['a', 'b']} | ${60}     | ${'new-alerts'}
  ${'another one fires in place of it'}             | ${sent(['a'])}      | ${['b']}      | ${60}     | ${'new-alerts'}
  ${'one more fires after the interval'}            | ${sent(['a'])}      | ${['a', 'b']} | ${20_000} | ${'new-alerts'}
  ${'one of two has gone'}                          | ${sent(['a', 'b'])} | ${['a']}      | ${60}     | ${'some-resolved'}
  ${'one of two has gone after the interval'}       | ${sent(['a', 'b'])} | ${['a']}      | ${20_000} | ${'some-resolved'}
  ${'all have gone'}                                | ${sent(['a', 'b'])} | ${[]}         | ${60}     | ${'all-resolved'}
  ${'the clock went back'}                          | ${sent(['a'])}      | ${['a']}      | ${-60}    | ${'none'}
`('notifyReason: $story', ({ last, firing, after, reason }) =>
  expect(notifyReason(last, { firing: new Set(firing), repeatIntervalSeconds: 14_400 }, after * second)).toBe(reason),
)
