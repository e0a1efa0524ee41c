import type { Random } from '../../local/simulatedTenant/random'
import type { WaitingRateBudget } from '../../shared/graph/rateBudget'
import type { SignInSource } from '../../shared/pipelines/ports'
import { GraphReadError } from '../../shared/runtime/errors'
import { formatInstant, hour, type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'
import { type StreamId, streams } from '../../shared/signIns/streams'
import type { FaultId, Faults } from './faults'
import { isTimeless, type LoggedSignIn, type RowVersion, type SignInLog, visibleVersion } from './signInLog'
import type { VirtualTime } from './virtualTime'

/** Root of the Graph that does not exist. */
export const graphRoot = 'https://graph.microsoft.com'

/**
 * The start of a reading is known from the date of its first answer, which is cut to a second, and from what the answer took,
 * which begins with the way to Graph: it may be said to be so much earlier than it was, and never later.
 */
export const startErrorMax = 3 * second

/** One reading of a window: from its first page to its last. */
export interface GraphReading {
  readonly stream: StreamId
  /** Both inclusive, as they were asked for. */
  readonly from: Instant
  readonly to: Instant
  /** When its first page was asked for. */
  readonly askedAt: Instant
  /** When the first page was made; its `Date`. */
  readonly firstAt: Instant
  /** Whether the last page was handed out whole. */
  isFinished: boolean
  /** Whether rows were kept back without a word. */
  isShort: boolean
}

/** What Graph does to everybody for some time. */
export interface GraphPeriods {
  /** Why a stream is refused or Graph is down at an instant; undefined when it answers. */
  readonly trouble: (
    stream: StreamId,
    now: Instant,
  ) => 'graph-outage' | 'stream-forbidden' | 'permission-later' | 'licence-later' | undefined
  /** How long sign-ins are kept, in milliseconds. */
  readonly retention: number
  readonly isRetentionShort: boolean
}

/** The sign-ins of the log, handed out as Graph does and fails to do. */
export interface VirtualGraph {
  /** A `fetch` that reaches this Graph alone. */
  fetch(url: string, init: RequestInit): Promise<Response>
  /** The same sign-ins page by page, without HTTP in between. */
  pageSource(budget: WaitingRateBudget, send: <Result>(work: () => Promise<Result>) => Promise<Result>): SignInSource
  /** A token that is accepted until it is refused. */
  issueToken(): string
  /** Readings whose first page was asked for at this time of Graph's clock or within {@link startErrorMax} after it. */
  readingsAt(stream: StreamId, readAt: Instant): readonly GraphReading[]
  /** Readings that kept rows back, oldest first. */
  readonly shortReadings: readonly GraphReading[]
}

interface Place {
  readonly reading: GraphReading
  /** Where to go on in the stream's sign-ins. */
  readonly index: number
  /** Rows that come again. */
  readonly repeats: readonly LoggedSignIn[]
}

interface GraphPage {
  readonly versions: readonly RowVersion[]
  readonly strays: readonly unknown[]
  readonly next: string | undefined
  readonly reading: GraphReading
}

type Trouble = {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly retryAfter?: string
  readonly html?: true
}

const liesBefore = 20 * hour

export function openVirtualGraph(setup: {
  time: VirtualTime
  log: SignInLog
  faults: Faults
  random: Random
  periods: GraphPeriods
  rowsPerPage: number
}): VirtualGraph {
  const { time, log, faults, random, periods, rowsPerPage } = setup
  const readings = new Map<string, GraphReading[]>()
  const shortReadings: GraphReading[] = []
  const places = new Map<string, Place>()
  const refusedTokens = new Set<string>()
  let tokens = 0
  let placeNumber = 0

  const seal = (place: Place): string => {
    const token = `place-${placeNumber++}`
    places.set(token, place)
    return token
  }

  function startReading(stream: StreamId, from: Instant, to: Instant, askedAt: Instant): Place {
    const reading: GraphReading = { stream, from, to, askedAt, firstAt: time.now, isFinished: false, isShort: false }
    const key = `${stream} ${Math.floor(askedAt / second)}`
    const alike = readings.get(key)
    if (alike) alike.push(reading)
    else readings.set(key, [reading])
    const all = log.byStream.get(stream) ?? []
    let low = 0
    let high = all.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((all[middle]?.at ?? 0) < from) low = middle + 1
      else high = middle
    }
    return { reading, index: low, repeats: [] }
  }

  /** One page from a place on, with whatever Graph does to it. */
  function pageFrom({ reading, index: begin, repeats }: Place): GraphPage {
    const all = log.byStream.get(reading.stream) ?? []
    const isYoung = reading.from > time.now - liesBefore
    const rowsMax = faults.strikes('short-page') ? 1 + random.below(rowsPerPage) : rowsPerPage
    const shown: LoggedSignIn[] = []
    let index = begin
    const isEmpty = faults.strikes('empty-page-with-link')
    for (; !isEmpty && index < all.length; index++) {
      const signIn = all[index]
      if (!signIn || signIn.at > reading.to) break
      // A row without a time takes that of the row before it, so nothing that comes again may get in between.
      if (shown.length >= rowsMax && !isTimeless(signIn)) break
      if (visibleVersion(signIn, time.now)) shown.push(signIn)
    }
    const next = all[index]
    let goesOn = isEmpty || (next !== undefined && next.at <= reading.to)
    const again: LoggedSignIn[] = []
    const versions = [...repeats, ...shown].flatMap((signIn) => visibleVersion(signIn, time.now) ?? [])
    if (shown.length > 0 && goesOn && faults.strikes('repeated-rows')) again.push(...shown.slice(-2))
    const changed = shown.find((signIn) => signIn.versions.length > 1 && (signIn.versions.at(-1)?.visibleAt ?? 0) <= time.now)
    if (changed && faults.strikes('older-version-first')) {
      const [older] = changed.versions
      if (older) versions[repeats.length + shown.indexOf(changed)] = older
      if (!again.includes(changed)) again.push(changed)
      goesOn = true
    }
    const strays: unknown[] = []
    if (!faults.has('rows-out-of-order') && !faults.has('rows-outside') && faults.strikes('row-that-is-none')) strays.push(null)
    if (versions.length > 1 && faults.strikes('rows-out-of-order')) versions.reverse()
    if (faults.strikes('rows-outside')) {
      const outside = [all[begin - 2], all[begin - 5], all[index + 3]].flatMap(
        (signIn) => (signIn && visibleVersion(signIn, time.now)) ?? [],
      )
      strays.push(...outside.map(({ row }) => row))
    }
    const link = goesOn ? seal({ reading, index, repeats: again }) : undefined
    if (isYoung && versions.length > 0 && begin === startOf(reading) && faults.strikes('falsely-empty')) {
      keptBack(reading)
      return { versions: [], strays: [], next: undefined, reading }
    }
    if (isYoung && link !== undefined && faults.strikes('falsely-short')) {
      keptBack(reading)
      return { versions, strays, next: undefined, reading }
    }
    return { versions, strays, next: link, reading }
  }

  const keptBack = (reading: GraphReading): void => {
    reading.isShort = true
    shortReadings.push(reading)
  }

  const startOf = (reading: GraphReading): number => startsOf.get(reading) ?? -1
  const startsOf = new WeakMap<GraphReading, number>()

  /** Why a request is not answered with a page. */
  function troubleOf(stream: StreamId, from: Instant, isLinked: boolean): Trouble | undefined {
    const period = periods.trouble(stream, time.now)
    if (period) faults.happened(period)
    if (period === 'graph-outage') return { status: 503, code: 'ServiceUnavailable', message: 'The service is down.' }
    if (period === 'licence-later') {
      const code = 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'
      return { status: 403, code, message: "Neither tenant is B2C or tenant doesn't have premium license" }
    }
    if (period) return { status: 403, code: 'Authorization_RequestDenied', message: 'Insufficient privileges to complete the operation.' }
    const earliest = time.now - periods.retention
    if (!isLinked && from < earliest) {
      if (periods.isRetentionShort) faults.happened('short-retention')
      return {
        status: 400,
        code: 'BadRequest',
        message: `Minimum allowed time for the createdDateTime filter is ${formatInstant(earliest)}.`,
      }
    }
    if (isLinked) {
      if (faults.strikes('skip-token-null')) return { status: 400, code: 'BadRequest', message: 'Invalid Skip Token, skip token is null' }
      if (faults.strikes('page-token-lost')) return { status: 400, code: 'DirectoryPageTokenNotFoundException', message: 'It is lost.' }
      if (faults.strikes('page-gone')) return { status: 410, code: 'Gone', message: 'The page is gone.' }
    }
    const throttled = { status: 429, code: 'TooManyRequests', message: 'This request is throttled.' }
    const wait = 1 + random.below(90)
    if (faults.strikes('429-seconds')) return { ...throttled, retryAfter: String(wait) }
    if (faults.strikes('429-fraction')) return { ...throttled, retryAfter: `${wait}.25` }
    if (faults.strikes('429-date')) return { ...throttled, retryAfter: new Date(time.now + wait * second).toUTCString() }
    if (faults.strikes('429-silent')) return throttled
    if (faults.strikes('503')) return { status: 503, code: 'ServiceUnavailable', message: 'Not now.' }
    if (faults.strikes('503-retry-after')) return { status: 503, code: 'ServiceUnavailable', message: 'Not now.', retryAfter: String(wait) }
    if (faults.strikes('504')) return { status: 504, code: 'GatewayTimeout', message: 'It took too long.' }
    if (faults.strikes('500')) return { status: 500, code: 'InternalServerError', message: 'It failed.' }
    if (faults.strikes('502-html')) return { status: 502, code: '', message: '', html: true }
    if (faults.strikes('403-passing')) return { status: 403, code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' }
    if (faults.strikes('unsupported-query')) return { status: 400, code: 'UnknownError', message: 'Unsupported Query.' }
    return undefined
  }

  /** The page that a request asks for; a linked one from its place. */
  function pageOf(place: Place | undefined, stream: StreamId, from: Instant, to: Instant, askedAt: Instant): GraphPage {
    if (place) return pageFrom(place)
    const first = startReading(stream, from, to, askedAt)
    startsOf.set(first.reading, first.index)
    return pageFrom(first)
  }

  async function answerTime(signal?: AbortSignal | null): Promise<void> {
    const slow = faults.strikes('slow-answer') ? 5 * second + random.below(85 * second) : 0
    await time.sleep(150 + random.below(900) + slow, signal ?? undefined)
  }

  async function fetchPage(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    const address = new URL(url)
    if (address.origin !== graphRoot || address.pathname !== '/beta/auditLogs/signIns') throw new Error(`Nobody answers at ${url}.`)
    const askedAt = time.now
    await answerTime(init.signal)
    const token = headers.get('authorization')
    if (!token || refusedTokens.has(token)) return errorResponse({ status: 401, code: 'InvalidAuthenticationToken', message: 'Expired.' })
    if (faults.strikes('401')) {
      refusedTokens.add(token)
      return errorResponse({ status: 401, code: 'InvalidAuthenticationToken', message: 'Access token has expired or is not yet valid.' })
    }
    const { stream, from, to } = queryOf(address.searchParams)
    const place = placeOf(address.searchParams)
    const trouble = troubleOf(stream, from, place !== undefined)
    if (trouble) return errorResponse(trouble)
    if (faults.strikes('connection-refused'))
      throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })
    if (faults.strikes('html-200')) return new Response('<html>Please sign in to the proxy.</html>', { status: 200, headers: dated() })
    const page = pageOf(place, stream, from, to, askedAt)
    return pageResponse(page, address, headers, init.signal ?? undefined)
  }

  const placeOf = (parameters: URLSearchParams): Place | undefined => {
    const token = parameters.get('$skiptoken')
    const place = token === null ? undefined : places.get(token)
    if (token !== null && !place) throw new Error(`Graph never handed out the skip token ${token}.`)
    return place
  }

  function pageResponse(page: GraphPage, address: URL, headers: Headers, signal: AbortSignal | undefined): Response {
    let next = page.next && linkTo(address, page.next)
    if (next && address.searchParams.has('$skiptoken') && faults.strikes('repeated-link')) next = address.href
    else if (next && faults.strikes('foreign-link')) next = next.replace(graphRoot, 'https://graph.example')
    const text = bodyOf(page, next, (headers.get('prefer') ?? '').includes('include-unknown-enum-members'))
    if (faults.strikes('truncated-json')) return new Response(text.slice(0, -2 - random.below(text.length - 2)), { headers: dated() })
    if (faults.strikes('oversized-body')) return new Response(`${' '.repeat(pageBytesMax)}${text}`, { headers: dated() })
    const broken = (['reset-in-body', 'broken-gzip', 'body-without-end'] as const).find((fault) => faults.strikes(fault))
    if (broken) return new Response(brokenBody(text, broken, signal), { headers: dated() })
    if (next === undefined) page.reading.isFinished = true
    return new Response(text, { headers: dated() })
  }

  const dated = (): Record<string, string> => ({ date: new Date(time.now).toUTCString(), 'content-type': 'application/json' })

  const errorResponse = ({ status, code, message, retryAfter, html }: Trouble): Response => {
    const headers = { ...dated(), ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) }
    return new Response(html ? '<html><h1>Bad Gateway</h1></html>' : JSON.stringify({ error: { code, message } }), { status, headers })
  }

  return {
    shortReadings,
    fetch: fetchPage,
    issueToken: () => `token-${tokens++}`,
    readingsAt: (stream, readAt) =>
      Array.from({ length: startErrorMax / second + 1 }, (_, more) => Math.floor(readAt / second) + more)
        .flatMap((at) => readings.get(`${stream} ${at}`) ?? [])
        .filter(({ askedAt }) => askedAt >= readAt && askedAt <= readAt + startErrorMax),
    pageSource: (budget, send) => ({
      budget,
      pageRows: rowsPerPage,
      async *read(window, abort, take) {
        let place: Place | undefined
        do {
          await budget.take(abort, time.now + 30 * second)
          const sentAt = time.now
          const page = await send(async () => {
            const askedAt = time.now
            await answerTime(abort)
            const trouble = troubleOf(window.stream, window.from - second, place !== undefined)
            if (trouble) throw readError(trouble, budget)
            return pageOf(place, window.stream, window.from - second, window.to + second, askedAt)
          })
          if (page.next === undefined) page.reading.isFinished = true
          const serverTime = time.now - (time.now % second)
          yield { rows: [...page.versions.map(({ row }) => row), ...page.strays].map(take), serverTime, took: time.now - sentAt }
          place = page.next === undefined ? undefined : places.get(page.next)
        } while (place)
      },
    }),
  }
}

