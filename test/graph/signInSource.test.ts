import { gzipSync } from 'node:zlib'
import { createRateBudget } from '../../shared/graph/rateBudget'
import { createSignInSource } from '../../shared/graph/signInSource'
import type { Log, SignInPage, SignInWindow } from '../../shared/pipelines/ports'
import { GraphReadError } from '../../shared/runtime/errors'
import { type Instant, minute, second } from '../../shared/signIns/instant'
import { type Act, answer, breakOff, type FakeGraph, graphError, page, silence, startFakeGraph } from './fakeGraph'

const from: Instant = 1_767_225_600_000
const window: SignInWindow = { stream: 'nonInteractiveUser', from, to: from + 5 * minute }
const never = new AbortController().signal
const raw = (row: unknown): unknown => row
const next = '/beta/auditLogs/signIns?$skiptoken='

let graph: FakeGraph | undefined
afterEach(async () => {
  await graph?.close()
  graph = undefined
})

type Options = Partial<Parameters<typeof createSignInSource>[0]>

function sourceOf(root: string, options: Options = {}) {
  const time = { now: from + 30 * second, waits: [] as number[], lines: [] as Parameters<Log>[] }
  const clock = () => time.now
  const sleep = async (milliseconds: number, abort: AbortSignal) => {
    abort.throwIfAborted()
    time.waits.push(milliseconds)
    time.now += milliseconds
  }
  const source = createSignInSource({
    root,
    credential: undefined,
    scope: 'scope',
    budget: createRateBudget({ clock, sleep, random: () => 0 }),
    clock,
    sleep,
    random: () => 0,
    pageSize: 1_000,
    requestTimeoutMs: 20_000,
    retriesMax: 4,
    pagesMax: 20,
    pageBytesMax: 1_000_000,
    slotWaitMaxMs: 120_000,
    log: (...line) => time.lines.push(line),
    ...options,
  })
  return { source, time }
}

async function read(acts: Act[], options: Options = {}, abort: AbortSignal = never) {
  graph = await startFakeGraph(...acts)
  const { source, time } = sourceOf(graph.root, options)
  const pages: SignInPage<unknown>[] = []
  let error: unknown
  try {
    for await (const each of source.read(window, abort, raw)) pages.push(each)
  } catch (thrown) {
    error = thrown
  }
  const ids = pages.flatMap(({ rows }) => rows.map((row) => (row as { id: string }).id))
  return { pages, ids, error, time, source, requests: graph.requests, root: graph.root }
}

describe('createSignInSource: the query', () => {
  test('read: asks beta for one stream, a second more on either side, oldest first, and for nothing else', async () => {
    const { requests } = await read([page([])])
    expect(requests.map(({ path, query }) => [path, Object.fromEntries(query)])).toEqual([
      [
        '/beta/auditLogs/signIns',
        {
          $filter:
            "createdDateTime ge 2025-12-31T23:59:59Z and createdDateTime le 2026-01-01T00:05:01Z and signInEventTypes/any(t: t eq 'nonInteractiveUser')",
          $top: '1000',
          $orderby: 'createdDateTime',
        },
      ],
    ])
  })

  test('read: bounds with fractions are widened to whole seconds', async () => {
    graph = await startFakeGraph(page([]))
    const { source } = sourceOf(graph.root)
    for await (const _ of source.read({ stream: 'managedIdentity', from: from + 1, to: from + 1_001 }, never, raw));
    expect(graph.requests[0]?.query.get('$filter')).toMatch(
      /^createdDateTime ge 2025-12-31T23:59:59Z and createdDateTime le 2026-01-01T00:00:03Z and /,
    )
  })

  test('read: every page, repeated ones too, asks for all enum members and has a request id of its own', async () => {
    const { requests } = await read([page(['a'], `${next}1`), graphError(503, 'x', ''), page(['b'], `${next}2`), page(['c'])])
    expect(requests).toHaveLength(4)
    expect(requests.map(({ headers }) => headers['prefer'])).toEqual(Array(4).fill('include-unknown-enum-members'))
    expect(new Set(requests.map(({ headers }) => headers['client-request-id'])).size).toBe(4)
  })

  test('read: over http on loopback no token is sent and none is asked for', async () => {
    const getToken = jest.fn()
    const { requests, error } = await read([graphError(401, 'x', ''), page([])], { credential: { getToken } })
    expect(error).toBeUndefined()
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
    expect(getToken).not.toHaveBeenCalled()
  })
})

