import { readFileSync } from 'node:fs'
import path from 'node:path'
import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { advance } from '../../shared/alerts/advance'
import type { Alert, NotificationContent } from '../../shared/alerts/alert'
import { alertBody, notificationBody } from '../../shared/alerts/alertBody'
import { evaluateRules } from '../../shared/alerts/evaluate'
import { builtInRules } from '../../shared/alerts/rules'
import { withRunbooks } from '../../shared/alerts/withRunbooks'
import { languages } from '../../shared/failures/words'
import { day, hour, type Instant, minute } from '../../shared/signIns/instant'
import { backupTenant, Log, noon, ownTenant, partner, stranger } from './observed'

const v1 = 'tenant-restriction.v1'
const normal = { successes: { [ownTenant]: 50 } }

/** Logs that make alerts of every kind. */
const logs: Readonly<Record<string, Log>> = {
  rise: new Log().each(noon - 20 * minute, noon, { blocks: { [v1]: { [stranger]: 40 } } }),
  'rise without history': new Log({ history: false }).each(noon - 20 * minute, noon, { blocks: { [v1]: { [stranger]: 40 } } }),
  fault: new Log().each(noon - 20 * minute, noon, { blocks: { 'tenant-restriction.azure-backup': { [backupTenant]: 2 } } }),
  'own tenant': new Log().each(noon - 20 * minute, noon, { blocks: { 'tenant-restriction.own-tenant': { [ownTenant]: 2 } } }),
  'lost target': new Log()
    .each(noon - 5 * hour, noon - 20 * minute, { successes: { [partner]: 1 } })
    .each(noon - 20 * minute, noon, { blocks: { [v1]: { [partner]: 2 } } }),
  'old TLS': new Log().each(noon - 20 * minute, noon, { blocks: { 'tls.legacy': { [ownTenant]: 20 } } }),
  outage: new Log().each(noon - 8 * day, noon, normal).each(noon - hour, noon, { backup: 17, serviceFaults: 30 }),
  exercise: new Log().each(noon - 8 * day, noon, normal).each(noon - hour, noon, { backup: 2 }),
}

function alertsOf(log: Log, now: Instant = noon): Alert[] {
  return advance([], evaluateRules(builtInRules, log.at(now)), now)
}

function alertOf(name: string): Alert {
  const [alert] = alertsOf(logs[name] as Log)
  if (!alert) throw new Error(`no alert of ${name}`)
  return alert
}

const context = { language: 'en', rules: builtInRules, publicBaseUrl: 'https://monitor.example.com/' } as const

test('alertBody: gives the fields of the contract, in its order', () => {
  const body = alertBody(alertOf('rise'), context)
  expect(Object.keys(body)).toEqual(
    'id rule severity state noData startsAt endsAt labels value usual threshold unit window completeTo title summary remedy top silenced acknowledgedBy links'.split(
      ' ',
    ),
  )
  expect(body).toMatchObject({
    id: 'tenant-restriction-blocks',
    rule: 'tenant-restriction-blocks',
    severity: 'error',
    state: 'firing',
    startsAt: '2026-01-04T12:02:00Z',
    endsAt: null,
    labels: { family: 'tenant-restriction' },
    value: 200,
    usual: 0,
    threshold: 20,
    unit: 'signIns',
    window: { from: '2026-01-04T11:35:00Z', to: '2026-01-04T12:05:00Z' },
    completeTo: '2026-01-04T11:50:00Z',
    top: { apps: [{ id: 'app-1', name: 'Payroll', signIns: 200 }], resourceTenants: [{ id: stranger, name: null, signIns: 200 }] },
    silenced: false,
    acknowledgedBy: null,
    links: {
      summary:
        'https://monitor.example.com/api/summary?from=2026-01-04T11%3A35%3A00Z&to=2026-01-04T12%3A05%3A00Z&family=tenant-restriction',
      acknowledge: null,
      silence: null,
    },
  })
})

