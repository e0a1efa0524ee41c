import { MonitorError } from './errors'

/** Whether calls to other systems go through a proxy. */
export const hasProxy = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  Boolean(environment['HTTPS_PROXY'] ?? environment['https_proxy'])

/**
 * A `fetch` that honours `HTTPS_PROXY` and `NO_PROXY`. The storage and identity clients of the Azure SDK honour them by
 * themselves; Node's own `fetch` does not.
 * @see https://undici.nodejs.org/#/docs/api/EnvHttpProxyAgent
 */
export function proxyFetch(): typeof fetch {
  let loading: Promise<{ fetch: typeof fetch; dispatcher: unknown }> | undefined
  const load = async () => {
    const undici = await import('undici')
    return { fetch: undici.fetch as unknown as typeof fetch, dispatcher: new undici.EnvHttpProxyAgent() }
  }
  return async (input, init) => {
    loading ??= load()
    const { fetch: proxied, dispatcher } = await loading.catch((cause: unknown) => {
      throw new MonitorError('setting-invalid', 'HTTPS_PROXY has to be an http or https address such as http://proxy.example.com:3128.', {
        cause,
      })
    })
    return proxied(input, { ...init, dispatcher } as RequestInit)
  }
}
