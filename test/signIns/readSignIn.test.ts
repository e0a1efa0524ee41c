import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { formatInstant } from '../../shared/signIns/instant'
import { type ReadSignIn, readSignIn } from '../../shared/signIns/readSignIn'

type Read = Extract<ReadSignIn, { ok: true }>

function read(raw: unknown): Read {
  const result = readSignIn(raw)
  if (!result.ok) throw new Error(result.detail)
  return result
}

const tenantId = '11111111-2222-4333-8444-555555555555'
const otherTenantId = '66666666-7777-4888-9999-aaaaaaaaaaaa'

/** One sign-in, as Graph writes it. */
const graphRow = {
  id: '0231f922-93fa-4005-bb11-b344eca03c01',
  createdDateTime: '2026-03-12T16:02:15Z',
  userDisplayName: 'Timothy Perkins',
  userPrincipalName: 'tim@contoso.com',
  userId: 'b7873f1b-547b-4605-ad9e-abc76e92f902',
  appId: '747b0e83-6618-41b8-9062-e7d1783f1223',
  appDisplayName: 'Payroll',
  ipAddress: '203.0.113.7',
  clientAppUsed: 'Browser',
  userAgent: 'Mozilla/5.0',
  conditionalAccessStatus: 'notApplied',
  isInteractive: false,
  tokenIssuerType: 'AzureADBackupAuth',
  clientCredentialType: 'none',
  resourceDisplayName: 'SharePoint',
  resourceId: '00000003-0000-0ff1-ce00-000000000000',
  resourceTenantId: otherTenantId,
  homeTenantId: tenantId,
  appOwnerTenantId: tenantId,
  authenticationRequirement: 'singleFactorAuthentication',
  signInEventTypes: ['nonInteractiveUser'],
  servicePrincipalId: '',
  userType: 'member',
  isTenantRestricted: true,
  isThroughGlobalSecureAccess: false,
  autonomousSystemNumber: 8075,
  crossTenantAccessType: 'b2bCollaboration,passthrough',
  incomingTokenType: 'primaryRefreshToken',
  authenticationProtocol: 'oAuth2,ropc',
  originalTransferMethod: 'none',
  status: { errorCode: 5000211, failureReason: 'Blocked.', additionalDetails: 'MFA' },
  deviceDetail: { deviceId: 'd1', operatingSystem: 'Windows 10', browser: 'Edge 126' },
  location: { city: 'Osaka', countryOrRegion: 'JP' },
  appliedConditionalAccessPolicies: [{ id: 'p1', displayName: 'Block', enforcedGrantControls: ['Block'], result: 'failure' }],
  authenticationProcessingDetails: [{ key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'True' }],
  networkLocationDetails: [{ networkType: 'trustedNamedLocation', networkNames: ['Osaka'] }],
  sessionLifetimePolicies: [{ expirationRequirement: 'signInFrequencyPeriodicReauthentication', detail: 'x' }],
  authenticationRequirementPolicies: [{ requirementProvider: 'securityDefaults', detail: 'x' }],
}

const { status, location, appliedConditionalAccessPolicies, resourceId, ipAddress, ...others } = graphRow

/** The same one as a row of AADNonInteractiveUserSignInLogs. */
const logAnalyticsRow = {
  ...Object.fromEntries(
    Object.entries(others).map(([name, value]) => [
      name[0]?.toUpperCase() + name.slice(1),
      typeof value === 'object' ? JSON.stringify(value) : typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value),
    ]),
  ),
  TenantId: '99999999-9999-4999-8999-999999999999',
  AADTenantId: tenantId.toUpperCase(),
  TimeGenerated: '2026-03-12T16:09:41.5522137Z',
  CreatedDateTime: '2026-03-12T16:02:15.0000000Z',
  ResourceId: `/tenants/${tenantId}/providers/Microsoft.aadiam`,
  OperationName: 'Sign-in activity',
  Category: 'NonInteractiveUserSignInLogs',
  Type: 'AADNonInteractiveUserSignInLogs',
  ResultType: '5000211',
  ResultDescription: 'Blocked.',
  Identity: 'Timothy Perkins',
  Location: 'JP',
  LocationDetails: JSON.stringify(location),
  Status: JSON.stringify(status),
  ConditionalAccessPolicies: JSON.stringify(appliedConditionalAccessPolicies),
  ResourceIdentity: resourceId,
  IPAddress: ipAddress,
}

