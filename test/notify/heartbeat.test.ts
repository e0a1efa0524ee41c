import type { ServerResponse } from 'node:http'
import { createHeartbeat } from '../../shared/notify/heartbeat'
import type { SendOptions } from '../../shared/notify/sendSafely'
import type { DeliveryResult } from '../../shared/pipelines/ports'
import { closeAll, startReceiver } from './support'

afterEach(closeAll)

const beatTo = (url: string, part: Partial<SendOptions> = {}): Promise<DeliveryResult> =>
  createHeartbeat({ url, allowPrivateHosts: [], allowLoopbackHttp: true, clock: Date.now, proxied: false, ...part }).beat()

const answers =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end('T0P-S3CRET')

test('heartbeat: it is one GET of the whole address, without a body', async () => {
  const { port, received } = await startReceiver(answers(200))
  expect(await beatTo(`http://127.0.0.1:${port}/api/push/T0P-S3CRET?status=up&msg=OK`)).toEqual({ kind: 'delivered', status: 200 })
  expect(received).toMatchObject([{ method: 'GET', url: '/api/push/T0P-S3CRET?status=up&msg=OK', body: '' }])
})

test.each<[number, Record<string, string>, DeliveryResult]>([
  [204, {}, { kind: 'delivered', status: 204 }],
  [401, {}, { kind: 'retry', reason: 'authError', retryAfterSeconds: undefined }],
  [404, {}, { kind: 'dead', reason: 'clientError' }],
  [429, { 'retry-after': '30' }, { kind: 'retry', reason: 'rateLimited', retryAfterSeconds: 30 }],
  [503, {}, { kind: 'retry', reason: 'serverError', retryAfterSeconds: undefined }],
])('heartbeat: an answer of %d %j says nothing of the address', async (status, headers, expected) => {
  const { port } = await startReceiver(answers(status, headers))
  expect(await beatTo(`http://127.0.0.1:${port}/T0P-S3CRET`)).toEqual(expected)
})

test('heartbeat: a redirect is not followed', async () => {
  const target = await startReceiver(answers(200))
  const { port } = await startReceiver(answers(302, { location: `http://127.0.0.1:${target.port}/` }))
  expect((await beatTo(`http://127.0.0.1:${port}/`)).kind).toBe('retry')
  expect(target.received).toEqual([])
})

test('heartbeat: a service that never answers is a timeout', async () => {
  const { port } = await startReceiver(() => undefined)
  expect(await beatTo(`http://127.0.0.1:${port}/`, { timeoutMs: 50 })).toMatchObject({ kind: 'retry', reason: 'timeout' })
})

test.each(['https://10.0.0.1/x', 'https://169.254.169.254/x', 'https://[::1]/x', 'http://ping.example/x', 'http://127.0.0.1/x'])(
  'heartbeat: %s is not sent to from Azure',
  async (url) => expect(await beatTo(url, { allowLoopbackHttp: false })).toEqual({ kind: 'dead', reason: 'clientError' }),
)

test('heartbeat: a name that resolves to a private address is refused and nothing is connected to', async () => {
  const resolve = async () => [{ address: '10.0.0.1', family: 4 }]
  const { port, received } = await startReceiver(answers(200))
  const url = `https://ping.example:${port}/x`
  expect(await beatTo(url, { resolve })).toEqual({ kind: 'retry', reason: 'clientError', retryAfterSeconds: undefined })
  expect(received).toEqual([])
})
