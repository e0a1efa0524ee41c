import { existsSync } from 'node:fs'
import path from 'node:path'
import { cloudOf } from '../shared/graph/clouds'
import { MonitorError } from '../shared/runtime/errors'
import { readSettings } from '../shared/runtime/settings'
import { type HealthFacts, readForTheFirstTime, watchBackfill } from './firstReading'
import type { HostLogEntry } from './host/appModel'
import { type FunctionsHost, startFunctionsHost } from './host/functionsHost'
import { loopbackJson } from './loopbackJson'
import { resolveTenant } from './resolveTenant'
import { startSimulatedTenant } from './simulatedTenant/simulatedTenant'
import { planStart, type StartPlan } from './startPlan'
import { whenStopped } from './stopSignals'
import { startStorageEmulator } from './storageEmulator'
import { oneLine, type Terminal } from './terminal'
import { type SummaryFacts, threeQuestions } from './threeQuestions'

export interface StartOptions {
  /** Id or domain of a real tenant. */
  readonly tenant?: string | undefined
  /** Shows every line of the host's and the functions' log, not only warnings and errors. */
  readonly verbose: boolean
}

interface StartIo {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly terminal: Terminal
  /** Asks for a stop: Ctrl-C, or the end of the session. */
  readonly stopped: AbortSignal
}

/** What is started; a test gives its own. */
export interface StartParts {
  readonly startStorageEmulator: typeof startStorageEmulator
  readonly startSimulatedTenant: typeof startSimulatedTenant
  readonly startFunctionsHost: typeof startFunctionsHost
  readonly resolveTenant: typeof resolveTenant
  readonly json: typeof loopbackJson
}

const realParts: StartParts = { startStorageEmulator, startSimulatedTenant, startFunctionsHost, resolveTenant, json: loopbackJson }
const stopWithinMs = 5_000
/** A table service that stands in for the emulator while settings are checked, before anything runs. */
const anyTablesEndpoint = 'http://127.0.0.1:10002/devstoreaccount1'
const monitorFunction = 'monitorSignIns'

/**
 * Runs the whole product on this computer until it is stopped: storage emulator, simulated tenant, functions host, a first
 * reading with its progress, and where to look. Everything that it started is stopped again, in reverse order, whatever happens.
 * Throws `setting-invalid` for a setting that is wrong and `usage` for a tenant that there is not.
 */
export const start = async (options: StartOptions, io: StartIo, parts: StartParts = realParts): Promise<void> => {
  const { terminal, stopped } = io
  const plan = planStart(io.env, options.tenant)
  const given = setValues(io.env)
  const closers: (() => Promise<void>)[] = []
  try {
    const tenantEnvironment = await nameTenant(plan, given, parts)
    const env: Record<string, string> = { ...plan.defaults, ...given, ...tenantEnvironment }
    readSettings({ TABLES_ENDPOINT: anyTablesEndpoint, TENANT_ID: anyTenantId, ...env })
    if (plan.startsEmulator && !stopped.aborted) {
      const emulator = await parts.startStorageEmulator()
      closers.push(() => emulator.stop())
      env['TABLES_ENDPOINT'] = emulator.tablesEndpoint
    }
    if (plan.source.kind === 'simulated' && !stopped.aborted) {
      const tenant = await parts.startSimulatedTenant()
      closers.push(() => tenant.close())
      env['GRAPH_BASE_URL'] = tenant.baseUrl
      env['TENANT_ID'] = tenant.tenantId
    }
    if (stopped.aborted) return
    const log = logTo(terminal, options.verbose, stopped)
    const host = await parts.startFunctionsHost({ root: productRoot(), port: plan.port, timers: plan.timers, env, log, stopWithinMs })
    closers.push(() => host.stop())
    sayWhatRuns(plan, env, terminal)
    const unfinished = plan.timers && (await showFirstReading(host, io, parts))
    if (!stopped.aborted) sayWhereToLook(plan, host, terminal)
    if (unfinished) await watchBackfill({ health: () => healthOf(host, parts), terminal, stopped })
    await whenStopped(stopped)
  } finally {
    if (stopped.aborted) terminal.line('Stopping.')
    for (const close of closers.reverse()) await close()
  }
}

/** Names a tenant for the check of the settings before the simulated one runs. */
const anyTenantId = '00000000-0000-4000-8000-000000000000'

/** Variables that are set; an empty one counts as missing. */
const setValues = (env: StartIo['env']): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''))

async function nameTenant(plan: StartPlan, given: Record<string, string>, parts: StartParts): Promise<Record<string, string>> {
  if (plan.source.kind !== 'named') return {}
  // A wrong cloud is said by the check of the settings, in its own words.
  const { CLOUD } = readSettings({ TABLES_ENDPOINT: anyTablesEndpoint, ...plan.defaults, ...given, TENANT_ID: anyTenantId })
  return { TENANT_ID: await parts.resolveTenant(plan.source.tenant, cloudOf(CLOUD).authorityHost) }
}

