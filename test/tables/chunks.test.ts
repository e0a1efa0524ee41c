import fc from 'fast-check'
import { byteChunks, byteChunksOf, joinBytes, joinJson, joinText, jsonChunks, textChunks } from '../../shared/tables/chunks'
import type { StoredEntity } from '../../shared/tables/entity'
import { entityLimits } from '../../shared/tables/entityLimits'

const stored = (properties: Readonly<Record<string, unknown>>): StoredEntity => ({
  partitionKey: 'p',
  rowKey: 'r',
  etag: 'e',
  properties,
})

test('textChunks: any text comes back and every chunk is one that the table takes', () => {
  const pieces = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { maxLength: 6 })
  fc.assert(
    fc.property(pieces, fc.integer({ min: 0, max: 4_000 }), (parts, times) => {
      const text = parts.join('').repeat(parts.length === 0 ? 0 : times)
      const chunks = textChunks('text', text)
      expect(joinText(stored(chunks), 'text')).toBe(text)
      for (const chunk of Object.values(chunks)) expect(2 * chunk.length).toBeLessThan(entityLimits.propertyBytes)
    }),
    { numRuns: 30 },
  )
})

test('textChunks: a character of two code units at the border stays whole', () => {
  const text = `${'x'.repeat(31_999)}😀${'y'.repeat(10)}`
  const chunks = textChunks('text', text)
  expect(Object.values(chunks).map((chunk) => Buffer.from(chunk).toString() === chunk)).toEqual([true, true])
  expect(joinText(stored(chunks), 'text')).toBe(text)
})

test('byteChunks: any length comes back and every chunk is one that the table takes', () => {
  for (const length of [0, 1, 63_999, 64_000, 64_001, 200_000]) {
    const bytes = Uint8Array.from({ length }, (_, n) => n % 251)
    const chunks = byteChunks('facets', bytes)
    expect(Object.keys(chunks)).toHaveLength(byteChunksOf(length))
    for (const chunk of Object.values(chunks)) expect(chunk.byteLength).toBeLessThan(entityLimits.propertyBytes)
    expect(Buffer.compare(joinBytes(stored(chunks), 'facets'), bytes)).toBe(0)
  }
})

test('joinJson: what was written comes back', () => {
  const value = { list: [1, 'two', null, { three: '😀' }] }
  expect(joinJson(stored(jsonChunks('content', value)), 'content')).toEqual(value)
})

test.each`
  story                     | read                                                    | named
  ${'no text'}              | ${() => joinText(stored({}), 'text')}                   | ${/row r .*text0/}
  ${'a number for text'}    | ${() => joinText(stored({ text0: 1 }), 'text')}         | ${/row r .*text0/}
  ${'no bytes'}             | ${() => joinBytes(stored({ facets0: null }), 'facets')} | ${/row r .*facets0/}
  ${'text for bytes'}       | ${() => joinBytes(stored({ facets0: 'x' }), 'facets')}  | ${/row r .*facets0/}
  ${'text that is no JSON'} | ${() => joinJson(stored({ content0: '{' }), 'content')} | ${/row r .*content0.*JSON/}
`('joinText, joinBytes, joinJson: $story is an error that names the property', ({ read, named }) => {
  expect(read).toThrow(expect.objectContaining({ code: 'entity-invalid', message: expect.stringMatching(named) }))
})
