// Lives through many seeds, one worker thread a core: node test/simulation/simulate.mjs --seeds 1000 [--from 1] [--seed 7]
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
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
/** So many seeds that every fault and every situation has to have come up. */
const everythingAfter = 1_000
/** A crash is to be expected between two effects that follow each other at least so often. */
const crashExpectedAfter = 20_000

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
const situations = new Map()
const effects = new Map()
const totals = { seeds: 0, runs: 0, requests: 0, signIns: 0, virtualDays: 0 }
let next = from

function heard(result) {
  totals.seeds += 1
  for (const key of ['runs', 'requests', 'signIns', 'virtualDays']) totals[key] += result[key]
  addUp(faults, result.faults)
  addUp(situations, result.situations)
  for (const [pair, { times, deaths }] of Object.entries(result.effects)) {
    const known = effects.get(pair) ?? { times: 0, deaths: 0 }
    effects.set(pair, { times: known.times + times, deaths: known.deaths + deaths })
  }
  if (result.violations.length === 0) return
  failed.push(result.seed)
  console.log(`seed ${result.seed} failed; npm run simulate -- --seed ${result.seed} repeats it:`)
  for (const violation of result.violations) console.log(`  ${violation}`)
}

function addUp(sums, counts) {
  for (const [name, times] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + times)
}

function printCounts(title, names, counts) {
  console.log(title)
  for (const name of names) console.log(`${String(counts.get(name) ?? 0).padStart(9)}  ${name}`)
}

const live = (file) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: 192 } })
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
  // The names of all faults and situations come out of the same sources.
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
  await build({ ...bundle, entryPoints: ['test/simulation/faults.ts', 'test/simulation/situations.ts'], outdir: folder })
  const [{ faultIds }, { situationIds }] = ['faults', 'situations'].map((name) => createRequire(import.meta.url)(path.join(folder, name)))
  await Promise.all(Array.from({ length: Math.min(count, availableParallelism()) }, () => live(file)))
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0)
  printCounts('Faults:', faultIds, faults)
  printCounts('Situations:', situationIds, situations)
  const pairs = [...effects].sort(([, one], [, other]) => other.times - one.times)
  const crashed = pairs.filter(([, { deaths }]) => deaths > 0)
  console.log(`A process died between ${crashed.length} of the ${pairs.length} pairs of effects that follow each other.`)
  const { seeds, runs, requests, signIns, virtualDays } = totals
  console.log(
    `${seeds} seeds in ${seconds} s: ${virtualDays.toFixed(0)} virtual days, ${runs} runs, ${requests} requests, ${signIns} sign-ins; ${failed.length} failed.`,
  )
  const missing = [
    ...faultIds.filter((fault) => !faults.has(fault)),
    ...situationIds.filter((situation) => !situations.has(situation)),
    ...pairs.filter(([, { times, deaths }]) => deaths === 0 && times >= crashExpectedAfter).map(([pair]) => `a crash at ${pair}`),
  ]
  if (missing.length > 0) console.log(`Never came up: ${missing.join(', ')}.`)
  process.exitCode = failed.length > 0 || (seeds >= everythingAfter && missing.length > 0) ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
