import { minute, second } from '../signIns/instant'
import type { AlertRule, GroupLabel, Measure } from './alert'

/** The rules with their overrides, or every mistake of the overrides in one text: what is wrong and what is allowed. */
export type OverriddenRules = { readonly ok: true; readonly rules: readonly AlertRule[] } | { readonly ok: false; readonly error: string }

interface Field {
  readonly allowed: (rule: AlertRule) => string
  /** The value as the rule holds it; undefined where it is not allowed. */
  readonly read: (value: unknown, rule: AlertRule) => unknown
}

/** Mistakes that one message names. */
const errorsMax = 10
const windowMin = 5 * minute
const windowMax = 60 * minute
const durationUnits: Readonly<Record<string, number>> = { s: second, m: minute, h: 60 * minute }

/**
 * Lays `ALERT_RULES` over the rules: an array of objects with the `id` of a rule and any of `enabled`, `mode`, `severity`,
 * `threshold`, `floor`, `window`, `pendingSeconds`, `keepFiringSeconds`, `groupBy`. `window` is text with a unit (`15m`,
 * `1h`, `900s`) or a number of seconds, in whole 5-minute buckets.
 */
export function applyOverrides(rules: readonly AlertRule[], overrides: unknown): OverriddenRules {
  if (!Array.isArray(overrides)) return { ok: false, error: 'Overrides of rules are an array of objects, each with the id of a rule.' }
  const changed = new Map(rules.map((rule) => [rule.id, rule]))
  const seen = new Set<string>()
  const errors: string[] = []
  for (const [index, override] of overrides.entries()) {
    const id = isRecord(override) ? override['id'] : undefined
    const rule = typeof id === 'string' ? changed.get(id) : undefined
    if (!isRecord(override) || !rule) {
      errors.push(`[${index}].id is not a rule; the rules are ${rules.map((each) => each.id).join(', ')}.`)
      continue
    }
    if (seen.has(rule.id)) errors.push(`[${index}].id: ${rule.id} is overridden twice; put its fields into one object.`)
    seen.add(rule.id)
    changed.set(rule.id, overridden(rule, override, `[${index}]`, errors))
  }
  return errors.length > 0 ? { ok: false, error: errors.slice(0, errorsMax).join(' ') } : { ok: true, rules: [...changed.values()] }
}

function overridden(rule: AlertRule, override: Readonly<Record<string, unknown>>, path: string, errors: string[]): AlertRule {
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(override)) {
    if (name === 'id') continue
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!field) {
      errors.push(`${path} (${rule.id}) has the unknown field ${shown(name)}; the fields are ${Object.keys(fields).join(', ')}.`)
      continue
    }
    const read = field.read(value, rule)
    if (read === undefined) errors.push(`${path}.${name} (${rule.id}) has to be ${field.allowed(rule)}.`)
    else values[name] = read
  }
  return { ...rule, ...values }
}

const oneOf = (...allowed: readonly string[]): Field => ({
  allowed: () => `one of ${allowed.join(', ')}`,
  read: (value) => (typeof value === 'string' && allowed.includes(value) ? value : undefined),
})

const wholeNumber = (min: number, max: number): Field => ({
  allowed: () => `a whole number from ${min} to ${max}`,
  read: (value) => (isWholeNumber(value, min, max) ? value : undefined),
})

const fields: Readonly<Record<string, Field>> = {
  enabled: { allowed: () => 'true or false', read: (value) => (typeof value === 'boolean' ? value : undefined) },
  mode: oneOf('page', 'observe'),
  severity: oneOf('critical', 'error', 'warning', 'info'),
  threshold: {
    allowed: ({ measure }) => thresholdRange[measure.kind].allowed,
    read: (value, { measure }) => (thresholdRange[measure.kind].holds(value) ? value : undefined),
  },
  floor: wholeNumber(0, 1_000_000_000),
  window: {
    allowed: () => 'a length like 15m or 1h, or a number of seconds: whole 5 minutes from 5m to 1h',
    read: readWindow,
  },
  pendingSeconds: wholeNumber(0, 86_400),
  keepFiringSeconds: wholeNumber(0, 86_400),
  groupBy: {
    allowed: ({ measure }) => {
      const labels = groupLabels[measure.kind]
      return labels.length === 0 ? 'an empty array: this rule has one alert' : `an array of at most one of ${labels.join(', ')}`
    },
    read: (value, { measure }) => (isGroupBy(value, groupLabels[measure.kind]) ? value : undefined),
  },
}

const thresholdRange: Readonly<Record<Measure['kind'], { allowed: string; holds: (value: unknown) => boolean }>> = {
  family: { allowed: 'a whole number of sign-ins from 1 to 1000000000', holds: (value) => isWholeNumber(value, 1, 1_000_000_000) },
  signalShare: {
    allowed: 'a share above 0 and up to 1',
    holds: (value) => typeof value === 'number' && value > 0 && value <= 1,
  },
  streamSilence: { allowed: 'a whole number of seconds from 60 to 86400', holds: (value) => isWholeNumber(value, 60, 86_400) },
  streamRefused: { allowed: 'a whole number of seconds from 0 to 86400', holds: (value) => isWholeNumber(value, 0, 86_400) },
}

const groupLabels: Readonly<Record<Measure['kind'], readonly GroupLabel[]>> = {
  family: ['class', 'stream', 'app', 'resourceTenant'],
  signalShare: [],
  streamSilence: ['stream'],
  streamRefused: ['stream'],
}

function readWindow(value: unknown): number | undefined {
  const length = typeof value === 'number' ? value * second : typeof value === 'string' ? durationOf(value) : undefined
  if (length === undefined || length < windowMin || length > windowMax || length % windowMin !== 0) return undefined
  return length
}

function durationOf(text: string): number | undefined {
  const parts = /^(\d{1,5})(s|m|h)$/.exec(text)
  const unit = durationUnits[parts?.[2] ?? '']
  return parts && unit !== undefined ? Number(parts[1]) * unit : undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isWholeNumber = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max

const isGroupBy = (value: unknown, labels: readonly string[]): boolean =>
  Array.isArray(value) && value.length <= 1 && value.every((label) => labels.includes(label))

/** A name that somebody typed, cut short and without anything that could disturb a log line. */
const shown = (name: string): string => name.replace(/[^\w-]/g, '?').slice(0, 40)
