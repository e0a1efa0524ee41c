// Kills the built product again and again and compares what it counted: node test/killTest/killTest.mjs [--kills 50] [--seed 1]
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { buildAll } from '../../build.mjs'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' }, built: { type: 'boolean', default: false } },
})

function wholeNumber(name) {
  if (/^\d{1,6}$/.test(values[name])) return Number(values[name])
  console.error(`--${name} has to be a whole number, and is ${values[name]}.`)
  process.exit(2)
}

if (!values.built) await buildAll()
// Inside the project, so that the packages that are not bundled are found.
const folder = path.join(root, 'node_modules', '.cache', 'killTest')
mkdirSync(folder, { recursive: true })
const outfile = path.join(folder, 'killTest.cjs')
const bundle = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
}
await build({ ...bundle, entryPoints: ['test/killTest/killTest.ts'], outfile })
const { killTest } = createRequire(import.meta.url)(outfile)
const differences = await killTest({ root, kills: wholeNumber('kills'), seed: wholeNumber('seed'), say: console.log })
for (const difference of differences) console.log(difference)
process.exitCode = differences.length === 0 ? 0 : 1
