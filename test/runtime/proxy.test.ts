import { hasProxy, noProxyWithLocal, proxyProblem } from '../../shared/runtime/proxy'

test.each`
  environment                                                          | proxied
  ${{}}                                                                | ${false}
  ${{ HTTPS_PROXY: '' }}                                               | ${false}
  ${{ HTTP_PROXY: 'http://proxy.example.com' }}                        | ${false}
  ${{ HTTPS_PROXY: 'http://proxy.example.com:3128' }}                  | ${true}
  ${{ https_proxy: 'http://proxy.example.com:3128' }}                  | ${true}
  ${{ HTTPS_PROXY: '', https_proxy: 'http://proxy.example.com:3128' }} | ${true}
`('hasProxy: $environment is $proxied', ({ environment, proxied }) => {
  expect(hasProxy(environment)).toBe(proxied)
})

test.each`
  proxy                                     | wrong
  ${''}                                     | ${false}
  ${'http://proxy.example.com:3128'}        | ${false}
  ${'https://user:word@proxy.example.com'}  | ${false}
  ${'proxy.example.com:3128'}               | ${true}
  ${'proxy'}                                | ${true}
  ${'socks5://user:word@proxy.example.com'} | ${true}
`('proxyProblem: "$proxy" is wrong: $wrong', ({ proxy, wrong }) => {
  const problem = proxyProblem({ HTTPS_PROXY: proxy })
  expect(problem !== undefined).toBe(wrong)
  expect(problem ?? '').not.toContain('word')
})

test('noProxyWithLocal: what was given stays, and what only this computer can reach is added once', () => {
  const hosts = noProxyWithLocal({ NO_PROXY: ' .example.com, 127.0.0.1,', IDENTITY_ENDPOINT: 'http://169.254.129.2:8081/msi/token' }).split(
    ',',
  )
  expect(hosts.slice(0, 2)).toEqual(['.example.com', '127.0.0.1'])
  expect(hosts).toEqual(expect.arrayContaining(['localhost', '[::1]', '169.254.169.254', '169.254.129.2']))
  expect(new Set(hosts).size).toBe(hosts.length)
})

test('noProxyWithLocal: an identity endpoint that is no address adds nothing', () => {
  expect(noProxyWithLocal({ IDENTITY_ENDPOINT: 'nonsense' })).toBe(noProxyWithLocal({}))
})
