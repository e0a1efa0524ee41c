import { readFileSync } from 'node:fs'
import path from 'node:path'
import { generatedDocuments, withTables } from '../../local/docTables'
import { breakages } from '../failures/breakages'

test.each(['README.md'])('documents: the tables of %s are those of the rows (`npm run docs` makes them)', (name) => {
  const text = readFileSync(path.join(__dirname, '../..', name), 'utf8')
  expect(text).toContain('<!-- table: ')
  expect(text).toBe(withTables(text))
})

test('documents: a table that nobody makes is an error', () => {
  expect(() => withTables('<!-- table: nonsense --><!-- end -->')).toThrow(/nonsense/)
})

const read = (name: string): string => readFileSync(path.join(__dirname, '../..', name), 'utf8')

test.each(Object.keys(generatedDocuments))('documents: %s is what the rows say (`npm run docs` makes it)', (name) => {
  expect(read(name)).toBe(generatedDocuments[name]?.())
})

test('documents: the page of the catalogue checks lists every kind of breakage and no other', () => {
  const listed = [...read('docs/catalogue-checks.md').matchAll(/^\d+\. (.+)$/gm)].map((match) => match[1])
  expect(listed).toEqual(breakages.map(({ name }) => name))
})
