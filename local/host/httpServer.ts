import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { HostLog, HttpResponseFacts, RegisteredFunction, TypedData } from './appModel'
import type { FunctionsApp, Invoke } from './functionsApp'
import { sendAnswer, sendEmpty, sendText } from './httpAnswer'
import { isLoopbackHost } from './loopback'
import { BodyTooLong, readBody } from './requestBody'
import { joinedHeaders, joinedQuery, requestUrl } from './requestFacts'
import { bySpecificity, compileRoute, decodePath, matchRoute, type RouteMatch } from './routes'
import { streamThrough } from './streamedHttp'

interface HttpServerOptions {
  readonly app: FunctionsApp
  /** Runs one invocation under the host's eyes: logged, and waited for when the host stops. */
  readonly invoke: Invoke
  /** Without slashes around it; may be empty. */
  readonly routePrefix: string
  /** Answers everything under `/admin/`. */
  readonly administer: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>
  readonly log: HostLog
}

/**
 * The HTTP side of the host. Levels of authorisation are not checked, as in Core Tools. A method or path that no function
 * takes is a 404, a handler that throws is a 500 with an empty body, and a HEAD request needs a function that names HEAD:
 * all as in the real host. Unlike some versions of the real one, a body without an announced length reaches the function.
 */
export const createHttpServer = (options: HttpServerOptions): Server => {
  const routes = [...options.app.functions.values()]
    .filter((candidate) => candidate.trigger.type === 'httpTrigger')
    .map((target) => {
      const template = [options.routePrefix, target.trigger.route ?? target.name].filter((part) => part !== '').join('/')
      return compileRoute(template, target.trigger.methods ?? ['GET', 'POST'], target)
    })
    .sort(bySpecificity)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isLoopbackHost(request.headers.host)) return sendText(response, 403, 'This host answers to localhost only.')
    const url = requestUrl(request)
    const path = url && decodePath(url.pathname)
    if (!url || path === undefined) return sendText(response, 400, 'The address of the request cannot be read.')
    if (/^\/admin(?:\/|$)/i.test(path)) return options.administer(request, response, path)
    const match = matchRoute(routes, request.method ?? 'GET', path)
    if (!match) return sendEmpty(response, 404)
    if (options.app.capabilities['HttpUri'])
      return streamThrough(options.app.capabilities['HttpUri'], options.invoke, match, request, response)
    return answerWhole(options.invoke, match, url, request, response)
  }

  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof BodyTooLong) return refuseBody(response, error)
      if (request.destroyed && !request.complete) return response.destroy()
      options.log({ level: 'error', category: 'Host', message: `A request could not be answered: ${String(error)}` })
      if (response.headersSent) response.destroy()
      else sendEmpty(response, 500)
    })
  })
}

async function answerWhole(
  invoke: Invoke,
  match: RouteMatch<RegisteredFunction>,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  const headers = joinedHeaders(request)
  const input: TypedData = {
    http: {
      url: url.href,
      method: request.method ?? 'GET',
      headers,
      query: joinedQuery(url),
      params: match.params,
      body: body.length > 0 ? { bytes: body } : undefined,
    },
  }
  let answered: HttpResponseFacts | undefined
  try {
    const result = await invoke(match.target, input, { invocationId: randomUUID(), traceParent: headers['traceparent'] })
    answered = result.returnValue?.http as HttpResponseFacts | undefined
  } catch {
    return sendEmpty(response, 500)
  }
  sendAnswer(response, answered)
}

/** The rest of a refused body is not read, so the connection ends with the answer. */
function refuseBody(response: ServerResponse, error: BodyTooLong): void {
  if (response.headersSent) return void response.destroy()
  response.setHeader('connection', 'close')
  sendText(response, 413, error.message)
}
