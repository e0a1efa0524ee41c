import { clockProblem, graphTime, openGraphClock } from '../../shared/pipelines/graphClock'
import type { Ports } from '../../shared/pipelines/ports'
import { hour, type Instant, minute } from '../../shared/signIns/instant'

const now: Instant = 1_800_000_000_000

/** Ports whose clock stands still, with a Graph whose clock is ahead of it. */
const portsWith = (graphAhead: number, asked: Instant[] = []): Ports =>
  ({
    clock: () => now,
    signIns: {
      budget: {
        restore: () => undefined,
        state: () => ({ requestTimes: [], retryAfterUntil: undefined }),
        available: (until: Instant) => asked.push(until),
      },
      async *read() {
        yield { rows: [], serverTime: now + graphAhead }
      },
    },
  }) as unknown as Ports

const readThrough = async (ports: Ports): Promise<void> => {
  const window = { stream: 'interactiveUser', from: now - hour, to: now } as const
  for await (const _ of ports.signIns.read(window, new AbortController().signal, () => undefined));
}

test.each`
  story                           | before            | applied
  ${'nothing is known yet'}       | ${undefined}      | ${0}
  ${'the error is small'}         | ${2 * minute}     | ${0}
  ${'our clock is behind'}        | ${2 * minute + 1} | ${2 * minute + 1}
  ${'our clock is an hour ahead'} | ${-hour}          | ${-hour}
`('openGraphClock: when $story the run goes by the right time', ({ before, applied }) => {
  expect(openGraphClock(portsWith(0), before).ports.clock()).toBe(now + applied)
  expect(graphTime(now, before)).toBe(now + applied)
})

test('openGraphClock: what an answer says of our clock holds from the next run on', async () => {
  const graph = openGraphClock(portsWith(-hour), undefined)
  await readThrough(graph.ports)
  expect([graph.ahead(), graph.ports.clock()]).toEqual([-hour, now])
  const next = openGraphClock(portsWith(-hour), graph.ahead())
  await readThrough(next.ports)
  expect([next.ahead(), next.ports.clock()]).toEqual([-hour, now - hour])
})

test('openGraphClock: requests are counted by our own clock', () => {
  const asked: Instant[] = []
  const { ports } = openGraphClock(portsWith(0, asked), -hour)
  ports.signIns.budget.available(ports.clock() + minute)
  expect(asked).toEqual([now + minute])
})

test.each`
  ahead          | words
  ${undefined}   | ${undefined}
  ${-2 * minute} | ${undefined}
  ${-hour}       | ${'60 minutes ahead of'}
  ${3 * minute}  | ${'3 minutes behind'}
`('clockProblem: $ahead ms are told as $words', ({ ahead, words }) => {
  if (words === undefined) expect(clockProblem(ahead)).toBeUndefined()
  else expect(clockProblem(ahead)).toContain(words)
})
