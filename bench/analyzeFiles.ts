import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { analyze } from '../local/analyze/analyze'
import { bucketLength } from '../shared/signIns/buckets'
import { type Benchmark, type BenchmarkContext, ratioResult } from './benchmark'
import { countWithDuckDb } from './duckDb'
import { inTurn, median, type Pair, timed } from './ratio'
import { benchStart, bucketByStream, rowText, trafficOf } from './rows'

const worker = path.join(__dirname, 'analyzeRange.mjs')
const threadCount = 2

/** P2 and P12: how fast a long file is analysed, beside parsing its lines and beside a database, and how that grows. */
export const analyzeFiles: Benchmark = async (context) => {
  const { quick, scratch, result } = context
  const megabytes = quick ? 16 : 400
  const file = path.join(scratch, 'long.jsonl')
  const rows = await writeRows(file, megabytes)
  const rate = (milliseconds: number): string => `${Math.round(rows / (milliseconds / 1_000)).toLocaleString('en')} rows/s`
  const about = `${rows.toLocaleString('en')} rows, ${megabytes} MB`
  const one = timed(() => analyzeOn(file, 1))
  const several = timed(() => analyzeOn(file, threadCount))
  const rounds = { rounds: quick ? 2 : 3, warmUp: quick ? 0 : 1 }

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
  const duckDb = await countWithDuckDb(file, threadCount)
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
  } else process.stderr.write('  DuckDB is left out: npm ci --prefix bench installs it.\n')
  await growth(context)
}

/** A ratio of speeds is the ratio of the times turned over. */
const speeds = (rounds: readonly Pair[]): Pair[] => rounds.map(({ measured, baseline }) => ({ measured: baseline, baseline: measured }))

/** P12: 1, 4 and 16 times the rows, each in a process of its own, whose largest size is asked for. */
async function growth({ quick, scratch, result }: BenchmarkContext): Promise<void> {
  const unit = quick ? 1 : 24
  const sizes: { rows: number; milliseconds: number; bytes: number }[] = []
  for (const times of [1, 4, 16]) {
    const file = path.join(scratch, `growth${times}.jsonl`)
    const rows = await writeRows(file, unit * times)
    const runs = Array.from({ length: quick ? 1 : 3 }, () => measuredApart(file))
    sizes.push({ rows, milliseconds: median(runs.map((run) => run.milliseconds)), bytes: median(runs.map((run) => run.bytes)) })
  }
  const [small, , large] = sizes
  if (!small || !large) return
  const told = sizes.map(
    (size) => `${size.rows.toLocaleString('en')} rows: ${(size.milliseconds / 1_000).toFixed(2)} s, ${Math.round(size.bytes / 2 ** 20)} MB`,
  )
  result({
    id: 'P12',
    what: 'time a row of analyze, 16 times the rows ÷ the rows',
    value: large.milliseconds / large.rows / (small.milliseconds / small.rows),
    goal: { atMost: 1.1 },
    detail: told.join('; '),
  })
  result({
    id: 'P12',
    what: 'memory that analyze keeps a row, in bytes',
    value: (large.bytes - small.bytes) / (large.rows - small.rows),
    goal: { atMost: 500 },
    detail: 'live heap when the last piece of the file was read, of 16 times the rows less that of the rows, one sign-in for each id',
  })
}

function measuredApart(file: string): { milliseconds: number; bytes: number } {
  const answer = execFileSync(process.execPath, ['--expose-gc', process.argv[1] ?? '', 'analyzeApart', file], { encoding: 'utf8' })
  return JSON.parse(answer)
}

/** Runs in a process of its own: analyses a file on one thread and says what it took. The heap is looked at when the last piece was read. */
export async function analyzeApart(file: string): Promise<void> {
  const { size } = statSync(file)
  let bytes = 0
  let lookedMs = 0
  const { wall } = await timed(() =>
    analyze({
      ...analyzing(file),
      progress: (bytesRead) => {
        if (bytesRead < size) return
        const start = performance.now()
        globalThis.gc?.()
        bytes = process.memoryUsage().heapUsed
        lookedMs = performance.now() - start
      },
    }),
  )()
  process.stdout.write(JSON.stringify({ milliseconds: wall - lookedMs, bytes }))
}

const analyzing = (file: string) => ({ paths: [file], stdin: process.stdin, language: 'en' as const, now: benchStart + 30 * 86_400_000 })

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

/** Writes JSON Lines of the simulated tenant, every sign-in once, until the file is so long; answers how many rows. */
async function writeRows(file: string, megabytes: number): Promise<number> {
  if (existsSync(file)) throw new Error('A file of the benchmark is already there.')
  const out = createWriteStream(file, { highWaterMark: 4 * 2 ** 20 })
  const traffic = trafficOf(400)
  let bytes = 0
  let rows = 0
  for (let start = benchStart; bytes < megabytes * 1e6; start += bucketLength) {
    for (const signIn of [...bucketByStream(start, traffic).values()].flat()) {
      const line = `${rowText(signIn)}\n`
      bytes += line.length
      rows += 1
      if (!out.write(line)) await once(out, 'drain')
    }
  }
  out.end()
  await once(out, 'finish')
  return rows
}