/** The same one as it passes through Event Hubs. */
const eventHubsRecord = {
  time: '2026-03-12T16:09:41.5522137Z',
  resourceId: `/tenants/${tenantId}/providers/Microsoft.aadiam`,
  operationName: 'Sign-in activity',
  category: 'NonInteractiveUserSignInLogs',
  tenantId,
  resultType: '5000211',
  resultDescription: 'Blocked.',
  callerIpAddress: ipAddress,
  identity: 'Timothy Perkins',
  Level: 4,
  location: 'JP',
  properties: {
    ...graphRow,
    createdDateTime: '2026-03-12T11:02:15.0000000-05:00',
    userType: 'Member',
    autonomousSystemNumber: '8075',
    isTenantRestricted: 'true',
    tenantId,
  },
}

test('readSignIn: the three shapes of one sign-in give the same sign-in', () => {
  const graph = read(graphRow)
  const logAnalytics = read(logAnalyticsRow)
  const eventHubs = read(eventHubsRecord)
  expect([graph.shape, logAnalytics.shape, eventHubs.shape]).toEqual(['graph', 'logAnalytics', 'eventHubs'])
  expect(logAnalytics.signIn).toEqual(graph.signIn)
  expect(eventHubs.signIn).toEqual(graph.signIn)
  expect([graph.tenantId, logAnalytics.tenantId, eventHubs.tenantId]).toEqual([undefined, tenantId, tenantId])
  expect([graph.stream, logAnalytics.stream, eventHubs.stream]).toEqual(Array(3).fill('nonInteractiveUser'))
  expect([graph.malformed, logAnalytics.malformed, eventHubs.malformed]).toEqual([[], [], []])
})

test('readSignIn: every property of the sign-in is read from a full row', () => {
  const { signIn } = read(graphRow)
  const missing = Object.entries(signIn).filter(
    ([name, value]) => value === undefined && name !== 'servicePrincipalId' && name !== 'servicePrincipalName',
  )
  expect(missing).toEqual([])
  expect(signIn).toMatchObject({
    status,
    createdDateTime: Date.UTC(2026, 2, 12, 16, 2, 15),
    crossTenantAccessType: ['b2bCollaboration', 'passthrough'],
    authenticationProtocol: ['oAuth2', 'ropc'],
    tokenIssuerType: 'AzureADBackupAuth',
    isTenantRestricted: true,
    isThroughGlobalSecureAccess: false,
    authenticationProcessingDetails: graphRow.authenticationProcessingDetails,
    appliedConditionalAccessPolicies,
    location: { countryOrRegion: 'JP' },
  })
})

