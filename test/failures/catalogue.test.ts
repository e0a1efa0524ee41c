import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  catalogue,
  classesOfCode,
  classOf,
  codeRows,
  failureClasses,
  families,
  familyIdOf,
  familyOf,
} from '../../shared/failures/catalogue'
import { type Example, type FailureClass, type FamilyId, familyIds, type Outcome } from '../../shared/failures/catalogueTypes'
import { classify } from '../../shared/failures/classify'
import { exampleOwnTenantId, examplePartnerTenantId, type FamilyRows } from '../../shared/failures/defineFamily'
import { knownTenants } from '../../shared/failures/knownTenants'
import { notesOf } from '../../shared/failures/notes'
import { catalogueProblems } from './catalogueProblems'

const tenants = knownTenants([{ id: examplePartnerTenantId, name: 'Fabrikam', kind: 'partner', blocked: 'fault' }], exampleOwnTenantId)
const explain = ({ stream, ...signIn }: Example) => classify(signIn, { stream, tenants })

const classRows = failureClasses.filter((row) => !row.textOnly)

/** What the row's lists say of a code; a code in no list has the outcome of a code that nobody knows. */
function listedOutcome(row: FailureClass, code: number): Outcome {
  if (row.interruptCodes?.includes(code)) return 'interrupt'
  return row.serviceCodes?.includes(code) ? 'serviceFault' : 'failure'
}

test.each(classRows.map((row) => [row.id, row] as const))('catalogue: %s explains its examples with the outcome of its lists', (_, row) => {
  expect(row.matches.length).toBeGreaterThan(0)
  for (const example of row.matches) {
    const { failureClass, family, outcome, errorCode } = explain(example)
    expect({ example, failureClass, family, outcome }).toEqual({
      example,
      failureClass: row.id,
      family: familyIdOf(row.id),
      outcome: listedOutcome(row, errorCode),
    })
  }
})

test.each(classRows.map((row) => [row.id, row] as const))('catalogue: %s leaves its near misses alone', (_, row) => {
  expect(row.rejects.length).toBeGreaterThan(0)
  for (const example of row.rejects)
    expect({ example, failureClass: explain(example).failureClass }).not.toMatchObject({ failureClass: row.id })
})

test('catalogue: nothing is wrong with it', () => expect(catalogueProblems(catalogue)).toEqual([]))

const good = catalogue.find(({ family }) => family.id === 'credential')
const goodRow = classOf('credential.wrong-password')

/** The catalogue with one family replaced by a broken copy of it. */
function withBroken(change: (rows: FamilyRows, row: FailureClass) => FamilyRows): readonly FamilyRows[] {
  if (!good || !goodRow) throw new Error('The family credential is gone.')
  const broken = change(good, goodRow)
  return catalogue.map((rows) => (rows === good ? broken : rows))
}

const replacing = (change: (row: FailureClass) => FailureClass) =>
  withBroken((rows, row) => ({ ...rows, classes: rows.classes.map((each) => (each === row ? change(each) : each)) }))

const adding = (extra: Partial<FailureClass>) =>
  withBroken((rows, row) => ({ ...rows, classes: [...rows.classes, { ...row, id: 'credential.extra', ...extra }] }))

test.each<[string, readonly FamilyRows[], string]>([
  [
    'a code that is unconditional twice',
    adding({ codes: [50126] }),
    '50126 is unconditional in credential.wrong-password and credential.extra',
  ],
  ['a code with conditional rows only', adding({ codes: [4], when: () => true }), '4 has only conditional rows'],
  [
    'a conditional row behind the unconditional one',
    adding({ codes: [50126], when: () => true }),
    '50126 has a conditional row after the unconditional one',
  ],
  ['a code with two outcomes', adding({ codes: [], interruptCodes: [50126], when: () => true }), '50126 has two outcomes'],
  ['a code of two families', adding({ codes: [500021], when: () => true }), '500021 is in two families'],
  ['a class without a code', adding({ codes: [] }), 'credential.extra has no code'],
  ['an empty text', replacing((row) => ({ ...row, title: { ...row.title, en: ' ' } })), 'credential.wrong-password title is empty in en'],
  [
    'Japanese that is English',
    replacing((row) => ({ ...row, remedy: { en: 'Retry.', ja: 'Retry.' } })),
    'credential.wrong-password remedy is not Japanese',
  ],
  [
    'a reference that is not https',
    replacing((row) => ({ ...row, reference: 'http://x.example/' })),
    'credential.wrong-password has no https reference',
  ],
  ['an id of another family', adding({ codes: [4], id: 'mfa.extra' }), 'mfa.extra is not of family credential'],
  ['an id that is not kebab-case', adding({ codes: [4], id: 'credential.Extra' }), 'credential.Extra is not kebab-case'],
  ['an id that is there twice', adding({ codes: [4], id: 'credential.wrong-password' }), 'credential.wrong-password is there twice'],
  ['a row without a match', replacing((row) => ({ ...row, matches: [] })), 'credential.wrong-password matches nothing'],
  ['a row without a near miss', replacing((row) => ({ ...row, rejects: [] })), 'credential.wrong-password rejects nothing'],
  ['a text-only row with codes', adding({ codes: [4], textOnly: true }), 'credential.extra is text only and has codes'],
  ['a code that is named twice in a row', adding({ codes: [4, 4] }), 'credential.extra names a code twice'],
  ['a missing family', catalogue.slice(1), 'tenant-restriction is not there exactly once'],
])('catalogue problems: %s is found', (_, broken, problem) => expect(catalogueProblems(broken)).toContain(problem))

