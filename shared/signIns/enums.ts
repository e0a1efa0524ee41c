import { remembering } from './remembering'

/** Reads the text of one of Graph's enums. */
export interface EnumReader {
  /** One member in Graph's spelling; text that is no member stays as it is. The sentinel of unknown members is `undefined`: it hides what it is. */
  one(value: unknown): string | undefined
  /** The members of a flags enum, joined by commas or as a number. The sentinel is left out; nothing else left is `undefined`. */
  flags(value: unknown): readonly string[] | undefined
}

const sentinel = 'unknownfuturevalue'

/** Letters and digits in lower case: `Primary Refresh Token` of a portal export is `primaryRefreshToken`. */
const comparable = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/**
 * An enum by its members in the order of their numbers: flags count 0, 1, 2, 4, …, others 0, 1, 2, 3, … `also` are
 * other spellings in the wild.
 */
function enumReader(members: readonly string[], also: Readonly<Record<string, string>> = {}): EnumReader {
  const spelling = new Map(members.map((member) => [comparable(member), member]))
  for (const [text, member] of Object.entries(also)) spelling.set(comparable(text), member)

  const spelled = (text: string): string | undefined => {
    const key = comparable(text)
    return key === sentinel || key === '' ? undefined : (spelling.get(key) ?? text.trim())
  }
  const listed = (texts: readonly string[]): readonly string[] | undefined => {
    const known = texts.map(spelled).filter((text) => text !== undefined)
    return known.length > 0 ? known : undefined
  }
  const fromBits = (bits: number): readonly string[] | undefined =>
    listed(bits === 0 ? members.slice(0, 1) : members.filter((_, index) => index > 0 && (bits & (2 ** (index - 1))) !== 0))
  const oneOf = remembering(spelled)
  const listOf = remembering((text) => listed(text.split(',')))

  return {
    one: (value) => {
      if (typeof value === 'string') return oneOf(value)
      return typeof value === 'number' ? spelled(members[value] ?? '') : undefined
    },
    flags: (value) => {
      if (typeof value === 'string') return listOf(value)
      if (Array.isArray(value)) return listed(value.filter((item) => typeof item === 'string'))
      return typeof value === 'number' ? fromBits(value) : undefined
    },
  }
}

/**
 * Who issued the token. Members after the sentinel come from Graph only when asked for by the `Prefer` header.
 * @see https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta
 */
export const tokenIssuerTypes = enumReader(
  ['AzureAD', 'ADFederationServices', 'UnknownFutureValue', 'AzureADBackupAuth', 'ADFederationServicesMFAAdapter', 'NPSExtension'],
  { 'Microsoft Entra ID': 'AzureAD' },
)

/** How a sign-in crossed tenants; `none` when it did not. */
export const crossTenantAccessTypes = enumReader([
  'none',
  'b2bCollaboration',
  'b2bDirectConnect',
  'microsoftSupport',
  'serviceProvider',
  'unknownFutureValue',
  'passthrough',
])

/** The token that was presented instead of credentials. */
export const incomingTokenTypes = enumReader([
  'none',
  'primaryRefreshToken',
  'saml11',
  'saml20',
  'unknownFutureValue',
  'remoteDesktopToken',
  'refreshToken',
])

/** Protocols and grants. */
export const authenticationProtocols = enumReader(
  [
    'none',
    'oAuth2',
    'ropc',
    'wsFederation',
    'saml20',
    'deviceCode',
    'unknownFutureValue',
    'authenticationTransfer',
    'nativeAuth',
    'implicitAccessTokenAndGetResponseMode',
    'implicitIdTokenAndGetResponseMode',
    'implicitAccessTokenAndPostResponseMode',
    'implicitIdTokenAndPostResponseMode',
    'authorizationCodeWithoutPkce',
    'authorizationCodeWithPkce',
    'clientCredentials',
    'refreshTokenGrant',
    'encryptedAuthorizeResponse',
    'directUserGrant',
    'kerberos',
    'prtGrant',
    'seamlessSso',
    'prtBrokerBased',
    'prtNonBrokerBased',
    'onBehalfOf',
    'samlOnBehalfOf',
    'officeS2S',
    'wsTrust',
  ],
  { 'OAuth 2.0': 'oAuth2', 'SAML 2.0': 'saml20' },
)

export const originalTransferMethods = enumReader(['none', 'deviceCodeFlow', 'authenticationTransfer', 'unknownFutureValue'])

export const clientCredentialTypes = enumReader([
  'none',
  'clientSecret',
  'clientAssertion',
  'federatedIdentityCredential',
  'managedIdentity',
  'certificate',
  'unknownFutureValue',
])

export const conditionalAccessStatuses = enumReader(['success', 'failure', 'notApplied', 'unknownFutureValue'])

export const userTypes = enumReader(['member', 'guest', 'unknownFutureValue'])

export const authenticationRequirements = enumReader(['singleFactorAuthentication', 'multiFactorAuthentication'])

/** An open set: values that are not listed stay as they are. */
export const signInEventTypes = enumReader(['interactiveUser', 'nonInteractiveUser', 'servicePrincipal', 'managedIdentity'])

export const networkTypes = enumReader(['intranet', 'extranet', 'namedNetwork', 'trusted', 'trustedNamedLocation', 'unknownFutureValue'])
