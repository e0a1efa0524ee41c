import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import type { OutboxRow } from '../../shared/alerts/alert'
import type { ReceiverSettings } from '../../shared/notify/parseReceivers'

export const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`
export const otherSecret = `whsec_${Buffer.from('fedcba9876543210fedcba9876543210').toString('base64')}`

export interface Received {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const opened: (() => Promise<unknown>)[] = []

/** Closes every server that a test opened. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((close) => close()))
}

/** A receiver on a free port of loopback that answers as it is told and remembers what it was sent. */
export async function startReceiver(answer: (response: ServerResponse) => void): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() })
      answer(response)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  opened.push(() => {
    server.closeAllConnections()
    return new Promise((closed) => server.close(closed))
  })
  return { port: (server.address() as AddressInfo).port, received }
}

/** A port that counts the connections made to it and remembers the first bytes of each; it hangs up unless told otherwise. */
export async function startCounter(
  answer: (socket: Socket) => void = (socket) => socket.destroy(),
): Promise<{ port: number; connections: string[] }> {
  const sockets = new Set<Socket>()
  const connections: string[] = []
  const server = createTcpServer((socket) => {
    const index = connections.push('') - 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', (chunk) => {
      connections[index] = chunk.toString('latin1')
      answer(socket)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  opened.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((closed) => server.close(closed))
  })
  return { port: (server.address() as AddressInfo).port, connections }
}

export const receiver = (url: string, part: Partial<ReceiverSettings> = {}): ReceiverSettings => ({
  id: 'ops',
  kind: 'webhook',
  url,
  secret,
  lang: 'en',
  timeZone: 'UTC',
  ...part,
})

export const row = (part: Partial<OutboxRow> = {}): OutboxRow => ({
  id: 'msg_tenant_1_ops',
  receiver: 'ops',
  content: { type: 'alert.test', at: 1_767_528_120_000, groupKey: 'g', reason: 'none', tenantId: 't', alerts: [], omittedAlerts: 0 },
  state: 'waiting',
  attempts: 0,
  nextAttemptAt: 0,
  lastReason: undefined,
  ...part,
})
