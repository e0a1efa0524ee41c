import type { TokenCredential } from '@azure/identity'
import type { Log, SignInPage, SignInSource, SignInWindow, TakeRow } from '../pipelines/ports'
import { GraphReadError, MonitorError } from '../runtime/errors'
import type { TimeRange } from '../signIns/buckets'
import { formatInstant, type Instant, second } from '../signIns/instant'
import { streamOf } from '../signIns/streams'
import { createAccessTokenHolder } from './accessToken'
import type { Fetch, GraphAnswer, GraphClient, PageRequest } from './graphClient'
import { type GraphRoot, parseGraphRoot } from './graphRoot'
import { PageScanner } from './pageScanner'
import { parseJson, property, textProperty } from './property'
import type { WaitingRateBudget } from './rateBudget'
import { type BadAnswer, earliestKept, type OwnCode, type ResponseRule, responseRuleOf } from './responseRules'
import { parseHttpDate, parseRetryAfter } from './retryAfter'
import type { Sleep } from './sleep'

interface SignInSourceOptions {
  /** Graph's root without a version: https, or http on a loopback address, where no token is asked for or sent. */
  readonly root: string
  /** undefined only with an http root. */
  readonly credential: TokenCredential | undefined
  readonly scope: string
  /** Id of the tenant that is read, in small letters: a token of another one is not sent. Any when left out. */
  readonly tenantId?: string
  readonly budget: WaitingRateBudget
  readonly clock: () => Instant
  /** Milliseconds that only ever go on, whatever becomes of the clock; the process's own when left out. */
  readonly elapsed?: () => number
  readonly sleep: Sleep
  readonly random?: () => number
  /** The global one, looked up at each call, when left out. */
  readonly fetch?: Fetch
  /** Rows in a page; Graph gives at most 1,000. */
  readonly pageSize: number
  /** From sending a request to the last byte of its answer. */
  readonly requestTimeoutMs: number
  /** How often one page is asked for again before the window is given up. */
  readonly retriesMax: number
  readonly pagesMax: number
  /** Of one page, after decompression. */
  readonly pageBytesMax: number
  /** A request that would have to wait longer for its slot fails, so that a run can go on with something else. */
  readonly slotWaitMaxMs?: number
  readonly log?: Log
}

/** Graph may filter on fractions that it does not show, and both bounds are inclusive: a second more on either side loses nothing. */
const margin = second
const slotWaitMaxDefault = 30 * second
const backoffFirst = second
const backoffMax = 20 * second

/**
 * Sign-ins from Graph. A reading asks for one page after another, each in its turn of the budget, and asks again where
 * that helps; what it cannot mend ends it with a `GraphReadError`, and so does an aborted signal, whose reason is then
 * the cause. Throws `MonitorError` (`setting-invalid`) for a root that cannot be used.
 * @see https://learn.microsoft.com/graph/api/signin-list?view=graph-rest-beta
 */
export function createSignInSource(options: SignInSourceOptions): SignInSource {
  const { credential, scope, tenantId, budget, clock, requestTimeoutMs } = options
  const root = parseGraphRoot(options.root)
  if (root.secure && !credential)
    throw new MonitorError('setting-invalid', 'A Graph root with https needs a credential to get tokens from.')
  const clientOptions = {
    root,
    tokens:
      root.secure && credential ? createAccessTokenHolder({ credential, scope, clock, timeoutMs: requestTimeoutMs, tenantId }) : undefined,
    budget,
    clock,
    elapsed: options.elapsed ?? (() => performance.now()),
    fetch: options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init)),
    slotWaitMaxMs: options.slotWaitMaxMs ?? slotWaitMaxDefault,
    requestTimeoutMs,
    bytesMax: options.pageBytesMax,
  }
  let client: GraphClient | undefined
  const ask: GraphClient = async (page, abort) => {
    // Loaded with the first request: most functions ask Graph for nothing.
    const { createGraphClient } = await import('./graphClient')
    client ??= createGraphClient(clientOptions)
    return client(page, abort)
  }
  return { budget, read: (window, abort, take) => readPages({ ...options, root, ask }, window, abort, take) }
}

