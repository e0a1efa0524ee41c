import { simulatedTenantId } from '../local/simulatedTenant/company'
import { userHasher } from '../shared/aggregates/userHash'
import { knownTenants } from '../shared/failures/knownTenants'
import type { MonitorOptions } from '../shared/pipelines/options'
import { utc } from '../shared/signIns/buckets'
import { siteFinder } from '../shared/signIns/network'
import { streamIds } from '../shared/signIns/streams'

/** A deployment as the benchmarks have it. */
export const benchOptions: MonitorOptions = {
  version: '0.0.0',
  tenantId: simulatedTenantId,
  streams: streamIds,
  lookbackHours: 24,
  retention: { '5m': 32, '1h': 400, '1d': 1_100 },
  zone: utc,
  tenants: knownTenants([], simulatedTenantId),
  siteOf: siteFinder([{ cidr: '198.51.100.0/24', name: 'Head office' }]),
  hashUser: userHasher('a key for benchmarks only'),
  rules: [],
  runLeaseSeconds: 30,
  publicBaseUrl: undefined,
}
