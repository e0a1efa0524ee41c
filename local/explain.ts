import { classOf, codeRows, failureClasses, familyIdOf, familyOf } from '../shared/failures/catalogue'
import { type FailureClass, type FailureClassId, type FamilyId, familyIds, type Outcome } from '../shared/failures/catalogueTypes'
import {
  type ClassView,
  classView,
  mendedByWords,
  type NoteView,
  noteView,
  outcomeWords,
  severityWords,
} from '../shared/failures/classView'
import { type AzureBackupTenantName, azureBackupTenantName } from '../shared/failures/knownTenants'
import { notes } from '../shared/failures/notes'
import type { Language } from '../shared/failures/words'
import { MonitorError } from '../shared/runtime/errors'
import type { TextOutput } from './terminal'

/** The arguments of the command line, not yet checked. */
export interface ExplainArguments {
  /** Codes, class ids, family ids or pieces of text; `-` is text from standard input. */
  readonly subjects: readonly string[]
  readonly json: boolean
  readonly lang: Language
}

export interface ExplainIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: TextOutput
}

/** How the command ends, for scripts. A wrong use ends with 2. */
export const explainExitCodes = {
  /** Everything that was asked for is in the catalogue. */
  found: 0,
  /** Something is not in the catalogue, or a text held nothing to explain; what was found is printed. */
  notInCatalogue: 1,
} as const

/** One thing that was explained. */
export interface Explanation {
  readonly subject: string
  readonly kind: 'code' | 'class' | 'family' | 'azure-backup-tenant'
  /** Null for the code 0, which is a success. */
  readonly family: FamilyId | null
  /** What the code alone means; null where a class or a family was asked for. */
  readonly outcome: Outcome | null
  /** For a code the class to start with, then those that hold where the rest of the sign-in fits them, in the order in which they are asked. */
  readonly classes: readonly ClassView[]
  /** Of a family: what its numbers cannot see. */
  readonly notes: readonly NoteView[]
  /** The id of a tenant that is known by its name; null where none was asked for or none is published. */
  readonly tenantId: string | null
  /** Pages of which one answers with the tenant's id; empty where nothing has to be resolved. */
  readonly resolve: readonly string[]
}

/** Something that nobody here can explain, with Microsoft's page for it where there is one. */
export interface Unexplained {
  readonly subject: string
  readonly lookup: string | null
  /** The classes of the family that a mistaken class id begins with. */
  readonly candidates: readonly FailureClassId[]
}

export interface Explained {
  readonly explained: readonly Explanation[]
  readonly notInCatalogue: readonly Unexplained[]
}

const textMax = 1_048_576
const lookupOf = (code: number | string): string => `https://login.microsoftonline.com/error?code=${code}`

/** The command `explain`: prints rows of the catalogue on stdout and answers its exit code. No input at all throws `usage`. */
export async function runExplain(args: ExplainArguments, io: ExplainIo): Promise<number> {
  if (args.subjects.some((subject) => subject.trim() === ''))
    throw new MonitorError(
      'usage',
      'A subject is empty; name a code such as 500021, a class id or a family, or - for text from standard input.',
    )
  const text = args.subjects.includes('-') ? await readText(io.stdin) : ''
  const subjects = args.subjects.map((subject) => (subject === '-' ? text : subject))
  const result = explain(subjects, args.lang)
  io.stdout.write(args.json ? `${JSON.stringify(result, undefined, 2)}\n` : renderExplained(result, args.lang))
  return result.notInCatalogue.length > 0 ? explainExitCodes.notInCatalogue : explainExitCodes.found
}

async function readText(stdin: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stdin) {
    text += chunk.toString()
    if (text.length > textMax)
      throw new MonitorError('usage', `Standard input holds more than ${textMax} characters; paste the part around the error.`)
  }
  if (text.trim() === '') throw new MonitorError('usage', 'Standard input is empty; paste the text with the error.')
  return text
}

/** Explains codes, classes and families, and every code and Azure Backup tenant name in a text; each once. */
export function explain(subjects: readonly string[], language: Language): Explained {
  const explained = new Map<string, Explanation>()
  const notInCatalogue = new Map<string, Unexplained>()
  const add = (found: Explanation | Unexplained): void => {
    if ('kind' in found) explained.set(found.subject, found)
    else notInCatalogue.set(found.subject, found)
  }
  for (const subject of subjects) for (const found of explainSubject(subject.trim(), language)) add(found)
  return { explained: [...explained.values()], notInCatalogue: [...notInCatalogue.values()] }
}

const bare = { notes: [], tenantId: null, resolve: [] } as const

const plainCode = /^(?:AADSTS)?(\d{1,10})$/i
const rowId = /^[a-z-]+(?:\.[a-z0-9-]+)?$/

function explainSubject(subject: string, language: Language): readonly (Explanation | Unexplained)[] {
  const code = plainCode.exec(subject)?.[1]
  if (code !== undefined) return [explainCode(Number(code), [], language)]
  const row = classOf(subject as FailureClassId)
  if (row) return [{ ...bare, subject, kind: 'class', family: familyIdOf(row.id), outcome: null, classes: [classView(row, language)] }]
  const family = familyIds.find((id) => id === subject)
  if (family) return [explainFamily(family, language)]
  if (rowId.test(subject) && azureBackupTenantName(subject) === undefined)
    return [{ subject: shortened(subject), lookup: null, candidates: candidatesFor(subject) }]
  return explainText(subject, language)
}

/** The classes of the family that an id begins with; none where there is no such family. */
const candidatesFor = (id: string): readonly FailureClassId[] =>
  failureClasses.flatMap((row) => (id.startsWith(`${familyIdOf(row.id)}.`) ? [row.id] : []))

const explainFamily = (id: FamilyId, language: Language): Explanation => ({
  ...bare,
  subject: id,
  kind: 'family',
  family: id,
  outcome: null,
  classes: failureClasses.filter((row) => familyIdOf(row.id) === id).map((row) => classView(row, language)),
  notes: notes.filter((note) => note.family === id).map((note) => noteView(note, language)),
})

/** `first`: classes that the text around the code speaks for; beside them stands only what the code alone means. */
function explainCode(code: number, first: readonly FailureClass[], language: Language): Explanation | Unexplained {
  const row = codeRows.get(code)
  if (code === 0) return { ...bare, subject: '0', kind: 'code', family: null, outcome: 'success', classes: [] }
  if (!row) return { subject: `AADSTS${code}`, lookup: lookupOf(code), candidates: [] }
  const likely = first.filter((each) => row.classes.includes(each))
  const byCodeAlone = row.classes.filter((each) => each.when === undefined)
  const others = likely.length > 0 ? [] : row.classes
  const classes = [...new Set([...likely, ...byCodeAlone, ...others])].map((each) => classView(each, language))
  return { ...bare, subject: `AADSTS${code}`, kind: 'code', family: row.family, outcome: row.outcome, classes }
}

/** Numbers that a text calls a code; a bare number may be anything. */
const codesInText =
  /(?:AADSTS|\/error\?code=|(?:error[ _-]?codes?|result ?type|エラー ?コード)["']?\s*[:=：]?\s*[["']*\s*)(\d{4,9})(?!\d)/gi
/** What a token endpoint answers, `"error_codes":[50076,65001]`. */
const codeListsInText = /error_codes["']?\s*:\s*\[([\d\s,]{4,200})\]/gi
const tenantNamesInText = /IDM(?:Service)?AADTenant[a-z]{2,12}?pod\d{1,4}/gi

function codesOfText(text: string): readonly number[] {
  const listed = [...text.matchAll(codeListsInText)].flatMap((match) => (match[1] ?? '').split(','))
  const named = [...text.matchAll(codesInText)].map((match) => match[1])
  return [...new Set([...named, ...listed].map(Number))].filter((code) => code > 0)
}

function explainText(text: string, language: Language): readonly (Explanation | Unexplained)[] {
  const names = [...new Set(text.match(tenantNamesInText) ?? [])].flatMap((name) => azureBackupTenantName(name) ?? [])
  const backup = classOf('tenant-restriction.azure-backup')
  const codes = codesOfText(text)
  const found = [
    ...codes.map((code) => explainCode(code, names.length > 0 && backup ? [backup] : [], language)),
    ...names.map((name) => explainTenantName(name, backup, language)),
  ]
  return found.length > 0 ? found : [{ subject: shortened(text), lookup: null, candidates: [] }]
}

const explainTenantName = (
  { name, tenantId, domains }: AzureBackupTenantName,
  row: FailureClass | undefined,
  language: Language,
): Explanation => ({
  ...bare,
  subject: name,
  kind: 'azure-backup-tenant',
  family: 'tenant-restriction',
  outcome: null,
  classes: row ? [classView(row, language)] : [],
  tenantId: tenantId ?? null,
  resolve: tenantId ? [] : domains.map((domain) => `https://login.microsoftonline.com/${domain}/v2.0/.well-known/openid-configuration`),
})

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

const labels = {
  en: {
    remedy: 'What to do',
    falseAlarm: 'False alarm',
    codes: 'Codes',
    reference: 'Reference',
    notes: 'What its numbers cannot see',
    when: 'said when',
    condition: 'Only when',
    severalClasses: 'Start with the first class; another holds where its condition does:',
    tenantId: 'Tenant id',
    resolve: "The tenant's id stands in the issuer at the one of these pages that exists",
    unknownCode: 'is not in the catalogue. Look it up at',
    candidates: 'Its family has',
    unknownText: 'No code, class, family or Azure Backup tenant in',
  },
  ja: {
    remedy: '対処',
    falseAlarm: '誤報となる場合',
    codes: 'コード',
    reference: '参照',
    notes: '件数に現れないもの',
    when: '表示条件',
    condition: '条件',
    severalClasses: 'まず先頭のクラスを確認してください。その他は、条件が当てはまる場合に該当します:',
    tenantId: 'テナント ID',
    resolve: 'テナント ID は、次のうち存在するページの issuer に記載されています',
    unknownCode: 'はカタログにありません。次のページで確認してください:',
    candidates: 'このファミリのクラス',
    unknownText: 'コード、クラス、ファミリ、Azure Backup のテナントが見つかりません:',
  },
} as const

function renderExplained({ explained, notInCatalogue }: Explained, language: Language): string {
  const words = labels[language]
  const unknown = notInCatalogue.map(({ subject, lookup, candidates }) => {
    if (lookup !== null) return `${subject} ${words.unknownCode} ${lookup}`
    const said = `${words.unknownText} "${subject}"`
    return candidates.length === 0 ? said : `${said}\n${words.candidates}: ${candidates.join(', ')}`
  })
  const shown = new Set<FailureClassId>()
  return `${[...explained.map((each) => renderExplanation(each, language, shown)), ...unknown].join('\n\n')}\n`
}

/** `shown`: the classes that stand above with all their words, which are not repeated. */
function renderExplanation(explanation: Explanation, language: Language, shown: Set<FailureClassId>): string {
  const { subject, kind, family, outcome, classes, tenantId, resolve } = explanation
  const words = labels[language]
  const row = family === null ? undefined : familyOf(family)
  const head = [subject, ...(row ? [row.title[language]] : []), ...(outcome === null ? [] : [outcomeWords[outcome][language]])].join(' · ')
  const lines = [
    head,
    ...(kind === 'family' && row ? [row.meaning[language]] : []),
    ...(kind === 'code' && classes.length > 1 ? [words.severalClasses] : []),
    ...(tenantId === null ? [] : [`${words.tenantId}: ${tenantId}`]),
    ...(resolve.length === 0 ? [] : [`${words.resolve}:`, ...resolve.map((page) => `  ${page}`)]),
    ...classes.map((view) => `\n${shown.has(view.id) ? classHead(view, language) : renderClass(view, language)}`),
  ]
  if (explanation.notes.length > 0) lines.push(`\n${words.notes}:`, ...explanation.notes.map((note) => renderNote(note, language)))
  for (const { id } of classes) shown.add(id)
  return lines.join('\n')
}

const renderNote = ({ text, when }: NoteView, language: Language): string =>
  when === null ? `- ${text}` : `- ${text} (${labels[language].when}: ${when})`

const classHead = ({ id, title, severity, mendedBy }: ClassView, language: Language): string =>
  `  ${id} — ${title} [${severityWords[severity][language]}, ${mendedByWords[mendedBy][language]}]`

function renderClass(view: ClassView, language: Language): string {
  const words = labels[language]
  const codes = Object.values(view.codes).flat()
  return [
    classHead(view, language),
    ...(view.condition === null ? [] : [`    ${words.condition}: ${view.condition}`]),
    `    ${words.remedy}: ${view.remedy}`,
    `    ${words.falseAlarm}: ${view.falseAlarm}`,
    ...(codes.length > 0 ? [`    ${words.codes}: ${codes.join(', ')}`] : []),
    `    ${words.reference}: ${view.reference}`,
  ].join('\n')
}
