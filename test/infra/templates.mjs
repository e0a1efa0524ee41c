// Fetches the Bicep grammar into a folder of its own and runs the tests of the templates; bicep too where it is on the PATH.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const packages = { 'tree-sitter': '0.22.4', 'tree-sitter-bicep': '1.1.0', yaml: '2.8.1' }
const prefix = path.join(root, 'node_modules/.cache/templates')

const run = (command, args, options = {}) => spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options }).status ?? 1

function fetchGrammar() {
  if (Object.keys(packages).every((name) => existsSync(path.join(prefix, 'node_modules', name)))) return 0
  mkdirSync(prefix, { recursive: true })
  writeFileSync(path.join(prefix, 'package.json'), JSON.stringify({ private: true, dependencies: packages }))
  const npm = process.env['npm_execpath']
  const args = ['install', '--no-audit', '--no-fund', '--silent', '--prefix', prefix]
  return npm ? run(process.execPath, [npm, ...args]) : run('npm', args)
}

/** What the compiler says, where there is one; the tests check as much of it as can be had without. */
function compile() {
  const version = spawnSync('bicep', ['--version'], { encoding: 'utf8' })
  if (version.error) {
    process.stdout.write('bicep is not on the PATH: the templates are parsed and checked, not compiled.\n')
    return 0
  }
  const infra = path.join(root, 'infra')
  const parameterFiles = readdirSync(infra).filter((file) => file.endsWith('.bicepparam'))
  return [
    run('bicep', ['build', path.join(infra, 'main.bicep'), '--no-restore', '--stdout'], { stdio: ['ignore', 'ignore', 'inherit'] }),
    run('bicep', ['lint', path.join(infra, 'main.bicep'), '--no-restore']),
    ...parameterFiles.map((file) =>
      run('bicep', ['build-params', path.join(infra, file), '--no-restore', '--stdout'], { stdio: ['ignore', 'ignore', 'inherit'] }),
    ),
  ].some((status) => status !== 0)
    ? 1
    : 0
}

const jest = path.join(path.dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin/jest.js')
const steps = [
  fetchGrammar,
  () =>
    run(process.execPath, [jest, '--config', 'test/infra/jest.config.cjs', ...process.argv.slice(2)], {
      env: { ...process.env, TEMPLATES_PREFIX: prefix },
    }),
  compile,
]
process.exitCode = steps.reduce((status, step) => (status === 0 ? step() : status), 0)
