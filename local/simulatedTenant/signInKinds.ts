import type { FailureClassId, FamilyId, Outcome } from '../../shared/failures/catalogueTypes'
import type { StreamId } from '../../shared/signIns/streams'
import { type App, firstPartyApps, type Site, tenants } from './company'

/**
 * One kind of sign-in: what its rows say, and beside it what is true of them. The truth is written down here by hand
 * and never asked of the product, so that the two can be held against each other.
 */
export interface SignInKind {
  readonly stream: StreamId
  readonly errorCode: number
  readonly outcome: Outcome
  /** The family of the code, also for an interrupt; undefined for a success. */
  readonly family?: FamilyId
  /** The class, where the family is one of the product's three questions. */
  readonly failureClass?: FailureClassId
  /** Who signs in: one of our users unless said otherwise. `unfinished`: nobody is known yet. `masked`: someone of another tenant on our network. */
  readonly person?: 'guest' | 'masked' | 'unfinished'
  /** Which of the company's service principals; drawn unless said. */
  readonly identity?: number
  readonly app?: App
  readonly resource?: App
  readonly resourceTenantId?: string
  readonly site?: Site
  readonly crossTenantAccessType?: 'b2bCollaboration' | 'passthrough'
  readonly clientAppUsed?: string
  readonly userAgent?: string
  readonly authenticationProtocol?: string
  readonly incomingTokenType?: string
  /** Event types beside the stream's own. */
  readonly moreEventTypes?: readonly string[]
  readonly legacyTls?: true
  readonly restricted?: true
  readonly secureAccess?: true
  readonly automation?: true
  readonly legacyAuthentication?: true
}

/** A kind of the everyday traffic of its stream, and how often it occurs among 1,000 rows of it. */
export interface EverydayKind extends SignInKind {
  readonly perThousand: number
}

type Details = Omit<SignInKind, 'stream' | 'errorCode' | 'outcome' | 'family'>

export const succeeded = (stream: StreamId, details: Details = {}): SignInKind => ({ stream, errorCode: 0, outcome: 'success', ...details })

export const failed = (stream: StreamId, errorCode: number, family: FamilyId, details: Details = {}): SignInKind => ({
  stream,
  errorCode,
  outcome: 'failure',
  family,
  ...details,
})

const interrupted = (stream: StreamId, errorCode: number, family: FamilyId, details: Details = {}): SignInKind => ({
  stream,
  errorCode,
  outcome: 'interrupt',
  family,
  ...details,
})

export const faulted = (stream: StreamId, errorCode: number, family: FamilyId = 'service'): SignInKind => ({
  stream,
  errorCode,
  outcome: 'serviceFault',
  family,
})

const often = (perThousand: number, kind: SignInKind): EverydayKind => ({ ...kind, perThousand })

const guest: Details = { person: 'guest', crossTenantAccessType: 'b2bCollaboration' }
const atPartner: Details = { resourceTenantId: tenants.partner, crossTenantAccessType: 'b2bCollaboration' }
const refreshed: Details = { incomingTokenType: 'refreshToken' }
const fromCommandLine: Details = { app: firstPartyApps.azureCli, resource: firstPartyApps.resourceManager, automation: true }

/** The everyday traffic of each stream. What is missing to 1,000 is made up by the first row. */
export const everydayKinds: Readonly<Record<StreamId, readonly EverydayKind[]>> = {
  interactiveUser: [
    often(600, succeeded('interactiveUser')),
    often(140, succeeded('interactiveUser', { clientAppUsed: 'Mobile Apps and Desktop clients' })),
    often(12, succeeded('interactiveUser', { moreEventTypes: ['nonInteractiveUser'] })),
    often(26, succeeded('interactiveUser', guest)),
    often(14, succeeded('interactiveUser', atPartner)),
    often(46, interrupted('interactiveUser', 50140, 'session')),
    often(38, interrupted('interactiveUser', 50074, 'mfa')),
    often(12, interrupted('interactiveUser', 50076, 'mfa')),
    often(24, interrupted('interactiveUser', 50058, 'session', { person: 'unfinished' })),
    often(9, interrupted('interactiveUser', 50097, 'device')),
    often(8, interrupted('interactiveUser', 65001, 'consent')),
    often(6, interrupted('interactiveUser', 50125, 'session')),
    often(5, interrupted('interactiveUser', 50055, 'credential')),
    often(5, interrupted('interactiveUser', 16000, 'session')),
    often(4, interrupted('interactiveUser', 50072, 'mfa')),
    often(16, failed('interactiveUser', 50126, 'credential')),
    often(8, failed('interactiveUser', 500121, 'mfa')),
    often(6, failed('interactiveUser', 53003, 'conditional-access')),
    often(4, failed('interactiveUser', 53000, 'conditional-access')),
    often(5, failed('interactiveUser', 50105, 'assignment')),
    often(3, failed('interactiveUser', 50034, 'account-state')),
    often(2, failed('interactiveUser', 50053, 'account-state')),
    often(2, failed('interactiveUser', 50057, 'account-state')),
    often(2, failed('interactiveUser', 90094, 'consent')),
    often(2, failed('interactiveUser', 50020, 'guest', guest)),
    often(1, failed('interactiveUser', 50011, 'app-config')),
  ],
  nonInteractiveUser: [
    often(540, succeeded('nonInteractiveUser', { incomingTokenType: 'primaryRefreshToken' })),
    often(330, succeeded('nonInteractiveUser', refreshed)),
    often(20, succeeded('nonInteractiveUser', { ...refreshed, moreEventTypes: ['refreshToken'] })),
    often(18, succeeded('nonInteractiveUser', { ...guest, ...refreshed })),
    often(15, succeeded('nonInteractiveUser', { ...fromCommandLine, ...refreshed })),
    often(6, succeeded('nonInteractiveUser', { clientAppUsed: 'IMAP4', legacyAuthentication: true })),
    often(5, succeeded('nonInteractiveUser', { authenticationProtocol: 'ropc', automation: true })),
    often(14, interrupted('nonInteractiveUser', 70043, 'conditional-access', refreshed)),
    often(8, interrupted('nonInteractiveUser', 50076, 'mfa', refreshed)),
    often(6, interrupted('nonInteractiveUser', 50078, 'mfa', refreshed)),
    often(5, interrupted('nonInteractiveUser', 65001, 'consent')),
    often(4, interrupted('nonInteractiveUser', 50097, 'device')),
    often(3, interrupted('nonInteractiveUser', 50058, 'session', { person: 'unfinished' })),
    often(11, failed('nonInteractiveUser', 700082, 'token-expired', refreshed)),
    often(5, failed('nonInteractiveUser', 50173, 'token-expired', refreshed)),
    often(3, failed('nonInteractiveUser', 53003, 'conditional-access')),
    often(2, failed('nonInteractiveUser', 50132, 'token-expired')),
    often(2, failed('nonInteractiveUser', 50196, 'throttling')),
    often(1, failed('nonInteractiveUser', 50105, 'assignment')),
    often(1, faulted('nonInteractiveUser', 90025)),
    often(1, faulted('nonInteractiveUser', 90055, 'throttling')),
  ],
  servicePrincipal: [
    often(980, succeeded('servicePrincipal')),
    often(6, failed('servicePrincipal', 7000215, 'app-credential')),
    often(4, failed('servicePrincipal', 500011, 'wrong-tenant')),
    often(4, failed('servicePrincipal', 53003, 'conditional-access')),
    often(3, failed('servicePrincipal', 700027, 'app-credential')),
    often(2, failed('servicePrincipal', 65001, 'consent')),
    often(1, faulted('servicePrincipal', 90033)),
  ],
  managedIdentity: [often(992, succeeded('managedIdentity')), often(8, failed('managedIdentity', 500011, 'wrong-tenant'))],
}

