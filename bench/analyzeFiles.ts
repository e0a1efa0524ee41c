import { createReadStream } from 'node:fs'
import path from 'node:path'
import { analyze } from '../local/analyze/analyze'
import { analyzing, writeRows } from './analyzing'
import { type Benchmark, ratioResult } from './benchmark'
import { countWithDuckDb } from './duckDb'
import { inTurn, type Pair, timed } from './ratio'

const worker = path.join(__dirname, 'analyzeRange.mjs')
const threadCount = 2

/** P2: how fast a long file is analysed, beside parsing its lines and beside a database. */
export const analyzeFiles: Benchmark = async ({ quick, scratch, result }) => {
  const megabytes = quick ? 10 : 400
  const file = path.join(scratch, 'long.jsonl')
  const rows = await writeRows(file, megabytes)
  const rate = (milliseconds: number): string => `${Math.round(rows / (milliseconds / 1_000)).toLocaleString('en')} rows/s`
  const about = `${rows.toLocaleString('en')} rows, ${megabytes} MB`
  const one = timed(() => analyzeOn(file, 1))
  const several = timed(() => analyzeOn(file, threadCount))
  const rounds = { rounds: quick ? 1 : 3, warmUp: quick ? 0 : 1 }

  const besideParse = await inTurn(
    one,
    timed(() => parseLines(file)),
    rounds,
  )
  result(
    ratioResult(
      {
        id: 'P2',
        what: 'rows/s of analyze on one thread ÷ rows/s of JSON.parse of each line',
        goal: { atLeast: 0.75 },
        detail: (at) => `${rate(at.baseline)} ÷ ${rate(at.measured)}; ${about}`,
      },
      speeds(besideParse),
    ),
  )
  const besideOne = await inTurn(several, one, rounds)
  result(
    ratioResult(
      {
        id: 'P2',
        what: `rows/s of analyze on ${threadCount} threads ÷ rows/s on one`,
        goal: { atLeast: 1.8 },
        detail: (at) => `${rate(at.baseline)} ÷ ${rate(at.measured)}`,
      },
      speeds(besideOne),
    ),
  )
  const duckDb = quick ? undefined : await countWithDuckDb(file, threadCount)
  if (duckDb) {
    const besideDuckDb = await inTurn(several, timed(duckDb), rounds)
    result(
      ratioResult(
        {
          id: 'P2',
          what: `rows/s of analyze ÷ rows/s of DuckDB read_json, both on ${threadCount} threads`,
          detail: (at) => `${rate(at.baseline)} ÷ ${rate(at.measured)}; DuckDB counts and estimates distinct users, and classifies nothing`,
        },
        speeds(besideDuckDb),
      ),
    )
  } else process.stderr.write('  DuckDB is left out: npm ci --prefix bench installs it, and a quick run does without it.\n')
}

/** A ratio of speeds is the ratio of the times turned over. */
const speeds = (rounds: readonly Pair[]): Pair[] => rounds.map(({ measured, baseline }) => ({ measured: baseline, baseline: measured }))

async function analyzeOn(file: string, count: number): Promise<void> {
  const { report } = await analyze({ ...analyzing(file), threads: { count, worker, rangeBytesMin: 4 * 2 ** 20 } })
  if (report.rows === 0 || report.unreadable > 0) throw new Error('The file of the benchmark was not read.')
}

let parsed: unknown

/** The least that anybody can do with the file: cut it into lines and parse each. */
async function parseLines(file: string): Promise<void> {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1_024 }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      const line = rest.length === 0 ? chunk.subarray(start, end) : Buffer.concat([rest, chunk.subarray(start, end)])
      rest = Buffer.alloc(0)
      parsed = JSON.parse(line.toString('utf8'))
      start = end + 1
    }
    rest = Buffer.concat([rest, chunk.subarray(start)])
  }
  if (parsed === undefined) throw new Error('The file of the benchmark has no lines.')
}
