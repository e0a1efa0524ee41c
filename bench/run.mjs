// Runs the benchmarks and writes docs/benchmarks.md: node bench/run.mjs [--quick] [name…]
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { table } from './table.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(here)
const names = ['countPages', 'analyzeFiles', 'pullSignIns', 'summariseTables', 'loadBundle']
const quick = process.argv.includes('--quick')
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new RangeError(`There is no benchmark ${unknown.join(', ')}; there are ${names.join(', ')}.`)

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
  const results = []
  for (const name of asked.length > 0 ? asked : names) results.push(...(await runOne(name)))
  const written = table(results)
  process.stdout.write(`\n${written}\n`)
  if (!quick && asked.length === 0) {
    mkdirSync(path.join(root, 'docs'), { recursive: true })
    writeFileSync(path.join(root, 'docs', 'benchmarks.md'), written)
  }
} finally {
  rmSync(built, { recursive: true, force: true })
  rmSync(scratch, { recursive: true, force: true })
}

/** Runs one benchmark in a process of its own and answers its results. */
async function runOne(name) {
  process.stderr.write(`${name} …\n`)
  const child = spawn(process.execPath, ['--expose-gc', path.join(built, 'main.mjs'), name, scratch, quick ? 'quick' : 'full'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
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