/** What Graph says beside a code, in few words; `Other.` is what it says of a success. */
export const failureReasons: ReadonlyMap<number, string> = new Map([
  [0, 'Other.'],
  [16000, 'Either multiple user identities are available for the current request or selected account is not supported for the scenario.'],
  [50011, 'The reply address is missing, misconfigured, or does not match the reply addresses of the application.'],
  [50020, 'User account from the identity provider does not exist in the tenant and cannot access the application.'],
  [50034, 'The user account does not exist in the directory.'],
  [50053, 'Sign-in was blocked because the account is locked or the address has malicious activity.'],
  [50055, 'The password is expired.'],
  [50057, 'The user account is disabled.'],
  [50058, 'Session information is not sufficient for single-sign-on.'],
  [50072, 'User needs to enroll for second factor authentication (interactive).'],
  [50074, 'Strong authentication is required.'],
  [50076, 'Due to a configuration change or a new location, multifactor authentication is required.'],
  [50078, 'Presented multifactor authentication has expired due to policies configured by the administrator.'],
  [50097, 'Device authentication is required.'],
  [50105, 'The signed in user is not assigned to a role for the application.'],
  [50125, 'Sign-in was interrupted because of a password reset or password registration entry.'],
  [50126, 'Error validating credentials due to invalid username or password.'],
  [50132, 'The session is not valid because it expired or the password changed.'],
  [50140, 'This error occurred due to "Keep me signed in" interrupt when the user was signing in.'],
  [50173, 'The provided grant has expired because it was revoked; fresh authentication is needed.'],
  [50192, 'Invalid request: the raw credential that was expected is not there.'],
  [50196, 'The server terminated an operation because it encountered a loop while processing a request.'],
  [500011, 'The resource principal was not found in the tenant.'],
  [500021, 'Access to the tenant is denied.'],
  [500121, 'Authentication failed during strong authentication request.'],
  [500212, 'The outbound policy of the home tenant does not allow access to the resource tenant.'],
  [500213, 'The inbound policy of the resource tenant does not allow access from the home tenant.'],
  [53000, 'The device is not compliant and Conditional Access policy requires a compliant device.'],
  [53003, 'Access has been blocked by Conditional Access policies.'],
  [65001, 'The user or administrator has not consented to use the application.'],
  [70043, 'The refresh token has expired or is not valid due to sign-in frequency checks by Conditional Access.'],
  [700027, 'The signature of the client assertion is not valid.'],
  [700082, 'The refresh token has expired due to inactivity.'],
  [90024, 'Request budget exceeded: a transient error has occurred.'],
  [90025, 'Request processing has exceeded gateway allowance.'],
  [90033, 'A transient error has occurred in the directory service.'],
  [90036, 'An unexpected, non-retryable error from the directory service has occurred.'],
  [90055, 'Tenant throttling: there are too many incoming requests.'],
  [90094, 'Admin consent is required for the permissions requested by the application.'],
  [1002016, 'The request used TLS 1.0, TLS 1.1 or 3DES, which are no longer supported.'],
  [5000211, 'A tenant restrictions policy added by a device or network administrator does not allow access to the tenant.'],
  [7000215, 'Invalid client secret is provided.'],
  [7000222, 'The provided client secret keys are expired.'],
])
