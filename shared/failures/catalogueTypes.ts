import type { SignIn } from '../signIns/signIn'
import type { StreamId } from '../signIns/streams'
import type { KnownTenants } from './knownTenants'
import type { Words } from './words'

/** What became of a sign-in. `interrupt`: the sign-in normally goes on. `serviceFault`: Entra's own side; retry first. */
export type Outcome = 'success' | 'interrupt' | 'failure' | 'serviceFault'

export const outcomes: readonly Outcome[] = ['success', 'interrupt', 'failure', 'serviceFault']

/** The family of a failure; the ids are stored and never renamed. */
export const familyIds = [
  'tenant-restriction',
  'cross-tenant',
  'tls',
  'backup-auth',
  'network',
  'module',
  'wrong-tenant',
  'wrong-cloud',
  'guest',
  'account-type',
  'tenant-state',
  'credential',
  'account-state',
  'mfa',
  'conditional-access',
  'device',
  'hybrid-auth',
  'federation',
  'external-challenge',
  'password-change',
  'consent',
  'assignment',
  'app-config',
  'app-credential',
  'claims-config',
  'saml',
  'protocol',
  'client-version',
  'token-expired',
  'device-code',
  'sign-out',
  'throttling',
  'service',
  'session',
  'other',
] as const

export type FamilyId = (typeof familyIds)[number]

/** `<family>.<class>`, stored and never renamed. */
export type FailureClassId = `${FamilyId}.${string}`

export type Severity = 'critical' | 'error' | 'warning' | 'info'

/** Who can end the failure. */
export type MendedBy =
  | 'user'
  | 'help-desk'
  | 'app-owner'
  | 'conditional-access-owner'
  | 'network-team'
  | 'identity-team'
  | 'partner-tenant'
  | 'microsoft'
  | 'nobody'

/** What a predicate of a row may look at besides the sign-in. */
export interface ClassifyContext {
  /** The stream that the row was read from, where that is known. */
  readonly stream?: StreamId | undefined
  readonly tenants: KnownTenants
}

/** A row of the catalogue: the knowledge, its words and its tests. */
export interface FailureClass {
  readonly id: FailureClassId
  /** Codes that mean the sign-in failed. */
  readonly codes?: readonly number[]
  /** Codes that interrupt a sign-in which normally goes on. */
  readonly interruptCodes?: readonly number[]
  /** Codes of Entra's own side. */
  readonly serviceCodes?: readonly number[]
  /** Refines the class where the code alone misleads. Rows are asked in order; one without `when` takes what is left of its codes. */
  readonly when?: (signIn: SignIn, context: ClassifyContext) => boolean
  /** What `when` asks of the sign-in, as a clause for people; there exactly where `when` is. */
  readonly condition?: Words
  /** Found in pasted text only: no sign-in row can show it. */
  readonly textOnly?: true
  readonly title: Words
  /** What to do first: who, where, what to change. */
  readonly remedy: Words
  readonly mendedBy: MendedBy
  readonly severity: Severity
  /** When it means nothing. */
  readonly falseAlarm: Words
  /** A public page. */
  readonly reference: string
  /** Sign-ins that this row explains. */
  readonly matches: readonly Example[]
  /** Near misses that this row must leave alone. */
  readonly rejects: readonly Example[]
}

/** A sign-in as an example of a row; `stream` where the row depends on it. Only a text-only class may have none. */
export type Example = SignIn & { readonly stream?: StreamId }

/** A family: its words, and whether an unanswerable prompt of it is a failure. */
export interface Family {
  readonly id: FamilyId
  readonly title: Words
  /** What the family means, in one sentence. */
  readonly meaning: Words
  /** A prompt that needs a person: an interrupt becomes a failure when nobody can answer it. */
  readonly needsPerson?: true
  /** Facets and distinct users are kept for each of its classes, not only for the family. */
  readonly facetsByClass?: true
}

/** The result of classifying one sign-in. The same object may be handed out for many sign-ins. */
export interface Classification {
  readonly outcome: Outcome
  /** The family of the code, also for an interrupt; `undefined` for a success. */
  readonly family: FamilyId | undefined
  /** The class, also for an interrupt; `undefined` for a success. */
  readonly failureClass: FailureClassId | undefined
  /** 0 for a success, -1 where the row has no readable code. */
  readonly errorCode: number
  readonly signals: Signals
}

/** Orthogonal to the outcome, each true, false or unknown. The order gives the bit: append only. */
export const signalIds = [
  'legacyTls',
  'servedByBackupAuth',
  'tenantRestricted',
  'masked',
  'automation',
  'crossTenant',
  'throughGlobalSecureAccess',
  'legacyAuthentication',
  'backupAuthEligible',
] as const

export type SignalId = (typeof signalIds)[number]

/** Two bit sets over {@link signalIds}: which signals the row can tell, and which of those are true. */
export interface Signals {
  readonly known: number
  readonly isTrue: number
}

/** One signal of a set: `unknown` means that the row cannot tell. */
export function signalOf(signals: Signals, id: SignalId): boolean | 'unknown' {
  const bit = 1 << signalIds.indexOf(id)
  return (signals.known & bit) === 0 ? 'unknown' : (signals.isTrue & bit) !== 0
}
