import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`

/** One delivery as it arrived. */
export interface Delivery {
  readonly id: string
  readonly body: string
  /** The body, after its signature was verified. */
  readonly verified: Notified
}

/** The parts of a body that the scenarios look at; the whole is held against its schema. */
export interface Notified {
  readonly type: string
  readonly data: {
    readonly reason: string
    readonly alerts: readonly { readonly rule: string; readonly severity: string; readonly state: string; readonly value: number }[]
  }
}

/** A receiver of webhooks on a free port of the loopback address. */
export interface WebhookReceiver {
  readonly deliveries: Delivery[]
  /** The statuses of the next answers; 200 when there are none. */
  readonly answers: number[]
  readonly settings: { readonly id: string; readonly kind: 'webhook'; readonly url: string; readonly secret: string }
  readonly stop: () => Promise<void>
}

/** Starts a receiver that verifies every signature; one that does not fit is answered with 400 and not kept. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const deliveries: Delivery[] = []
  const answers: number[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      try {
        const verified = new Webhook(secret).verify(body, headers) as Notified
        deliveries.push({ id: headers['webhook-id'] ?? '', body, verified })
        response.writeHead(answers.shift() ?? 200).end()
      } catch {
        response.writeHead(400).end()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    deliveries,
    answers,
    settings: { id: 'ops', kind: 'webhook', url: `http://127.0.0.1:${port}/hook`, secret },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
