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
import { type FamilyCounts, notes, notesOf } from '../../shared/failures/notes'
import { isUnattended } from '../../shared/failures/rowSigns'
import { breakages } from './breakages'
import { catalogueProblems, tenants } from './catalogueProblems'

const explain = ({ stream, ...signIn }: Example) => classify(signIn, { stream, tenants })

/** A prompt for a person whom nobody is there to be. */
const isPromoted = (row: FailureClass, { stream, ...signIn }: Example): boolean =>
  familyOf(familyIdOf(row.id)).needsPerson === true && isUnattended(signIn, { stream, tenants })

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
      outcome: isPromoted(row, example) ? 'failure' : listedOutcome(row, errorCode),
    })
  }
})

test.each(classRows.map((row) => [row.id, row] as const))('catalogue: %s leaves its near misses alone', (_, row) => {
  expect(row.rejects.length).toBeGreaterThan(0)
  for (const example of row.rejects)
    expect({ example, failureClass: explain(example).failureClass }).not.toMatchObject({ failureClass: row.id })
})

test('catalogue: nothing is wrong with it', () => expect(catalogueProblems(catalogue)).toEqual([]))

test.each(breakages)('catalogue problems: $name is found', ({ broken, problem }) => {
  expect(catalogueProblems(broken)).toContain(problem)
})

test('catalogue problems: each kind of breakage has a name of its own, and there are at least twelve', () => {
  expect(new Set(breakages.map(({ name }) => name)).size).toBe(breakages.length)
  expect(breakages.length).toBeGreaterThanOrEqual(12)
})

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
    'tenant-restriction.v1-fault',
    'tenant-restriction.meant',
    'tenant-restriction.v1',
  ])
  expect(classesOfCode(50126).map((row) => row.id)).toEqual(['credential.password-without-page', 'credential.wrong-password'])
  expect(classesOfCode(4)).toEqual([])
})

test('catalogue: the classes that the product promises are there', () => {
  const promised: Partial<Record<FamilyId, string[]>> = {
    'tenant-restriction': [
      'v1',
      'v1-fault',
      'v2',
      'v2-fault',
      'meant',
      'header',
      'conflict',
      'azure-backup',
      'own-tenant',
      'pass-through',
      'consumer',
      'data-plane',
    ],
    'cross-tenant': ['outbound', 'inbound', 'trust', 'cloud'],
    tls: ['legacy', 'application-certificate', 'certificate-not-presented', 'client-certificate', 'intercepted', 'handshake'],
    'backup-auth': ['not-eligible', 'policy', 'plumbing'],
    other: ['message-only', 'unknown-code', 'no-code'],
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

const nothing: FamilyCounts = { signIns: 0, ofClass: () => 0, ofCode: () => 0 }
const codesOfNotes = (family: FamilyId, counts = nothing) => notesOf(family, counts).map((note) => note.code)

test('notes: each of the four families says what its number cannot see, in both languages, under codes of its own', () => {
  for (const family of ['tenant-restriction', 'cross-tenant', 'tls', 'backup-auth'] as const)
    expect(codesOfNotes(family).length).toBeGreaterThan(0)
  expect(codesOfNotes('credential')).toEqual([])
  expect(new Set(notes.map((note) => note.code)).size).toBe(notes.length)
  for (const words of notes.flatMap((note) => [note.text, ...(note.when ? [note.when.words] : [])])) {
    expect(words.en).not.toMatch(/[\u3040-\u30ff]/)
    expect(words.ja).toMatch(/[\u3040-\u30ff]/)
  }
})

const counted = (code: number, failureClass = ''): FamilyCounts => ({
  signIns: 1,
  ofClass: (id: string) => (id === failureClass ? 1 : 0),
  ofCode: (errorCode: number) => (errorCode === code ? 1 : 0),
})

test.each<[string, FamilyId, FamilyCounts]>([
  ['tr-v1-logs-with-context-tenant', 'tenant-restriction', counted(500021)],
  ['tr-v2-none-is-no-proof', 'tenant-restriction', counted(5000211)],
  ['tr-backup-logs-with-microsoft', 'tenant-restriction', counted(500021, 'tenant-restriction.azure-backup')],
  ['tls-none-refused-is-no-proof', 'tls', counted(1002016)],
])('notes: %s is for a zero only', (code, family, counts) => {
  expect(codesOfNotes(family)).toContain(code)
  expect(codesOfNotes(family, counts)).not.toContain(code)
})

test.each<[string, FamilyId]>([
  ['tr-v2-may-log-elsewhere', 'tenant-restriction'],
  ['tr-data-plane-not-logged', 'tenant-restriction'],
  ['consumer-restriction-not-logged', 'tenant-restriction'],
  ['tls-refused-leaves-no-row', 'tls'],
])('notes: %s is always shown', (code, family) => {
  for (const counts of [nothing, counted(5000211), counted(1002016)]) expect(codesOfNotes(family, counts)).toContain(code)
})

test('notes: what is said of the codes of backup authentication is said beside such codes only', () => {
  expect(codesOfNotes('backup-auth')).not.toContain('backup-auth-codes-are-rare')
  expect(codesOfNotes('backup-auth', counted(230090))).toContain('backup-auth-codes-are-rare')
})

test('catalogue: it holds all 496 codes, each with one class that takes what is left', () => {
  expect(codeRows.size).toBe(496)
  for (const { classes } of codeRows.values()) expect(classes.filter((row) => row.when === undefined)).toHaveLength(1)
})
