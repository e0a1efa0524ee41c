import type { MonitorError } from '../runtime/errors'
import { currentLagMax, type StreamStatus } from '../signIns/completeness'
import { formatInstant, hour, type Instant, minute } from '../signIns/instant'
import type { StreamProgress } from '../signIns/streamState'
import type { CheckItem, Place, ReceiverHistory, SecretPlace, SettingFacts, TokenFacts } from './check'
import type { GraphPermission } from './graphPermissions'
import type { MonitorOptions } from './options'
import type { HeartbeatState } from './ports'

/** How long Entra keeps sign-ins with P1 or P2. https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention */
const keptHours = 30 * 24

const appOptions = '--name MONITOR_APP_NAME --resource-group MONITOR_RESOURCE_GROUP'

const restart: Readonly<Record<Place, string>> = {
  azure: `az functionapp restart ${appOptions}`,
  local: 'Stop npm start with Ctrl-C and start it again.',
}

/** Whether the tables can be read. */
export function storageItem(problem: MonitorError | undefined, place: Place): CheckItem {
  const item = { area: 'storage', name: 'TABLES_ENDPOINT' } as const
  if (problem === undefined) return { ...item, state: 'ok', detail: 'The tables can be read.', mend: null }
  const mends = problem.code.startsWith('schema-') ? releaseMends : tableMends
  return { ...item, state: 'missing', detail: problem.message, mend: mends[place] }
}

const releaseMends: Readonly<Record<Place, string>> = {
  azure: `az functionapp deployment source config-zip ${appOptions} --src dist/package.zip`,
  local: 'Check out the release that wrote the tables, or give TABLES_ENDPOINT tables of its own.',
}

const tableMends: Readonly<Record<Place, string>> = {
  azure:
    'az role assignment create --role "Storage Table Data Contributor" --assignee-object-id MONITOR_PRINCIPAL_ID --assignee-principal-type ServicePrincipal --scope "$(az storage account show --name MONITOR_STORAGE_NAME --query id --output tsv)"',
  local: 'Look whether the storage emulator of TABLES_ENDPOINT runs; without that setting npm start brings one.',
}

/** Whether Graph gives the sign-ins of a stream. */
export const isRead = ({ state }: StreamStatus): boolean => state === 'current' || state === 'behind'

/** Whether the identity holds a permission, by its token or by what Graph gives. */
export function permissionItem(
  { value, needed, reason }: GraphPermission,
  token: TokenFacts,
  statuses: readonly StreamStatus[],
): CheckItem {
  const item = { area: 'permission', name: value } as const
  if (token.kind !== 'none' && token.permissions.includes(value)) return { ...item, state: 'ok', detail: reason.en, mend: null }
  if (needed && statuses.some(isRead)) {
    const seen = 'Graph gives the sign-ins.'
    return { ...item, state: 'ok', detail: token.kind === 'none' ? seen : `The token does not name it, but ${seen}`, mend: null }
  }
  if (token.kind === 'none') return { ...item, state: 'unknown', detail: token.reason, mend: null }
  const detail = needed ? `${reason.en} ${ageOf(token.issuedAt)}` : reason.en
  return { ...item, state: needed ? 'missing' : 'optional', detail, mend: grantCommand(token, needed ? undefined : value) }
}

/** A role that was granted after the token was issued is not in it, however often the app asks. */
const ageOf = (issuedAt: Instant | undefined): string =>
  issuedAt === undefined
    ? 'The token does not hold it.'
    : `The token does not hold it; it was issued at ${formatInstant(issuedAt)} and is kept for about a day, so a grant after that time shows with the next one.`

function grantCommand(token: TokenFacts, optional: string | undefined): string {
  if (token.kind === 'person') return 'Sign in as somebody with the role Reports Reader or Security Reader.'
  return `npm run grant -- --principal MONITOR_PRINCIPAL_ID${optional === undefined ? '' : ` --with ${optional}`}`
}

/** Whether the tenant has the licence that Graph wants. */
export function licenceItem(statuses: readonly StreamStatus[]): CheckItem {
  const item = { area: 'licence', name: 'Microsoft Entra ID P1 or P2' } as const
  if (statuses.some(isRead)) return { ...item, state: 'ok', detail: 'Graph gives the sign-ins, which takes one of them.', mend: null }
  if (!statuses.some(({ state }) => state === 'unlicensed')) {
    return { ...item, state: 'unknown', detail: 'No stream was read yet.', mend: null }
  }
  return {
    ...item,
    state: 'missing',
    detail: 'Graph refuses the sign-ins for want of a licence.',
    mend: assignLicence,
  }
}

