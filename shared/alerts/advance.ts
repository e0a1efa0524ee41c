import { type Instant, second } from '../signIns/instant'
import type { Alert, Cause } from './alert'
import { type Evaluation, graver } from './evaluation'

/**
 * One step of every alert: inactive → pending → firing → recovering → inactive. An alert goes on while its condition holds
 * now or still holds in the window up to `completeTo`; without data a state persists. A new firing after the end of the
 * last keeps the id and has a new `startsAt`. Alerts that nothing happened to are handed back as the same objects.
 */
export function advance(previous: readonly Alert[], evaluations: readonly Evaluation[], now: Instant): Alert[] {
  const before = new Map(previous.map((alert) => [alert.id, alert]))
  const after = new Map(before)
  for (const evaluation of evaluations) {
    const next = step(before.get(evaluation.id), evaluation, isActive(after.get(evaluation.unless ?? '')), now)
    if (next) after.set(evaluation.id, next)
  }
  const evaluated = new Set(evaluations.map(({ id }) => id))
  for (const alert of previous) {
    if (isActive(alert) && !evaluated.has(alert.id)) after.set(alert.id, withoutEvaluation(alert, evaluations, now))
  }
  return [...after.values()]
}

/** Not over: pending, firing or recovering. */
export const isActive = (alert: Alert | undefined): boolean => alert !== undefined && alert.state !== 'inactive'

/** What receivers are told of: it fires, or holds on to see whether it is over. */
export const isFiring = (alert: Alert): boolean => alert.state === 'firing' || alert.state === 'recovering'

function step(alert: Alert | undefined, evaluation: Evaluation, inhibited: boolean, now: Instant): Alert | undefined {
  const { causes, lasting, rule, noData } = evaluation
  if (alert === undefined || alert.state === 'inactive') return causes.length > 0 && !inhibited ? begin(evaluation, now) : alert
  if (inhibited) return end(alert, now)
  const kept = alert.causes.filter((cause) => lasting.includes(cause))
  if (causes.length > 0 || kept.length > 0) return hold(alert, evaluation, [...new Set([...causes, ...kept])], now)
  if (noData) return { ...alert, noData: true }
  const measured = { ...alert, noData: false, value: evaluation.value, usual: evaluation.usual, window: evaluation.window }
  const quiet: Alert = { ...measured, completeTo: evaluation.completeTo }
  if (alert.state === 'pending') return end(quiet, now)
  const over = elapsedSeconds(alert.lastHeldAt, now) >= rule.keepFiringSeconds
  return over && (alert.state === 'recovering' || rule.keepFiringSeconds === 0) ? end(quiet, now) : { ...quiet, state: 'recovering' }
}

function begin(evaluation: Evaluation, now: Instant): Alert {
  const fires = evaluation.rule.pendingSeconds === 0
  return {
    id: evaluation.id,
    rule: evaluation.rule.id,
    severity: evaluation.severity,
    state: fires ? 'firing' : 'pending',
    noData: false,
    startsAt: now,
    firedAt: fires ? now : undefined,
    lastHeldAt: now,
    endsAt: undefined,
    causes: evaluation.causes,
    labels: evaluation.labels,
    value: evaluation.value,
    usual: evaluation.usual,
    threshold: evaluation.threshold,
    unit: evaluation.unit,
    window: evaluation.window,
    completeTo: evaluation.completeTo,
    facts: evaluation.facts,
    top: evaluation.top,
    acknowledgedBy: undefined,
  }
}

/** The words keep to the evaluation in which the condition last held by itself: a quiet edge says nothing about who is affected. */
function hold(alert: Alert, evaluation: Evaluation, causes: readonly Cause[], now: Instant): Alert {
  const fires = alert.state !== 'pending' || elapsedSeconds(alert.startsAt, now) >= evaluation.rule.pendingSeconds
  const words = evaluation.causes.length > 0 ? { facts: evaluation.facts, top: evaluation.top } : {}
  return {
    ...alert,
    ...words,
    severity: graver(alert.severity, evaluation.severity),
    state: fires ? 'firing' : 'pending',
    noData: false,
    firedAt: alert.firedAt ?? (fires ? now : undefined),
    lastHeldAt: now,
    causes,
    value: evaluation.value,
    usual: evaluation.usual,
    threshold: evaluation.threshold,
    window: evaluation.window,
    completeTo: evaluation.completeTo,
  }
}

const end = (alert: Alert, now: Instant): Alert => ({ ...alert, state: 'inactive', endsAt: now })

/** Its label is gone, or its rule: without data it persists, else it recovers as if the rule had looked and found nothing. */
function withoutEvaluation(alert: Alert, evaluations: readonly Evaluation[], now: Instant): Alert {
  const ofRule = evaluations.find(({ rule }) => rule.id === alert.rule)
  if (!ofRule) return end(alert, now)
  const nothing: Evaluation = { ...ofRule, id: alert.id, labels: alert.labels, causes: [], lasting: [], value: 0, usual: alert.usual }
  return step(alert, nothing, false, now) ?? alert
}

const elapsedSeconds = (from: Instant, to: Instant): number => (to - from) / second
