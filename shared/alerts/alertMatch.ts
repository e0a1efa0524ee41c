import type { Severity } from '../failures/catalogueTypes'
import type { Alert } from './alert'

/** What the receivers of an alert are chosen by. */
export interface AlertMatch {
  readonly severity: Severity
  readonly rule: string
  readonly family: string | undefined
}

/** What an alert shows of itself to that choice. */
export const matchOf = ({ severity, rule, labels }: Alert): AlertMatch => ({ severity, rule, family: labels['family'] })
