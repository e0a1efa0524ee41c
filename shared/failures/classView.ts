import { codesByOutcome, familyIdOf } from './catalogue'
import type { FailureClass, FailureClassId, FamilyId, MendedBy, Outcome, Severity } from './catalogueTypes'
import type { Note } from './notes'
import type { Language, Words } from './words'

/** Who can end a failure, as people call them. */
export const mendedByWords: Readonly<Record<MendedBy, Words>> = {
  user: { en: 'user', ja: 'ユーザー' },
  'help-desk': { en: 'help desk', ja: 'ヘルプ デスク' },
  'app-owner': { en: 'app owner', ja: 'アプリの所有者' },
  'conditional-access-owner': { en: 'Conditional Access owner', ja: '条件付きアクセスの所有者' },
  'network-team': { en: 'network team', ja: 'ネットワーク担当' },
  'identity-team': { en: 'identity team', ja: 'ID 担当' },
  'partner-tenant': { en: 'the other organization', ja: '相手の組織' },
  microsoft: { en: 'Microsoft', ja: 'Microsoft' },
  nobody: { en: 'nobody', ja: '対処不要' },
}

/** How much a class matters, as people say it. */
export const severityWords: Readonly<Record<Severity, Words>> = {
  critical: { en: 'critical', ja: '重大' },
  error: { en: 'error', ja: 'エラー' },
  warning: { en: 'warning', ja: '警告' },
  info: { en: 'info', ja: '情報' },
}

/** What became of a sign-in, as people say it. */
export const outcomeWords: Readonly<Record<Outcome, Words>> = {
  success: { en: 'success', ja: '成功' },
  interrupt: { en: 'interrupt: the sign-in normally goes on', ja: '中断: 通常はサインインが続行されます' },
  failure: { en: 'failure', ja: '失敗' },
  serviceFault: { en: "service fault: Entra's own side", ja: 'サービス障害: Entra 側' },
}

/** A class in one language, with everything that a person or a dashboard may want to show. */
export interface ClassView {
  readonly id: FailureClassId
  readonly family: FamilyId
  readonly title: string
  readonly remedy: string
  readonly mendedBy: MendedBy
  readonly severity: Severity
  readonly falseAlarm: string
  readonly reference: string
  /** The codes by the outcome that each means; none for a class that is found in pasted text only. */
  readonly codes: Readonly<Partial<Record<Outcome, readonly number[]>>>
  /** What has to hold of the sign-in beside its code; null where the class takes what is left of its codes. */
  readonly condition: string | null
  /** Whether it is found in pasted text only, for no sign-in row can show it. */
  readonly textOnly: boolean
}

/** What the number of a family cannot see, in one language; `when` says under which condition it is shown, null for always. */
export interface NoteView {
  readonly code: string
  readonly text: string
  readonly when: string | null
}

/** One note in one language. */
export const noteView = ({ code, text, when }: Note, language: Language): NoteView => ({
  code,
  text: text[language],
  when: when?.words[language] ?? null,
})

/** One class of the catalogue in one language. */
export const classView = (row: FailureClass, language: Language): ClassView => ({
  id: row.id,
  family: familyIdOf(row.id),
  title: row.title[language],
  remedy: row.remedy[language],
  mendedBy: row.mendedBy,
  severity: row.severity,
  falseAlarm: row.falseAlarm[language],
  reference: row.reference,
  codes: Object.fromEntries(codesByOutcome(row).filter(([, codes]) => codes.length > 0)),
  condition: row.condition?.[language] ?? null,
  textOnly: row.textOnly === true,
})
