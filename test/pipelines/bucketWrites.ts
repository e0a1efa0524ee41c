import type { BucketKey, BucketWrite, Ledger } from '../../shared/aggregates/bucketRow'
import { emptyFacets, everyFacet } from '../../shared/aggregates/merge'
import { bucketEnd } from '../../shared/signIns/buckets'
import { day, hour } from '../../shared/signIns/instant'

/** A bucket that was read itself, at its last settling age unless said otherwise, with some successes of one app. */
export function readBucket(key: BucketKey, signIns: number, facts: Partial<Ledger> & { readonly replaces?: string } = {}): BucketWrite {
  const { replaces, ...ledger } = facts
  const scope = {
    signIns,
    facets: { ...everyFacet(() => new Map<string, number>()), apps: new Map([['payroll', signIns]]) },
    users: new Map(),
    unknownUsers: signIns,
  }
  return {
    ...key,
    ledger: {
      readAt: bucketEnd(key.start, key.grain) + day + hour,
      rows: signIns,
      pages: 1,
      malformedRows: 0,
      rowsWhenComplete: signIns,
      shrunkTo: undefined,
      children: undefined,
      ...ledger,
    },
    aggregate: {
      counts: { cells: new Map([['success||0', signIns]]), signals: new Map() },
      facets: signIns === 0 ? emptyFacets : { ...emptyFacets, scopes: new Map([['outcome|success', scope]]) },
    },
    replaces,
  }
}
