import fc from 'fast-check'
import {
  emptySketch,
  estimateSketch,
  type Sketch,
  SketchSum,
  sketchEntry,
  sketchOf,
  sketchRelativeError,
} from '../../shared/aggregates/sketch'
import { userHasher } from '../../shared/aggregates/userHash'
import { sketchEntries } from './arbitraries'

const { hash } = userHasher('a key for tests')
const merged = (all: readonly Sketch[]): Sketch => {
  const sum = new SketchSum()
  for (const sketch of all) sum.add(sketch)
  return sum.sketch()
}
const usersUpTo = (count: number): number[] => Array.from({ length: count }, (_, index) => hash(`user-${index}`))

test.each`
  story                          | bytes                             | index    | rank
  ${'the first bit of the tail'} | ${[0x12, 0x38, 0, 0, 0, 0, 0, 0]} | ${0x123} | ${1}
  ${'a zero before it'}          | ${[0x12, 0x34, 0, 0, 0, 0, 0, 0]} | ${0x123} | ${2}
  ${'across the words'}          | ${[0, 0, 0, 0, 0x80, 0, 0, 0]}    | ${0}     | ${21}
  ${'the last bit'}              | ${[0xff, 0xf0, 0, 0, 0, 0, 0, 1]} | ${0xfff} | ${52}
  ${'no bit at all'}             | ${[0, 0, 0, 0, 0, 0, 0, 0]}       | ${0}     | ${53}
`('sketchEntry: index and rank of $story', ({ bytes, index, rank }) => {
  expect(sketchEntry(Uint8Array.from(bytes))).toBe((index << 6) | rank)
})

test.each([0, 1, 2, 5, 10, 100])('estimateSketch: %i users are counted exactly', (count) => {
  expect(estimateSketch(sketchOf(usersUpTo(count)))).toBe(count)
})

test.each([500, 1_000, 3_000, 5_000, 10_000, 20_000, 50_000])(
  'estimateSketch: %i users are estimated within four standard errors',
  (count) => {
    const estimate = estimateSketch(sketchOf(usersUpTo(count)))
    expect(Math.abs(estimate - count) / count).toBeLessThan(4 * sketchRelativeError)
  },
)

test('estimateSketch: the mean error over many sketches shows no bias', () => {
  const errors = Array.from({ length: 40 }, (_, run) => {
    const users = Array.from({ length: 2_000 }, (__, index) => hash(`run ${run} user ${index}`))
    return estimateSketch(sketchOf(users)) / 2_000 - 1
  })
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
  expect(Math.abs(mean)).toBeLessThan(0.01)
  expect(deviation).toBeLessThan(1.5 * sketchRelativeError)
})

test('sketchOf: repeating users changes nothing', () => {
  fc.assert(fc.property(sketchEntries, (entries) => expect(sketchOf([...entries, ...entries])).toEqual(sketchOf(entries))))
})

test('SketchSum: the merge is the sketch of everybody, in any order and grouping', () => {
  fc.assert(
    fc.property(sketchEntries, sketchEntries, sketchEntries, (a, b, c) => {
      const [one, two, three] = [sketchOf(a), sketchOf(b), sketchOf(c)]
      const all = sketchOf([...a, ...b, ...c])
      expect(merged([one, two, three])).toEqual(all)
      expect(merged([three, merged([two, one])])).toEqual(all)
    }),
    { numRuns: 30 },
  )
})

test('SketchSum: the empty sketch changes nothing', () => {
  fc.assert(fc.property(sketchEntries.map(sketchOf), (sketch) => expect(merged([emptySketch, sketch])).toEqual(sketch)))
  expect(merged([])).toEqual(emptySketch)
})

test('sketchOf: few users are held as entries, many as registers', () => {
  expect(sketchOf(usersUpTo(20))).toEqual({ entries: expect.any(Array) })
  expect(sketchOf(usersUpTo(5_000))).toEqual({ registers: expect.any(Uint8Array) })
})

test.each`
  story                     | entry
  ${'an impossible run'}    | ${54}
  ${'a register too far'}   | ${4_096 << 6}
  ${'one before the first'} | ${-1}
`('SketchSum: $story is refused', ({ entry }) => expect(() => new SketchSum().addEntry(entry)).toThrow('A sketch has an entry'))

test.each`
  story                  | registers
  ${'too few registers'} | ${new Uint8Array(4_095)}
  ${'an impossible run'} | ${new Uint8Array(4_096).fill(54)}
`('SketchSum: $story is refused', ({ registers }) => expect(() => new SketchSum().addRegisters(registers)).toThrow('A sketch'))
