// Lives through many seeds, one worker thread a core: node test/simulation/simulate.mjs --seeds 1000 [--from 1] [--seed 7]
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
  },
})
const from = wholeNumber('seed', values.seed) ?? wholeNumber('from', values.from)
const count = values.seed === undefined ? wholeNumber('seeds', values.seeds) : 1
const deadline = values.seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + 1_000 * wholeNumber('seconds', values.seconds)
/** So many seeds that every fault has to have happened. */
const everyFaultAfter = 1_000

function wholeNumber(name, text) {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  console.error(`--${name} has to be a whole number, and is ${text}.`)
  process.exit(2)
}

const folder = mkdtempSync(path.join(tmpdir(), 'simulate-'))
const startedAt = Date.now()
const failed = []
const faults = new Map()
const totals = { seeds: 0, runs: 0, requests: 0, signIns: 0, virtualDays: 0 }
let next = from

function heard(result) {
  totals.seeds += 1
  for (const key of ['runs', 'requests', 'signIns', 'virtualDays']) totals[key] += result[key]
  for (const [fault, times] of Object.entries(result.faults)) faults.set(fault, (faults.get(fault) ?? 0) + times)
  if (result.violations.length === 0) return
  failed.push(result.seed)
  console.log(`seed ${result.seed} failed; npm run simulate -- --seed ${result.seed} repeats it:`)
  for (const violation of result.violations) console.log(`  ${violation}`)
}

const live = (file) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: 64 } })
    const goOn = () => {
      if (next < from + count && Date.now() < deadline) worker.postMessage(next++)
      else worker.terminate().then(resolve, reject)
    }
    worker.on('error', reject)
    worker.on('message', (result) => {
      if (result !== 'ready') heard(result)
      goOn()
    })
  })

try {
  const file = path.join(folder, 'simulate.cjs')
  // The names of all faults come out of the same sources.
  const bundle = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    sourcemap: 'inline',
    logLevel: 'warning',
  }
  await build({ ...bundle, entryPoints: ['test/simulation/simulate.ts'], outfile: file })
  const names = path.join(folder, 'faults.mjs')
  await build({ ...bundle, format: 'esm', entryPoints: ['test/simulation/faults.ts'], outfile: names })
  const { faultIds } = await import(names)
  await Promise.all(Array.from({ length: Math.min(count, availableParallelism()) }, () => live(file)))
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0)
  for (const fault of faultIds) console.log(`${String(faults.get(fault) ?? 0).padStart(9)}  ${fault}`)
  const { seeds, runs, requests, signIns, virtualDays } = totals
  console.log(
    `${seeds} seeds in ${seconds} s: ${virtualDays.toFixed(0)} virtual days, ${runs} runs, ${requests} requests, ${signIns} sign-ins; ${failed.length} failed.`,
  )
  const missing = seeds >= everyFaultAfter ? faultIds.filter((fault) => !faults.has(fault)) : []
  if (missing.length > 0) console.log(`Never happened, and so was never tested: ${missing.join(', ')}.`)
  process.exitCode = failed.length > 0 || missing.length > 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
