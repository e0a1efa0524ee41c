import type { Severity } from '../failures/catalogueTypes'
import type { TimeRange } from '../signIns/buckets'
import type { Instant } from '../signIns/instant'
import type { AlertRule, AlertTop, AlertUnit, Cause } from './alert'

/** What one rule says now about one set of labels. */
export interface Evaluation {
  readonly rule: AlertRule
  /** The id of the alert that it is about. */
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  /** Why the condition holds now; empty when it does not. */
  readonly causes: readonly Cause[]
  /** Causes that an alert which has them goes on by: the way back is judged by windows that end at `completeTo`. */
  readonly lasting: readonly Cause[]
  /** The id of an alert, earlier in the list, while which this one neither begins nor lasts. */
  readonly unless?: string
  /** The streams do not reach near enough to now: nothing ends. */
  readonly noData: boolean
  readonly severity: Severity
  readonly value: number
  readonly usual: number | undefined
  readonly threshold: number
  readonly unit: AlertUnit
  readonly window: TimeRange
  readonly completeTo: Instant | undefined
  readonly facts: Readonly<Record<string, string | number>>
  readonly top: AlertTop
}

export const noTop: AlertTop = { apps: [], resourceTenants: [] }

/** The id of a rule's alert for one value of its label. What a table key cannot hold is escaped, so that no two values meet. */
export function alertId(rule: string, label?: string): string {
  if (label === undefined) return rule
  const escaped = label.replace(/[^A-Za-z0-9.-]/g, (character) => `_${character.codePointAt(0)?.toString(16) ?? ''}_`)
  return `${rule}~${escaped}`
}

const severities: readonly Severity[] = ['info', 'warning', 'error', 'critical']

/** The graver of two severities. */
export const graver = (a: Severity, b: Severity): Severity => (severityRank(a) >= severityRank(b) ? a : b)

/** 0 for `info` up to 3 for `critical`. */
export const severityRank = (severity: Severity): number => severities.indexOf(severity)
