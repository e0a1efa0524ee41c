import { randomUUID } from 'node:crypto'
import { graphPermissions } from '../../shared/pipelines/graphPermissions'
import { type Instant, minute, second } from '../../shared/signIns/instant'

/** The managed identity that a simulated tenant knows: nobody real has it. */
export const simulatedIdentity = {
  clientId: '5c1e7a90-0000-4000-8000-00000000c11e',
  principalId: '5c1e7a90-0000-4000-8000-0000000ab1ec',
} as const

/** An application permission of Microsoft Graph by its published id. https://learn.microsoft.com/graph/permissions-reference */
const appRoles = [
  { value: 'AuditLog.Read.All', id: 'b0afded3-3588-46d8-8b3d-9842eff778da' },
  { value: 'Policy.Read.ConditionalAccess', id: '37730810-e9ba-4e46-b07e-8ca78d182097' },
  { value: 'Policy.Read.All', id: '246dd0d5-5bd0-4def-940b-0421030a5b68' },
  { value: 'CrossTenantInformation.ReadBasic.All', id: 'cac88765-0581-4025-9725-5ebc13f729ee' },
  { value: 'Directory.Read.All', id: '7ab1d382-f21e-4acd-a863-ba3e13f7da61' },
] as const

const graphPrincipalId = '5c1e7a90-0000-4000-8000-0000000009af'
const graphAppId = '00000003-0000-0000-c000-000000000000'
/** Smaller than the real one's, so that who follows no link misses something. */
const pageLength = 3
const tokenLength = 24 * 60 * minute

/** A request as far as permissions go. */
export interface PermissionRequest {
  readonly method: string
  readonly url: URL
  /** The parsed body; undefined where there is none that can be read. */
  readonly body: unknown
  readonly now: Instant
}

export interface PermissionAnswer {
  readonly status: number
  /** Undefined where the answer has no body. */
  readonly body: object | undefined
}

/** What the managed identity of a simulated tenant may, how that is changed, and the tokens that say so. */
export interface Permissions {
  /** The answer to a request for service principals, their roles or a token; undefined for any other path. */
  answer(request: PermissionRequest): PermissionAnswer | undefined
  /** Whether a token may read the sign-ins. A request without one may when the identity may. */
  mayReadSignIns(authorization: string | undefined): boolean
}

/**
 * The permissions of one managed identity: the ones that are needed when nothing else is said. A token keeps the roles
 * that the identity had when it was issued, as a real one does.
 * @see https://learn.microsoft.com/graph/api/resources/approleassignment
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function createPermissions(options: {
  readonly tenantId: string
  readonly granted?: readonly string[] | undefined
  /** False: whoever asks for a grant is refused. */
  readonly mayGrant?: boolean | undefined
}): Permissions {
  const needed = graphPermissions.filter((permission) => permission.needed).map(({ value }) => value)
  const granted = options.granted ?? needed
  let assignments = appRoles.filter(({ value }) => granted.includes(value)).map(({ id }) => ({ id: randomUUID(), appRoleId: id as string }))
  const rolesNow = (): string[] =>
    appRoles.filter(({ id }) => assignments.some(({ appRoleId }) => appRoleId === id)).map(({ value }) => value)
  const shown = ({ id, appRoleId }: (typeof assignments)[number]): object => ({
    id,
    appRoleId,
    principalId: simulatedIdentity.principalId,
    principalType: 'ServicePrincipal',
    resourceId: graphPrincipalId,
    resourceDisplayName: 'Microsoft Graph',
  })

  function list(url: URL): PermissionAnswer {
    const from = Number(url.searchParams.get('$skiptoken') ?? 0)
    const next = new URL(url)
    next.searchParams.set('$skiptoken', String(from + pageLength))
    const link = from + pageLength < assignments.length ? { '@odata.nextLink': next.href } : {}
    return { status: 200, body: { value: assignments.slice(from, from + pageLength).map(shown), ...link } }
  }

  function assign(body: unknown): PermissionAnswer {
    const { principalId, resourceId, appRoleId } = (body ?? {}) as Record<string, unknown>
    if (principalId !== simulatedIdentity.principalId || resourceId !== graphPrincipalId || typeof appRoleId !== 'string') {
      return refused(
        400,
        'Request_BadRequest',
        'principalId, resourceId and appRoleId have to name the identity, Microsoft Graph and one of its roles.',
      )
    }
    if (!appRoles.some(({ id }) => id === appRoleId)) return refused(400, 'Request_BadRequest', 'Permission being assigned was not found.')
    if (assignments.some((one) => one.appRoleId === appRoleId)) {
      return refused(400, 'Request_BadRequest', 'Permission being assigned already exists on the object.')
    }
    const assignment = { id: randomUUID(), appRoleId }
    assignments = [...assignments, assignment]
    return { status: 201, body: shown(assignment) }
  }

  function token(url: URL, now: Instant): PermissionAnswer {
    const clientId = url.searchParams.get('client_id')
    if (clientId !== null && clientId !== simulatedIdentity.clientId) {
      return {
        status: 400,
        body: { statusCode: 400, message: 'No User Assigned or Delegated Managed Identity found for specified ClientId.' },
      }
    }
    const resource = url.searchParams.get('resource') ?? ''
    const issuedAt = Math.floor(now / second)
    const expiresAt = issuedAt + tokenLength / second
    const claims = {
      aud: resource.replace(/\/$/, ''),
      iss: `https://sts.windows.net/${options.tenantId}/`,
      iat: issuedAt,
      nbf: issuedAt,
      exp: expiresAt,
      oid: simulatedIdentity.principalId,
      tid: options.tenantId,
      ...(resource.includes('graph') ? { roles: rolesNow() } : {}),
    }
    const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url')
    const accessToken = `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.`
    return { status: 200, body: { access_token: accessToken, expires_on: String(expiresAt), resource, token_type: 'Bearer' } }
  }

  return {
    answer: ({ method, url, body, now }) => {
      const path = decodeURIComponent(url.pathname)
      if (path === '/msi/token' && method === 'GET') return token(url, now)
      if (path === `/v1.0/servicePrincipals(appId='${graphAppId}')`) return { status: 200, body: { id: graphPrincipalId, appRoles } }
      const [, principal, assignment] = /^\/v1\.0\/servicePrincipals\/([\w-]+)\/appRoleAssignments(?:\/([\w-]+))?$/.exec(path) ?? []
      if (principal === undefined) return undefined
      if (principal !== simulatedIdentity.principalId) return refused(404, 'Request_ResourceNotFound', 'The principal does not exist.')
      if (method === 'GET') return list(url)
      if (options.mayGrant === false)
        return refused(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
      if (method === 'POST') return assign(body)
      if (method !== 'DELETE') return undefined
      if (!assignments.some(({ id }) => id === assignment)) return refused(404, 'Request_ResourceNotFound', 'There is no such assignment.')
      assignments = assignments.filter(({ id }) => id !== assignment)
      return { status: 204, body: undefined }
    },
    mayReadSignIns: (authorization) => (authorization === undefined ? rolesNow() : rolesOf(authorization)).includes('AuditLog.Read.All'),
  }
}

const refused = (status: number, code: string, message: string): PermissionAnswer => ({ status, body: { error: { code, message } } })

/** The roles that a token of this tenant names; none for anything else. */
function rolesOf(authorization: string): readonly string[] {
  try {
    const { roles } = JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString('utf8')) as { roles?: unknown }
    return Array.isArray(roles) ? roles.map(String) : []
  } catch {
    return []
  }
}
