import { gzipSync } from 'node:zlib'
import { type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import type { StreamId } from '../../shared/signIns/streams'
import { useFaultyMonitor } from '../support/faultyMonitor'
import { changedPage, graphErrorAnswer, plainAnswer } from '../support/faultyTenant'
import { give, type Meddle } from '../support/meddlingProxy'

const noon = parseInstant('2026-03-10T12:02:00Z') ?? Number.NaN

const open = useFaultyMonitor(noon)

const busy = (headers: Readonly<Record<string, string>> = {}): Meddle => graphErrorAnswer(503, 'ServiceUnavailable', 'Not now.', headers)
const throttled = (headers: Readonly<Record<string, string>> = {}): Meddle => graphErrorAnswer(429, 'TooManyRequests', '', headers)
const linkingTo = (link: string): Meddle => changedPage((page) => ({ ...page, '@odata.nextLink': link }))
const html = '<html><h1>This is a page for people.</h1></html>'

/** Half of the body, and then nothing more of this connection. */
const resetInBody: Meddle = async ({ forward, response }) => {
  const { status, headers, body } = await forward()
  response.writeHead(status, { ...headers, 'content-length': body.byteLength })
  response.write(body.subarray(0, body.byteLength >> 1), () => response.destroy())
}
const truncated: Meddle = async ({ forward, response }) => {
  const answer = await forward()
  give(response, answer, { body: answer.body.subarray(0, answer.body.byteLength - 3) })
}
const brokenGzip: Meddle = async ({ forward, response }) => {
  const answer = await forward()
  const zipped = gzipSync(answer.body)
  zipped.fill(0xff, zipped.byteLength >> 1)
  give(response, answer, { headers: { ...answer.headers, 'content-encoding': 'gzip' }, body: zipped })
}
const bodyWithoutEnd: Meddle = ({ response }) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"value":[')
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}
const oversized: Meddle = ({ response }) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const spaces = Buffer.alloc(256 * 1024, ' ')
  const pour = (): void => {
    while (response.writable && response.write(spaces));
  }
  response.on('drain', pour)
  pour()
}
const oversizedGzip: Meddle = ({ response }) => {
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    .end(gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')))
}
let links = 0
const endlessLinks: Meddle = ({ request, response }) => {
  const next = new URL(request.url)
  next.searchParams.set('$skiptoken', `on-${links++}`)
  const page = { value: [], '@odata.nextLink': next.href }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page))
}

interface AnswerFault {
  readonly fault: string
  readonly spoil: Meddle
  /** Which requests it can strike: any one where it is left out, or all of a reading together. */
  readonly strikes?: 'linked pages' | 'whole readings'
  /** Whether a fault that passes is over before anybody hears of it, or the window has to be read again. */
  readonly once: 'unseen' | 'window read again'
  /** What health says of the stream while the fault lasts. */
  readonly detail: RegExp
}

