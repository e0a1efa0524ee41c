import { app, type HttpRequest } from '@azure/functions'

// A small app that the local host runs in a process of its own, compiled by the test.
const state = { ticks: 0, running: 0, mostRunning: 0, terminated: false, scheduleStatus: undefined as unknown }
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

if (process.env['STREAM'] === 'on') app.setup({ enableHttpStream: true })

const describe = async (request: HttpRequest) => ({
  jsonBody: {
    method: request.method,
    url: request.url,
    params: request.params,
    query: Object.fromEntries(request.query),
    mark: request.headers.get('x-mark'),
    body: await request.text(),
  },
})

app.http('echo', { route: 'echo/{id:int}/{rest?}', methods: ['GET', 'POST', 'HEAD'], authLevel: 'function', handler: describe })
app.http('anything', { route: 'files/{*rest}', handler: describe })
app.http('special', { route: 'files/special', methods: ['GET'], handler: () => ({ body: 'special' }) })
app.http('plain', { methods: ['DELETE'], authLevel: 'admin', handler: describe })
app.http('bytes', { methods: ['GET'], handler: () => ({ body: Uint8Array.from({ length: 256 }, (_, at) => at) }) })
app.http('pieces', {
  methods: ['GET'],
  handler: () => ({
    headers: { 'content-type': 'text/plain' },
    body: new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const piece of ['one ', 'two ', 'three']) controller.enqueue(new TextEncoder().encode(piece))
        controller.close()
      },
    }),
  }),
})
app.http('nothing', { methods: ['GET'], handler: () => undefined as never })
app.http('throws', {
  methods: ['GET', 'POST'],
  handler: () => {
    throw new Error('the handler broke')
  },
})
app.http('unchanged', { methods: ['GET'], handler: () => ({ status: 304, headers: { etag: '"1"' } }) })
app.http('cookies', {
  methods: ['GET'],
  handler: () => ({
    cookies: [
      { name: 'a', value: '1 2', httpOnly: true, sameSite: 'Strict' as const },
      { name: 'b', value: '3', maxAge: 60 },
    ],
  }),
})
app.http('slow', {
  methods: ['GET'],
  handler: async (_, context) => {
    context.log('slow began')
    await wait(400)
    return { body: 'done' }
  },
})
app.http('state', { methods: ['GET'], handler: () => ({ jsonBody: state }) })

app.timer('tick', {
  schedule: '%TICK%',
  handler: async (timer) => {
    state.running++
    state.mostRunning = Math.max(state.mostRunning, state.running)
    state.scheduleStatus = timer.scheduleStatus
    await wait(Number(process.env['TICK_MS'] ?? 0))
    state.running--
    state.ticks++
  },
})
app.timer('fails', {
  schedule: '0 0 3 1 1 *',
  handler: () => {
    throw new Error('the timer broke')
  },
})
app.hook.appTerminate(() => {
  process.send?.({ terminated: true })
})
