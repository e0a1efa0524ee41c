import { request as requestUpstream } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certified } from './certificates'

/** A server of https that hands everything on to an http root on this computer. */
export interface TlsFront {
  /** `https://localhost:<port>` */
  readonly url: string
  close(): Promise<void>
}

/** Puts TLS in front of an http root, as it is in front of every service of Azure. */
export async function startTlsFront(upstream: string, { certificate, key }: Certified): Promise<TlsFront> {
  const server = createServer({ cert: certificate, key }, (incoming, response) => {
    const headers = { ...incoming.headers, 'x-forwarded-proto': 'https' }
    const sent = requestUpstream(new URL(incoming.url ?? '/', upstream), { method: incoming.method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    sent.on('error', () => response.destroy())
    incoming.pipe(sent)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
