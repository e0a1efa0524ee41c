import { createServer, type IncomingMessage, request as requestUpstream, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type CertificateAuthority, createCertificateAuthority } from './certificates'

/** What the proxy saw inside the encryption. */
export interface SeenRequest {
  readonly host: string
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Where a request to a host really goes: an http root, and what is changed on the way. */
export type Upstream = (seen: SeenRequest) => { readonly url: string; readonly headers?: Record<string, string>; readonly body?: string }

export interface InspectingProxy {
  readonly url: string
  readonly authority: CertificateAuthority
  /** Hosts that were asked for by CONNECT, whether their encryption could be opened or not. */
  readonly connects: readonly string[]
  readonly seen: readonly SeenRequest[]
  close(): Promise<void>
}

/** A proxy that opens TLS with certificates of its own authority, as those of company networks do. */
export async function startInspectingProxy(upstreams: Readonly<Record<string, Upstream>>): Promise<InspectingProxy> {
  const authority = createCertificateAuthority()
  const certified = new Map(Object.keys(upstreams).map((host) => [host, authority.issue(host)]))
  const connects: string[] = []
  const seen: SeenRequest[] = []
  const sockets = new Set<Socket>()

  const inside = createServer((request, response) => {
    const host = request.headers.host?.replace(/:\d+$/, '') ?? ''
    collect(request).then((body) => {
      const found = { host, method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      seen.push(found)
      const upstream = upstreams[host]
      if (!upstream) response.writeHead(502).end()
      else forward(found, upstream, response)
    })
  })
  const proxy = createServer((request, response) => {
    // Plain http is not inspected; that anyone asks for it at all is what a test wants to know.
    connects.push(`plain ${request.url}`)
    response.writeHead(502).end()
  })
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    const host = (request.url ?? '').replace(/:\d+$/, '')
    const own = certified.get(host)
    connects.push(host)
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    if (!own) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    const opened = new TLSSocket(socket, { isServer: true, key: own.key, cert: own.certificate })
    opened.on('error', () => socket.destroy())
    inside.emit('connection', opened)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    authority,
    connects,
    seen,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        proxy.close(() => resolve())
        proxy.closeAllConnections()
      }),
  }
}

async function collect(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const ofTheConnection: readonly string[] = ['host', 'connection', 'content-length', 'transfer-encoding']

function forward(found: SeenRequest, upstream: Upstream, response: ServerResponse): void {
  const { url, headers = {}, body = found.body } = upstream(found)
  const kept = Object.fromEntries(Object.entries(found.headers).filter(([name]) => !ofTheConnection.includes(name)))
  const sent = requestUpstream(
    url,
    { method: found.method, headers: { ...kept, ...headers, 'content-length': Buffer.byteLength(body) } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    },
  )
  sent.on('error', () => response.destroy())
  sent.end(body)
}
