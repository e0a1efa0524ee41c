/** What a tenant is to us. */
export type TenantKind = 'own' | 'group' | 'partner' | 'microsoft' | 'pass-through' | 'consumer' | 'azure-backup' | 'other'

/** A tenant that we can name, and whether a block towards it is meant or a fault. */
export interface KnownTenant {
  /** Lower-case GUID. */
  readonly id: string
  readonly name: string
  readonly kind: TenantKind
  readonly blocked: 'expected' | 'fault'
}

/** Known tenants by lower-case id. */
export type KnownTenants = ReadonlyMap<string, KnownTenant>

/** Azure Backup's tenants of the regions whose tenants are published, by region and pod, with their initial domains. */
const publishedBackupTenants: ReadonlyMap<string, { readonly id: string; readonly domain: string }> = new Map([
  ['jpepod01', { id: '6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0', domain: 'idmserviceaadtenantjpepod01.onmicrosoft.com' }],
  ['jpwpod01', { id: '4617fbbe-e76e-4071-90cd-6f5e7f5d5244', domain: 'idmaadtenantjpwpod01.onmicrosoft.com' }],
])

/**
 * Tenants that every team meets.
 * @see https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions
 * @see https://learn.microsoft.com/entra/external-id/tenant-restrictions-v2
 * @see https://jpabrs-scem.github.io/blog/
 */
const builtInTenants: readonly KnownTenant[] = [
  { id: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a', name: 'Microsoft Services (pass-through)', kind: 'pass-through', blocked: 'expected' },
  { id: '9188040d-6c67-4c5b-b112-36a304b66dad', name: 'Microsoft accounts (consumer)', kind: 'consumer', blocked: 'expected' },
  { id: '72f988bf-86f1-41af-91ab-2d7cd011db47', name: 'Microsoft', kind: 'microsoft', blocked: 'expected' },
  { id: '6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0', name: 'Azure Backup, Japan East', kind: 'azure-backup', blocked: 'fault' },
  { id: '4617fbbe-e76e-4071-90cd-6f5e7f5d5244', name: 'Azure Backup, Japan West', kind: 'azure-backup', blocked: 'fault' },
]

/**
 * The built-in tenants with the team's own laid over them; the last row of an id stands. The monitored tenant is always
 * `own`, whatever a row says of its kind, and has its id for a name where no row names it.
 */
export function knownTenants(own: readonly KnownTenant[], tenantId?: string): KnownTenants {
  const tenants = new Map<string, KnownTenant>()
  for (const tenant of [...builtInTenants, ...own]) {
    const id = tenant.id.toLowerCase()
    tenants.set(id, { ...tenant, id })
  }
  if (tenantId === undefined) return tenants
  const id = tenantId.toLowerCase()
  const named = tenants.get(id) ?? { id, name: id, blocked: 'fault' }
  return tenants.set(id, { ...named, kind: 'own' })
}

/** What we know of a tenant by an id in any casing. */
export const knownTenantOf = (tenants: KnownTenants, id: string | undefined): KnownTenant | undefined =>
  id === undefined ? undefined : (tenants.get(id) ?? tenants.get(id.toLowerCase()))

/** A region's tenant of Azure Backup, found by its name in a text. */
export interface AzureBackupTenantName {
  /** As the text spells it. */
  readonly name: string
  /** Azure Backup's short name of the region, e.g. `jpe`. */
  readonly region: string
  /** The tenant's id where it is published. */
  readonly tenantId?: string
  /** Initial domains that may resolve to the tenant's id: logs leave out the "Service" that some of the domains have. */
  readonly domains: readonly string[]
}

const azureBackupTenant = /(?<![a-z0-9])IDM(?:Service)?AADTenant([a-z]{2,12}?)(pod\d{1,4})(?![a-z0-9])/i

/** Finds the name of an Azure Backup tenant in a text; `undefined` when there is none. */
export function azureBackupTenantName(text: string): AzureBackupTenantName | undefined {
  const found = azureBackupTenant.exec(text)
  if (!found) return undefined
  const [name, region = '', pod = ''] = found
  const published = publishedBackupTenants.get(`${region}${pod}`.toLowerCase())
  if (published) return { name, region: region.toLowerCase(), tenantId: published.id, domains: [published.domain] }
  const domains = ['IDMServiceAADTenant', 'IDMAADTenant'].map((prefix) => `${prefix}${region}${pod}.onmicrosoft.com`.toLowerCase())
  return { name, region: region.toLowerCase(), domains }
}
