import { isIP } from 'node:net'
import type { DeliveryResult } from '../pipelines/ports'
import { type FailureReason, MonitorError } from '../runtime/errors'
import type { Instant } from '../signIns/instant'
import { checkedLookup, type Resolve } from './checkedLookup'
import { proxyDispatcher } from './proxyDispatcher'
import { isLoopback, isPublicAddress } from './publicAddress'
import { hostOf } from './secretUrl'

/** Where may be sent to, and by which way. */
export interface SendOptions {
  /** Hosts, lower-case, that may have addresses which are not public. */
  readonly allowPrivateHosts: readonly string[]
  /** Local mode: literal loopback addresses may be sent to, over http too. */
  readonly allowLoopbackHttp: boolean
  readonly clock: () => Instant
  /** Requests go through the proxy that the environment names (`HTTPS_PROXY`, `NO_PROXY`), which then resolves the names. */
  readonly proxied: boolean
  /** 10 s where it is left out. */
  readonly timeoutMs?: number
  /** The `traceparent` of a request; undefined where it belongs to no trace. https://www.w3.org/TR/trace-context/ */
  readonly traceParent?: () => string | undefined
  /** Answers the addresses of a name; the system's resolver by default. */
  readonly resolve?: Resolve
}

/** One request to an address that is a secret. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  /** A secret: it never appears in a log, an error or a result. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const timeoutMsDefault = 10_000
/** How much of an answer is read, and for how long, before the connection is given up: nothing in it is used. */
const answerBytesMax = 16_384
const answerTimeoutMs = 500
const retryAfterSecondsMax = 86_400

/**
 * One attempt to send a request: https only, no redirect is followed, addresses that are not public are refused after the
 * name was resolved, and the address that was checked is the one connected to. Nothing of the address, the secret or the
 * answer is in the result. Never throws.
 *
 * A 2xx is delivered. 404 and 410 say that the receiver is gone for good, and so does an address that may never be sent to.
 * Everything else may be tried again: 429 and 503 after their `Retry-After`, and a redirect or another 4xx too, because people
 * mend a receiver within the hours that the attempts last.
 */
export async function sendSafely(request: OutgoingRequest, options: SendOptions): Promise<DeliveryResult> {
  try {
    if (!mayBeSentTo(new URL(request.url), options)) return refused
    return await send(request, options)
  } catch (error) {
    return { kind: 'retry', reason: reasonOf(error), retryAfterSeconds: undefined }
  }
}

/** What comes of a request that may never be sent. */
export const refused: DeliveryResult = { kind: 'dead', reason: 'clientError' satisfies FailureReason }

/** What the address alone tells; a name is judged when it is resolved. */
function mayBeSentTo(url: URL, { allowLoopbackHttp, allowPrivateHosts }: SendOptions): boolean {
  const host = hostOf(url)
  if (isLoopback(host)) return allowLoopbackHttp
  if (url.protocol !== 'https:') return false
  return isIP(host) === 0 || isPublicAddress(host) || allowPrivateHosts.includes(host)
}

async function send(request: OutgoingRequest, options: SendOptions): Promise<DeliveryResult> {
  const url = new URL(request.url)
  const undici = await import('undici')
  const lookup = checkedLookup(options.allowPrivateHosts, options.resolve)
  const direct = !options.proxied || isLoopback(hostOf(url))
  // One connection a delivery: a kept one would outlive the check of its address.
  const dispatcher = direct ? new undici.Agent({ connect: { lookup } }) : await proxyDispatcher(lookup)
  const deadline = AbortSignal.timeout(options.timeoutMs ?? timeoutMsDefault)
  const { method, body } = request
  const traceparent = options.traceParent?.()
  const headers = { ...request.headers, ...(traceparent === undefined ? {} : { traceparent }) }
  try {
    const answer = await Promise.race([
      undici.request(url, { dispatcher, method, headers, body: body ?? null, signal: deadline }),
      rejection(deadline),
    ])
    const result = resultOf(answer.statusCode, answer.headers, options.clock())
    // The status has said everything; the rest is read only to part in good order.
    await answer.body.dump({ limit: answerBytesMax, signal: AbortSignal.timeout(answerTimeoutMs) }).catch(() => undefined)
    return result
  } finally {
    void dispatcher.destroy().catch(() => undefined)
  }
}

/** Rejects when the deadline passes: a connection that is still being made does not hear the signal. */
const rejection = (deadline: AbortSignal): Promise<never> =>
  new Promise((_, reject) => deadline.addEventListener('abort', () => reject(deadline.reason), { once: true }))

function resultOf(status: number, headers: Readonly<Record<string, string | string[] | undefined>>, now: Instant): DeliveryResult {
  if (status >= 200 && status < 300) return { kind: 'delivered', status }
  const reason = reasonOfStatus(status)
  if (status === 404 || status === 410) return { kind: 'dead', reason }
  return { kind: 'retry', reason, retryAfterSeconds: retryAfterSeconds(headers['retry-after'], now) }
}

function reasonOfStatus(status: number): FailureReason {
  if (status === 401 || status === 403 || status === 407) return 'authError'
  if (status === 408) return 'timeout'
  if (status === 429) return 'rateLimited'
  return status >= 500 ? 'serverError' : 'clientError'
}

/** Seconds or an HTTP date, up to a day; undefined for anything else. */
function retryAfterSeconds(header: string | string[] | undefined, now: Instant): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim()
  if (text === undefined || text === '') return undefined
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), retryAfterSecondsMax)
}

const timeoutCodes = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']

function reasonOf(error: unknown): FailureReason {
  if (error instanceof MonitorError && error.code === 'delivery-refused') return error.cause === undefined ? 'clientError' : 'network'
  const { name, code } = (typeof error === 'object' && error !== null ? error : {}) as { name?: unknown; code?: unknown }
  return name === 'TimeoutError' || timeoutCodes.some((timeout) => timeout === code) ? 'timeout' : 'network'
}
