import { userHasher } from '../../shared/aggregates/userHash'
import { builtInRules } from '../../shared/alerts/rules'
import { knownTenants } from '../../shared/failures/knownTenants'
import type { MonitorOptions } from '../../shared/pipelines/options'
import { utc } from '../../shared/signIns/buckets'

export const hashUser = userHasher('a key of the tests')

/** What a monitor in virtual time is set to, for a tenant. */
export const virtualOptions = (tenantId: string): MonitorOptions => ({
  version: '1.2.3',
  tenantId,
  streams: ['interactiveUser', 'nonInteractiveUser'],
  lookbackHours: 24,
  retention: { '5m': 8, '1h': 93, '1d': 400 },
  zone: utc,
  tenants: knownTenants([], tenantId),
  siteOf: () => undefined,
  hashUser,
  rules: builtInRules,
  runLeaseSeconds: 30,
  publicBaseUrl: undefined,
})
