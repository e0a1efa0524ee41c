import fc from 'fast-check'
import { type Counts, facetIds } from '../../shared/aggregates/aggregate'
import { cutFacets } from '../../shared/aggregates/cut'
import { eachEncodedCount, encodeCounts } from '../../shared/aggregates/encodeCounts'
import { countsWhenAsked, mergeFacets } from '../../shared/aggregates/merge'
import type { SignInRecord } from '../../shared/aggregates/record'
import { type SeriesPoint, type Summary, type SummaryInput, summarise } from '../../shared/aggregates/summary'
import { Tally } from '../../shared/aggregates/tally'
import { classOf, families, familyOf } from '../../shared/failures/catalogue'
import { type FamilyId, signalIds } from '../../shared/failures/catalogueTypes'
import { knownTenants } from '../../shared/failures/knownTenants'
import { completenessOf } from '../../shared/signIns/completeness'
import { formatInstant, minute, parseInstant } from '../../shared/signIns/instant'
import { streamIds } from '../../shared/signIns/streams'
import { classified, failed, recorded, someCounts, someRecord } from './arbitraries'

const from = parseInstant('2026-01-01T00:00:00Z') ?? 0
const window = { from, to: from + 15 * minute }
const own = '11111111-1111-1111-1111-111111111111'
const partner = '22222222-2222-2222-2222-222222222222'
const tenants = knownTenants([{ id: partner, name: 'Fabrikam', kind: 'partner', blocked: 'fault' }], own)

/** A summary over three 5-minute buckets of records; `undefined` for a bucket that was not read. */
const summaryOf = (buckets: readonly (readonly SignInRecord[] | undefined)[], facts: Partial<SummaryInput> = {}): Summary => {
  const aggregates = buckets.map((records) => {
    const tally = new Tally('key-1')
    for (const record of records ?? []) tally.add(record)
    return tally.aggregate()
  })
  return summarise({
    tenantId: own,
    generatedAt: window.to,
    window,
    grain: '5m',
    language: 'en',
    top: 10,
    selectedStreams: streamIds,
    families: undefined,
    points: aggregates.map(({ counts }, index) => ({ start: from + index * 5 * minute, counts, missing: buckets[index] === undefined })),
    facets: mergeFacets(aggregates.map((aggregate) => cutFacets(aggregate.facets))),
    completeness: completenessOf([], window),
    tenants,
    alerts: [],
    ...facts,
  })
}

const bitOf = (id: (typeof signalIds)[number]): number => 1 << signalIds.indexOf(id)
const blocked = failed('tenant-restriction.v1', 500021)
const questions: readonly FamilyId[] = ['tenant-restriction', 'cross-tenant', 'tls', 'backup-auth']

