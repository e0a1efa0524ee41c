import { builtInRules } from '../shared/alerts/rules'
import { familyOf } from '../shared/failures/catalogue'
import { type FamilyId, familyIds } from '../shared/failures/catalogueTypes'
import { settingRows } from '../shared/runtime/settings'
import { costPage } from './costPage'
import { failureReference } from './failureReference'

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

const settings = (): string =>
  table(
    ['setting', 'meaning', 'has to be', 'default'],
    Object.entries(settingRows).map(([name, { meaning, expects, fallback, ...rest }]) => [
      `\`${name}\`${'secret' in rest ? ' (secret)' : ''}`,
      meaning,
      expects,
      fallback === undefined ? 'required' : fallback === '' ? 'none' : `\`${fallback}\``,
    ]),
  )

const families = (): string =>
  table(
    ['family', 'what it means'],
    familyIds.map((id: FamilyId) => [`\`${id}\``, familyOf(id).meaning.en]),
  )

const rules = (): string =>
  table(
    ['rule', 'severity', 'what it says'],
    builtInRules.map((rule) => [`\`${rule.id}\``, rule.severity, rule.title.en]),
  )

/** The tables of the documents, made from the rows of the product, by the name of their place. */
export const docTables: Readonly<Record<string, () => string>> = { settings, families, rules }

/** A document with every table between `<!-- table: name -->` and `<!-- end -->` made anew. Throws for a name that no table has. */
export function withTables(document: string): string {
  return document.replace(/<!-- table: (\w+) -->[\s\S]*?<!-- end -->/g, (_whole, name: string) => {
    const make = docTables[name]
    if (!make) throw new RangeError(`There is no table ${name}; there are ${Object.keys(docTables).join(', ')}.`)
    return `<!-- table: ${name} -->\n\n${make()}\n\n<!-- end -->`
  })
}

/** Documents that are made from rows as a whole, by their path from the root. */
export const generatedDocuments: Readonly<Record<string, () => string>> = {
  'docs/failures.md': () => failureReference('en'),
  'docs/failures.ja.md': () => failureReference('ja'),
  'docs/cost.md': costPage,
}
