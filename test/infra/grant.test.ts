import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { type AskGraph, type GrantArguments, runGrant } from '../../local/grant'
import { graphPermissions } from '../../shared/pipelines/graphPermissions'

const principal = '11111111-2222-3333-4444-555555555555'
const roles = graphPermissions.map(({ value }, index) => ({ id: `role-${index}`, value }))

/** Graph as far as permissions go; it pages by one and knows what was granted. */
const scriptedGraph = (options: { granted?: string[]; status?: number; mayGrant?: boolean } = {}) => {
  const granted = [...(options.granted ?? [])]
  const writes: string[] = []
  const ask: AskGraph = (method, path, body) => {
    const answer = (status: number, value?: unknown) => Promise.resolve({ status, body: value })
    if (options.status) return answer(options.status)
    if (path.startsWith('/servicePrincipals(')) return answer(200, { id: 'graph', appRoles: roles })
    if (!path.startsWith(`/servicePrincipals/${principal}/`)) return answer(404)
    if (method === 'POST') {
      if (options.mayGrant === false) return answer(403)
      const { appRoleId } = body as { appRoleId: string }
      const value = roles.find(({ id }) => id === appRoleId)?.value ?? ''
      granted.push(value)
      writes.push(value)
      return answer(201, { id: `assignment-of-${appRoleId}` })
    }
    const at = Number(/skip=(\d+)/.exec(path)?.[1] ?? 0)
    const value = granted.slice(at, at + 1).map((name) => ({
      id: `assignment-${name}`,
      appRoleId: roles.find((role) => role.value === name)?.id,
      resourceId: 'graph',
    }))
    const more = at + 1 < granted.length
    const next = `https://graph.microsoft.com/v1.0/servicePrincipals/${principal}/appRoleAssignments?skip=${at + 1}`
    return answer(200, { value, ...(more ? { '@odata.nextLink': next } : {}) })
  }
  return { ask, writes }
}

const grant = async (args: Partial<GrantArguments>, graph = scriptedGraph(), env: Readonly<Record<string, string | undefined>> = {}) => {
  let stdout = ''
  const output = new PassThrough().on('data', (chunk: Buffer) => {
    stdout += String(chunk)
  })
  const io = { stdin: new PassThrough(), stdout: output, stderr: new PassThrough(), env }
  const code = await runGrant({ principal, with: [], whatIf: false, request: false, lang: 'en', ...args }, io, graph.ask)
  await new Promise((resolve) => setImmediate(resolve))
  return { code, stdout, writes: graph.writes }
}

