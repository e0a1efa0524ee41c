import { get } from 'node:http'
import { json } from 'node:stream/consumers'

const timeoutMs = 30_000

interface JsonAnswer {
  readonly status: number
  readonly value: unknown
}

/**
 * Asks a server of this computer for JSON. Rejects where it does not answer, or with something else. The request goes straight there: a proxy that the
 * environment names for everything else could not reach it.
 */
export const loopbackJson = (port: number, path: string): Promise<JsonAnswer> =>
  new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: timeoutMs }, (answer) => {
      json(answer).then((value) => resolve({ status: answer.statusCode ?? 0, value }), reject)
    })
    request.on('timeout', () => request.destroy(new Error(`No answer from ${path} within ${timeoutMs / 1000} seconds.`)))
    request.on('error', reject)
  })
