import { type StartParts, start } from '../../local/start'
import { createTerminal } from '../../local/terminal'

const tenantId = '11111111-2222-4333-8444-555555555555'
const health = {
  lastRun: { result: 'ok', detail: '' },
  streams: [{ stream: 'interactiveUser', state: 'current' }],
  backfill: { bucketsDone: 1, bucketsTotal: 1, secondsLeft: 0 },
}
const summary = { totals: { signIns: 12 }, signals: [], failures: [] }

/** Runs `start` with parts that only note what happens to them, and stops it when it says how to. */
const run = async (options: { env?: Record<string, string>; tenant?: string; parts?: Partial<StartParts>; stopAtOnce?: true } = {}) => {
  const events: string[] = []
  const hostOptions: Parameters<StartParts['startFunctionsHost']>[0][] = []
  const controller = new AbortController()
  if (options.stopAtOnce) controller.abort()
  let text = ''
  const write = (piece: string): void => {
    text += piece
    if (piece.includes('Ctrl-C')) setImmediate(() => controller.abort())
  }
  const note = (event: string) => (): Promise<void> => {
    events.push(event)
    return Promise.resolve()
  }
  const parts: StartParts = {
    startStorageEmulator: async () => {
      await note('emulator starts')()
      return { tablesEndpoint: 'http://127.0.0.1:10999/devstoreaccount1', stop: note('emulator stops') }
    },
    startSimulatedTenant: async () => {
      await note('tenant starts')()
      return { baseUrl: 'http://127.0.0.1:4999', tenantId, requests: [], close: note('tenant stops') }
    },
    startFunctionsHost: async (given) => {
      hostOptions.push(given)
      await note('host starts')()
      return { port: 7999, functions: [], run: (name) => note(`${name} runs`)(), stop: note('host stops') }
    },
    resolveTenant: () => Promise.resolve(tenantId),
    json: (_port, path) => Promise.resolve({ status: 200, value: path.startsWith('/api/health') ? health : summary }),
    ...options.parts,
  }
  const terminal = createTerminal({ write }, {})
  const started = start({ tenant: options.tenant, verbose: false }, { env: options.env ?? {}, terminal, stopped: controller.signal }, parts)
  const error = await started.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { events, host: hostOptions[0], text, error }
}

describe('start', () => {
  test('start: everything starts, reads once, says where to look, and stops in reverse order', async () => {
    const { events, host, text, error } = await run()
    expect(error).toBeUndefined()
    expect(events).toEqual([
      'emulator starts',
      'tenant starts',
      'host starts',
      'monitorSignIns runs',
      'host stops',
      'tenant stops',
      'emulator stops',
    ])
    expect(host).toMatchObject({
      port: 7071,
      timers: true,
      env: {
        GRAPH_BASE_URL: 'http://127.0.0.1:4999',
        TENANT_ID: tenantId,
        TABLES_ENDPOINT: 'http://127.0.0.1:10999/devstoreaccount1',
        LOOKBACK_HOURS: '24',
        MONITOR_MODE: 'local',
      },
    })
    for (const part of ['Out of 12 sign-ins.', 'http://localhost:7999/api/summary?window=24h', '/api/health', '/api/series?'])
      expect(text).toContain(part)
  })

  test('start: what the environment gives is neither started nor changed', async () => {
    const env = {
      GRAPH_BASE_URL: 'http://127.0.0.1:1',
      TABLES_ENDPOINT: 'http://127.0.0.1:2/devstoreaccount1',
      TENANT_ID: tenantId,
      LOOKBACK_HOURS: '5',
    }
    const { events, host } = await run({ env })
    expect(events).toEqual(['host starts', 'monitorSignIns runs', 'host stops'])
    expect(host?.env).toMatchObject(env)
  })

  test('start: with TIMERS=off nothing runs by itself, and it says how to run it', async () => {
    const { events, host, text } = await run({ env: { TIMERS: 'off', PORT: '8080' } })
    expect(events).not.toContain('monitorSignIns runs')
    expect(host).toMatchObject({ timers: false, port: 8080 })
    expect(text).toContain('http://localhost:7999/admin/functions/monitorSignIns')
  })

  test('start: a named tenant is read with the login of the developer', async () => {
    const resolveTenant = jest.fn().mockResolvedValue(tenantId)
    const { events, host } = await run({ tenant: 'contoso.example', env: { CLOUD: 'usGovernment' }, parts: { resolveTenant } })
    expect(resolveTenant).toHaveBeenCalledWith('contoso.example', 'https://login.microsoftonline.us')
    expect(events).not.toContain('tenant starts')
    expect(host?.env).toMatchObject({ TENANT_ID: tenantId, MONITOR_CREDENTIAL: 'developer' })
    expect(host?.env).not.toHaveProperty('GRAPH_BASE_URL')
  })

  test.each`
    env                             | message
    ${{ LOOKBACK_HOURS: 'a week' }} | ${/LOOKBACK_HOURS has to be a whole number/}
    ${{ STREAMS: 'all' }}           | ${/STREAMS/}
    ${{ PORT: 'x' }}                | ${/^PORT has to be/}
  `('start: $env is refused before anything starts', async ({ env, message }) => {
    const { events, error } = await run({ env })
    expect(error).toMatchObject({ code: 'setting-invalid', message: expect.stringMatching(message) })
    expect(events).toEqual([])
  })

  test('start: where the host cannot start, what had started stops', async () => {
    const startFunctionsHost = () => Promise.reject(Object.assign(new Error('Port 7071 is in use'), { code: 'setting-invalid' }))
    const { events, error } = await run({ parts: { startFunctionsHost } })
    expect(error).toMatchObject({ message: 'Port 7071 is in use' })
    expect(events).toEqual(['emulator starts', 'tenant starts', 'tenant stops', 'emulator stops'])
  })

  test('start: a stop during the start starts nothing more', async () => {
    expect((await run({ stopAtOnce: true })).events).toEqual([])
  })

  test('start: a first reading that breaks is said, and the timer goes on', async () => {
    const startFunctionsHost: StartParts['startFunctionsHost'] = () =>
      Promise.resolve({ port: 7999, functions: [], run: () => Promise.reject(new Error('no table')), stop: () => Promise.resolve() })
    const { text, error } = await run({ parts: { startFunctionsHost } })
    expect(error).toBeUndefined()
    expect(text).toContain('The first reading failed, and the timer tries again: no table')
  })

  test('start: a wrong setting that only the app finds ends it', async () => {
    const json: StartParts['json'] = () => Promise.resolve({ status: 500, value: { code: 'setting-invalid', detail: 'SITES is wrong.' } })
    const { error, events } = await run({ parts: { json } })
    expect(error).toMatchObject({ code: 'setting-invalid', message: 'SITES is wrong.' })
    expect(events.slice(-3)).toEqual(['host stops', 'tenant stops', 'emulator stops'])
  })

  test('start: streams that cannot be read are named with their reasons', async () => {
    const value = { ...health, streams: [{ stream: 'servicePrincipal', state: 'unlicensed', detail: 'The tenant has no\nlicence.' }] }
    const json: StartParts['json'] = (_port, path) =>
      Promise.resolve(path.startsWith('/api/health') ? { status: 503, value } : { status: 200, value: summary })
    const { text } = await run({ parts: { json } })
    expect(text).toContain('  servicePrincipal: unlicensed, The tenant has no licence.\n')
  })
})