test.each([
  ['a wrapper named event', { event: eventHubsRecord, host: 'collector' }, 'eventHubs'],
  ['a wrapper named log', { rule: 'r', log: eventHubsRecord }, 'eventHubs'],
  ['a message that holds JSON text', { '@timestamp': '2026-03-12T16:10:00Z', message: JSON.stringify(eventHubsRecord) }, 'eventHubs'],
  ['properties as JSON text', { ...eventHubsRecord, properties: JSON.stringify(eventHubsRecord.properties) }, 'eventHubs'],
  [
    'an envelope and properties in Pascal case',
    {
      Time: eventHubsRecord.time,
      Category: 'NonInteractiveUserSignInLogs',
      TenantId: tenantId,
      ResultType: '5000211',
      Properties: Object.fromEntries(Object.entries(graphRow).map(([name, value]) => [name[0]?.toUpperCase() + name.slice(1), value])),
    },
    'eventHubs',
  ],
  [
    'column names with the unit of an export',
    { ...logAnalyticsRow, TimeGenerated: undefined, 'TimeGenerated [UTC]': '3/12/2026, 4:09:41.552 PM' },
    'logAnalytics',
  ],
  [
    'Pascal case without any table column, which is how PowerShell writes it',
    {
      ...Object.fromEntries(Object.entries(graphRow).map(([name, value]) => [name[0]?.toUpperCase() + name.slice(1), value])),
      Status: { ErrorCode: 5000211, FailureReason: 'Blocked.', AdditionalDetails: 'MFA' },
      CreatedDateTime: '/Date(1773331335000)/',
    },
    'graph',
  ],
])('readSignIn: %s changes nothing', (_, raw, shape) => {
  const result = read(raw)
  expect(result.shape).toBe(shape)
  expect(result.signIn).toEqual(read(graphRow).signIn)
  expect(result.stream).toBe('nonInteractiveUser')
})

const portalRow = {
  'Date (UTC)': '2026-03-12T16:02:15Z',
  'Request ID': graphRow.id,
  'User agent': 'Mozilla/5.0',
  'Correlation ID': 'c1',
  'User ID': graphRow.userId,
  User: 'Timothy Perkins',
  Username: 'tim@contoso.com',
  'User type': 'Member',
  'Cross tenant access type': 'B2B collaboration',
  'Incoming token type': 'Primary refresh token',
  'Authentication Protocol': 'OAuth 2.0',
  Application: 'Payroll',
  'Application ID ': graphRow.appId,
  Resource: 'SharePoint',
  'Resource ID ': resourceId,
  'Resource tenant ID': otherTenantId,
  'Home tenant ID': tenantId,
  'IP address': ipAddress,
  Location: 'Osaka, Osaka, JP',
  Status: 'Failure',
  'Sign-in error code': '50126',
  'Failure reason': 'Wrong password.',
  'Client app': 'Browser',
  'Device ID': '',
  Browser: 'Edge 126',
  'Operating System': 'Windows 10',
  'Authentication requirement': 'Single-factor authentication',
  'Through Global Secure Access': 'No',
  'Autonomous system  number': '8075',
  'Token issuer type': 'Azure AD',
  'Conditional Access': 'Not Applied',
  'Managed Identity type': '',
}

test('readSignIn: a row of the admin center is read and what it has no column for stays unknown', () => {
  const { shape, signIn, malformed, stream } = read(portalRow)
  expect([shape, malformed, stream]).toEqual(['portal', [], undefined])
  expect(signIn).toMatchObject({
    id: graphRow.id,
    createdDateTime: Date.UTC(2026, 2, 12, 16, 2, 15),
    status: { errorCode: 50126, failureReason: 'Wrong password.' },
    appId: graphRow.appId,
    resourceId,
    crossTenantAccessType: ['b2bCollaboration'],
    incomingTokenType: 'primaryRefreshToken',
    authenticationProtocol: ['oAuth2'],
    tokenIssuerType: 'AzureAD',
    userType: 'member',
    conditionalAccessStatus: 'notApplied',
    authenticationRequirement: 'singleFactorAuthentication',
    isThroughGlobalSecureAccess: false,
    autonomousSystemNumber: 8075,
    location: { countryOrRegion: 'JP' },
    deviceDetail: { browser: 'Edge 126', operatingSystem: 'Windows 10' },
  })
  expect(signIn.isTenantRestricted).toBeUndefined()
  expect(signIn.authenticationProcessingDetails).toBeUndefined()
})

test.each([
  ['Success', '', 0],
  ['Success', undefined, 0],
  ['Failure', '', undefined],
  ['Interrupted', '50140', 50140],
])('readSignIn: the admin center writes %s with the code %p', (outcome, code, errorCode) => {
  const { signIn, malformed } = read({ ...portalRow, Status: outcome, 'Sign-in error code': code })
  expect(signIn.status?.errorCode).toBe(errorCode)
  expect(malformed).toEqual(errorCode === undefined ? ['status.errorCode'] : [])
})

