import type { Count } from '../pipelines/metrics'
import type { Log } from '../pipelines/ports'
import { childSpan, formatTraceParent } from './trace'

type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** A request that took longer than this is said, though it went well. */
const slowMs = 20_000

/**
 * A `fetch` for Microsoft Graph that carries the trace of the invocation, counts every request by its status, and says
 * every one that went wrong or took long. It says no address: those of Graph hold times alone, but a link may hold anything.
 */
export function observedFetch(send: Fetch, options: { readonly count: Count; readonly log: Log; readonly clock: () => number }): Fetch {
  const { count, log, clock } = options
  return async (url, init) => {
    const span = childSpan()
    const startedAt = clock()
    const say = (status: string): void => {
      count('graph_requests', [status])
      const milliseconds = clock() - startedAt
      if (/^2\d\d$/.test(status) && milliseconds < slowMs) return
      log('warn', 'A request to Graph went wrong or took long.', {
        status,
        milliseconds,
        ...(span ? { traceId: span.traceId, spanId: span.spanId } : {}),
      })
    }
    const headers = new Headers(init.headers)
    if (span) headers.set('traceparent', formatTraceParent(span))
    try {
      const response = await send(url, { ...init, headers })
      say(String(response.status))
      return response
    } catch (error) {
      say(error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'network')
      throw error
    }
  }
}
