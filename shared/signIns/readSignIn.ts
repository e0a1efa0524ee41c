import { columnsOf, comparableName, renamed, signInPropertyNames } from './columns'
import { isPresent, isRow, objectOf, propertyOf, type Row, textOf } from './fields'
import type { SignIn } from './signIn'
import { type Envelope, malformedProperties, signInOf } from './signInProperties'
import { owningStream, type StreamId, streamIds, streams } from './streams'

/**
 * The forms that one sign-in has in the wild: Graph's `signIn`, a row of a Log Analytics table, a diagnostic record as it
 * passes through Event Hubs, and a row of the CSV that the Entra admin center downloads.
 */
export type Shape = 'graph' | 'logAnalytics' | 'eventHubs' | 'portal'

/** Why a value is no sign-in. */
export type NotSignInReason = 'not-an-object' | 'not-a-sign-in'

/** A sign-in, or why there is none. */
export type ReadSignIn =
  | {
      readonly ok: true
      readonly shape: Shape
      readonly signIn: SignIn
      /** The tenant whose log this is, as a lower-case GUID; Graph's own rows do not say. */
      readonly tenantId: string | undefined
      /** The stream that the record itself names; undefined where only the reader of the log knows. */
      readonly stream: StreamId | undefined
      /** Properties that are there and cannot be read; `id`, `createdDateTime` and `status.errorCode` also where they are missing. */
      readonly malformed: readonly string[]
    }
  | {
      readonly ok: false
      readonly reason: NotSignInReason
      /** What it is and what would be right, in words that quote nothing of it. */
      readonly detail: string
    }

/** How deep a forwarder's wrappers are looked into. */
const wrappersMax = 3

/**
 * The trust boundary: any value in, one typed sign-in or a reason out. No input throws.
 * @see https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs
 */
export function readSignIn(raw: unknown): ReadSignIn {
  return isRow(raw) ? readRow(raw, wrappersMax) : notAnObject
}

const notAnObject: ReadSignIn = {
  ok: false,
  reason: 'not-an-object',
  detail: 'It is not a JSON object; a sign-in is an object with properties such as createdDateTime and status.',
}

function readRow(row: Row, wrappersLeft: number): ReadSignIn {
  if (isGraphSignIn(row)) return readGraph(row)
  const other = otherRecord(row)
  if (other !== undefined) return notASignIn(other)
  const properties = objectOf(propertyOf(row, 'properties', 'Properties'))
  if (properties !== undefined && (isEnvelope(row) || looksLikeSignIn(properties))) return readDiagnosticRecord(row, properties)
  if (isPortalRow(row)) return readPortal(row)
  if (isEnvelope(row) || looksLikeSignIn(row)) return readLogAnalytics(row)
  const inner = wrappersLeft > 0 ? wrappedIn(row) : undefined
  return inner === undefined ? notASignIn('an object without the properties of a sign-in') : readRow(inner, wrappersLeft - 1)
}

const notASignIn = (what: string): ReadSignIn => ({
  ok: false,
  reason: 'not-a-sign-in',
  detail: `It is ${what}; a sign-in has a status with an errorCode (or ResultType) and properties such as createdDateTime and appId.`,
})

/** The quick answer for the form that is read every minute; everything else takes the long way. */
const isGraphSignIn = (row: Row): boolean =>
  row['createdDateTime'] !== undefined &&
  row['status'] !== undefined &&
  row['properties'] === undefined &&
  row['activityDisplayName'] === undefined

function readGraph(row: Row): ReadSignIn {
  const signIn = signInOf(row)
  return {
    ok: true,
    shape: 'graph',
    signIn,
    tenantId: undefined,
    stream: streamOfSignIn(signIn, row['managedServiceIdentity']),
    malformed: malformedProperties(row, signIn),
  }
}

const diagnosticColumns = columnsOf([...signInPropertyNames, 'resourceId', 'location', 'tenantId'], {
  conditionalAccessPolicies: 'appliedConditionalAccessPolicies',
})