test('readSignIn: the download of applications belongs to service principals', () => {
  const { Username: _name, User: _user, ...rest } = portalRow
  expect(read({ ...rest, 'Service principal ID': 'sp1', 'Service principal name': 'Job' }).stream).toBe('servicePrincipal')
  expect(read({ ...rest, 'Service principal ID': 'sp1', 'Managed Identity type': 'System assigned' }).stream).toBe('managedIdentity')
})

test.each([
  [0, 0],
  [50126, 50126],
  ['50126', 50126],
  ['50126.0', 50126],
  ['AADSTS50126', 50126],
  ['Success', 0],
  ['SUCCESS', 0],
  ['Failure', undefined],
  ['', undefined],
  [-1, undefined],
  [1.5, undefined],
  [null, undefined],
  [{}, undefined],
  ['1e5', undefined],
  ['99999999999999999999', undefined],
])('readSignIn: the code %p is read as %p', (code, errorCode) => {
  const graph = read({ ...graphRow, status: { errorCode: code } })
  expect(graph.signIn.status?.errorCode).toBe(errorCode)
  expect(graph.malformed).toEqual(errorCode === undefined ? ['status.errorCode'] : [])
  expect(read({ ...logAnalyticsRow, Status: undefined, ResultType: code }).signIn.status?.errorCode).toBe(errorCode)
})

test.each([
  ['2026-03-12T16:02:15Z', '2026-03-12T16:02:15Z'],
  ['2026-03-12T16:02:15.5522137Z', '2026-03-12T16:02:15.552Z'],
  ['2026-03-12T16:02:15.5+09:00', '2026-03-12T07:02:15.500Z'],
  ['2026-03-12 16:02:15.123', '2026-03-12T16:02:15.123Z'],
  ['11/14/2025 1:48:53 AM', '2025-11-14T01:48:53Z'],
  ['11/14/2025, 12:48:53.120 PM', '2025-11-14T12:48:53.120Z'],
  ['11/14/2025 12:08:53 AM', '2025-11-14T00:08:53Z'],
  ['11/14/2025 13:48', '2025-11-14T13:48:00Z'],
  ['/Date(1763084933000)/', '2025-11-14T01:48:53Z'],
  [1763084933000, '2025-11-14T01:48:53Z'],
  [1763084933, '2025-11-14T01:48:53Z'],
  ['1763084933000', '2025-11-14T01:48:53Z'],
  ['2026-02-30T00:00:00Z', undefined],
  ['2026-03-12T24:02:15Z', undefined],
  ['13/14/2025 1:48:53 AM', undefined],
  ['11/14/2025 13:48:53 PM', undefined],
  ['yesterday', undefined],
  [12, undefined],
  ['', undefined],
  [{}, undefined],
])('readSignIn: the time %p is read as %p', (createdDateTime, expected) => {
  const { signIn, malformed } = read({ ...graphRow, createdDateTime })
  expect(signIn.createdDateTime === undefined ? undefined : formatInstant(signIn.createdDateTime)).toBe(expected)
  expect(malformed).toEqual(expected === undefined ? ['createdDateTime'] : [])
})

test('readSignIn: the time a record was written stands in for a missing one, and an unreadable one is still named', () => {
  const { createdDateTime: _dropped, ...properties } = eventHubsRecord.properties
  const missing = read({ ...eventHubsRecord, properties })
  expect([missing.signIn.createdDateTime, missing.malformed]).toEqual([Date.UTC(2026, 2, 12, 16, 9, 41, 552), []])
  const unreadable = read({ ...eventHubsRecord, properties: { ...properties, createdDateTime: '2026-13-12T16:02:15Z' } })
  expect([unreadable.signIn.createdDateTime, unreadable.malformed]).toEqual([Date.UTC(2026, 2, 12, 16, 9, 41, 552), ['createdDateTime']])
  const table = read({ ...logAnalyticsRow, CreatedDateTime: undefined })
  expect(table.signIn.createdDateTime).toBe(Date.UTC(2026, 2, 12, 16, 9, 41, 552))
})

