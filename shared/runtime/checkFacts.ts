import { cloudOf } from '../graph/clouds'
import { createCredential } from '../graph/credential'
import { claimsOf, tenantOf } from '../graph/tokenClaims'
import type { CheckFacts, FormerName, TokenFacts } from '../pipelines/check'
import { underPresentNames } from './renamedSettings'
import { type Settings, settingRows } from './settings'

const tokenTimeoutMs = 10_000

/** What a check looks at beside the stores: the token that the monitor reads Graph with, its settings and its receivers. */
export async function checkFacts(settings: Settings, environment: Readonly<Record<string, string | undefined>>): Promise<CheckFacts> {
  // What the vault has at first calls as few people as nothing: an empty list of receivers, a heartbeat that is off.
  const isGiven = (name: string): boolean =>
    (environment[name] ?? '').trim() !== '' &&
    (name !== 'RECEIVERS' || settings.RECEIVERS.length > 0) &&
    (name !== 'HEARTBEAT_URL' || settings.HEARTBEAT_URL !== '')
  const { warnings } = underPresentNames(environment)
  const formerNameOf = (name: string): FormerName | undefined => {
    const warning = warnings.find(({ to }) => to === name)
    return warning && { name: warning.from, words: warning.words }
  }
  const secrets = new Map(settings.SECRET_URIS.map(({ setting, ...place }) => [setting, place]))
  return {
    place: settings.MONITOR_MODE,
    token: await tokenFacts(settings),
    settings: Object.keys(settingRows).map((name) => ({
      name,
      isGiven: isGiven(name),
      formerName: formerNameOf(name),
      secret: secrets.get(name),
    })),
    receivers: settings.RECEIVERS.map(({ id }) => id),
    names: namesOf(settings, environment),
  }
}

/** What App Service says of the app, and the storage account by its address. https://learn.microsoft.com/azure/app-service/reference-app-settings */
function namesOf(settings: Settings, environment: Readonly<Record<string, string | undefined>>): CheckFacts['names'] {
  const { WEBSITE_SITE_NAME: app, WEBSITE_RESOURCE_GROUP: group } = environment
  const [account] = new URL(settings.TABLES_ENDPOINT).hostname.split('.table.')
  return {
    ...(app ? { MONITOR_APP_NAME: app } : {}),
    ...(group ? { MONITOR_RESOURCE_GROUP: group } : {}),
    ...(account && settings.TABLES_ENDPOINT.includes('.table.') ? { MONITOR_STORAGE_NAME: account } : {}),
  }
}

async function tokenFacts(settings: Settings): Promise<TokenFacts> {
  if (settings.GRAPH_BASE_URL.startsWith('http:')) return { kind: 'none', reason: 'Graph on this machine is asked without a token.' }
  const credential = createCredential({
    mode: settings.MONITOR_CREDENTIAL,
    clientId: settings.AZURE_CLIENT_ID === '' ? undefined : settings.AZURE_CLIENT_ID,
    tenantId: settings.TENANT_ID,
    cloud: settings.CLOUD,
  })
  try {
    const token = await credential.getToken(cloudOf(settings.CLOUD).scope, { abortSignal: AbortSignal.timeout(tokenTimeoutMs) })
    return token ? factsOf(token.token) : { kind: 'none', reason: 'The identity gave no token.' }
  } catch {
    return { kind: 'none', reason: 'The identity gave no token: check AZURE_CLIENT_ID and that the identity is assigned to the app.' }
  }
}

/** What an access token for Graph says of its bearer. */
export function factsOf(token: string): TokenFacts {
  const claims = claimsOf(token)
  if (!claims) return { kind: 'none', reason: 'The token cannot be read.' }
  const { roles, scp, iat, oid } = claims
  const isPerson = typeof scp === 'string'
  return {
    kind: isPerson ? 'person' : 'app',
    permissions: isPerson ? scp.split(' ') : Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    issuedAt: typeof iat === 'number' ? iat * 1_000 : undefined,
    tenant: tenantOf(token),
    principal: !isPerson && typeof oid === 'string' ? oid : undefined,
  }
}
