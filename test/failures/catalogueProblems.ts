import { readFileSync } from 'node:fs'
import path from 'node:path'
import { codesByOutcome } from '../../shared/failures/catalogue'
import { type Example, type FailureClass, familyIds, type Outcome } from '../../shared/failures/catalogueTypes'
import { exampleOwnTenantId, exampleTenants, type FamilyRows } from '../../shared/failures/defineFamily'
import { knownTenants } from '../../shared/failures/knownTenants'
import { languages, type Words } from '../../shared/failures/words'

/** Every published code with the family and the outcome that it has to have. */
export const publishedCodes: readonly { readonly code: number; readonly family: string; readonly outcome: Outcome }[] = readFileSync(
  path.join(__dirname, 'publishedCodes.tsv'),
  'utf8',
)
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => {
    const [code, family = '', outcome] = line.split('\t')
    return { code: Number(code), family, outcome: outcome as Outcome }
  })

/** The tenants that the examples are judged with. */
export const tenants = knownTenants(exampleTenants, exampleOwnTenantId)

/** Everything that is wrong with a catalogue, one sentence each; empty for a good one. */
export function catalogueProblems(catalogue: readonly FamilyRows[]): string[] {
  const rows = catalogue.flatMap(({ classes }) => classes)
  return [
    ...familyIds
      .filter((id) => catalogue.filter(({ family }) => family.id === id).length !== 1)
      .map((id) => `${id} is not there exactly once`),
    ...repeated(rows.map((row) => row.id)).map((id) => `${id} is there twice`),
    ...catalogue.flatMap(({ family, classes }) => [
      ...wordProblems(`${family.id} title`, family.title),
      ...wordProblems(`${family.id} meaning`, family.meaning),
      ...classes.filter((row) => !row.id.startsWith(`${family.id}.`)).map((row) => `${row.id} is not of family ${family.id}`),
      ...(classes.length === 0 ? [`${family.id} has no class`] : []),
    ]),
    ...rows.flatMap(rowProblems),
    ...codeProblems(rows),
    ...publishedProblems(rows),
    ...rows.flatMap((row) => exampleProblems(row, rows)),
    ...languages.flatMap((language) =>
      repeated(rows.map((row) => row.title[language])).map((title) => `two classes have the title ${title}`),
    ),
    ...languages.flatMap((language) =>
      repeatedBy(rows, (row) => row.remedy[language]).map((ids) => `${ids.join(' and ')} have one remedy`),
    ),
  ]
}