test.each([
  ['tokenIssuerType', 'unknownFutureValue', undefined],
  ['tokenIssuerType', 'UnknownFutureValue', undefined],
  ['tokenIssuerType', 'azureadbackupauth', 'AzureADBackupAuth'],
  ['tokenIssuerType', 'SomethingNew', 'SomethingNew'],
  ['crossTenantAccessType', 'unknownFutureValue', undefined],
  ['crossTenantAccessType', 'b2bCollaboration, unknownFutureValue', ['b2bCollaboration']],
  ['crossTenantAccessType', 'None', ['none']],
  ['crossTenantAccessType', 33, ['b2bCollaboration', 'passthrough']],
  ['incomingTokenType', 'unknownfuturevalue', undefined],
  ['authenticationProtocol', 2, ['ropc']],
  ['authenticationProtocol', 0, ['none']],
  ['isTenantRestricted', null, undefined],
  ['isTenantRestricted', 'False', false],
  ['isTenantRestricted', undefined, undefined],
  ['autonomousSystemNumber', '', undefined],
  ['signInEventTypes', 'nonInteractiveUser', ['nonInteractiveUser']],
  ['signInEventTypes', '["refreshToken","NonInteractiveUser"]', ['refreshToken', 'nonInteractiveUser']],
  ['authenticationProcessingDetails', [], []],
])('readSignIn: %s %p is read as %p', (name, value, expected) => {
  const result = read({ ...graphRow, [name]: value })
  expect(result.signIn[name as keyof typeof result.signIn]).toEqual(expected)
  expect(result.malformed).toEqual([])
})

test.each(['isTenantRestricted', 'isInteractive', 'autonomousSystemNumber', 'authenticationProcessingDetails', 'signInEventTypes'])(
  'readSignIn: an unreadable %s is unknown and named',
  (name) => {
    const result = read({ ...graphRow, [name]: { odd: true } })
    expect(result.signIn[name as keyof typeof result.signIn]).toBeUndefined()
    expect(result.malformed).toEqual([name])
  },
)

test('readSignIn: a row of v1.0 lacks fields and is whole all the same', () => {
  const { signInEventTypes: _a, tokenIssuerType: _b, isTenantRestricted: _c, authenticationProtocol: _d, ...v1 } = graphRow
  const { signIn, malformed, stream } = read(v1)
  expect(malformed).toEqual([])
  expect([signIn.isTenantRestricted, signIn.tokenIssuerType, signIn.signInEventTypes]).toEqual([undefined, undefined, undefined])
  expect(stream).toBe('nonInteractiveUser')
})

test.each([
  [{ signInEventTypes: ['nonInteractiveUser', 'interactiveUser'] }, 'interactiveUser'],
  [{ signInEventTypes: ['refreshToken'], isInteractive: false }, 'nonInteractiveUser'],
  [{ isInteractive: true }, 'interactiveUser'],
  [{ isInteractive: false, servicePrincipalId: 'sp1' }, 'servicePrincipal'],
  [{ isInteractive: false, servicePrincipalId: 'sp1', userPrincipalName: 'a@b.c' }, 'nonInteractiveUser'],
  [{ servicePrincipalId: 'sp1', managedServiceIdentity: { msiType: 'systemAssigned' } }, 'managedIdentity'],
  [{ servicePrincipalId: 'sp1', managedServiceIdentity: { msiType: 'none' } }, 'servicePrincipal'],
  [{ clientCredentialType: 'managedIdentity' }, 'managedIdentity'],
  [{}, undefined],
])('readSignIn: %j belongs to %s', (row, stream) => {
  expect(read({ id: 'a', createdDateTime: '2026-03-12T16:02:15Z', status: { errorCode: 0 }, ...row }).stream).toBe(stream)
})

