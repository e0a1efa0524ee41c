import type { UserHasher } from '../aggregates/userHash'
import type { AlertRule } from '../alerts/alert'
import type { KnownTenants } from '../failures/knownTenants'
import type { ZoneOffset } from '../signIns/buckets'
import type { StreamId } from '../signIns/streams'

/** What a deployment decides: the settings in the form that the pipelines use. */
export interface MonitorOptions {
  readonly version: string
  readonly tenantId: string
  readonly streams: readonly StreamId[]
  readonly lookbackHours: number
  readonly retention: Retention
  readonly zone: ZoneOffset
  readonly tenants: KnownTenants
  readonly siteOf: (ip: string) => string | undefined
  readonly hashUser: UserHasher
  readonly rules: readonly AlertRule[]
  readonly runLeaseSeconds: number
  /** Root of the links in pages, without a slash at the end; undefined where links cannot be made. */
  readonly publicBaseUrl: string | undefined
}

/** How long each grain is kept, in days. */
export interface Retention {
  readonly '5m': number
  readonly '1h': number
  readonly '1d': number
}

/** What the settings show in an answer beside its counts: names of tenants, links and runbooks. Who kept an answer made with others has an old one. */
export const shownSettings = ({ tenants, publicBaseUrl, rules }: Pick<MonitorOptions, 'tenants' | 'publicBaseUrl' | 'rules'>): unknown => [
  [...tenants.values()],
  publicBaseUrl ?? null,
  rules.map(({ runbook }) => runbook),
]