describe('createSignInSource: pages', () => {
  test('read: gives the rows of every page in order, with the time of the server', async () => {
    const { pages } = await read([page(['a', 'b'], `${next}1`), page(['c'])])
    expect(pages).toEqual([
      { rows: [{ id: 'a' }, { id: 'b' }], serverTime: from + 30 * second, took: expect.any(Number) },
      { rows: [{ id: 'c' }], serverTime: from + 30 * second, took: expect.any(Number) },
    ])
  })

  test('read: says how long each answer took, without the wait for its slot and without the tries before it', async () => {
    let ticks = 0
    const time = { now: from }
    const elapsed = () => time.now
    const answers = [new Response('', { status: 503 }), new Response('{"value":[]}'), new Response('{"value":[]}')]
    const { source } = sourceOf('http://127.0.0.1:1', {
      elapsed,
      sleep: async (milliseconds) => {
        time.now += milliseconds
      },
      fetch: async () => {
        ticks += 1
        time.now += ticks * second
        return answers[ticks - 1] ?? Response.error()
      },
    })
    const took: (number | undefined)[] = []
    for await (const one of source.read(window, never, raw)) took.push(one.took)
    for await (const one of source.read(window, never, raw)) took.push(one.took)
    expect(took).toEqual([2 * second, 3 * second])
  })

  test('read: follows the link to the letter', async () => {
    const { requests } = await read([page([], `${next}a%2Fb%3D%3d&$top=7&x=https://example.org/beta/y&&z`), page([])])
    const { path, query } = requests[1] ?? {}
    expect([path, query?.toString()]).toEqual([
      '/beta/auditLogs/signIns',
      new URLSearchParams('$skiptoken=a%2Fb%3D%3d&$top=7&x=https://example.org/beta/y&&z').toString(),
    ])
  })

  test('read: short and empty pages that have a link are not the end', async () => {
    const { ids, error } = await read([page(['a'], `${next}1`), page([], `${next}2`), page([], `${next}3`), page(['b'])])
    expect([ids, error]).toEqual([['a', 'b'], undefined])
  })

  test.each`
    story                                 | link
    ${'another host'}                     | ${'http://example.org/beta/auditLogs/signIns?$skiptoken=secret'}
    ${'another port'}                     | ${'http://127.0.0.1:1/beta/auditLogs/signIns?$skiptoken=secret'}
    ${'another scheme'}                   | ${'https://127.0.0.1/beta/auditLogs/signIns?$skiptoken=secret'}
    ${'a host without a scheme'}          | ${'//example.org/secret'}
    ${'a script'}                         | ${'javascript:secret'}
    ${'nothing that could be an address'} | ${'http://secret:secret:secret'}
  `('read: a link to $story is refused and not said', async ({ link }) => {
    const body = JSON.stringify({ value: [], '@odata.nextLink': link })
    const { error, requests } = await read([answer(200, body)])
    expect(error).toMatchObject({ code: 'graph-read-failed', reason: 'serverError', message: expect.stringContaining('is not followed') })
    expect(String(error)).not.toContain('secret')
    expect(requests).toHaveLength(1)
  })

  test('read: a link that was followed before is refused', async () => {
    const { error, requests } = await read([page(['a'], `${next}1`), page(['b'], `${next}2`), page(['c'], `${next}1`)])
    expect(error).toMatchObject({ reason: 'serverError', message: expect.stringContaining('twice') })
    expect(requests).toHaveLength(3)
  })

  test('read: more pages than are read end the window, as many as are read do not', async () => {
    const endless: Act = (response, root) => page([], `${next}${Math.random()}`)(response, root)
    const { error, requests } = await read([endless], { pagesMax: 3 })
    expect(error).toMatchObject({ reason: 'clientError', message: expect.stringContaining('3 pages') })
    expect(requests).toHaveLength(3)
    await graph?.close()
    expect((await read([page([], `${next}1`), page([], `${next}2`), page(['z'])], { pagesMax: 3 })).ids).toEqual(['z'])
  })
})

