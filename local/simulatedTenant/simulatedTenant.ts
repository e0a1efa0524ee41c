import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { day, formatInstant, type Instant, parseInstant, second } from '../../shared/signIns/instant'
import { companyOf, simulatedTenantId } from './company'
import { createPermissions, type PermissionAnswer, simulatedIdentity } from './permissions'
import { readPage } from './signInPage'
import { type GraphError, parseSignInQuery } from './signInQuery'
import { createSkipTokens } from './skipTokens'
import { stories } from './stories'
import { openTenantLog } from './tenantLog'
import { truthOf } from './truth'

export interface SimulatedTenantOptions {
  /** Two tenants of one seed have the same sign-ins at the same times. */
  readonly seed?: number
  readonly clock?: () => Instant
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly tenantId?: string
  /** How long before its start the tenant began to sign in. */
  readonly historyHours?: number
  /** Of a working day, with the stories. */
  readonly rowsPerDay?: number
  /** False: every sign-in shows at once and stays as it is. */
  readonly lateness?: boolean
  /** How many requests any 10 seconds may have before they are answered by 429. */
  readonly requestsPerTenSeconds?: number
  /** The permissions of the managed identity; those that the monitor needs when left out. */
  readonly granted?: readonly string[]
  /** False: nobody may grant permissions. */
  readonly mayGrant?: boolean
}

export interface SimulatedTenant {
  /** Root of the Graph, without the version. */
  readonly baseUrl: string
  readonly tenantId: string
  /** The last requests for sign-ins, oldest first. */
  readonly requests: readonly TenantRequest[]
  close(): Promise<void>
}

/** A request for sign-ins, and how it was answered. */
interface TenantRequest {
  readonly at: Instant
  readonly path: string
  readonly query: URLSearchParams
  readonly prefer: string | undefined
  readonly status: number
}

const retention = 30 * day
const throttleWindow = 10 * second
const requestsKept = 1_000
const truthRangeMax = 31 * day
const bodyCharactersMax = 100_000

/**
 * Starts a tenant that speaks Graph's sign-in API over HTTP on the loopback interface, with the rules of the real one,
 * and that knows the truth about its own sign-ins (`GET /truth?from&to&visibleAt`).
 */
export async function startSimulatedTenant(options: SimulatedTenantOptions = {}): Promise<SimulatedTenant> {
  const clock = options.clock ?? Date.now
  const tenantId = options.tenantId ?? simulatedTenantId
  const seed = options.seed ?? 1
  const company = companyOf(seed, tenantId)
  const traffic = { seed, company, rowsPerDay: options.rowsPerDay ?? 12_000, lateness: options.lateness ?? true }
  const log = openTenantLog(traffic, options.historyHours ?? 24, clock())
  const tokens = createSkipTokens()
  const throttle = createThrottle(options.requestsPerTenSeconds ?? 5)
  const requests: TenantRequest[] = []
  const permissions = createPermissions({ tenantId, granted: options.granted, mayGrant: options.mayGrant })

  function answer(request: IncomingMessage, body: unknown, now: Instant): Answer {
    const scheme = request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
    const root = `${scheme}://${request.headers.host ?? '127.0.0.1'}`
    if (!URL.canParse(request.url ?? '/', root)) return refusal(400, 'The address cannot be read.')
    const url = new URL(request.url ?? '/', root)
    const permitted = permissions.answer({ method: request.method ?? 'GET', url, body, now })
    if (permitted) return permitted
    if (request.method !== 'GET') return refusal(405, 'Specified HTTP method is not allowed.')
    if (url.pathname === '/') return { text: frontPage(root, tenantId), type: 'text/plain; charset=utf-8' }
    if (url.pathname === '/truth') return answerTruth(url.searchParams, now)
    const version = /^\/(beta|v1\.0)\/auditLogs\/signIns$/i.exec(url.pathname)?.[1]
    if (!version) return refusal(404, 'Resource not found for the segment.')
    return answerSignIns(request, url, version.toLowerCase() === 'beta' ? 'beta' : 'v1.0', now)
  }

  function answerSignIns(request: IncomingMessage, url: URL, version: 'beta' | 'v1.0', now: Instant): Answer {
    const prefer = [request.headers['prefer'] ?? []].flat().join(',')
    const may = permissions.mayReadSignIns(request.headers.authorization)
    const result = throttle(now) ?? (may ? readSignIns(url, version, prefer, now) : notPermitted)
    requests.push({
      at: now,
      path: url.pathname,
      query: url.searchParams,
      prefer: prefer === '' ? undefined : prefer,
      status: statusOf(result),
    })
    if (requests.length > requestsKept) requests.shift()
    return result
  }

  function readSignIns(url: URL, version: 'beta' | 'v1.0', prefer: string, now: Instant): Answer {
    const query = parseSignInQuery(url.searchParams, version, now - retention)
    if (!query.ok) return { error: query.error }
    const queryKey = version + query.value.key
    const { skipToken } = query.value
    const after = skipToken === undefined ? undefined : tokens.open(queryKey, skipToken)
    if (skipToken !== undefined && !after) return refusal(400, 'Invalid Skip Token.')

    const page = readPage(log, query.value, after, now)
    const form = { version, unknownEnumMembers: /(^|[,;\s])include-unknown-enum-members($|[,;\s])/i.test(prefer) }
    const rows = page.signIns.map((signIn) => log.text(signIn, form, now)).join(',')
    const context = `"@odata.context":${JSON.stringify(`${url.origin}/${version}/$metadata#auditLogs/signIns`)}`
    const next = page.next ? `"@odata.nextLink":${JSON.stringify(nextLink(url, tokens.seal(queryKey, page.next)))},` : ''
    return { text: `{${context},${next}"value":[${rows}]}`, type: graphJson }
  }

  function answerTruth(query: URLSearchParams, now: Instant): Answer {
    const [from, to] = [parseInstant(query.get('from') ?? ''), parseInstant(query.get('to') ?? '')]
    const visibleAt = query.has('visibleAt') ? parseInstant(query.get('visibleAt') ?? '') : now
    if (from === undefined || to === undefined || visibleAt === undefined || to < from || to - from > truthRangeMax) {
      const message =
        'from, to and visibleAt are ISO 8601 times, to is not before from, and they are at most 31 days apart; only visibleAt may be left out.'
      return refusal(400, message)
    }
    return { text: JSON.stringify(truthOf(log, { from, to }, visibleAt), null, 2), type: 'application/json; charset=utf-8' }
  }

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const now = clock()
      send(request, response, answer(request, body, now), now)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    tenantId,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The JSON that came with a request; undefined where there is none that can be read. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'GET' || Number(request.headers['content-length'] ?? 0) > bodyCharactersMax) {
    request.resume()
    return undefined
  }
  try {
    return JSON.parse(await text(request))
  } catch {
    return undefined
  }
}

