import type { FailureClassId, FamilyId, Severity, SignalId } from '../failures/catalogueTypes'
import type { Words } from '../failures/words'
import type { TimeRange } from '../signIns/buckets'
import type { Instant } from '../signIns/instant'
import type { StreamState } from '../signIns/streamState'

/** `noData` stands beside the state: a firing alert goes on firing through it. */
export type AlertState = 'inactive' | 'pending' | 'firing' | 'recovering'

/** What an alert's value is counted in. */
export type AlertUnit = 'signIns' | 'share' | 'seconds'

/**
 * Why a condition holds. `rise`: far above the baseline; `fault`: a block that the known tenants call a fault;
 * `own-tenant`: the monitored tenant is blocked; `lost-target`: a target that mostly succeeded lately is mostly blocked
 * now; `share`, `share-corroborated`: backup tokens, by themselves or beside other signs of an outage; `exercise`: backup
 * tokens without such signs; `stalled`, `behind`, `refused`: a stream that is not being read.
 */
export type Cause =
  | 'rise'
  | 'fault'
  | 'own-tenant'
  | 'lost-target'
  | 'share'
  | 'share-corroborated'
  | 'exercise'
  | 'stalled'
  | 'behind'
  | 'refused'

/** One alert of one rule, as it is stored: plain JSON. */
export interface Alert {
  /** Stable for one rule and one set of labels, from pending to resolved; a new firing has a new `startsAt`. Free of `/ \ # ?`. */
  readonly id: string
  readonly rule: string
  /** Never falls while the alert lasts. */
  readonly severity: Severity
  readonly state: AlertState
  readonly noData: boolean
  /** When the condition began to hold. */
  readonly startsAt: Instant
  /** When it began to fire; undefined for one that was only ever pending. */
  readonly firedAt: Instant | undefined
  /** When it last held; resolution waits for the keep-firing period after it. */
  readonly lastHeldAt: Instant
  /** When it ended; undefined while it lasts. */
  readonly endsAt: Instant | undefined
  /** Why it began or went on, most telling first; what it ends by. */
  readonly causes: readonly Cause[]
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** The same hour last week; undefined where there is no history. */
  readonly usual: number | undefined
  readonly threshold: number
  readonly unit: AlertUnit
  readonly window: TimeRange
  readonly completeTo: Instant | undefined
  /** What the words are filled in with: counts, names of apps, tenants and streams, nothing personal. */
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
  /** `observe`: the alert is there to be looked at and nobody is told. */
  readonly mode: 'page' | 'observe'
  readonly enabled: boolean
  readonly severity: Severity
  /** What the value has to reach: sign-ins in the window, a share of 0 to 1, or seconds. */
  readonly threshold: number
  /** Fewer sign-ins than this are never enough: of one target in a count rule, known ones in all in a share rule. */
  readonly floor: number
  /** Length of the window in milliseconds, whole buckets. */
  readonly window: number
  /** How long the condition has to hold before the alert fires. */
  readonly pendingSeconds: number
  /** How long the alert goes on after the condition last held. */
  readonly keepFiringSeconds: number
  /** The label to make one alert each of, at most one; empty means one alert for the rule. */
  readonly groupBy: readonly GroupLabel[]
  /** Compare with the same hour last week. */
  readonly baseline: boolean
  /** States in which a stream gives this rule nothing: it is left out, and with no other stream the rule stays as it is. */
  readonly inhibitedBy: readonly StreamState[]
  readonly title: Words
  /** Templates over the alert's facts, e.g. `{value}`, by the first cause; `default` where a cause has none of its own. */
  readonly summary: Readonly<Partial<Record<Cause, Words>>> & { readonly default: Words }
  readonly remedy: Readonly<Partial<Record<Cause, Words>>> & { readonly default: Words }
  /** Address of the page that says what to do. */
  readonly runbook: Words
}

/** What a rule's alerts can be told apart by. */
export type GroupLabel = 'class' | 'stream' | 'app' | 'resourceTenant'

export type Measure =
  /** `targets`: known faults, the own tenant and targets that were lost count besides the sum. */
  | { readonly kind: 'family'; readonly family: FamilyId; readonly classes?: readonly FailureClassId[]; readonly targets?: true }
  | { readonly kind: 'signalShare'; readonly signal: SignalId }
  | { readonly kind: 'streamSilence' }
  | { readonly kind: 'streamRefused' }

export type NotifyReason = 'first-notification' | 'new-alerts' | 'some-resolved' | 'all-resolved' | 'repeat-interval-passed' | 'none'

/** The alerts that are told together: plain JSON. */
export interface AlertGroup {
  readonly groupKey: string
  /** What each receiver was last told; decides whether it is told again. */
  readonly told: readonly LastNotification[]
  /** How many notifications there were: the next one carries the next number. */
  readonly notifications: number
}

/** What one receiver was last told. */
export interface LastNotification {
  readonly receiver: string
  readonly at: Instant
  /** What was firing then, by {@link Alert.id} and severity. */
  readonly firing: readonly string[]
}

/** One notification for one receiver, with the content as it was: plain JSON. */
export interface OutboxRow {
  /** Stays the same over retries: the receiver's key against doubles. Letters, digits, `_` and `-` only. */
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
