import { cloudIds, cloudOf } from '../shared/graph/clouds'
import { createCredential } from '../shared/graph/credential'
import { type GraphPermission, graphPermissions } from '../shared/pipelines/graphPermissions'
import { MonitorError } from '../shared/runtime/errors'
import { proxyFetch } from '../shared/runtime/proxy'
import type { CommandIo } from './commandIo'
import { grantRequest, graphAppId } from './grantRequest'

/** What is to be granted to whom. */
export interface GrantArguments {
  /** Object id of the managed identity. */
  readonly principal: string
  /** Permissions beside the needed ones. */
  readonly with: readonly string[]
  /** Says what would be granted, and grants nothing. */
  readonly whatIf: boolean
  /** Writes a hand-over for somebody else, and asks Graph nothing. */
  readonly request: boolean
  readonly lang: 'en' | 'ja'
}

/** One call of Graph v1.0 by a path such as `/servicePrincipals/…` and the answer. */
export type AskGraph = (method: 'GET' | 'POST', path: string, body?: object) => Promise<{ readonly status: number; readonly body: unknown }>

interface AppRole {
  readonly id: string
  readonly value: string
}

interface Assignment {
  readonly id: string
  readonly appRoleId: string
  readonly resourceId: string
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const pagesMax = 20

/**
 * Gives a managed identity the permissions that the monitor needs, those it lacks and no other, and prints how to undo it.
 * Throws `usage` for a wrong principal or permission, `setting-invalid` for a wrong CLOUD or GRAPH_BASE_URL, `graph-refused` where the login may not, `graph-read-failed` otherwise.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
 */
export const runGrant = async (args: GrantArguments, io: CommandIo, ask: AskGraph = askGraphAs(io.env)): Promise<number> => {
  const say = (line = ''): void => void io.stdout.write(`${line}\n`)
  const wanted = wantedPermissions(args)
  if (args.request) {
    io.stdout.write(grantRequest(args.principal, wanted, args.lang, environmentCloud(io.env).id))
    return 0
  }
  const graph = await graphServicePrincipal(ask)
  const assignments = await assignmentsOf(args.principal, ask)
  const granted: { readonly value: string; readonly id: string }[] = []
  for (const { value, reason } of wanted) {
    const role = graph.roles.find((one) => one.value === value)
    if (!role) throw new MonitorError('usage', `Microsoft Graph of this cloud has no application permission ${value}.`)
    const existing = assignments.find(({ appRoleId, resourceId }) => appRoleId === role.id && resourceId === graph.id)
    if (existing) say(`= ${value} is granted already.`)
    else if (args.whatIf) say(`+ ${value} would be granted. ${reason[args.lang]}`)
    else {
      granted.push({ value, id: await assign(args.principal, graph.id, role, ask) })
      say(`+ ${value} was granted. ${reason[args.lang]}`)
    }
  }
  if (granted.length > 0) {
    say()
    say('To undo it:')
    for (const { id } of granted) {
      say(`az rest --method DELETE --url ${graphRoot(io.env)}/v1.0/servicePrincipals/${args.principal}/appRoleAssignments/${id}`)
    }
    say()
    say('A managed identity keeps a token for about a day: an app that ran before the grant may lack the permission until then.')
  }
  return 0
}

/** The permissions on Microsoft Graph that a managed identity holds, by their names. Throws as {@link runGrant} does. */
export async function grantedPermissions(principal: string, env: CommandIo['env'], ask: AskGraph = askGraphAs(env)): Promise<string[]> {
  const graph = await graphServicePrincipal(ask)
  const assignments = await assignmentsOf(principal, ask)
  return graph.roles
    .filter(({ id }) => assignments.some(({ appRoleId, resourceId }) => appRoleId === id && resourceId === graph.id))
    .map(({ value }) => value)
}

function wantedPermissions(args: GrantArguments): GraphPermission[] {
  if (!guid.test(args.principal)) {
    throw new MonitorError(
      'usage',
      '--principal has to be the object id (a GUID) of the managed identity, the output MONITOR_PRINCIPAL_ID.',
    )
  }
  const unknown = args.with.find((name) => !graphPermissions.some(({ value }) => value === name))
  if (unknown !== undefined) {
    throw new MonitorError(
      'usage',
      `--with takes any of ${graphPermissions.map(({ value }) => value).join(', ')}; "${unknown}" is none of them.`,
    )
  }
  return graphPermissions.filter(({ value, needed }) => needed || args.with.includes(value))
}

async function graphServicePrincipal(ask: AskGraph): Promise<{ id: string; roles: AppRole[] }> {
  const body = (await read(ask, `/servicePrincipals(appId='${graphAppId}')?$select=id,appRoles`)) as { id: string; appRoles: AppRole[] }
  return { id: body.id, roles: body.appRoles }
}

async function assignmentsOf(principal: string, ask: AskGraph): Promise<Assignment[]> {
  const found: Assignment[] = []
  let next: string | undefined = `/servicePrincipals/${principal}/appRoleAssignments`
  for (let page = 0; next !== undefined && page < pagesMax; page++) {
    const body = (await read(ask, next)) as { value: Assignment[]; '@odata.nextLink'?: string }
    found.push(...body.value)
    next = body['@odata.nextLink']?.replace(/^https?:\/\/[^/]+\/v1\.0/, '')
  }
  return found
}

async function assign(principal: string, resource: string, role: AppRole, ask: AskGraph): Promise<string> {
  const path = `/servicePrincipals/${principal}/appRoleAssignments`
  const { status, body } = await ask('POST', path, { principalId: principal, resourceId: resource, appRoleId: role.id })
  if (status === 201) return (body as Assignment).id
  throw refused(status, `grant ${role.value}`)
}

async function read(ask: AskGraph, path: string): Promise<unknown> {
  const { status, body } = await ask('GET', path)
  if (status === 200) return body
  if (status === 404) {
    throw new MonitorError('usage', 'The tenant of this login has no such principal: check --principal and az account show.')
  }
  throw refused(status, 'read the permissions of the identity')
}

function refused(status: number, what: string): MonitorError {
  if (status === 401 || status === 403) {
    return new MonitorError(
      'graph-refused',
      `This login may not ${what} (status ${status}). It takes a Privileged Role Administrator; with --request this command writes a hand-over for one.`,
    )
  }
  return new MonitorError('graph-read-failed', `Microsoft Graph could not ${what} (status ${status}). Try again; nothing is granted twice.`)
}

function environmentCloud({ CLOUD: name }: CommandIo['env']): ReturnType<typeof cloudOf> {
  const id = cloudIds.find((one) => one === (name || 'global'))
  if (id === undefined) throw new MonitorError('setting-invalid', `CLOUD is one of ${cloudIds.join(', ')}; "${name}" is none of them.`)
  return cloudOf(id)
}
const graphRoot = (env: CommandIo['env']): string => (env['GRAPH_BASE_URL'] || environmentCloud(env).graphRoot).replace(/\/+$/, '')

/** Asks Graph as whoever is signed in to Azure; http on loopback, a simulated Graph, gets no token. */
function askGraphAs(env: CommandIo['env']): AskGraph {
  const cloud = environmentCloud(env)
  const root = graphRoot(env)
  const { protocol, hostname } = new URL(root)
  const isSimulated = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  if (protocol !== 'https:' && !isSimulated) {
    throw new MonitorError('setting-invalid', 'GRAPH_BASE_URL has to be an https address, or http on loopback.')
  }
  const credential = createCredential({ mode: 'developer', tenantId: env['TENANT_ID'], cloud: cloud.id })
  const send = proxyFetch()
  return async (method, path, body) => {
    const token = isSimulated ? undefined : await credential.getToken(cloud.scope).catch(notSignedIn)
    const answer = await send(`${root}/v1.0${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token.token}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      redirect: 'error',
      signal: AbortSignal.timeout(30_000),
    }).catch((cause: unknown) => {
      throw new MonitorError('graph-read-failed', `${new URL(root).host} cannot be reached.`, { cause })
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : parsed(text) }
  }
}

function notSignedIn(cause: unknown): never {
  throw new MonitorError('graph-refused', 'Nobody is signed in to Azure: run az login, or use --request.', { cause })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