/** The folder of the product, found upwards from this file, which is one file of a bundle when it runs. */
function productRoot(): string {
  let folder = __dirname
  while (!existsSync(path.join(folder, 'host.json'))) {
    const above = path.dirname(folder)
    if (above === folder) throw new MonitorError('setting-invalid', `There is no host.json in or above ${__dirname}.`)
    folder = above
  }
  return folder
}

const shownLevels: readonly string[] = ['warning', 'error', 'critical']

/** What a run says that is cut off by the stop is of no use to anybody. */
function logTo(terminal: Terminal, verbose: boolean, stopped: AbortSignal): (entry: HostLogEntry) => void {
  return ({ level, functionName, message }) => {
    if (verbose || (shownLevels.includes(level) && !stopped.aborted))
      terminal.line(`${level}: ${functionName ? `${functionName}: ` : ''}${message}`)
  }
}

function sayWhatRuns(plan: StartPlan, env: Readonly<Record<string, string>>, terminal: Terminal): void {
  const { bold } = terminal.colours
  const tenant = plan.source.kind === 'simulated' ? `simulated, ${env['TENANT_ID']}` : env['TENANT_ID']
  const graph = env['GRAPH_BASE_URL'] ?? "Microsoft Graph, with this developer's own Azure login"
  const tables = plan.startsEmulator ? `${env['TABLES_ENDPOINT']}, in memory: nothing outlives this command` : env['TABLES_ENDPOINT']
  terminal.line(`${bold('Tenant ')} ${tenant}`)
  terminal.line(`${bold('Graph  ')} ${graph}`)
  terminal.line(`${bold('Tables ')} ${tables}`)
  terminal.line()
}

const healthOf = async (host: FunctionsHost, parts: StartParts): Promise<HealthFacts> =>
  (await answered(parts, host.port, '/api/health', [200, 503])) as HealthFacts

/** Reads for the first time and shows what was found; true where the timer has to go on with it. */
async function showFirstReading(host: FunctionsHost, { terminal, stopped }: StartIo, parts: StartParts): Promise<boolean> {
  const { yellow } = terminal.colours
  let unfinished = false
  try {
    const reading = await readForTheFirstTime({
      run: () => host.run(monitorFunction),
      health: () => healthOf(host, parts),
      terminal,
      stopped,
    })
    if (reading.kind === 'stopped') return false
    unfinished = reading.kind === 'unfinished'
    if (reading.kind === 'failed') sayProblems(reading.health, terminal)
    const summary = (await answered(parts, host.port, '/api/summary?window=24h', [200])) as SummaryFacts
    for (const line of threeQuestions(summary, terminal)) terminal.line(line)
    if (unfinished) terminal.line('The rest of the history is read in the background; /api/health says how far it is.')
  } catch (error) {
    // A wrong setting cannot mend itself; anything else is tried again by the timer.
    if ((error as { code?: unknown }).code === 'setting-invalid') throw error
    terminal.line(yellow(`The first reading failed, and the timer tries again: ${oneLine(String((error as Error).message ?? error))}`))
  }
  terminal.line()
  return unfinished
}

/** The body of an answer of the monitor; throws what the monitor says where the status is another one. */
async function answered(parts: StartParts, port: number, address: string, statuses: readonly number[]): Promise<unknown> {
  const { status, value } = await parts.json(port, address)
  if (statuses.includes(status)) return value
  const { code, detail } = value as { code?: string; detail?: string }
  throw new MonitorError(code === 'setting-invalid' ? code : 'table-unavailable', detail ?? `${address} answers with status ${status}.`)
}

function sayProblems({ lastRun, streams }: HealthFacts, terminal: Terminal): void {
  const { yellow } = terminal.colours
  terminal.line(yellow(`The sign-ins could not all be read: ${oneLine(lastRun.detail) || 'the run failed'}`))
  for (const { stream, state, detail } of streams)
    if (state !== 'current') terminal.line(`  ${stream}: ${state}${detail ? `, ${oneLine(detail)}` : ''}`)
}

function sayWhereToLook(plan: StartPlan, host: FunctionsHost, terminal: Terminal): void {
  const root = `http://localhost:${host.port}`
  const { bold, cyan } = terminal.colours
  terminal.line(`${bold('Summary')} ${cyan(`${root}/api/summary?window=24h`)}`)
  terminal.line(`${bold('Health ')} ${cyan(`${root}/api/health`)}`)
  terminal.line(`${bold('Series ')} ${cyan(`${root}/api/series?measure=signIns&by=family&window=24h`)}`)
  if (!plan.timers) {
    terminal.line(
      `No timer runs by itself. Run one with: curl -H content-type:application/json -d {} ${root}/admin/functions/${monitorFunction}`,
    )
  }
  terminal.line('Ctrl-C stops everything.')
}
