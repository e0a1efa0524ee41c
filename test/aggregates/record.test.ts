import fc from 'fast-check'
import { facetIds } from '../../shared/aggregates/aggregate'
import { facetKey, keyLengthMax } from '../../shared/aggregates/facetKeys'
import { type RecordContext, recordOf } from '../../shared/aggregates/record'
import { userHasher } from '../../shared/aggregates/userHash'
import { signalIds } from '../../shared/failures/catalogueTypes'
import type { SignIn } from '../../shared/signIns/signIn'
import { classified } from './arbitraries'

const hashUser = userHasher('a key for tests')
const context: RecordContext = {
  stream: 'interactiveUser',
  hashUser,
  siteOf: (ip) => (ip === '192.0.2.1' ? 'Head office' : undefined),
  at: 1_000,
}
const userId = '2b0c9a1e-3f57-4f0a-9d1c-0a4c7f3c1d22'
const masked = classified({ signals: { known: 1 << signalIds.indexOf('masked'), isTrue: 1 << signalIds.indexOf('masked') } })
const notMasked = classified({ signals: { known: 1 << signalIds.indexOf('masked'), isTrue: 0 } })

test('recordOf: a full row gives every facet in one spelling', () => {
  const signIn: SignIn = {
    id: 'request',
    createdDateTime: 5,
    appId: '04B07795-8DDB-461A-BBEE-02F9E1BF7B46',
    appDisplayName: ' Azure CLI ',
    resourceId: 'AAAA',
    resourceDisplayName: 'Graph',
    resourceTenantId: 'BBBB',
    userId,
    ipAddress: '192.0.2.1',
    location: { countryOrRegion: 'jp' },
    clientAppUsed: 'mobile  apps and desktop CLIENTS',
  }
  expect(recordOf(signIn, notMasked, context)).toEqual({
    id: 'request',
    createdDateTime: 1_000,
    stream: 'interactiveUser',
    classification: notMasked,
    user: hashUser.hash(userId),
    apps: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
    resources: 'aaaa',
    resourceTenants: 'bbbb',
    clientApps: 'Mobile Apps and Desktop clients',
    countries: 'JP',
    userAgents: 'unknown',
    networks: 'Head office',
    appName: 'Azure CLI',
    resourceName: 'Graph',
  })
})

test('recordOf: an empty row is unknown everywhere and keeps nothing else', () => {
  const record = recordOf({}, notMasked, context)
  expect(facetIds.map((facet) => record[facet])).toEqual(facetIds.map(() => 'unknown'))
  expect(record).toMatchObject({ id: undefined, user: 'unknown', appName: undefined, resourceName: undefined })
})

test('recordOf: nothing that names a person, a device or an address is in the record', () => {
  const secrets = { userId, userPrincipalName: 'alice@contoso.example', userDisplayName: 'Alice Example', ipAddress: '203.0.113.77' }
  const signIn: SignIn = { ...secrets, deviceDetail: { deviceId: 'device-4711', operatingSystem: 'Windows 10', browser: 'Edge 130' } }
  const text = JSON.stringify(recordOf(signIn, notMasked, context))
  for (const secret of [...Object.values(secrets), 'device-4711']) expect(text).not.toContain(secret)
})

test.each`
  story                           | stream                  | id                                        | classification | user
  ${'an id of a user'}            | ${'interactiveUser'}    | ${userId}                                 | ${notMasked}   | ${hashUser.hash(userId)}
  ${'an id in capitals'}          | ${'nonInteractiveUser'} | ${userId.toUpperCase()}                   | ${notMasked}   | ${hashUser.hash(userId)}
  ${'a masked row'}               | ${'interactiveUser'}    | ${userId}                                 | ${masked}      | ${'unknown'}
  ${'no id'}                      | ${'interactiveUser'}    | ${undefined}                              | ${notMasked}   | ${'unknown'}
  ${'an empty id'}                | ${'nonInteractiveUser'} | ${''}                                     | ${notMasked}   | ${'unknown'}
  ${'the zero id'}                | ${'interactiveUser'}    | ${'00000000-0000-0000-0000-000000000000'} | ${notMasked}   | ${'unknown'}
  ${'an application with an id'}  | ${'servicePrincipal'}   | ${userId}                                 | ${notMasked}   | ${'none'}
  ${'an application without one'} | ${'managedIdentity'}    | ${undefined}                              | ${masked}      | ${'none'}
`('recordOf: the user of $story', ({ stream, id, classification, user }) => {
  expect(recordOf({ userId: id }, classification, { ...context, stream }).user).toBe(user)
})

test.each`
  facet           | text                | key
  ${'clientApps'} | ${'IMAP'}           | ${'IMAP4'}
  ${'clientApps'} | ${'MAPI Over HTTP'} | ${'MAPI over HTTP'}
  ${'clientApps'} | ${'Something new'}  | ${'Something new'}
  ${'clientApps'} | ${'Unknown'}        | ${'unknown'}
  ${'clientApps'} | ${'Other clients'}  | ${'Other clients'}
  ${'countries'}  | ${'Japan'}          | ${'unknown'}
  ${'countries'}  | ${''}               | ${'unknown'}
  ${'networks'}   | ${'other'}          | ${'(other)'}
  ${'apps'}       | ${'OTHER'}          | ${'(other)'}
  ${'resources'}  | ${'  '}             | ${'unknown'}
  ${'apps'}       | ${undefined}        | ${'unknown'}
`('facetKey: $text in $facet is $key', ({ facet, text, key }) => expect(facetKey(facet, text)).toBe(key))

test('facetKey: any text has a bounded key that is neither empty nor other, and its key has itself', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...facetIds),
      fc.oneof(fc.string({ maxLength: 400 }), fc.constantFrom('other', ' Other', '(other)')),
      (facet, text) => {
        const key = facetKey(facet, text)
        expect(key.length).toBeGreaterThan(0)
        expect(key.length).toBeLessThanOrEqual(keyLengthMax)
        expect(key).not.toBe('other')
      },
    ),
  )
})
