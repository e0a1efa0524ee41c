import { HttpRequest, InvocationContext } from '@azure/functions'
import { answering } from '../../shared/http/answering'
import { MonitorError } from '../../shared/runtime/errors'

const keptEnvironment = { ...process.env }
const settings = {
  TENANT_ID: '11111111-2222-3333-4444-555555555555',
  TABLES_ENDPOINT: 'http://127.0.0.1:10002/devstoreaccount1',
  MONITOR_MODE: 'local',
  CORS_ORIGINS: 'https://dashboards.example.com',
}

afterAll(() => {
  process.env = keptEnvironment
})

const logged: string[] = []
const context = new InvocationContext({ functionName: 'getSummary', logHandler: (_level, ...args) => logged.push(args.join(' ')) })
const request = (method = 'GET', headers: Record<string, string> = {}): HttpRequest =>
  new HttpRequest({ method, url: 'http://localhost/api/summary', headers })
const failing = (error: unknown) => answering('reader', () => Promise.reject(error))

// The wiring is kept once it was made, so wrong settings come first.
test('answering: a wrong setting is a 500 that names it and repeats no value', async () => {
  process.env = { ...keptEnvironment, ...settings, LOOKBACK_HOURS: 'hush' }
  const response = await answering('reader', async () => ({ status: 200 }))(request(), context)
  expect(response).toMatchObject({ status: 500 })
  const problem = JSON.parse(String((response as { body: string }).body))
  expect(problem).toMatchObject({ code: 'setting-invalid', detail: expect.stringContaining('LOOKBACK_HOURS') })
  expect(problem.detail).not.toContain('hush')
})

test('answering: with right settings the handler answers', async () => {
  process.env = { ...keptEnvironment, ...settings }
  expect(await answering('reader', async () => ({ status: 200, body: 'yes' }))(request(), context)).toMatchObject({
    status: 200,
    body: 'yes',
  })
})

test.each`
  error                                                          | status | code
  ${new MonitorError('table-unavailable', 'The table is away.')} | ${503} | ${'storage-unavailable'}
  ${new MonitorError('table-conflict', 'Somebody was faster.')}  | ${503} | ${'storage-unavailable'}
  ${new MonitorError('schema-newer', 'Deploy it again.')}        | ${503} | ${'storage-newer'}
  ${new MonitorError('schema-older', 'Deploy another first.')}   | ${503} | ${'storage-older'}
  ${new MonitorError('entity-invalid', 'The row x is odd.')}     | ${500} | ${'storage-unreadable'}
  ${new TypeError('Cannot read person@contoso.example')}         | ${500} | ${'internal-error'}
  ${'a text'}                                                    | ${500} | ${'internal-error'}
`('answering: $error is $status $code, for allowed pages too', async ({ error, status, code }) => {
  logged.length = 0
  const response = await failing(error)(request('GET', { origin: 'https://dashboards.example.com' }), context)
  const { body, headers } = response as { body: string; headers: Record<string, string> }
  expect(response).toMatchObject({ status })
  expect(JSON.parse(body)).toMatchObject({ status, code })
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    'access-control-allow-origin': 'https://dashboards.example.com',
  })
  expect(body + logged.join()).not.toMatch(/person@|\bat .+:\d+/)
  expect(logged).toHaveLength(1)
})

test('answering: headers of the handler stay beside those for other sites', async () => {
  const handler = answering('reader', async () => ({ status: 200, headers: { etag: '"a"', vary: 'Accept-Encoding' } }))
  const response = await handler(request('GET', { origin: 'https://elsewhere.example.com' }), context)
  expect(response).toEqual({ status: 200, headers: { etag: '"a"', vary: 'Accept-Encoding, Origin' } })
})

test('answering: a caller whom the route is not for is refused before the handler runs', async () => {
  const handler = jest.fn(async () => ({ status: 200 }))
  // Local mode without a key is open; the settings of this process have none.
  expect(await answering('operator', handler)(request(), context)).toMatchObject({ status: 200 })
  expect(handler).toHaveBeenCalledTimes(1)
})

test.each(['reader', 'operator', 'anyone'] as const)(
  'answering: a client principal that nobody vouches for is ignored by a route for %s',
  async (access) => {
    logged.length = 0
    const forged = request('GET', { 'x-ms-client-principal': 'eyJzZWNyZXQiOiJodXNoIn0=' })
    expect(await answering(access, async () => ({ status: 200 }))(forged, context)).toMatchObject({ status: 200 })
    expect(logged).toEqual(access === 'anyone' ? [] : [expect.stringContaining('EASY_AUTH is off')])
    expect(logged.join()).not.toContain('eyJ')
  },
)