/** Larger than any honest page of a simulation. */
export const pageBytesMax = 192 * 1024

function linkTo(address: URL, token: string): string {
  const link = new URL(address)
  link.searchParams.set('$skiptoken', token)
  return link.href
}

/** Without the wish for unknown members Graph hides the ones that came after the sentinel. */
const bodyOf = ({ versions, strays }: GraphPage, next: string | undefined, showsUnknown: boolean): string => {
  const rows = [...versions.map(({ text }) => text), ...strays.map((row) => JSON.stringify(row))].join(',')
  const link = next === undefined ? '' : `"@odata.nextLink":${JSON.stringify(next)},`
  const text = `{${link}"value":[${rows}]}`
  return showsUnknown ? text : text.replaceAll('"AzureADBackupAuth"', '"unknownFutureValue"')
}

function brokenBody(text: string, fault: FaultId, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const part = new TextEncoder().encode(text.slice(0, text.length >> 1))
  let parts = 0
  return new ReadableStream({
    pull: (controller) => {
      if (parts++ === 0) controller.enqueue(part)
      else if (fault === 'body-without-end') signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true })
      else {
        const code = fault === 'broken-gzip' ? 'Z_DATA_ERROR' : 'UND_ERR_SOCKET'
        controller.error(Object.assign(new TypeError('terminated'), { cause: Object.assign(new Error(code), { code }) }))
      }
    },
  })
}

