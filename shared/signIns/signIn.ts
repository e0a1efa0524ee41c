import type { SignIn as GraphSignIn } from '@microsoft/microsoft-graph-types-beta'
import type { Instant } from './instant'

/**
 * One sign-in, under Graph's own property names, with only what classifying and counting need. A property that is
 * `undefined` could not be read from the row: *unknown*, which is never the same as `false`, `none` or empty. Ids keep the
 * casing of the row, so they are compared without regard to it.
 * @see https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta
 */
export interface SignIn {
  /** The request id: the same in Graph, in Log Analytics and in a diagnostic record. */
  readonly id?: string | undefined
  readonly createdDateTime?: Instant | undefined
  readonly status?: SignInStatus | undefined
  readonly appId?: string | undefined
  readonly appDisplayName?: string | undefined
  readonly resourceId?: string | undefined
  readonly resourceDisplayName?: string | undefined
  readonly resourceTenantId?: string | undefined
  readonly homeTenantId?: string | undefined
  /** The tenant in which the client application is registered. */
  readonly appOwnerTenantId?: string | undefined
  /** Needed for counting distinct users and never stored. */
  readonly userId?: string | undefined
  /** Needed to tell a masked row and never stored. */
  readonly userPrincipalName?: string | undefined
  /** Needed to tell a masked row and never stored. */
  readonly userDisplayName?: string | undefined
  readonly userType?: string | undefined
  /** Needed to name the network and never stored. */
  readonly ipAddress?: string | undefined
  readonly autonomousSystemNumber?: number | undefined
  readonly location?: { readonly countryOrRegion?: string | undefined } | undefined
  readonly networkLocationDetails?: readonly NetworkLocation[] | undefined
  readonly userAgent?: string | undefined
  readonly deviceDetail?: DeviceDetail | undefined
  readonly clientAppUsed?: string | undefined
  /** Flags, as Graph spells them: `oAuth2`, `ropc`, `deviceCode`, … */
  readonly authenticationProtocol?: readonly string[] | undefined
  readonly authenticationRequirement?: string | undefined
  readonly authenticationProcessingDetails?: readonly KeyValue[] | undefined
  readonly signInEventTypes?: readonly string[] | undefined
  readonly isInteractive?: boolean | undefined
  readonly isTenantRestricted?: boolean | undefined
  readonly isThroughGlobalSecureAccess?: boolean | undefined
  /** Flags, as Graph spells them: `none`, `b2bCollaboration`, `passthrough`, … */
  readonly crossTenantAccessType?: readonly string[] | undefined
  readonly tokenIssuerType?: string | undefined
  readonly incomingTokenType?: string | undefined
  readonly originalTransferMethod?: string | undefined
  readonly clientCredentialType?: string | undefined
  readonly servicePrincipalId?: string | undefined
  readonly servicePrincipalName?: string | undefined
  readonly conditionalAccessStatus?: string | undefined
  readonly appliedConditionalAccessPolicies?: readonly AppliedPolicy[] | undefined
  readonly sessionLifetimePolicies?: readonly { readonly expirationRequirement?: string | undefined }[] | undefined
  readonly authenticationRequirementPolicies?: readonly { readonly requirementProvider?: string | undefined }[] | undefined
}

export interface SignInStatus {
  /** 0 is success, any other number the one of AADSTSnnnnn; `undefined` where the row has no readable code. */
  readonly errorCode?: number | undefined
  /** Graph's text. Classification never depends on the sentence alone. */
  readonly failureReason?: string | undefined
  readonly additionalDetails?: string | undefined
}

export interface DeviceDetail {
  /** Needed to tell a registered device from an unregistered one and never stored. */
  readonly deviceId?: string | undefined
  readonly operatingSystem?: string | undefined
  readonly browser?: string | undefined
}

export interface KeyValue {
  readonly key: string
  readonly value: string
}

export interface NetworkLocation {
  readonly networkType?: string | undefined
  readonly networkNames: readonly string[]
}

export interface AppliedPolicy {
  readonly id?: string | undefined
  readonly displayName?: string | undefined
  readonly result?: string | undefined
  readonly enforcedGrantControls: readonly string[]
}

/** Fails to compile when a property of ours is not one of Graph's. */
type GraphKnows<Key extends keyof GraphSignIn> = Key
export type SignInProperty = GraphKnows<keyof SignIn>
