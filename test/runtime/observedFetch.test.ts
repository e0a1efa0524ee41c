import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { observedFetch } from '../../shared/runtime/observedFetch'
import { formatTraceParent, inTraceOf, parseTraceParent } from '../../shared/runtime/trace'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parent = `00-${traceId}-00f067aa0ba902b7-01`

test.each`
  text                                                           | isTrace
  ${parent}                                                      | ${true}
  ${`01-${traceId}-00f067aa0ba902b7-00-more of a later version`} | ${true}
  ${`ff-${traceId}-00f067aa0ba902b7-01`}                         | ${false}
  ${`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`}                  | ${false}
  ${`00-${traceId}-${'0'.repeat(16)}-01`}                        | ${false}
  ${parent.toUpperCase()}                                        | ${false}
  ${'00-1-2-01'}                                                 | ${false}
  ${''}                                                          | ${false}
  ${undefined}                                                   | ${false}
`('parseTraceParent: "$text" is a trace: $isTrace', ({ text, isTrace }) => {
  const context = parseTraceParent(text)
  expect(context !== undefined).toBe(isTrace)
  if (context) expect(parseTraceParent(formatTraceParent(context))).toEqual(context)
})

describe('observedFetch', () => {
  const seen: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers)
    if (request.url === '/reset') request.socket.destroy()
    else response.writeHead(Number(request.url?.slice(1))).end()
  })
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => server.close())

  const ask = async (path: string, traceParent: string | undefined, milliseconds = 5) => {
    const counted: string[] = []
    const said: unknown[] = []
    let now = 0
    const observed = observedFetch(fetch, {
      count: (metric, labels) => void counted.push([metric, ...labels].join('|')),
      log: (level, message, fields) => void said.push([level, message, fields]),
      clock: () => {
        now += milliseconds
        return now
      },
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
    const answered = await inTraceOf(traceParent, () =>
      observed(url, { headers: { Authorization: 'Bearer hush' } }).then(
        ({ status }) => status,
        () => 'no answer',
      ),
    )
    return { answered, counted, said }
  }

  test('observedFetch: a request that went well is counted and not said, and carries a span of the trace', async () => {
    expect(await ask('/200', parent)).toEqual({ answered: 200, counted: ['graph_requests|200'], said: [] })
    const headers = seen.at(-1)
    expect(headers?.authorization).toBe('Bearer hush')
    const span = parseTraceParent(String(headers?.['traceparent']))
    expect(span).toMatchObject({ traceId, flags: '01' })
    expect(span?.spanId).not.toBe(parseTraceParent(parent)?.spanId)
  })

  test.each([
    ['/429', 429, '429'],
    ['/503', 503, '503'],
    ['/reset', 'no answer', 'network'],
  ])('observedFetch: %s is counted and said with its span, without address or token', async (path, answered, status) => {
    const result = await ask(path, parent)
    expect(result).toMatchObject({ answered, counted: [`graph_requests|${status}`] })
    expect(result.said).toEqual([
      ['warn', expect.any(String), { status, milliseconds: 5, traceId, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) }],
    ])
    expect(JSON.stringify(result.said)).not.toMatch(/hush|127\.0\.0\.1/)
  })

  test('observedFetch: a slow answer is said, and without a trace no header is sent', async () => {
    const { said } = await ask('/200', undefined, 20_000)
    expect(said).toEqual([['warn', expect.any(String), { status: '200', milliseconds: 20_000 }]])
    expect(seen.at(-1)?.['traceparent']).toBeUndefined()
  })
})