test('alertBody: an alert that ended is resolved', () => {
  expect(alertBody({ ...alertOf('rise'), state: 'inactive', endsAt: noon }, context)).toMatchObject({
    state: 'resolved',
    endsAt: '2026-01-04T12:02:00Z',
  })
})

test('alertBody: without a public address only the runbook is linked', () => {
  const { links } = alertBody(alertOf('rise'), { ...context, publicBaseUrl: undefined })
  expect(links).toEqual({ summary: null, runbook: expect.stringMatching(/^https:/), acknowledge: null, silence: null })
})

test.each(languages)('alertBody: in %s the runbook is that of the language', (language) => {
  const rules = withRunbooks(builtInRules, 'https://git.example/docs/runbooks/{page}')
  const links = [builtInRules, rules].map((given) => alertBody(alertOf('rise'), { ...context, language, rules: given }).links.runbook)
  expect(links).toEqual([
    expect.stringMatching(language === 'ja' ? /learn\.microsoft\.com\/ja-jp\// : /learn\.microsoft\.com\/entra/),
    `https://git.example/docs/runbooks/tenant-restriction-blocks${language === 'ja' ? '.ja' : ''}.md`,
  ])
})

test.each([
  ['rise', 'Usually 0.'],
  ['rise without history', 'There is no history of last week'],
  ['fault', 'must not be blocked: Azure Backup, Japan East'],
  ['own tenant', 'block your own tenant'],
  ['lost target', `is now blocked by tenant restrictions: ${partner}`],
  ['old TLS', 'Leading apps: Payroll'],
  ['outage', '34 % of the user tokens over 10 minutes, while faults of the service rose (60)'],
  ['exercise', '4 % of the user tokens'],
])('alertBody: the summary of %s says "%s"', (name, text) => expect(alertBody(alertOf(name), context).summary).toContain(text))

test('alertBody: an exercise is not called an outage', () => {
  expect(alertBody(alertOf('exercise'), context)).toMatchObject({ severity: 'info', title: expect.stringContaining('exercise is likely') })
  expect(alertBody(alertOf('outage'), context)).toMatchObject({ severity: 'critical', title: expect.stringContaining('outage') })
})

test.each(Object.keys(logs))('alertBody: every word of %s is filled in, in each language', (name) => {
  for (const language of languages) {
    const body = alertBody(alertOf(name), { ...context, language })
    for (const text of [body.title, body.summary, body.remedy]) {
      expect(text).not.toMatch(/[{}]|undefined|NaN/)
      expect(/[\u3040-\u30ff]/.test(text)).toBe(language === 'ja')
    }
  }
})

test('alertBody: a name that looks like a template is shown as it is', () => {
  const alert = alertOf('old TLS')
  expect(alertBody({ ...alert, facts: { ...alert.facts, apps: '{value} $& app' } }, context).summary).toContain('{value} $& app')
})

describe('schema', () => {
  const schema = JSON.parse(readFileSync(path.join(__dirname, '../../schemas/webhook.schema.json'), 'utf8'))
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
  addFormats(ajv)
  const validate = ajv.compile(schema)
  const content = (alerts: readonly Alert[]): NotificationContent => ({
    type: 'alert.firing',
    at: noon,
    groupKey: 'g',
    reason: 'first-notification',
    tenantId: ownTenant,
    alerts,
    omittedAlerts: 0,
  })

  test.each(Object.keys(logs))('notificationBody: %s fits the published schema', (name) => {
    for (const publicBaseUrl of [undefined, 'https://monitor.example.com']) {
      const body = notificationBody(content(alertsOf(logs[name] as Log)), { ...context, publicBaseUrl })
      validate(JSON.parse(JSON.stringify(body)))
      expect(validate.errors).toBeNull()
    }
  })

  test.each([
    ['type', 'alert'],
    ['timestamp', 'now'],
    ['timestamp', null],
    ['data', {}],
  ])('notificationBody: the schema refuses %s %j', (field, value) => {
    expect(validate({ ...notificationBody(content([alertOf('rise')]), context), [field]: value })).toBe(false)
  })
})
