import type { Grain } from '../signIns/buckets'
import type { Instant } from '../signIns/instant'
import type { StreamId } from '../signIns/streams'
import type { Aggregate, Counts, Facets } from './aggregate'

/** Which bucket: a stream, a grain and the start of its time. */
export interface BucketKey {
  readonly stream: StreamId
  readonly grain: Grain
  readonly start: Instant
}

/**
 * A stored bucket without its facets: the counts and the ledger of its own reading. `version` is the entity's ETag.
 */
export interface BucketRow extends BucketKey {
  readonly ledger: Ledger
  readonly counts: Counts
  readonly version: string
}

/** A bucket as it is written: replaced whole, never added to. */
export interface BucketWrite extends BucketKey {
  readonly ledger: Ledger
  /** May be made only when it is asked for, and again each time: a commit of many holds one at a time. */
  readonly aggregate: Aggregate
  /** The ETag that was read before the first page; undefined where no row existed. */
  readonly replaces: string | undefined
}

export interface BucketFacets extends BucketKey {
  readonly facets: Facets
}

/** What the reading of a bucket was. A coarse row carries the sums and extremes of its children. */
export interface Ledger {
  /** When the reading started, on Graph's clock; of a coarse row the earliest of its children. */
  readonly readAt: Instant
  readonly rows: number
  readonly pages: number
  readonly malformedRows: number
  /** Rows of the first reading that started `arrivalAllowance` after the end: what came on top of them is late. */
  readonly rowsWhenComplete: number | undefined
  /**
   * How many sign-ins had shown by each age after the bucket's end (`arrivalAges`), as far as readings saw them come; of a
   * coarse row the sums of its children. Left out where the first reading was too late to tell.
   */
  readonly arrivals?: readonly number[] | undefined
  /** A reading with fewer rows than the stored one, waiting for a second one to agree: its row count. */
  readonly shrunkTo: number | undefined
  /** Of a coarse row made from finer ones; undefined for a bucket that was read itself. */
  readonly children: ChildrenLedger | undefined
}

/** What a coarse row was made from. */
export interface ChildrenLedger {
  /** Changes when any child's reading changes. */
  readonly fingerprint: string
  readonly expected: number
  readonly read: number
  /** Children whose reading started `arrivalAllowance` or more after their end. */
  readonly complete: number
  /** Children whose final settling age was read. */
  readonly settled: number
  /** All children had their last settling age: this row carries the ledger from now on and is never made again. */
  readonly sealed: boolean
  /** A child changed since: readers use the finer rows until this row is made again. */
  readonly due: boolean
}