describe('createSignInSource: what is asked for again', () => {
  const good = page(['a'])

  test.each`
    story                                | act
    ${'503'}                             | ${graphError(503, 'ServiceUnavailable', '')}
    ${'504'}                             | ${graphError(504, 'GatewayTimeout', '')}
    ${'500'}                             | ${graphError(500, 'InternalServerError', '')}
    ${'an HTML page with 502'}           | ${answer(502, '<html>Bad gateway</html>', { 'content-type': 'text/html' })}
    ${'408'}                             | ${answer(408, '')}
    ${'an HTML page with 200'}           | ${answer(200, '<html>Welcome</html>', { 'content-type': 'text/html' })}
    ${'truncated JSON'}                  | ${answer(200, '{"value":[{"id":"a"},{"i')}
    ${'an empty body'}                   | ${answer(200, '')}
    ${'JSON without rows'}               | ${answer(200, '{"error":{"code":"x"}}')}
    ${'rows that are no list'}           | ${answer(200, '{"value":{}}')}
    ${'a link that is no text'}          | ${answer(200, '{"value":[],"@odata.nextLink":7}')}
    ${'an empty link'}                   | ${answer(200, '{"value":[],"@odata.nextLink":""}')}
    ${'a connection broken in mid-body'} | ${breakOff}
    ${'a query normally answered'}       | ${graphError(400, 'UnknownError', 'Unsupported Query.')}
  `('read: $story is asked for again after a wait', async ({ act }) => {
    const { ids, error, time, requests } = await read([act, act, good], { retriesMax: 4 })
    expect([ids, error]).toEqual([['a'], undefined])
    expect(requests).toHaveLength(3)
    expect(time.waits).toEqual([500, 1_000])
  })

  test('read: a page whose link is null is the last one', async () => {
    expect(await read([answer(200, '{"value":[{"id":"a"}],"@odata.nextLink":null}')])).toMatchObject({ ids: ['a'], error: undefined })
  })

  test('read: a lost skip token is tried again and then costs the window', async () => {
    const lost = graphError(400, 'BadRequest', 'Invalid Skip Token, skip token is null')
    expect(await read([page(['a'], `${next}1`), lost, lost, page(['b'])])).toMatchObject({ ids: ['a', 'b'], error: undefined })
    await graph?.close()
    const { error, requests } = await read([page(['a'], `${next}1`), lost], { retriesMax: 9 })
    expect(error).toMatchObject({ reason: 'serverError', status: 400 })
    expect(requests).toHaveLength(1 + 1 + 5)
  })

  test('read: an answer that does not come in time is asked for once more and then reported as a time-out', async () => {
    expect(await read([silence, good], { requestTimeoutMs: 200 })).toMatchObject({ ids: ['a'], error: undefined })
    await graph?.close()
    const { error, requests } = await read([silence], { requestTimeoutMs: 50 })
    expect(error).toMatchObject({ reason: 'timeout', status: 0 })
    expect(requests).toHaveLength(2)
  })

  test('read: waits grow, have a bound, and every try takes from the budget', async () => {
    const { error, time, requests, source } = await read([graphError(500, 'x', '')], { retriesMax: 8 })
    expect(error).toMatchObject({ reason: 'serverError', status: 500 })
    expect(requests).toHaveLength(9)
    const backoffs = [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]
    expect(backoffs.filter((wait) => time.waits.includes(wait))).toEqual(backoffs)
    expect(source.budget.state().requestTimes.length).toBeGreaterThan(0)
  })

  test('read: a connection that nobody accepts is reported with the code of the system', async () => {
    const { root, close } = await startFakeGraph(silence)
    await close()
    const { source } = sourceOf(root)
    const error = await source
      .read(window, never, raw)
      [Symbol.asyncIterator]()
      .next()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: 'network', status: 0, message: expect.stringContaining('ECONNREFUSED') })
  })
})

