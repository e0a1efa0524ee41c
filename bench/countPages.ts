import type { SignInPage, TakeRow } from '../shared/pipelines/ports'
import { readWindow } from '../shared/pipelines/readWindow'
import { bucketLength } from '../shared/signIns/buckets'
import type { StreamId } from '../shared/signIns/streams'
import { type Benchmark, ratioResult } from './benchmark'
import { benchOptions } from './benchOptions'
import { inTurn, timed } from './ratio'
import { benchStart, bucketByStream, pageText, rowText, trafficOf } from './rows'

/** P1: what classifying and counting cost beside parsing. */
export const countPages: Benchmark = async ({ quick, result }) => {
  for (const [size, bytesMin] of [
    ['4 KB', 0],
    ['12 KB', 12_000],
  ] as const) {
    const pages = (quick ? [300] : bucketRows).flatMap((rowsPerBucket) => pagesOfBucket(rowsPerBucket, bytesMin))
    const rows = pages.reduce((sum, page) => sum + page.rows, 0)
    const bytes = pages.reduce((sum, page) => sum + page.text.length, 0)
    const perRow = (milliseconds: number): string => `${((milliseconds * 1_000) / rows).toFixed(1)} µs`
    const rounds = await inTurn(
      timed(async () => {
        for (const page of pages) await countPage(page)
      }),
      timed(() => {
        for (const page of pages) parsed = JSON.parse(page.text)
      }),
      { rounds: quick ? 3 : 20, warmUp: quick ? 1 : 5 },
    )
    result(
      ratioResult(
        {
          id: 'P1',
          what: `(parse + classify + count) ÷ parse of the same pages, rows of ${size}`,
          goal: { atMost: 1.25 },
          detail: (at) => `${perRow(at.measured)} ÷ ${perRow(at.baseline)} a row of ${Math.round(bytes / rows)} bytes`,
        },
        rounds,
      ),
    )
  }
}

/** Pages of many lengths, so that the garbage collector comes at every place of one: with a few it keeps coming at the same, for better or for worse. */
const bucketRows: readonly number[] = [2_400, 1_700, 3_100, 1_300, 2_050, 900, 2_777]

/** Keeps the parsed page alive as long as a reading does. */
export let parsed: unknown

interface Page {
  readonly stream: StreamId
  readonly text: string
  readonly rows: number
}

function pagesOfBucket(rowsPerBucket: number, bytesMin: number): Page[] {
  const byStream = bucketByStream(benchStart, trafficOf(rowsPerBucket))
  return [...byStream].flatMap(([stream, signIns]) => {
    const pages: Page[] = []
    for (let from = 0; from < signIns.length; from += 1_000) {
      const rows = signIns.slice(from, from + 1_000).map((signIn) => rowText(signIn, bytesMin))
      pages.push({ stream, text: pageText(rows), rows: rows.length })
    }
    return pages
  })
}

const window = { from: benchStart, to: benchStart + bucketLength, grain: '5m', reason: 'live-edge', requests: 1 } as const
const never = new AbortController().signal

/** The product's own reading of a window, from a source that has nothing to do but parse. */
async function countPage({ stream, text }: Page): Promise<void> {
  async function* read<Taken>(_window: unknown, _abort: unknown, take: TakeRow<Taken>): AsyncGenerator<SignInPage<Taken>> {
    yield { rows: takeAll(JSON.parse(text).value, take), serverTime: benchStart }
  }
  const signIns = {
    read,
    budget: { restore: () => undefined, state: () => ({ requestTimes: [], retryAfterUntil: undefined }), available: () => 4 },
  }
  await readWindow({ ...window, stream }, { signIns, clock: () => benchStart }, benchOptions, never)
}

/** As the product does, each row is let go as soon as it is taken. */
function takeAll<Taken>(rows: unknown[], take: TakeRow<Taken>): Taken[] {
  const taken: Taken[] = []
  for (let index = 0; index < rows.length; index += 1) {
    taken.push(take(rows[index]))
    rows[index] = undefined
  }
  return taken
}
