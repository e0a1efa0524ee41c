// Puts one deliberate defect after another into a copy of the sources and shows what catches it:
// node test/simulation/defects.mjs [part of an id] [--seeds]. With --seeds the simulation has to find what the tests find, too.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
const copied = ['functions', 'shared', 'local', 'test', 'docs', 'schemas', 'jest.config.cjs', 'package.json', 'tsconfig.json', 'host.json']
/** So many seeds that can show a defect are lived through before it counts as missed. */
const seedsMax = 80
const bundle = { bundle: true, platform: 'node', format: 'cjs', target: 'node20.19', logLevel: 'warning' }

const {
  values,
  positionals: [part = ''],
} = parseArgs({ allowPositionals: true, options: { seeds: { type: 'boolean', default: false } } })

const copy = mkdtempSync(path.join(tmpdir(), 'defects-'))
const missed = []
let number = 0
try {
  for (const entry of copied) cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true })
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction')
  const { defects } = await load('./test/simulation/deliberateDefects')
  const asked = defects.filter(({ id }) => id.includes(part))
  for (const defect of asked) {
    const restore = putIn(defect)
    const ways = []
    if (defect.test) ways.push([defect.test, failingTest(defect.test)])
    if (defect.seeds && (values.seeds || !defect.test)) ways.push(['npm run simulate', await failingSeed(defect.seeds.fault)])
    restore()
    console.log(defect.id)
    for (const [way, caught] of ways) {
      console.log(`  ${caught ? 'caught' : 'MISSED'} by ${way}${caught ? `: ${caught}` : ''}`)
      if (!caught) missed.push(`${defect.id} (${way})`)
    }
  }
  console.log(`${asked.length} defects; missed: ${missed.join(', ') || 'none'}.`)
} finally {
  rmSync(copy, { recursive: true, force: true })
}
process.exitCode = missed.length === 0 ? 0 : 1

/** Makes the changes of a defect in the copy; answers what takes them back. */
function putIn({ id, changes }) {
  const before = new Map()
  for (const { file, from, to } of changes) {
    const target = path.join(copy, file)
    const source = readFileSync(target, 'utf8')
    if (source.split(from).length !== 2) throw new Error(`${file} has to hold the text "${from}" once, for the defect ${id} to follow it.`)
    if (!before.has(target)) before.set(target, source)
    writeFileSync(
      target,
      source.replace(from, () => to),
    )
  }
  return () => {
    for (const [target, source] of before) writeFileSync(target, source)
  }
}

/** The title of the first test that fails; undefined where all pass. */
function failingTest(file) {
  const report = path.join(copy, 'report.json')
  rmSync(report, { force: true })
  const jest = path.join(copy, 'node_modules', 'jest', 'bin', 'jest.js')
  spawnSync(process.execPath, [jest, '--bail', '--json', '--outputFile', report, file], { cwd: copy, stdio: 'ignore' })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  if (testResults.length === 0) throw new Error(`There is no test ${file}.`)
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed')
  return failed?.title ?? (testResults.some(({ status }) => status === 'failed') ? 'the file does not even load' : undefined)
}

/** The first seed that fails, and why. */
async function failingSeed(fault) {
  const { simulateSeed, planSeed } = await load('./test/simulation/simulateSeed', './test/simulation/seedPlan')
  for (let seed = 1, lived = 0; lived < seedsMax; seed++) {
    if (fault && !planSeed(seed).faults.has(fault)) continue
    lived += 1
    const { violations } = await simulateSeed(seed).catch((error) => ({ violations: [String(error.message)] }))
    if (violations.length > 0) return `seed ${seed}: ${violations[0]}`
  }
  return undefined
}

/** What some modules of the copy export. */
async function load(...modules) {
  const outfile = path.join(copy, `bundle-${number++}.cjs`)
  const contents = modules.map((name) => `export * from '${name}'`).join('\n')
  await build({ ...bundle, absWorkingDir: copy, stdin: { contents, resolveDir: copy, loader: 'ts' }, outfile })
  return createRequire(import.meta.url)(outfile)
}