const filterPattern = /^createdDateTime ge (\S+) and createdDateTime le (\S+) and signInEventTypes\/any\(t: t eq '(\w+)'\)$/

function queryOf(parameters: URLSearchParams): { stream: StreamId; from: Instant; to: Instant } {
  const [, from = '', to = '', type = ''] = filterPattern.exec(parameters.get('$filter') ?? '') ?? []
  const stream = streams.find(({ signInEventType }) => signInEventType === type)?.id
  const range = { from: parseInstant(from), to: parseInstant(to) }
  if (!stream || range.from === undefined || range.to === undefined)
    throw new Error(`Graph would refuse the filter ${parameters.get('$filter')}.`)
  return { stream, from: range.from, to: range.to }
}

/** What the real source makes of an answer, for the source without HTTP. */
function readError({ status, code, message, retryAfter }: Trouble, budget: WaitingRateBudget): GraphReadError {
  if (status === 429) budget.throttled(retryAfter === undefined ? undefined : minute)
  const refusal = status === 403 ? (code.includes('Premium') ? 'unlicensed' : 'forbidden') : undefined
  const earliest = /filter is (\S+)\.$/.exec(message)?.[1]
  return new GraphReadError(message, {
    reason: status === 429 ? 'rateLimited' : status === 504 ? 'timeout' : status === 403 ? 'authError' : 'serverError',
    status,
    refusal,
    earliest: earliest === undefined ? undefined : parseInstant(earliest),
  })
}