describe('createSignInSource: throttling', () => {
  test.each`
    header                             | waited
    ${'7'}                             | ${7 * second}
    ${'2.128'}                         | ${2_128}
    ${'Thu, 01 Jan 2026 00:00:42 GMT'} | ${12 * second}
    ${'soon'}                          | ${10 * second}
    ${undefined}                       | ${10 * second}
  `('read: 429 with Retry-After $header waits $waited ms', async ({ header, waited }) => {
    const throttled = graphError(429, 'TooManyRequests', '', header === undefined ? {} : { 'retry-after': header })
    const { ids, error, time } = await read([throttled, page(['a'])])
    expect([ids, error, time.waits]).toEqual([['a'], undefined, [waited]])
  })

  test('read: a page in between makes the next throttling a first one again', async () => {
    const throttled = graphError(429, 'TooManyRequests', '')
    expect((await read([throttled, throttled, page(['a'])])).time.waits).toEqual([10 * second, 20 * second])
    await graph?.close()
    expect((await read([throttled, page(['a'], `${next}1`), throttled, page(['b'])])).time.waits).toEqual([10 * second, 10 * second])
  })

  test('read: 503 with Retry-After waits as long for all streams', async () => {
    const { time, ids } = await read([graphError(503, 'x', '', { 'retry-after': '7' }), page(['a'])])
    expect([ids, time.waits]).toEqual([['a'], [7 * second]])
  })

  test('read: throttling that does not end is reported, and what Graph asked for is remembered', async () => {
    const { error, requests, source, time } = await read([graphError(429, 'TooManyRequests', '', { 'retry-after': '20' })], {
      retriesMax: 2,
    })
    expect(error).toMatchObject({ reason: 'rateLimited', status: 429 })
    expect(requests).toHaveLength(3)
    expect(source.budget.state().retryAfterUntil).toBe(time.now + 20 * second)
  })

  test('read: a pause longer than a run can wait is not waited for', async () => {
    const { error, requests, time } = await read([graphError(429, 'TooManyRequests', '', { 'retry-after': '90' })], {
      slotWaitMaxMs: 30_000,
    })
    expect(error).toMatchObject({ reason: 'rateLimited', status: 429 })
    expect([requests.length, time.waits]).toEqual([1, []])
  })
})