function readDiagnosticRecord(record: Row, properties: Row): ReadSignIn {
  const row =
    properties['createdDateTime'] !== undefined && properties['id'] !== undefined ? properties : renamed(properties, diagnosticColumns)
  const envelope: Envelope & Row = renamed(record, envelopeColumns)
  const signIn = signInOf(row, envelope)
  return {
    ok: true,
    shape: 'eventHubs',
    signIn,
    tenantId: guidOf(envelope['tenantId']) ?? tenantOfPath(envelope['resourcePath']) ?? guidOf(row['tenantId']),
    stream: streamOfCategory(envelope['category']) ?? streamOfSignIn(signIn, row['managedServiceIdentity']),
    malformed: malformedProperties(row, signIn, envelope),
  }
}

const envelopeColumns = columnsOf(
  ['time', 'resultType', 'resultDescription', 'location', 'identity', 'callerIpAddress', 'category', 'tenantId'],
  {
    resourceId: 'resourcePath',
  },
)

/** `TenantId` is the workspace's id, `ResourceId` a path and `Location` a country: none of them is the sign-in's property of that name. */
const logAnalyticsColumns = columnsOf(signInPropertyNames, {
  resourceIdentity: 'resourceId',
  resourceId: 'resourcePath',
  locationDetails: 'location',
  location: 'country',
  conditionalAccessPolicies: 'appliedConditionalAccessPolicies',
  resultType: 'resultType',
  resultDescription: 'resultDescription',
  identity: 'identity',
  timeGenerated: 'time',
  time: 'time',
  category: 'category',
  type: 'table',
  tableName: 'table',
  aadTenantId: 'tenantId',
  clientAppUsed: 'clientAppUsed',
})

function readLogAnalytics(columns: Row): ReadSignIn {
  const row = renamed(columns, logAnalyticsColumns)
  const path = row['resourcePath']
  const resourceIsPath = typeof path === 'string' && path.startsWith('/')
  if (row['resourceId'] === undefined && !resourceIsPath) row['resourceId'] = path
  const locationIsObject = objectOf(row['country']) !== undefined
  if (row['location'] === undefined && locationIsObject) row['location'] = row['country']
  const envelope: Envelope = { ...row, location: locationIsObject ? undefined : row['country'] }
  const signIn = signInOf(row, envelope)
  const isTable = row['time'] !== undefined || row['resultType'] !== undefined || row['category'] !== undefined
  return {
    ok: true,
    shape: isTable ? 'logAnalytics' : 'graph',
    signIn,
    tenantId: guidOf(row['tenantId']) ?? tenantOfPath(path),
    stream: streamOfCategory(row['category']) ?? streamOfCategory(row['table']) ?? streamOfSignIn(signIn, row['managedServiceIdentity']),
    malformed: malformedProperties(row, signIn, envelope),
  }
}

/** The columns of the admin center's download, which are the captions of its list. */
const portalColumns = columnsOf([], {
  'Date (UTC)': 'createdDateTime',
  Date: 'createdDateTime',
  'Request ID': 'id',
  'User agent': 'userAgent',
  'User ID': 'userId',
  User: 'userDisplayName',
  Username: 'userPrincipalName',
  'User type': 'userType',
  'Cross tenant access type': 'crossTenantAccessType',
  'Incoming token type': 'incomingTokenType',
  'Authentication Protocol': 'authenticationProtocol',
  'Original transfer method': 'originalTransferMethod',
  'Client credential type': 'clientCredentialType',
  Application: 'appDisplayName',
  'Application ID': 'appId',
  Resource: 'resourceDisplayName',
  'Resource ID': 'resourceId',
  'Resource tenant ID': 'resourceTenantId',
  'Home tenant ID': 'homeTenantId',
  'IP address': 'ipAddress',
  Location: 'place',
  Status: 'outcome',
  'Sign-in error code': 'errorCode',
  'Failure reason': 'failureReason',
  'Additional details': 'additionalDetails',
  'Client app': 'clientAppUsed',
  'Device ID': 'deviceId',
  Browser: 'browser',
  'Operating System': 'operatingSystem',
  'Authentication requirement': 'authenticationRequirement',
  'Through Global Secure Access': 'isThroughGlobalSecureAccess',
  'Autonomous system number': 'autonomousSystemNumber',
  'Token issuer type': 'tokenIssuerType',
  'Conditional Access': 'conditionalAccessStatus',
  'Managed Identity type': 'managedIdentityType',
  'Service principal ID': 'servicePrincipalId',
  'Service principal name': 'servicePrincipalName',
})

