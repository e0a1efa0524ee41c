import { createHash } from 'node:crypto'
import { sumOfArrivals } from '../signIns/arrivals'
import { arrivalAllowance, bucketEnd, bucketStart } from '../signIns/buckets'
import { finalSettlingAge } from '../signIns/readingPlan'
import type { Aggregate, Facets } from './aggregate'
import type { BucketRow, ChildrenLedger, Ledger } from './bucketRow'
import { mergeCounts, mergeFacets } from './merge'

/** A finer bucket with all that is stored of it. */
export interface RollUpChild {
  readonly row: BucketRow
  readonly facets: Facets
}

/**
 * A coarse bucket, computed whole from the finer ones of its stream that exist. `expected` is how many there are when
 * none is missing: 12 for an hour, 23 to 25 for a day. The aggregate is made when it is asked for, and again each time.
 */
export function rollUp(children: readonly RollUpChild[], expected: number): { readonly ledger: Ledger; readonly aggregate: Aggregate } {
  const rows = children.map((child) => child.row)
  return {
    ledger: coarseLedger(rows, expected),
    get aggregate() {
      return {
        counts: mergeCounts(rows.map((row) => row.counts)),
        facets: mergeFacets(children.map((child) => child.facets)),
      }
    },
  }
}

/**
 * Whether a coarse bucket has to be made, or made again, because its children are not those that it was made of. One
 * that is sealed, that was read itself, or that has no children to be made of, never is.
 */
export function isDue(stored: Ledger | undefined, childRows: readonly BucketRow[]): boolean {
  if (childRows.length === 0) return false
  if (stored === undefined) return true
  if (stored.children === undefined || stored.children.sealed) return false
  return stored.children.due || stored.children.fingerprint !== fingerprintOf(childRows)
}

function coarseLedger(rows: readonly BucketRow[], expected: number): Ledger {
  const ledgers = rows.map((row) => row.ledger)
  const settled = rows.filter(isSettled).length
  const anyComplete = ledgers.some((ledger) => ledger.rowsWhenComplete !== undefined)
  return {
    readAt: ledgers.length === 0 ? 0 : Math.min(...ledgers.map((ledger) => ledger.readAt)),
    rows: sum(ledgers, (ledger) => ledger.rows),
    pages: sum(ledgers, (ledger) => ledger.pages),
    malformedRows: sum(ledgers, (ledger) => ledger.malformedRows),
    rowsWhenComplete: anyComplete ? sum(ledgers, (ledger) => ledger.rowsWhenComplete ?? ledger.rows) : undefined,
    arrivals: sumOfArrivals(ledgers.map((ledger) => ledger.arrivals)),
    shrunkTo: undefined,
    children: {
      fingerprint: fingerprintOf(rows),
      expected,
      read: rows.length,
      complete: rows.filter(isComplete).length,
      settled,
      sealed: settled === expected,
      due: false,
    },
  }
}

/** Whether the reading of a bucket came late enough to say something final; of a coarse one, whether those of all its children did. */
function isComplete({ start, grain, ledger }: BucketRow): boolean {
  const { children } = ledger
  if (children) return isWhole(children, children.complete)
  return ledger.readAt >= bucketEnd(start, grain) + arrivalAllowance
}

/**
 * Whether a bucket was read at its last settling age, which counts from the end of its hour, and no smaller reading of
 * it waits for a second one.
 */
function isSettled({ start, ledger }: BucketRow): boolean {
  const { children } = ledger
  if (children) return isWhole(children, children.settled)
  const hourEnd = bucketEnd(bucketStart(start, '1h'), '1h')
  return ledger.shrunkTo === undefined && ledger.readAt >= hourEnd + finalSettlingAge
}

const isWhole = (children: ChildrenLedger, count: number): boolean => children.sealed || (count === children.expected && !children.due)

/** Differs as soon as any child was read again, came or went; the order of the children does not matter. */
function fingerprintOf(rows: readonly BucketRow[]): string {
  const readings = rows.map(({ start, ledger }) =>
    [start, ledger.readAt, ledger.rows, ledger.pages, ledger.children?.fingerprint ?? ''].join(' '),
  )
  return createHash('sha256').update(readings.sort().join('\n')).digest('base64url').slice(0, 22)
}

const sum = (ledgers: readonly Ledger[], amount: (ledger: Ledger) => number): number =>
  ledgers.reduce((total, ledger) => total + amount(ledger), 0)
