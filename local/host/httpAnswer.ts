import type { ServerResponse } from 'node:http'
import type { Cookie, HttpResponseFacts, TypedData } from './appModel'

/** Headers that belong to one connection, and the length, which the host knows best. */
const ofTheHost: readonly string[] = ['connection', 'keep-alive', 'transfer-encoding', 'trailer', 'upgrade', 'content-length']
const bodiless: readonly number[] = [204, 205, 304]

/** Writes what a handler answered. Without an answer it is a 200 with an empty body, as in the real host. */
export const sendAnswer = (response: ServerResponse, answer: HttpResponseFacts | undefined): void => {
  response.statusCode = Number(answer?.statusCode ?? 200)
  for (const [name, value] of Object.entries(answer?.headers ?? {})) if (!ofTheHost.includes(name)) response.setHeader(name, value)
  if (answer?.cookies?.length) response.setHeader('set-cookie', answer.cookies.map(cookieLine))
  if (bodiless.includes(response.statusCode)) return void response.end()
  const body = bytesOf(answer?.body)
  // The answer to a HEAD request may name the length of a body that its handler did not make.
  const announced = body.length === 0 && response.req.method === 'HEAD' ? answer?.headers?.['content-length'] : undefined
  response.setHeader('content-length', announced ?? body.length)
  response.end(body)
}

/** A short answer of the host itself, in plain words. */
export const sendText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

export const sendJson = (response: ServerResponse, value: unknown): void => {
  const text = JSON.stringify(value)
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

export const sendEmpty = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { 'content-length': 0 })
  response.end()
}

function bytesOf(body: TypedData | undefined): Buffer {
  if (body?.bytes) return Buffer.from(body.bytes)
  return Buffer.from(body?.string ?? body?.json ?? '')
}

const sameSite = { none: '', lax: '; SameSite=Lax', strict: '; SameSite=Strict', explicitNone: '; SameSite=None' }

function cookieLine(cookie: Cookie): string {
  const { domain, path, expires, maxAge } = cookie
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    maxAge ? `; Max-Age=${Math.floor(maxAge.value)}` : '',
    domain ? `; Domain=${domain.value}` : '',
    `; Path=${path?.value ?? '/'}`,
    expires ? `; Expires=${new Date(expires.value.seconds * 1000).toUTCString()}` : '',
    cookie.httpOnly?.value ? '; HttpOnly' : '',
    cookie.secure?.value ? '; Secure' : '',
    sameSite[cookie.sameSite ?? 'none'],
  ].join('')
}
