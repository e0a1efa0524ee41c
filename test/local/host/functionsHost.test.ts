import { once } from 'node:events'
import { createServer, type IncomingMessage, request as openRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { compileApp, HostProcess } from './hostProcess'

const compiled = compileApp()
const processes: HostProcess[] = []
const yearly = '0 0 3 1 1 *'

const startHost = (
  options: { timers?: boolean; env?: Record<string, string>; entry?: string; port?: number; stopWithinMs?: number } = {},
) => {
  const host = new HostProcess(compiled)
  processes.push(host)
  return host.start({ root: compiled.root, port: 0, timers: false, ...options, env: { TICK: yearly, ...options.env } })
}

let host: HostProcess
beforeAll(async () => {
  host = await startHost()
})
afterAll(async () => {
  await Promise.all(processes.map((one) => one.end()))
  compiled.remove()
})

const address = (path: string, of = host): string => `http://127.0.0.1:${of.port}${path}`

/** A request without the rules of `fetch` for hosts, methods and bodies. */
const send = (
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer; of?: HostProcess } = {},
): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, of = host } = options
    const request = openRequest({ host: '127.0.0.1', port: of.port, path, method, headers, agent: false }, (answer) => {
      text(answer).then((all) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: all }), reject)
    })
    request.on('error', reject).end(body)
  })

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}
const stateOf = async (of: HostProcess) =>
  (await (await fetch(address('/api/state', of))).json()) as { ticks: number; mostRunning: number; scheduleStatus: unknown }

