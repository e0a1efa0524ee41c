import { failedControl, lostDeviceOnNamedNetwork, namesTwoClouds, nobodyCanAnswer, saysWhy } from '../../shared/failures/rowSigns'
import type { SignIn } from '../../shared/signIns/signIn'

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
