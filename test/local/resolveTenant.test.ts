import { resolveTenant } from '../../local/resolveTenant'

const id = '11111111-2222-4333-8444-55555555aaaa'
const authority = 'https://login.example'
const document = (issuer: unknown): string => JSON.stringify({ issuer })

describe('resolveTenant', () => {
  test('resolveTenant: an id stands for itself and nothing is asked', async () => {
    const fetchText = jest.fn()
    expect(await resolveTenant(` ${id.toUpperCase()} `, authority, fetchText)).toBe(id)
    expect(fetchText).not.toHaveBeenCalled()
  })

  test('resolveTenant: a domain is looked up in the OpenID configuration of the cloud', async () => {
    const fetchText = jest.fn().mockResolvedValue({ status: 200, text: document(`https://login.example/${id}/v2.0`) })
    expect(await resolveTenant('Contoso.example', authority, fetchText)).toBe(id)
    expect(fetchText.mock.calls).toEqual([['https://login.example/contoso.example/v2.0/.well-known/openid-configuration']])
  })

  test.each([
    'common',
    'organizations',
    'a b.example',
    'contoso.example/x',
    '../contoso.example',
    `${id}0`,
    'x@contoso.example',
    '',
    '.example',
    'a..example',
    '-a.example',
  ])('resolveTenant: "%s" is neither an id nor a domain, and nothing is asked', async (tenant) => {
    const fetchText = jest.fn()
    await expect(resolveTenant(tenant, authority, fetchText)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('is no tenant'),
    })
    expect(fetchText).not.toHaveBeenCalled()
  })

  test.each`
    story                      | answer                                                        | code                   | message
    ${'no tenant has it'}      | ${{ status: 400, text: '{"error":"invalid_tenant"}' }}        | ${'usage'}             | ${'No tenant has the domain contoso.example.'}
    ${'it is not found'}       | ${{ status: 404, text: '' }}                                  | ${'usage'}             | ${'No tenant has the domain contoso.example.'}
    ${'the host has a fault'}  | ${{ status: 503, text: '<html>' }}                            | ${'graph-read-failed'} | ${'did not say which tenant has the domain contoso.example (status 503)'}
    ${'the answer is HTML'}    | ${{ status: 200, text: '<html>sign in to the proxy</html>' }} | ${'graph-read-failed'} | ${'(status 200)'}
    ${'there is no issuer'}    | ${{ status: 200, text: '{}' }}                                | ${'graph-read-failed'} | ${'(status 200)'}
    ${'the issuer is no text'} | ${{ status: 200, text: document(7) }}                         | ${'graph-read-failed'} | ${'(status 200)'}
    ${'the issuer has no id'}  | ${{ status: 200, text: document('https://login.example/x') }} | ${'graph-read-failed'} | ${'(status 200)'}
  `('resolveTenant: where $story it says so', async ({ answer, code, message }) => {
    const failed = resolveTenant('contoso.example', authority, () => Promise.resolve(answer))
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  test('resolveTenant: where the host cannot be reached it says the innermost reason', async () => {
    const fetchText = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND login.example') }))
    await expect(resolveTenant('contoso.example', authority, fetchText)).rejects.toMatchObject({
      code: 'graph-read-failed',
      message: expect.stringContaining('login.example cannot be reached (getaddrinfo ENOTFOUND login.example). Try again'),
    })
  })
})
