import Table from 'cli-table3'
import { oneLine, type Terminal } from './terminal'

/** What is read of the body of `GET /api/summary`. */
export interface SummaryFacts {
  readonly totals: { readonly signIns: number }
  readonly signals: readonly { readonly signal: string; readonly signIns: number; readonly share: number | null; readonly top: TopFacts }[]
  readonly failures: readonly {
    readonly family: string
    readonly signIns: number
    readonly classes: readonly { readonly title: string; readonly signIns: number }[]
    readonly top: TopFacts
  }[]
}

interface TopFacts {
  readonly apps?: readonly TopEntry[]
  readonly resourceTenants?: readonly TopEntry[]
}

interface TopEntry {
  readonly id: string
  readonly name?: string | null
  readonly signIns: number
}

const counted = new Intl.NumberFormat('en-US')
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 })

/** The three questions with their answers of a day, as the lines of a table. */
export const threeQuestions = (summary: SummaryFacts, terminal: Terminal): string[] => {
  const { colours } = terminal
  const restriction = familyOf(summary, 'tenant-restriction')
  const tls = familyOf(summary, 'tls')
  const refused = familyOf(summary, 'backup-auth')
  const oldTls = signalOf(summary, 'legacyTls')
  const backup = signalOf(summary, 'servedByBackupAuth')
  const share = backup?.share ? ` (${percent.format(backup.share)})` : ''
  const table = new Table({
    head: ['Last 24 hours', 'Sign-ins', 'Mostly', 'Where'].map((title) => colours.bold(title)),
    style: { head: [], border: [] },
  })
  table.push(
    [
      'Who is blocked by a tenant restriction?',
      `${count(restriction)} blocked`,
      topClass(restriction),
      topName(restriction?.top.resourceTenants, 'towards '),
    ],
    [
      'What fails or will fail for its TLS?',
      `${count(tls)} failed\n${count(oldTls)} over old TLS`,
      topClass(tls),
      topName(tls?.top.apps ?? oldTls?.top.apps, ''),
    ],
    [
      'Who issues the tokens?',
      `${count(backup)} by the backup system${share}\n${count(refused)} refused by it`,
      topClass(refused),
      topName(backup?.top.apps, ''),
    ],
  )
  return [...table.toString().split('\n'), `Out of ${counted.format(summary.totals.signIns)} sign-ins.`]
}

const familyOf = (summary: SummaryFacts, family: string) => summary.failures.find((failure) => failure.family === family)
const signalOf = (summary: SummaryFacts, signal: string) => summary.signals.find((one) => one.signal === signal)
const count = (counts: { readonly signIns: number } | undefined): string => counted.format(counts?.signIns ?? 0)

function topClass(family: SummaryFacts['failures'][number] | undefined): string {
  const [most] = [...(family?.classes ?? [])].sort((a, b) => b.signIns - a.signIns)
  return most && most.signIns > 0 ? oneLine(most.title) : ''
}

function topName(entries: readonly TopEntry[] | undefined, before: string): string {
  const most = entries?.find((entry) => entry.id !== 'other' && entry.signIns > 0)
  return most ? `${before}${oneLine(most.name || most.id)}` : ''
}
