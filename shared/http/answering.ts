import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions'
import { type ErrorCode, MonitorError } from '../runtime/errors'
import { inLogOf, invocationLog } from '../runtime/log'
import { inTraceOf } from '../runtime/trace'
import { type Wiring, wiring } from '../runtime/wiring'
import { type Access, accessProblem, operatorKeyHeader, principalHeader } from './access'
import { type Problem, problemResponse } from './problem'

/** The methods of a route that only reads. */
export const readMethods: ('GET' | 'HEAD' | 'OPTIONS')[] = ['GET', 'HEAD', 'OPTIONS']

/**
 * A handler that answers every request of those whom the route is for, and refuses the others: what goes wrong becomes a
 * problem without a stack trace, and pages of the allowed origins may read the answer.
 */
export const answering =
  (access: Access, handler: (request: HttpRequest, wired: Wiring) => Promise<HttpResponseInit>): HttpHandler =>
  async (request, context) => {
    let cors: Record<string, string> = {}
    try {
      const wired = wiring()
      cors = corsHeaders(request.headers.get('origin'), wired.settings.CORS_ORIGINS)
      if (request.method === 'OPTIONS') return { status: 204, headers: { ...cors, allow: readMethods.join(', ') } }
      if (access !== 'anyone' && wired.settings.EASY_AUTH === 'off' && request.headers.has(principalHeader)) {
        invocationLog(context)('warn', 'A client principal was ignored: EASY_AUTH is off.')
      }
      const refusal = accessProblem(access, request.headers, wired.settings)
      if (refusal) return withHeaders(problemResponse(refusal), cors)
      const answer = (): Promise<HttpResponseInit> => inLogOf(context, () => handler(request, wired))
      return withHeaders(await inTraceOf(context.traceContext?.traceParent, answer), cors)
    } catch (error) {
      invocationLog(context)('error', 'A request was not answered.', {
        problem: error instanceof MonitorError ? error.code : nameOf(error),
      })
      return withHeaders(problemResponse(problemOf(error)), cors)
    }
  }

/** Headers for pages of the allowed origins. A cache has to know that others get an answer without them. */
function corsHeaders(origin: string | null, allowed: readonly string[]): Record<string, string> {
  if (allowed.length === 0) return {}
  const vary: Record<string, string> = allowed.includes('*') ? {} : { vary: 'Origin' }
  if (origin === null || !(allowed.includes('*') || allowed.includes(origin))) return vary
  return {
    ...vary,
    'access-control-allow-origin': allowed.includes('*') ? '*' : origin,
    'access-control-allow-methods': readMethods.join(', '),
    'access-control-allow-headers': `authorization, x-functions-key, ${operatorKeyHeader}, if-none-match`,
    'access-control-expose-headers': 'etag',
    'access-control-max-age': '3600',
  }
}

function withHeaders(response: HttpResponseInit, headers: Readonly<Record<string, string>>): HttpResponseInit {
  const merged = new Headers(response.headers)
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary') merged.append(name, value)
    else merged.set(name, value)
  }
  return { ...response, headers: Object.fromEntries(merged) }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

/** Problems with rows of another release, or of nobody's; the error names what it found and what mends it. */
const storedProblems: Readonly<Partial<Record<ErrorCode, Omit<Problem, 'detail'>>>> = {
  'schema-newer': { status: 503, code: 'storage-newer', title: 'The counts were written by a later release.' },
  'schema-older': { status: 503, code: 'storage-older', title: 'The counts were written by a much earlier release.' },
  'entity-invalid': { status: 500, code: 'storage-unreadable', title: 'A stored row cannot be read.' },
}

function problemOf(error: unknown): Problem {
  if (error instanceof MonitorError && error.code === 'setting-invalid') {
    return { status: 500, code: 'setting-invalid', title: 'A setting is wrong.', detail: error.message }
  }
  if (error instanceof MonitorError && error.code.startsWith('table-')) {
    return { status: 503, code: 'storage-unavailable', title: 'The counts cannot be read just now.', detail: error.message }
  }
  const stored = error instanceof MonitorError ? storedProblems[error.code] : undefined
  if (error instanceof MonitorError && stored) return { ...stored, detail: error.message }
  return {
    status: 500,
    code: 'internal-error',
    title: 'The request was not answered.',
    detail: 'An unexpected fault stopped the answer; the log of the function has the kind of it.',
  }
}