function rowProblems(row: FailureClass): string[] {
  const problems = [
    ...wordProblems(`${row.id} title`, row.title),
    ...wordProblems(`${row.id} remedy`, row.remedy),
    ...wordProblems(`${row.id} false alarm`, row.falseAlarm),
    ...(row.condition ? wordProblems(`${row.id} condition`, row.condition) : []),
  ]
  if (!/^[a-z-]+\.[a-z0-9]+(-[a-z0-9]+)*$/.test(row.id)) problems.push(`${row.id} is not kebab-case`)
  if (/\.(general|misc|other|various)$/.test(row.id)) problems.push(`${row.id} is a dump`)
  if (!/^https:\/\/[a-z0-9.-]+\/\S*$/.test(row.reference)) problems.push(`${row.id} has no https reference`)
  else if (!/^https:\/\/learn\.microsoft\.com\/(?![a-z]{2}-[a-z]{2}\/)[^?#]+$/.test(row.reference))
    problems.push(`${row.id} does not refer to a page of Microsoft without language, query and fragment`)
  if (!/^(?:Nobody\b|[A-Z][^.:]{2,110}: )/.test(row.remedy.en)) problems.push(`${row.id} does not say first who mends it`)
  if (row.when && !row.condition) problems.push(`${row.id} does not say its condition`)
  if (row.condition && !row.when) problems.push(`${row.id} says a condition that nothing asks for`)
  const codes = codesByOutcome(row).flatMap(([, each]) => each)
  if (row.textOnly) return codes.length > 0 || row.when ? [...problems, `${row.id} is text only and has codes`] : problems
  if (row.matches.length === 0) problems.push(`${row.id} matches nothing`)
  if (row.rejects.length === 0) problems.push(`${row.id} rejects nothing`)
  if (codes.length === 0 && row.id !== 'other.unknown-code' && row.id !== 'other.no-code') problems.push(`${row.id} has no code`)
  if (repeated(codes).length > 0) problems.push(`${row.id} names a code twice`)
  return problems
}

function publishedProblems(rows: readonly FailureClass[]): string[] {
  const found = new Map<number, string>()
  for (const row of rows) {
    for (const [outcome, codes] of codesByOutcome(row)) for (const code of codes) found.set(code, `${row.id.split('.')[0]} ${outcome}`)
  }
  const published = new Map(publishedCodes.map(({ code, family, outcome }) => [code, `${family} ${outcome}`]))
  return [
    ...[...published].flatMap(([code, expected]) => {
      const actual = found.get(code)
      if (actual === undefined) return [`${code} has no class`]
      return actual === expected ? [] : [`${code} is ${actual} and not ${expected}`]
    }),
    ...[...found.keys()].filter((code) => !published.has(code)).map((code) => `${code} is not a published code`),
  ]
}

/** The class that takes an example: the first row with its code whose condition holds. */
function takerOf({ stream, ...signIn }: Example, rows: readonly FailureClass[]): FailureClass | undefined {
  const code = signIn.status?.errorCode
  return rows.find(
    (row) =>
      code !== undefined &&
      codesByOutcome(row).some(([, codes]) => codes.includes(code)) &&
      (row.when === undefined || row.when(signIn, { stream, tenants })),
  )
}

function exampleProblems(row: FailureClass, rows: readonly FailureClass[]): string[] {
  if (row.textOnly || row.id === 'other.unknown-code' || row.id === 'other.no-code') return []
  const problems: string[] = []
  if (row.matches.length > 0 && row.matches.every((example) => takerOf(example, rows) !== row)) problems.push(`${row.id} can never match`)
  else if (row.matches.some((example) => takerOf(example, rows) !== row)) problems.push(`${row.id} does not take one of its examples`)
  if (row.rejects.some((example) => takerOf(example, rows) === row)) problems.push(`${row.id} takes one of its near misses`)
  return problems
}

function codeProblems(rows: readonly FailureClass[]): string[] {
  const uses = new Map<number, { row: FailureClass; outcome: string }[]>()
  for (const row of rows) {
    for (const [outcome, codes] of codesByOutcome(row)) {
      for (const code of codes) uses.set(code, [...(uses.get(code) ?? []), { row, outcome }])
    }
  }
  return [...uses].flatMap(([code, used]) => {
    const problems: string[] = []
    const unconditional = used.filter(({ row }) => !row.when)
    if (unconditional.length === 0) problems.push(`${code} has only conditional rows`)
    if (unconditional.length > 1) problems.push(`${code} is unconditional in ${unconditional.map(({ row }) => row.id).join(' and ')}`)
    if (used.findIndex(({ row }) => !row.when) < used.length - 1) problems.push(`${code} has a conditional row after the unconditional one`)
    if (new Set(used.map(({ outcome }) => outcome)).size > 1) problems.push(`${code} has two outcomes`)
    if (new Set(used.map(({ row }) => row.id.split('.')[0])).size > 1) problems.push(`${code} is in two families`)
    if (!Number.isSafeInteger(code) || code <= 0) problems.push(`${code} is no code`)
    return problems
  })
}

function wordProblems(what: string, words: Words): string[] {
  const missing = languages.filter((language) => words[language].trim().length < 2).map((language) => `${what} is empty in ${language}`)
  if (!/[\u3040-\u30ff\u3400-\u9fff]/.test(words.ja)) missing.push(`${what} is not Japanese`)
  if (/[\u3040-\u30ff\u3400-\u9fff]/.test(words.en)) missing.push(`${what} is Japanese in en`)
  return missing
}

/** The ids of the rows that share a text. */
function repeatedBy(rows: readonly FailureClass[], text: (row: FailureClass) => string): string[][] {
  const ids = new Map<string, string[]>()
  for (const row of rows) ids.set(text(row), [...(ids.get(text(row)) ?? []), row.id])
  return [...ids.values()].filter((each) => each.length > 1)
}

const repeated = <Item>(items: readonly Item[]): Item[] => items.filter((item, index) => items.indexOf(item) !== index)