describe('functions host: HTTP', () => {
  test('startFunctionsHost: it names the functions in the order of their registration', () => {
    expect(host.functions.slice(0, 3)).toEqual(['echo', 'anything', 'special'])
  })

  test.each`
    story                                                    | method      | path                       | status
    ${'a method and path that a function takes'}             | ${'GET'}    | ${'/api/echo/7'}           | ${200}
    ${'a path in another case and with a slash at its end'}  | ${'GET'}    | ${'/API/Echo/7/'}          | ${200}
    ${'a query behind the path'}                             | ${'GET'}    | ${'/api/echo/7?code=none'} | ${200}
    ${'a text where the route wants a number'}               | ${'GET'}    | ${'/api/echo/seven'}       | ${404}
    ${'a parameter that is missing'}                         | ${'GET'}    | ${'/api/echo'}             | ${404}
    ${'more segments than the route has'}                    | ${'GET'}    | ${'/api/echo/7/a/b'}       | ${404}
    ${'a method that the function does not name'}            | ${'PUT'}    | ${'/api/echo/7'}           | ${404}
    ${'HEAD where the function names it'}                    | ${'HEAD'}   | ${'/api/echo/7'}           | ${200}
    ${'HEAD where the function does not name it'}            | ${'HEAD'}   | ${'/api/bytes'}            | ${404}
    ${'a function without a route, which is under its name'} | ${'DELETE'} | ${'/api/plain'}            | ${200}
    ${'a path without the prefix'}                           | ${'GET'}    | ${'/echo/7'}               | ${404}
    ${'broken escapes'}                                      | ${'GET'}    | ${'/api/echo/%zz'}         | ${400}
    ${'a handler that throws'}                               | ${'GET'}    | ${'/api/throws'}           | ${500}
    ${'a handler that answers nothing'}                      | ${'GET'}    | ${'/api/nothing'}          | ${200}
    ${'a status without a body'}                             | ${'GET'}    | ${'/api/unchanged'}        | ${304}
    ${'a function that is no HTTP function'}                 | ${'GET'}    | ${'/api/tick'}             | ${404}
  `('functions host: $story is a $status', async ({ method, path, status }) => {
    expect((await send(path, { method })).status).toBe(status)
  })

  test.each`
    path                       | params
    ${'/api/echo/7'}           | ${{ id: '7' }}
    ${'/api/echo/-7/more'}     | ${{ id: '-7', rest: 'more' }}
    ${'/api/echo/7/a%20b'}     | ${{ id: '7', rest: 'a b' }}
    ${'/api/echo/7/a%2Fb'}     | ${{ id: '7', rest: 'a%2Fb' }}
    ${'/api/echo/7/%E7%A6%81'} | ${{ id: '7', rest: '禁' }}
    ${'/api/files'}            | ${{}}
    ${'/api/files/a/b/c'}      | ${{ rest: 'a/b/c' }}
    ${'/api/files/specials'}   | ${{ rest: 'specials' }}
  `('functions host: $path gives the parameters $params', async ({ path, params }) => {
    expect(JSON.parse((await send(path)).body).params).toEqual(params)
  })

  test('functions host: the more specific route wins though it was registered later', async () => {
    expect((await send('/api/files/special')).body).toBe('special')
    expect(JSON.parse((await send('/api/files/special', { method: 'POST' })).body).params).toEqual({ rest: 'special' })
  })

  test('functions host: repeated keys of a query are joined by commas and the address stays as it was sent', async () => {
    const { query, url } = JSON.parse((await send('/api/echo/7?a=1&b=x%20y&a=2&c')).body)
    expect(query).toEqual({ a: '1,2', b: 'x y', c: '' })
    expect(url).toBe(`http://127.0.0.1:${host.port}/api/echo/7?a=1&b=x%20y&a=2&c`)
  })

  test('functions host: headers and a body of announced length reach the function', async () => {
    const { body } = await send('/api/echo/7', { method: 'POST', headers: { 'x-mark': 'm', 'content-length': '5' }, body: 'hello' })
    expect(JSON.parse(body)).toMatchObject({ method: 'POST', mark: 'm', body: 'hello' })
  })

  test('functions host: a body without an announced length reaches the function too', async () => {
    const { body } = await send('/api/echo/7', { method: 'POST', headers: { 'transfer-encoding': 'chunked' }, body: 'hello' })
    expect(JSON.parse(body).body).toBe('hello')
  })

  test.each`
    story                           | headers                               | bytes        | status
    ${'1 MiB, announced'}           | ${{ 'content-length': '1048576' }}    | ${1_048_576} | ${200}
    ${'1 MiB, not announced'}       | ${{ 'transfer-encoding': 'chunked' }} | ${1_048_576} | ${200}
    ${'a byte more, announced'}     | ${{ 'content-length': '1048577' }}    | ${1_048_577} | ${413}
    ${'a byte more, not announced'} | ${{ 'transfer-encoding': 'chunked' }} | ${1_048_577} | ${413}
  `('functions host: a body of $story is a $status', async ({ headers, bytes, status }) => {
    const answer = await send('/api/echo/7', { method: 'POST', headers, body: Buffer.alloc(bytes, 'x') })
    expect(answer.status).toBe(status)
    expect((await send('/api/echo/7')).status).toBe(200)
  })

  test('functions host: bytes arrive as they were', async () => {
    const answer = await fetch(address('/api/bytes'))
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual(Array.from({ length: 256 }, (_, at) => at))
    expect(answer.headers.get('content-length')).toBe('256')
  })

  test('functions host: a body that a handler streams arrives whole', async () => {
    const answer = await fetch(address('/api/pieces'))
    expect(answer.headers.get('content-type')).toBe('text/plain')
    expect(await answer.text()).toBe('one two three')
  })

  test('functions host: HEAD has the headers of GET and no body', async () => {
    const get = await send('/api/echo/7')
    const head = await send('/api/echo/7', { method: 'HEAD' })
    expect(head.body).toBe('')
    expect(head.headers['content-type']).toBe('application/json')
    expect(Number(head.headers['content-length'])).toBe(get.body.length + 1)
  })

  test('functions host: a handler that throws leaves its error in the log and not in the answer', async () => {
    const { body } = await send('/api/throws')
    expect(body).toBe('')
    expect(
      host.logs
        .filter((entry) => entry.level === 'error')
        .map((entry) => entry.message)
        .join(),
    ).toContain('the handler broke')
  })

  test('functions host: cookies are set one by one', async () => {
    expect((await send('/api/cookies')).headers['set-cookie']).toEqual([
      'a=1%202; Path=/; HttpOnly; SameSite=Strict',
      'b=3; Max-Age=60; Path=/',
    ])
  })

  test.each`
    name                     | status
    ${'localhost'}           | ${200}
    ${'LOCALHOST:7071'}      | ${200}
    ${'127.0.0.1:1'}         | ${200}
    ${'[::1]:7071'}          | ${200}
    ${'dashboard.localhost'} | ${200}
    ${'rebound.example'}     | ${403}
    ${'127.0.0.1.example'}   | ${403}
    ${'localhost.example'}   | ${403}
    ${'192.168.0.5:7071'}    | ${403}
    ${'localhost@example'}   | ${403}
  `('functions host: a request to the name $name is a $status', async ({ name, status }) => {
    expect((await send('/api/echo/7', { headers: { host: name } })).status).toBe(status)
    expect((await send('/admin/host/status', { headers: { host: name } })).status).toBe(status)
  })

  test('functions host: a target that is no path is a 400 and the host goes on', async () => {
    const socket = connect(host.port, '127.0.0.1')
    socket.write('GET nonsense HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
    expect((await send('/api/echo/7')).status).toBe(200)
  })
})

describe('functions host: administration', () => {
  test('functions host: its status says that it runs', async () => {
    const { status, body } = await send('/admin/host/status')
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ state: 'Running' })
  })

  test('functions host: its list has every function with its bindings', async () => {
    const listed = JSON.parse((await send('/admin/functions')).body) as { name: string; config: { bindings: { type: string }[] } }[]
    expect(listed.map((one) => one.name)).toEqual(host.functions)
    expect(listed.find((one) => one.name === 'tick')?.config.bindings[0]).toMatchObject({ type: 'timerTrigger', schedule: '%TICK%' })
  })

  test('functions host: a POST runs a timer function now and answers 202', async () => {
    const before = (await stateOf(host)).ticks
    const answer = await send('/admin/functions/tick', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"input": ""}',
    })
    expect(answer).toMatchObject({ status: 202, body: '' })
    await until(async () => (await stateOf(host)).ticks === before + 1)
  })

  test.each`
    story                                 | method    | path                           | headers                                | body               | status
    ${'a function that there is not'}     | ${'POST'} | ${'/admin/functions/none'}     | ${{}}                                  | ${'{"input": ""}'} | ${404}
    ${'a property that every object has'} | ${'POST'} | ${'/admin/functions/toString'} | ${{}}                                  | ${'{"input": ""}'} | ${404}
    ${'a GET of a function'}              | ${'GET'}  | ${'/admin/functions/tick'}     | ${{}}                                  | ${''}              | ${404}
    ${'another route'}                    | ${'GET'}  | ${'/admin/else'}               | ${{}}                                  | ${''}              | ${404}
    ${'an HTTP function'}                 | ${'POST'} | ${'/admin/functions/echo'}     | ${{}}                                  | ${'{"input": ""}'} | ${400}
    ${'a body that is no JSON'}           | ${'POST'} | ${'/admin/functions/fails'}    | ${{}}                                  | ${'input'}         | ${400}
    ${'a timer that fails'}               | ${'POST'} | ${'/admin/functions/fails'}    | ${{}}                                  | ${'{}'}            | ${202}
    ${'a page of this computer'}          | ${'POST'} | ${'/admin/functions/fails'}    | ${{ origin: 'http://localhost:3000' }} | ${'{}'}            | ${202}
    ${'a page of another site'}           | ${'POST'} | ${'/admin/functions/tick'}     | ${{ origin: 'https://site.example' }}  | ${'{}'}            | ${403}
    ${'a page without a site'}            | ${'POST'} | ${'/admin/functions/tick'}     | ${{ origin: 'null' }}                  | ${'{}'}            | ${403}
  `('functions host: $story is a $status', async ({ method, path, headers, body, status }) => {
    expect((await send(path, { method, headers, body })).status).toBe(status)
  })
})

