import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import type { AnalyzeOptions } from '../local/analyze/analyze'
import { bucketLength } from '../shared/signIns/buckets'
import { benchStart, bucketByStream, rowText, trafficOf } from './rows'

/** How the benchmarks analyse a file. */
export const analyzing = (file: string): AnalyzeOptions => ({
  paths: [file],
  stdin: process.stdin,
  language: 'en',
  now: benchStart + 30 * 86_400_000,
})

/** Writes JSON Lines of the simulated tenant, every sign-in once, until the file is so long; answers how many rows. */
export async function writeRows(file: string, megabytes: number): Promise<number> {
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
