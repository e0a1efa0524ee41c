import {
  authenticationProtocols,
  authenticationRequirements,
  clientCredentialTypes,
  conditionalAccessStatuses,
  crossTenantAccessTypes,
  incomingTokenTypes,
  networkTypes,
  originalTransferMethods,
  signInEventTypes,
  tokenIssuerTypes,
  userTypes,
} from './enums'
import { errorCodeOf, flagOf, instantOf, integerOf, isPresent, isRow, listOf, objectOf, type Row, textOf } from './fields'
import type { AppliedPolicy, DeviceDetail, KeyValue, NetworkLocation, SignIn, SignInProperty, SignInStatus } from './signIn'

/** What a record says around the sign-in itself: used where the sign-in is silent. */
export interface Envelope {
  /** When the record was written, which is minutes after the sign-in. */
  readonly time?: unknown
  readonly resultType?: unknown
  readonly resultDescription?: unknown
  readonly location?: unknown
  readonly identity?: unknown
  readonly callerIpAddress?: unknown
}

const noEnvelope: Envelope = {}

/**
 * Reads the properties of a sign-in under Graph's names. Values may have drifted: numbers and booleans as text, objects
 * and lists as JSON text, inner names in Pascal case, enums in another case. What cannot be read is `undefined`.
 */
export function signInOf(row: Row, envelope: Envelope = noEnvelope): SignIn {
  return {
    id: textOf(row.id),
    createdDateTime: instantOf(row.createdDateTime) ?? instantOf(envelope.time),
    status: statusOf(row.status, envelope),
    appId: textOf(row.appId),
    appDisplayName: textOf(row.appDisplayName),
    resourceId: textOf(row.resourceId),
    resourceDisplayName: textOf(row.resourceDisplayName),
    resourceTenantId: textOf(row.resourceTenantId),
    homeTenantId: textOf(row.homeTenantId),
    appOwnerTenantId: textOf(row.appOwnerTenantId),
    userId: textOf(row.userId),
    userPrincipalName: textOf(row.userPrincipalName),
    userDisplayName: textOf(row.userDisplayName) ?? textOf(envelope.identity),
    userType: userTypes.one(row.userType),
    ipAddress: textOf(row.ipAddress) ?? textOf(envelope.callerIpAddress),
    autonomousSystemNumber: integerOf(row.autonomousSystemNumber),
    location: locationOf(row.location, envelope),
    networkLocationDetails: networkLocationsOf(row.networkLocationDetails),
    userAgent: textOf(row.userAgent),
    deviceDetail: deviceDetailOf(row.deviceDetail),
    clientAppUsed: textOf(row.clientAppUsed),
    authenticationProtocol: authenticationProtocols.flags(row.authenticationProtocol),
    authenticationRequirement: authenticationRequirements.one(row.authenticationRequirement),
    authenticationProcessingDetails: keyValuesOf(row.authenticationProcessingDetails),
    signInEventTypes: eventTypesOf(row.signInEventTypes),
    isInteractive: flagOf(row.isInteractive),
    isTenantRestricted: flagOf(row.isTenantRestricted),
    isThroughGlobalSecureAccess: flagOf(row.isThroughGlobalSecureAccess),
    crossTenantAccessType: crossTenantAccessTypes.flags(row.crossTenantAccessType),
    tokenIssuerType: tokenIssuerTypes.one(row.tokenIssuerType),
    incomingTokenType: incomingTokenTypes.one(row.incomingTokenType),
    originalTransferMethod: originalTransferMethods.one(row.originalTransferMethod),
    clientCredentialType: clientCredentialTypes.one(row.clientCredentialType),
    servicePrincipalId: textOf(row.servicePrincipalId),
    servicePrincipalName: textOf(row.servicePrincipalName),
    conditionalAccessStatus: conditionalAccessStatuses.one(row.conditionalAccessStatus),
    appliedConditionalAccessPolicies: policiesOf(row.appliedConditionalAccessPolicies),
    sessionLifetimePolicies: sessionLifetimePoliciesOf(row.sessionLifetimePolicies),
    authenticationRequirementPolicies: requirementPoliciesOf(row.authenticationRequirementPolicies),
  }
}

