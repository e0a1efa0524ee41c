import type { BucketKey, BucketRow, BucketWrite } from '../aggregates/bucketRow'
import { emptyFacets } from '../aggregates/merge'
import { isDue, rollUp } from '../aggregates/rollUp'
import { arrivalAllowance, bucketEnd, bucketStart, bucketStarts, type Grain, type TimeRange, type ZoneOffset } from '../signIns/buckets'
import type { Instant } from '../signIns/instant'
import type { StreamId } from '../signIns/streams'
import type { BucketStore, Ports } from './ports'
import { isReadDirectly, type LedgerRow, noteHourRow, type StreamLedger } from './streamLedger'

/** The grain that a coarse one is made from. */
export const childGrain: Readonly<Record<'1h' | '1d', Grain>> = { '1h': '5m', '1d': '1h' }

/**
 * Makes the hours of some streams whose time is over and whose buckets were all read, where they differ from what is stored;
 * neighbouring hours of the same streams together. Answers what was made.
 */
export async function rollUpHours(
  hours: readonly BucketKey[],
  ledgers: ReadonlyMap<StreamId, StreamLedger>,
  ports: Pick<Ports, 'buckets' | 'clock'>,
): Promise<void> {
  const streamsOf = new Map<Instant, StreamId[]>()
  for (const { start, stream } of hours) {
    if (bucketEnd(start, '1h') + arrivalAllowance > ports.clock()) continue
    streamsOf.set(start, [...(streamsOf.get(start) ?? []), stream])
  }
  const ranges: { from: Instant; to: Instant; streams: StreamId[] }[] = []
  for (const [start, streams] of [...streamsOf].sort(([one], [other]) => one - other)) {
    const last = ranges.at(-1)
    if (last?.to === start && last.streams.join() === streams.join()) last.to = bucketEnd(start, '1h')
    else ranges.push({ from: start, to: bucketEnd(start, '1h'), streams })
  }
  for (const { streams, ...range } of ranges) {
    for (const row of await rollUpRange('1h', range, streams, ports.buckets)) {
      const ledger = ledgers.get(row.stream)
      if (ledger) noteHourRow(ledger, row)
    }
  }
}

/**
 * Recomputes, whole, every coarse bucket of a range that is due: its children differ from those it was made of, and
 * none of them is missing. Answers what was made, or all rows as they are stored now where that is not known.
 */
export async function rollUpRange(
  grain: '1h' | '1d',
  range: TimeRange,
  streams: readonly StreamId[],
  buckets: BucketStore,
  zone?: ZoneOffset,
): Promise<LedgerRow[]> {
  const childQuery = { grain: childGrain[grain], streams, ...range }
  const [stored, children] = await Promise.all([buckets.rows({ grain, streams, ...range }), buckets.rows(childQuery)])
  const rowOf = byBucket(stored)
  const childrenOf = byParent(children, grain, zone)
  const starts = bucketStarts(range, grain, zone).map((start) => {
    const end = bucketEnd(start, grain, zone)
    return { start, expected: bucketStarts({ from: start, to: end }, childGrain[grain], zone).length }
  })
  const due: { key: BucketKey; children: BucketRow[]; expected: number; replaces: string | undefined }[] = []
  for (const stream of streams) {
    for (const { start, expected } of starts) {
      const own = childrenOf.get(stream)?.get(start) ?? []
      const row = rowOf.get(stream)?.get(start)
      const usable = own.length === expected && own.every((child) => child.ledger.children?.due !== true)
      // A sealed row is made again only where something changed under it after all.
      const changed = row?.ledger.children?.due === true || isDue(row?.ledger, own)
      if (usable && changed && !isReadDirectly(row)) {
        due.push({ key: { stream, grain, start }, children: own, expected, replaces: row?.version })
      }
    }
  }
  if (due.length === 0) return []
  const dueStarts = due.map(({ key }) => key.start)
  const facetsTo = bucketEnd(Math.max(...dueStarts), grain, zone)
  const facetsOf = byBucket(await buckets.facets({ ...childQuery, from: Math.min(...dueStarts), to: facetsTo }))
  const writes: BucketWrite[] = due.map(({ key, children: own, expected, replaces }) => {
    const made = rollUp(
      own.map((row) => ({
        row,
        get facets() {
          return facetsOf.get(row.stream)?.get(row.start)?.facets ?? emptyFacets
        },
      })),
      expected,
    )
    return {
      ...key,
      ledger: made.ledger,
      get aggregate() {
        return made.aggregate
      },
      replaces,
    }
  })
  const { committed } = await buckets.commit(writes)
  const committedOf = byBucket(committed)
  const made = writes.flatMap(({ stream, start, ledger }) => {
    const version = committedOf.get(stream)?.get(start)?.version
    return version === undefined ? [] : [{ stream, grain, start, ledger, version }]
  })
  return made.length === writes.length ? made : buckets.rows({ grain, streams, ...range })
}

/** Finer rows by the coarse bucket that they belong to. */
function byParent(
  children: readonly BucketRow[],
  grain: '1h' | '1d',
  zone: ZoneOffset | undefined,
): Map<StreamId, Map<Instant, BucketRow[]>> {
  const found = new Map<StreamId, Map<Instant, BucketRow[]>>()
  for (const row of children) {
    const ofStream = entryOf(found, row.stream, () => new Map<Instant, BucketRow[]>())
    entryOf(ofStream, bucketStart(row.start, grain, zone), () => []).push(row)
  }
  return found
}

/** What belongs to the buckets of one grain, by stream and start. */
function byBucket<Item extends Pick<BucketKey, 'stream' | 'start'>>(items: readonly Item[]): Map<StreamId, Map<Instant, Item>> {
  const found = new Map<StreamId, Map<Instant, Item>>()
  for (const item of items) entryOf(found, item.stream, () => new Map<Instant, Item>()).set(item.start, item)
  return found
}

/** The value of a key, made and kept where there is none yet. */
function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = make()
  map.set(key, value)
  return value
}
