import { InvocationContext } from '@azure/functions'
import { currentLog } from '../../shared/runtime/log'
import { ticking } from '../../shared/runtime/ticking'
import { childSpan } from '../../shared/runtime/trace'
import type { Wiring } from '../../shared/runtime/wiring'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const keptEnvironment = { ...process.env }
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const lines: string[] = []
const context = new InvocationContext({
  functionName: 'monitorSignIns',
  logHandler: (level, ...args) => void lines.push(`${level}: ${args.join(' ')}`),
  traceContext: { traceParent: `00-${traceId}-00f067aa0ba902b7-01` },
})
const tick = (work: (wired: Wiring) => Promise<void>) => ticking(work)({} as never, context)

// The wiring is kept once it was made: every test has the same tables.
beforeAll(() => {
  process.env = { ...keptEnvironment, TENANT_ID: freshTenant(), TABLES_ENDPOINT: endpoint(), MONITOR_MODE: 'local' }
})
afterAll(() => {
  process.env = keptEnvironment
})
beforeEach(() => {
  lines.length = 0
})

test('ticking: work is logged and traced under its invocation, and what it counted is written at its end', async () => {
  let stored: unknown
  await tick(async ({ meter }) => {
    currentLog('info', 'A line of the work.', { span: childSpan()?.traceId ?? null })
    meter.count('runs', ['ok'])
  })
  await tick(async ({ ports }) => {
    stored = await ports.counters.read()
  })
  expect(lines).toEqual([`information: A line of the work. {"span":"${traceId}"}`])
  expect(stored).toEqual({ 'runs|ok': 1 })
})

test('ticking: work that fails fails, and what it counted is written all the same', async () => {
  const failing = tick(async ({ meter }) => {
    meter.count('runs', ['failed'])
    throw new RangeError('The work failed.')
  })
  await expect(failing).rejects.toThrow('The work failed.')
  await tick(async ({ ports }) => expect(await ports.counters.read()).toMatchObject({ 'runs|failed': 1 }))
})

test('ticking: counts that cannot be written fail no run, and are with the next one', async () => {
  await tick(async (wired) => {
    const { add } = wired.ports.counters
    let isAway = true
    Object.assign(wired.ports.counters, {
      add: (...counts: Parameters<typeof add>) => {
        if (!isAway) return add(...counts)
        isAway = false
        return Promise.reject(new Error('away'))
      },
    })
    wired.meter.count('runs', ['partial'])
  })
  expect(lines).toEqual([expect.stringMatching(/^warning: The counters were not written/)])
  await tick(async () => undefined)
  await tick(async ({ ports }) => expect(await ports.counters.read()).toMatchObject({ 'runs|partial': 1 }))
})
