import type { AlertRule } from '../../shared/alerts/alert'
import { evaluateRules } from '../../shared/alerts/evaluate'
import type { Evaluation } from '../../shared/alerts/evaluation'
import { applyOverrides, builtInRules } from '../../shared/alerts/rules'
import { bucketStart } from '../../shared/signIns/buckets'
import { day, hour, type Instant, minute } from '../../shared/signIns/instant'
import { backupTenant, Log, noon, ownTenant, partner, stranger } from './observed'

function evaluate(log: Log, id: string, now: Instant = noon, rules: readonly AlertRule[] = builtInRules): Evaluation {
  const found = evaluateRules(rules, log.at(now)).find((evaluation) => evaluation.id === id)
  if (!found) throw new Error(`no evaluation ${id}`)
  return found
}

function overridden(...overrides: object[]): readonly AlertRule[] {
  const result = applyOverrides(builtInRules, overrides)
  if (!result.ok) throw new Error(result.error)
  return result.rules
}

const lately = noon - 20 * minute
const v1 = 'tenant-restriction.v1'
const restriction = (log: Log, now?: Instant): Evaluation => evaluate(log, 'tenant-restriction-blocks', now)
const steady = (from: Instant = noon - 8 * day): Log => new Log().each(from, noon + hour, { blocks: { [v1]: { [stranger]: 10 } } })

