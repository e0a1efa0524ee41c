import type { TokenCredential } from '@azure/identity'
import { createAccessTokenHolder } from '../../shared/graph/accessToken'
import { createGraphClient } from '../../shared/graph/graphClient'
import { parseGraphRoot } from '../../shared/graph/graphRoot'
import { createRateBudget } from '../../shared/graph/rateBudget'
import { createSignInSource } from '../../shared/graph/signInSource'
import { hour, minute } from '../../shared/signIns/instant'

const start = 1_767_225_600_000
const never = new AbortController().signal
const scope = 'https://graph.microsoft.com/.default'

/** A credential whose tokens are numbered and last an hour. */
function numberedTokens() {
  const time = { now: start }
  let tokens = 0
  const getToken = jest.fn(async () => {
    tokens += 1
    return { token: `t${tokens}`, expiresOnTimestamp: time.now + hour }
  })
  const credential: TokenCredential = { getToken }
  return { time, getToken, credential, clock: () => time.now }
}

const holderOf = (credential: TokenCredential, clock = () => start, timeoutMs = 10_000) =>
  createAccessTokenHolder({ credential, scope, clock, timeoutMs })

describe('createAccessTokenHolder', () => {
  test('current: one token serves all until shortly before its end', async () => {
    const { time, getToken, credential, clock } = numberedTokens()
    const holder = holderOf(credential, clock)
    expect(await Promise.all([holder.current(never), holder.current(never)])).toEqual(['t1', 't1'])
    expect(getToken).toHaveBeenCalledWith(scope, expect.anything())
    time.now += hour - 3 * minute
    expect(await holder.current(never)).toBe('t1')
    time.now += minute
    expect(await holder.current(never)).toBe('t2')
  })

  test('refuse: a token that Graph does not accept is replaced, the one after it is not', async () => {
    const { credential, clock } = numberedTokens()
    const holder = holderOf(credential, clock)
    await holder.current(never)
    holder.refuse('t1')
    expect(await holder.current(never)).toBe('t2')
    holder.refuse('t1')
    expect(await holder.current(never)).toBe('t2')
  })

  test.each`
    story                          | getToken                                                                                                                                             | said
    ${'a credential that throws'}  | ${async () => Promise.reject(Object.assign(new Error('AADSTS50034: The user someone@example.org does not exist'), { name: 'AuthenticationError' }))} | ${'AuthenticationError, AADSTS50034'}
    ${'a credential without one'}  | ${async () => null}                                                                                                                                  | ${'RangeError'}
    ${'a credential that hangs'}   | ${() => new Promise(() => undefined)}                                                                                                                | ${'TimeoutError'}
    ${'a credential that rejects'} | ${async () => Promise.reject('someone@example.org')}                                                                                                 | ${'unknown error'}
  `('current: $story is an authError that names nobody', async ({ getToken, said }) => {
    const error: Error = await holderOf({ getToken }, undefined, 20)
      .current(never)
      .then(
        () => new Error('a token'),
        (thrown) => thrown,
      )
    expect(error).toMatchObject({ code: 'graph-read-failed', reason: 'authError', status: 0, cause: undefined })
    expect(error.message).toContain(`(${said})`)
    expect(error.message).not.toContain('someone')
  })

  const tokenOf = (claims: object) => `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`

  test.each`
    story                        | token                                  | tenantId     | isSent
    ${'of the tenant'}           | ${tokenOf({ tid: 'AB-1' })}            | ${'ab-1'}    | ${true}
    ${'that is not to be read'}  | ${'opaque'}                            | ${'ab-1'}    | ${true}
    ${'that names no tenant'}    | ${tokenOf({ oid: 'object' })}          | ${'ab-1'}    | ${true}
    ${'where any tenant serves'} | ${tokenOf({ tid: 'cd-2' })}            | ${undefined} | ${true}
    ${'of another tenant'}       | ${tokenOf({ tid: 'cd-2', upn: 'me' })} | ${'ab-1'}    | ${false}
  `('current: whether a token $story is sent is $isSent', async ({ token, tenantId, isSent }) => {
    const credential: TokenCredential = { getToken: async () => ({ token, expiresOnTimestamp: start + hour }) }
    const holder = createAccessTokenHolder({ credential, scope, clock: () => start, timeoutMs: 10_000, tenantId })
    if (isSent) return expect(await holder.current(never)).toBe(token)
    for (const _attempt of ['first', 'second']) {
      const error: Error = await holder.current(never).then(
        () => new Error('a token'),
        (thrown) => thrown,
      )
      expect(error).toMatchObject({ code: 'graph-read-failed', reason: 'authError', status: 0 })
      expect(error.message).toMatch(/another tenant than TENANT_ID/)
      expect(error.message).not.toContain('cd-2')
    }
  })

  test('current: a failed attempt is not remembered', async () => {
    const { credential, getToken } = numberedTokens()
    getToken.mockRejectedValueOnce(new Error('not yet'))
    const holder = holderOf(credential)
    await expect(holder.current(never)).rejects.toMatchObject({ reason: 'authError' })
    expect(await holder.current(never)).toBe('t1')
  })

  test('current: one who is aborted leaves, and the others get the token', async () => {
    const stop = new AbortController()
    let give = (_token: { token: string; expiresOnTimestamp: number }) => {}
    const holder = holderOf({ getToken: () => new Promise((resolve) => (give = resolve)) })
    const leaving = holder.current(stop.signal)
    const staying = holder.current(never)
    stop.abort(new Error('enough'))
    await expect(leaving).rejects.toThrow('enough')
    give({ token: 't', expiresOnTimestamp: start + hour })
    expect(await staying).toBe('t')
  })
})

