import { createServer, type IncomingHttpHeaders, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that came to the proxy, with its whole body. */
export interface ProxiedRequest {
  readonly method: string
  /** As it came, with the name of the proxy as its host. */
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What the server behind the proxy answered, with its whole body. */
export interface ProxiedAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** One request and what can be made of it. */
export interface Exchange {
  readonly request: ProxiedRequest
  readonly response: ServerResponse
  /** Asks the server behind the proxy, by another address where one is given. */
  forward(url?: URL): Promise<ProxiedAnswer>
}

/** Answers an exchange, or leaves it without an answer. */
export type Meddle = (exchange: Exchange) => void | Promise<void>

export interface MeddlingProxy {
  /** `http://127.0.0.1:<port>`, on a free port. */
  readonly root: string
  close(): Promise<void>
}

/** A proxy that leaves to `meddle` what becomes of each request; `upstream` is the root of the server behind it, asked for at each request. */
export async function startMeddlingProxy(upstream: () => string, meddle: Meddle): Promise<MeddlingProxy> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = 'GET', headers } = incoming
      const request = { method, headers, url: new URL(incoming.url ?? '/', `http://${headers.host}`), body: Buffer.concat(chunks) }
      const forward = (url = request.url): Promise<ProxiedAnswer> => ask(upstream(), request, url)
      Promise.resolve(meddle({ request, response, forward })).catch(() => response.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Passes an exchange on as it is. */
export const passOn: Meddle = async ({ forward, response }) => give(response, await forward())

/** Gives an answer out, with what is to be changed of it. */
export function give(response: ServerResponse, answer: ProxiedAnswer, changed: Partial<ProxiedAnswer> = {}): void {
  const { status, headers, body } = { ...answer, ...changed }
  const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _connection, ...kept } = headers
  response.writeHead(status, { ...kept, 'content-length': body.byteLength }).end(body)
}

/** The name of the host goes along, so that links in the answer lead back to the proxy and signatures stay right. */
function ask(root: string, { method, headers, body }: ProxiedRequest, url: URL): Promise<ProxiedAnswer> {
  return new Promise((resolve, reject) => {
    const sent = send(new URL(url.pathname + url.search, root), { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
