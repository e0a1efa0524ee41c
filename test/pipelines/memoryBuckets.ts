import type { Facets } from '../../shared/aggregates/aggregate'
import type { BucketKey, BucketRow } from '../../shared/aggregates/bucketRow'
import type { BucketQuery, BucketStore } from '../../shared/pipelines/ports'

/** Buckets in memory, for properties that take many rows; they come and go by the rules of the port. */
export function memoryBuckets(): BucketStore & { readonly removed: BucketKey[] } {
  const stored = new Map<string, { readonly row: BucketRow; readonly facets: Facets }>()
  const removed: BucketKey[] = []
  let versions = 0
  const keyOf = ({ stream, grain, start }: BucketKey): string => `${grain} ${stream} ${start}`
  const found = ({ grain, streams, from, to }: BucketQuery): { readonly row: BucketRow; readonly facets: Facets }[] =>
    [...stored.values()]
      .filter(({ row }) => row.grain === grain && streams.includes(row.stream) && row.start >= from && row.start < to)
      .sort((a, b) => a.row.start - b.row.start)
  const change = (key: BucketKey, facts: Partial<BucketRow['ledger']>): void => {
    const before = stored.get(keyOf(key))
    if (before) {
      const row = { ...before.row, ledger: { ...before.row.ledger, ...facts }, version: String(++versions) }
      stored.set(keyOf(key), { ...before, row })
    }
  }
  return {
    removed,
    rows: async (query) => found(query).map(({ row }) => row),
    facets: async (query) =>
      found(query).map(({ row: { stream, grain, start, ledger }, facets }) => ({
        stream,
        grain,
        start,
        facets,
        due: ledger.children?.due === true,
        addTo: (sum) => sum.add(facets),
      })),
    commit: async (writes) => {
      const fits = writes.filter((write) => stored.get(keyOf(write))?.row.version === write.replaces)
      for (const { stream, grain, start, ledger, aggregate } of fits) {
        const row = { stream, grain, start, ledger, counts: aggregate.counts, version: String(++versions) }
        stored.set(keyOf(row), { row, facets: aggregate.facets })
      }
      return { committed: fits, conflicts: writes.filter((write) => !fits.includes(write)) }
    },
    markDue: async (keys, known = []) => {
      for (const key of [...keys, ...known]) {
        const children = stored.get(keyOf(key))?.row.ledger.children
        if (children) change(key, { children: { ...children, due: true } })
      }
    },
    noteShrunk: async (key, shrunkTo) => change(key, { shrunkTo }),
    remove: async (keys) => {
      for (const key of keys) if (stored.delete(keyOf(key))) removed.push(key)
    },
  }
}
