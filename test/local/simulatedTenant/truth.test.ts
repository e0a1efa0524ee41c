import { companyOf, simulatedTenantId } from '../../../local/simulatedTenant/company'
import { renderSignIn } from '../../../local/simulatedTenant/renderSignIn'
import { stories } from '../../../local/simulatedTenant/stories'
import { openTenantLog } from '../../../local/simulatedTenant/tenantLog'
import { type Truth, truthOf } from '../../../local/simulatedTenant/truth'
import { type Classification, familyIds, signalIds, signalOf } from '../../../shared/failures/catalogueTypes'
import { classify } from '../../../shared/failures/classify'
import { knownTenants } from '../../../shared/failures/knownTenants'
import { day, hour, type Instant } from '../../../shared/signIns/instant'
import { readSignIn } from '../../../shared/signIns/readSignIn'
import type { SignIn } from '../../../shared/signIns/signIn'
import { owningStream, type StreamId, streamIds } from '../../../shared/signIns/streams'

const midnight = Date.parse('2026-11-18T00:00:00Z')
const now = midnight + 2 * day
const logOf = (seed: number, historyHours = 96) =>
  openTenantLog({ seed, company: companyOf(seed, simulatedTenantId), rowsPerDay: 12_000, lateness: true }, historyHours, now)
const log = logOf(1)
const form = { version: 'beta', unknownEnumMembers: true, final: true } as const
const company = companyOf(1, simulatedTenantId)
const tenants = knownTenants([], simulatedTenantId)

interface ReadRow {
  readonly signIn: SignIn
  readonly stream: StreamId
  readonly classification: Classification
}

/** What the product makes of every row of a day, read as the JSON that the server would send. */
function rowsOf(from: Instant, to: Instant): ReadRow[] {
  return [...log.between({ from, to })].map((planned) => {
    const read = readSignIn(JSON.parse(renderSignIn(planned, company, form)))
    if (!read.ok || read.malformed.length > 0) throw new Error(`A row cannot be read: ${read.ok ? read.malformed : read.detail}`)
    const stream = owningStream(read.signIn.signInEventTypes, streamIds, planned.kind.stream)
    return { signIn: read.signIn, stream, classification: classify(read.signIn, { stream, tenants }) }
  })
}

function tally(keys: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const key of keys) if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1
  return counts
}

const isQuestion = (id: string | undefined): boolean => /^(tenant-restriction|cross-tenant|tls|backup-auth)\./.test(id ?? '')
const isPersonal = ({ stream }: ReadRow): boolean => stream.endsWith('User')
const isKnownUser = ({ signIn }: ReadRow): boolean => Boolean(signIn.userId) && !signIn.userId?.startsWith('00000000-')

/** The same numbers as the truth, from what the product says of the rows. */
function answerOf(rows: readonly ReadRow[]): Truth {
  const answers = rows.map((row) => row.classification)
  const failures = answers.filter(({ outcome }) => outcome === 'failure' || outcome === 'serviceFault')
  return {
    signIns: rows.length,
    outcomes: { success: 0, interrupt: 0, failure: 0, serviceFault: 0, ...tally(answers.map(({ outcome }) => outcome)) },
    families: tally(failures.map(({ family }) => family)),
    classes: tally(failures.map(({ failureClass }) => (isQuestion(failureClass) ? failureClass : undefined))),
    interrupts: tally(answers.filter(({ outcome }) => outcome === 'interrupt').map(({ family }) => family)),
    errorCodes: tally(answers.map(({ errorCode }) => (errorCode === 0 ? undefined : String(errorCode)))),
    signals: Object.fromEntries(
      signalIds
        .filter((id) => id !== 'backupAuthEligible')
        .map((id) => {
          const values = answers.map(({ signals }) => signalOf(signals, id))
          return [
            id,
            { isTrue: values.filter((value) => value === true).length, known: values.filter((value) => value !== 'unknown').length },
          ]
        }),
    ),
    streams: {
      interactiveUser: 0,
      nonInteractiveUser: 0,
      servicePrincipal: 0,
      managedIdentity: 0,
      ...tally(rows.map(({ stream }) => stream)),
    },
    distinctUsers: new Set(rows.filter((row) => isPersonal(row) && isKnownUser(row)).map(({ signIn }) => signIn.userId)).size,
    unknownUserSignIns: rows.filter((row) => isPersonal(row) && !isKnownUser(row)).length,
  }
}

const always = Number.MAX_SAFE_INTEGER

