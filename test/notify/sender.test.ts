import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { builtInRules } from '../../shared/alerts/rules'
import type { ReceiverSettings } from '../../shared/notify/parseReceivers'
import { createNotifier, type NotifierOptions } from '../../shared/notify/sender'
import type { DeliveryResult } from '../../shared/pipelines/ports'
import { closeAll, otherSecret, receiver, row, secret, startCounter, startReceiver } from './support'

afterEach(closeAll)

const notifier = (receivers: readonly ReceiverSettings[], part: Partial<NotifierOptions> = {}): ReturnType<typeof createNotifier> =>
  createNotifier({
    receivers,
    allowPrivateHosts: [],
    allowLoopbackHttp: true,
    clock: Date.now,
    publicBaseUrl: undefined,
    rules: builtInRules,
    proxied: false,
    ...part,
  })

const hook = (port: number): string => `http://127.0.0.1:${port}/T0P-S3CRET`
const answers =
  (status: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end(body)

async function deliverTo(answer: (response: ServerResponse) => void, part: Partial<NotifierOptions> = {}) {
  const { port, received } = await startReceiver(answer)
  const result = await notifier([receiver(hook(port))], part).deliver(row())
  return { result, received }
}

test('deliver: what arrives is verified by Standard Webhooks', async () => {
  const { result, received } = await deliverTo(answers(204))
  expect(result).toEqual({ kind: 'delivered', status: 204 })
  const [first] = received
  expect(first).toMatchObject({ method: 'POST', url: '/T0P-S3CRET' })
  expect(first?.headers['webhook-id']).toBe('msg_tenant_1_ops')
  expect(first?.headers['content-type']).toBe('application/json; charset=utf-8')
  const headers = first?.headers as Record<string, string>
  expect(new Webhook(secret).verify(first?.body ?? '', headers)).toEqual({
    type: 'alert.test',
    timestamp: '2026-01-04T12:02:00Z',
    data: { groupKey: 'g', reason: 'none', tenantId: 't', omittedAlerts: 0, alerts: [] },
  })
  expect(() => new Webhook(otherSecret).verify(first?.body ?? '', headers)).toThrow()
  expect(() => new Webhook(secret).verify(`${first?.body} `, headers)).toThrow()
})

test('deliver: a delivery that belongs to a trace says so in a header, any other does not', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const traced = await deliverTo(answers(204), { traceParent: () => traceparent })
  expect(traced.received[0]?.headers['traceparent']).toBe(traceparent)
  const untraced = await deliverTo(answers(204), { traceParent: () => undefined })
  expect([untraced.result.kind, untraced.received[0]?.headers['traceparent']]).toEqual(['delivered', undefined])
})

test('deliver: while secrets change over either of them verifies', async () => {
  const { port, received } = await startReceiver(answers(200))
  await notifier([receiver(hook(port), { secret: [otherSecret, secret] })]).deliver(row())
  for (const each of [secret, otherSecret]) {
    expect(() => new Webhook(each).verify(received[0]?.body ?? '', received[0]?.headers as Record<string, string>)).not.toThrow()
  }
})

test('deliver: an attempt that is repeated keeps its id and body and has a time of its own', async () => {
  const { port, received } = await startReceiver(answers(500))
  let now = 1_767_528_180_000
  const { deliver } = notifier([receiver(hook(port))], { clock: () => now })
  await deliver(row())
  now += 60_000
  await deliver(row({ attempts: 1 }))
  const [first, second] = received
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(second?.body).toBe(first?.body)
  expect(Number(second?.headers['webhook-timestamp']) - Number(first?.headers['webhook-timestamp'])).toBe(60)
})