/** Whether the first reading stays inside what Graph keeps. */
export function retentionItem({ lookbackHours }: MonitorOptions, progress: readonly StreamProgress[], isSeen: boolean): CheckItem {
  const item = { area: 'retention', name: 'LOOKBACK_HOURS' } as const
  const first = `The first reading goes back ${lookbackHours} hours;`
  const learnt = Math.min(...progress.flatMap(({ retentionLength }) => retentionLength ?? []))
  if (learnt < lookbackHours * hour) {
    return {
      ...item,
      state: 'optional',
      detail: `${first} Graph gives no more than ${Math.floor(learnt / hour)} hours.`,
      mend: assignLicence,
    }
  }
  const detail = `${first} Entra keeps sign-ins for ${keptHours} hours with P1 or P2, for 168 without.`
  return { ...item, state: isSeen ? 'ok' : 'unknown', detail, mend: null }
}

const assignLicence = 'Assign a licence of Microsoft Entra ID P1 or P2 in the monitored tenant.'

/** What is to be done about a stream in a state; a state that is not here needs nobody. */
const streamMends: Readonly<Partial<Record<StreamStatus['state'], (token: TokenFacts, place: Place) => string>>> = {
  forbidden: (token) => grantCommand(token, undefined),
  unlicensed: () => assignLicence,
  stalled: (_token, place) => restart[place],
}

/** How a stream is being read. */
export function streamItem(status: StreamStatus, token: TokenFacts, place: Place): CheckItem {
  const { stream, state, detail } = status
  const mend = streamMends[state]?.(token, place) ?? null
  const words = detail === undefined ? '' : ` ${detail}`
  return {
    area: 'stream',
    name: stream,
    state: mend !== null ? 'missing' : state === 'current' || state === 'behind' ? 'ok' : state === 'starting' ? 'unknown' : 'optional',
    detail: `It is ${state}${state === 'behind' ? ` by more than ${currentLagMax / minute} minutes` : ''}.${words}`,
    mend,
  }
}

/** What is lost without a setting that could be left out, and what gives it; any other has a default that serves. */
interface Wish {
  readonly lost: string
  /** The value as a shell takes it. */
  readonly value: string
  /** Name of its secret in a vault that the deployment made, and how the command that writes it takes the value. */
  readonly secret?: { readonly name: string; readonly written: string }
}

const wished: Readonly<Record<string, Wish>> = {
  OPERATOR_KEY: {
    lost: 'Only an app role lets operators in, and only with EASY_AUTH on.',
    value: '"$(openssl rand -base64 32)"',
    secret: { name: 'operator-key', written: '--value "$(openssl rand -base64 32)"' },
  },
  RECEIVERS: {
    lost: 'Nobody is called.',
    value: '"$(cat receivers.json)"',
    secret: { name: 'receivers', written: '--file receivers.json' },
  },
  HEARTBEAT_URL: {
    lost: 'Nobody outside notices when the monitor falls silent.',
    value: '"$(cat heartbeat-url.txt)"',
    secret: { name: 'heartbeat-url', written: '--file heartbeat-url.txt' },
  },
  PUBLIC_BASE_URL: { lost: 'Pages to on-call have no links.', value: 'https://…' },
  RUNBOOK_URL: { lost: 'Pages to on-call link to Microsoft in place of the runbooks.', value: "'https://…/docs/runbooks/{page}'" },
}

/** Whether a setting is given, and under its present name. */
export function settingItem({ name, isGiven, formerName, secret }: SettingFacts, place: Place): CheckItem {
  const item = { area: 'setting', name } as const
  if (formerName !== undefined) {
    if (place === 'local') {
      return { ...item, state: 'optional', detail: formerName.words, mend: `Give ${name} in place of ${formerName.name}.` }
    }
    const detail = `${formerName.words} ${lasting(name)}`
    return { ...item, state: 'optional', detail, mend: renaming(formerName.name, isGiven ? undefined : name) }
  }
  const wish = isGiven ? undefined : wished[name]
  if (!wish) return { ...item, state: 'ok', detail: isGiven ? 'It is given and right.' : 'The default is used.', mend: null }
  const lost = name === 'OPERATOR_KEY' && place === 'local' ? 'Everybody on this computer is an operator.' : wish.lost
  return {
    ...item,
    state: 'optional',
    detail: place === 'azure' && !wish.secret ? `${lost} ${lasting(name)}` : lost,
    mend: place === 'local' ? `${name}=${wish.value} npm start` : giving(name, wish, secret),
  }
}

