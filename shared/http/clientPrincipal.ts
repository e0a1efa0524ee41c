import * as z from 'zod/mini'

/** What built-in authentication says of a caller, as far as it is used: the app roles, and nothing that names a person. */
export interface ClientPrincipal {
  readonly roles: readonly string[]
}

/** Far above what a token with many groups comes to; more is not read. */
const charactersMax = 64 * 1024
const claimsMax = 1_000

const principalSchema = z.object({
  auth_typ: z.literal('aad'),
  role_typ: z.optional(z.string()),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).check(z.maxLength(claimsMax)),
})

/** The names that the claim of an app role goes by, beside the one that the header itself gives. */
const roleClaims: readonly string[] = ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role']

/**
 * Reads the header `x-ms-client-principal`: base64 of JSON with the claims of a caller whom Microsoft Entra signed in.
 * Undefined for anything else. Only App Service may be believed to have written it, so ask `EASY_AUTH` first.
 * @see https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities#decode-the-client-principal-header
 */
export function readClientPrincipal(header: string): ClientPrincipal | undefined {
  if (header.length > charactersMax || !/^[A-Za-z0-9+/]+={0,2}$/.test(header)) return undefined
  const result = principalSchema.safeParse(parsed(Buffer.from(header, 'base64').toString('utf8')))
  if (!result.success) return undefined
  const { claims, role_typ: roleType } = result.data
  return { roles: claims.filter(({ typ }) => typ === roleType || roleClaims.includes(typ)).map(({ val }) => val) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
