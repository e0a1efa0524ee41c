import { randomUUID } from 'node:crypto'
import { Client, type Context, type Middleware, type MiddlewareOptions, ResponseType } from '@microsoft/microsoft-graph-client'
import type { Instant } from '../signIns/instant'
import type { AccessTokenHolder } from './accessToken'
import type { GraphRoot } from './graphRoot'
import type { WaitingRateBudget } from './rateBudget'

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** A page of sign-ins to ask for. */
export interface PageRequest {
  readonly filter: string
  readonly rowsMax: number
  /** Graph's own link to the page, followed to the letter; undefined for the first page. */
  readonly link: string | undefined
  /** Is given the body of a good answer as it comes. */
  readonly receive: (piece: Uint8Array) => void
}

/** What Graph answered, once its body has come to its end or its bound. */
export interface GraphAnswer {
  readonly status: number
  readonly headers: Headers
  /** Whether the body is larger than is taken in. */
  readonly isOversize: boolean
  /** The body of an answer that is no good one. */
  readonly text: string
  /** From sending the request to the headers of its answer, in milliseconds. */
  readonly took: number
  /** The name we gave the request; Microsoft's support can find it by that. */
  readonly clientRequestId: string
  /** Says that Graph did not accept the token that went with the request. */
  refuseToken(): void
}

/** One request at a time; throws the error of the token, the budget or the connection as it was thrown, `TimeoutError` after the time-out. */
export type GraphClient = (page: PageRequest, abort: AbortSignal) => Promise<GraphAnswer>

/**
 * Graph's own client with a chain of ours: every request gets its token, waits for its slot in the budget, leaves, and is
 * read to its end or its bound. Retrying is left to the caller, which knows the budget; redirects are not followed, so
 * that no token reaches another host.
 */
export function createGraphClient(options: {
  root: GraphRoot
  /** undefined where Graph is asked without a token. */
  tokens: AccessTokenHolder | undefined
  budget: WaitingRateBudget
  clock: () => Instant
  /** Milliseconds that only ever go on, whatever becomes of the clock. */
  elapsed: () => number
  fetch: Fetch
  slotWaitMaxMs: number
  requestTimeoutMs: number
  bytesMax: number
}): GraphClient {
  const { root, tokens, budget, clock, elapsed, slotWaitMaxMs, requestTimeoutMs, bytesMax } = options

  const address = middleware(async (context, exchange, next) => {
    if (exchange.link !== undefined) context.request = exchange.link
    await next()
  })

  const authentication = middleware(async (context, exchange, next) => {
    if (tokens && root.secure && new URL(String(context.request)).origin === root.origin) {
      exchange.token = await tokens.current(exchange.abort)
      context.options = { ...context.options, headers: { ...context.options?.headers, Authorization: `Bearer ${exchange.token}` } }
    }
    await next()
  })

  const pacing = middleware(async (_context, exchange, next) => {
    await budget.take(exchange.abort, clock() + slotWaitMaxMs)
    await next()
  })

  const sending = middleware(async (context, exchange) => {
    const signal = AbortSignal.any([exchange.abort, AbortSignal.timeout(requestTimeoutMs)])
    const sentAt = elapsed()
    const response = await options.fetch(String(context.request), { ...context.options, signal })
    exchange.took = elapsed() - sentAt
    context.response = response
    if (response.ok) exchange.isOversize = !(await readBody(response, bytesMax, exchange.receive))
    else {
      const pieces: Uint8Array[] = []
      exchange.isOversize = !(await readBody(response, bytesMax, (piece) => pieces.push(piece)))
      if (!exchange.isOversize) exchange.text = new TextDecoder().decode(Buffer.concat(pieces))
    }
  })

  const client = Client.initWithMiddleware({
    baseUrl: root.url,
    defaultVersion: 'beta',
    fetchOptions: { redirect: 'manual' },
    middleware: [address, authentication, pacing, sending],
  })

  return async (page, abort) => {
    const exchange = new Exchange(page, abort)
    const clientRequestId = randomUUID()
    const request = client
      .api('/auditLogs/signIns')
      .version('beta')
      .filter(page.filter)
      .top(page.rowsMax)
      .orderby('createdDateTime')
      // Not carried by Graph's link to the next page, hence on every one of them.
      .headers({ Accept: 'application/json', Prefer: 'include-unknown-enum-members', 'client-request-id': clientRequestId })
      .responseType(ResponseType.RAW)
      .middlewareOptions([exchange])
    try {
      const response: Response = await request.get()
      return {
        status: response.status,
        headers: response.headers,
        isOversize: exchange.isOversize,
        text: exchange.text,
        took: exchange.took,
        clientRequestId,
        refuseToken: () => exchange.token !== undefined && tokens?.refuse(exchange.token),
      }
    } catch (error) {
      // The client wraps what its middleware throws and loses what kind of error it was.
      throw exchange.thrown ?? error
    }
  }
}

/** What the parts of the chain tell each other about one request. */
class Exchange implements MiddlewareOptions {
  token: string | undefined
  text = ''
  isOversize = false
  took = 0
  thrown: unknown
  readonly link: string | undefined
  readonly receive: PageRequest['receive']
  readonly abort: AbortSignal

  constructor({ link, receive }: PageRequest, abort: AbortSignal) {
    this.link = link
    this.receive = receive
    this.abort = abort
  }
}

/** A link of the client's chain out of a function. */
function middleware(act: (context: Context, exchange: Exchange, next: () => Promise<void>) => Promise<void>): Middleware {
  let following: Middleware | undefined
  return {
    setNext: (next) => {
      following = next
    },
    execute: async (context) => {
      const exchange = context.middlewareControl?.getMiddlewareOptions(Exchange)
      if (!(exchange instanceof Exchange)) throw new TypeError('A request to Graph was made without its exchange.')
      try {
        await act(context, exchange, async () => following?.execute(context))
      } catch (error) {
        exchange.thrown = error
        throw error
      }
    },
  }
}

/** Hands on the body piece by piece; false as soon as it is longer than `bytesMax` (after decompression). */
async function readBody(response: Response, bytesMax: number, receive: (piece: Uint8Array) => void): Promise<boolean> {
  if (!response.body) return true
  let bytes = 0
  for await (const piece of response.body) {
    bytes += piece.byteLength
    // Leaving the loop cancels the body and with it the connection.
    if (bytes > bytesMax) return false
    receive(piece)
  }
  return true
}