test.each<[number, Record<string, string>, DeliveryResult]>([
  [200, {}, { kind: 'delivered', status: 200 }],
  [202, {}, { kind: 'delivered', status: 202 }],
  [301, { location: '/elsewhere' }, { kind: 'retry', reason: 'clientError', retryAfterSeconds: undefined }],
  [400, {}, { kind: 'retry', reason: 'clientError', retryAfterSeconds: undefined }],
  [401, {}, { kind: 'retry', reason: 'authError', retryAfterSeconds: undefined }],
  [403, {}, { kind: 'retry', reason: 'authError', retryAfterSeconds: undefined }],
  [404, {}, { kind: 'dead', reason: 'clientError' }],
  [410, {}, { kind: 'dead', reason: 'clientError' }],
  [408, {}, { kind: 'retry', reason: 'timeout', retryAfterSeconds: undefined }],
  [429, { 'retry-after': '17' }, { kind: 'retry', reason: 'rateLimited', retryAfterSeconds: 17 }],
  [429, { 'retry-after': 'Sun, 04 Jan 2026 12:03:00 GMT' }, { kind: 'retry', reason: 'rateLimited', retryAfterSeconds: 60 }],
  [429, { 'retry-after': 'soon' }, { kind: 'retry', reason: 'rateLimited', retryAfterSeconds: undefined }],
  [429, { 'retry-after': '999999999' }, { kind: 'retry', reason: 'rateLimited', retryAfterSeconds: 86_400 }],
  [500, {}, { kind: 'retry', reason: 'serverError', retryAfterSeconds: undefined }],
  [503, { 'retry-after': '5' }, { kind: 'retry', reason: 'serverError', retryAfterSeconds: 5 }],
])('deliver: an answer of %d %j', async (status, headers, expected) => {
  const { result } = await deliverTo(answers(status, headers, 'T0P-S3CRET'), { clock: () => Date.UTC(2026, 0, 4, 12, 2) })
  expect(result).toEqual(expected)
})

test('deliver: a redirect is not followed', async () => {
  const target = await startReceiver(answers(200))
  const { result, received } = await deliverTo(answers(307, { location: hook(target.port) }))
  expect(result.kind).toBe('retry')
  expect(received).toHaveLength(1)
  expect(target.received).toHaveLength(0)
})

test('deliver: a receiver that never answers is a timeout', async () => {
  const { result } = await deliverTo(() => undefined, { timeoutMs: 50 })
  expect(result).toEqual({ kind: 'retry', reason: 'timeout', retryAfterSeconds: undefined })
})

test('deliver: an answer without an end is cut off and what its status says stands', async () => {
  const { result } = await deliverTo(
    (response) => {
      response.writeHead(200)
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', pour).on('error', () => undefined)
      pour()
    },
    { timeoutMs: 2_000 },
  )
  expect(result).toEqual({ kind: 'delivered', status: 200 })
})

test('deliver: an answer that never ends does not undo its status', async () => {
  const { result } = await deliverTo((response) => void response.writeHead(200).write('a'), { timeoutMs: 2_000 })
  expect(result).toEqual({ kind: 'delivered', status: 200 })
})

test('deliver: a connection that breaks is a network fault', async () => {
  const { port, connections } = await startCounter()
  expect(await notifier([receiver(hook(port))]).deliver(row())).toEqual({ kind: 'retry', reason: 'network', retryAfterSeconds: undefined })
  expect(connections).toHaveLength(1)
})

test('deliver: loopback is sent to in local mode only', async () => {
  const { port, received } = await startReceiver(answers(200))
  const result = await notifier([receiver(hook(port))], { allowLoopbackHttp: false }).deliver(row())
  expect(result).toEqual({ kind: 'dead', reason: 'clientError' })
  expect(received).toHaveLength(0)
})

test.each([
  'https://10.0.0.1/x',
  'https://169.254.169.254/x',
  'https://[::ffff:a00:1]/x',
  'https://[fe80::1]/x',
  'https://0.0.0.0/x',
  'https://167772161/x',
])('deliver: the literal address of %s is refused', async (url) =>
  expect(await notifier([receiver(url)], { timeoutMs: 200 }).deliver(row())).toEqual({ kind: 'dead', reason: 'clientError' }),
)

test.each(['127.0.0.1', '10.1.2.3', '::1', '169.254.169.254'])(
  'deliver: a name that resolves to %s is refused and not connected to',
  async (address) => {
    const { port, connections } = await startCounter()
    const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }]
    const result = await notifier([receiver(`https://hooks.example.com:${port}/x`)], { resolve }).deliver(row())
    expect(result).toEqual({ kind: 'retry', reason: 'clientError', retryAfterSeconds: undefined })
    expect(connections).toHaveLength(0)
  },
)

