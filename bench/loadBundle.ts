import { execFileSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { type Benchmark, ratioResult } from './benchmark'
import { inTurn, type Time } from './ratio'

/**
 * P7: what a fresh process pays for loading the deployed bundle, beside the four libraries that it is made with; and for
 * loading it with everything that any function loads at its first call, so that nothing is hidden by being put off.
 */
export const loadBundle: Benchmark = async ({ quick, scratch, result }) => {
  const ours = path.join(scratch, 'deployed', 'index.js')
  const called = path.join(scratch, 'called', 'index.js')
  const libraries = path.join(scratch, 'libraries', 'index.js')
  const host = path.join(scratch, 'host.cjs')
  writeFileSync(host, hostSource)
  const { buildDeployed, deployed }: ProductBuild = await import(pathToFileURL(path.resolve('build.mjs')).href)
  const metafile = await buildDeployed(path.dirname(ours))
  await buildDeployed(path.dirname(called), loadedByCalls(metafile))
  await build({ ...deployed, stdin: { contents: librariesAlone, resolveDir: process.cwd() }, outfile: libraries })
  const load = (bundle: string) => (): Time =>
    JSON.parse(execFileSync(process.execPath, ['--require', host, '--eval', timedLoad(bundle)], { encoding: 'utf8' }))
  const turns = { rounds: quick ? 3 : 31, warmUp: 1 }
  const rounds = await inTurn(load(ours), load(libraries), turns)
  const calledRounds = await inTurn(load(called), load(libraries), turns)
  const parts = contents(metafile)
  result(
    ratioResult(
      {
        id: 'P7',
        what: 'load of the deployed bundle ÷ load of the four libraries alone, in fresh processes',
        goal: { atMost: 1.2 },
        detail: (at) =>
          `${at.measured.toFixed(0)} ms ÷ ${at.baseline.toFixed(0)} ms; ${kilobytes(statSync(ours).size)} ÷ ${kilobytes(statSync(libraries).size)}`,
      },
      rounds,
    ),
  )
  result(
    ratioResult(
      {
        id: 'P7',
        what: 'the same with all that the first calls of all functions load from the bundle',
        detail: (at) => `${at.measured.toFixed(0)} ms ÷ ${at.baseline.toFixed(0)} ms`,
      },
      calledRounds,
    ),
  )
  result({ id: 'P7', what: 'size of the deployed bundle in KB', value: statSync(ours).size / 1_024, detail: parts })
}

/** What `build.mjs` exports. */
interface ProductBuild {
  readonly deployed: BuildOptions
  readonly buildDeployed: (directory: string, atLoad?: readonly string[]) => Promise<Metafile>
}

/** The files in the bundle that a function asks for when it is called. */
const loadedByCalls = ({ inputs }: Metafile): string[] => [
  ...new Set(
    Object.values(inputs)
      .flatMap(({ imports }) => imports)
      .flatMap(({ kind, external, path: file }) => (kind === 'dynamic-import' && !external ? [file] : [])),
  ),
]

const librariesAlone = `
import * as functions from '@azure/functions'
import * as identity from '@azure/identity'
import * as tables from '@azure/data-tables'
import * as graph from '@microsoft/microsoft-graph-client'
export { functions, identity, tables, graph }`

const timedLoad = (bundle: string): string => `
const startWall = process.hrtime.bigint()
const startProcessor = process.cpuUsage()
require(${JSON.stringify(bundle)})
const wall = Number(process.hrtime.bigint() - startWall) / 1e6
const { user, system } = process.cpuUsage(startProcessor)
process.stdout.write(JSON.stringify({ wall, processor: (user + system) / 1e3 }))
process.exit()`

/** The module that the Functions host gives to an app; without it the library only warns that there is none. */
const hostSource = `
const Module = require('node:module')
const disposable = { dispose() {} }
const core = { version: '4', hostVersion: '4', setProgrammingModel() {}, getProgrammingModel() {}, log() {}, registerHook: () => disposable, registerFunction: () => disposable, Disposable: class {} }
const load = Module._load
Module._load = (request, ...rest) => (request === '@azure/functions-core' ? core : load(request, ...rest))
`

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1_024)} KB`

/** The packages that take most of the bundle, largest first. */
function contents({ outputs }: Metafile): string {
  const sizes = new Map<string, number>()
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'the product itself'
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput)
    }
  }
  const largest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 9)
  return largest.map(([name, bytes]) => `${name} ${kilobytes(bytes)}`).join(', ')
}
