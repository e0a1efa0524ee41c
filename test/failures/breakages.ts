import { catalogue, classOf } from '../../shared/failures/catalogue'
import type { FailureClass, FailureClassId } from '../../shared/failures/catalogueTypes'
import type { FamilyRows } from '../../shared/failures/defineFamily'

/** One way to break the catalogue, and the sentence that has to find it. */
interface Breakage {
  readonly name: string
  readonly broken: readonly FamilyRows[]
  readonly problem: string
}

const familyOfRow = (id: FailureClassId): string => id.slice(0, id.indexOf('.'))

/** The catalogue with one row replaced by a broken copy of it. */
function replacing(id: FailureClassId, change: (row: FailureClass) => FailureClass): readonly FamilyRows[] {
  const row = classOf(id)
  if (row === undefined) throw new RangeError(`There is no class ${id} to break.`)
  return catalogue.map((rows) => ({ ...rows, classes: rows.classes.map((each) => (each === row ? change(each) : each)) }))
}

/** The catalogue with one more row, made from a good one of its family. */
function adding(extra: Partial<FailureClass>, like: FailureClassId = 'credential.old-password', first = false): readonly FamilyRows[] {
  const row = classOf(like)
  if (row === undefined) throw new RangeError(`There is no class ${like} to copy.`)
  const added: FailureClass = { ...row, id: 'credential.extra', ...extra }
  return catalogue.map((rows) => {
    if (rows.family.id !== familyOfRow(like)) return rows
    return { ...rows, classes: first ? [added, ...rows.classes] : [...rows.classes, added] }
  })
}

const always = { when: () => true, condition: { en: 'always', ja: '常に' } }

const wrongPassword = 'credential.wrong-password'

