import { familyIdOf } from '../failures/catalogue'
import { type FailureClassId, type FamilyId, type Outcome, outcomes } from '../failures/catalogueTypes'
import { remembering } from '../signIns/remembering'
import type { Counts } from './aggregate'

/** What a key of `Counts.cells` says, `outcome|class|code`. */
export interface Cell {
  readonly outcome: Outcome
  /** Failed sign-ins are the ones with a family and a class of failure; of an interrupt they say what was asked for. */
  readonly failureClass: FailureClassId
  readonly family: FamilyId
  /** The code as text; `unknown` where the row had none that could be read. */
  readonly errorCode: string
}

/** Reads the key of a cell. A class that is missing is `other.unknown-code`, so that sums over classes are whole. */
export const parseCell = remembering((key): Cell => {
  const [outcome, failureClass, errorCode] = key.split('|')
  const id = (failureClass || 'other.unknown-code') as FailureClassId
  return {
    outcome: outcomes.find((one) => one === outcome) ?? 'failure',
    failureClass: id,
    family: familyIdOf(id),
    errorCode: errorCode === undefined || errorCode === '-1' ? 'unknown' : errorCode,
  }
})

/** Cells with what their keys say. */
export const readCells = (counts: Counts): (readonly [Cell, number])[] =>
  Array.from(counts.cells, ([key, count]) => [parseCell(key), count] as const)

/** Outcomes that `failures` counts: Entra's own faults stand beside the failures. */
export const isFailed = (outcome: Outcome): boolean => outcome === 'failure' || outcome === 'serviceFault'
