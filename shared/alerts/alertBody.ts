import type { Language } from '../failures/words'
import { formatInstant, formatInstantOrNull } from '../signIns/instant'
import type { Alert, AlertRule, AlertTop, NotificationContent, TopEntry } from './alert'

/** What the words and links of a body are made with. */
export interface BodyContext {
  readonly language: Language
  readonly rules: readonly AlertRule[]
  /** Root of the links to this monitor; undefined gives none. */
  readonly publicBaseUrl: string | undefined
}

/** An alert as `/api/alerts`, the summary and the webhook give it. Times are ISO 8601 in UTC. */
export interface AlertBody {
  readonly id: string
  readonly rule: string
  readonly severity: string
  readonly state: 'pending' | 'firing' | 'recovering' | 'resolved'
  readonly noData: boolean
  readonly startsAt: string
  readonly endsAt: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly usual: number | null
  readonly threshold: number
  readonly unit: string
  readonly window: { readonly from: string; readonly to: string }
  readonly completeTo: string | null
  readonly title: string
  readonly summary: string
  readonly remedy: string
  readonly top: { readonly apps: readonly TopEntryBody[]; readonly resourceTenants: readonly TopEntryBody[] }
  readonly silenced: boolean
  readonly acknowledgedBy: string | null
  readonly links: {
    readonly summary: string | null
    readonly runbook: string | null
    readonly acknowledge: string | null
    readonly silence: string | null
  }
}

/** A leading app or target; `kind` and `blocked` only of a tenant that we know. */
export interface TopEntryBody {
  readonly id: string
  readonly name: string | null
  readonly kind?: string
  readonly blocked?: string
  readonly signIns: number
}

/** The body of a webhook, by Standard Webhooks: type, time of the event and its facts. */
export interface NotificationBody {
  readonly type: NotificationContent['type']
  readonly timestamp: string
  readonly data: {
    readonly groupKey: string
    readonly reason: NotificationContent['reason']
    readonly tenantId: string
    readonly omittedAlerts: number
    readonly alerts: readonly AlertBody[]
  }
}

/** An alert in the words of a language. A rule that is not among the given ones leaves its id for a title. */
export function alertBody(alert: Alert, context: BodyContext): AlertBody {
  const rule = context.rules.find(({ id }) => id === alert.rule)
  return {
    id: alert.id,
    rule: alert.rule,
    severity: alert.severity,
    state: alert.state === 'inactive' ? 'resolved' : alert.state,
    noData: alert.noData,
    startsAt: formatInstant(alert.startsAt),
    endsAt: formatInstantOrNull(alert.endsAt),
    labels: alert.labels,
    value: alert.value,
    usual: alert.usual ?? null,
    threshold: alert.threshold,
    unit: alert.unit,
    window: { from: formatInstant(alert.window.from), to: formatInstant(alert.window.to) },
    completeTo: formatInstantOrNull(alert.completeTo),
    title: titleOf(alert, rule, context.language),
    summary: rule ? summaryOf(alert, rule, context.language) : '',
    remedy: rule ? wordsFor(alert, rule.remedy)[context.language] : '',
    top: topBody(alert.top),
    silenced: false,
    acknowledgedBy: alert.acknowledgedBy ?? null,
    links: linksOf(alert, rule, context),
  }
}

/** What a receiver of webhooks is sent. */
export const notificationBody = (content: NotificationContent, context: BodyContext): NotificationBody => ({
  type: content.type,
  timestamp: formatInstant(content.at),
  data: {
    groupKey: content.groupKey,
    reason: content.reason,
    tenantId: content.tenantId,
    omittedAlerts: content.omittedAlerts,
    alerts: content.alerts.map((alert) => alertBody(alert, context)),
  },
})

const noHistory = {
  en: ' There is no history of last week to compare with: this goes by the threshold alone.',
  ja: ' 比較できる先週の履歴がないため、しきい値のみで判定しています。',
}
const usually = { en: ' Usually {usual}.', ja: ' 通常は {usual} です。' }
const exerciseTitle = {
  en: 'The backup authentication system issues tokens: an exercise is likely',
  ja: 'バックアップ認証システムがトークンを発行しています: 演習と考えられます',
}

function titleOf(alert: Alert, rule: AlertRule | undefined, language: Language): string {
  if (alert.causes[0] === 'exercise') return exerciseTitle[language]
  return rule ? rule.title[language] : alert.rule
}

/** An alert that goes by its baseline says what is usual, or that there is no history to tell. */
function summaryOf(alert: Alert, rule: AlertRule, language: Language): string {
  const template = wordsFor(alert, rule.summary)[language]
  const judgedByBaseline = rule.baseline && (alert.causes[0] === 'rise' || alert.causes[0] === 'share-corroborated')
  const baseline = !judgedByBaseline ? '' : alert.usual === undefined ? noHistory[language] : usually[language]
  return filled(template + baseline, { ...alert.facts, usual: alert.unit === 'share' ? percent(alert.usual) : (alert.usual ?? '') })
}

const percent = (share: number | undefined): string => (share === undefined ? '' : `${Math.round(share * 1000) / 10} %`)

const wordsFor = (alert: Alert, words: AlertRule['summary']): AlertRule['title'] => words[alert.causes[0] ?? 'default'] ?? words.default

/** A name that is missing from the facts stays readable as a dash. What was filled in is not filled in again. */
const filled = (template: string, facts: Readonly<Record<string, string | number>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(facts, name) ? String(facts[name]) : '–'))

const topBody = (top: AlertTop): AlertBody['top'] => ({
  apps: top.apps.map(entryBody),
  resourceTenants: top.resourceTenants.map(entryBody),
})

const entryBody = ({ id, name, kind, blocked, signIns }: TopEntry): TopEntryBody => ({
  id,
  name: name ?? null,
  ...(kind === undefined ? {} : { kind }),
  ...(blocked === undefined ? {} : { blocked }),
  signIns,
})

/** Where a reader goes on; what nobody answers yet has no link. */
function linksOf(alert: Alert, rule: AlertRule | undefined, { publicBaseUrl, language }: BodyContext): AlertBody['links'] {
  const runbook = rule?.runbook[language] ?? null
  if (publicBaseUrl === undefined) return { summary: null, runbook, acknowledge: null, silence: null }
  const api = `${publicBaseUrl.replace(/\/+$/, '')}/api`
  const family = alert.labels['family']
  const { from, to } = alert.window
  const query = new URLSearchParams({ from: formatInstant(from), to: formatInstant(to), ...(family === undefined ? {} : { family }) })
  return {
    summary: alert.unit === 'seconds' ? `${api}/health` : `${api}/summary?${query}`,
    runbook,
    acknowledge: null,
    silence: null,
  }
}
