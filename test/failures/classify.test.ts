import fc from 'fast-check'
import { codeRows, familyOf } from '../../shared/failures/catalogue'
import { type Example, type FamilyId, outcomes, signalIds, signalOf } from '../../shared/failures/catalogueTypes'
import { classify } from '../../shared/failures/classify'
import { exampleOwnTenantId } from '../../shared/failures/defineFamily'
import { knownTenants } from '../../shared/failures/knownTenants'
import { streamIds } from '../../shared/signIns/streams'

const tenants = knownTenants([], exampleOwnTenantId)
const explain = ({ stream, ...signIn }: Example) => classify(signIn, { stream, tenants })

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
const azurePortal = 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c'

test.each<[string, Example, string, string | undefined, number]>([
  ['code 0 is a success without a class', { status: { errorCode: 0 } }, 'success', undefined, 0],
  ['code 0 is a success even under a tenant restriction', { status: { errorCode: 0 }, isTenantRestricted: true }, 'success', undefined, 0],
  ['an unknown code is other.unknown-code', { status: { errorCode: 987654 } }, 'failure', 'other.unknown-code', 987654],
  ['a missing status is other.no-code', {}, 'failure', 'other.no-code', -1],
  ['a missing code is other.no-code, whatever the text', { status: { failureReason: 'AADSTS500021' } }, 'failure', 'other.no-code', -1],
  ['a fraction is no code', { status: { errorCode: 50126.5 } }, 'failure', 'other.no-code', -1],
  ['a fault of Entra is a serviceFault', { status: { errorCode: 90033 } }, 'serviceFault', 'service.transient', 90033],
  [
    'the number decides, not the sentence',
    { status: { errorCode: 5000222, failureReason: "Access to 'x' tenant is denied." } },
    'failure',
    'wrong-cloud.retired-cloud',
    5000222,
  ],
])('classify: %s', (_, example, outcome, failureClass, errorCode) => {
  expect(explain(example)).toMatchObject({ outcome, errorCode })
  expect(explain(example).failureClass).toBe(failureClass)
})

const mfa = { errorCode: 50076 }

test.each<[string, Example, 'interrupt' | 'failure']>([
  ['a person at an interactive sign-in can answer', { status: mfa, stream: 'interactiveUser' }, 'interrupt'],
  ['a person at Azure CLI can answer', { status: mfa, stream: 'interactiveUser', appId: azureCli }, 'interrupt'],
  ['a silent renewal of another app goes on interactively', { status: mfa, stream: 'nonInteractiveUser', appId: azurePortal }, 'interrupt'],
  ['a device code is entered by a person', { status: mfa, stream: 'interactiveUser', authenticationProtocol: ['deviceCode'] }, 'interrupt'],
  ['a row of unknown stream and interactivity is left alone', { status: mfa, appId: azureCli }, 'interrupt'],
  ['an interactive row of unknown stream is left alone', { status: mfa, appId: azureCli, isInteractive: true }, 'interrupt'],
  ['Azure CLI without a person cannot answer', { status: mfa, stream: 'nonInteractiveUser', appId: azureCli }, 'failure'],
  ['app ids compare in any casing', { status: mfa, stream: 'nonInteractiveUser', appId: azureCli.toUpperCase() }, 'failure'],
  [
    'Azure PowerShell without a person cannot answer',
    { status: mfa, stream: 'nonInteractiveUser', appId: '1950a258-227b-4e31-a9cf-717495945fc2' },
    'failure',
  ],
  [
    'Microsoft Graph tools without a person cannot answer',
    { status: mfa, stream: 'nonInteractiveUser', appId: '14d82eec-204b-4c2f-b7e8-296a70dab67e' },
    'failure',
  ],
  [
    'Azure AD PowerShell without a person cannot answer',
    { status: mfa, stream: 'nonInteractiveUser', appId: '1b730954-1685-4b74-9bfd-dac224a7b894' },
    'failure',
  ],
  ['the stream comes from the event types', { status: mfa, signInEventTypes: ['nonInteractiveUser'], appId: azureCli }, 'failure'],
  [
    'the stream that was read wins over the event types',
    { status: mfa, signInEventTypes: ['nonInteractiveUser'], appId: azureCli, stream: 'interactiveUser' },
    'interrupt',
  ],
  ['without a stream the flag of the row counts', { status: mfa, isInteractive: false, appId: azureCli }, 'failure'],
  ['a password grant has no room for a prompt', { status: mfa, stream: 'interactiveUser', authenticationProtocol: ['ropc'] }, 'failure'],
  ['flags compare in any casing', { status: mfa, authenticationProtocol: ['oAuth2', 'ROPC'] }, 'failure'],
  ['a service principal cannot answer', { status: mfa, stream: 'servicePrincipal' }, 'failure'],
  ['a managed identity cannot answer', { status: mfa, signInEventTypes: ['managedIdentity'] }, 'failure'],
  ['consent needs a person', { status: { errorCode: 65001 }, stream: 'servicePrincipal' }, 'failure'],
  ['an expired password needs a person', { status: { errorCode: 50055 }, authenticationProtocol: ['ropc'] }, 'failure'],
  ['sign-in frequency needs a person', { status: { errorCode: 70043 }, stream: 'nonInteractiveUser', appId: azureCli }, 'failure'],
  ['the account state needs a person', { status: { errorCode: 50015 }, stream: 'servicePrincipal' }, 'failure'],
  ['a step of a session is never a failure', { status: { errorCode: 50058 }, stream: 'servicePrincipal' }, 'interrupt'],
  [
    'a pending device code is never a failure',
    { status: { errorCode: 70016 }, stream: 'nonInteractiveUser', appId: azureCli },
    'interrupt',
  ],
  ['a prompt for the device is never a failure', { status: { errorCode: 50097 }, authenticationProtocol: ['ropc'] }, 'interrupt'],
  [
    'seamless single sign-on falling back is never a failure',
    { status: { errorCode: 81010 }, authenticationProtocol: ['ropc'] },
    'interrupt',
  ],
])('interrupts: %s', (_, example, outcome) => expect(explain(example).outcome).toBe(outcome))

