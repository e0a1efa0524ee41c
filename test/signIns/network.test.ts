import fc from 'fast-check'
import { networkOf, siteFinder } from '../../shared/signIns/network'

const siteOf = siteFinder([
  { cidr: '203.0.113.0/24', name: 'Head office' },
  { cidr: '203.0.113.128/25', name: 'Lab' },
  { cidr: '2001:db8::/32', name: 'Data centre' },
  { cidr: '2001:DB8:1::/48', name: 'Rack one' },
  { cidr: '0.0.0.0/0', name: 'Anywhere' },
])

test.each([
  ['203.0.113.5', 'Head office'],
  ['203.0.113.130', 'Lab'],
  ['203.0.114.1', 'Anywhere'],
  ['2001:db8:2::1', 'Data centre'],
  ['2001:db8:1:ff::1', 'Rack one'],
  ['::ffff:203.0.113.5', 'Head office'],
  ['2001:dead::1', undefined],
  ['not an address', undefined],
  ['', undefined],
])('siteFinder: the site of %s is the narrowest network around it', (ipAddress, name) => {
  expect(siteOf(ipAddress)).toBe(name)
  expect(siteOf(ipAddress)).toBe(name)
})

test('siteFinder: a network that is not in CIDR form is named by its place', () => {
  expect(() =>
    siteFinder([
      { cidr: '10.0.0.0/8', name: 'a' },
      { cidr: '10.0.0.0', name: 'b' },
    ]),
  ).toThrow(/site 2 .* CIDR/)
})

test('siteFinder: every IPv4 address of a network is found and its neighbours are not', () => {
  fc.assert(
    fc.property(fc.nat({ max: 255 }), fc.integer({ min: 25, max: 32 }), (host, prefix) => {
      const size = 2 ** (32 - prefix)
      const base = host - (host % size)
      const find = siteFinder([{ cidr: `198.51.100.${base}/${prefix}`, name: 'here' }])
      expect(find(`198.51.100.${host}`)).toBe('here')
      expect(find(`198.51.101.${host}`)).toBeUndefined()
      if (base + size <= 255) expect(find(`198.51.100.${base + size}`)).toBeUndefined()
    }),
  )
})

const named = [
  { networkType: 'extranet', networkNames: [] },
  { networkType: 'trustedNamedLocation', networkNames: ['Osaka', 'Japan'] },
]

test.each([
  ['its site first', { ipAddress: '203.0.113.5', networkLocationDetails: named, autonomousSystemNumber: 8075 }, 'Head office'],
  ['then its named location', { ipAddress: '2001:dead::1', networkLocationDetails: named, autonomousSystemNumber: 8075 }, 'Osaka'],
  ['then its autonomous system', { ipAddress: '2001:dead::1', autonomousSystemNumber: 8075 }, 'AS8075'],
  ['unknown for the reserved number 0', { autonomousSystemNumber: 0 }, 'unknown'],
  ['unknown where the row says nothing', {}, 'unknown'],
])('networkOf: a network is called by %s', (_, signIn, name) => {
  expect(networkOf(signIn, siteOf)).toBe(name)
})