describe('createSignInSource: what is given up at once', () => {
  const upn = 'someone@example.org'

  test.each`
    story                             | act                                                                                                         | expected
    ${'no licence'}                   | ${graphError(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', `Neither tenant is B2C ${upn}`)} | ${{ refusal: 'unlicensed', reason: 'authError', message: expect.stringContaining('P1 or P2') }}
    ${'no permission'}                | ${graphError(403, 'Authorization_RequestDenied', `${upn} lacks AuditLog.Read.All`)}                         | ${{ refusal: 'forbidden', reason: 'authError', message: expect.stringContaining('AuditLog.Read.All') }}
    ${'no directory permission'}      | ${graphError(403, 'Authentication_ApplicationHasNoDirectoryReadAccess', '')}                                | ${{ refusal: 'forbidden', message: expect.stringContaining('Directory.Read.All') }}
    ${'no role'}                      | ${graphError(403, 'Authentication_MSGraphPermissionMissing', "User isn't in the allowed roles")}            | ${{ refusal: 'forbidden', message: expect.stringContaining('Reports Reader') }}
    ${'403 of a proxy'}               | ${answer(403, '<html>blocked</html>')}                                                                      | ${{ refusal: 'forbidden' }}
    ${'a segment not served'}         | ${graphError(400, 'BadRequest', "Resource not found for the segment 'signIns'.")}                           | ${{ refusal: 'unavailable' }}
    ${'404'}                          | ${graphError(404, 'ResourceNotFound', '')}                                                                  | ${{ refusal: 'unavailable', code: 'graph-refused' }}
    ${'a wrong query'}                | ${graphError(400, 'BadRequest', `Invalid filter clause ${upn}`)}                                            | ${{ refusal: undefined, reason: 'clientError', code: 'graph-read-failed', earliest: undefined }}
    ${'a time Graph no longer keeps'} | ${graphError(400, 'BadRequest', 'Minimum allowed time to query is 2026-01-01T07:00:00Z')}                   | ${{ reason: 'clientError', earliest: from + 7 * 3_600_000 }}
    ${'a redirect'}                   | ${answer(302, '', { location: 'http://127.0.0.1:1/' })}                                                     | ${{ reason: 'network', status: 302 }}
  `('read: $story', async ({ act, expected }) => {
    const { error, requests, pages } = await read([act, page(['a'])])
    expect(error).toBeInstanceOf(GraphReadError)
    expect(error).toMatchObject(expected)
    expect(String(error)).not.toContain(upn)
    expect([requests.length, pages]).toEqual([1, []])
  })

  test('read: a 401 that stays is an authError, and one that goes away is not', async () => {
    const expired = graphError(401, 'InvalidAuthenticationToken', '')
    expect(await read([expired, page(['a'], `${next}1`), expired, page(['b'])])).toMatchObject({ ids: ['a', 'b'], error: undefined })
    await graph?.close()
    const { error, requests } = await read([expired])
    expect(error).toMatchObject({ reason: 'authError', status: 401, refusal: undefined })
    expect(requests).toHaveLength(2)
  })

  test('read: a page that is gone costs the window and says nothing about the stream', async () => {
    const { error } = await read([page(['a'], `${next}1`), graphError(404, 'ResourceNotFound', '')])
    expect(error).toMatchObject({ reason: 'serverError', refusal: undefined })
  })

  test('read: a body beyond its bound is refused, compressed or not, and one at its bound is read', async () => {
    const bytes = '{"value":[]}'.padEnd(2_000, ' ')
    const zipped: Act = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(bytes))
    }
    for (const act of [answer(200, bytes), zipped]) {
      expect((await read([act], { pageBytesMax: 1_999 })).error).toMatchObject({
        reason: 'clientError',
        message: expect.stringContaining('larger'),
      })
      await graph?.close()
      expect((await read([act], { pageBytesMax: 2_000 })).error).toBeUndefined()
      await graph?.close()
    }
  })

  test('read: of an answer of hundreds of MB no more is taken in than the bound and what is on its way', async () => {
    const megabyte = 1024 * 1024
    const whole = 400 * megabyte
    let poured = 0
    const flood: Act = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const spaces = Buffer.alloc(megabyte, ' ')
      const pour = (): void => {
        while (poured < whole && !response.destroyed) {
          poured += megabyte
          if (!response.write(spaces)) return
        }
        response.end()
      }
      response.on('drain', pour)
      pour()
    }
    const { error, requests } = await read([flood], { pageBytesMax: megabyte })
    expect(error).toMatchObject({ reason: 'clientError', message: expect.stringContaining('larger') })
    expect(requests).toHaveLength(1)
    expect(poured).toBeLessThan(whole / 4)
  })

  test('read: nothing that is logged or thrown holds an address, a query or a token', async () => {
    const { error, time, root } = await read([page([upn], `${next}hidden`), graphError(500, upn, `${upn} hidden`)], { retriesMax: 2 })
    const said = JSON.stringify([time.lines, String(error)])
    expect(time.lines).toHaveLength(3)
    for (const secret of [upn, 'hidden', new URL(root).host, 'createdDateTime']) expect(said).not.toContain(secret)
  })
})

describe('createSignInSource: stopping', () => {
  test('read: an aborted signal ends a request that waits for its answer', async () => {
    const stop = new AbortController()
    const hang: Act = () => stop.abort(new Error('time is up'))
    const { error, requests } = await read([hang], {}, stop.signal)
    expect(error).toMatchObject({ code: 'graph-read-failed', reason: 'timeout', status: 0, cause: stop.signal.reason })
    expect(requests).toHaveLength(1)
  })

  test('read: an aborted signal ends a wait for the budget and one before a repeated request', async () => {
    for (const act of [graphError(429, 'x', '', { 'retry-after': '20' }), graphError(500, 'x', '')]) {
      const stop = new AbortController()
      const stopping = async () => {
        stop.abort(new Error('time is up'))
        throw stop.signal.reason
      }
      const clock = () => from
      const { error, requests } = await read(
        [act],
        { sleep: stopping, budget: createRateBudget({ clock, sleep: stopping }), clock },
        stop.signal,
      )
      expect(error).toMatchObject({ reason: 'timeout', cause: stop.signal.reason })
      expect(requests).toHaveLength(1)
      await graph?.close()
    }
  })

  test('read: nothing is sent once the signal is aborted', async () => {
    const { error, requests } = await read([page([])], {}, AbortSignal.abort())
    expect(error).toMatchObject({ reason: 'timeout' })
    expect(requests).toEqual([])
  })
})
