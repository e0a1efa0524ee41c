import { type Example, type SignalId, signalIds, signalOf } from '../../shared/failures/catalogueTypes'
import { classify } from '../../shared/failures/classify'
import { knownTenants } from '../../shared/failures/knownTenants'
import { signals } from '../../shared/failures/signals'

type Told = boolean | 'unknown'

const tenants = knownTenants([])
const tell = (id: SignalId, { stream, ...signIn }: Example): Told => signalOf(classify(signIn, { stream, tenants }).signals, id)

const zero = '00000000-0000-0000-0000-000000000000'
const person = { userId: '7d0c6a39-0000-4000-8000-000000000001', userPrincipalName: 'ada@contoso.example' }
const detail = (key: string, value: string): Example => ({ authenticationProcessingDetails: [{ key, value }] })

test.each<[string, Example, Told]>([
  ['the value True is true', detail('Legacy TLS (TLS 1.0, 1.1, 3DES)', 'True'), true],
  ['the value False is false though the key is there', detail('Legacy TLS (TLS 1.0, 1.1, 3DES)', 'False'), false],
  ['the spelling of the filter is true', detail('legacy tls (tls 1.0, 1.1, 3des)', '1'), true],
  ['the key is found without blanks and punctuation', detail('LegacyTLS', 'true'), true],
  ['the key is found with other punctuation', detail(' Legacy-TLS: 1.0', ' TRUE '), true],
  ['a value that cannot be read is unknown', detail('Legacy TLS (TLS 1.0, 1.1, 3DES)', ''), 'unknown'],
  ['True of another key is nothing', detail('Is CAE Token', 'True'), false],
  ['another legacy key is nothing', detail('Is Legacy Store Used', 'True'), false],
  ['details without the key are false', { authenticationProcessingDetails: [] }, false],
  ['a row without details is unknown', {}, 'unknown'],
  ['a code for old TLS is not the signal', { status: { errorCode: 1002016 } }, 'unknown'],
  [
    'one true item among several is true',
    {
      authenticationProcessingDetails: [
        { key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' },
        { key: 'Login Hint Present', value: 'True' },
        { key: 'Legacy TLS', value: 'True' },
      ],
    },
    true,
  ],
])('legacyTls: %s', (_, example, told) => expect(tell('legacyTls', example)).toBe(told))

test.each<[string, string | undefined, Told]>([
  ['the name of Log Analytics', 'AzureADBackupAuth', true],
  ['the name with a small letter', 'azureADBackupAuth', true],
  ['the name that the portal shows', 'Microsoft Entra Backup Auth', true],
  ['Entra itself', 'AzureAD', false],
  ['Entra itself with a small letter', 'azureAD', false],
  ['AD FS', 'ADFederationServices', false],
  ['the MFA adapter of AD FS', 'ADFederationServicesMFAAdapter', false],
  ['the NPS extension', 'NPSExtension', false],
  ['the sentinel, which may hide it', 'unknownFutureValue', 'unknown'],
  ['the sentinel with a capital', 'UnknownFutureValue', 'unknown'],
  ['an empty text', '', 'unknown'],
  ['nothing', undefined, 'unknown'],
])('servedByBackupAuth: %s', (_, tokenIssuerType, told) => expect(tell('servedByBackupAuth', { tokenIssuerType })).toBe(told))

test.each<[string, Example, Told]>([
  ['a masked user name with a suffix', { userId: zero, userPrincipalName: '{PII Removed}@domain.com' }, true],
  ['a masked user name without a suffix', { userPrincipalName: '{PII Removed}' }, true],
  ['a masked user name in another casing', { userPrincipalName: '{pii removed}@domain.com' }, true],
  ['a masked display name that names the cause', { ...person, userDisplayName: '{PII removed - Tenant Restrictions}' }, true],
  ['the zero id under a tenant restriction', { userId: zero, userPrincipalName: '', isTenantRestricted: true }, true],
  ['the zero id with a code of a tenant restriction', { userId: zero, status: { errorCode: 5000211 } }, true],
  [
    'the zero id of an unfinished sign-in',
    { userId: zero, userPrincipalName: '', isTenantRestricted: false, status: { errorCode: 50058 } },
    false,
  ],
  ['the zero id with a user name and no word of a restriction', { userId: zero, userPrincipalName: 'ada@contoso.example' }, false],
  ['the zero id and nothing else', { userId: zero }, 'unknown'],
  ['a person under a tenant restriction', { ...person, isTenantRestricted: true }, false],
  ['a person', person, false],
  ['a name that only mentions it', { userPrincipalName: 'x{PII Removed}@contoso.example' }, false],
  ['a masked device of a person', { ...person, deviceDetail: { deviceId: '{PII Removed}' } }, false],
  ['an application, which has no user', { stream: 'servicePrincipal' }, false],
  ['a masked application', { stream: 'servicePrincipal', servicePrincipalName: '{PII Removed}' }, true],
  ['a row that names nobody', {}, 'unknown'],
])('masked: %s', (_, example, told) => expect(tell('masked', example)).toBe(told))

test.each<[SignalId, string, Example, Told]>([
  ['tenantRestricted', 'true as the row says, also on a success', { isTenantRestricted: true, status: { errorCode: 0 } }, true],
  ['tenantRestricted', 'false as the row says', { isTenantRestricted: false }, false],
  ['tenantRestricted', 'unknown where the cloud lacks the field', {}, 'unknown'],
  ['throughGlobalSecureAccess', 'true as the row says', { isThroughGlobalSecureAccess: true }, true],
  ['throughGlobalSecureAccess', 'unknown where the row does not say', {}, 'unknown'],
  ['automation', 'a service principal', { stream: 'servicePrincipal' }, true],
  ['automation', 'a managed identity by its event type', { signInEventTypes: ['managedIdentity'] }, true],
  ['automation', 'Azure CLI', { appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', stream: 'interactiveUser' }, true],
  ['automation', 'a device code', { authenticationProtocol: ['deviceCode'] }, true],
  ['automation', 'a password grant', { authenticationProtocol: ['ropc'] }, true],
  ['automation', 'the portal', { appId: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', authenticationProtocol: ['oAuth2'] }, false],
  ['automation', 'a row that names no application', {}, 'unknown'],
  ['crossTenant', 'none', { crossTenantAccessType: ['none'], homeTenantId: 'a', resourceTenantId: 'b' }, false],
  ['crossTenant', 'collaboration', { crossTenantAccessType: ['b2bCollaboration'] }, true],
  ['crossTenant', 'two flags', { crossTenantAccessType: ['b2bCollaboration', 'b2bDirectConnect'] }, true],
  ['crossTenant', 'a value of tomorrow', { crossTenantAccessType: ['somethingNew'] }, true],
  [
    'crossTenant',
    'the sentinel with two tenants',
    { crossTenantAccessType: ['unknownFutureValue'], homeTenantId: 'a', resourceTenantId: 'b' },
    true,
  ],
  ['crossTenant', 'the sentinel alone', { crossTenantAccessType: ['unknownFutureValue'] }, 'unknown'],
  ['crossTenant', 'no type and the same tenant in two casings', { homeTenantId: 'aB', resourceTenantId: 'Ab' }, false],
  ['crossTenant', 'no type and a zero tenant', { homeTenantId: zero, resourceTenantId: 'b' }, 'unknown'],
  ['crossTenant', 'nothing', { crossTenantAccessType: [] }, 'unknown'],
  ['legacyAuthentication', 'SMTP', { clientAppUsed: 'Authenticated SMTP' }, true],
  ['legacyAuthentication', 'MAPI in any casing', { clientAppUsed: 'MAPI Over HTTP' }, true],
  ['legacyAuthentication', 'a short form', { clientAppUsed: 'imap' }, true],
  ['legacyAuthentication', 'Outlook Anywhere', { clientAppUsed: 'Outlook Anywhere (RPC over HTTP)' }, true],
  ['legacyAuthentication', 'other clients', { clientAppUsed: 'Other clients' }, true],
  ['legacyAuthentication', 'a browser', { clientAppUsed: 'Browser' }, false],
  ['legacyAuthentication', 'a modern app in another casing', { clientAppUsed: 'Mobile apps and desktop clients' }, false],
  ['legacyAuthentication', 'the word Unknown', { clientAppUsed: 'Unknown' }, 'unknown'],
  ['legacyAuthentication', 'an empty text', { clientAppUsed: '' }, 'unknown'],
])('%s: %s', (id, _, example, told) => expect(tell(id, example)).toBe(told))

const silent: Example = {
  status: { errorCode: 0 },
  stream: 'nonInteractiveUser',
  incomingTokenType: 'refreshToken',
  crossTenantAccessType: ['none'],
  userType: 'member',
  deviceDetail: { deviceId: '3b1c0000-0000-4000-8000-000000000003' },
}

test.each<[string, Example, Told]>([
  ['a managed identity is served', { stream: 'managedIdentity' }, true],
  ['a service principal never is', { stream: 'servicePrincipal' }, false],
  ['a silent success of a member on a known device would be', silent, true],
  ['the display text of a primary refresh token counts', { ...silent, incomingTokenType: 'Primary Refresh Token' }, true],
  ['a failure proves nothing', { ...silent, status: { errorCode: 50126 } }, 'unknown'],
  ['an unregistered device is open', { ...silent, deviceDetail: { deviceId: '' } }, 'unknown'],
  ['an interactive sign-in is open', { ...silent, stream: 'interactiveUser' }, 'unknown'],
  ['SAML depends on who starts it', { ...silent, authenticationProtocol: ['saml20'] }, 'unknown'],
  [
    'sign-in frequency leaves it open',
    { ...silent, sessionLifetimePolicies: [{ expirationRequirement: 'signInFrequencyEveryTime' }] },
    'unknown',
  ],
  [
    'an authentication strength leaves it open',
    { ...silent, authenticationRequirementPolicies: [{ requirementProvider: 'authenticationStrengths' }] },
    'unknown',
  ],
  [
    'a remembered device does not limit it',
    { ...silent, sessionLifetimePolicies: [{ expirationRequirement: 'rememberMultifactorAuthenticationOnTrustedDevices' }] },
    true,
  ],
  ['a guest never is', { ...silent, userType: 'guest' }, false],
  ['another tenant never is', { ...silent, crossTenantAccessType: ['b2bCollaboration'] }, false],
  ['a device code never is', { ...silent, authenticationProtocol: ['deviceCode'] }, false],
  ['a password grant never is', { ...silent, authenticationProtocol: ['ropc'] }, false],
  ['a confidential web app never is', { ...silent, clientCredentialType: 'clientSecret' }, false],
  ['no credential of a client is a public client', { ...silent, clientCredentialType: 'none' }, true],
  ['a row that says nothing is open', {}, 'unknown'],
])('backupAuthEligible: %s', (_, example, told) => expect(tell('backupAuthEligible', example)).toBe(told))

test('signals: there is one row a signal, in the order of the bits, with words in both languages', () => {
  expect(signals.map((signal) => signal.id)).toEqual([...signalIds])
  for (const { title, meaning } of signals) {
    for (const words of [title, meaning]) {
      expect(words.en).toMatch(/^[A-Z][^\u3040-\u30ff]+$/)
      expect(words.ja).toMatch(/[\u3040-\u30ff\u3400-\u9fff]/)
    }
  }
})