test('catalogue: families are in the order of their ids, and each row is found by its id', () => {
  expect(families.map((family) => family.id)).toEqual([...familyIds])
  for (const id of familyIds) expect(familyOf(id).id).toBe(id)
  for (const row of failureClasses) expect(classOf(row.id)).toBe(row)
  expect(classOf('tls.no-such-class')).toBeUndefined()
  expect(() => familyOf('no-such-family' as FamilyId)).toThrow(RangeError)
})

test('catalogue: the classes of a code come in the order in which they are asked', () => {
  expect(classesOfCode(500021).map((row) => row.id)).toEqual([
    'tenant-restriction.own-tenant',
    'tenant-restriction.azure-backup',
    'tenant-restriction.pass-through',
    'tenant-restriction.consumer',
    'tenant-restriction.v1',
  ])
  expect(classesOfCode(50126).map((row) => row.id)).toEqual(['credential.wrong-password'])
  expect(classesOfCode(4)).toEqual([])
})

test('catalogue: the classes that the product promises are there', () => {
  const promised: Partial<Record<FamilyId, string[]>> = {
    'tenant-restriction': ['v1', 'v2', 'header', 'conflict', 'azure-backup', 'own-tenant', 'pass-through', 'consumer', 'data-plane'],
    'cross-tenant': ['outbound', 'inbound', 'trust', 'cloud'],
    tls: ['legacy', 'client-certificate', 'intercepted', 'handshake'],
    'backup-auth': ['not-eligible', 'policy', 'plumbing'],
    other: ['general', 'unknown-code', 'no-code'],
  }
  for (const [family, names] of Object.entries(promised)) {
    const ids = failureClasses.filter((row) => familyIdOf(row.id) === family).map((row) => row.id)
    expect(ids.sort()).toEqual(names.map((name) => `${family}.${name}`).sort())
  }
  expect(classOf('tenant-restriction.own-tenant')?.severity).toBe('critical')
})

test('families: those whose prompts need a person, and those that are broken down by class', () => {
  expect(families.flatMap((family) => (family.needsPerson ? [family.id] : [])).sort()).toEqual(
    ['account-state', 'conditional-access', 'consent', 'credential', 'mfa'].sort(),
  )
  expect(families.flatMap((family) => (family.facetsByClass ? [family.id] : []))).toEqual([
    'tenant-restriction',
    'cross-tenant',
    'tls',
    'backup-auth',
  ])
})

test('notes: each of the four families says what its number cannot see, in both languages, under codes of its own', () => {
  const all = familyIds.flatMap((family) => notesOf(family))
  for (const family of ['tenant-restriction', 'cross-tenant', 'tls', 'backup-auth'] as const)
    expect(notesOf(family).length).toBeGreaterThan(0)
  expect(notesOf('credential')).toEqual([])
  expect(new Set(all.map((note) => note.code)).size).toBe(all.length)
  for (const note of all) {
    expect(note.text.en).not.toMatch(/[\u3040-\u30ff]/)
    expect(note.text.ja).toMatch(/[\u3040-\u30ff]/)
  }
  expect(all.map((note) => note.code)).toEqual(
    expect.arrayContaining([
      'tr-v2-may-log-elsewhere',
      'tr-data-plane-not-logged',
      'consumer-restriction-not-logged',
      'tls-refused-leaves-no-row',
    ]),
  )
})

const factsFolder = resolve(__dirname, '../../../shared/facts')
const outcomeOfKind: Record<string, Outcome> = { failure: 'failure', interrupt: 'interrupt', service: 'serviceFault' }
const factsTest = existsSync(factsFolder) ? test : test.skip

factsTest.each(['aadsts.tsv', 'aadsts-extra.tsv'])('catalogue: every code of %s has the family and the outcome given there', (file) => {
  const [, ...lines] = readFileSync(resolve(factsFolder, file), 'utf8').trim().split(/\r?\n/)
  expect(lines.length).toBeGreaterThan(100)
  const expected = lines.map((line) => {
    const [code, , family, kind = ''] = line.split('\t')
    return { code: Number(code), family, outcome: outcomeOfKind[kind] }
  })
  expect(expected.map(({ code }) => ({ code, family: codeRows.get(code)?.family, outcome: codeRows.get(code)?.outcome }))).toEqual(expected)
})

test('catalogue: it holds all 496 codes, each with one class that takes what is left', () => {
  expect(codeRows.size).toBe(496)
  for (const { classes } of codeRows.values()) expect(classes.filter((row) => row.when === undefined)).toHaveLength(1)
})
