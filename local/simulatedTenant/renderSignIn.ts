import { formatInstant } from '../../shared/signIns/instant'
import { type Company, type Site, tenants, type User } from './company'
import type { PlannedSignIn } from './plannedSignIns'
import { type Random, randomOf } from './random'
import { failureReasons } from './signInKinds'

/** In which form a row is asked for. */
export interface RowForm {
  readonly version: 'beta' | 'v1.0'
  /** Whether the request said `Prefer: include-unknown-enum-members`. */
  readonly unknownEnumMembers: boolean
  /** Whether the details that come late are there. */
  readonly final: boolean
}

/** The id that Entra puts where nobody is known or nobody may be named. */
const zeroId = '00000000-0000-0000-0000-000000000000'

/** The properties that v1.0 has; every other one is beta's alone. */
const v1Properties: ReadonlySet<string> = new Set(
  [
    'id createdDateTime correlationId appDisplayName appId appliedConditionalAccessPolicies authenticationAppDeviceDetails clientAppUsed',
    'conditionalAccessStatus deviceDetail homeTenantId ipAddress isInteractive location resourceDisplayName resourceId resourceTenantId riskDetail',
    'riskEventTypes riskEventTypes_v2 riskLevelAggregated riskLevelDuringSignIn riskState servicePrincipalId servicePrincipalName status userAgent',
    'userDisplayName userId userPrincipalName',
  ]
    .join(' ')
    .split(' '),
)

/**
 * Members above the sentinel of their enumeration, which Graph sends only to those who ask for them.
 * @see https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
 */
const membersToAskFor: Readonly<Record<string, { readonly sentinel: string; readonly members: ReadonlySet<string> }>> = {
  tokenIssuerType: {
    sentinel: 'UnknownFutureValue',
    members: new Set(['AzureADBackupAuth', 'ADFederationServicesMFAAdapter', 'NPSExtension']),
  },
  crossTenantAccessType: { sentinel: 'unknownFutureValue', members: new Set(['passthrough']) },
  incomingTokenType: { sentinel: 'unknownFutureValue', members: new Set(['remoteDesktopToken', 'refreshToken']) },
  authenticationProtocol: { sentinel: 'unknownFutureValue', members: new Set(['clientCredentials', 'refreshTokenGrant', 'prtGrant']) },
}
const reportOnlyResult = /^reportOnly/

const policies = [
  { id: 'd1f0b2a4-6c3e-4f58-9b71-0a4e8c62f915', displayName: 'Require a second factor', grants: ['Mfa'], reportOnly: false },
  {
    id: 'b60f38c9-2e57-4a81-96d4-f7c15a02de8b',
    displayName: 'Require a compliant device',
    grants: ['RequireCompliantDevice'],
    reportOnly: true,
  },
] as const

/** The row as the JSON text that Graph would send, about 4 KB of it. */
export function renderSignIn(signIn: PlannedSignIn, company: Company, form: RowForm): string {
  const row = betaRow(signIn, company, form.final)
  if (!form.unknownEnumMembers) hideUnknownMembers(row)
  return JSON.stringify(form.version === 'beta' ? row : v1Row(row))
}

type Row = Record<string, unknown>

