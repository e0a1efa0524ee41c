import { parseJson, textProperty } from './property'

/**
 * What an access token says of its bearer; undefined where it cannot be read. The token is ours, so its signature is not looked at.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const claims = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined
}

/** Id of the tenant that a token opens, in small letters; undefined where the token does not say it. */
export const tenantOf = (token: string): string | undefined => textProperty(claimsOf(token), 'tid').toLowerCase() || undefined
