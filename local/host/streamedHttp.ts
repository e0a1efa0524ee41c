import { randomUUID } from 'node:crypto'
import { type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import { Transform, type TransformCallback } from 'node:stream'
import type { RegisteredFunction, TypedData } from './appModel'
import type { Invoke } from './functionsApp'
import { sendEmpty } from './httpAnswer'
import { BodyTooLong, bodyBytesMax, refuseAnnouncedLength } from './requestBody'
import { joinedHeaders } from './requestFacts'
import type { RouteMatch } from './routes'

/**
 * Carries a request to an app that set `enableHttpStream`: its library opened a server of its own, to which the host passes
 * bodies piece by piece, in both directions, and names the invocation in a header.
 * Throws `BodyTooLong` while nothing was answered yet.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference-node#http-streams
 */
export const streamThrough = async (
  httpUri: string,
  invoke: Invoke,
  match: RouteMatch<RegisteredFunction>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  refuseAnnouncedLength(request)
  const invocationId = randomUUID()
  const headers = joinedHeaders(request)
  const forwarded = { 'x-ms-invocation-id': invocationId, 'x-forwarded-host': headers['host'], 'x-forwarded-proto': 'http' }
  const inward = openRequest(new URL(request.url ?? '/', httpUri), { method: request.method, headers: { ...headers, ...forwarded } })
  const bounded = boundedBody()
  const carried = new Promise<void>((resolve, reject) => {
    inward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
      answer.on('end', resolve).on('error', reject)
    })
    inward.on('error', reject)
    bounded.on('error', reject)
    response.on('close', resolve)
  })
  request.pipe(bounded).pipe(inward)

  const params = Object.entries(match.params).map(([name, value]): [string, TypedData] => [name, { string: value }])
  const triggerMetadata = Object.fromEntries([['Headers', { json: JSON.stringify(headers) }], ...params])
  const invoked = invoke(match.target, { http: {} }, { invocationId, traceParent: headers['traceparent'], triggerMetadata }).then(
    () => carried,
    () => refuse(response),
  )
  try {
    await Promise.race([invoked, carried])
  } finally {
    inward.destroy()
  }
}

/** The handler threw: a 500 while nothing was answered, else the answer breaks off. */
function refuse(response: ServerResponse): void {
  if (response.writableEnded) return
  if (response.headersSent) response.destroy()
  else sendEmpty(response, 500)
}

function boundedBody(): Transform {
  let length = 0
  return new Transform({
    transform: (chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) => {
      length += chunk.length
      if (length > bodyBytesMax) done(new BodyTooLong())
      else done(null, chunk)
    },
  })
}