type Reader = Omit<SignInSourceOptions, 'root'> & { readonly root: GraphRoot; readonly ask: GraphClient }

async function* readPages<Taken>(
  reader: Reader,
  window: SignInWindow,
  abort: AbortSignal,
  take: TakeRow<Taken>,
): AsyncGenerator<SignInPage<Taken>> {
  const filter = filterOf(window)
  const followed = new Set<string>()
  let link: string | undefined
  for (let pages = 0; pages < reader.pagesMax; pages += 1) {
    const { nextLink, ...page } = await readPage(reader, window, { filter, rowsMax: reader.pageSize, link, take }, abort)
    link = nextLink === undefined ? undefined : nextAddress(nextLink, reader.root)
    if (link !== undefined && followed.has(link)) {
      throw new GraphReadError('Graph linked to the same page twice; the window has to be read again.', {
        reason: 'serverError',
        status: 200,
      })
    }
    yield page
    if (link === undefined) return
    followed.add(link)
  }
  throw new GraphReadError(`The window goes on after ${reader.pagesMax} pages, which is as many as are read: ask for a shorter one.`, {
    reason: 'clientError',
    status: 200,
  })
}

/** The query's filter. Times are whole seconds in UTC, unquoted. */
function filterOf(window: SignInWindow): string {
  const { from, to } = widened(window)
  const eventType = streamOf(window.stream).signInEventType
  return `createdDateTime ge ${formatInstant(from)} and createdDateTime le ${formatInstant(to)} and signInEventTypes/any(t: t eq '${eventType}')`
}

const widened = ({ from, to }: TimeRange): TimeRange => ({
  from: Math.floor(from / second) * second - margin,
  to: Math.ceil(to / second) * second + margin,
})

/** The address that a link leads to. Only Graph itself is followed: the token would go wherever the link points. */
function nextAddress(link: string, root: GraphRoot): string {
  const address = URL.canParse(link, `${root.url}/`) ? new URL(link, `${root.url}/`) : undefined
  if (address?.origin === root.origin && !address.username && !address.password) return address.href
  throw new GraphReadError(`The link to the next page does not lead back to ${root.origin} and is not followed.`, {
    reason: 'serverError',
    status: 200,
  })
}

interface LinkedPage<Taken> extends SignInPage<Taken> {
  readonly nextLink: string | undefined
}

interface PageToRead<Taken> extends Omit<PageRequest, 'receive'> {
  readonly take: TakeRow<Taken>
}

async function readPage<Taken>(
  reader: Reader,
  window: SignInWindow,
  request: PageToRead<Taken>,
  abort: AbortSignal,
): Promise<LinkedPage<Taken>> {
  const triesByRule = new Map<ResponseRule, number>()
  for (let retries = 0; ; retries += 1) {
    const { page, bad, answer, cause } = await readOnce(reader, request, abort)
    if (page) {
      reader.budget.answered()
      return page
    }
    const rule = responseRuleOf(bad)
    const tries = (triesByRule.get(rule) ?? 0) + 1
    triesByRule.set(rule, tries)
    const paused = pauseBudget(reader, rule, answer)
    if (rule.action === 'newToken') answer?.refuseToken()
    const again = rule.action !== 'fail' && retries < reader.retriesMax && tries <= (rule.retriesMax ?? reader.retriesMax)
    reader.log?.('warn', again ? 'A request to Graph is repeated.' : 'A request to Graph failed for good.', {
      stream: window.stream,
      status: bad.status,
      code: printable(bad.code),
      reason: rule.reason,
      retries,
      clientRequestId: answer?.clientRequestId ?? null,
      requestId: requestIdOf(answer),
    })
    if (!again) throw failed(rule, bad, window, cause)
    if (!paused && rule.action === 'retry') await backOff(reader, retries, abort)
  }
}

/** Keeps all streams from asking for as long as the answer says; true where that is the wait before the next try. */
function pauseBudget({ budget, clock }: Reader, rule: ResponseRule, answer: GraphAnswer | undefined): boolean {
  const now = parseHttpDate(answer?.headers.get('date') ?? null) ?? clock()
  const retryAfterMs = parseRetryAfter(answer?.headers.get('retry-after') ?? null, now)
  const pauses = rule.action === 'throttle' || (rule.action === 'retry' && retryAfterMs !== undefined)
  if (pauses) budget.throttled(retryAfterMs)
  return pauses
}

