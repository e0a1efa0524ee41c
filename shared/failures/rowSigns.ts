import type { SignIn } from '../signIns/signIn'
import type { StreamId } from '../signIns/streams'
import type { ClassifyContext } from './catalogueTypes'
import { commandLineApps, isOneOf } from './firstPartyApps'
import { knownTenantOf, type TenantKind } from './knownTenants'
import { legacyAuthentication } from './legacyAuthentication'
import { isApplication, isNonInteractive, signInStream } from './signInStream'
import { hasAnyFlag, spelled } from './spelled'

// What one row shows beside its code. Each is a pure predicate that the catalogue refines its classes with.

const passwordGrant = new Set(['ropc'])
const passThrough = new Set(['passthrough'])

/** Whether the user name and password were sent as they are, by a protocol that cannot show a prompt. */
export const isPasswordGrant = (signIn: SignIn): boolean => hasAnyFlag(signIn.authenticationProtocol, passwordGrant)

/** Whether a prompt goes unanswered: no person is there, the protocol has no room for it, or a script made the request. */
export const nobodyCanAnswer = (signIn: SignIn, stream: StreamId | undefined): boolean =>
  isApplication(stream) || isPasswordGrant(signIn) || (isNonInteractive(signIn, stream) && isOneOf(commandLineApps, signIn.appId))

/** {@link nobodyCanAnswer} for a row of the catalogue. */
export const isUnattended = (signIn: SignIn, context: ClassifyContext): boolean => nobodyCanAnswer(signIn, signInStream(signIn, context))

/** Whether a person signs in, so that a fault of the application keeps that person out. */
export const isPersons = (signIn: SignIn, context: ClassifyContext): boolean => {
  const stream = signInStream(signIn, context)
  return stream === 'interactiveUser' || stream === 'nonInteractiveUser'
}

/** Whether an application signed in for itself. */
export const isWorkload = (signIn: SignIn, context: ClassifyContext): boolean => isApplication(signInStream(signIn, context))

/** Whether a stored or guessed password was tried without a sign-in page: by a password grant or legacy authentication. */
export const isPasswordWithoutPage = (signIn: SignIn): boolean =>
  isPasswordGrant(signIn) || legacyAuthentication(signIn.clientAppUsed) === true

/**
 * Whether the row exists only to show an error: the token gave no access.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/concept-interactive-sign-ins
 */
export const isPassThrough = (signIn: SignIn): boolean => hasAnyFlag(signIn.crossTenantAccessType, passThrough)

/** Whether Entra's own words about the failure hold a pattern: for the few codes that Microsoft tells apart by their text only. */
export const saysWhy = (signIn: SignIn, pattern: RegExp): boolean => {
  const { failureReason, additionalDetails } = signIn.status ?? {}
  return (
    (failureReason !== undefined && pattern.test(failureReason)) || (additionalDetails !== undefined && pattern.test(additionalDetails))
  )
}

/** What is known of the tenant that was signed in to. */
export const targetKind = (signIn: SignIn, { tenants }: ClassifyContext): TenantKind | undefined =>
  knownTenantOf(tenants, signIn.resourceTenantId)?.kind

/** Whether the application is registered in another tenant than the monitored one; false where either is not known. */
export function isAppOfAnotherTenant({ appOwnerTenantId }: SignIn, { tenants }: ClassifyContext): boolean {
  if (!appOwnerTenantId || knownTenantOf(tenants, appOwnerTenantId)?.kind === 'own') return false
  for (const { kind } of tenants.values()) if (kind === 'own') return true
  return false
}

/** What is known of the tenant that the account belongs to. */
export const homeKind = (signIn: SignIn, { tenants }: ClassifyContext): TenantKind | undefined =>
  knownTenantOf(tenants, signIn.homeTenantId)?.kind

/** Kinds of tenants that the setting TENANTS names; what it says of a block is the team's own word. */
const namedByTeam: ReadonlySet<TenantKind> = new Set(['group', 'partner', 'other'])

/** What the team says of a block towards the target; undefined for a tenant that it does not name. */
export function blockTowardsTarget(signIn: SignIn, { tenants }: ClassifyContext): 'expected' | 'fault' | undefined {
  const target = knownTenantOf(tenants, signIn.resourceTenantId)
  return target !== undefined && namedByTeam.has(target.kind) ? target.blocked : undefined
}

