import { knownTenants } from '../../shared/failures/knownTenants'
import {
  failedControl,
  isAppOfAnotherTenant,
  isPersons,
  isPhoneElsewhere,
  isTransferred,
  lostDeviceOnNamedNetwork,
  namesTwoClouds,
  nobodyCanAnswer,
  saysWhy,
} from '../../shared/failures/rowSigns'
import type { SignIn } from '../../shared/signIns/signIn'
import type { StreamId } from '../../shared/signIns/streams'

const policies = (result: string, ...enforcedGrantControls: readonly string[]): SignIn => ({
  appliedConditionalAccessPolicies: [{ result, enforcedGrantControls }],
})

test.each<[string, SignIn, string | undefined]>([
  ['a policy that blocks', policies('failure', 'Block'), 'block'],
  ['a block beside other controls', policies('failure', 'Mfa', 'CompliantDevice', 'block'), 'block'],
  ['a compliant device before a second factor', policies('failure', 'Mfa', 'RequireCompliantDevice'), 'device'],
  ['a hybrid joined device', policies('failure', 'RequireHybridAzureADJoinedDevice'), 'device'],
  ['an approved app', policies('failure', 'ApprovedApplication'), 'app'],
  ['terms of use', policies('failure', 'Terms of use'), 'terms-of-use'],
  ['a second factor', policies('failure', 'Mfa'), 'multifactor'],
  ['a long authentication strength', policies('failure', `Authentication strength - ${'x'.repeat(200)}`), 'multifactor'],
  ['a policy that was met', policies('success', 'Block'), undefined],
  ['a policy that only reports', policies('reportOnlyFailure', 'Block'), undefined],
  ['a control that nobody knows', policies('failure', 'Sing a song'), undefined],
  ['a row without policies', {}, undefined],
])('failedControl: %s', (_, signIn, control) => expect(failedControl(signIn)).toBe(control))

const office = [{ networkNames: ['Head office'] }]

test.each<[string, SignIn, boolean]>([
  ['a desktop without an id', { deviceDetail: { operatingSystem: 'Windows 11' }, networkLocationDetails: office }, true],
  ['a desktop with an id', { deviceDetail: { operatingSystem: 'Windows 11', deviceId: 'd' }, networkLocationDetails: office }, false],
  ['a phone', { deviceDetail: { operatingSystem: 'Android' }, networkLocationDetails: office }, false],
  ['a network without a name', { deviceDetail: { operatingSystem: 'Windows 11' }, networkLocationDetails: [{ networkNames: [] }] }, false],
  ['a row that does not name networks', { deviceDetail: { operatingSystem: 'Windows 11' } }, false],
  ['a row without a device', { networkLocationDetails: office }, false],
])('lostDeviceOnNamedNetwork: %s', (_, signIn, lost) => expect(lostDeviceOnNamedNetwork(signIn)).toBe(lost))

test.each<[string, SignIn, boolean]>([
  ['two clouds', { userPrincipalName: 'a@b.onmicrosoft.us', resourceDisplayName: 'https://graph.microsoft.com' }, true],
  ['one cloud, twice', { userPrincipalName: 'a@b.onmicrosoft.us', resourceDisplayName: 'https://graph.microsoft.us' }, false],
  ['one cloud', { userPrincipalName: 'a@b.onmicrosoft.com' }, false],
  ['a domain of its own', { userPrincipalName: 'a@contoso.example' }, false],
  ['a look-alike', { userPrincipalName: 'a@b.onmicrosoft.com', resourceDisplayName: 'graph-microsoft-us.example' }, false],
])('namesTwoClouds: %s', (_, signIn, two) => expect(namesTwoClouds(signIn)).toBe(two))

test('saysWhy: it looks at the reason and at the details of the status, and nowhere else', () => {
  expect(saysWhy({ status: { failureReason: 'malicious' } }, /malicious/)).toBe(true)
  expect(saysWhy({ status: { additionalDetails: 'malicious' } }, /malicious/)).toBe(true)
  expect(saysWhy({ status: {}, userAgent: 'malicious' }, /malicious/)).toBe(false)
  expect(saysWhy({}, /malicious/)).toBe(false)
})

test('nobodyCanAnswer: an application, a password grant and a script cannot; a person at a tool can', () => {
  const tool = { appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46' }
  expect(nobodyCanAnswer({}, 'managedIdentity')).toBe(true)
  expect(nobodyCanAnswer({ authenticationProtocol: ['ropc'] }, 'interactiveUser')).toBe(true)
  expect(nobodyCanAnswer(tool, 'nonInteractiveUser')).toBe(true)
  expect(nobodyCanAnswer(tool, 'interactiveUser')).toBe(false)
  expect(nobodyCanAnswer({}, 'nonInteractiveUser')).toBe(false)
})

const ours = 'aa000000-0000-4000-8000-00000000000a'
const theirs = 'bb000000-0000-4000-8000-00000000000b'

test.each<[string, SignIn, string | undefined, boolean]>([
  ['one of another tenant', { appOwnerTenantId: theirs }, ours, true],
  ['one of ours', { appOwnerTenantId: ours }, ours, false],
  ['one of ours in capitals', { appOwnerTenantId: ours.toUpperCase() }, ours, false],
  ['one whose tenant is empty', { appOwnerTenantId: '' }, ours, false],
  ['one whose tenant the row does not say', {}, ours, false],
  ['one of some tenant where ours is not known', { appOwnerTenantId: theirs }, undefined, false],
])('isAppOfAnotherTenant: %s', (_, signIn, own, expected) => {
  expect(isAppOfAnotherTenant(signIn, { tenants: knownTenants([], own) })).toBe(expected)
})

test.each<[StreamId | undefined, SignIn, boolean]>([
  ['interactiveUser', {}, true],
  ['nonInteractiveUser', {}, true],
  ['servicePrincipal', {}, false],
  ['managedIdentity', {}, false],
  [undefined, { signInEventTypes: ['interactiveUser'] }, true],
  [undefined, {}, false],
])('isPersons: stream %s and row %j', (stream, signIn, expected) => {
  expect(isPersons(signIn, { stream, tenants: knownTenants([]) })).toBe(expected)
})

test.each<[string, SignIn, boolean]>([
  ['a phone elsewhere', { deviceDetail: { operatingSystem: 'Ios 17.5' }, networkLocationDetails: [] }, true],
  ['a phone in the office', { deviceDetail: { operatingSystem: 'Android 14' }, networkLocationDetails: office }, false],
  ['a phone of which the row does not say the network', { deviceDetail: { operatingSystem: 'Android 14' } }, false],
  ['a desktop elsewhere', { deviceDetail: { operatingSystem: 'Windows 11' }, networkLocationDetails: [] }, false],
  ['a row without a device', { networkLocationDetails: [] }, false],
])('isPhoneElsewhere: %s', (_, signIn, expected) => expect(isPhoneElsewhere(signIn)).toBe(expected))

test.each<[string, SignIn, boolean]>([
  ['a device code', { authenticationProtocol: ['deviceCode'] }, true],
  ['authentication transfer', { authenticationProtocol: ['authenticationTransfer'] }, true],
  ['a session that a device code began', { originalTransferMethod: 'deviceCodeFlow' }, true],
  ['a session that nothing was transferred for', { authenticationProtocol: ['oAuth2'], originalTransferMethod: 'none' }, false],
  ['a method that Graph does not name', { originalTransferMethod: 'unknownFutureValue' }, false],
  ['a row that tells neither', {}, false],
])('isTransferred: %s', (_, signIn, expected) => expect(isTransferred(signIn)).toBe(expected))
