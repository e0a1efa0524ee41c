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