/** Every kind of breakage that the checks find; `docs/catalogue-checks.md` lists them. */
export const breakages: readonly Breakage[] = [
  {
    name: 'a published code without a class',
    broken: replacing(wrongPassword, (row) => ({ ...row, codes: [50064] })),
    problem: '50126 has only conditional rows',
  },
  {
    name: 'a code that dropped out altogether',
    broken: replacing('credential.old-password', (row) => ({ ...row, codes: [50056] })),
    problem: '50054 has no class',
  },
  {
    name: 'a code that Microsoft never published',
    broken: replacing(wrongPassword, (row) => ({ ...row, codes: [50126, 50064, 4] })),
    problem: '4 is not a published code',
  },
  {
    name: 'a code in the wrong list',
    broken: replacing('credential.old-password', (row) => ({ ...row, codes: [], interruptCodes: [50054] })),
    problem: '50054 is credential interrupt and not credential failure',
  },
  {
    name: 'two rows that claim one code without a condition',
    broken: adding({ codes: [50126] }),
    problem: '50126 is unconditional in credential.wrong-password and credential.extra',
  },
  {
    name: 'a condition behind the row that takes everything',
    broken: adding({ ...always, codes: [50126] }),
    problem: '50126 has a conditional row after the unconditional one',
  },
  {
    name: 'a row that can never match',
    broken: replacing('account-state.malicious-address', (row) => ({ ...row, when: () => false })),
    problem: 'account-state.malicious-address can never match',
  },
  {
    name: 'a row that an earlier one hides',
    broken: adding({ ...always, codes: [50126, 50056, 50064] }, 'credential.old-password', true),
    problem: 'credential.password-without-page can never match',
  },
  {
    name: 'a condition that lets a near miss in',
    broken: replacing('mfa.unattended', (row) => ({ ...row, when: () => true })),
    problem: 'mfa.unattended takes one of its near misses',
  },
  {
    name: 'an example of another class',
    broken: replacing(wrongPassword, (row) => ({ ...row, matches: [...row.matches, { status: { errorCode: 50057 } }] })),
    problem: 'credential.wrong-password does not take one of its examples',
  },
  {
    name: 'a class without a Japanese text',
    broken: replacing(wrongPassword, (row) => ({ ...row, remedy: { en: 'Retry.', ja: 'Retry.' } })),
    problem: 'credential.wrong-password remedy is not Japanese',
  },
  {
    name: 'an empty text',
    broken: replacing(wrongPassword, (row) => ({ ...row, title: { ...row.title, en: ' ' } })),
    problem: 'credential.wrong-password title is empty in en',
  },
  {
    name: 'a class without a reference',
    broken: replacing(wrongPassword, (row) => ({ ...row, reference: '' })),
    problem: 'credential.wrong-password has no https reference',
  },
  {
    name: 'a reference to a page in one language',
    broken: replacing(wrongPassword, (row) => ({ ...row, reference: 'https://learn.microsoft.com/en-us/entra/' })),
    problem: 'credential.wrong-password does not refer to a page of Microsoft without language, query and fragment',
  },
  {
    name: 'a remedy that does not say first who mends it',
    broken: replacing(wrongPassword, (row) => ({ ...row, remedy: { ...row.remedy, en: 'Try again with the right password.' } })),
    problem: 'credential.wrong-password does not say first who mends it',
  },
  {
    name: 'a class without a matching example',
    broken: replacing(wrongPassword, (row) => ({ ...row, matches: [] })),
    problem: 'credential.wrong-password matches nothing',
  },
  {
    name: 'a class without a near miss',
    broken: replacing(wrongPassword, (row) => ({ ...row, rejects: [] })),
    problem: 'credential.wrong-password rejects nothing',
  },
  {
    name: 'a class that is a dump',
    broken: replacing(wrongPassword, (row) => ({ ...row, id: 'credential.general' })),
    problem: 'credential.general is a dump',
  },
  {
    name: 'two classes of one title',
    broken: replacing(wrongPassword, (row) => ({ ...row, title: classOf('credential.old-password')?.title ?? row.title })),
    problem: 'two classes have the title An earlier password was used',
  },
  {
    name: 'two classes of one remedy',
    broken: replacing(wrongPassword, (row) => ({ ...row, remedy: classOf('credential.old-password')?.remedy ?? row.remedy })),
    problem: 'credential.wrong-password and credential.old-password have one remedy',
  },
  {
    name: 'two classes of one Japanese title',
    broken: replacing(wrongPassword, (row) => ({ ...row, title: { ...row.title, ja: '以前のパスワードの使用' } })),
    problem: 'two classes have the title 以前のパスワードの使用',
  },
  {
    name: 'a condition without words',
    broken: replacing('mfa.unattended', ({ condition: _, ...row }) => row),
    problem: 'mfa.unattended does not say its condition',
  },
  {
    name: 'words of a condition that no row asks for',
    broken: replacing(wrongPassword, (row) => ({ ...row, condition: always.condition })),
    problem: 'credential.wrong-password says a condition that nothing asks for',
  },
  {
    name: 'a code of two families',
    broken: adding({ ...always, codes: [500021] }),
    problem: '500021 is in two families',
  },
  {
    name: 'a code with two outcomes',
    broken: adding({ ...always, codes: [], interruptCodes: [50126] }),
    problem: '50126 has two outcomes',
  },
  { name: 'a class without a code', broken: adding({ codes: [] }), problem: 'credential.extra has no code' },
  { name: 'a code that a row names twice', broken: adding({ codes: [4, 4] }), problem: 'credential.extra names a code twice' },
  {
    name: 'a text-only class with codes',
    broken: adding({ codes: [4], textOnly: true }),
    problem: 'credential.extra is text only and has codes',
  },
  { name: 'an id of another family', broken: adding({ id: 'mfa.extra' }), problem: 'mfa.extra is not of family credential' },
  { name: 'an id that is not kebab-case', broken: adding({ id: 'credential.Extra' }), problem: 'credential.Extra is not kebab-case' },
  { name: 'an id that is there twice', broken: adding({ id: wrongPassword }), problem: 'credential.wrong-password is there twice' },
  { name: 'a missing family', broken: catalogue.slice(1), problem: 'tenant-restriction is not there exactly once' },
]