describe('functions host: timers', () => {
  test('run: it waits for the end of the function and passes its error on', async () => {
    const before = (await stateOf(host)).ticks
    await host.run('tick')
    expect((await stateOf(host)).ticks).toBe(before + 1)
    await expect(host.run('fails')).rejects.toThrow('the timer broke')
    await expect(host.run('echo')).rejects.toMatchObject({
      code: 'usage',
      message: 'There is no timer function echo; there are tick, fails.',
    })
  })

  test('functions host: a timer function is told its last and next run, but not where it runs more than once a minute', async () => {
    await host.run('tick')
    expect((await stateOf(host)).scheduleStatus).toMatchObject({
      last: '0001-01-01T00:00:00',
      next: expect.stringMatching(/-01-01T03:00:00Z$/),
    })
    const often = await startHost({ env: { TICK: '* * * * * *' } })
    await often.run('tick')
    expect((await stateOf(often)).scheduleStatus).toBeNull()
  })

  test('functions host: timers run by themselves, never twice at once, and only where they are switched on', async () => {
    const running = await startHost({ timers: true, env: { TICK: '* * * * * *', TICK_MS: '1300' } })
    const still = await startHost({ timers: false, env: { TICK: '* * * * * *' } })
    await until(async () => (await stateOf(running)).ticks >= 2)
    expect((await stateOf(running)).mostRunning).toBe(1)
    expect((await stateOf(still)).ticks).toBe(0)
    await running.stop()
  })
})

