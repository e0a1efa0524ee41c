import type { Row } from './fields'

/** Where a column's value belongs, by the column's comparable name. */
export type Columns = ReadonlyMap<string, string>

const comparableNames = new Map<string, string>()
const memoMax = 5_000

/**
 * A column's name as it is compared: letters and digits in lower case, without the unit that exports add
 * (`TimeGenerated [UTC]`), so that spacing and case may differ.
 */
export function comparableName(column: string): string {
  const known = comparableNames.get(column)
  if (known !== undefined) return known
  if (comparableNames.size >= memoMax) comparableNames.clear()
  const bracket = column.indexOf('[')
  const name = (bracket > 0 ? column.slice(0, bracket) : column).toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  comparableNames.set(column, name)
  return name
}

/** Columns that hold a property under Graph's own name in another case, and those with a name of their own. */
export function columnsOf(sameNames: readonly string[], others: Readonly<Record<string, string>> = {}): Columns {
  return new Map([
    ...sameNames.map((name): [string, string] => [comparableName(name), name]),
    ...Object.entries(others).map(([column, name]): [string, string] => [comparableName(column), name]),
  ])
}

/** The row under the names that its columns stand for; of two columns for one name the first that says something wins. */
export function renamed(row: Row, columns: Columns): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const column in row) {
    const name = columns.get(comparableName(column))
    if (name === undefined) continue
    const before = result[name]
    if (before === undefined || before === null || before === '') result[name] = row[column]
  }
  return result
}

/** The properties of a sign-in that are read, under Graph's names. */
export const signInPropertyNames: readonly string[] = [
  'id',
  'createdDateTime',
  'status',
  'appId',
  'appDisplayName',
  'resourceDisplayName',
  'resourceTenantId',
  'homeTenantId',
  'appOwnerTenantId',
  'userId',
  'userPrincipalName',
  'userDisplayName',
  'userType',
  'ipAddress',
  'autonomousSystemNumber',
  'networkLocationDetails',
  'userAgent',
  'deviceDetail',
  'clientAppUsed',
  'authenticationProtocol',
  'authenticationRequirement',
  'authenticationProcessingDetails',
  'signInEventTypes',
  'isInteractive',
  'isTenantRestricted',
  'isThroughGlobalSecureAccess',
  'crossTenantAccessType',
  'tokenIssuerType',
  'incomingTokenType',
  'originalTransferMethod',
  'clientCredentialType',
  'servicePrincipalId',
  'servicePrincipalName',
  'conditionalAccessStatus',
  'appliedConditionalAccessPolicies',
  'sessionLifetimePolicies',
  'authenticationRequirementPolicies',
  'managedServiceIdentity',
]
