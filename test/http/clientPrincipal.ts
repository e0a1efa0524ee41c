/** The header that App Service writes for a caller with some app roles. */
export const principalWith = (roles: readonly string[], more: object = {}): string =>
  encoded({
    auth_typ: 'aad',
    name_typ: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
    role_typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
    claims: [{ typ: 'aud', val: 'api://monitor' }, ...roles.map((val) => ({ typ: 'roles', val }))],
    ...more,
  })

/** Anything as base64 of its JSON. */
export const encoded = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64')
