import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RegisteredFunction } from './appModel'
import { sendEmpty, sendJson, sendText } from './httpAnswer'
import { isLoopbackOrigin } from './loopback'
import { readBody } from './requestBody'

interface AdministrationOptions {
  readonly functions: ReadonlyMap<string, RegisteredFunction>
  /** Starts a timer function now, without waiting for its end; never throws. */
  readonly start: (name: string) => void
}

/**
 * The host's own routes: `GET /admin/host/status`, `GET /admin/functions`, and `POST /admin/functions/{name}` with
 * `{"input": ""}`, which runs a timer function now and answers 202 while it runs. No key is asked for, as in Core Tools,
 * but a page of another site that calls in the name of its visitor is refused.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http
 */
export const administer =
  ({ functions, start }: AdministrationOptions) =>
  async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    if (!isLoopbackOrigin(request.headers.origin)) return sendText(response, 403, 'A page of another site may not administer this host.')
    const name = /^\/admin\/functions\/([^/]+)\/?$/i.exec(path)?.[1]
    if (request.method === 'GET' && /^\/admin\/host\/status\/?$/i.test(path)) {
      return sendJson(response, { id: 'local', state: 'Running', version: '4.0.0', processUptime: Math.round(process.uptime() * 1000) })
    }
    if (request.method === 'GET' && /^\/admin\/functions\/?$/i.test(path)) return sendJson(response, [...functions.values()].map(described))
    const target = name === undefined ? undefined : functions.get(name)
    if (!target || request.method !== 'POST') return sendEmpty(response, 404)
    if (target.trigger.type !== 'timerTrigger') return sendText(response, 400, `${target.name} has no timer; call its own address.`)
    if (!isInput((await readBody(request)).toString())) return sendText(response, 400, 'The body has to be JSON such as {"input": ""}.')
    start(target.name)
    return sendEmpty(response, 202)
  }

const described = ({ name, metadata }: RegisteredFunction): unknown => ({
  name,
  config: { bindings: Object.entries(metadata.bindings).map(([binding, settings]) => ({ name: binding, ...settings })) },
})

/** An empty body passes: a timer function has no use for an input. */
function isInput(body: string): boolean {
  if (body.trim() === '') return true
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
