import { parseGraphRoot } from '../../shared/graph/graphRoot'
import { createRateBudget } from '../../shared/graph/rateBudget'
import { createSignInSource } from '../../shared/graph/signInSource'

test.each`
  text                             | url                              | secure
  ${'https://graph.microsoft.com'} | ${'https://graph.microsoft.com'} | ${true}
  ${'https://Graph.Microsoft.US/'} | ${'https://graph.microsoft.us'}  | ${true}
  ${'https://example.org:443/g//'} | ${'https://example.org/g'}       | ${true}
  ${'http://127.0.0.1:4010'}       | ${'http://127.0.0.1:4010'}       | ${false}
  ${'http://127.9.9.9:4010/'}      | ${'http://127.9.9.9:4010'}       | ${false}
  ${'http://localhost:4010'}       | ${'http://localhost:4010'}       | ${false}
  ${'http://[::1]:4010'}           | ${'http://[::1]:4010'}           | ${false}
`('parseGraphRoot: $text is $url', ({ text, url, secure }) => {
  expect(parseGraphRoot(text)).toEqual({ url, secure, origin: new URL(text).origin })
})

test.each`
  text                                   | why
  ${''}                                  | ${'URL'}
  ${'graph.microsoft.com'}               | ${'URL'}
  ${'ftp://graph.microsoft.com'}         | ${'URL'}
  ${'http://graph.microsoft.com'}        | ${'loopback'}
  ${'http://127.0.0.1.example.org'}      | ${'loopback'}
  ${'http://localhost.example.org'}      | ${'loopback'}
  ${'https://graph.microsoft.com/beta'}  | ${'version'}
  ${'https://graph.microsoft.com/v1.0/'} | ${'version'}
  ${'https://user:word@example.org'}     | ${'more than'}
  ${'https://graph.microsoft.com/?x=1'}  | ${'more than'}
`('parseGraphRoot: $text is refused', ({ text, why }) => {
  expect(() => parseGraphRoot(text)).toThrow(expect.objectContaining({ code: 'setting-invalid', message: expect.stringContaining(why) }))
})

test('parseGraphRoot: a refused root is not repeated in the error', () => {
  expect(() => parseGraphRoot('https://user:word@example.org')).not.toThrow(/word|example\.org/)
})

test('createSignInSource: an https root without a credential is refused', () => {
  const clock = () => 0
  const sleep = async () => undefined
  const budget = createRateBudget({ clock, sleep })
  const bounds = { pageSize: 1, requestTimeoutMs: 1, retriesMax: 1, pagesMax: 1, pageBytesMax: 1 }
  const create = () =>
    createSignInSource({ root: 'https://graph.microsoft.com', credential: undefined, scope: 's', budget, clock, sleep, ...bounds })
  expect(create).toThrow(expect.objectContaining({ code: 'setting-invalid' }))
})