test('deliver: the address that was checked is the one connected to, and the name is asked once', async () => {
  const { port, connections } = await startCounter()
  const asked: string[] = []
  const resolve = async (name: string) => {
    asked.push(name)
    return [{ address: asked.length === 1 ? '127.0.0.1' : '203.0.113.9', family: 4 }]
  }
  const result = await notifier([receiver(`https://hooks.corp.example:${port}/x`)], {
    resolve,
    allowPrivateHosts: ['hooks.corp.example'],
  }).deliver(row())
  expect(result).toMatchObject({ kind: 'retry', reason: 'network' })
  expect(asked).toEqual(['hooks.corp.example'])
  expect(connections).toHaveLength(1)
})

describe('behind a proxy', () => {
  const before = { ...process.env }
  afterEach(() => {
    process.env = { ...before }
  })

  const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
  const options = { proxied: true, resolve, allowPrivateHosts: ['inside.example'] }
  const useProxy = (port: number): void => {
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${port}`
    process.env['NO_PROXY'] = 'inside.example'
  }

  test('deliver: goes through the proxy, which resolves the name, and around it where NO_PROXY says so', async () => {
    const proxy = await startCounter()
    const direct = await startCounter()
    useProxy(proxy.port)
    expect(await notifier([receiver('https://hooks.example.com/x')], options).deliver(row())).toMatchObject({ reason: 'network' })
    expect(proxy.connections).toEqual([expect.stringMatching(/^CONNECT hooks\.example\.com:443 /)])
    await notifier([receiver(`https://inside.example:${direct.port}/x`)], options).deliver(row())
    expect([proxy.connections.length, direct.connections.length]).toEqual([1, 1])
  })

  test.each([
    ['says no', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', 'network'],
    ['never answers', '', 'timeout'],
    ['answers nonsense', 'nonsense\r\n\r\n', 'network'],
  ])('deliver: a proxy that %s gives a retry', async (_, answer, reason) => {
    const proxy = await startCounter((socket) => void (answer === '' ? undefined : socket.end(answer)))
    useProxy(proxy.port)
    const result = await notifier([receiver('https://hooks.example.com/x')], { ...options, timeoutMs: 300 }).deliver(row())
    expect(result).toEqual({ kind: 'retry', reason, retryAfterSeconds: undefined })
    expect(proxy.connections).toHaveLength(1)
  })

  test('deliver: a literal private address is refused behind a proxy too', async () => {
    const proxy = await startCounter()
    useProxy(proxy.port)
    expect(await notifier([receiver('https://10.0.0.1/x')], options).deliver(row())).toEqual({ kind: 'dead', reason: 'clientError' })
    expect(proxy.connections).toHaveLength(0)
  })
})

test('deliver: a receiver that is no longer in the settings is gone', async () => {
  expect(await notifier([]).deliver(row())).toEqual({ kind: 'dead', reason: 'clientError' })
})

test.each([
  [{}, true],
  [{ match: {} }, true],
  [{ match: { severity: [] } }, true],
  [{ match: { severity: ['critical', 'error'] } }, true],
  [{ match: { severity: ['critical'] } }, false],
  [{ match: { rule: ['stream-stalled'] } }, false],
  [{ match: { family: ['tls'] } }, true],
  [{ match: { family: ['tls'], severity: ['info'] } }, false],
])('receivers: %j is told of an error of tls: %p', (part, told) => {
  const { receivers } = notifier([receiver('https://hooks.example.com/x', part)])
  expect(receivers({ severity: 'error', rule: 'legacy-tls-refused', family: 'tls' })).toEqual(told ? ['ops'] : [])
})

test('receivers: an alert without a family is for nobody who asks for one', () => {
  const { receivers } = notifier([receiver('https://hooks.example.com/x', { match: { family: ['tls'] } })])
  expect(receivers({ severity: 'error', rule: 'stream-stalled', family: undefined })).toEqual([])
})
