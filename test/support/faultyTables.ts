import { type Exchange, type Meddle, passOn, startMeddlingProxy } from './meddlingProxy'

/** What the table service was asked for. */
export interface TableRequest {
  readonly kind: 'read' | 'write'
  /** undefined where a table is made. */
  readonly table: 'buckets' | 'runs' | 'alerts' | undefined
  /** Of a transaction; 0 for anything else. */
  readonly operations: number
  readonly bytes: number
}

/** A table service behind a proxy that can spoil what goes through it. */
export interface FaultyTables {
  readonly endpoint: string
  readonly requests: readonly TableRequest[]
  /** The service behind; another one may take its place. */
  upstream: string
  /** What becomes of a request; undefined passes it on as it is. */
  fault: (request: TableRequest) => Meddle | undefined
  close(): Promise<void>
}

/** Starts the proxy on a free loopback port in front of the endpoint of a storage emulator. */
export async function startFaultyTables(endpoint: string): Promise<FaultyTables> {
  const requests: TableRequest[] = []
  const proxy = await startMeddlingProxy(
    () => new URL(tables.upstream).origin,
    (exchange) => {
      const request = tableRequestOf(exchange)
      requests.push(request)
      return (tables.fault(request) ?? passOn)(exchange)
    },
  )
  const tables: FaultyTables = {
    endpoint: proxy.root + new URL(endpoint).pathname,
    requests,
    upstream: endpoint,
    fault: () => undefined,
    close: proxy.close,
  }
  return tables
}

function tableRequestOf({ request: { method, url, body } }: Exchange): TableRequest {
  const said = url.pathname.endsWith('/$batch') ? body.toString('latin1') : url.pathname
  const table = (['buckets', 'runs', 'alerts'] as const).find((name) => new RegExp(`/${name}\\b`).test(said))
  return {
    kind: method === 'GET' ? 'read' : 'write',
    table,
    operations: [...said.matchAll(/^content-type: application\/http/gim)].length,
    bytes: body.byteLength,
  }
}

/** Answers by the table service's own form of an error, without asking it. */
export const tableErrorAnswer =
  (status: number, code: string, headers: Readonly<Record<string, string>> = {}): Meddle =>
  ({ response }) => {
    const body = JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: 'Words of the service.' } } })
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }
