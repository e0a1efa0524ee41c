import { classOf, codeRows, failureClasses, familyIdOf, familyOf } from '../shared/failures/catalogue'
import { type FailureClass, type FailureClassId, type FamilyId, familyIds, type Outcome } from '../shared/failures/catalogueTypes'
import { type ClassView, classView, mendedByWords, outcomeWords, severityWords } from '../shared/failures/classView'
import { type AzureBackupTenantName, azureBackupTenantName } from '../shared/failures/knownTenants'
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
  readonly family: FamilyId
  /** What the code alone means; null where a class or a family was asked for. */
  readonly outcome: Outcome | null
  /** For a code the class to start with, then those that hold where the rest of the sign-in fits them, in the order in which they are asked. */
  readonly classes: readonly ClassView[]
  /** A page that answers with the tenant's id; null where nothing has to be resolved. */
  readonly resolve: string | null
}

/** Something that nobody here can explain, with Microsoft's page for it where there is one. */
export interface Unexplained {
  readonly subject: string
  readonly lookup: string | null
}

export interface Explained {
  readonly explained: readonly Explanation[]
  readonly notInCatalogue: readonly Unexplained[]
}

const textMax = 1_048_576
const lookupOf = (code: number | string): string => `https://login.microsoftonline.com/error?code=${code}`

/** The command `explain`: prints rows of the catalogue on stdout and answers its exit code. No input at all throws `usage`. */
export async function runExplain(args: ExplainArguments, io: ExplainIo): Promise<number> {
  const subjects = await Promise.all(args.subjects.map((subject) => (subject === '-' ? readText(io.stdin) : subject)))
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

const plainCode = /^(?:AADSTS)?(\d{1,10})$/i
const rowId = /^[a-z-]+(?:\.[a-z0-9-]+)?$/

function explainSubject(subject: string, language: Language): readonly (Explanation | Unexplained)[] {
  const code = plainCode.exec(subject)?.[1]
  if (code !== undefined) return [explainCode(Number(code), [], language)]
  const row = classOf(subject as FailureClassId)
  if (row)
    return [{ subject, kind: 'class', family: familyIdOf(row.id), outcome: null, classes: [classView(row, language)], resolve: null }]
  const family = familyIds.find((id) => id === subject)
  if (family) return [explainFamily(family, language)]
  if (rowId.test(subject) && azureBackupTenantName(subject) === undefined) return [{ subject, lookup: null }]
  return explainText(subject, language)
}

const explainFamily = (id: FamilyId, language: Language): Explanation => ({
  subject: id,
  kind: 'family',
  family: id,
  outcome: null,
  classes: failureClasses.filter((row) => familyIdOf(row.id) === id).map((row) => classView(row, language)),
  resolve: null,
})

/** `first`: classes that the text around the code speaks for. */
function explainCode(code: number, first: readonly FailureClass[], language: Language): Explanation | Unexplained {
  const row = codeRows.get(code)
  if (!row) return { subject: `AADSTS${code}`, lookup: lookupOf(code) }
  const likely = first.filter((each) => row.classes.includes(each))
  const byCodeAlone = row.classes.filter((each) => each.when === undefined)
  const classes = [...new Set([...likely, ...byCodeAlone, ...row.classes])].map((each) => classView(each, language))
  return { subject: `AADSTS${code}`, kind: 'code', family: row.family, outcome: row.outcome, classes, resolve: null }
}

/** Numbers that a text calls a code; a bare number may be anything. */
const codesInText = /(?:AADSTS|(?:error[ _-]?codes?|result ?type|エラー ?コード)["']?\s*[:=：]?\s*[["']*\s*)(\d{4,9})(?!\d)/gi
const tenantNamesInText = /IDM(?:Service)?AADTenant[a-z]{2,12}?pod\d{1,4}/gi

function explainText(text: string, language: Language): readonly (Explanation | Unexplained)[] {
  const names = [...new Set(text.match(tenantNamesInText) ?? [])].flatMap((name) => azureBackupTenantName(name) ?? [])
  const backup = classOf('tenant-restriction.azure-backup')
  const codes = [...new Set([...text.matchAll(codesInText)].map((match) => Number(match[1])))].filter((code) => code > 0)
  const found = [
    ...codes.map((code) => explainCode(code, names.length > 0 && backup ? [backup] : [], language)),
    ...names.map((name) => explainTenantName(name, backup, language)),
  ]
  return found.length > 0 ? found : [{ subject: shortened(text), lookup: null }]
}

const explainTenantName = ({ name, domains }: AzureBackupTenantName, row: FailureClass | undefined, language: Language): Explanation => ({
  subject: name,
  kind: 'azure-backup-tenant',
  family: 'tenant-restriction',
  outcome: null,
  classes: row ? [classView(row, language)] : [],
  resolve: `https://login.microsoftonline.com/${domains[0] ?? name}/v2.0/.well-known/openid-configuration`,
})

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

const labels = {
  en: {
    remedy: 'What to do',
    falseAlarm: 'False alarm',
    codes: 'Codes',
    reference: 'Reference',
    severalClasses: 'Start with the first class; the others hold where the rest of the sign-in fits them:',
    resolve: "Read the tenant's id (issuer) from",
    unknownCode: 'is not in the catalogue. Look it up at',
    unknownText: 'No code, class, family or Azure Backup tenant in',
  },
  ja: {
    remedy: '対処',
    falseAlarm: '誤報となる場合',
    codes: 'コード',
    reference: '参照',
    severalClasses: 'まず先頭のクラスを確認してください。その他は、サインインの他の項目が当てはまる場合に該当します:',
    resolve: 'テナント ID (issuer) の確認先',
    unknownCode: 'はカタログにありません。次のページで確認してください:',
    unknownText: 'コード、クラス、ファミリ、Azure Backup のテナントが見つかりません:',
  },
} as const

function renderExplained({ explained, notInCatalogue }: Explained, language: Language): string {
  const words = labels[language]
  const unknown = notInCatalogue.map(({ subject, lookup }) =>
    lookup === null ? `${words.unknownText} "${subject}"` : `${subject} ${words.unknownCode} ${lookup}`,
  )
  return `${[...explained.map((each) => renderExplanation(each, language)), ...unknown].join('\n\n')}\n`
}

function renderExplanation({ subject, kind, family, outcome, classes, resolve }: Explanation, language: Language): string {
  const words = labels[language]
  const { title, meaning } = familyOf(family)
  const head = [subject, title[language], ...(outcome === null ? [] : [outcomeWords[outcome][language]])].join(' · ')
  return [
    head,
    ...(kind === 'family' ? [meaning[language]] : []),
    ...(kind === 'code' && classes.length > 1 ? [words.severalClasses] : []),
    ...(resolve === null ? [] : [`${words.resolve}: ${resolve}`]),
    ...classes.map((view) => `\n${renderClass(view, language)}`),
  ].join('\n')
}

function renderClass(view: ClassView, language: Language): string {
  const words = labels[language]
  const codes = Object.values(view.codes).flat()
  return [
    `  ${view.id} — ${view.title} [${severityWords[view.severity][language]}, ${mendedByWords[view.mendedBy][language]}]`,
    `    ${words.remedy}: ${view.remedy}`,
    `    ${words.falseAlarm}: ${view.falseAlarm}`,
    ...(codes.length > 0 ? [`    ${words.codes}: ${codes.join(', ')}`] : []),
    `    ${words.reference}: ${view.reference}`,
  ].join('\n')
}