/** A deployment of the templates sets all settings anew, so what a command has changed is undone by the next one. */
const lasting = (name: string): string =>
  `Write it into the parameter file too, as settings.${name}: the next deployment of the templates undoes what the command sets.`

/** TENANT_ID where the token is of another tenant, whose sign-ins must not be counted under it; undefined where no token says so. */
export function foreignTenantItem(tenantId: string, token: TokenFacts, place: Place): CheckItem | undefined {
  if (token.kind === 'none' || token.tenant === undefined || token.tenant === tenantId) return undefined
  const mends: Readonly<Record<Place, string>> = {
    azure: `az functionapp config appsettings set ${appOptions} --settings TENANT_ID=${token.tenant}`,
    local: 'Sign in to the tenant of TENANT_ID, or set TENANT_ID to the one that the login is of.',
  }
  const detail = `The token is of the tenant ${token.tenant}, so nothing is read for ${tenantId}: an identity reads no tenant but its own.`
  return { area: 'setting', name: 'TENANT_ID', state: 'missing', detail, mend: mends[place] }
}

/** The command that takes a former name away, after its value was given to the present one. */
function renaming(from: string, to: string | undefined): string {
  const settings = 'az functionapp config appsettings'
  const value = `"$(${settings} list ${appOptions} --query "[?name=='${from}'].value" --output tsv)"`
  const remove = `${settings} delete ${appOptions} --setting-names ${from}`
  return to === undefined ? remove : `${settings} set ${appOptions} --settings ${to}=${value} && ${remove}`
}

/** The command that gives the app a setting. A secret reaches the app by a restart, or within a day. */
function giving(name: string, { value, secret }: Wish, known: SecretPlace | undefined): string {
  if (!secret) return `az functionapp config appsettings set ${appOptions} --settings ${name}=${value}`
  const { vault, name: secretName } = known ?? { vault: 'MONITOR_VAULT_NAME', name: secret.name }
  return `az keyvault secret set --vault-name ${vault} --name ${secretName} ${secret.written} && ${restart.azure}`
}

const lookAtReceiver = 'Look at the receiver, and at its entry in the setting RECEIVERS.'

/** What the newest notification for a receiver tells of it. */
export function receiverItem(id: string, newest: Awaited<ReturnType<ReceiverHistory['newest']>>[number] | undefined): CheckItem {
  const item = { area: 'receiver', name: id } as const
  if (!newest) return { ...item, state: 'unknown', detail: 'It was not told anything yet.', mend: null }
  const { state, attempts, lastReason = 'no reason is known' } = newest
  if (state === 'delivered') return { ...item, state: 'ok', detail: 'The newest notification was delivered.', mend: null }
  if (state === 'parked') {
    return {
      ...item,
      state: 'missing',
      detail: `The newest notification was given up after ${attempts} attempts: ${lastReason}.`,
      mend: lookAtReceiver,
    }
  }
  if (attempts === 0) return { ...item, state: 'ok', detail: 'A notification is on its way.', mend: null }
  return { ...item, state: 'missing', detail: `The newest notification failed ${attempts} times: ${lastReason}.`, mend: lookAtReceiver }
}

/** What comes of the heartbeat, and since when. One that is withheld has a cause that another item names, so only one that fails is missing. */
export function heartbeatItem(state: HeartbeatState | undefined): CheckItem {
  const item = { area: 'heartbeat', name: 'HEARTBEAT_URL' } as const
  if (!state) return { ...item, state: 'unknown', detail: 'No run has ended since it was set.', mend: null }
  const since = formatInstant(state.since)
  if (state.outcome === 'delivered') return { ...item, state: 'ok', detail: `It has been delivered since ${since}.`, mend: null }
  if (state.outcome === 'withheld') {
    return { ...item, state: 'optional', detail: `It has been withheld since ${since}: ${state.reason}.`, mend: null }
  }
  return {
    ...item,
    state: 'missing',
    detail: `It has failed since ${since}: ${state.reason}.`,
    mend: 'Look at the service that waits for it, and at the address in the setting HEARTBEAT_URL.',
  }
}
