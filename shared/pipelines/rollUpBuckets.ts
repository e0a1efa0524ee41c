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
  const rowOf = new Map(stored.map((row) => [`${row.stream}|${row.start}`, row]))
  const childrenOf = byParent(children, grain, zone)
  const due: { key: BucketKey; children: BucketRow[]; expected: number; replaces: string | undefined }[] = []
  for (const stream of streams) {
    for (const start of bucketStarts(range, grain, zone)) {
      const end = bucketEnd(start, grain, zone)
      const own = childrenOf.get(`${stream}|${start}`) ?? []
      const expected = bucketStarts({ from: start, to: end }, childGrain[grain], zone).length
      const row = rowOf.get(`${stream}|${start}`)
      const usable = own.length === expected && own.every((child) => child.ledger.children?.due !== true)
      // A sealed row is made again only where something changed under it after all.
      const changed = row?.ledger.children?.due === true || isDue(row?.ledger, own)
      if (usable && changed && !isReadDirectly(row)) {
        due.push({ key: { stream, grain, start }, children: own, expected, replaces: row?.version })
      }
    }
  }
  if (due.length === 0) return []
  const starts = due.map(({ key }) => key.start)
  const facetsTo = bucketEnd(Math.max(...starts), grain, zone)
  const facets = await buckets.facets({ ...childQuery, from: Math.min(...starts), to: facetsTo })
  const facetsOf = new Map(facets.map((one) => [`${one.stream}|${one.start}`, one.facets]))
  const writes: BucketWrite[] = due.map(({ key, children: own, expected, replaces }) => {
    const made = rollUp(
      own.map((row) => ({ row, facets: facetsOf.get(`${row.stream}|${row.start}`) ?? emptyFacets })),
      expected,
    )
    return { ...key, ...made, replaces }
  })
  const { committed } = await buckets.commit(writes)
  const versions = new Map(committed.map((key) => [`${key.stream}|${key.start}`, key.version]))
  const made = writes.flatMap(({ stream, start, ledger }) => {
    const version = versions.get(`${stream}|${start}`)
    return version === undefined ? [] : [{ stream, grain, start, ledger, version }]
  })
  return made.length === writes.length ? made : buckets.rows({ grain, streams, ...range })
}

/** Finer rows by the coarse bucket that they belong to. */
function byParent(children: readonly BucketRow[], grain: '1h' | '1d', zone: ZoneOffset | undefined): Map<string, BucketRow[]> {
  const found = new Map<string, BucketRow[]>()
  for (const row of children) {
    const key = `${row.stream}|${bucketStart(row.start, grain, zone)}`
    const own = found.get(key)
    if (own) own.push(row)
    else found.set(key, [row])
  }
  return found
}