test('interrupts: in a stream without persons those of five families become failures, and no other code changes its outcome', () => {
  const needsPerson: FamilyId[] = ['mfa', 'consent', 'credential', 'account-state', 'conditional-access']
  for (const { code, outcome, family } of codeRows.values()) {
    const expected = outcome === 'interrupt' && needsPerson.includes(family) ? 'failure' : outcome
    expect([code, explain({ status: { errorCode: code }, stream: 'servicePrincipal' }).outcome]).toEqual([code, expected])
    expect([code, explain({ status: { errorCode: code }, stream: 'interactiveUser' }).outcome]).toEqual([code, outcome])
  }
})

test('classify: equal answers are one object, and differing signals are another', () => {
  const first = explain({ status: { errorCode: 50126 }, isTenantRestricted: false })
  expect(explain({ status: { errorCode: 50126 }, isTenantRestricted: false })).toBe(first)
  expect(explain({ status: { errorCode: 50126 }, isTenantRestricted: true })).not.toBe(first)
  expect(explain({ status: { errorCode: 50056 }, isTenantRestricted: false })).not.toBe(first)
})

test('classify: codes that nobody knows keep their number, however many there are', () => {
  for (let code = 8_000_000; code < 8_003_000; code++) expect(explain({ status: { errorCode: code } }).errorCode).toBe(code)
  expect(explain({ status: { errorCode: 8_000_000 } }).failureClass).toBe('other.unknown-code')
})

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('{PII Removed}@x.example', 'none', 'unknownFutureValue', '00000000-0000-0000-0000-000000000000', azureCli),
)
const flags = fc.array(fc.oneof(fc.string(), fc.constantFrom('none', 'ropc', 'deviceCode', 'passthrough')), { maxLength: 3 })
const code = fc.oneof(fc.constantFrom(...codeRows.keys()), fc.integer(), fc.double())
const anySignIn: fc.Arbitrary<Example> = fc.record(
  {
    status: fc.record({ errorCode: code, failureReason: text, additionalDetails: text }, { requiredKeys: [] }),
    stream: fc.constantFrom(...streamIds),
    appId: text,
    resourceId: text,
    resourceDisplayName: text,
    resourceTenantId: text,
    homeTenantId: text,
    userId: text,
    userPrincipalName: text,
    userDisplayName: text,
    userType: text,
    clientAppUsed: text,
    tokenIssuerType: text,
    incomingTokenType: text,
    clientCredentialType: text,
    authenticationProtocol: flags,
    crossTenantAccessType: flags,
    signInEventTypes: flags,
    isInteractive: fc.boolean(),
    isTenantRestricted: fc.boolean(),
    isThroughGlobalSecureAccess: fc.boolean(),
    deviceDetail: fc.record({ deviceId: text }, { requiredKeys: [] }),
    authenticationProcessingDetails: fc.array(fc.record({ key: fc.oneof(text, fc.constant('Legacy TLS')), value: text }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
)

test('classify: every sign-in has one consistent answer and none throws', () => {
  fc.assert(
    fc.property(anySignIn, (example) => {
      const { outcome, family, failureClass, errorCode, signals } = explain(example)
      expect(outcomes).toContain(outcome)
      expect(outcome === 'success').toBe(failureClass === undefined)
      expect(failureClass === undefined).toBe(family === undefined)
      if (family !== undefined) expect(failureClass?.startsWith(`${familyOf(family).id}.`)).toBe(true)
      expect(Number.isSafeInteger(errorCode) && errorCode >= -1).toBe(true)
      expect(signals.isTrue & ~signals.known).toBe(0)
      for (const id of signalIds) expect([true, false, 'unknown']).toContain(signalOf(signals, id))
    }),
    { numRuns: 500 },
  )
})

test('classify: the answer depends on nothing but the sign-in and the context', () => {
  fc.assert(
    fc.property(anySignIn, anySignIn, (one, other) => {
      const before = structuredClone(explain(one))
      explain(other)
      expect(explain(one)).toEqual(before)
    }),
  )
})