const none: readonly string[] = []

/**
 * Names what of a row could not be read: an id, a code or a time that is missing or unreadable, and other properties that
 * must not get lost in silence when they are there in a form nobody knows.
 */
export function malformedProperties(row: Row, signIn: SignIn, envelope: Envelope = noEnvelope): readonly string[] {
  if (envelope === noEnvelope && isWhole(signIn)) return none
  const names: SignInName[] = []
  if (signIn.id === undefined) names.push('id')
  if (signIn.createdDateTime === undefined || (isPresent(envelope.time) && isUnreadableTime(row.createdDateTime)))
    names.push('createdDateTime')
  if (signIn.status?.errorCode === undefined) names.push('status.errorCode')
  if (signIn.isInteractive === undefined && isPresent(row.isInteractive)) names.push('isInteractive')
  if (signIn.isTenantRestricted === undefined && isPresent(row.isTenantRestricted)) names.push('isTenantRestricted')
  if (signIn.isThroughGlobalSecureAccess === undefined && isPresent(row.isThroughGlobalSecureAccess)) {
    names.push('isThroughGlobalSecureAccess')
  }
  if (signIn.autonomousSystemNumber === undefined && isPresent(row.autonomousSystemNumber)) names.push('autonomousSystemNumber')
  if (signIn.authenticationProcessingDetails === undefined && isPresent(row.authenticationProcessingDetails)) {
    names.push('authenticationProcessingDetails')
  }
  if (signIn.signInEventTypes === undefined && isPresent(row.signInEventTypes)) names.push('signInEventTypes')
  return names.length === 0 ? none : names
}

/** Nothing that could be named is missing, which is so for nearly every row of Graph. */
const isWhole = (signIn: SignIn): boolean =>
  signIn.id !== undefined &&
  signIn.createdDateTime !== undefined &&
  signIn.status?.errorCode !== undefined &&
  signIn.isInteractive !== undefined &&
  signIn.isTenantRestricted !== undefined &&
  signIn.isThroughGlobalSecureAccess !== undefined &&
  signIn.autonomousSystemNumber !== undefined &&
  signIn.authenticationProcessingDetails !== undefined &&
  signIn.signInEventTypes !== undefined

type SignInName = SignInProperty | 'status.errorCode'

/** The time of the envelope stands in for one that cannot be read, which still has to be said. */
const isUnreadableTime = (value: unknown): boolean => isPresent(value) && instantOf(value) === undefined

function statusOf(value: unknown, envelope: Envelope): SignInStatus | undefined {
  const status = objectOf(value)
  if (status === undefined && envelope.resultType === undefined) return undefined
  const code = status === undefined ? undefined : (status.errorCode ?? status.ErrorCode)
  return {
    errorCode: errorCodeOf(code) ?? errorCodeOf(envelope.resultType),
    failureReason: (status && textOf(status.failureReason ?? status.FailureReason)) ?? textOf(envelope.resultDescription),
    additionalDetails: status && textOf(status.additionalDetails ?? status.AdditionalDetails),
  }
}

function locationOf(value: unknown, envelope: Envelope): SignIn['location'] {
  const location = objectOf(value)
  const country = location && textOf(location.countryOrRegion ?? location.CountryOrRegion)
  const countryOrRegion = country ?? textOf(envelope.location)
  return location === undefined && countryOrRegion === undefined ? undefined : { countryOrRegion }
}

function deviceDetailOf(value: unknown): DeviceDetail | undefined {
  const detail = objectOf(value)
  return (
    detail && {
      deviceId: textOf(detail.deviceId ?? detail.DeviceId),
      operatingSystem: textOf(detail.operatingSystem ?? detail.OperatingSystem),
      browser: textOf(detail.browser ?? detail.Browser),
    }
  )
}

