import { readFileSync } from 'node:fs'
import path from 'node:path'
import { withTables } from '../../local/docTables'

test.each(['README.md'])('documents: the tables of %s are those of the rows (`npm run docs` makes them)', (name) => {
  const text = readFileSync(path.join(__dirname, '../..', name), 'utf8')
  expect(text).toContain('<!-- table: ')
  expect(text).toBe(withTables(text))
})

test('documents: a table that nobody makes is an error', () => {
  expect(() => withTables('<!-- table: nonsense --><!-- end -->')).toThrow(/nonsense/)
})
