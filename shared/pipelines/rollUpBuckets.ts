import type { BucketKey, BucketRow, BucketWrite } from '../aggregates/bucketRow'
import { emptyFacets } from '../aggregates/merge'
import { isDue, rollUp } from '../aggregates/rollUp'
import { arrivalAllowance, bucketEnd, bucketStart, bucketStarts, type Grain, type TimeRange, type ZoneOffset } from '../signIns/buckets'
import type { StreamId } from '../signIns/streams'
import type { BucketStore, Ports } from './ports'
import { noteHourRow, type StreamLedger } from './streamLedger'

/** The grain that a coarse one is made from. */
export const childGrain: Readonly<Record<'1h' | '1d', Grain>> = { '1h': '5m', '1d': '1h' }

/** Makes the hours of a window whose time is over and whose buckets were all read, where they differ from what is stored. */
export async function rollUpHours(window: TimeRange, ledger: StreamLedger, ports: Pick<Ports, 'buckets' | 'clock'>): Promise<void> {
  const range = { from: bucketStart(window.from, '1h'), to: window.to }
  const hours = bucketStarts(range, '1h').filter((start) => bucketEnd(start, '1h') + arrivalAllowance <= ports.clock())
  const first = hours[0]
  const last = hours.at(-1)
  if (first === undefined || last === undefined) return
  const made = await rollUpRange('1h', { from: first, to: bucketEnd(last, '1h') }, [ledger.stream], ports.buckets)
  for (const row of made) noteHourRow(ledger, row)
}

/**
 * Recomputes, whole, every coarse bucket of a range that is due: its children differ from those it was made of, and
 * none of them is missing. Answers the rows as they are stored now.
 */
export async function rollUpRange(
  grain: '1h' | '1d',
  range: TimeRange,
  streams: readonly StreamId[],
  buckets: BucketStore,
  zone?: ZoneOffset,
): Promise<BucketRow[]> {
  const childQuery = { grain: childGrain[grain], streams, ...range }
  const [stored, children] = await Promise.all([buckets.rows({ grain, streams, ...range }), buckets.rows(childQuery)])
  const due: { key: BucketKey; children: BucketRow[]; expected: number; replaces: string | undefined }[] = []
  for (const stream of streams) {
    for (const start of bucketStarts(range, grain, zone)) {
      const end = bucketEnd(start, grain, zone)
      const own = children.filter((row) => row.stream === stream && row.start >= start && row.start < end)
      const expected = bucketStarts({ from: start, to: end }, childGrain[grain], zone).length
      const row = stored.find((one) => one.stream === stream && one.start === start)
      const usable = own.length === expected && own.every((child) => child.ledger.children?.due !== true)
      if (usable && row?.ledger.children?.sealed !== true && !isReadDirectly(row) && isDue(row?.ledger, own)) {
        due.push({ key: { stream, grain, start }, children: own, expected, replaces: row?.version })
      }
    }
  }
  if (due.length === 0) return []
  const facets = await buckets.facets(childQuery)
  const facetsOf = new Map(facets.map((one) => [`${one.stream}|${one.start}`, one.facets]))
  const writes: BucketWrite[] = due.map(({ key, children: own, expected, replaces }) => {
    const made = rollUp(
      own.map((row) => ({ row, facets: facetsOf.get(`${row.stream}|${row.start}`) ?? emptyFacets })),
      expected,
    )
    return { ...key, ...made, replaces }
  })
  await buckets.commit(writes)
  return buckets.rows({ grain, streams, ...range })
}

/** An hour that backfill read as an hour has no children and is never made from any. */
const isReadDirectly = (row: BucketRow | undefined): boolean => row !== undefined && row.ledger.children === undefined