function readPortal(columns: Row): ReadSignIn {
  const row = renamed(columns, portalColumns)
  const place = textOf(row['place'])
  const succeeded = textOf(row['outcome'])?.trim().toLowerCase() === 'success'
  row['status'] = {
    errorCode: !isPresent(row['errorCode']) && succeeded ? 0 : row['errorCode'],
    failureReason: row['failureReason'],
    additionalDetails: row['additionalDetails'],
  }
  row['deviceDetail'] = { deviceId: row['deviceId'], browser: row['browser'], operatingSystem: row['operatingSystem'] }
  const signIn = signInOf(row, { location: place?.slice(place.lastIndexOf(',') + 1).trim() })
  return {
    ok: true,
    shape: 'portal',
    signIn,
    tenantId: undefined,
    stream: portalStream(columns, signIn, row['managedIdentityType']),
    malformed: malformedProperties(row, signIn),
  }
}

/** The download of applications has no column of users; those of interactive and other user sign-ins are alike. */
function portalStream(columns: Row, signIn: SignIn, managedIdentityType: unknown): StreamId | undefined {
  const msiType = textOf(managedIdentityType)?.toLowerCase()
  if (msiType !== undefined && msiType !== 'none') return 'managedIdentity'
  const ofUsers = Object.keys(columns).some((column) => comparableName(column) === 'username')
  return ofUsers || signIn.servicePrincipalId === undefined ? undefined : 'servicePrincipal'
}

const portalMarks = new Set(['dateutc', 'requestid', 'signinerrorcode', 'applicationid'])

function isPortalRow(row: Row): boolean {
  let marks = 0
  for (const column in row) if (portalMarks.has(comparableName(column))) marks++
  return marks >= 2
}

const categoryStreams = new Map<string, StreamId>([
  ...streams.flatMap(({ id, category, table }): [string, StreamId][] => [
    [category.toLowerCase(), id],
    [table.toLowerCase(), id],
  ]),
  ['microsoftserviceprincipalsigninlogs', 'servicePrincipal'],
  ['aadmicrosoftserviceprincipalsigninlogs', 'servicePrincipal'],
])

const streamOfCategory = (category: unknown): StreamId | undefined =>
  typeof category === 'string' ? categoryStreams.get(category.trim().toLowerCase()) : undefined

const noTypes: readonly string[] = []
const streamsByType = new Map<string, StreamId>(streams.map(({ id, signInEventType }) => [signInEventType, id]))

/** The stream by what the sign-in says of itself. */
function streamOfSignIn(signIn: SignIn, managedServiceIdentity: unknown): StreamId | undefined {
  const named = signIn.signInEventTypes
  const [only] = named ?? noTypes
  if (only !== undefined && named?.length === 1 && streamsByType.has(only)) return streamsByType.get(only)
  if (named !== undefined && named.length > 0 && streams.some((stream) => named.includes(stream.signInEventType))) {
    return owningStream(named, streamIds, 'interactiveUser')
  }
  if (signIn.clientCredentialType === 'managedIdentity' || isManagedIdentity(managedServiceIdentity)) return 'managedIdentity'
  if (signIn.isInteractive === true) return 'interactiveUser'
  if (signIn.servicePrincipalId !== undefined && signIn.userPrincipalName === undefined) return 'servicePrincipal'
  return signIn.isInteractive === false ? 'nonInteractiveUser' : undefined
}

function isManagedIdentity(value: unknown): boolean {
  const identity = value === undefined || value === null ? undefined : objectOf(value)
  const type = identity === undefined ? undefined : textOf(propertyOf(identity, 'msiType', 'MsiType'))
  return type !== undefined && type.toLowerCase() !== 'none'
}

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function guidOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return text.length === 36 && guidPattern.test(text) ? text : undefined
}

/** `/tenants/{tenantId}/providers/Microsoft.aadiam` */
function tenantOfPath(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? value.split('/', 3) : []
  return parts[1]?.toLowerCase() === 'tenants' ? guidOf(parts[2]) : undefined
}

