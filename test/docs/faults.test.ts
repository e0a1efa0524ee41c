import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { faultIds } from '../simulation/faults'

const root = path.join(__dirname, '../..')

/** Names in the first column of the tables of the page. */
const documented = readFileSync(path.join(root, 'docs/faults.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))

const scenarios = path.join(root, 'test/scenarios')
const scenarioNames = readdirSync(scenarios)
  .filter((file) => file.endsWith('Faults.test.ts'))
  .flatMap((file) => [
    ...readFileSync(path.join(scenarios, file), 'utf8').matchAll(/\bfault: '([\w-]+)'|^ {2}\$\{'([\w-]+)'\} |'fault ([\w-]+):/gm),
  ])
  .flatMap(([, ...names]) => names.filter((name) => name !== undefined))

test('faults: every one of the page is lived through by a scenario or by the simulation', () => {
  const lived = new Set<string>([...scenarioNames, ...faultIds])
  expect(documented.filter((name) => !lived.has(name))).toEqual([])
  expect(documented.length).toBeGreaterThan(80)
})

test('faults: every one of the scenarios and of the simulation stands on the page, once', () => {
  const listed = new Set(documented)
  expect([...scenarioNames, ...faultIds].filter((name) => !listed.has(name))).toEqual([])
  expect(documented.filter((name, index) => documented.indexOf(name) !== index)).toEqual([])
})
