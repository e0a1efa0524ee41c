// Runs the benchmarks and writes docs/benchmarks.md: node bench/run.mjs [--quick] [--only P1,P6 or names]. Goals that are left out keep what the page says of them; a quick run writes nothing.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { page, table } from './table.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(here)
const documentFile = path.join(root, 'docs', 'benchmarks.md')
const quick = process.argv.includes('--quick')
const only = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',') : undefined

// Where its own packages and those of the product are found, and where no linter looks.
const built = path.join(here, 'node_modules', '.built', String(process.pid))
const scratch = mkdtempSync(path.join(os.tmpdir(), 'signin-bench-'))
try {
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'bench/main.ts', analyzeRange: 'local/analyze/analyzeRange.ts' },
    outdir: built,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname",
    },
    logLevel: 'warning',
  })
  const benchmarks = listed()
  const known = new Set(benchmarks.flatMap(({ name, goals }) => [name, ...goals]))
  const unknown = only?.find((one) => !known.has(one))
  if (unknown !== undefined) throw new RangeError(`There is no benchmark ${unknown}; --only takes some of ${[...known].join(', ')}.`)
  const results = []
  for (const { name, goals, nodeOptions } of benchmarks) {
    const isAsked = only === undefined || only.includes(name)
    if (!isAsked && !goals.some((goal) => only.includes(goal))) continue
    const own = (await runOne(name, nodeOptions)).filter(({ id }) => isAsked || only.includes(id))
    // A quick run is too short to measure anything, so nothing is said of goals.
    results.push(...(quick ? own.map(({ goal: _, ...result }) => result) : own))
  }
  process.stdout.write(`\n${table(results)}\n`)
  if (!quick) writeFileSync(documentFile, page(results, only === undefined ? '' : readFileSync(documentFile, 'utf8')))
} finally {
  rmSync(built, { recursive: true, force: true })
  rmSync(scratch, { recursive: true, force: true })
}

/** The benchmarks that there are, as the built program lists them. */
function listed() {
  const lines = execFileSync(process.execPath, [path.join(built, 'main.mjs'), 'list'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** Runs one benchmark in a process of its own and answers its results. */
async function runOne(name, nodeOptions) {
  process.stderr.write(`${name} …\n`)
  const child = spawn(
    process.execPath,
    ['--expose-gc', ...nodeOptions, path.join(built, 'main.mjs'), name, scratch, quick ? 'quick' : 'full'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const stop = () => child.kill()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop)
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  const results = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const result = JSON.parse(line)
    results.push(result)
    process.stderr.write(`  ${result.what}: ${result.value.toFixed(2)} (${result.detail})\n`)
  }
  const code = await ended
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop)
  if (code !== 0) throw new Error(`The benchmark ${name} ended with ${code}.`)
  return results
}