test('truthOf: what the product says of every row of a day is the truth', () => {
  const rows = rowsOf(midnight, midnight + day)
  expect(rows.length).toBeGreaterThan(10_500)
  expect(answerOf(rows)).toEqual(truthOf(log, { from: midnight, to: midnight + day }, always))
})

test('truthOf: the parts of a range add up, and both ends are where they are said to be', () => {
  const whole = truthOf(log, { from: midnight, to: midnight + 2 * hour }, always)
  const cut = midnight + hour + 7_000
  const parts = [truthOf(log, { from: midnight, to: cut }, always), truthOf(log, { from: cut, to: midnight + 2 * hour }, always)]
  expect(parts.reduce((sum, part) => sum + part.signIns, 0)).toBe(whole.signIns)
  expect(parts.reduce((sum, part) => sum + (part.errorCodes['500021'] ?? 0), 0)).toBe(whole.errorCodes['500021'])
  expect(truthOf(log, { from: midnight, to: midnight }, always).signIns).toBe(0)
})

test('truthOf: a sign-in that is not visible yet does not count', () => {
  const range = { from: midnight, to: midnight + hour }
  const counts = [midnight, midnight + hour, midnight + hour + 20 * 60_000, always].map((at) => truthOf(log, range, at).signIns)
  expect(counts[0]).toBe(0)
  expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  expect(counts[1]).toBeLessThan(counts[3] ?? 0)
})

test('truthOf: outcomes, families and interrupts add up to the sign-ins', () => {
  const truth = truthOf(log, { from: midnight, to: midnight + day }, always)
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, count) => total + count, 0)
  expect(sum(truth.outcomes)).toBe(truth.signIns)
  expect(sum(truth.streams)).toBe(truth.signIns)
  expect(sum(truth.families)).toBe(truth.outcomes.failure + truth.outcomes.serviceFault)
  expect(sum(truth.interrupts)).toBe(truth.outcomes.interrupt)
  expect(sum(truth.errorCodes)).toBe(truth.signIns - truth.outcomes.success)
  expect(
    [...Object.keys(truth.families), ...Object.keys(truth.interrupts)].filter((id) => !familyIds.some((known) => known === id)),
  ).toEqual([])
})

test.each([1, 2, 3])('stories: every one shows in any 24 hours (seed %i)', (seed) => {
  for (let from = midnight; from < midnight + day; from += 8 * hour) {
    const truth = truthOf(logOf(seed), { from, to: from + day }, always)
    expect(Object.keys(truth.classes).sort()).toEqual([
      'cross-tenant.inbound',
      'cross-tenant.outbound',
      'tenant-restriction.azure-backup',
      'tenant-restriction.consumer',
      'tenant-restriction.pass-through',
      'tenant-restriction.v1',
      'tenant-restriction.v2',
      'tls.client-certificate',
      'tls.legacy',
    ])
    for (const [id, { isTrue, known }] of Object.entries(truth.signals)) {
      expect([id, isTrue > 0 && isTrue < known]).toEqual([id, true])
    }
    for (const code of [7000222, 50126, 50053, 90033, 50076, 1002016, 53003]) expect(truth.errorCodes).toHaveProperty(String(code))
  }
})

test('stories: the outage has many served sign-ins and service faults, the exercise a few and none of its own', () => {
  const during = (from: number, to: number) => truthOf(log, { from: midnight + from * hour, to: midnight + to * hour }, always)
  const outage = during(2 + 10 / 60, 2 + 35 / 60)
  const exercise = during(6, 6 + 40 / 60)
  const quiet = during(7, 8)
  const share = ({ signals }: Truth): number => (signals['servedByBackupAuth']?.isTrue ?? 0) / (signals['servedByBackupAuth']?.known ?? 1)
  expect(share(outage)).toBeGreaterThan(0.25)
  expect(outage.outcomes.serviceFault).toBeGreaterThan(20)
  expect(share(exercise)).toBeGreaterThan(0.01)
  expect(share(exercise)).toBeLessThan(0.1)
  expect(exercise.outcomes.serviceFault).toBeLessThan(5)
  expect(share(quiet)).toBe(0)
})

test('stories: ids are unique and hours lie within a day', () => {
  expect(new Set(stories.map(({ id }) => id)).size).toBe(stories.length)
  for (const { fromHour, toHour } of stories) expect(fromHour >= 0 && fromHour < toHour && toHour <= 24).toBe(true)
})
