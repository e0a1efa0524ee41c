import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Summary } from '../../shared/aggregates/summary'
import { userHasher } from '../../shared/aggregates/userHash'
import type { KnownTenant } from '../../shared/failures/knownTenants'
import type { Language } from '../../shared/failures/words'
import { MonitorError } from '../../shared/runtime/errors'
import { settingRows } from '../../shared/runtime/settings'
import { utc, type ZoneOffset } from '../../shared/signIns/buckets'
import { instantOf } from '../../shared/signIns/fields'
import { type Instant, second } from '../../shared/signIns/instant'
import { type Site, siteFinder } from '../../shared/signIns/network'
import { createTerminal, oneLine, type TextOutput } from '../terminal'
import { collectInParallel, type Threads } from './collectRange'
import { type InputProblem, inputProblems } from './inputProblems'
import { readSignInFiles } from './readSignInFiles'
import { renderSummary } from './renderSummary'
import { type CollectionCounts, SignInCollection } from './signInCollection'

/** What is analysed, and how. */
export interface AnalyzeOptions {
  /** Files; `-` is `stdin`. */
  readonly paths: readonly string[]
  readonly stdin: NodeJS.ReadableStream
  readonly language: Language
  readonly now: Instant
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
  /** Lower-case GUID. */
  readonly tenant?: string | undefined
  readonly tenants?: readonly KnownTenant[]
  readonly sites?: readonly Site[]
  readonly zone?: ZoneOffset
  /** Key of the hash that distinct users are counted under. It shows in nothing. */
  readonly hashKey?: string
  /** Long files of JSON Lines are read by several threads; one reads everything where this is left out. */
  readonly threads?: Threads
  readonly progress?: (bytesRead: number, rows: number) => void
}

/** What was read and what not. */
export interface AnalyzeReport extends CollectionCounts {
  /** Rows and files that could not be read, all of them. */
  readonly unreadable: number
  /** The first of those. */
  readonly problems: readonly InputProblem[]
}

/** Entries of a top list, as in the HTTP API. */
const top = 10
const problemsMax = 20
/** Beyond it the disk and the thread that puts everything together are what is waited for. */
const threadsMax = 8
/** Estimates of two runs can be compared because all have this key. */
const fixedHashKey = 'analyze: one key for every run'

/**
 * Classifies and counts exported sign-ins: one sign-in an id, of which the last one read stands. `summary` is undefined
 * when no row could be read.
 */
export async function analyze(options: AnalyzeOptions): Promise<{ summary: Summary | undefined; report: AnalyzeReport }> {
  const { now, tenants = [], sites = [], hashKey = fixedHashKey, stdin } = options
  const collection = new SignInCollection({
    tenants,
    tenantId: options.tenant,
    siteOf: siteFinder(sites),
    hashUser: userHasher(hashKey),
    now,
  })
  const problems: InputProblem[] = []
  let unreadable = 0
  let rows = 0
  let bytesRead = 0
  const progress = (bytes: number, moreRows: number): void => {
    bytesRead += bytes
    rows += moreRows
    options.progress?.(bytesRead, rows)
  }
  for (const file of options.paths) {
    const before = { bytesRead, rows }
    const task = { path: file, tenants, tenantId: options.tenant, sites, hashKey, now }
    const parts = options.threads && !collection.hasWaited && (await collectInParallel(task, options.threads, progress))
    if (parts) {
      for (const part of parts) collection.addPart(part)
      continue
    }
    bytesRead = before.bytesRead
    rows = before.rows
    for await (const batch of readSignInFiles([file], { stdin, progress: (bytes) => progress(before.bytesRead + bytes - bytesRead, 0) })) {
      for (const signIn of batch.signIns) collection.add(signIn, batch.file)
      rows += batch.signIns.length
      unreadable += batch.problems.length
      problems.push(...batch.problems.slice(0, problemsMax - problems.length))
    }
  }
  if (collection.isEmpty) {
    return { summary: undefined, report: { rows: 0, replaced: 0, outside: 0, malformed: 0, tenants: 0, unreadable, problems } }
  }
  const { summary, counts } = collection.summary({
    from: options.from,
    to: options.to,
    zone: options.zone ?? utc,
    language: options.language,
    top,
    whole: unreadable === 0,
  })
  return { summary, report: { ...counts, unreadable, problems } }
}

/** How the command ends, for scripts. */
export const analyzeExitCodes = {
  /** Everything was read. */
  whole: 0,
  /** Something could not be read; the result of the rest is printed. */
  partial: 1,
  /** The arguments are wrong, or there is no readable sign-in; nothing is printed on standard output. */
  nothing: 2,
} as const

/** The arguments of the command line, not yet checked. */
export interface AnalyzeArguments {
  readonly files: readonly string[]
  readonly json: boolean
  readonly lang: Language
  readonly from?: string
  readonly to?: string
  readonly tenant?: string
}

export interface AnalyzeIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: TextOutput
  readonly stderr: TextOutput
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * The command `analyze`: prints the summary on stdout, progress and problems on stderr, and answers its exit code
 * ({@link analyzeExitCodes}). Wrong arguments and settings throw a `MonitorError` with `usage` or `setting-invalid`.
 */
