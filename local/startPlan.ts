import { MonitorError } from '../shared/runtime/errors'
import { simulatedTenantId } from './simulatedTenant/company'

type Environment = Readonly<Record<string, string | undefined>>

/** What `start` is going to start, worked out from the environment before anything runs. */
export interface StartPlan {
  readonly port: number
  readonly timers: boolean
  /** `named`: a tenant that somebody named, by its id or a domain; `given`: a Graph that somebody else runs. */
  readonly source: { readonly kind: 'simulated' } | { readonly kind: 'named'; readonly tenant: string } | { readonly kind: 'given' }
  readonly startsEmulator: boolean
  /** Settings of a local run, where the environment does not say otherwise. */
  readonly defaults: Readonly<Record<string, string>>
}

/**
 * Decides what has to be started. A tenant is named by `--tenant` or by `TENANT_ID`; without a name and without
 * `GRAPH_BASE_URL` it is the simulated one. Throws `setting-invalid` for `PORT` and `TIMERS`; the monitor's own settings are not looked at.
 */
export const planStart = (env: Environment, tenant: string | undefined): StartPlan => {
  const port = readPort(env['PORT'])
  const source = sourceOf(env, tenant)
  return {
    port,
    timers: readTimers(env['TIMERS']),
    source,
    startsEmulator: !env['TABLES_ENDPOINT'],
    defaults: {
      MONITOR_MODE: 'local',
      ...(source.kind === 'simulated' ? { LOOKBACK_HOURS: '24' } : { MONITOR_CREDENTIAL: 'developer' }),
      ...(source.kind === 'given' ? { TENANT_ID: simulatedTenantId } : {}),
      ...(port === 0 ? {} : { PUBLIC_BASE_URL: `http://localhost:${port}` }),
    },
  }
}

function sourceOf(env: Environment, tenant: string | undefined): StartPlan['source'] {
  if (tenant !== undefined) return { kind: 'named', tenant }
  if (env['GRAPH_BASE_URL']) return { kind: 'given' }
  return env['TENANT_ID'] ? { kind: 'named', tenant: env['TENANT_ID'] } : { kind: 'simulated' }
}

function readPort(text: string | undefined): number {
  if (!text) return 7071
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new MonitorError('setting-invalid', 'PORT has to be a whole number from 0 to 65535; 0 takes any free port.')
}

function readTimers(text: string | undefined): boolean {
  if (!text || text === 'on') return true
  if (text === 'off') return false
  throw new MonitorError('setting-invalid', 'TIMERS has to be on or off.')
}
