import { type SimulatedTenant, type SimulatedTenantOptions, startSimulatedTenant } from '../../local/simulatedTenant/simulatedTenant'
import type { Truth } from '../../local/simulatedTenant/truth'
import type { TimeRange } from '../../shared/signIns/buckets'
import { formatInstant, type Instant, parseInstant } from '../../shared/signIns/instant'
import { type StreamId, streams } from '../../shared/signIns/streams'
import { type Exchange, give, type Meddle, passOn, startMeddlingProxy } from './meddlingProxy'

/** What the simulated tenant was asked for. */
export interface GraphRequest {
  readonly stream: StreamId | undefined
  /** Both inclusive, as asked for. */
  readonly from: Instant
  readonly to: Instant
  /** Whether Graph itself linked to this page. */
  readonly isLinked: boolean
  readonly authorization: string | undefined
}

/** A simulated tenant behind a proxy that can spoil its answers. */
export interface FaultyTenant {
  readonly root: string
  readonly tenant: SimulatedTenant
  readonly requests: readonly GraphRequest[]
  /** What becomes of a request; undefined passes it on as it is. */
  fault: (request: GraphRequest) => Meddle | undefined
  /** The sign-ins of a half-open range that happened so far, counted by their labels. */
  truth(range: TimeRange): Promise<Truth>
  close(): Promise<void>
}

/** Starts both on free loopback ports. Every sign-in shows at once and stays as it is, unless the options say otherwise. */
export async function startFaultyTenant(options: SimulatedTenantOptions): Promise<FaultyTenant> {
  const tenant = await startSimulatedTenant({ lateness: false, ...options })
  const { clock = Date.now } = options
  const requests: GraphRequest[] = []
  const proxy = await startMeddlingProxy(
    () => tenant.baseUrl,
    (exchange) => {
      const request = graphRequestOf(exchange)
      requests.push(request)
      // The tokens of a test mean nothing to the tenant.
      delete exchange.request.headers.authorization
      exchange.response.setHeader('date', new Date(clock()).toUTCString())
      return (faulty.fault(request) ?? passOn)(exchange)
    },
  )
  const faulty: FaultyTenant = {
    root: proxy.root,
    tenant,
    requests,
    fault: () => undefined,
    truth: async ({ from, to }) => {
      const range = new URLSearchParams({ from: formatInstant(from), to: formatInstant(to) })
      return (await (await fetch(`${tenant.baseUrl}/truth?${range}`)).json()) as Truth
    },
    close: async () => {
      await proxy.close()
      await tenant.close()
    },
  }
  return faulty
}

function graphRequestOf({ request: { url, headers } }: Exchange): GraphRequest {
  const [, from = '', to = '', type] =
    /ge (\S+) and createdDateTime le (\S+) and .* eq '(\w+)'/.exec(url.searchParams.get('$filter') ?? '') ?? []
  return {
    stream: streams.find(({ signInEventType }) => signInEventType === type)?.id,
    from: parseInstant(from) ?? Number.NaN,
    to: parseInstant(to) ?? Number.NaN,
    isLinked: url.searchParams.has('$skiptoken'),
    authorization: headers.authorization,
  }
}

/** Graph's body of a page. */
export interface PageBody {
  value: Record<string, unknown>[]
  '@odata.nextLink'?: string
}

/** Answers by a changed page. */
export const changedPage =
  (change: (page: PageBody, exchange: Exchange) => PageBody): Meddle =>
  async (exchange) => {
    const answer = await exchange.forward()
    const page: PageBody = JSON.parse(answer.body.toString())
    give(exchange.response, answer, { body: Buffer.from(JSON.stringify(change(page, exchange))) })
  }

/** Answers by a status and a body of any kind, without asking the tenant. */
export const plainAnswer =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Meddle =>
  ({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }

/** Answers by Graph's own form of an error. */
export const graphErrorAnswer = (status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): Meddle =>
  plainAnswer(status, JSON.stringify({ error: { code, message, innerError: {} } }), headers)
