import { EnvHttpProxyAgent, fetch } from 'undici'
import { MonitorError } from '../shared/runtime/errors'

const idPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i
const domainPattern = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i
const timeoutMs = 10_000
const answerCharactersMax = 100_000

/** The status and the text of an answer. */
type FetchText = (url: string) => Promise<{ readonly status: number; readonly text: string }>

/**
 * The id of a tenant that is named by its id or by one of its domains. A domain is looked up in the public OpenID
 * configuration of the sign-in host, which needs no login.
 * Throws `usage` for a text that is neither and for a domain that no tenant has, `graph-read-failed` where the host cannot be asked.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#find-your-apps-openid-configuration-document-uri
 */
export const resolveTenant = async (tenant: string, authorityHost: string, fetchText: FetchText = fetchThroughProxy): Promise<string> => {
  const named = tenant.trim()
  if (idPattern.exec(named)?.[0] === named) return named.toLowerCase()
  if (!domainPattern.test(named)) {
    throw new MonitorError('usage', `"${named}" is no tenant. Give its id (a GUID) or one of its domains, such as contoso.onmicrosoft.com.`)
  }
  const url = `${authorityHost}/${named.toLowerCase()}/v2.0/.well-known/openid-configuration`
  const answer = await ask(url, fetchText)
  const id = answer.status === 200 ? tenantOf(answer.text) : undefined
  if (id !== undefined) return id
  if (answer.status === 400 || answer.status === 404) {
    throw new MonitorError('usage', `No tenant has the domain ${named}. Check its spelling, or give the tenant's id.`)
  }
  throw new MonitorError(
    'graph-read-failed',
    `${authorityHost} did not say which tenant has the domain ${named} (status ${answer.status}). ${instead}`,
  )
}

const instead = "Try again, or give the tenant's id: then nothing has to be looked up."

async function ask(url: string, fetchText: FetchText): Promise<{ status: number; text: string }> {
  try {
    return await fetchText(url)
  } catch (cause) {
    const { host } = new URL(url)
    throw new MonitorError('graph-read-failed', `${host} cannot be reached (${reasonOf(cause)}). ${instead}`, { cause })
  }
}

/** The innermost cause says what happened; the outer ones say that a fetch failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}

function tenantOf(text: string): string | undefined {
  try {
    const { issuer } = JSON.parse(text) as { issuer?: unknown }
    return typeof issuer === 'string' ? idPattern.exec(issuer)?.[0]?.toLowerCase() : undefined
  } catch {
    return undefined
  }
}

const fetchThroughProxy: FetchText = async (url) => {
  const dispatcher = new EnvHttpProxyAgent()
  try {
    const answer = await fetch(url, { dispatcher, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    return { status: answer.status, text: (await answer.text()).slice(0, answerCharactersMax) }
  } finally {
    await dispatcher.destroy()
  }
}
