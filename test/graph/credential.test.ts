import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cloudOf } from '../../shared/graph/clouds'
import { createCredential } from '../../shared/graph/credential'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
})

test('createCredential: a managed identity asks the platform for the cloud and the identity it was told', async () => {
  const requests: IncomingMessage[] = []
  const platform = createServer((request, response) => {
    requests.push(request)
    const expires_on = Math.floor(Date.now() / 1_000) + 3_600
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ access_token: 'token', expires_on, resource: 'r', token_type: 'Bearer' }))
  })
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve))
  try {
    process.env['IDENTITY_ENDPOINT'] = `http://127.0.0.1:${(platform.address() as AddressInfo).port}/msi/token`
    process.env['IDENTITY_HEADER'] = 'secret'
    const credential = createCredential({ mode: 'managedIdentity', clientId: 'client', cloud: 'usGovernment' })
    expect(requests).toHaveLength(0)
    expect((await credential.getToken(cloudOf('usGovernment').scope))?.token).toBe('token')
    const asked = new URL(requests[0]?.url ?? '', 'http://platform').searchParams
    expect([asked.get('resource'), asked.get('client_id')]).toEqual(['https://graph.microsoft.us', 'client'])
  } finally {
    platform.closeAllConnections()
    platform.close()
  }
})

test('createCredential: a developer who is signed in nowhere gets an error, not a token', async () => {
  process.env['PATH'] = ''
  const credential = createCredential({ mode: 'developer', tenantId: '00000000-0000-0000-0000-000000000001', cloud: 'global' })
  await expect(credential.getToken(cloudOf('global').scope)).rejects.toMatchObject({ name: 'AggregateAuthenticationError' })
})
