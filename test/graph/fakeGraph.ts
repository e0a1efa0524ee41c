import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the fake acts on one request. */
export type Act = (response: ServerResponse, root: string) => void

export interface FakeGraph {
  readonly root: string
  readonly requests: { readonly path: string; readonly query: URLSearchParams; readonly headers: IncomingMessage['headers'] }[]
  close(): Promise<void>
}

/** A Graph on a free loopback port that acts one thing after another; after the last it keeps acting that. */
export async function startFakeGraph(...acts: Act[]): Promise<FakeGraph> {
  const requests: FakeGraph['requests'] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', root)
    const act = acts[Math.min(requests.length, acts.length - 1)]
    requests.push({ path: url.pathname, query: url.searchParams, headers: request.headers })
    act?.(response, root)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    root,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers any body with a status. */
export const answer =
  (status: number, body: string, headers: Record<string, string> = {}): Act =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', date: 'Thu, 01 Jan 2026 00:00:30 GMT', ...headers }).end(body)
  }

/** A page of rows; `next` is the path and query of the page after it, or a whole address. */
export const page =
  (ids: readonly string[], next?: string): Act =>
  (response, root) => {
    const link = next === undefined ? {} : { '@odata.nextLink': next.startsWith('/') ? root + next : next }
    answer(200, JSON.stringify({ ...link, value: ids.map((id) => ({ id })) }))(response, root)
  }

/** Graph's own form of an error. */
export const graphError = (status: number, code: string, message: string, headers: Record<string, string> = {}): Act =>
  answer(status, JSON.stringify({ error: { code, message, innerError: {} } }), headers)

/** Sends the beginning of a body and breaks the connection. */
export const breakOff: Act = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"value":[{"id":"a"},')
  setImmediate(() => response.destroy())
}

/** Never answers. */
export const silence: Act = () => undefined