describe('tenant-restriction-blocks', () => {
  test.each<[string, Log, readonly string[]]>([
    ['nothing happens', new Log(), []],
    ['blocks are steady and as many as a week ago', steady(), []],
    ['blocks rise far above last week', steady().each(lately, noon, { blocks: { [v1]: { [stranger]: 100 } } }), ['rise']],
    ['blocks rise a little', steady().each(lately, noon, { blocks: { [v1]: { [stranger]: 12 } } }), []],
    ['few blocks rise from none', new Log().each(lately, noon, { blocks: { [v1]: { [stranger]: 3 } } }), []],
    [
      'there is no history and the threshold is reached',
      new Log({ history: false }).each(lately, noon, { blocks: { [v1]: { [stranger]: 5 } } }),
      ['rise'],
    ],
    [
      'there is no history and the threshold is not reached',
      new Log({ history: false }).each(lately, noon, { blocks: { [v1]: { [stranger]: 3 } } }),
      [],
    ],
    [
      'there is no history and the blocks are meant',
      new Log({ history: false, tenants: [{ id: stranger, name: 'S', kind: 'other', blocked: 'expected' }] }).each(lately, noon, {
        blocks: { [v1]: { [stranger]: 50 } },
      }),
      [],
    ],
    [
      'an Azure Backup tenant is blocked',
      new Log().each(lately, noon, { blocks: { 'tenant-restriction.azure-backup': { [backupTenant]: 1 } } }),
      ['fault'],
    ],
    [
      'a partner marked as a fault is blocked',
      new Log({ tenants: [{ id: partner, name: 'Partner', kind: 'partner', blocked: 'fault' }] }).each(lately, noon, {
        blocks: { [v1]: { [partner]: 1 } },
      }),
      ['fault'],
    ],
    [
      'a partner marked as a fault is blocked once, below the floor',
      new Log({ tenants: [{ id: partner, name: 'Partner', kind: 'partner', blocked: 'fault' }] }).each(noon, noon + 1, {
        blocks: { [v1]: { [partner]: 1 } },
      }),
      [],
    ],
    [
      'the own tenant is blocked',
      new Log().each(lately, noon, { blocks: { 'tenant-restriction.own-tenant': { [ownTenant]: 1 } } }),
      ['own-tenant'],
    ],
    [
      'a target that succeeded lately is now blocked',
      new Log().each(noon - 5 * hour, lately, { successes: { [partner]: 1 } }).each(lately, noon, { blocks: { [v1]: { [partner]: 1 } } }),
      ['lost-target'],
    ],
    [
      'a target that succeeded lately and is meant to be blocked is now blocked',
      new Log({ tenants: [{ id: partner, name: 'Partner', kind: 'partner', blocked: 'expected' }] })
        .each(noon - 5 * hour, lately, { successes: { [partner]: 1 } })
        .each(lately, noon, { blocks: { [v1]: { [partner]: 1 } } }),
      [],
    ],
    [
      'a target is steadily blocked for some and succeeds for others',
      new Log().each(noon - 8 * day, noon, { successes: { [partner]: 9 }, blocks: { [v1]: { [partner]: 2 } } }),
      [],
    ],
    [
      'a target that mostly was blocked before is still blocked',
      new Log()
        .each(noon - 8 * day, noon, { blocks: { [v1]: { [partner]: 2 } } })
        .each(noon - 5 * hour, noon - 4 * hour, { successes: { [partner]: 1 } }),
      [],
    ],
  ])('evaluate: %s', (_, log, causes) => expect(restriction(log).causes).toEqual(causes))

  test('evaluate: blocks of yesterday page nobody', () => {
    const log = new Log().each(noon - 26 * hour, noon - 24 * hour, { blocks: { [v1]: { [stranger]: 500 } } })
    expect(restriction(log).causes).toEqual([])
    expect(restriction(log, noon - 24 * hour).causes).toEqual(['rise'])
  })

  test('evaluate: the own tenant is critical, any other cause has the severity of the rule', () => {
    expect(restriction(new Log().each(lately, noon, { blocks: { 'tenant-restriction.own-tenant': { [ownTenant]: 2 } } })).severity).toBe(
      'critical',
    )
    expect(restriction(new Log().each(lately, noon, { blocks: { [v1]: { [backupTenant]: 2 } } })).severity).toBe('error')
  })

  test('evaluate: the window ends with the open bucket, and what is in it may fire', () => {
    const log = new Log().each(noon, noon + 1, { blocks: { [v1]: { [stranger]: 40 } } })
    const evaluation = restriction(log)
    expect(evaluation).toMatchObject({ causes: ['rise'], lasting: [], value: 40, usual: 0 })
    expect(evaluation.window).toEqual({ from: bucketStart(noon, '5m') - 25 * minute, to: bucketStart(noon, '5m') + 5 * minute })
  })

  test('evaluate: the way back waits until the window up to completeTo is quiet', () => {
    const log = new Log().each(noon - 30 * minute, noon, { blocks: { [v1]: { [stranger]: 40 } } })
    expect(restriction(log, noon + 32 * minute)).toMatchObject({ causes: [], lasting: ['rise'], noData: false })
    expect(restriction(log, noon + 60 * minute)).toMatchObject({ causes: [], lasting: [], noData: false })
  })

  test('evaluate: a lost target lasts while it is blocked, and ends when it succeeds again', () => {
    const log = new Log()
      .each(noon - 5 * hour, noon, { successes: { [partner]: 1 } })
      .each(noon, noon + 12 * hour, { blocks: { [v1]: { [partner]: 2 } } })
    expect(restriction(log, noon + 11 * hour).lasting).toEqual(['lost-target'])
    log.each(noon + 12 * hour, noon + 14 * hour, { successes: { [partner]: 4 } })
    expect(restriction(log, noon + 13 * hour).lasting).toEqual([])
  })

  test('evaluate: names the leading targets and apps, with what is known of them', () => {
    const evaluation = restriction(new Log().each(lately, noon, { blocks: { [v1]: { [stranger]: 9, [backupTenant]: 3 } } }))
    expect(evaluation.top.resourceTenants[0]).toEqual({ id: stranger, name: undefined, signIns: 45 })
    expect(evaluation.top.resourceTenants[1]).toMatchObject({ id: backupTenant, kind: 'azure-backup', blocked: 'fault', signIns: 15 })
    expect(evaluation.top.apps).toEqual([{ id: 'app-1', name: 'Payroll', signIns: 60 }])
    expect(evaluation.facts).toMatchObject({ targets: 'Azure Backup, Japan East', apps: 'Payroll', value: 60, minutes: 30 })
  })

  test('evaluate: a stream that was not read to near now gives no data, and old readings neither fire nor end anything', () => {
    const log = new Log().each(noon - 30 * minute, noon, { blocks: { [v1]: { [stranger]: 40 } } })
    log.readTo = noon
    expect(restriction(log, noon + 3 * hour)).toMatchObject({ causes: [], lasting: [], noData: true })
  })

  test('evaluate: groupBy gives one alert for each value and none for the rule as a whole', () => {
    const rules = overridden({ id: 'tenant-restriction-blocks', groupBy: ['resourceTenant'] })
    const log = new Log().each(lately, noon, { blocks: { [v1]: { [stranger]: 30, [partner]: 1 } } })
    const found = evaluateRules(rules, log.at(noon)).filter(({ rule }) => rule.id === 'tenant-restriction-blocks')
    expect(found.map(({ id, causes, value, labels }) => ({ id, causes, value, target: labels['resourceTenant'] }))).toEqual([
      { id: 'tenant-restriction-blocks', causes: [], value: 155, target: undefined },
      { id: `tenant-restriction-blocks~${stranger}`, causes: ['rise'], value: 150, target: stranger },
      { id: `tenant-restriction-blocks~${partner}`, causes: [], value: 5, target: partner },
    ])
  })

  test.each(['class', 'stream', 'app'])('evaluate: groupBy %s counts each value by itself', (label) => {
    const rules = overridden({ id: 'tenant-restriction-blocks', groupBy: [label] })
    const log = new Log()
      .each(lately, noon, { blocks: { [v1]: { [stranger]: 30 } }, app: 'app-1', stream: 'interactiveUser' })
      .each(lately, noon, { blocks: { 'tenant-restriction.v2': { [stranger]: 1 } }, app: 'app-2', stream: 'servicePrincipal' })
    const found = evaluateRules(rules, log.at(noon)).filter(
      ({ rule, causes }) => rule.id === 'tenant-restriction-blocks' && causes.length > 0,
    )
    const leading = { class: v1, stream: 'interactiveUser', app: 'app-1' }[label]
    expect(found.map(({ labels, value }) => [labels[label], value])).toEqual([[leading, 150]])
  })
})

