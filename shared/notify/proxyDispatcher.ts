import type { LookupFunction } from 'node:net'
import type { Dispatcher } from 'undici'

/**
 * A dispatcher that goes through the proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`) and past it, with the given lookup,
 * where `NO_PROXY` says so. A proxy that closes the connection before it has answered fails the request: by itself the
 * library would ask it again without an end, because it takes that for a connection that was merely reused too late.
 * @see https://undici.nodejs.org/#/docs/api/EnvHttpProxyAgent
 */
export async function proxyDispatcher(lookup: LookupFunction): Promise<Dispatcher> {
  const { EnvHttpProxyAgent, Pool } = await import('undici')
  const clientFactory = (origin: URL, options: object): Dispatcher => {
    const pool = new Pool(origin, options)
    const connect = pool.connect.bind(pool) as (request: object) => Promise<unknown>
    const connectOnce = (request: object): Promise<unknown> =>
      connect(request).catch((cause: unknown) => {
        throw new Error('The proxy closed the connection.', { cause })
      })
    return Object.assign(pool, { connect: connectOnce })
  }
  return new EnvHttpProxyAgent({ connect: { lookup }, clientFactory })
}