test('summarise: the body has its fields in the documented order', () => {
  const summary = summaryOf([[recorded({ classification: blocked, id: 'request', createdDateTime: from })]])
  expect(Object.keys(summary)).toEqual([
    'schemaVersion',
    'tenantId',
    'generatedAt',
    'window',
    'completeness',
    'totals',
    'signals',
    'failures',
    'interrupts',
    'alerts',
  ])
  expect(Object.keys(summary.totals)).toEqual([
    'signIns',
    'success',
    'interrupt',
    'failure',
    'serviceFault',
    'maskedSignIns',
    'distinctUsers',
    'series',
    'top',
  ])
  expect(Object.keys(summary.signals[0] ?? {})).toEqual(['signal', 'title', 'signIns', 'known', 'share', 'series', 'top'])
  expect(Object.keys(summary.failures[0] ?? {})).toEqual([
    'family',
    'title',
    'signIns',
    'distinctUsers',
    'notes',
    'classes',
    'series',
    'top',
  ])
  expect(Object.keys(summary.failures[0]?.classes[0] ?? {})).toEqual([
    'id',
    'title',
    'remedy',
    'severity',
    'mendedBy',
    'signIns',
    'errorCodes',
    'series',
    'evidence',
  ])
  expect(Object.keys(summary.failures[0]?.top ?? {})).toEqual([...facetIds])
  expect(summary).toMatchObject({
    schemaVersion: 1,
    tenantId: own,
    generatedAt: '2026-01-01T00:15:00Z',
    window: { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:15:00Z', grain: '5m' },
  })
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
})

test('summarise: with nothing counted everything is there and zero', () => {
  const summary = summaryOf([[]])
  expect(summary.totals).toMatchObject({
    signIns: 0,
    failure: 0,
    distinctUsers: { estimate: 0, relativeError: 0.016, unknownSignIns: 0 },
    top: { apps: [] },
  })
  expect(summary.totals.series).toEqual([['2026-01-01T00:00:00Z', { signIns: 0, success: 0, interrupt: 0, failure: 0, serviceFault: 0 }]])
  expect(summary.signals.map(({ signal, signIns, known, share }) => ({ signal, signIns, known, share }))).toEqual(
    signalIds.map((signal) => ({ signal, signIns: 0, known: 0, share: null })),
  )
  expect(summary.failures.map(({ family, signIns }) => [family, signIns])).toEqual(
    families
      .map(({ id }) => id)
      .filter((id) => questions.includes(id))
      .map((id) => [id, 0]),
  )
  expect(summary.interrupts).toEqual([])
})

test('summarise: failures add up to failures and service faults, interrupts to interrupts, classes and codes to their family', () => {
  fc.assert(
    fc.property(fc.array(fc.array(someRecord, { maxLength: 20 }), { maxLength: 3 }), (buckets) => {
      const { totals, failures, interrupts } = summaryOf(buckets)
      const sum = (all: readonly { readonly signIns: number }[]): number => all.reduce((total, one) => total + one.signIns, 0)
      const sumCodes = (codes: Readonly<Record<string, number>>): number => Object.values(codes).reduce((total, count) => total + count, 0)
      expect(totals.signIns).toBe(buckets.flat().length)
      expect(totals.success + totals.interrupt + totals.failure + totals.serviceFault).toBe(totals.signIns)
      expect(sum(failures)).toBe(totals.failure + totals.serviceFault)
      expect(sum(interrupts)).toBe(totals.interrupt)
      for (const family of failures) {
        expect(sum(family.classes)).toBe(family.signIns)
        expect(family.series.reduce((total, [, count]) => total + (count ?? 0), 0)).toBe(family.signIns)
        for (const facet of facetIds) expect(sum(family.top[facet])).toBe(family.signIns)
        for (const row of family.classes) expect(sumCodes(row.errorCodes)).toBe(row.signIns)
      }
      for (const row of interrupts) expect(sumCodes(row.errorCodes)).toBe(row.signIns)
      expect(sum(totals.top.apps)).toBe(totals.signIns)
      expect(totals.top.apps.reduce((total, app) => total + app.failure, 0)).toBe(totals.failure + totals.serviceFault)
    }),
    { numRuns: 60 },
  )
})

test('summarise: a bucket that was not read is null in every series, never 0', () => {
  const { totals, signals, failures } = summaryOf([[recorded({ classification: blocked })], undefined, []])
  const second = '2026-01-01T00:05:00Z'
  expect(totals.series[1]).toEqual([second, null])
  expect(totals.series[2]?.[1]).toEqual({ signIns: 0, success: 0, interrupt: 0, failure: 0, serviceFault: 0 })
  for (const { series } of [...signals, ...failures, ...failures.flatMap((family) => family.classes)]) {
    expect(series[1]).toEqual([second, null])
    expect(series[2]?.[1]).toBe(0)
  }
  expect(failures[0]?.series[0]).toEqual(['2026-01-01T00:00:00Z', 1])
})

test('summarise: what was read of a bucket with a hole still counts', () => {
  const tally = new Tally('key-1')
  tally.add(recorded())
  expect(summaryOf([], { points: [{ start: from, counts: tally.aggregate().counts, missing: true }] }).totals).toMatchObject({
    signIns: 1,
    series: [[expect.any(String), null]],
  })
})

test('summarise: families come by sign-ins, a tie in the order of the catalogue', () => {
  const rows = (count: number, classification: SignInRecord['classification']) =>
    Array.from({ length: count }, () => recorded({ classification }))
  const summary = summaryOf([
    [
      ...rows(2, failed('other.unknown-code', 99)),
      ...rows(2, failed('tls.legacy', 1002016)),
      ...rows(3, failed('credential.wrong-password', 50126)),
    ],
  ])
  const order = summary.failures.map(({ family, signIns }) => [family, signIns])
  expect(order.slice(0, 3)).toEqual([
    ['credential', 3],
    ['tls', 2],
    ['other', 2],
  ])
  expect(order.slice(3).every(([family, signIns]) => signIns === 0 && questions.includes(family as FamilyId))).toBe(true)
})

test('summarise: families filters failures and interrupts and nothing else', () => {
  const records = [
    recorded({ classification: blocked }),
    recorded({ classification: failed('mfa.required', 50074, { outcome: 'interrupt' }) }),
    recorded(),
  ]
  const summary = summaryOf([records], { families: ['mfa', 'device'] })
  expect(summary.failures.map(({ family, signIns }) => [family, signIns]).sort()).toEqual([
    ['device', 0],
    ['mfa', 0],
  ])
  expect(summary.interrupts).toEqual([{ family: 'mfa', title: familyOf('mfa').title.en, signIns: 1, errorCodes: { 50074: 1 } }])
  expect(summary.totals).toMatchObject({ signIns: 3, success: 1, interrupt: 1, failure: 1 })
  expect(summaryOf([records], { families: ['device'] }).interrupts).toEqual([])
})

test('summarise: a class has its words in the language, its codes and its evidence', () => {
  const records = [recorded({ classification: blocked, id: 'request', createdDateTime: from + 1_500, stream: 'nonInteractiveUser' })]
  const row = classOf('tenant-restriction.v1')
  for (const language of ['en', 'ja'] as const) {
    expect(summaryOf([records], { language }).failures[0]).toMatchObject({
      family: 'tenant-restriction',
      title: familyOf('tenant-restriction').title[language],
      classes: [
        {
          id: 'tenant-restriction.v1',
          title: row?.title[language],
          remedy: row?.remedy[language],
          severity: row?.severity,
          mendedBy: row?.mendedBy,
          errorCodes: { 500021: 1 },
          evidence: [{ requestId: 'request', createdDateTime: formatInstant(from + 1_500), stream: 'nonInteractiveUser' }],
        },
      ],
    })
  }
})

test('summarise: a class and a code that this version does not know are still shown', () => {
  const { failures } = summaryOf([[recorded({ classification: failed('tls.from-the-future', -1) })]])
  expect(failures[0]).toMatchObject({
    family: 'tls',
    classes: [{ id: 'tls.from-the-future', title: 'tls.from-the-future', errorCodes: { unknown: 1 } }],
  })
})

test('summarise: notes of the form of input stand beside those of the family', () => {
  const note = { code: 'csv-has-no-tls', text: 'This export does not say.' }
  const { failures } = summaryOf([[]], { notes: [note] })
  expect(failures).toHaveLength(4)
  for (const { notes } of failures) expect(notes.at(-1)).toEqual(note)
  const without = summaryOf([[]]).failures.find(({ family }) => family === 'tenant-restriction')?.notes ?? []
  expect(without.length).toBeGreaterThan(0)
  expect(without).not.toContainEqual(note)
})

test('summarise: a known tenant has a name, a kind and whether a block is meant; an unknown one only its id', () => {
  const stranger = '33333333-3333-3333-3333-333333333333'
  const records = [partner, partner, stranger].map((resourceTenants) => recorded({ classification: blocked, resourceTenants }))
  expect(summaryOf([records]).failures[0]?.top.resourceTenants).toEqual([
    { id: partner, name: 'Fabrikam', kind: 'partner', blocked: 'fault', signIns: 2 },
    { id: stranger, name: stranger, signIns: 1 },
  ])
})

test.each`
  language | apps                                | countries
  ${'en'}  | ${['Calendar', 'Other', 'Unknown']} | ${'Japan'}
  ${'ja'}  | ${['Calendar', 'その他', '不明']}   | ${'日本'}
`('summarise: keys have names in $language', ({ language, apps, countries }) => {
  const records = [
    ...Array.from({ length: 3 }, () => recorded({ apps: 'calendar', appName: 'Calendar', countries: 'JP' })),
    ...Array.from({ length: 2 }, () => recorded({ countries: 'JP' })),
    recorded({ apps: 'b', countries: 'JP' }),
  ]
  const names = summaryOf([records], { language, top: 2 }).totals.top.apps.map((app) => app.name)
  expect(names.sort()).toEqual([...apps].sort())
  const legacy = records.map((record) => ({
    ...record,
    classification: classified({ signals: { known: bitOf('legacyTls'), isTrue: bitOf('legacyTls') } }),
  }))
  const signal = summaryOf([legacy], { language }).signals.find((one) => one.signal === 'legacyTls')
  expect(signal?.top.countries).toEqual([{ id: 'JP', name: countries, signIns: 6 }])
})

test('summarise: a top list ends with other exactly when something was folded', () => {
  const records = ['a', 'a', 'a', 'b', 'b', 'c'].map((apps) => recorded({ apps, classification: apps === 'b' ? classified() : blocked }))
  expect(summaryOf([records], { top: 3 }).totals.top.apps.map(({ id, signIns, failure }) => [id, signIns, failure])).toEqual([
    ['a', 3, 3],
    ['b', 2, 0],
    ['c', 1, 1],
  ])
  expect(summaryOf([records], { top: 1 }).totals.top.apps.map(({ id, signIns, failure }) => [id, signIns, failure])).toEqual([
    ['a', 3, 3],
    ['other', 3, 1],
  ])
})

test('summarise: what a stored row folded is still in other', () => {
  const records = Array.from({ length: 60 }, (_, index) => recorded({ apps: `app ${index}` }))
  const apps = summaryOf([records], { top: 50 }).totals.top.apps
  expect(apps).toHaveLength(51)
  expect(apps.at(-1)).toMatchObject({ id: 'other', signIns: 10 })
})

test.each`
  story                          | users                     | distinctUsers
  ${'two users, three sign-ins'} | ${[65, 65, 129]}          | ${{ estimate: 2, unknownSignIns: 0 }}
  ${'one user and a masked one'} | ${[65, 'unknown']}        | ${{ estimate: 1, unknownSignIns: 1 }}
  ${'masked ones only'}          | ${['unknown', 'unknown']} | ${{ estimate: null, unknownSignIns: 2 }}
  ${'applications only'}         | ${['none', 'none']}       | ${{ estimate: 0, unknownSignIns: 0 }}
`('summarise: distinct users of $story', ({ users, distinctUsers }) => {
  const summary = summaryOf([users.map((user: SignInRecord['user']) => recorded({ user, classification: blocked }))])
  expect(summary.totals.distinctUsers).toEqual({ relativeError: 0.016, ...distinctUsers })
  expect(summary.failures[0]?.distinctUsers).toEqual({ relativeError: 0.016, ...distinctUsers })
})

test('summarise: distinct users are unknown, not none, where counts have no facets', () => {
  const facets = mergeFacets([])
  expect(summaryOf([[recorded({ user: 65 })]], { facets }).totals.distinctUsers.estimate).toBeNull()
})

test('summarise: over two hash keys the larger estimate stands, so that nobody is counted twice', () => {
  const part = (keyId: string, users: number[]) => {
    const tally = new Tally(keyId)
    for (const user of users) tally.add(recorded({ user }))
    return tally.aggregate()
  }
  const parts = [part('old', [65, 129, 193]), part('new', [65, 129])]
  for (const ordered of [parts, parts.toReversed()]) {
    const facets = mergeFacets(ordered.map((aggregate) => aggregate.facets))
    expect(summaryOf([[recorded()]], { facets }).totals.distinctUsers.estimate).toBe(3)
  }
})

test('summarise: a signal has its share of the rows that can tell', () => {
  const served = (isTrue: boolean) =>
    recorded({
      classification: classified({ signals: { known: bitOf('servedByBackupAuth'), isTrue: isTrue ? bitOf('servedByBackupAuth') : 0 } }),
    })
  const { signals } = summaryOf([[served(true), served(false), served(false), served(false), recorded()], [served(true)]])
  expect(signals.find((one) => one.signal === 'servedByBackupAuth')).toMatchObject({
    signIns: 2,
    known: 5,
    share: 0.4,
    series: [
      ['2026-01-01T00:00:00Z', 1],
      ['2026-01-01T00:05:00Z', 1],
    ],
  })
})

test('summarise: masked sign-ins are counted', () => {
  const classification = failed('tenant-restriction.v1', 500021, { signals: { known: bitOf('masked'), isTrue: bitOf('masked') } })
  expect(summaryOf([[recorded({ classification }), recorded()]]).totals.maskedSignIns).toBe(1)
})

test('summarise: counts as they are stored, with the same keys or with others, say the same as counts at hand', () => {
  fc.assert(
    fc.property(fc.array(someCounts, { minLength: 1, maxLength: 4 }), (some) => {
      const atHand = [...some, ...some]
      const pointOf = (counts: Counts, index: number): SeriesPoint => ({ start: from + index * 5 * minute, counts, missing: false })
      const stored = atHand.map((counts) => {
        const text = encodeCounts(counts)
        return countsWhenAsked((sink) => eachEncodedCount(text, sink))
      })
      const summary = summaryOf([], { points: stored.map(pointOf) })
      expect(summary).toEqual(summaryOf([], { points: atHand.map(pointOf) }))
      const cells = atHand.flatMap((counts) => [...counts.cells.values()])
      expect(summary.totals.signIns).toBe(cells.reduce((sum, count) => sum + count, 0))
    }),
  )
})

test('summarise: completeness, alerts and an unknown tenant are handed on', () => {
  const alerts = [{ id: 'alert' }]
  const summary = summaryOf([[]], { alerts, tenantId: null })
  expect(summary.tenantId).toBeNull()
  expect(summary.alerts).toBe(alerts)
  expect(summary.completeness).toEqual(completenessOf([], window))
})