describe('legacy-tls-refused', () => {
  test.each([
    ['old TLS', 'tls.legacy', 20, ['rise']],
    ['a client certificate, which is another class', 'tls.client-certificate', 20, []],
    ['single fallbacks', 'tls.legacy', 1, []],
  ])('evaluate: %s', (_, failureClass, each, causes) => {
    const log = new Log().each(lately, noon, { blocks: { [failureClass]: { [ownTenant]: each } } })
    expect(evaluate(log, 'legacy-tls-refused').causes).toEqual(causes)
  })
})

describe('backup-auth-outage', () => {
  const normal = { successes: { [ownTenant]: 50 } }
  const outage = (log: Log, now: Instant = noon): readonly string[] => evaluate(log, 'backup-auth-outage', now).causes
  const exercise = (log: Log, now: Instant = noon): Evaluation => evaluate(log, 'backup-auth-outage~exercise', now)
  const quiet = (): Log => new Log().each(noon - 8 * day, noon - hour, normal)
  const tail = noon - hour

  test.each<[string, Log, readonly string[], readonly string[]]>([
    ['nothing is served by the backup system', quiet().each(tail, noon, normal), [], []],
    ['a few tokens are', quiet().each(tail, noon, { ...normal, backup: 3 }), [], ['exercise']],
    ['a third of the tokens is and nothing else happens', quiet().each(tail, noon, { ...normal, backup: 17 }), [], ['exercise']],
    ['a third is while faults rise', quiet().each(tail, noon, { ...normal, backup: 17, serviceFaults: 15 }), ['share-corroborated'], []],
    ['a third is and single faults happen', quiet().each(tail, noon, { ...normal, backup: 17, serviceFaults: 1 }), [], ['exercise']],
    [
      'a third is while successes fall',
      quiet().each(tail, noon, { successes: { [ownTenant]: 20 }, backup: 7 }),
      ['share-corroborated'],
      [],
    ],
    ['faults rise without the backup system', quiet().each(tail, noon, { ...normal, serviceFaults: 30 }), [], []],
    ['a few tokens are while faults rise', quiet().each(tail, noon, { ...normal, backup: 3, serviceFaults: 30 }), [], ['exercise']],
    ['more than half is', quiet().each(tail, noon, { ...normal, backup: 30 }), ['share'], []],
    ['more than half of very few is', quiet().each(tail, noon, { successes: { [ownTenant]: 4 }, backup: 4 }), [], ['exercise']],
  ])('evaluate: %s', (_, log, pages, informs) => {
    expect(outage(log)).toEqual(pages)
    expect(exercise(log).causes).toEqual(informs)
  })

  test('evaluate: the share has to hold in every bucket of the ten minutes', () => {
    const start = bucketStart(noon - 10 * minute, '5m') - 5 * minute
    const log = quiet()
      .each(tail, start, normal)
      .each(start, noon, { ...normal, backup: 45 })
    expect(outage(log)).toEqual([])
    expect(outage(log.each(noon, noon + hour, { ...normal, backup: 45 }), noon + 5 * minute)).toEqual(['share'])
  })

  test('evaluate: nothing fires from the open bucket, whose counts are provisional', () => {
    const log = quiet()
      .each(tail, noon - 5 * minute, normal)
      .each(noon - 5 * minute, noon, { ...normal, backup: 50 })
    expect(outage(log)).toEqual([])
    expect(exercise(log).causes).toEqual([])
  })

  test('evaluate: without history faults are compared with the hour before', () => {
    const log = new Log({ history: false }).each(noon - 3 * hour, noon, { ...normal, serviceFaults: 10 })
    expect(outage(log.each(tail, noon, { successes: { [ownTenant]: 10 }, backup: 20 }))).toEqual([])
  })

  test('evaluate: applications do not count, whoever serves them', () => {
    const log = quiet()
      .each(tail, noon, { ...normal, backup: 50, stream: 'servicePrincipal' })
      .each(tail, noon, normal)
    expect(outage(log)).toEqual([])
    expect(exercise(log).causes).toEqual([])
  })

  test('evaluate: an exercise is an info and never while the outage lasts', () => {
    expect(exercise(quiet())).toMatchObject({ severity: 'info', unless: 'backup-auth-outage' })
  })
})