function betaRow(signIn: PlannedSignIn, company: Company, final: boolean): Row {
  const { kind, user, identity, site, app, resource } = signIn
  const random = randomOf(signIn.seed)
  const created = formatInstant(signIn.createdDateTime)
  const interactive = kind.stream === 'interactiveUser'
  const application = identity !== undefined
  const blockedByPolicy = kind.family === 'conditional-access'
  const resourceTenantId = kind.resourceTenantId ?? company.tenantId
  const person = personOf(signIn, company.tenantId, resourceTenantId)
  const row: Row = {
    id: signIn.id,
    createdDateTime: created,
    userDisplayName: person.userDisplayName,
    userPrincipalName: person.userPrincipalName,
    userId: person.userId,
    userType: person.userType,
    homeTenantId: person.homeTenantId,
    signInIdentifier: person.signInIdentifier,
    appId: app.id,
    appDisplayName: app.name,
    ipAddress: addressOf(site, random),
    ipAddressFromResourceProvider: null,
    clientAppUsed: application ? null : (kind.clientAppUsed ?? (interactive ? 'Browser' : 'Mobile Apps and Desktop clients')),
    userAgent: kind.userAgent ?? (application ? '' : (user?.device.userAgent ?? 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)')),
    correlationId: random.guid(),
    conditionalAccessStatus: blockedByPolicy ? 'failure' : kind.outcome === 'success' && !application ? 'success' : 'notApplied',
    originalRequestId: signIn.id,
    isInteractive: interactive,
    tokenIssuerName: '',
    tokenIssuerType: signIn.servedByBackupAuth ? 'AzureADBackupAuth' : 'AzureAD',
    clientCredentialType: identity?.credential ?? 'none',
    processingTimeInMilliseconds: 40 + random.below(700),
    riskDetail: 'none',
    riskLevelAggregated: 'none',
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
    riskEventTypes_v2: [],
    resourceDisplayName: resource.name,
    resourceId: resource.id,
    resourceTenantId,
    homeTenantName: '',
    resourceServicePrincipalId: random.guid(),
    resourceOwnerTenantId: tenants.microsoftServices,
    appOwnerTenantId: company.tenantId,
    authenticationMethodsUsed: [],
    authenticationRequirement:
      final && interactive && !kind.legacyAuthentication ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    signInIdentifierType: user ? 'userPrincipalName' : null,
    servicePrincipalName: identity ? (kind.person === 'masked' ? '{PII Removed}' : identity.app.name) : null,
    servicePrincipalId: identity && kind.person !== 'masked' ? identity.servicePrincipalId : '',
    servicePrincipalCredentialKeyId: identity && kind.person !== 'masked' ? identity.credentialKeyId : null,
    servicePrincipalCredentialThumbprint: '',
    federatedCredentialId: null,
    signInEventTypes: signIn.signInEventTypes,
    flaggedForReview: false,
    isTenantRestricted: kind.restricted === true,
    autonomousSystemNumber: site.autonomousSystemNumber,
    crossTenantAccessType: kind.crossTenantAccessType ?? 'none',
    isThroughGlobalSecureAccess: kind.secureAccess === true,
    globalSecureAccessIpAddress: kind.secureAccess ? addressOf(site, random) : null,
    uniqueTokenIdentifier: tokenIdentifier(signIn.id),
    incomingTokenType: kind.incomingTokenType ?? 'none',
    authenticationProtocol: kind.authenticationProtocol ?? (application ? 'clientCredentials' : 'none'),
    originalTransferMethod: 'none',
    sessionId: application ? null : random.guid(),
    clientSessionId: application ? null : random.guid(),
    azureResourceId: null,
    tokenProtectionStatusDetails: application ? null : { signInSessionStatus: 'unbound', signInSessionStatusCode: 1002 },
    conditionalAccessAudiences: [resource.id],
    status: {
      errorCode: kind.errorCode,
      failureReason: failureReasons.get(kind.errorCode) ?? '',
      additionalDetails: kind.outcome === 'success' && interactive ? 'MFA requirement satisfied by claim in the token' : null,
    },
    deviceDetail: deviceOf(user, kind.person !== 'guest'),
    location: {
      city: site.city,
      state: site.state,
      countryOrRegion: site.countryOrRegion,
      geoCoordinates: { altitude: null, latitude: site.latitude, longitude: site.longitude },
    },
    agent: { agentType: 'notAgentic', parentAppId: null, agentSubjectType: 'notAgentic', agentSubjectParentId: null },
    appliedConditionalAccessPolicies: application ? [] : appliedPolicies(kind.outcome === 'success', blockedByPolicy, random),
    authenticationContextClassReferences: [],
    appliedEventListeners: [],
    authenticationProcessingDetails: processingDetails(signIn, random),
    networkLocationDetails: site.namedLocation ? [{ networkType: 'trustedNamedLocation', networkNames: [site.namedLocation] }] : [],
    authenticationDetails: final ? authenticationSteps(signIn, created) : [],
    authenticationRequirementPolicies: interactive ? [{ requirementProvider: 'multiConditionalAccess', detail: 'Conditional Access' }] : [],
    sessionLifetimePolicies:
      interactive && random.chance(0.2)
        ? [{ expirationRequirement: 'signInFrequencyPeriodicReauthentication', detail: 'Sign-in frequency (periodic re-authentication)' }]
        : [],
    privateLinkDetails: { policyId: '', policyName: '', resourceId: '', policyTenantId: '' },
  }
  return kind.stream === 'managedIdentity' ? asManagedIdentity(row, app.name) : row
}

/** What rows of managed identities do not carry at all. */
const absentForManagedIdentities = [
  'tokenIssuerType',
  'isTenantRestricted',
  'crossTenantAccessType',
  'isThroughGlobalSecureAccess',
  'globalSecureAccessIpAddress',
] as const

interface Person {
  readonly userDisplayName: string | null
  readonly userPrincipalName: string | null
  readonly userId: string
  readonly userType: string | null
  readonly homeTenantId: string
  readonly signInIdentifier: string | null
}

/** Whom the row names, and whose tenant that one is of. */
function personOf({ kind, user, identity }: PlannedSignIn, ownTenantId: string, resourceTenantId: string): Person {
  const nobody = { userDisplayName: null, userPrincipalName: null, userType: null, signInIdentifier: null }
  if (identity) return { ...nobody, userId: kind.person === 'masked' ? zeroId : '', homeTenantId: '' }
  const member = { userType: 'member', signInIdentifier: '', userId: zeroId }
  if (kind.person === 'masked') {
    const mask = { userDisplayName: '{PII Removed - Tenant Restrictions}', userPrincipalName: '{PII Removed}@partner.example' }
    return { ...member, ...mask, homeTenantId: resourceTenantId }
  }
  if (!user) return { ...member, userDisplayName: '', userPrincipalName: '', homeTenantId: ownTenantId }
  return {
    userDisplayName: user.displayName,
    userPrincipalName: user.userPrincipalName,
    userId: user.id,
    userType: kind.person === 'guest' ? 'guest' : 'member',
    homeTenantId: kind.person === 'guest' ? tenants.partner : ownTenantId,
    signInIdentifier: user.userPrincipalName,
  }
}

const noDevice = {
  deviceId: '',
  displayName: '',
  operatingSystem: '',
  browser: '',
  browserId: null,
  isCompliant: false,
  isManaged: false,
  trustType: null,
}

function deviceOf(user: User | undefined, known: boolean): Row {
  if (!user) return noDevice
  const { deviceId, displayName, operatingSystem, browser, isManaged } = user.device
  if (!known) return { ...noDevice, operatingSystem, browser }
  const trustType = isManaged ? 'Azure AD joined' : deviceId === '' ? null : 'Azure AD registered'
  return { deviceId, displayName, operatingSystem, browser, browserId: null, isCompliant: isManaged, isManaged, trustType }
}

/** An address of the site's network; the part that is drawn is one of a few, as behind a firewall. */
const addressOf = (site: Site, random: Random): string =>
  site.addressPrefix + (1 + random.below(40)).toString(site.addressPrefix.endsWith(':') ? 16 : 10)

function appliedPolicies(passed: boolean, blocked: boolean, random: Random): Row[] {
  return policies.map((policy, index) => {
    const blocks = blocked && index === 0
    const applies = index === 0 || random.chance(0.2)
    const plain = blocks ? 'Failure' : applies && passed ? 'Success' : 'NotApplied'
    return {
      id: policy.id,
      displayName: policy.displayName,
      enforcedGrantControls: applies ? policy.grants : [],
      enforcedSessionControls: [],
      result: policy.reportOnly ? `reportOnly${plain}` : plain.charAt(0).toLowerCase() + plain.slice(1),
      conditionsSatisfied: applies ? 'application,users' : 'users',
      conditionsNotSatisfied: applies ? 'none' : 'application',
      authenticationStrength: null,
      includeRulesSatisfied: applies ? [{ conditionalAccessCondition: 'application', ruleSatisfied: 'allApps' }] : [],
      excludeRulesSatisfied: [],
      sessionControlsNotSatisfied: [],
    }
  })
}

function processingDetails({ kind, identity }: PlannedSignIn, random: Random): Row[] {
  const details = [
    { key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: kind.legacyTls ? 'True' : 'False' },
    { key: 'Is CAE Token', value: random.chance(0.3) ? 'True' : 'False' },
    { key: 'Root Key Type', value: 'Unknown' },
  ]
  if (identity) return details
  return [
    ...details,
    { key: 'Oauth Scope Info', value: '["email","openid","profile","User.Read"]' },
    { key: 'Azure AD App Authentication Library', value: 'Family: MSAL Library: MSAL.Desktop 4.66.2 Platform: .NET' },
  ]
}

function authenticationSteps({ kind, identity }: PlannedSignIn, created: string): Row[] {
  if (identity || kind.person === 'unfinished') return []
  const succeeded = kind.outcome !== 'failure'
  const step = { authenticationStepDateTime: created, authenticationMethodDetail: null, succeeded }
  if (kind.stream === 'nonInteractiveUser') {
    const detail = 'First factor requirement satisfied by claim in the token'
    return [
      { ...step, authenticationMethod: 'Previously satisfied', authenticationStepResultDetail: detail, authenticationStepRequirement: '' },
    ]
  }
  return [
    {
      ...step,
      authenticationMethod: 'Password',
      authenticationMethodDetail: 'Password in the cloud',
      authenticationStepResultDetail: succeeded ? 'Correct password' : 'Invalid username or password',
      authenticationStepRequirement: 'Primary authentication',
    },
    {
      ...step,
      authenticationMethod: 'Mobile app notification',
      authenticationStepResultDetail: succeeded ? 'MFA completed in Azure AD' : 'Authentication in progress',
      authenticationStepRequirement: 'Secondary authentication',
    },
  ]
}

/** The id's 16 bytes as .NET orders them, in base64url. */
function tokenIdentifier(id: string): string {
  const at = (from: number): string => id.slice(from, from + 2)
  const ordered = at(6) + at(4) + at(2) + at(0) + at(11) + at(9) + at(16) + at(14) + id.slice(19, 23) + id.slice(24)
  return Buffer.from(ordered, 'hex').toString('base64url')
}

function asManagedIdentity(row: Row, name: string): Row {
  for (const property of absentForManagedIdentities) delete row[property]
  const associatedResourceId = `/subscriptions/7c2e9b40-15d3-4f86-a09e-b3d8614f70c5/resourceGroups/production/providers/Microsoft.Web/sites/${name}`
  row['managedServiceIdentity'] = { msiType: 'systemAssigned', associatedResourceId, federatedTokenId: null, federatedTokenIssuer: null }
  return row
}

function hideUnknownMembers(row: Row): void {
  for (const [property, { sentinel, members }] of Object.entries(membersToAskFor)) {
    const value = row[property]
    if (typeof value === 'string' && members.has(value)) row[property] = sentinel
  }
  row['appliedConditionalAccessPolicies'] = policiesOf(row).map((policy) =>
    reportOnlyResult.test(String(policy['result'])) ? { ...policy, result: 'unknownFutureValue' } : policy,
  )
}

function v1Row(row: Row): Row {
  const known = Object.fromEntries(Object.entries(row).filter(([property]) => v1Properties.has(property)))
  const { browserId: _, ...device } = row['deviceDetail'] as Row
  known['deviceDetail'] = device
  known['appliedConditionalAccessPolicies'] = policiesOf(row).map(
    ({ id, displayName, enforcedGrantControls, enforcedSessionControls, result }) => ({
      id,
      displayName,
      enforcedGrantControls,
      enforcedSessionControls,
      result,
    }),
  )
  return known
}

const policiesOf = (row: Row): Row[] => row['appliedConditionalAccessPolicies'] as Row[]
