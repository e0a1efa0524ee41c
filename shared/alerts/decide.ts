import type { Severity } from '../failures/catalogueTypes'
import { hour, type Instant, second } from '../signIns/instant'
import { advance, isActive, isFiring } from './advance'
import type { Alert, AlertGroup, AlertRule, LastNotification, NotificationContent, OutboxRow } from './alert'
import { type Evaluation, severityRank } from './evaluation'
import { notifyReason } from './notifyReason'

/** What is stored of a tenant's alerts. */
export interface KnownAlerts {
  readonly group: AlertGroup | undefined
  readonly alerts: readonly Alert[]
  /** The group's ETag; undefined where it does not exist yet. */
  readonly version: string | undefined
}

/** What the receivers of an alert are chosen by. */
export interface AlertMatch {
  readonly severity: Severity
  readonly rule: string
  readonly family: string | undefined
}

/** What an alert shows of itself to that choice. */
export const matchOf = ({ severity, rule, labels }: Alert): AlertMatch => ({ severity, rule, family: labels['family'] })

/** What the decision needs to know besides. */
export interface DecideContext {
  readonly now: Instant
  readonly tenantId: string
  /** The rules that are in force: what they observe is told to nobody. */
  readonly rules: readonly AlertRule[]
  /** The ids of the receivers that an alert is for. */
  readonly receiversFor: (match: AlertMatch) => readonly string[]
}

/** What is to be written in one transaction. */
export interface Decision {
  readonly group: AlertGroup
  readonly replaces: string | undefined
  readonly alerts: readonly Alert[]
  readonly outbox: readonly OutboxRow[]
}

/** Alerts that one transaction changes; the rest wait for the next run. */
export const changedAlertsMax = 90
/** Receivers that one transaction has room for beside them: a table transaction holds 100 operations. */
export const receiversMax = 9
/** Alerts that one notification carries; the others are counted. */
export const notifiedAlertsMax = 20
const repeatIntervalSeconds = (4 * hour) / second

/**
 * Everything that follows from the evaluations, in one step: the alerts that change, and a notification for each receiver
 * that has something to be told. Undefined when nothing changes.
 */
export function decide(stored: KnownAlerts, evaluations: readonly Evaluation[], context: DecideContext): Decision | undefined {
  const before = new Map(stored.alerts.map((alert) => [alert.id, alert]))
  const changed = advance(stored.alerts, evaluations, context.now)
    .filter((alert) => !isSame(alert, before.get(alert.id)))
    .sort((a, b) => importance(b, before.get(b.id)) - importance(a, before.get(a.id)))
    .slice(0, changedAlertsMax)
  const alerts = new Map([...before, ...changed.map((alert) => [alert.id, alert] as const)])
  const { told, outbox } = notifications(stored.group, [...alerts.values()], context)
  const toldBefore = stored.group?.told ?? []
  if (changed.length === 0 && outbox.length === 0 && isSame(told, toldBefore)) return undefined
  const group: AlertGroup = {
    groupKey: groupKeyOf(context.tenantId),
    told,
    notifications: (stored.group?.notifications ?? 0) + (outbox.length > 0 ? 1 : 0),
  }
  return { group, replaces: stored.version, alerts: changed, outbox }
}

/** What a receiver keeps the notifications of one tenant together by. */
export const groupKeyOf = (tenantId: string): string => `entra-signin-monitor:${tenantId}`

function notifications(
  group: AlertGroup | undefined,
  alerts: readonly Alert[],
  context: DecideContext,
): { told: LastNotification[]; outbox: OutboxRow[] } {
  const observed = new Set(context.rules.filter(({ mode }) => mode === 'observe').map(({ id }) => id))
  const routed = alerts.map((alert) => ({ alert, receivers: context.receiversFor(matchOf(alert)) }))
  const toldBefore = new Map(group?.told.map((last) => [last.receiver, last]))
  const told: LastNotification[] = []
  const outbox: OutboxRow[] = []
  const number = (group?.notifications ?? 0) + 1
  const receivers = [...new Set(routed.flatMap((each) => each.receivers))].sort().slice(0, receiversMax)
  for (const receiver of receivers) {
    const ours = routed.filter((each) => each.receivers.includes(receiver)).map(({ alert }) => alert)
    const firing = ours.filter((alert) => isFiring(alert) && !observed.has(alert.rule))
    const keys = new Set(firing.map(toldKey))
    const last = toldBefore.get(receiver)
    const known = last && { ...last, firing: last.firing.filter((key) => ours.some((alert) => alert.id === idOf(key))) }
    const reason = notifyReason(known, { firing: keys, repeatIntervalSeconds: repeatAfter(firing) }, context.now)
    if (reason === 'none') {
      if (known && known.firing.length > 0) told.push(known)
      continue
    }
    const over = ours.filter((alert) => !firing.includes(alert) && known?.firing.some((key) => idOf(key) === alert.id))
    const listed = [...firing.sort(byGravity), ...over.sort(byGravity).map((alert) => ended(alert, context.now))]
    outbox.push({
      id: notificationId(context, number, receiver),
      receiver,
      content: contentOf(reason, listed, firing.length > 0, context),
      state: 'waiting',
      attempts: 0,
      nextAttemptAt: context.now,
      lastReason: undefined,
    })
    if (keys.size > 0) told.push({ receiver, at: context.now, firing: [...keys].sort() })
  }
  return { told, outbox }
}

const contentOf = (
  reason: NotificationContent['reason'],
  listed: readonly Alert[],
  fires: boolean,
  { now, tenantId }: DecideContext,
): NotificationContent => ({
  type: fires ? 'alert.firing' : 'alert.resolved',
  at: now,
  groupKey: groupKeyOf(tenantId),
  reason,
  tenantId,
  alerts: listed.slice(0, notifiedAlertsMax),
  omittedAlerts: Math.max(0, listed.length - notifiedAlertsMax),
})

/** A graver severity is news: it makes another key. Ids hold no blank. */
const toldKey = ({ id, severity }: Alert): string => `${id} ${severity}`
const idOf = (key: string): string => key.slice(0, key.indexOf(' '))

/** An `info` is said once. */
const repeatAfter = (firing: readonly Alert[]): number =>
  firing.some(({ severity }) => severity !== 'info') ? repeatIntervalSeconds : Number.POSITIVE_INFINITY

/** To a receiver that is no longer told of it, an alert has ended. */
const ended = (alert: Alert, now: Instant): Alert => (isActive(alert) ? { ...alert, state: 'inactive', endsAt: now } : alert)

const byGravity = (a: Alert, b: Alert): number =>
  severityRank(b.severity) - severityRank(a.severity) || a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1)

/** Changes of state come before changes of value, grave ones first. */
const importance = (alert: Alert, before: Alert | undefined): number =>
  (alert.state === before?.state ? 0 : 10) + severityRank(alert.severity)

/** Unique even when the stored counter was lost, and free of the dot that separates the parts of what is signed. */
const notificationId = ({ now, tenantId }: DecideContext, number: number, receiver: string): string =>
  ['msg', tenantId, now.toString(36), number, receiver].join('_').replace(/[^A-Za-z0-9_-]/g, '-')

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
