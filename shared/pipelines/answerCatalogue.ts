import type { AlertRule } from '../alerts/alert'
import { builtInRules } from '../alerts/rules'
import { failureClasses, families } from '../failures/catalogue'
import type { FamilyId, MendedBy, Outcome, Severity, SignalId } from '../failures/catalogueTypes'
import { type ClassView, classView, mendedByWords, type NoteView, noteView, outcomeWords, severityWords } from '../failures/classView'
import { notes } from '../failures/notes'
import { signals } from '../failures/signals'
import type { Language, Words } from '../failures/words'
import { second } from '../signIns/instant'
import { type StreamId, streamIds, streams } from '../signIns/streams'
import type { Answer } from './answerSummary'
import type { MonitorOptions } from './options'

/** What is asked of the catalogue. */
export interface CatalogueQuery {
  readonly language: Language
}

/** A value that is in force, and where it comes from. A setting that repeats the built-in value changes nothing. */
export interface EffectiveValue<Value> {
  readonly value: Value
  readonly from: 'built-in' | `setting ${string}`
}

/** The body of `GET /api/catalogue`: everything that a dashboard needs to name and explain what it shows. */
export interface Catalogue {
  readonly schemaVersion: 1
  readonly language: Language
  readonly families: readonly CatalogueFamily[]
  readonly classes: readonly ClassView[]
  /** How people call what the classes name by id. */
  readonly words: {
    readonly mendedBy: Readonly<Record<MendedBy, string>>
    readonly severity: Readonly<Record<Severity, string>>
    readonly outcome: Readonly<Record<Outcome, string>>
  }
  readonly signals: readonly { readonly signal: SignalId; readonly title: string; readonly meaning: string }[]
  readonly streams: readonly { readonly stream: StreamId; readonly title: string; readonly enabled: EffectiveValue<boolean> }[]
  readonly rules: readonly CatalogueRule[]
}

export interface CatalogueFamily {
  readonly family: FamilyId
  readonly title: string
  readonly meaning: string
  /** A prompt of it is a failure when nobody can answer it. */
  readonly needsPerson: boolean
  /** What its numbers cannot see. */
  readonly notes: readonly NoteView[]
}

export interface CatalogueRule {
  readonly id: string
  readonly title: string
  readonly measure: AlertRule['measure']
  readonly runbook: string
  /** What `ALERT_RULES` can change, `window` in seconds. */
  readonly values: Readonly<Record<OverridableName, EffectiveValue<unknown>>>
}

const overridable = {
  enabled: (rule) => rule.enabled,
  mode: (rule) => rule.mode,
  severity: (rule) => rule.severity,
  threshold: (rule) => rule.threshold,
  floor: (rule) => rule.floor,
  window: (rule) => rule.window / second,
  pendingSeconds: (rule) => rule.pendingSeconds,
  keepFiringSeconds: (rule) => rule.keepFiringSeconds,
  groupBy: (rule) => rule.groupBy,
} as const satisfies Record<string, (rule: AlertRule) => unknown>

type OverridableName = keyof typeof overridable

/** The catalogue and the values in force. It depends on the build and the settings, so nothing is read; it holds no secret. */
export function answerCatalogue(
  { language }: CatalogueQuery,
  options: Pick<MonitorOptions, 'version' | 'streams' | 'rules'>,
): Answer<Catalogue> {
  return {
    dependsOn: JSON.stringify([options.version, language, options.streams, options.rules]),
    body: async () => ({
      schemaVersion: 1,
      language,
      families: families.map((family) => ({
        family: family.id,
        title: family.title[language],
        meaning: family.meaning[language],
        needsPerson: family.needsPerson === true,
        notes: notes.filter((note) => note.family === family.id).map((note) => noteView(note, language)),
      })),
      classes: failureClasses.map((row) => classView(row, language)),
      words: {
        mendedBy: inLanguage(mendedByWords, language),
        severity: inLanguage(severityWords, language),
        outcome: inLanguage(outcomeWords, language),
      },
      signals: signals.map(({ id, title, meaning }) => ({ signal: id, title: title[language], meaning: meaning[language] })),
      streams: streams.map(({ id, title }) => ({ stream: id, title: title[language], enabled: enabledOf(id, options.streams) })),
      rules: options.rules.map((rule) => ruleView(rule, language)),
    }),
  }
}

const inLanguage = <Id extends string>(words: Readonly<Record<Id, Words>>, language: Language): Readonly<Record<Id, string>> =>
  Object.fromEntries(Object.entries<Words>(words).map(([id, each]) => [id, each[language]])) as Record<Id, string>

function enabledOf(stream: StreamId, enabled: readonly StreamId[]): EffectiveValue<boolean> {
  const isDefault = streamIds.every((id) => enabled.includes(id))
  return { value: enabled.includes(stream), from: isDefault ? 'built-in' : 'setting STREAMS' }
}

function ruleView(rule: AlertRule, language: Language): CatalogueRule {
  const builtIn = builtInRules.find(({ id }) => id === rule.id)
  const effective = (read: (rule: AlertRule) => unknown): EffectiveValue<unknown> => {
    const value = read(rule)
    const isBuiltIn = builtIn !== undefined && JSON.stringify(read(builtIn)) === JSON.stringify(value)
    return { value, from: isBuiltIn ? 'built-in' : 'setting ALERT_RULES' }
  }
  return {
    id: rule.id,
    title: rule.title[language],
    measure: rule.measure,
    runbook: rule.runbook[language],
    values: Object.fromEntries(Object.entries(overridable).map(([name, read]) => [name, effective(read)])) as CatalogueRule['values'],
  }
}
