import fc from 'fast-check'
import { remembering } from '../../shared/signIns/remembering'

/** Texts of which many look alike where the memory looks first. */
const texts = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.uuid(),
  fc.integer({ min: 0, max: 40 }).map((number) => `abc${String(number).padStart(20, '0')}xyz`),
)

test('remembering: every text is answered as the function itself answers it, however often and in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (asked, most) => {
      const length = remembering((text) => `${text.length} ${text}`, most)
      const sign = remembering((text) => (text.length % 2 === 0 ? undefined : text), most)
      for (const text of asked) {
        expect(length(text)).toBe(`${text.length} ${text}`)
        expect(sign(text)).toBe(text.length % 2 === 0 ? undefined : text)
      }
    }),
  )
})

test('remembering: a text that comes again has the very same value and is not worked out again', () => {
  const asked: string[] = []
  const read = remembering((text) => {
    asked.push(text)
    return { text }
  })
  const first = read('5e1f0c9a-7b3d-4d62-9a41-c0ffee2026aa')
  for (let other = 0; other < 2_000; other++) read(`another text of number ${other}`)
  expect(read(['5e1f0c9a-7b3d-4d62', '9a41-c0ffee2026aa'].join('-'))).toBe(first)
  expect(asked.filter((text) => text === first.text)).toHaveLength(1)
})

test('remembering: more texts than are kept are answered all the same, and the memory starts anew', () => {
  let works = 0
  const read = remembering((text) => {
    works += 1
    return text.length
  }, 10)
  for (let round = 0; round < 3; round++) for (let length = 1; length <= 1_200; length++) expect(read('x'.repeat(length))).toBe(length)
  expect(works).toBeGreaterThan(1_200)
})
