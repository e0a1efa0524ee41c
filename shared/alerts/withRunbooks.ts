import { type Language, languages } from '../failures/words'
import type { AlertRule } from './alert'

/** The words of an address that stand for a runbook: the file of `docs/runbooks` in the language of whoever is told, or the id of the rule. */
export const runbookWords = ['{page}', '{rule}'] as const

/** The rules with the runbooks at an address of the team's own, which holds one of {@link runbookWords}; without an address they keep theirs. */
export function withRunbooks(rules: readonly AlertRule[], address: string): readonly AlertRule[] {
  if (address === '') return rules
  return rules.map((rule) => ({
    ...rule,
    runbook: Object.fromEntries(languages.map((language) => [language, addressOf(rule.id, language, address)])) as AlertRule['runbook'],
  }))
}

const addressOf = (rule: string, language: Language, address: string): string =>
  address.replaceAll('{page}', `${rule}${language === 'en' ? '' : `.${language}`}.md`).replaceAll('{rule}', rule)
