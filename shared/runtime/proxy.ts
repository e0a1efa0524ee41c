type Environment = Readonly<Record<string, string | undefined>>

const proxyOf = (environment: Environment): string => (environment['HTTPS_PROXY'] || environment['https_proxy'] || '').trim()

/** Whether calls to other systems go through a proxy. */
export const hasProxy = (environment: Environment): boolean => proxyOf(environment) !== ''

/** What is wrong with `HTTPS_PROXY`, without its text, which may hold a password; undefined where nothing is. */
export function proxyProblem(environment: Environment): string | undefined {
  const proxy = proxyOf(environment)
  if (proxy === '' || (URL.canParse(proxy) && ['http:', 'https:'].includes(new URL(proxy).protocol))) return undefined
  return 'HTTPS_PROXY has to be an http or https address such as http://proxy.example.com:3128.'
}

/** This computer, and the two places where Azure gives tokens to an app: no proxy can reach any of them. */
const localHosts = ['localhost', '127.0.0.1', '::1', '[::1]', '169.254.169.254']

/**
 * `NO_PROXY` with the hosts that only this computer can reach: itself, and the endpoint of the managed identity. The clients
 * of the Azure SDK send even those to the proxy.
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity
 */
export function noProxyWithLocal(environment: Environment): string {
  const given = (environment['NO_PROXY'] || environment['no_proxy'] || '').split(',').map((host) => host.trim())
  const identityEndpoint = environment['IDENTITY_ENDPOINT'] ?? ''
  const identityHost = URL.canParse(identityEndpoint) ? new URL(identityEndpoint).hostname : ''
  return [...new Set([...given, ...localHosts, identityHost])].filter((host) => host !== '').join(',')
}

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
    const { fetch: proxied, dispatcher } = await loading
    return proxied(input, { ...init, dispatcher } as RequestInit)
  }
}
