import type { TokenCredential } from '@azure/identity'
import { isHealthy } from '../../shared/pipelines/answerHealth'
import { day, formatInstant, hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import type { StreamState } from '../../shared/signIns/streamState'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { type FaultyMonitor, useFaultyMonitor } from '../support/faultyMonitor'
import { graphErrorAnswer } from '../support/faultyTenant'
import type { Meddle } from '../support/meddlingProxy'

const noon = parseInstant('2026-03-10T12:02:00Z') ?? Number.NaN
const struck: StreamId = 'servicePrincipal'

const open = useFaultyMonitor(noon)

const stateOf = async ({ monitor }: FaultyMonitor, stream: StreamId): Promise<StreamState | undefined> =>
  (await monitor.health()).streams.find((one) => one.stream === stream)?.state
const detailOf = async ({ monitor }: FaultyMonitor, stream: StreamId): Promise<string | null | undefined> =>
  (await monitor.health()).streams.find((one) => one.stream === stream)?.detail
/** The alerts about streams. */
const firing = async ({ monitor }: FaultyMonitor): Promise<string[]> =>
  (await monitor.ports.alerts.load()).alerts
    .filter(({ state, rule }) => state === 'firing' && rule.startsWith('stream-'))
    .map(({ rule }) => rule)

const denied = graphErrorAnswer(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
const unlicensed = graphErrorAnswer(
  403,
  'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
  'Neither tenant is B2C or has a premium license.',
)

test('fault graph-outage: stalled after 20 minutes with an alert, holes in the series, and everything is read when Graph is back', async () => {
  const faulty = await open()
  const { monitor, graph, counted, truth } = faulty
  await monitor.tick()
  const before = { from: noon - 62 * minute, to: noon - 2 * minute }
  const known = await counted(before)
  graph.fault = () => graphErrorAnswer(503, 'ServiceUnavailable', 'Not now.')
  await monitor.tickUntil(noon + 15 * minute)
  expect(await stateOf(faulty, 'interactiveUser')).toBe('current')
  await monitor.tickUntil(noon + 30 * minute)
  const health = await monitor.health()
  expect([health.status, isHealthy(health), health.lastRun.result]).toEqual(['failing', false, 'failed'])
  expect(health.streams).toMatchObject(
    streamIds.map((stream) => ({ stream, state: 'stalled', detail: expect.stringContaining('HTTP 503') })),
  )
  expect(await firing(faulty)).toEqual(['stream-stalled'])
  expect(await counted(before)).toEqual(known)
  const during = { from: noon + 3 * minute, to: noon + 28 * minute }
  const { totals, completeness } = await monitor.summary({ window: during })
  expect(totals.series.map(([, value]) => value)).toEqual([null, null, null, null, null])
  expect(completeness).toMatchObject({ complete: false, excluded: [] })

  graph.fault = () => undefined
  await monitor.tickUntil(noon + 50 * minute)
  expect(await firing(faulty)).toEqual([])
  expect(isHealthy(await monitor.health())).toBe(true)
  const all = { from: before.from, to: during.to }
  expect(await counted(all)).toEqual(await truth(all))
  expect((await monitor.summary({ window: during })).totals.series.every(([, value]) => value !== null)).toBe(true)
})

test.each`
  fault                 | spoil         | state           | said
  ${'permission-later'} | ${denied}     | ${'forbidden'}  | ${/AuditLog\.Read\.All/}
  ${'licence-later'}    | ${unlicensed} | ${'unlicensed'} | ${/P1 or P2 licence/}
`(
  'fault $fault: one stream that never worked is $state at once, the others go on, and it is read whole once it may be',
  async ({ spoil, state, said }) => {
    const faulty = await open()
    const { monitor, graph, counted, truth } = faulty
    graph.fault = ({ stream }) => (stream === struck ? spoil : undefined)
    await monitor.tick()
    await monitor.tickUntil(noon + minute, minute)
    const health = await monitor.health()
    expect(health.streams.map(({ stream, state: each }) => [stream, each])).toEqual(
      streamIds.map((id) => [id, id === struck ? state : 'current']),
    )
    expect([health.status, isHealthy(health)]).toEqual(['degraded', true])
    expect(await detailOf(faulty, struck)).toMatch(said)
    expect(await firing(faulty)).toEqual(['stream-forbidden'])
    const all = { from: noon - 62 * minute, to: noon - 12 * minute }
    const { totals, completeness } = await monitor.summary({ window: all })
    const honest = await graph.truth(all)
    expect(totals.signIns).toBe(honest.signIns - honest.streams[struck])
    expect(completeness).toMatchObject({ complete: false, excluded: [struck] })

    graph.fault = () => undefined
    await monitor.tickUntil(noon + 10 * minute)
    expect(await counted(all)).toEqual(await truth(all))
    expect([await stateOf(faulty, struck), await detailOf(faulty, struck), await firing(faulty)]).toEqual(['current', null, []])
  },
)

test('fault licence-later: without a licence nothing is readable and the monitor is failing, and one request a stream and tick asks again', async () => {
  const { monitor, graph, counted, truth } = await open()
  graph.fault = () => unlicensed
  await monitor.tick()
  const health = await monitor.health()
  expect([health.status, isHealthy(health)]).toEqual(['failing', false])
  expect(health.streams).toMatchObject(streamIds.map(() => ({ state: 'unlicensed' })))
  expect(graph.requests).toHaveLength(streamIds.length)
  graph.fault = () => undefined
  await monitor.tickUntil(noon + 10 * minute)
  const all = { from: noon - 62 * minute, to: noon - 2 * minute }
  expect(await counted(all)).toEqual(await truth(all))
})

test('fault stream-forbidden: a stream that worked is forbidden after 15 minutes, keeps its counts, and is read from where it stopped', async () => {
  const faulty = await open()
  const { monitor, graph, counted, truth } = faulty
  await monitor.tick()
  const known = { from: noon - 62 * minute, to: noon - 12 * minute }
  graph.fault = ({ stream }) => (stream === struck ? denied : undefined)
  await monitor.tickUntil(noon + 15 * minute)
  expect([await stateOf(faulty, struck), await firing(faulty)]).toEqual(['current', []])
  await monitor.tickUntil(noon + 20 * minute)
  expect([await stateOf(faulty, struck), await firing(faulty)]).toEqual(['forbidden', ['stream-forbidden']])
  expect(await counted(known)).toEqual(await truth(known))
  graph.fault = () => undefined
  await monitor.tickUntil(noon + 40 * minute)
  const all = { from: known.from, to: noon + 28 * minute }
  expect(await counted(all)).toEqual(await truth(all))
  expect(await stateOf(faulty, struck)).toBe('current')
})

test('fault 403-passing: one refusal of a stream that works changes no state and loses nothing', async () => {
  const faulty = await open()
  const { monitor, graph, counted, truth } = faulty
  await monitor.tick()
  graph.fault = ({ stream }) => (stream === struck ? denied : undefined)
  await monitor.tickUntil(noon + 5 * minute)
  expect(await detailOf(faulty, struck)).toMatch(/AuditLog\.Read\.All/)
  graph.fault = () => undefined
  await monitor.tickUntil(noon + 25 * minute, 10 * minute)
  expect([await stateOf(faulty, struck), await detailOf(faulty, struck)]).toEqual(['current', null])
  const all = { from: noon - 62 * minute, to: noon + 8 * minute }
  expect(await counted(all)).toEqual(await truth(all))
})

/** Tokens with a number, each good for an hour of the monitor's clock. */
function numberedTokens(): { credential: TokenCredential; isBroken: boolean; issued: number } {
  const tokens = {
    isBroken: false,
    issued: 0,
    credential: {
      getToken: async () => {
        if (tokens.isBroken) {
          throw Object.assign(new Error('AADSTS50034: The user somebody@company.example does not exist in this directory.'), {
            name: 'CredentialUnavailableError',
          })
        }
        tokens.issued += 1
        return { token: `token-${tokens.issued}`, expiresOnTimestamp: noon + day }
      },
    },
  }
  return tokens
}

test('fault 401: a token that is refused in the middle of a window is replaced, and the page is asked for again', async () => {
  const tokens = numberedTokens()
  const { monitor, graph, counted, truth } = await open({ credential: tokens.credential })
  const expired = graphErrorAnswer(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.')
  graph.fault = ({ isLinked, authorization }) => (isLinked && authorization === 'Bearer token-1' ? expired : undefined)
  expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
  const all = { from: noon - 62 * minute, to: noon - 2 * minute }
  expect(await counted(all)).toEqual(await truth(all))
  expect(tokens.issued).toBe(2)
  expect(new Set(graph.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer token-1', 'Bearer token-2']))

  graph.fault = () => expired
  await monitor.tickUntil(noon + 5 * minute)
  expect((await monitor.health()).lastRun).toMatchObject({ result: 'failed', detail: expect.stringMatching(/does not accept the token/) })
  expect(JSON.stringify([monitor.lines, await monitor.ports.runs.read()])).not.toMatch(/Bearer|token-\d/)
  expect(await counted(all)).toEqual(await truth(all))
})

test('fault no-token: nothing is sent, health names what to check and nobody, and everything is read once there is a token', async () => {
  const tokens = numberedTokens()
  tokens.isBroken = true
  const { monitor, graph, counted, truth } = await open({ credential: tokens.credential })
  expect(await monitor.tick()).toMatchObject({ result: 'failed' })
  const health = await monitor.health()
  expect(health.streams).toMatchObject(
    streamIds.map(() => ({ state: 'starting', detail: expect.stringMatching(/no token.*AADSTS50034.*managed identity.*az login/) })),
  )
  expect(JSON.stringify([health, monitor.lines])).not.toContain('somebody')
  expect(graph.requests).toEqual([])
  tokens.isBroken = false
  await monitor.tickUntil(noon + 5 * minute)
  const all = { from: noon - 62 * minute, to: noon - 2 * minute }
  expect(await counted(all)).toEqual(await truth(all))
})

const named = (earliest: Instant): Meddle =>
  graphErrorAnswer(400, 'BadRequest', `Minimum allowed time to query is ${formatInstant(earliest)}. Please change the filter.`)
const unnamed = (): Meddle => graphErrorAnswer(400, 'BadRequest', 'The filter begins before the retention period of this tenant.')

test.each`
  fault                        | kept        | lookbackHours | refusal
  ${'short-retention'}         | ${7 * day}  | ${192}        | ${named}
  ${'short-retention-unnamed'} | ${9 * hour} | ${24}         | ${unnamed}
`(
  'fault $fault: what a tenant keeps is read, and nothing older is asked for again or called 0',
  async ({ kept, lookbackHours, refusal }) => {
    const faulty = await open({
      historyHours: lookbackHours + 2,
      rowsPerDay: 300,
      options: { streams: ['interactiveUser'], lookbackHours },
      source: { pageSize: 1_000, pageBytesMax: 64 * 1024 * 1024 },
    })
    const { monitor, graph } = faulty
    let refused = 0
    graph.fault = ({ from }) => {
      if (from >= monitor.now - kept) return undefined
      refused += 1
      return refusal(monitor.now - kept)
    }
    await monitor.tickUntil(noon + 20 * minute, 4 * minute)
    expect(refused).toBeGreaterThan(0)
    expect(await stateOf(faulty, 'interactiveUser')).toBe('current')
    const { bucketsPending, completeFrom } = await monitor.progress('interactiveUser')
    expect(bucketsPending).toBe(0)
    expect(completeFrom).toBeGreaterThanOrEqual(noon - kept)
    expect(completeFrom).toBeLessThan(noon - kept + 4 * hour)
    const read = { from: noon - 2 * minute - kept + 4 * hour, to: noon - 2 * minute }
    const { totals } = await monitor.summary({ window: read, streams: ['interactiveUser'], grain: '1h' })
    expect(totals.signIns).toBe((await graph.truth(read)).streams.interactiveUser)
    const older = { from: noon - 2 * minute - lookbackHours * hour, to: noon - 2 * minute - kept - hour }
    const { totals: lost } = await monitor.summary({ window: older, streams: ['interactiveUser'], grain: '1h' })
    expect(lost.series.map(([, value]) => value)).toEqual(lost.series.map(() => null))
    const before = refused
    await monitor.tickUntil(noon + 24 * minute, 4 * minute)
    expect(refused).toBe(before)
    expect((await monitor.health()).lastRun).toMatchObject({ result: 'ok', detail: '' })
  },
)

test.each`
  fault             | clockError | words
  ${'clock-ahead'}  | ${hour}    | ${'60 minutes ahead of'}
  ${'clock-behind'} | ${-hour}   | ${'60 minutes behind'}
`('fault $fault: with our clock an hour wrong every count is exact and nothing is final too early', async ({ clockError, words }) => {
  const faulty = await open({ clockError, options: { lookbackHours: 3 }, historyHours: 4 })
  const { monitor, counted, truth } = faulty
  await monitor.tickUntil(noon + 10 * minute)
  const graphNow = monitor.now - clockError
  const read = Math.min(graphNow, monitor.now)
  const known = { from: noon - 2 * hour, to: read - 20 * minute }
  const onBuckets = { from: known.from - (known.from % (5 * minute)), to: known.to - (known.to % (5 * minute)) }
  expect(await counted(onBuckets)).toEqual(await truth(onBuckets))
  expect(await stateOf(faulty, 'interactiveUser')).toBe('current')
  expect((await monitor.health()).lastRun.detail).toContain(`${words} that of Microsoft Graph`)
  const { completeTo } = await monitor.progress('interactiveUser')
  expect(completeTo).toBeLessThanOrEqual(graphNow - 10 * minute)

  await monitor.tickUntil(noon + 3 * hour + 30 * minute, 30 * minute)
  const later = { from: onBuckets.from, to: onBuckets.to + 2 * hour }
  expect(await counted(later)).toEqual(await truth(later))
})

test('fault platform-outage: without a tick health says stalled by itself, and what was missed is read afterwards', async () => {
  const faulty = await open()
  const { monitor, counted, truth } = faulty
  await monitor.tick()
  monitor.now = noon + 3 * hour
  const health = await monitor.health()
  expect([health.status, isHealthy(health)]).toEqual(['failing', false])
  expect(health.streams).toMatchObject(streamIds.map(() => ({ state: 'stalled' })))
  await monitor.tickUntil(noon + 3 * hour + 5 * minute, minute)
  expect(isHealthy(await monitor.health())).toBe(true)
  const all = { from: noon - 62 * minute, to: noon + 2 * hour + 43 * minute }
  expect(await counted(all)).toEqual(await truth(all))
})
