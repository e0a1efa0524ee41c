import type { Summary } from '../../shared/aggregates/summary'
import { createRateBudget } from '../../shared/graph/rateBudget'
import { createSignInSource } from '../../shared/graph/signInSource'
import { answerHealth, type Health, isHealthy } from '../../shared/pipelines/answerHealth'
import { answerSummary } from '../../shared/pipelines/answerSummary'
import { monitorSignIns } from '../../shared/pipelines/monitorSignIns'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { Ports } from '../../shared/pipelines/ports'
import { bucketLength } from '../../shared/signIns/buckets'
import { formatInstant, hour, type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'

import { createAlertStore } from '../../shared/tables/alertStore'
import { createBucketStore } from '../../shared/tables/bucketStore'
import { createRunStore } from '../../shared/tables/runStore'
import { virtualOptions } from '../pipelines/virtualOptions'
import { openVirtualTable } from '../simulation/virtualTable'
import { startVirtualTime, type VirtualTime } from '../simulation/virtualTime'

const begin = parseInstant('2026-03-10T08:00:00Z') ?? Number.NaN
const tenantId = '5e1f0c9a-7b3d-4d62-9a41-c0ffee2026aa'
/** Four requests in 10 seconds bring 240 rows of such pages a minute. */
const pageRows = 10
const answerTime = 1_200

const options: MonitorOptions = { ...virtualOptions(tenantId), lookbackHours: 1 }

/** How many sign-ins a minute has of each stream. */
type Traffic = (eventType: string, at: Instant) => number

/** A Graph whose sign-ins a formula gives; they show two minutes after they happened. `spoil` may answer in its place. */
function graphOf(time: VirtualTime, traffic: Traffic, spoil: (link: boolean) => Response | undefined): typeof fetch {
  const known = new Map<string, readonly (() => Record<string, unknown>)[]>()
  return async (input, init) => {
    await time.sleep(answerTime, init?.signal ?? undefined)
    const url = new URL(String(input))
    const spoilt = spoil(url.searchParams.has('place'))
    if (spoilt) return spoilt
    const filter = url.searchParams.get('$filter') ?? ''
    const [, from = '', to = '', eventType = ''] = /ge (\S+) and createdDateTime le (\S+) and .*eq '(\w+)'/.exec(filter) ?? []
    const place = Number(url.searchParams.get('place') ?? 0)
    const seenAt = Number(url.searchParams.get('seenAt') ?? time.now)
    const query = `${filter} ${seenAt}`
    const seenTo = Math.min(parseInstant(to) ?? 0, seenAt - 2 * minute)
    const rows = known.get(query) ?? rowsBetween(traffic, eventType, parseInstant(from) ?? 0, seenTo)
    known.set(query, rows)
    url.searchParams.set('place', String(place + pageRows))
    url.searchParams.set('seenAt', String(seenAt))
    const more = rows.length > place + pageRows ? { '@odata.nextLink': url.href } : {}
    const body = JSON.stringify({ value: rows.slice(place, place + pageRows).map((row) => row()), ...more })
    return new Response(body, { headers: { 'content-type': 'application/json', date: new Date(time.now).toUTCString() } })
  }
}

function rowsBetween(traffic: Traffic, eventType: string, from: Instant, to: Instant): (() => Record<string, unknown>)[] {
  const rows: (() => Record<string, unknown>)[] = []
  for (let start = from - (from % minute); start <= to; start += minute) {
    const count = traffic(eventType, start)
    for (let index = 0; index < count; index++) {
      const at = start + Math.floor((index * minute) / count)
      if (at < from || at > to) continue
      rows.push(() => ({
        id: `${eventType}-${start}-${index}`,
        createdDateTime: formatInstant(at),
        signInEventTypes: [eventType],
        status: { errorCode: 0 },
      }))
    }
  }
  return rows
}

interface Situation {
  readonly health: Health
  readonly summary: Summary
  readonly alerts: readonly { readonly rule: string; readonly severity: string }[]
}

/** Lives through some hours of a tenant, a run a minute, and says how it stands at each of some minutes after the begin. */
async function live(
  minutes: readonly number[],
  traffic: Traffic,
  spoil: (at: Instant, link: boolean) => Response | undefined = () => undefined,
) {
  const time = startVirtualTime(begin)
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => time.timeout(milliseconds))
  const clock = (): Instant => time.now
  const sleep = (milliseconds: number, abort?: AbortSignal): Promise<void> => time.sleep(milliseconds, abort)
  const clients = { buckets: openVirtualTable(), runs: openVirtualTable(), alerts: openVirtualTable() }
  const source = createSignInSource({
    root: 'http://127.0.0.1:4010',
    credential: undefined,
    scope: '',
    budget: createRateBudget({ clock, sleep, random: () => 0.5 }),
    clock,
    elapsed: clock,
    sleep,
    random: () => 0.5,
    fetch: graphOf(time, traffic, (link) => spoil(time.now, link)),
    pageSize: pageRows,
    requestTimeoutMs: 30 * second,
    retriesMax: 2,
    pagesMax: 2_000,
    pageBytesMax: 1_000_000,
  })
  const ports: Ports = {
    clock,
    signIns: { ...source, pageRows },
    buckets: createBucketStore({ clients, tenantId }),
    runs: createRunStore({ clients, tenantId }),
    alerts: createAlertStore({ clients, tenantId, clock }),
    notifier: { receivers: () => [], deliver: async () => ({ kind: 'dead', reason: 'clientError' }) },
    log: () => undefined,
  }
  const situations: Situation[] = []
  const look = async (): Promise<void> => {
    const to = time.now - (time.now % bucketLength)
    const query = {
      window: { from: to - hour, to },
      grain: '5m',
      streams: options.streams,
      families: undefined,
      top: 1,
      language: 'en',
    } as const
    const { alerts } = await ports.alerts.load()
    situations.push({
      health: await answerHealth({ runs: ports.runs, clock }, options),
      summary: await (await answerSummary(query, ports, options)).body(),
      alerts: alerts.filter(({ state }) => state === 'firing'),
    })
  }
  const work = async (): Promise<void> => {
    for (let run = 0; situations.length < minutes.length; run++) {
      await monitorSignIns(ports, options, `run ${run}`)
      await sleep(minute - (time.now % minute))
      if (time.now >= begin + (minutes[situations.length] ?? 0) * minute) await look()
    }
  }
  try {
    await time.runUntil(work())
  } finally {
    timeout.mockRestore()
  }
  return situations
}

