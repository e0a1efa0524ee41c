import { expectedRows } from '../local/simulatedTenant/trafficShape'
import type { WaitingRateBudget } from '../shared/graph/rateBudget'
import type { SignInSource } from '../shared/pipelines/ports'
import { bucketLength, bucketStart } from '../shared/signIns/buckets'
import { formatInstant, hour, type Instant, minute, second } from '../shared/signIns/instant'
import type { StreamId } from '../shared/signIns/streams'
import type { VirtualTime } from '../test/simulation/virtualTime'

/** How long Graph takes for a page. */
const answerTime = 1_200
/** How long an instance takes to parse and count a sign-in, in milliseconds: four times that of a core (P1), of which it has a quarter. */
const countTime = 0.136
/** Two rows of a hundred show later than the arrival allowance, up to some hours. */
const lateShare = 0.02
const latest = 5 * hour

/** A Graph that keeps to the virtual clock and counts what it is asked for. */
export interface CountedGraph extends SignInSource {
  /** When every request was answered. */
  readonly requestTimes: Instant[]
}

/**
 * Sign-ins that a formula gives, so that a day of millions needs no memory: `rowsPerDay` with the curve of a working day,
 * shared out to the streams as in a company. One row stands for `scale` sign-ins and a page holds as many fewer.
 */
export function openCountedGraph(setup: { time: VirtualTime; budget: WaitingRateBudget; rowsPerDay: number; scale: number }): CountedGraph {
  const { time, budget, rowsPerDay, scale } = setup
  const pageRows = 1_000 / scale
  const requestTimes: Instant[] = []
  let counting: Promise<void> = Promise.resolve()
  const buckets = new Map<string, readonly VirtualRow[]>()
  const rowsOf = (stream: StreamId, start: Instant): readonly VirtualRow[] => {
    const key = `${stream} ${start}`
    const known = buckets.get(key)
    if (known) return known
    const rows = drawBucket(stream, start, rowsPerDay / scale)
    buckets.set(key, rows)
    return rows
  }
  return {
    requestTimes,
    budget,
    pageRows,
    async *read({ stream, from, to }, abort, take) {
      const askedAt = time.now
      const waiting: unknown[] = []
      let start = bucketStart(from - second, '5m')
      for (let goesOn = true; goesOn; ) {
        await budget.take(abort, time.now + 30 * second)
        const sentAt = time.now
        await time.sleep(answerTime, abort)
        requestTimes.push(time.now)
        for (; waiting.length <= pageRows && start <= to + second; start += bucketLength) {
          for (const { at, visibleAt, row } of rowsOf(stream, start)) {
            if (visibleAt <= askedAt && at >= from - second && at <= to + second) waiting.push(row)
          }
        }
        goesOn = waiting.length > pageRows
        const rows = waiting.splice(0, pageRows)
        yield { rows: rows.map(take), serverTime: time.now - (time.now % second), took: time.now - sentAt }
        // All streams are counted by one processor.
        const counted = counting.then(() => time.sleep(rows.length * scale * countTime, abort))
        counting = counted.catch(() => undefined)
        await counted
      }
    },
  }
}

interface VirtualRow {
  readonly at: Instant
  readonly visibleAt: Instant
  readonly row: unknown
}

function drawBucket(stream: StreamId, start: Instant, rowsPerDay: number): VirtualRow[] {
  const expected = expectedRows(stream, start, rowsPerDay)
  const dice = diceOf(`${stream} ${start}`)
  const count = Math.floor(expected + dice())
  return Array.from({ length: count }, (_, index) => {
    const at = start + Math.floor(((index + dice()) * bucketLength) / count)
    const visibleAt = at + (dice() < lateShare ? 10 * minute + dice() * latest : minute + dice() * 5 * minute)
    const row = {
      id: `${stream}-${start}-${index}`,
      createdDateTime: formatInstant(at),
      signInEventTypes: [stream],
      appId: `${Math.floor(dice() * 20)}`,
      status: { errorCode: dice() < 0.1 ? 50_126 : 0 },
    }
    return { at, visibleAt, row }
  })
}

/** Numbers from 0 to 1 that repeat for the same text. */
function diceOf(text: string): () => number {
  let state = 0x9e3779b9
  for (const character of text) state = Math.imul(state ^ character.charCodeAt(0), 0x85ebca6b)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