/** Other logs of Entra, by the category or table that their records carry. */
const otherLogs = new Map<string, string>([
  ['auditlogs', 'a directory audit record (AuditLogs)'],
  ['provisioninglogs', 'a provisioning record (ProvisioningLogs)'],
  ['aadprovisioninglogs', 'a provisioning record (AADProvisioningLogs)'],
  ['riskyusers', 'a risky user (RiskyUsers)'],
  ['aadriskyusers', 'a risky user (AADRiskyUsers)'],
  ['userriskevents', 'a risk detection (UserRiskEvents)'],
  ['aaduserriskevents', 'a risk detection (AADUserRiskEvents)'],
  ['riskyserviceprincipals', 'a risky service principal (RiskyServicePrincipals)'],
  ['serviceprincipalriskevents', 'a risk detection (ServicePrincipalRiskEvents)'],
  ['networkaccesstrafficlogs', 'a Global Secure Access traffic record (NetworkAccessTrafficLogs)'],
  ['enrichedoffice365auditlogs', 'a Microsoft 365 audit record (EnrichedOffice365AuditLogs)'],
  ['microsoftgraphactivitylogs', 'a Graph activity record (MicrosoftGraphActivityLogs)'],
  ['azureadgraphactivitylogs', 'a Graph activity record (AzureADGraphActivityLogs)'],
  ['b2crequestlogs', 'a B2C request record (B2CRequestLogs)'],
])

/** Columns that only records of another kind have, by their comparable name. */
const otherMarks = new Map<string, string>([
  ['activitydisplayname', 'a directory audit record'],
  ['activitydatetime', 'a directory audit record'],
  ['targetresources', 'a directory audit record'],
  ['provisioningsteps', 'a provisioning record'],
  ['riskeventtype', 'a risk detection'],
  ['signincount', 'a summary of several sign-ins'],
  ['serviceprincipaltype', 'a service principal'],
])

/** What a row is, when it is plainly the record of another log. */
function otherRecord(row: Row): string | undefined {
  let what: string | undefined
  let operation: unknown
  for (const column in row) {
    const name = comparableName(column)
    if (name === 'category' || name === 'type' || name === 'tablename') {
      const value = row[column]
      if (typeof value !== 'string') continue
      if (streamOfCategory(value) !== undefined) return undefined
      what ??= otherLogs.get(value.trim().toLowerCase())
    } else if (name === 'operationname') operation = row[column]
    else what ??= otherMarks.get(name)
  }
  return what ?? (isOtherOperation(operation) ? 'the record of another operation than a sign-in' : undefined)
}

const isOtherOperation = (operation: unknown): boolean =>
  typeof operation === 'string' && operation !== '' && comparableName(operation) !== 'signinactivity'

/** What only the envelope of a sign-in carries. */
function isEnvelope(row: Row): boolean {
  for (const column in row) {
    const name = comparableName(column)
    if (name === 'operationname' && textOf(row[column]) !== undefined) return true
    if (name === 'category' && streamOfCategory(row[column]) !== undefined) return true
  }
  return false
}

/** Properties of a sign-in that together no other record has. */
const signInMarks = new Set([
  'status',
  'resulttype',
  'createddatetime',
  'timegenerated',
  'appid',
  'appdisplayname',
  'resourcedisplayname',
  'userprincipalname',
  'userid',
  'ipaddress',
  'clientappused',
  'isinteractive',
  'signineventtypes',
  'useragent',
  'serviceprincipalid',
  'conditionalaccessstatus',
  'authenticationrequirement',
  'authenticationprotocol',
  'resourcetenantid',
  'hometenantid',
  'tokenissuertype',
  'istenantrestricted',
  'devicedetail',
])

function looksLikeSignIn(row: Row): boolean {
  let marks = 0
  for (const column in row) {
    const name = comparableName(column)
    if (!signInMarks.has(name)) continue
    marks += name === 'status' && codeInside(row[column]) ? 2 : 1
    if (marks >= 2) return true
  }
  return false
}

function codeInside(value: unknown): boolean {
  const status = objectOf(value)
  return status !== undefined && propertyOf(status, 'errorCode', 'ErrorCode') !== undefined
}

/** Names that forwarders put around a record. */
const wrappers: readonly string[] = ['event', 'log', 'record', 'body', 'message', 'original', '_raw', '_source', 'data']

function wrappedIn(row: Row): Row | undefined {
  for (const name of wrappers) {
    const inner = objectOf(row[name])
    if (inner !== undefined) return inner
  }
  return undefined
}