describe('grant', () => {
  test('grant: only the needed permission is granted, with the way back', async () => {
    const { code, stdout, writes } = await grant({})
    expect([code, writes]).toEqual([0, ['AuditLog.Read.All']])
    expect(stdout).toContain(
      `az rest --method DELETE --url https://graph.microsoft.com/v1.0/servicePrincipals/${principal}/appRoleAssignments/assignment-of-role-0`,
    )
  })

  test.each(graphPermissions.map(({ value }) => value))('grant: %s is granted alone where it alone is missing', async (missing) => {
    const all = graphPermissions.map(({ value }) => value)
    const graph = scriptedGraph({ granted: all.filter((value) => value !== missing) })
    expect((await grant({ with: all }, graph)).writes).toEqual([missing])
  })

  test.each(graphPermissions.map(({ value }) => value))('grant: with --what-if nothing changes and %s is named', async (missing) => {
    const all = graphPermissions.map(({ value }) => value)
    const graph = scriptedGraph({ granted: all.filter((value) => value !== missing) })
    const { stdout, writes } = await grant({ with: all, whatIf: true }, graph)
    expect(writes).toEqual([])
    expect(stdout.split('\n').filter((line) => line.startsWith('+'))).toEqual([expect.stringContaining(`+ ${missing} would be granted.`)])
  })

  test('grant: a second run grants nothing', async () => {
    const graph = scriptedGraph()
    await grant({}, graph)
    const { stdout } = await grant({}, graph)
    expect(graph.writes).toEqual(['AuditLog.Read.All'])
    expect(stdout).toBe('= AuditLog.Read.All is granted already.\n')
  })

  test.each`
    story                                | args                                             | graph                  | code                   | says
    ${'the principal is no GUID'}        | ${{ principal: 'my-identity' }}                  | ${{}}                  | ${'usage'}             | ${'MONITOR_PRINCIPAL_ID'}
    ${'the permission is not one of it'} | ${{ with: ['User.Read.All'] }}                   | ${{}}                  | ${'usage'}             | ${'User.Read.All'}
    ${'the tenant lacks the principal'}  | ${{ principal: principal.replaceAll('1', '9') }} | ${{}}                  | ${'usage'}             | ${'az account show'}
    ${'the login may not grant'}         | ${{}}                                            | ${{ mayGrant: false }} | ${'graph-refused'}     | ${'--request'}
    ${'the login may not read'}          | ${{}}                                            | ${{ status: 401 }}     | ${'graph-refused'}     | ${'Privileged Role Administrator'}
    ${'Graph is out of order'}           | ${{}}                                            | ${{ status: 503 }}     | ${'graph-read-failed'} | ${'503'}
  `('grant: $story and it says so', async ({ args, graph, code, says }) => {
    await expect(grant(args, scriptedGraph(graph))).rejects.toMatchObject({ code, message: expect.stringContaining(says) })
  })

  test.each(['en', 'ja'] as const)(
    'grant: the hand-over in %s names principal, permissions, reasons, one command and its undoing',
    async (lang) => {
      const unreachable = { ask: () => Promise.reject(new Error('Graph was asked.')), writes: [] }
      const { stdout, writes } = await grant({ request: true, lang, with: ['Policy.Read.ConditionalAccess'] }, unreachable)
      expect(writes).toEqual([])
      for (const { value, reason } of graphPermissions.slice(0, 2)) expect(stdout).toContain(`- ${value}: ${reason[lang]}`)
      expect(stdout).not.toContain('Directory.Read.All')
      const commands = stdout.split('\n').filter((line) => line.startsWith('Connect-MgGraph'))
      expect(commands).toEqual([expect.stringContaining('New-MgServicePrincipal'), expect.stringContaining('Remove-MgServicePrincipal')])
      expect(commands.every((command) => command.includes(principal))).toBe(true)
    },
  )

  test.each([
    [undefined, 'Global'],
    ['usGovernment', 'USGov'],
    ['usGovernmentDod', 'USGovDoD'],
    ['china', 'China'],
  ])('grant: the hand-over for the cloud %s signs in to %s', async (cloud, environment) => {
    const { stdout } = await grant({ request: true }, scriptedGraph(), { CLOUD: cloud })
    const commands = stdout.split('\n').filter((line) => line.startsWith('Connect-MgGraph'))
    expect(commands).toHaveLength(2)
    for (const command of commands) expect(command).toContain(`Connect-MgGraph -Environment ${environment} -Scopes`)
  })

  test('grant: a cloud that there is not is refused with those that there are', async () => {
    await expect(grant({ request: true }, scriptedGraph(), { CLOUD: 'usgov' })).rejects.toMatchObject({
      code: 'setting-invalid',
      message: expect.stringMatching(/usGovernment, .*"usgov"/),
    })
  })

  test('grant: a simulated Graph on loopback is asked over http and without a token', async () => {
    const { ask, writes } = scriptedGraph()
    const headers: unknown[] = []
    const server = createServer(async (request, response) => {
      headers.push(request.headers.authorization)
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const answer = await ask(
        request.method as 'GET' | 'POST',
        (request.url ?? '').replace('/v1.0', ''),
        JSON.parse(body || '{}') as object,
      )
      response.writeHead(answer.status).end(JSON.stringify(answer.body))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const env = { GRAPH_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
      await runGrant({ principal, with: [], whatIf: false, request: false, lang: 'en' }, { stdout: new PassThrough(), env })
      expect([writes, headers]).toEqual([['AuditLog.Read.All'], [undefined, undefined, undefined]])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test('grant: a Graph over http elsewhere is refused before anything is sent', async () => {
    const env = { GRAPH_BASE_URL: 'http://graph.example.com' }
    const args = { principal, with: [], whatIf: true, request: false, lang: 'en' } as const
    await expect(async () => runGrant(args, { stdout: new PassThrough(), env })).rejects.toMatchObject({ code: 'setting-invalid' })
  })
})