describe('functions host: start and stop', () => {
  test('stop: it waits for what is under way, takes nothing more and tells the app', async () => {
    const stopped = await startHost()
    const slow = fetch(address('/api/slow', stopped))
    await until(async () => stopped.logs.some((entry) => entry.message === 'slow began' && entry.functionName === 'slow'))
    const stopping = stopped.stop()
    expect(await (await slow).text()).toBe('done')
    await stopping
    await expect(fetch(address('/api/state', stopped))).rejects.toThrow()
    expect(stopped.terminated).toBe(true)
  })

  test('stop: it waits no longer than its bound', async () => {
    const stopped = await startHost({ stopWithinMs: 1, env: { TICK_MS: '60000' } })
    await send('/admin/functions/tick', { method: 'POST', of: stopped })
    await stopped.stop()
    await expect(fetch(address('/api/state', stopped))).rejects.toThrow()
  })

  test('startFunctionsHost: a stopped app can be started again in the same process', async () => {
    const again = await startHost()
    await again.run('tick')
    await again.stop()
    await again.start({ root: compiled.root, port: 0, timers: false, env: { TICK: yearly } })
    expect((await stateOf(again)).ticks).toBe(0)
  })

  test('startFunctionsHost: a port that is in use is named, with the setting that changes it', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as AddressInfo
    await expect(startHost({ port })).rejects.toMatchObject({
      code: 'setting-invalid',
      message: expect.stringMatching(`^Port ${port} is in use by another program. Set PORT to a free one`),
    })
    blocker.close()
  })

  test.each`
    story                           | options                      | message
    ${'an entry that there is not'} | ${{ entry: 'dist/none.js' }} | ${/There is no dist\/none\.js in .* npm run build/}
    ${'an entry without functions'} | ${{ entry: 'empty.js' }}     | ${/empty\.js registers no function/}
    ${'a schedule that is none'}    | ${{ env: { TICK: 'soon' } }} | ${/The schedule "soon" does not have 5 or 6 fields/}
  `('startFunctionsHost: $story is named', async ({ options, message }) => {
    await expect(startHost(options)).rejects.toMatchObject({ code: 'setting-invalid', message: expect.stringMatching(message) })
  })
})

describe('functions host: an app that streams HTTP', () => {
  let streaming: HostProcess
  beforeAll(async () => {
    streaming = await startHost({ env: { STREAM: 'on' } })
  })

  test('functions host: requests and answers pass through the server of the library', async () => {
    expect(await (await fetch(address('/api/pieces', streaming))).text()).toBe('one two three')
    const { status, body } = await send('/api/echo/7/more?a=1', {
      method: 'POST',
      headers: { 'x-mark': 'm' },
      body: 'hello',
      of: streaming,
    })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({
      method: 'POST',
      params: { id: '7', rest: 'more' },
      query: { a: '1' },
      mark: 'm',
      body: 'hello',
    })
  })

  test('functions host: a handler that throws is a 500 with an empty body there too', async () => {
    expect(await send('/api/throws', { of: streaming })).toMatchObject({ status: 500, body: '' })
  })

  test.each`
    story              | headers
    ${'announced'}     | ${{ 'content-length': '1048577' }}
    ${'not announced'} | ${{ 'transfer-encoding': 'chunked' }}
  `('functions host: a body that is too long, $story, is a 413 there too', async ({ headers }) => {
    const answer = await send('/api/echo/7', { method: 'POST', headers, body: Buffer.alloc(1_048_577, 'x'), of: streaming })
    expect(answer.status).toBe(413)
  })
})
