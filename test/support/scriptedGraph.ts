import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseInstant } from '../../shared/signIns/instant'
import type { StreamId } from '../../shared/signIns/streams'

/** What a test says of one sign-in; everything else is the same for all. */
export interface ScriptedSignIn {
  readonly stream: StreamId
  readonly at: number
  readonly errorCode: number
  readonly resourceTenantId?: string
  readonly ipAddress?: string
  readonly userId?: string
}

export interface ScriptedGraph {
  readonly root: string
  /** What was asked for, in order. */
  readonly asked: readonly {
    readonly stream: string
    readonly from: number
    readonly authorization: string | undefined
    readonly traceparent: string | undefined
  }[]
  close(): Promise<void>
}

const home = '11111111-2222-3333-4444-555555555555'

/** A Graph on a free loopback port whose log holds exactly these sign-ins. */
export async function startScriptedGraph(signIns: () => readonly ScriptedSignIn[]): Promise<ScriptedGraph> {
  const asked: ScriptedGraph['asked'][number][] = []
  const server = createServer((request, response) => {
    const filter = new URL(request.url ?? '/', 'http://localhost').searchParams.get('$filter') ?? ''
    const [, from, to, stream] = /ge (\S+) and createdDateTime le (\S+) and .* eq '(\w+)'/.exec(filter) ?? []
    const [first, last] = [parseInstant(from ?? '') ?? 0, parseInstant(to ?? '') ?? 0]
    const { authorization, traceparent } = request.headers
    asked.push({ stream: stream ?? filter, from: first, authorization, traceparent: traceparent?.toString() })
    const value = signIns().flatMap((signIn, index) =>
      signIn.stream === stream && signIn.at >= first && signIn.at <= last ? [rowOf(signIn, index)] : [],
    )
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ value }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const rowOf = ({ stream, at, errorCode, resourceTenantId = home, ipAddress = '198.51.100.7', userId }: ScriptedSignIn, index: number) => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  createdDateTime: new Date(at).toISOString(),
  signInEventTypes: [stream],
  status: { errorCode, failureReason: 'Other.', additionalDetails: null },
  appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  appDisplayName: 'Microsoft Azure CLI',
  resourceId: '00000003-0000-0000-c000-000000000000',
  resourceDisplayName: 'Microsoft Graph',
  homeTenantId: home,
  resourceTenantId,
  ipAddress,
  userId: userId ?? `00000000-0000-4000-9000-${String(index).padStart(12, '0')}`,
  userPrincipalName: `person${index}@contoso.example`,
  userDisplayName: `Person ${index}`,
  clientAppUsed: 'Browser',
  tokenIssuerType: 'AzureAD',
  authenticationProcessingDetails: [],
  location: { countryOrRegion: 'JP' },
})
