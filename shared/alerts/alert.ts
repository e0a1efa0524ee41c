import type { FamilyId, Severity, SignalId } from '../failures/catalogueTypes'
import type { Words } from '../failures/words'
import type { TimeRange } from '../signIns/buckets'
import type { Instant } from '../signIns/instant'

/** `noData` stands beside the state: a firing alert goes on firing through it. */
export type AlertState = 'inactive' | 'pending' | 'firing' | 'recovering'

/** One alert of one rule, as it is stored. */
export interface Alert {
  /** Stable for one rule and one set of labels; a new firing has a new `startsAt`. */
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly state: AlertState
  readonly noData: boolean
  /** When the condition began to hold. */
  readonly startsAt: Instant
  /** When it last held; resolution waits for the keep-firing period after it. */
  readonly lastHeldAt: Instant
  /** When it ended; undefined while it lasts. */
  readonly endsAt: Instant | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** The same hour last week; undefined where there is no history. */
  readonly usual: number | undefined
  readonly threshold: number
  readonly unit: 'signIns' | 'share' | 'seconds'
  readonly window: TimeRange
  readonly completeTo: Instant | undefined
  /** What the words are filled in with: counts, names of apps and tenants, nothing personal. */
  readonly facts: Readonly<Record<string, string | number>>
  readonly top: AlertTop
  readonly acknowledgedBy: string | undefined
}

/** The leading targets at the time of the evaluation. */
export interface AlertTop {
  readonly apps: readonly TopEntry[]
  readonly resourceTenants: readonly TopEntry[]
}

export interface TopEntry {
  readonly id: string
  readonly name?: string | undefined
  readonly kind?: string | undefined
  readonly blocked?: 'expected' | 'fault' | undefined
  readonly signIns: number
}

/** One rule: what is measured, when it matters, and the words. */
export interface AlertRule {
  readonly id: string
  readonly measure: Measure
  readonly mode: 'page' | 'observe'
  readonly enabled: boolean
  readonly severity: Severity
  readonly threshold: number
  readonly floor: number
  /** Length of the window in milliseconds. */
  readonly window: number
  readonly pendingSeconds: number
  readonly keepFiringSeconds: number
  /** Labels to make one alert each of; empty means one alert for the rule. */
  readonly groupBy: readonly string[]
  /** Compare with the same hour last week. */
  readonly baseline: boolean
  /** Ids of rules whose firing silences this one. */
  readonly inhibitedBy: readonly string[]
  readonly title: Words
  /** A template over the alert's facts: `{value}`, `{top}`. */
  readonly summary: Words
  readonly remedy: Words
  readonly runbook: string
}

export type Measure =
  | { readonly kind: 'family'; readonly family: FamilyId; readonly classes?: readonly string[] }
  | { readonly kind: 'signalShare'; readonly signal: SignalId }
  | { readonly kind: 'streamSilence' }
  | { readonly kind: 'streamRefused' }

/** What a group was last told about; decides whether it is told again. */
export interface LastNotification {
  readonly at: Instant
  /** Ids of the alerts that were firing then. */
  readonly firing: ReadonlySet<string>
}

export type NotifyReason = 'first-notification' | 'new-alerts' | 'some-resolved' | 'all-resolved' | 'repeat-interval-passed' | 'none'

/** The alerts that are told together. */
export interface AlertGroup {
  readonly groupKey: string
  readonly lastNotification: LastNotification | undefined
  /** What notifications carry an increasing number of, so that the id of each is its own. */
  readonly notifications: number
}

/** One notification for one receiver, with the content as it was. */
export interface OutboxRow {
  /** Stays the same over retries: the receiver's key against doubles. */
  readonly id: string
  readonly receiver: string
  /** The body's facts, frozen: see {@link NotificationContent}. */
  readonly content: NotificationContent
  readonly state: 'waiting' | 'delivered' | 'parked'
  readonly attempts: number
  readonly nextAttemptAt: Instant
  readonly lastReason: string | undefined
}

/** What a receiver makes its message from. */
export interface NotificationContent {
  readonly type: 'alert.firing' | 'alert.resolved' | 'alert.test'
  readonly at: Instant
  readonly groupKey: string
  readonly reason: NotifyReason
  readonly tenantId: string
  readonly alerts: readonly Alert[]
  readonly omittedAlerts: number
}
