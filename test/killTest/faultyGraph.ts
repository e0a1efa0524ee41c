import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Random } from '../../local/simulatedTenant/random'

/** A proxy in front of a Graph that spoils a part of the answers. */
export interface FaultyGraph {
  readonly root: string
  /** Requests that came through, and how many of them were spoilt, by fault. */
  readonly requests: () => number
  readonly faults: ReadonlyMap<string, number>
  /** From now on every answer is passed on as it is. */
  mend(): void
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

type Spoil = (answer: Answer, response: ServerResponse) => void

const plain = (status: number, headers: Record<string, string>, body: string): Spoil => {
  return (_answer, response) => {
    response.writeHead(status, headers).end(body)
  }
}

const failure = JSON.stringify({ error: { code: 'ServiceUnavailable', message: 'Not now.' } })
const json = { 'content-type': 'application/json' }

/** Each with its part of all answers. */
const spoils: readonly { readonly fault: string; readonly share: number; readonly spoil: Spoil }[] = [
  { fault: '429 with Retry-After', share: 0.03, spoil: plain(429, { ...json, 'retry-after': '1' }, failure) },
  { fault: '503', share: 0.04, spoil: plain(503, json, failure) },
  { fault: '504', share: 0.02, spoil: plain(504, json, failure) },
  { fault: '502 with HTML', share: 0.02, spoil: plain(502, { 'content-type': 'text/html' }, '<html>Bad Gateway</html>') },
  {
    fault: 'truncated JSON',
    share: 0.03,
    spoil: ({ headers, body }, response) => response.writeHead(200, typeOf(headers)).end(body.subarray(0, body.length >> 1)),
  },
  {
    fault: 'connection reset in mid-body',
    share: 0.04,
    spoil: ({ headers, body }, response) => {
      response.writeHead(200, { ...typeOf(headers), 'content-length': String(body.length) })
      response.write(body.subarray(0, body.length >> 1), () => response.destroy())
    },
  },
  { fault: 'connection closed', share: 0.03, spoil: (_answer, response) => response.destroy() },
]

const typeOf = (headers: IncomingMessage['headers']): Record<string, string> => ({
  'content-type': headers['content-type'] ?? 'application/json',
  date: headers['date'] ?? new Date().toUTCString(),
})

/** Opens the proxy on a free loopback port. */
export async function openFaultyGraph(upstream: string, random: Random): Promise<FaultyGraph> {
  const faults = new Map<string, number>()
  let requests = 0
  let isMended = false

  const drawn = (): Spoil | undefined => {
    let left = random.next()
    for (const { fault, share, spoil } of isMended ? [] : spoils) {
      left -= share
      if (left >= 0) continue
      faults.set(fault, (faults.get(fault) ?? 0) + 1)
      return spoil
    }
    return undefined
  }

  const server = createServer((incoming, response) => {
    requests += 1
    const spoil = drawn()
    // Slow enough for a process to die between a request and its answer.
    const delay = isMended ? 0 : random.below(150)
    setTimeout(() => {
      passOn(upstream, incoming).then(
        (answer) => {
          if (spoil) spoil(answer, response)
          else response.writeHead(answer.status, answer.headers).end(answer.body)
        },
        () => response.destroy(),
      )
    }, delay)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    faults,
    mend: () => {
      isMended = true
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The answer of the real one; the host's name goes along, so that its links lead back here. */
function passOn(upstream: string, { method, url, headers }: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(url ?? '/', upstream), { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) }))
    })
    sent.on('error', reject)
    sent.end()
  })
}