const statesOf = ({ health }: Situation): string[] => health.streams.filter(({ state }) => state !== 'disabled').map(({ state }) => state)
const detailOf = ({ health }: Situation): string | null | undefined =>
  health.streams.find(({ stream }) => stream === 'nonInteractiveUser')?.detail

/** 300 a minute are 150 pages a bucket, and 96 can be read in the time that one may take. */
const tooMuch: Traffic = (eventType) => (eventType === 'nonInteractiveUser' ? 300 : 2)
const quiet: Traffic = () => 2
const rates =
  /^More sign-ins come than can be read: about (\d+) a minute or more, each to be read twice, and (\d+) a minute were read\. .*STREAMS/

test('fault more-than-graph-gives: the stream is behind with both rates, never complete, and current again when less comes', async () => {
  const situations = await live([35, 60, 125], (eventType, at) => (at < begin + 60 * minute ? tooMuch : quiet)(eventType, at))
  const [early, late, after] = situations
  for (const situation of situations.slice(0, 2)) {
    expect(statesOf(situation)).toEqual(['current', 'behind'])
    expect(isHealthy(situation.health)).toBe(false)
    const [, arriving, read] = rates.exec(detailOf(situation) ?? '') ?? []
    // No bucket ends, so what it has is known as far as it was read.
    expect(Number(arriving)).toBeGreaterThan(150)
    expect(Number(arriving)).toBeLessThanOrEqual(310)
    expect(Number(read)).toBeGreaterThan(150)
    expect(Number(read)).toBeLessThanOrEqual(245)
    expect(situation.summary.completeness).toMatchObject({ complete: false, completeTo: null, excluded: [] })
    // A sum without the stream would look like a fall that never was. The bucket that was open at first is all that ended.
    const points = situation.summary.totals.series.flatMap(([, point]) => (point === null ? [] : [point.signIns]))
    expect(points.length).toBeLessThanOrEqual(1)
    expect(points.every((signIns) => signIns <= 5 * 302)).toBe(true)
  }
  expect(early?.health.status).toBe('degraded')
  expect(late?.health.status).toBe('degraded')
  expect(after && statesOf(after)).toEqual(['current', 'current'])
  const completeTo = parseInstant(after?.summary.completeness.completeTo ?? '') ?? Number.NaN
  const complete = after?.summary.totals.series.filter(([time]) => (parseInstant(time) ?? 0) < completeTo) ?? []
  expect(complete.length).toBeGreaterThanOrEqual(8)
  expect(complete.every(([, point]) => point?.signIns === 2 * 2 * 5)).toBe(true)
})

test('fault more-than-graph-gives: after buckets that could be read the stream is behind all the same, and in the end it is a warning', async () => {
  const [calm, early, late] = await live([20, 45, 85], (eventType, at) => (at < begin + 15 * minute ? quiet : tooMuch)(eventType, at))
  expect(calm && statesOf(calm)).toEqual(['current', 'current'])
  expect(early && statesOf(early)).toEqual(['current', 'behind'])
  expect(late && statesOf(late)).toEqual(['current', 'behind'])
  expect(detailOf(late ?? raise('Nothing was seen.'))).toMatch(rates)
  const { completeTo } = late?.summary.completeness ?? {}
  expect(parseInstant(completeTo ?? '')).toBeLessThanOrEqual(begin + 20 * minute)
  expect(late?.alerts).toEqual([expect.objectContaining({ rule: 'stream-stalled', severity: 'warning' })])
})

test('overload: a stream from which nothing more comes is stalled, and says why', async () => {
  const down = (at: Instant): Response | undefined => (at < begin + 35 * minute ? undefined : new Response('down', { status: 503 }))
  const [before, after] = await live([35, 60], tooMuch, down)
  expect(before && statesOf(before)).toEqual(['current', 'behind'])
  // Nothing was ever read of the stream.
  expect(after && statesOf(after)).toEqual(['stalled', 'starting'])
  expect(after && detailOf(after)).toContain('HTTP 503')
})

test('overload: a stream whose windows break off after their first page is stalled, for Graph could give more', async () => {
  const traffic: Traffic = (eventType) => (eventType === 'nonInteractiveUser' ? 50 : 2)
  const broken = (at: Instant, link: boolean): Response | undefined =>
    link && at > begin + 20 * minute ? new Response('gone', { status: 410 }) : undefined
  const [before, after] = await live([20, 55], traffic, broken)
  expect(before && statesOf(before)).toEqual(['current', 'current'])
  expect(after && statesOf(after)).toEqual(['current', 'stalled'])
  expect(after && detailOf(after)).toContain('HTTP 410')
})

const raise = (message: string): never => {
  throw new Error(message)
}
