import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions'
import { MonitorError } from '../runtime/errors'
import { invocationLog } from '../runtime/log'
import { type Wiring, wiring } from '../runtime/wiring'
import { type Problem, problemResponse } from './problem'

/** The methods of a route that only reads. */
export const readMethods: ('GET' | 'HEAD' | 'OPTIONS')[] = ['GET', 'HEAD', 'OPTIONS']

/**
 * A handler that answers every request: what goes wrong becomes a problem without a stack trace, and pages of the
 * allowed origins may read the answer.
 */
export const answering =
  (handler: (request: HttpRequest, wired: Wiring) => Promise<HttpResponseInit>): HttpHandler =>
  async (request, context) => {
    try {
      const wired = wiring()
      const cors = corsHeaders(request.headers.get('origin'), wired.settings.CORS_ORIGINS)
      if (request.method === 'OPTIONS') return { status: 204, headers: { ...cors, allow: readMethods.join(', ') } }
      const response = await handler(request, wired)
      return { ...response, headers: { ...response.headers, ...cors } }
    } catch (error) {
      invocationLog(context)('error', 'A request was not answered.', {
        problem: error instanceof MonitorError ? error.code : nameOf(error),
      })
      return problemResponse(problemOf(error))
    }
  }

function corsHeaders(origin: string | null, allowed: readonly string[]): Record<string, string> {
  if (origin === null || !(allowed.includes('*') || allowed.includes(origin))) return {}
  return {
    'access-control-allow-origin': allowed.includes('*') ? '*' : origin,
    'access-control-allow-methods': readMethods.join(', '),
    'access-control-allow-headers': 'x-functions-key, if-none-match',
    'access-control-expose-headers': 'etag',
    'access-control-max-age': '3600',
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

function problemOf(error: unknown): Problem {
  if (error instanceof MonitorError && error.code === 'setting-invalid') {
    return { status: 500, code: 'setting-invalid', title: 'A setting is wrong.', detail: error.message }
  }
  if (error instanceof MonitorError && error.code.startsWith('table-')) {
    return { status: 503, code: 'storage-unavailable', title: 'The counts cannot be read just now.', detail: error.message }
  }
  return {
    status: 500,
    code: 'internal-error',
    title: 'The request was not answered.',
    detail: 'An unexpected fault stopped the answer; the log of the function has the kind of it.',
  }
}