/** A text is one name or several joined by commas; some exports keep the list as JSON text. */
function eventTypesOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string' && !value.trimStart().startsWith('[')) return signInEventTypes.flags(value)
  const list = listOf(value)
  if (list === undefined) return undefined
  return list.length === 1 && typeof list[0] === 'string' ? signInEventTypes.flags(list[0]) : (signInEventTypes.flags(list) ?? noTexts)
}

const noTexts: readonly string[] = []

/** Whether every item of a list is of a kind; lists of JSON are empty or not in ways that the engine's own loop is slow with. */
function allAre<Item>(list: readonly unknown[], isOne: (item: unknown) => item is Item): list is readonly Item[] {
  for (let at = 0; at < list.length; at++) if (!isOne(list[at])) return false
  return true
}

const isKeyValue = (item: unknown): item is KeyValue => isRow(item) && typeof item.key === 'string' && typeof item.value === 'string'

/** A list in Graph's own form is handed on as it is: copying it for every sign-in would cost more than reading it. */
function keyValuesOf(value: unknown): readonly KeyValue[] | undefined {
  const list = listOf(value)
  if (list === undefined || allAre(list, isKeyValue)) return list
  return list.filter(isRow).flatMap((item) => {
    const key = textOf(item.key ?? item.Key)
    const text = item.value ?? item.Value
    return key === undefined || !isPresent(text) || typeof text === 'object' ? [] : [{ key, value: String(text) }]
  })
}

const isNetworkLocation = (item: unknown): item is NetworkLocation =>
  isRow(item) && typeof item.networkType === 'string' && Array.isArray(item.networkNames) && allAre(item.networkNames, isText)

function networkLocationsOf(value: unknown): readonly NetworkLocation[] | undefined {
  const list = listOf(value)
  if (list === undefined || allAre(list, isNetworkLocation)) return list
  return list.filter(isRow).map((item) => ({
    networkType: networkTypes.one(item.networkType ?? item.NetworkType),
    networkNames: textsOf(item.networkNames ?? item.NetworkNames),
  }))
}

const isText = (item: unknown): item is string => typeof item === 'string' && item !== ''

function textsOf(value: unknown): readonly string[] {
  const list = listOf(value)
  if (list === undefined)
    return isText(value)
      ? value
          .split(',')
          .map((text) => text.trim())
          .filter(isText)
      : noTexts
  return allAre(list, isText) ? list : list.filter(isText)
}

const isPolicy = (item: unknown): item is AppliedPolicy =>
  isRow(item) &&
  typeof item['id'] === 'string' &&
  typeof item['displayName'] === 'string' &&
  typeof item['result'] === 'string' &&
  Array.isArray(item['enforcedGrantControls']) &&
  allAre(item['enforcedGrantControls'], isText)

function policiesOf(value: unknown): readonly AppliedPolicy[] | undefined {
  const list = listOf(value)
  if (list === undefined || allAre(list, isPolicy)) return list
  return list.filter(isRow).map((item) => ({
    id: textOf(item.id ?? item.Id),
    displayName: textOf(item.displayName ?? item.DisplayName),
    result: textOf(item.result ?? item.Result),
    enforcedGrantControls: textsOf(item.enforcedGrantControls ?? item.EnforcedGrantControls),
  }))
}

const noPolicies: readonly never[] = []

type SessionLifetimePolicies = SignIn['sessionLifetimePolicies']

function sessionLifetimePoliciesOf(value: unknown): SessionLifetimePolicies {
  const list = listOf(value)
  if (list === undefined || list.length === 0) return list === undefined ? undefined : noPolicies
  return list.filter(isRow).map((item) => ({ expirationRequirement: textOf(item.expirationRequirement ?? item.ExpirationRequirement) }))
}

type RequirementPolicies = SignIn['authenticationRequirementPolicies']

function requirementPoliciesOf(value: unknown): RequirementPolicies {
  const list = listOf(value)
  if (list === undefined || list.length === 0) return list === undefined ? undefined : noPolicies
  return list.filter(isRow).map((item) => ({ requirementProvider: textOf(item.requirementProvider ?? item.RequirementProvider) }))
}
