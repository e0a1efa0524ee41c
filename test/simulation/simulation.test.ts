import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { defects } from './deliberateDefects'
import { faultIds } from './faults'
import { regressions } from './regressions'
import { simulateSeed } from './simulateSeed'

test.each([101, 102, 103])('simulation: seed %i ends with the counts of the log', async (seed) => {
  expect((await simulateSeed(seed)).violations).toEqual([])
})

test.each(regressions)('simulation: seed $seed does not fail again, where $was', async ({ seed }) => {
  expect((await simulateSeed(seed)).violations).toEqual([])
})

test('simulation: a seed is the same life every time', async () => {
  const [first, second] = [await simulateSeed(28), await simulateSeed(28)]
  expect(second).toEqual(first)
})

test('docs/faults.md: every fault of the simulation has a row', () => {
  const page = readFileSync(path.join(__dirname, '..', '..', 'docs', 'faults.md'), 'utf8')
  expect(faultIds.filter((fault) => !page.includes(`\`${fault}\``))).toEqual([])
})

test.each(defects)('deliberateDefects: the sources still hold what $id changes', ({ changes }) => {
  const changed = new Map<string, string>()
  for (const { file, from, to } of changes) {
    const source = changed.get(file) ?? readFileSync(path.join(__dirname, '..', '..', file), 'utf8')
    expect([from, source.split(from).length - 1]).toEqual([from, 1])
    changed.set(
      file,
      source.replace(from, () => to),
    )
  }
})

test('docs/defects.md: every deliberate defect has a row that says what catches it', () => {
  const page = readFileSync(path.join(__dirname, '..', '..', 'docs', 'defects.md'), 'utf8')
  const rows = new Map(page.split('\n').map((row) => [/^\| `([\w-]+)` \|/.exec(row)?.[1], row]))
  for (const { id, test: file, seeds } of defects) {
    expect(rows.get(id)).toContain(file === undefined ? '| the simulation |' : `| \`${file}\` |`)
    expect(rows.get(id)?.endsWith('✓ |')).toBe(seeds !== undefined)
    expect(file === undefined || existsSync(path.join(__dirname, '..', '..', file))).toBe(true)
  }
})
