import { checkedLookup, type Resolve } from '../../shared/notify/checkedLookup'
import { isLoopback, isPublicAddress } from '../../shared/notify/publicAddress'

test.each([
  ['8.8.8.8', true],
  ['20.190.128.1', true],
  ['2603:1006:2000::1', true],
  ['::ffff:8.8.8.8', true],
  ['64:ff9b::808:808', true],
  ['10.0.0.1', false],
  ['172.16.5.4', false],
  ['192.168.1.1', false],
  ['127.0.0.1', false],
  ['127.8.8.8', false],
  ['169.254.169.254', false],
  ['168.63.129.16', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['192.0.2.1', false],
  ['::', false],
  ['::1', false],
  ['fe80::1', false],
  ['fc00::1', false],
  ['fd12:3456::1', false],
  ['fec0::1', false],
  ['ff02::1', false],
  ['::ffff:10.0.0.1', false],
  ['::ffff:169.254.169.254', false],
  ['64:ff9b::a00:1', false],
  ['64:ff9b::a9fe:a9fe', false],
  ['2002:a00:1::', false],
  ['2001:db8::1', false],
  ['localhost', false],
  ['', false],
  ['010.0.0.1', false],
])('isPublicAddress: %s is %p', (address, isPublic) => expect(isPublicAddress(address)).toBe(isPublic))

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', false],
  ['10.0.0.1', false],
])('isLoopback: %s is %p', (host, loopback) => expect(isLoopback(host)).toBe(loopback))

type Answer = { error: unknown; address: unknown }

const lookUp = (name: string, resolve: Resolve, options: object = { all: true }, privateHosts: string[] = []): Promise<Answer> =>
  new Promise((done) => checkedLookup(privateHosts, resolve)(name, options, (error, address) => done({ error, address })))

const answering =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test('checkedLookup: hands out the addresses that it has checked', async () => {
  expect(await lookUp('a.example', answering('8.8.8.8', '2603:1006:2000::1'))).toEqual({
    error: null,
    address: [
      { address: '8.8.8.8', family: 4 },
      { address: '2603:1006:2000::1', family: 6 },
    ],
  })
  expect(await lookUp('a.example', answering('8.8.8.8'), {})).toEqual({ error: null, address: '8.8.8.8' })
  expect(await lookUp('a.example', answering('8.8.8.8', '2603:1006:2000::1'), { all: true, family: 6 })).toMatchObject({
    address: [{ family: 6 }],
  })
})

test.each([
  ['a private address', answering('10.0.0.1')],
  ['one private address among public ones', answering('8.8.8.8', '10.0.0.1')],
  ['loopback', answering('127.0.0.1')],
  ['the metadata address', answering('169.254.169.254')],
  ['no address', answering()],
  ['an error', async () => Promise.reject(new Error('ENOTFOUND secret-host.example'))],
] as [string, Resolve][])('checkedLookup: a name with %s is refused by an error that does not name it', async (_, resolve) => {
  for (const options of [{ all: true }, {}]) {
    const { error } = await lookUp('secret-host.example', resolve, options)
    expect(error).toMatchObject({ code: 'delivery-refused' })
    expect((error as Error).message).not.toContain('secret-host')
  }
})

test('checkedLookup: a host that may be private is handed out, and no other one', async () => {
  expect(await lookUp('Hooks.corp.example', answering('10.0.0.1'), { all: true }, ['hooks.corp.example'])).toMatchObject({ error: null })
  expect(await lookUp('evil.corp.example', answering('10.0.0.1'), { all: true }, ['hooks.corp.example'])).toMatchObject({
    error: { code: 'delivery-refused' },
  })
})

test('checkedLookup: a name is asked once for each connection, so that a second answer is never connected to unchecked', async () => {
  const answers = ['8.8.8.8', '10.0.0.1']
  const rebinding: Resolve = async () => [{ address: answers.shift() ?? '', family: 4 }]
  expect(await lookUp('a.example', rebinding, {})).toEqual({ error: null, address: '8.8.8.8' })
  expect(answers).toHaveLength(1)
  expect(await lookUp('a.example', rebinding, {})).toMatchObject({ error: { code: 'delivery-refused' } })
})