export async function runAnalyze(args: AnalyzeArguments, io: AnalyzeIo): Promise<number> {
  const terminal = createTerminal(io.stderr, io.env)
  const { from, to } = rangeOf(args)
  const tenant = args.tenant === undefined ? undefined : tenantOf(args.tenant)
  const { summary, report } = await analyze({
    paths: args.files,
    stdin: io.stdin,
    language: args.lang,
    now: Date.now(),
    from,
    to,
    tenant,
    tenants: setting(settingRows.TENANTS, 'TENANTS', io.env),
    sites: setting(settingRows.SITES, 'SITES', io.env),
    zone: setting(settingRows.DAY_ZONE, 'DAY_ZONE', io.env),
    threads: { count: Math.min(availableParallelism(), threadsMax), worker: path.join(__dirname, 'analyzeRange.js') },
    progress: throttledProgress((text) => terminal.progress(text), io.stderr.isTTY === true ? 0.5 * second : 10 * second),
  })
  terminal.progressEnds()
  for (const text of problemLines(report, args.lang)) terminal.line(text)
  if (summary === undefined) return analyzeExitCodes.nothing
  if (args.json) io.stdout.write(`${JSON.stringify(summary)}\n`)
  else renderSummary(summary, args.lang, createTerminal(io.stdout, io.env))
  return report.unreadable === 0 ? analyzeExitCodes.whole : analyzeExitCodes.partial
}

interface Setting<Value> {
  readonly expects: string
  readonly fallback: string | undefined
  readonly read: (text: string) => Value | undefined
}

/** One setting by itself: those of a deployment that must be there are of no use for a file. */
function setting<Value>(row: Setting<Value>, name: string, env: AnalyzeIo['env']): Value {
  const value = readOrUndefined(row, env[name]?.trim() || row.fallback || '')
  if (value === undefined) throw new MonitorError('setting-invalid', `${name} has to be ${row.expects}.`)
  return value
}

function readOrUndefined<Value>(row: Setting<Value>, text: string): Value | undefined {
  try {
    return row.read(text)
  } catch {
    return undefined
  }
}

function rangeOf(args: AnalyzeArguments): { from: Instant | undefined; to: Instant | undefined } {
  const from = timeOf('--from', args.from)
  const to = timeOf('--to', args.to)
  if (from !== undefined && to !== undefined && from >= to) throw new MonitorError('usage', '--from has to be before --to.')
  return { from, to }
}

function timeOf(name: string, text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined
  const at = instantOf(text)
  if (at === undefined)
    throw new MonitorError('usage', `${name} has to be a time such as 2026-01-01T00:00:00Z, or milliseconds since 1970.`)
  return at
}

function tenantOf(text: string): string {
  const tenant = settingRows.TENANT_ID.read(text.trim())
  if (tenant === undefined)
    throw new MonitorError('usage', '--tenant has to be the id of a tenant, a GUID; a domain cannot be looked up in a file.')
  return tenant
}

/** Says nothing of a short file, and not more often than can be read. */
function throttledProgress(show: (text: string) => void, every: number): (bytesRead: number, rows: number) => void {
  let next = Date.now() + 2 * second
  return (bytesRead, rows) => {
    const now = Date.now()
    if (now < next) return
    next = now + every
    show(`${Math.round(bytesRead / 1_048_576)} MiB, ${rows.toLocaleString('en')} sign-ins`)
  }
}

function problemLines(report: AnalyzeReport, language: Language): string[] {
  const said = report.problems.map((problem) => {
    const place = [
      oneLine(problem.file),
      problem.line === undefined ? '' : `${language === 'ja' ? '行' : 'line'} ${problem.line}`,
      problem.row === undefined ? '' : `${language === 'ja' ? 'レコード' : 'row'} ${problem.row}`,
    ].filter((part) => part !== '')
    return `${place.join(', ')}: ${inputProblems[problem.code][language]}${problem.detail === undefined ? '' : ` ${problem.detail}`} [${problem.code}]`
  })
  const more = report.unreadable - report.problems.length
  if (more > 0) said.push(language === 'ja' ? `ほかに ${more} 件の問題があります。` : `And ${more} more like these.`)
  if (report.replaced > 0)
    said.push(
      language === 'ja'
        ? `同じ ID の行が ${report.replaced} 件あり、最後のものを集計しました。`
        : `${report.replaced} rows repeat an id; the last one of each counts.`,
    )
  if (report.outside > 0)
    said.push(
      language === 'ja'
        ? `期間外のサインインが ${report.outside} 件あります。`
        : `${report.outside} sign-ins lie outside the time asked for.`,
    )
  if (report.malformed > 0)
    said.push(
      language === 'ja'
        ? `${report.malformed} 行で ID、時刻、コードなどを読み取れませんでした。集計には含まれます。`
        : `${report.malformed} rows have an id, time, code or other value that cannot be read; they are counted.`,
    )
  if (report.tenants > 1)
    said.push(
      language === 'ja'
        ? `${report.tenants} 個のテナントのログが混ざっています。--tenant で対象を指定できます。`
        : `The rows are of ${report.tenants} tenants; name the one that is meant with --tenant.`,
    )
  return said
}
