import Table from 'cli-table3'
import type { Summary } from '../../shared/aggregates/summary'
import type { FamilyId } from '../../shared/failures/catalogueTypes'
import { mendedByWords, severityWords } from '../../shared/failures/classView'
import type { Language, Words } from '../../shared/failures/words'
import { oneLine, type Terminal } from '../terminal'

const words = {
  noSignIns: { en: 'No sign-in lies in this time.', ja: 'この期間のサインインはありません。' },
  signIns: { en: 'Sign-ins', ja: 'サインイン' },
  outcome: { en: 'Outcome', ja: '結果' },
  share: { en: 'Share', ja: '割合' },
  success: { en: 'Success', ja: '成功' },
  interrupt: { en: 'Interrupt (normally goes on)', ja: '中断 (通常は続行)' },
  failure: { en: 'Failure', ja: '失敗' },
  serviceFault: { en: 'Service fault', ja: 'サービス側の障害' },
  users: { en: 'Distinct users (estimate)', ja: 'ユーザー数 (推定)' },
  signal: { en: 'Signal', ja: '信号' },
  known: { en: 'Rows that tell', ja: '判別できる行' },
  unknown: { en: 'unknown', ja: '不明' },
  why: { en: 'Why it failed', ja: '失敗の理由' },
  codes: { en: 'Codes', ja: 'コード' },
  severity: { en: 'Severity', ja: '重大度' },
  towards: { en: 'towards', ja: '宛先' },
  apps: { en: 'apps', ja: 'アプリ' },
  whatToDo: { en: 'What to do', ja: '対処' },
  interrupts: { en: 'Interrupts', ja: '中断' },
  blindSpots: { en: 'What these numbers cannot see', ja: 'この数字では分からないこと' },
  other: { en: 'other', ja: 'その他' },
} as const satisfies Record<string, Words>

/** Families that are shown though nothing failed: the questions that this product is asked. */
const questions: readonly FamilyId[] = ['tenant-restriction', 'cross-tenant', 'tls', 'backup-auth']

/** Classes whose remedy is spelt out; the rest is in the table. */
const remediesMax = 10
const codesMax = 4
const namesMax = 3

/** The summary as a person reads it: totals, signals, failures with what to do, interrupts, and what the numbers cannot see. */
export function renderSummary(summary: Summary, language: Language, terminal: Terminal): void {
  const { colours, line } = terminal
  const word = (key: keyof typeof words): string => words[key][language]
  const counted = new Intl.NumberFormat(language)
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const print = (head: readonly string[], rows: readonly (readonly string[])[]): void => {
    const table = new Table({ head: head.map((title) => colours.bold(title)), style: { head: [], border: [] } })
    table.push(...rows.map((row) => [...row]))
    for (const text of table.toString().split('\n')) line(text)
    line()
  }
  const names = (entries: readonly { readonly name: string; readonly signIns: number }[]): string =>
    entries
      .slice(0, namesMax)
      .map(({ name, signIns }) => `${oneLine(name)} (${counted.format(signIns)})`)
      .join(', ')
  const { totals, window } = summary

  line(colours.bold(`${window.from} – ${window.to}`))
  if (summary.tenantId !== null) line(summary.tenantId)
  if (totals.signIns === 0) line(word('noSignIns'))
  line()
  print(
    [word('outcome'), word('signIns'), word('share')],
    (['success', 'interrupt', 'failure', 'serviceFault'] as const).map((outcome) => [
      word(outcome),
      counted.format(totals[outcome]),
      totals.signIns === 0 ? '' : percent.format(totals[outcome] / totals.signIns),
    ]),
  )
  line(`${word('signIns')}: ${counted.format(totals.signIns)}`)
  const users = totals.distinctUsers.estimate
  line(`${word('users')}: ${users === null ? word('unknown') : counted.format(users)}`)
  line()
  print(
    [word('signal'), word('signIns'), word('known'), word('share'), word('apps')],
    summary.signals.map(({ title, signIns, known, share, top }) => [
      title,
      known === 0 && totals.signIns > 0 ? word('unknown') : counted.format(signIns),
      counted.format(known),
      share === null ? '' : percent.format(share),
      names(top.apps),
    ]),
  )
  const failed = summary.failures.filter((family) => family.signIns > 0)
  const shown = summary.failures.filter((family) => family.signIns > 0 || questions.includes(family.family))
  if (totals.signIns > 0) {
    print(
      [word('why'), word('signIns'), word('codes'), word('severity'), `${word('apps')} / ${word('towards')}`],
      shown.flatMap((family) => [
        [
          colours.bold(family.title),
          counted.format(family.signIns),
          '',
          '',
          [
            names(family.top.apps),
            family.family === 'tenant-restriction' || family.family === 'cross-tenant' ? names(family.top.resourceTenants) : '',
          ]
            .filter((text) => text !== '')
            .join('\n'),
        ],
        ...family.classes
          .filter((one) => one.signIns > 0)
          .map((one) => [
            `  ${one.title}`,
            counted.format(one.signIns),
            codesOf(one.errorCodes),
            severityWords[one.severity][language],
            one.id,
          ]),
      ]),
    )
  }
  if (failed.length > 0) {
    line(colours.bold(word('whatToDo')))
    const classes = failed.flatMap((family) => family.classes).filter((one) => one.signIns > 0)
    // What mostly means nothing comes last, however often it happens.
    classes.sort((a, b) => Number(a.severity === 'info') - Number(b.severity === 'info') || b.signIns - a.signIns)
    for (const one of classes.slice(0, remediesMax)) {
      line(`- ${colours.bold(one.title)} (${counted.format(one.signIns)}, ${mendedByWords[one.mendedBy][language]})`)
      line(`  ${one.remedy}`)
    }
    line()
  }
  const interrupted = summary.interrupts.filter((family) => family.signIns > 0)
  if (interrupted.length > 0) {
    print(
      [word('interrupts'), word('signIns'), word('codes')],
      interrupted.map(({ title, signIns, errorCodes }) => [title, counted.format(signIns), codesOf(errorCodes)]),
    )
  }
  const notes = new Map(summary.failures.flatMap((family) => family.notes.map(({ code, text }) => [code, text] as const)))
  if (notes.size > 0) {
    line(colours.bold(word('blindSpots')))
    for (const text of notes.values()) line(`- ${text}`)
  }
}

function codesOf(errorCodes: Readonly<Record<string, number>>): string {
  const codes = Object.keys(errorCodes).sort((a, b) => (errorCodes[b] ?? 0) - (errorCodes[a] ?? 0))
  return codes.slice(0, codesMax).join(', ') + (codes.length > codesMax ? ', …' : '')
}