describe('streams', () => {
  test.each([
    ['current', 60, [], 'error'],
    ['behind', 1500, [], 'error'],
    ['behind', 4000, ['behind'], 'warning'],
    ['stalled', 1500, ['stalled'], 'error'],
    ['starting', 0, [], 'error'],
    ['forbidden', 9000, [], 'error'],
  ] as const)('evaluate: a stream that is %s for %d seconds', (state, lagSeconds, causes, severity) => {
    const log = new Log()
    log.states.set('servicePrincipal', { state, lagSeconds })
    expect(evaluate(log, 'stream-stalled')).toMatchObject({ causes, severity, lasting: causes })
  })

  test.each([
    ['forbidden', ['refused']],
    ['unlicensed', ['refused']],
    ['unavailable', []],
    ['disabled', []],
    ['stalled', []],
  ] as const)('evaluate: a stream that is %s', (state, causes) => {
    const log = new Log()
    log.states.set('managedIdentity', { state })
    const evaluation = evaluate(log, 'stream-forbidden')
    expect(evaluation.causes).toEqual(causes)
    expect(evaluation.facts['streams']).toBe(causes.length > 0 ? 'managedIdentity' : '–')
  })

  test('evaluate: a refused stream is left out, and rules with no other stream have no data', () => {
    const log = new Log().each(lately, noon, { blocks: { [v1]: { [stranger]: 40 } } })
    log.states.set('interactiveUser', { state: 'forbidden', completeTo: undefined })
    expect(restriction(log)).toMatchObject({ causes: [], noData: false })
    log.enabled = ['interactiveUser']
    expect(restriction(log)).toMatchObject({ causes: [], noData: true })
  })

  test('evaluate: a stalled stream inhibits nothing', () => {
    const log = new Log().each(lately, noon, { blocks: { [v1]: { [stranger]: 40 } } })
    log.states.set('interactiveUser', { state: 'stalled', lagSeconds: 2000 })
    expect(restriction(log).causes).toEqual(['rise'])
  })

  test('evaluate: a disabled rule says nothing', () => {
    const rules = overridden({ id: 'stream-stalled', enabled: false })
    expect(evaluateRules(rules, new Log().at(noon)).some(({ rule }) => rule.id === 'stream-stalled')).toBe(false)
  })
})