/** The kind of a grant control of Conditional Access. */
export type GrantControl = 'block' | 'device' | 'app' | 'multifactor' | 'terms-of-use' | 'password-change'

/** The strongest first: a policy that blocks cannot be met, whatever else was not met. */
const grantControls: readonly (readonly [GrantControl, RegExp])[] = [
  ['block', /^block/],
  ['device', /compliantdevice|domainjoined|hybrid/],
  ['app', /approved|compliantapp|appprotection|protectedapp/],
  ['password-change', /passwordchange|changepassword/],
  ['terms-of-use', /termsofuse/],
  ['multifactor', /mfa|multifactor|strength/],
]

/** Controls with a name of their own, such as an authentication strength, are told by how they begin. */
const wordMax = 64

/** The strongest control that a failed policy of the row enforces; undefined where the row names none that is known. */
export function failedControl({ appliedConditionalAccessPolicies: policies }: SignIn): GrantControl | undefined {
  if (policies === undefined) return undefined
  const failed = policies
    .flatMap(({ result, enforcedGrantControls }) => (result === 'failure' ? enforcedGrantControls : []))
    .map((control) => spelled(control.slice(0, wordMax)))
  return grantControls.find(([, pattern]) => failed.some((control) => pattern.test(control)))?.[0]
}

/** Whether the sign-in came from a network that the team has named, so that a proxy of its own is likely to be in the way. */
const isOnNamedNetwork = ({ networkLocationDetails }: SignIn): boolean =>
  networkLocationDetails?.some(({ networkNames }) => networkNames.length > 0) === true

const phones = /^(ios|ipados|android)/i

/** Whether a phone or tablet signed in from a network that the team has not named; false where the row does not say its networks. */
export const isPhoneElsewhere = (signIn: SignIn): boolean =>
  phones.test(signIn.deviceDetail?.operatingSystem ?? '') && signIn.networkLocationDetails !== undefined && !isOnNamedNetwork(signIn)

const transferGrants = new Set(['devicecode', 'authenticationtransfer'])
const transferMethods = new Set(['devicecodeflow', 'authenticationtransfer'])

/**
 * Whether the sign-in was begun on one device and answered on another, by a device code or by authentication transfer: now, or
 * when the session began.
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows
 */
export const isTransferred = ({ authenticationProtocol, originalTransferMethod }: SignIn): boolean =>
  hasAnyFlag(authenticationProtocol, transferGrants) ||
  (originalTransferMethod !== undefined && transferMethods.has(spelled(originalTransferMethod)))

const desktops = /^(windows|macos|mac os)/i

/**
 * Whether the identity of a desktop got lost on a network that the team has named: what inspection of TLS leaves behind. A
 * device that was never registered looks the same.
 */
export function lostDeviceOnNamedNetwork(signIn: SignIn): boolean {
  const { deviceId, operatingSystem } = signIn.deviceDetail ?? {}
  return !deviceId && operatingSystem !== undefined && desktops.test(operatingSystem) && isOnNamedNetwork(signIn)
}

const cloudHosts: readonly (readonly [string, RegExp])[] = [
  ['usGovernment', /\.onmicrosoft\.us\b|microsoftonline\.us\b|usgovcloudapi\.net\b|(graph|dod-graph)\.microsoft\.us\b|azure\.us\b/i],
  ['china', /onmschina\.cn\b|microsoftonline\.cn\b|chinacloudapi\.cn\b|azure\.cn\b/i],
  [
    'global',
    /\.onmicrosoft\.com\b|login\.microsoftonline\.com\b|(management|vault|core)\.(azure|windows)\.(com|net)\b|graph\.microsoft\.com\b/i,
  ],
]

/** Whether the account, the resource and Entra's text name hosts of two Microsoft clouds: what is asked for lives in another one. */
export function namesTwoClouds({ userPrincipalName, resourceDisplayName, appDisplayName, status }: SignIn): boolean {
  const texts = [userPrincipalName, resourceDisplayName, appDisplayName, status?.failureReason, status?.additionalDetails]
  const clouds = cloudHosts.filter(([, hosts]) => texts.some((text) => text !== undefined && hosts.test(text)))
  return clouds.length > 1
}