describe('createSignInSource over https', () => {
  async function read(credential: TokenCredential, ...answers: (Response | Error)[]) {
    const requests: { url: string; init: RequestInit }[] = []
    const clock = () => start
    const sleep = async () => undefined
    const source = createSignInSource({
      root: 'https://graph.microsoft.com',
      credential,
      scope,
      budget: createRateBudget({ requestsMax: 50, clock, sleep }),
      clock,
      sleep,
      pageSize: 1_000,
      requestTimeoutMs: 10_000,
      retriesMax: 3,
      pagesMax: 9,
      pageBytesMax: 10_000,
      fetch: async (url, init) => {
        const answer = answers[requests.length] ?? new Response('{"value":[]}')
        requests.push({ url, init })
        if (answer instanceof Error) throw answer
        return answer
      },
    })
    let error: unknown
    try {
      for await (const _ of source.read({ stream: 'interactiveUser', from: start, to: start + minute }, never, () => undefined));
    } catch (thrown) {
      error = thrown
    }
    return { requests, error, tokens: requests.map(({ init }) => new Headers(init.headers).get('authorization')) }
  }

  const pageWith = (link: string) => new Response(JSON.stringify({ value: [], '@odata.nextLink': link }))

  test('read: the token goes to every page of Graph, and redirects are not followed', async () => {
    const { requests, tokens } = await read(
      numberedTokens().credential,
      pageWith('https://graph.microsoft.com/beta/auditLogs/signIns?$skiptoken=1'),
    )
    expect(requests.map(({ url }) => url.split('?')[0])).toEqual(Array(2).fill('https://graph.microsoft.com/beta/auditLogs/signIns'))
    expect(tokens).toEqual(['Bearer t1', 'Bearer t1'])
    expect(requests.map(({ init }) => init.redirect)).toEqual(['manual', 'manual'])
  })

  test('read: the token goes nowhere else', async () => {
    for (const link of [
      'http://graph.microsoft.com/x',
      'https://graph.microsoft.com.example.org/x',
      'https://graph.microsoft.com@example.org/x',
    ]) {
      const { requests, error } = await read(numberedTokens().credential, pageWith(link))
      expect(error).toMatchObject({ reason: 'serverError' })
      expect(requests).toHaveLength(1)
    }
  })

  test('createGraphClient: the token stays here even when a request is led elsewhere', async () => {
    const clock = () => start
    const authorizations: (string | null)[] = []
    const ask = createGraphClient({
      root: parseGraphRoot('https://graph.microsoft.com'),
      tokens: holderOf(numberedTokens().credential),
      budget: createRateBudget({ clock, sleep: async () => undefined }),
      clock,
      elapsed: clock,
      fetch: async (_url, init) => {
        authorizations.push(new Headers(init.headers).get('authorization'))
        return new Response('')
      },
      slotWaitMaxMs: 1,
      requestTimeoutMs: 10_000,
      bytesMax: 1,
    })
    for (const link of [undefined, 'https://example.org/beta', 'http://graph.microsoft.com/beta']) {
      await ask({ filter: '', rowsMax: 1, link, receive: () => undefined }, never)
    }
    expect(authorizations).toEqual(['Bearer t1', null, null])
  })

  test('read: after a 401 the same page is asked for with a new token, once', async () => {
    const refused = () => new Response('{"error":{"code":"InvalidAuthenticationToken"}}', { status: 401 })
    const mended = await read(numberedTokens().credential, refused())
    expect([mended.tokens, mended.error]).toEqual([['Bearer t1', 'Bearer t2'], undefined])
    const lasting = await read(numberedTokens().credential, refused(), refused(), refused())
    expect(lasting.tokens).toEqual(['Bearer t1', 'Bearer t2'])
    expect(lasting.error).toMatchObject({ reason: 'authError', status: 401 })
    expect(String(lasting.error)).not.toMatch(/t1|t2|Bearer/)
  })

  test('read: without a token nothing is sent', async () => {
    const { requests, error } = await read({ getToken: async () => null })
    expect(error).toMatchObject({ reason: 'authError', status: 0 })
    expect(requests).toEqual([])
  })

  test.each`
    code                                   | message                           | requests | said
    ${'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'} | ${'unable to get local issuer'}   | ${1}     | ${'NODE_EXTRA_CA_CERTS'}
    ${'UND_ERR_ABORTED'}                   | ${'Proxy response (407) !== 200'} | ${4}     | ${'HTTPS_PROXY'}
    ${'ENOTFOUND'}                         | ${'getaddrinfo ENOTFOUND'}        | ${4}     | ${'connection'}
  `('read: a connection that fails with $code says what to look at', async ({ code, message, requests, said }) => {
    const failure = () => new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
    const outcome = await read(numberedTokens().credential, failure(), failure(), failure(), failure(), failure())
    expect(outcome.error).toMatchObject({ reason: 'network', status: 0, message: expect.stringContaining(said) })
    expect(outcome.requests).toHaveLength(requests)
  })
})