test.each([
  ['SigninLogs', 'interactiveUser'],
  ['NONINTERACTIVEUSERSIGNINLOGS', 'nonInteractiveUser'],
  ['ServicePrincipalSignInLogs', 'servicePrincipal'],
  ['AADManagedIdentitySignInLogs', 'managedIdentity'],
  ['MicrosoftServicePrincipalSignInLogs', 'servicePrincipal'],
])('readSignIn: the category %s names its stream', (category, stream) => {
  expect(read({ ...eventHubsRecord, category }).stream).toBe(stream)
})

test.each([
  [undefined, 'not-an-object', /not a JSON object/],
  ['text', 'not-an-object', /not a JSON object/],
  [[graphRow], 'not-an-object', /not a JSON object/],
  [{}, 'not-a-sign-in', /without the properties/],
  [{ a: 1 }, 'not-a-sign-in', /without the properties/],
  [{ id: 'a', activityDisplayName: 'Add user', activityDateTime: '2026-03-12T16:02:15Z' }, 'not-a-sign-in', /directory audit/],
  [{ category: 'AuditLogs', operationName: 'Add user', properties: { id: 'a', status: { errorCode: 0 } } }, 'not-a-sign-in', /AuditLogs/],
  [
    { TimeGenerated: '2026-03-12T16:02:15Z', OperationName: 'Add user', Category: 'UserManagement', Type: 'AuditLogs', Id: 'a' },
    'not-a-sign-in',
    /AuditLogs/,
  ],
  [
    { TimeGenerated: '2026-03-12T16:02:15Z', OperationName: 'Add user secret-name', AppId: 'a', Id: 'a' },
    'not-a-sign-in',
    /another operation/,
  ],
  [{ appId: 'a', signInCount: 7, createdDateTime: '2026-03-12T16:02:15Z' }, 'not-a-sign-in', /summary/],
  [{ event: { event: { event: { event: graphRow } } } }, 'not-a-sign-in', /without the properties/],
])('readSignIn: %j is refused', (raw, reason, detail) => {
  const result = readSignIn(raw)
  expect(result).toMatchObject({ ok: false, reason, detail: expect.stringMatching(detail) })
  if (!result.ok) expect(result.detail).not.toMatch(/secret-name|Add user/)
})

test('readSignIn: no input throws', () => {
  const names = Object.keys({ ...graphRow, ...logAnalyticsRow, ...eventHubsRecord, ...portalRow })
  const row = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(fc.anything(), fc.constantFrom('{', '[', '[]', '{}', 'null', '/Date(x)/')),
    { maxKeys: 12 },
  )
  fc.assert(
    fc.property(fc.oneof(fc.anything(), row, fc.record({ properties: row, category: fc.constant('SignInLogs') })), (raw) => {
      const result = readSignIn(raw)
      if (result.ok) expect(Number.isInteger(result.signIn.createdDateTime ?? 0)).toBe(true)
      else expect(result.detail.length).toBeGreaterThan(20)
    }),
    { numRuns: 500 },
  )
})

const samples = join(__dirname, '..', '..', '..', 'shared', 'samples')
const sampleFiles = existsSync(samples)
  ? readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) => /\.jsonl?$/.test(name))
  : []
if (sampleFiles.length === 0) test('readSignIn: published samples are not at hand here', () => expect(existsSync(samples)).toBe(false))
else
  test.each(sampleFiles)('readSignIn: every published record of %s is read', (name) => {
    const text = readFileSync(join(samples, name), 'utf8')
    const values: unknown[] = name.endsWith('.jsonl')
      ? text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [JSON.parse(text)]
    const rows = values.flatMap((value) => (isList(value) ? value.value : [value]))
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(read(row).signIn.status?.errorCode ?? row).toEqual(expect.any(Number))
  })

const isList = (value: unknown): value is { value: unknown[] } =>
  typeof value === 'object' && value !== null && 'value' in value && Array.isArray(value.value)