const faults: readonly AnswerFault[] = [
  { fault: '429-seconds', spoil: throttled({ 'retry-after': '7' }), once: 'unseen', detail: /HTTP 429.*throttles/ },
  { fault: '429-fraction', spoil: throttled({ 'retry-after': '2.128' }), once: 'unseen', detail: /HTTP 429/ },
  { fault: '429-date', spoil: throttled({ 'retry-after': 'Tue, 10 Mar 2026 12:02:20 GMT' }), once: 'unseen', detail: /HTTP 429/ },
  { fault: '429-silent', spoil: throttled(), once: 'unseen', detail: /HTTP 429/ },
  { fault: '503', spoil: busy(), once: 'unseen', detail: /HTTP 503, ServiceUnavailable/ },
  { fault: '503-retry-after', spoil: busy({ 'retry-after': '7' }), once: 'unseen', detail: /HTTP 503/ },
  { fault: '504', spoil: graphErrorAnswer(504, 'GatewayTimeout', ''), once: 'unseen', detail: /HTTP 504.*shorter window/ },
  { fault: '500', spoil: graphErrorAnswer(500, 'InternalServerError', ''), once: 'unseen', detail: /HTTP 500/ },
  { fault: '502-html', spoil: plainAnswer(502, html, { 'content-type': 'text/html' }), once: 'unseen', detail: /HTTP 502/ },
  { fault: 'html-200', spoil: plainAnswer(200, html, { 'content-type': 'text/html' }), once: 'unseen', detail: /not a whole page of JSON/ },
  { fault: 'truncated-json', spoil: truncated, once: 'unseen', detail: /not a whole page of JSON/ },
  { fault: 'reset-in-body', spoil: resetInBody, once: 'unseen', detail: /no answer, \w+\): the connection to Graph failed/ },
  {
    fault: 'connection-refused',
    spoil: ({ response }) => void response.destroy(),
    once: 'unseen',
    detail: /no answer, \w+\): the connection/,
  },
  { fault: 'broken-gzip', spoil: brokenGzip, once: 'unseen', detail: /no answer, \w+\): the connection to Graph failed/ },
  { fault: 'body-without-end', spoil: bodyWithoutEnd, once: 'unseen', detail: /no answer, timeout\).*shorter window/ },
  { fault: 'slow-answer', spoil: () => undefined, once: 'unseen', detail: /no answer, timeout\).*shorter window/ },
  { fault: 'unsupported-query', spoil: graphErrorAnswer(400, 'UnknownError', 'Unsupported Query.'), once: 'unseen', detail: /HTTP 400/ },
  {
    fault: 'skip-token-null',
    spoil: graphErrorAnswer(400, 'BadRequest', 'Invalid Skip Token, skip token is null'),
    strikes: 'linked pages',
    once: 'unseen',
    detail: /HTTP 400, BadRequest\).*read again/,
  },
  {
    fault: 'page-token-lost',
    spoil: graphErrorAnswer(400, 'DirectoryPageTokenNotFoundException', ''),
    strikes: 'linked pages',
    once: 'window read again',
    detail: /lost its place.*read again/,
  },
  {
    fault: 'page-gone',
    spoil: graphErrorAnswer(404, 'ResourceNotFound', ''),
    strikes: 'linked pages',
    once: 'window read again',
    detail: /next page is gone.*read again/,
  },
  {
    fault: 'repeated-link',
    spoil: changedPage((page, { request }) => ({ ...page, '@odata.nextLink': request.url.href })),
    strikes: 'linked pages',
    once: 'window read again',
    detail: /same page twice.*read again/,
  },
  {
    fault: 'foreign-link',
    spoil: linkingTo('https://graph.example.org/beta/auditLogs/signIns?$skiptoken=1'),
    once: 'window read again',
    detail: /does not lead back to http:\/\/127\.0\.0\.1:\d+ and is not followed/,
  },
  {
    fault: 'endless-links',
    spoil: endlessLinks,
    strikes: 'whole readings',
    once: 'window read again',
    detail: /goes on after 200 pages.*shorter/,
  },
  { fault: 'oversized-body', spoil: oversized, once: 'window read again', detail: /larger than is taken in.*fewer rows/ },
  { fault: 'oversized-gzip', spoil: oversizedGzip, once: 'window read again', detail: /larger than is taken in.*fewer rows/ },
  {
    fault: 'redirect',
    spoil: plainAnswer(302, '', { location: 'http://127.0.0.1:1/' }),
    once: 'window read again',
    detail: /redirect.*check the root/,
  },
  {
    fault: 'rejected-query',
    spoil: graphErrorAnswer(400, 'BadRequest', 'Invalid filter clause'),
    once: 'window read again',
    detail: /rejected the query/,
  },
]

const struck: StreamId = 'nonInteractiveUser'

test.each(faults)(
  'fault $fault: once it is $once, lasting it stops one stream and says why, and in the end every count is right',
  async ({ spoil, strikes, once, detail }) => {
    const { monitor, graph, counted, truth } = await open({ source: { requestTimeoutMs: 200 } })
    let left = 1
    graph.fault = ({ stream, isLinked }) => {
      if (stream !== struck || (strikes === 'linked pages' && !isLinked) || left <= 0) return undefined
      if (strikes !== 'whole readings') left -= 1
      return spoil
    }
    const seen = async () => {
      const health = await monitor.health()
      return Object.fromEntries(health.streams.map(({ stream, state, detail: said }) => [stream, { state, said }]))
    }

    const first = await monitor.tick()
    if (strikes === 'whole readings') left = 0
    expect(left).toBe(0)
    expect(first?.detail ?? '').toMatch(once === 'unseen' ? /^$/ : detail)
    monitor.now = noon + 5 * minute
    if (once !== 'unseen') expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
    const before = { from: noon - 62 * minute, to: noon - 2 * minute }
    expect(await counted(before)).toEqual(await truth(before))

    left = Number.POSITIVE_INFINITY
    const brokenAt: Instant = monitor.now
    await monitor.tickUntil(brokenAt + 10 * minute, 10 * minute)
    expect(await seen()).toMatchObject({
      interactiveUser: { state: 'current', said: null },
      [struck]: { state: 'current', said: expect.stringMatching(detail) },
    })
    expect(await counted(before)).toEqual(await truth(before))
    const { totals } = await monitor.summary({ window: { from: noon + 8 * minute, to: noon + 13 * minute } })
    expect(totals.series.map(([, value]) => value)).toEqual([null])

    left = 0
    await monitor.tickUntil(monitor.now + 20 * minute, 20 * minute)
    const all = { from: before.from, to: noon + 18 * minute }
    expect(await counted(all)).toEqual(await truth(all))
    expect(await seen()).toMatchObject({ [struck]: { state: 'current', said: null } })
    expect(graph.tenant.requests.filter(({ status }) => status === 429)).toEqual([])
  },
)
