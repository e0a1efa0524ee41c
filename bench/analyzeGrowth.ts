import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'
import { analyze } from '../local/analyze/analyze'
import { analyzing, writeRows } from './analyzing'
import type { Benchmark } from './benchmark'
import { median, timed } from './ratio'

/** P12: 1, 4 and 16 times the rows, each in a process of its own. */
export const analyzeGrowth: Benchmark = async ({ quick, scratch, result }) => {
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