async function backOff({ sleep, random = Math.random }: Reader, retries: number, abort: AbortSignal): Promise<void> {
  const wait = Math.min(backoffMax, backoffFirst * 2 ** retries)
  try {
    await sleep(Math.ceil(wait * (0.5 + random() / 2)), abort)
  } catch (error) {
    throw abort.aborted ? stopped(abort) : error
  }
}

type Outcome<Taken> =
  | { readonly page: LinkedPage<Taken>; readonly bad?: never; readonly answer?: never; readonly cause?: never }
  | { readonly page?: never; readonly bad: BadAnswer; readonly answer: GraphAnswer | undefined; readonly cause?: unknown }

async function readOnce<Taken>(reader: Reader, { take, ...request }: PageToRead<Taken>, abort: AbortSignal): Promise<Outcome<Taken>> {
  const firstPage = request.link === undefined
  const scanner = new PageScanner(take)
  if (abort.aborted) throw stopped(abort)
  let answer: GraphAnswer
  try {
    answer = await reader.ask({ ...request, receive: (piece) => scanner.push(piece) }, abort)
  } catch (error) {
    if (abort.aborted) throw stopped(abort)
    if (error instanceof GraphReadError) throw error
    return {
      bad: { status: 0, code: connectionCode(error), message: textProperty(property(error, 'cause'), 'message'), firstPage },
      answer: undefined,
      cause: error,
    }
  }
  const { status, text, isOversize } = answer
  if (status < 200 || status > 299) return { bad: { status, ...graphError(text), firstPage }, answer }
  if (isOversize) return { bad: { status, code: 'oversize' satisfies OwnCode, message: '', firstPage }, answer }
  const page = scanner.end()
  if (!page) return { bad: { status, code: 'unreadable' satisfies OwnCode, message: '', firstPage }, answer }
  return { page: { ...page, serverTime: parseHttpDate(answer.headers.get('date')), took: answer.took } }
}

/** Code and message of Graph's error body, empty where it is something else, such as a proxy's page. */
function graphError(text: string): { code: string; message: string } {
  const error = property(parseJson(text), 'error')
  return { code: textProperty(error, 'code'), message: textProperty(error, 'message') }
}

/** Why no answer came: our own time-out, or the system's code, which `fetch` keeps in the cause of its error. */
function connectionCode(error: unknown): string {
  if (textProperty(error, 'name') === 'TimeoutError') return 'timeout' satisfies OwnCode
  const codes = [error, property(error, 'cause')].map((each) => textProperty(each, 'code'))
  return codes.find((code) => code !== '') ?? ('network' satisfies OwnCode)
}

/** A code that may be shown: Graph's and the system's are single words, and anything else is somebody's text. */
const printable = (code: string): string => (/^[A-Za-z]\w{0,79}$/.test(code) ? code : '')

const requestIdOf = (answer: GraphAnswer | undefined): string | null => {
  const id = answer?.headers.get('request-id') ?? ''
  return /^[\da-f-]{1,40}$/i.test(id) ? id : null
}

function failed(rule: ResponseRule, bad: BadAnswer, window: SignInWindow, cause: unknown): GraphReadError {
  const facts = [bad.status === 0 ? 'no answer' : `HTTP ${bad.status}`, printable(bad.code)].filter((fact) => fact !== '').join(', ')
  return new GraphReadError(`Reading ${window.stream} sign-ins from Graph failed (${facts}): ${rule.detail}.`, {
    reason: rule.reason,
    status: bad.status,
    refusal: rule.refusal,
    earliest: bad.status === 400 ? earliestKept(bad.message, window.from) : undefined,
    cause,
  })
}

const stopped = (abort: AbortSignal): GraphReadError =>
  new GraphReadError('The reading of Graph was stopped before its end.', { reason: 'timeout', status: 0, cause: abort.reason })
