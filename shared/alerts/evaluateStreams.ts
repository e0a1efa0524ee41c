import type { StreamStatus } from '../signIns/completeness'
import { minute, second } from '../signIns/instant'
import type { AlertRule, Cause } from './alert'
import { alertId, type Evaluation, noTop } from './evaluation'
import { type Observations, sightOf, statusOf } from './observations'

/** A stream that is only behind matters when it lags this many times the threshold. */
const behindFactor = 3

/** What a rule about streams sees in one of them. */
interface Finding {
  readonly cause: Cause
  readonly seconds: number
}

/** Streams of which nothing is read, or whose reading lags far behind, which is no more than a warning. */
export const evaluateSilence = (rule: AlertRule, observations: Observations): Evaluation[] =>
  evaluateStreams(rule, observations, ({ state, lagSeconds = 0 }) => {
    if (state === 'stalled' && lagSeconds >= rule.threshold) return { cause: 'stalled', seconds: lagSeconds }
    if (state === 'behind' && lagSeconds >= behindFactor * rule.threshold) return { cause: 'behind', seconds: lagSeconds }
    return undefined
  })

/** Streams that Graph refuses for want of a permission or a licence; one that a cloud does not have is no fault. */
export const evaluateRefusal = (rule: AlertRule, observations: Observations): Evaluation[] =>
  evaluateStreams(rule, observations, ({ state, refusal }) => {
    if (state !== 'forbidden' && state !== 'unlicensed') return undefined
    const seconds = refusal ? Math.max(0, Math.round((observations.now - refusal.since) / second)) : 0
    return seconds >= rule.threshold ? { cause: 'refused', seconds } : undefined
  })

function evaluateStreams(rule: AlertRule, observations: Observations, find: (status: StreamStatus) => Finding | undefined): Evaluation[] {
  const sight = sightOf(rule, observations)
  const statuses = sight.streams.map((stream) => statusOf(observations, stream)).filter((status) => status !== undefined)
  const evaluate = (some: readonly StreamStatus[], stream?: string): Evaluation => {
    const found = some.map((status) => ({ status, finding: find(status) })).filter(({ finding }) => finding !== undefined)
    const causes = (['stalled', 'behind', 'refused'] as const).filter((cause) => found.some(({ finding }) => finding?.cause === cause))
    const seconds = found.reduce((longest, { finding }) => Math.max(longest, finding?.seconds ?? 0), 0)
    return {
      rule,
      id: alertId(rule.id, stream),
      labels: stream === undefined ? {} : { stream },
      causes,
      lasting: causes,
      noData: false,
      severity: causes[0] === 'behind' && rule.severity !== 'info' ? 'warning' : rule.severity,
      value: seconds,
      usual: undefined,
      threshold: rule.threshold,
      unit: 'seconds',
      window: { from: observations.now - seconds * second, to: observations.now },
      completeTo: sight.completeTo,
      facts: {
        streams: found.map(({ status }) => status.stream).join(', ') || '–',
        lagMinutes: Math.round((seconds * second) / minute),
      },
      top: noTop,
    }
  }
  if (!rule.groupBy.includes('stream')) return [evaluate(statuses)]
  return [{ ...evaluate(statuses), causes: [], lasting: [] }, ...statuses.map((status) => evaluate([status], status.stream))]
}
