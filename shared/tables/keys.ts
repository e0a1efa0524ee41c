import type { BucketKey } from '../aggregates/bucketRow'
import { MonitorError } from '../runtime/errors'
import { type Grain, partitionPeriod, type TimeRange } from '../signIns/buckets'
import { civilDate, day, formatInstant, type Instant, parseInstant, startOfMonth } from '../signIns/instant'
import { isStreamId } from '../signIns/streams'

/** The partition that holds a bucket: a tenant's day of 5-minute buckets, month of hours or year of days. */
export const bucketPartition = (tenantId: string, key: Pick<BucketKey, 'grain' | 'start'>): string =>
  `${tenantId}|${key.grain}|${partitionPeriod(key.start, key.grain)}`

/** The row of a bucket: its start, then its stream, so that one query gives all streams in the order of time. */
export const bucketRowKey = (key: Pick<BucketKey, 'start' | 'stream'>): string => `${formatInstant(key.start)}|${key.stream}`

/** The bucket that {@link bucketRowKey} named; throws `entity-invalid` for any other text. */
export function parseBucketRowKey(rowKey: string, grain: Grain): BucketKey {
  const [time = '', stream = '', ...rest] = rowKey.split('|')
  const start = parseInstant(time)
  if (start === undefined || !isStreamId(stream) || rest.length > 0) {
    throw new MonitorError(
      'entity-invalid',
      `The row key ${rowKey} is not the start of a bucket and a stream, such as 2026-01-01T00:00:00Z|interactiveUser.`,
    )
  }
  return { stream, grain, start }
}

/** The partitions that hold the buckets of a range, in the order of time. */
export function bucketPartitions(tenantId: string, grain: Grain, range: TimeRange): string[] {
  const partitions: string[] = []
  for (let start = range.from; start < range.to; start = nextPeriod(start, grain))
    partitions.push(bucketPartition(tenantId, { grain, start }))
  return partitions
}

function nextPeriod(at: Instant, grain: Grain): Instant {
  if (grain === '5m') return (Math.floor(at / day) + 1) * day
  const { year, month } = civilDate(at)
  return grain === '1h' ? startOfMonth(year, month + 1) : startOfMonth(year + 1, 1)
}

/** Any text as part of a key: letters, digits and a few signs stay, any other code unit becomes `_` and four hexadecimal digits. */
export const keyText = (text: string): string =>
  text.replace(/[^A-Za-z0-9 .,:;=@~|()-]/g, (unit) => `_${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The filter for the rows of a partition whose key begins with a word and a bar. */
export const rowsOf = (partitionKey: string, word: string): string =>
  `PartitionKey eq ${quoted(partitionKey)} and RowKey ge ${quoted(`${word}|`)} and RowKey lt ${quoted(`${word}}`)}`

/** Text as a filter takes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
