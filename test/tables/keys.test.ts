import fc from 'fast-check'
import { bucketStart, type Grain, grains } from '../../shared/signIns/buckets'
import { day, parseInstant } from '../../shared/signIns/instant'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { checkEntity } from '../../shared/tables/entityLimits'
import { bucketPartition, bucketPartitions, bucketRowKey, keyText, parseBucketRowKey, quoted } from '../../shared/tables/keys'

const at = (text: string): number => parseInstant(text) ?? Number.NaN
const anyInstant = fc.integer({ min: at('2000-01-01'), max: at('2099-12-31') })
const anyGrain = fc.constantFrom<Grain>(...grains)
const anyStream = fc.constantFrom<StreamId>(...streamIds)

test('bucketRowKey: every bucket comes back from its key', () => {
  fc.assert(
    fc.property(anyInstant, anyGrain, anyStream, (instant, grain, stream) => {
      const key = { start: bucketStart(instant, grain), grain, stream }
      expect(parseBucketRowKey(bucketRowKey(key), grain)).toEqual(key)
      expect(checkEntity({ partitionKey: bucketPartition('t', key), rowKey: bucketRowKey(key) })).toBeGreaterThan(0)
    }),
  )
})

test('bucketRowKey: keys sort by time, whatever the streams are', () => {
  fc.assert(
    fc.property(anyInstant, anyInstant, anyStream, anyStream, (one, other, oneStream, otherStream) => {
      const [a, b] = [bucketStart(one, '5m'), bucketStart(other, '5m')]
      fc.pre(a < b)
      expect(bucketRowKey({ start: a, stream: oneStream }) < bucketRowKey({ start: b, stream: otherStream })).toBe(true)
    }),
  )
})

test.each([
  '',
  'run',
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00Z|somebody',
  'never|interactiveUser',
  '2026-01-01T00:00:00Z|interactiveUser|',
])('parseBucketRowKey: %p is no bucket', (rowKey) =>
  expect(() => parseBucketRowKey(rowKey, '5m')).toThrow(expect.objectContaining({ code: 'entity-invalid' })),
)

test.each`
  grain   | from                      | to                        | partitions
  ${'5m'} | ${'2026-01-01T23:50:00Z'} | ${'2026-01-02T00:05:00Z'} | ${['t|5m|20260101', 't|5m|20260102']}
  ${'5m'} | ${'2026-01-01T23:50:00Z'} | ${'2026-01-02T00:00:00Z'} | ${['t|5m|20260101']}
  ${'1h'} | ${'2025-12-31T23:00:00Z'} | ${'2026-02-01T00:00:00Z'} | ${['t|1h|202512', 't|1h|202601']}
  ${'1d'} | ${'2024-06-01T00:00:00Z'} | ${'2026-01-01T00:00:01Z'} | ${['t|1d|2024', 't|1d|2025', 't|1d|2026']}
  ${'5m'} | ${'2026-01-01T00:00:00Z'} | ${'2026-01-01T00:00:00Z'} | ${[]}
`('bucketPartitions: $grain from $from to $to', ({ grain, from, to, partitions }) => {
  expect(bucketPartitions('t', grain, { from: at(from), to: at(to) })).toEqual(partitions)
})

test('bucketPartitions: every bucket of a range lies in one of them, and each is named once', () => {
  fc.assert(
    fc.property(anyInstant, fc.integer({ min: 1, max: 500 }), anyGrain, fc.nat(), (from, days, grain, seed) => {
      const range = { from, to: from + days * day }
      const partitions = bucketPartitions('t', grain, range)
      expect(new Set(partitions).size).toBe(partitions.length)
      expect([...partitions].sort()).toEqual(partitions)
      expect(partitions).toContain(bucketPartition('t', { grain, start: from + (seed % (days * day)) }))
    }),
    { numRuns: 50 },
  )
})

test('keyText: different texts give different keys, and every one is a key that the table takes', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: 'binary' }), fc.string({ maxLength: 60, unit: 'binary' }), (one, other) => {
      fc.pre(one !== other)
      expect(keyText(one)).not.toBe(keyText(other))
      expect(checkEntity({ partitionKey: keyText(one), rowKey: keyText(other) })).toBeGreaterThan(0)
    }),
  )
  expect(keyText('a/b_c#1|日')).toBe('a_002fb_005fc_00231|_65e5')
})

test('quoted: a quote inside text is doubled', () => expect(quoted("it's")).toBe("'it''s'"))