type Answer = Content | Refusal | PermissionAnswer

interface Content {
  readonly text: string
  readonly type: string
}

interface Refusal {
  readonly error: GraphError
  readonly retryAfterSeconds?: number
}

const graphJson = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'

const refusal = (status: number, message: string): Refusal => ({ error: { status, code: 'BadRequest', message } })

const notPermitted: Refusal = {
  error: {
    status: 403,
    code: 'Authentication_MSGraphPermissionMissing',
    message: 'Calling principal does not have required MSGraph permissions AuditLog.Read.All',
  },
}

function statusOf(answer: Answer): number {
  if ('error' in answer) return answer.error.status
  return 'status' in answer ? answer.status : 200
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer, now: Instant): void {
  const requestId = randomUUID()
  const clientRequestId = [request.headers['client-request-id'] ?? requestId].flat().join(',')
  response.statusCode = statusOf(answer)
  response.setHeader('Date', new Date(now).toUTCString())
  response.setHeader('request-id', requestId)
  response.setHeader('client-request-id', clientRequestId)
  if ('text' in answer) {
    response.setHeader('Content-Type', answer.type)
    response.end(answer.text)
    return
  }
  if ('status' in answer) {
    response.setHeader('Content-Type', graphJson)
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body))
    return
  }
  const { error, retryAfterSeconds } = answer
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds))
  response.setHeader('Content-Type', graphJson)
  const date = formatInstant(now - (now % second)).slice(0, -1)
  const innerError = { date, 'request-id': requestId, 'client-request-id': clientRequestId }
  response.end(JSON.stringify({ error: { code: error.code, message: error.message, innerError } }))
}

/**
 * Refuses a request when the 10 seconds before it had too many, the refused ones included; every third refusal keeps
 * to itself when to come back, as Graph does not always say it.
 * @see https://learn.microsoft.com/graph/throttling-limits
 */
function createThrottle(requestsMax: number): (now: Instant) => Refusal | undefined {
  let times: Instant[] = []
  let refusals = 0
  return (now) => {
    times = [...times.filter((at) => at > now - throttleWindow), now]
    if (times.length <= requestsMax) return undefined
    // Whoever asks on and on would make the list long; the newest ones decide.
    times = times.slice(-(requestsMax + 1))
    const wait = (times[1] ?? now) + throttleWindow - now
    const message = 'This request is throttled. Please try again after the value specified in the Retry-After header.'
    const error = { status: 429, code: 'TooManyRequests', message }
    return ++refusals % 3 === 0 ? { error } : { error, retryAfterSeconds: Math.max(1, Math.ceil(wait / second)) }
  }
}

function nextLink(url: URL, token: string): string {
  const next = new URL(url)
  next.searchParams.set('$skiptoken', token)
  return next.href
}

function frontPage(root: string, tenantId: string): string {
  const lines = stories.map((story) => `  ${story.id}: ${story.about}`)
  return [
    `A simulated Microsoft Entra tenant, ${tenantId}. Nobody in it is real.`,
    '',
    `  ${root}/beta/auditLogs/signIns`,
    `  ${root}/v1.0/servicePrincipals/${simulatedIdentity.principalId}/appRoleAssignments`,
    `  ${root}/truth?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z`,
    '',
    'What happens here every day (UTC):',
    '',
    ...lines,
    '',
  ].join('\n')
}
