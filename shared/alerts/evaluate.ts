import type { AlertRule } from './alert'
import { evaluateFamily } from './evaluateFamily'
import { evaluateShare } from './evaluateShare'
import { evaluateRefusal, evaluateSilence } from './evaluateStreams'
import type { Evaluation } from './evaluation'
import type { Observations } from './observations'

export type { Observations } from './observations'

/** What every enabled rule says now. A disabled rule says nothing, by which its alerts end. */
export const evaluateRules = (rules: readonly AlertRule[], observations: Observations): Evaluation[] =>
  rules.filter((rule) => rule.enabled).flatMap((rule) => evaluateRule(rule, observations))

function evaluateRule(rule: AlertRule, observations: Observations): Evaluation[] {
  const { measure } = rule
  switch (measure.kind) {
    case 'family':
      return evaluateFamily(rule, measure, observations)
    case 'signalShare':
      return evaluateShare(rule, measure, observations)
    case 'streamSilence':
      return evaluateSilence(rule, observations)
    case 'streamRefused':
      return evaluateRefusal(rule, observations)
  }
}
