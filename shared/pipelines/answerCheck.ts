import type { OutboxRow } from '../alerts/alert'
import { MonitorError } from '../runtime/errors'
import { currentLagMax, type StreamStatus, streamStatuses } from '../signIns/completeness'
import { formatInstant, formatInstantOrNull, hour, type Instant, minute } from '../signIns/instant'
import type { StreamProgress } from '../signIns/streamState'
import { graphTime } from './graphClock'
import { type GraphPermission, graphPermissions } from './graphPermissions'
import type { MonitorOptions } from './options'
import type { Ports } from './ports'

/** The body of `GET /api/check`: what works, what is missing, and the one command that mends it. Nothing in it is secret. */
export interface Check {
  readonly schemaVersion: 1
  readonly status: 'ok' | 'incomplete'
  readonly version: string
  readonly tenantId: string
  /** Object id of the app's identity, and when its token for Graph was issued; null where the token does not say it. */
  readonly identity: { readonly principal: string | null; readonly tokenIssuedAt: string | null }
  readonly items: readonly CheckItem[]
}

/** One thing that was looked at. Only `missing` needs somebody; `optional` could be better, `unknown` cannot be seen from here. */
export interface CheckItem {
  readonly area: 'storage' | 'permission' | 'licence' | 'retention' | 'stream' | 'setting' | 'receiver'
  readonly name: string
  readonly state: 'ok' | 'missing' | 'optional' | 'unknown'
  readonly detail: string
  /** A command, or a sentence where no command does it; null where nothing is to be done. */
  readonly mend: string | null
}

/** What is looked at beside the stores. */
export interface CheckFacts {
  readonly token: TokenFacts
  /** Every setting, whether the environment gives it, and what is to be said of the way it does. */
  readonly settings: readonly { readonly name: string; readonly isGiven: boolean; readonly warning?: string | undefined }[]
  readonly receivers: readonly string[]
}

/** What the token for Graph says: the roles of an app, or the scopes of a person, whose id is not ours to repeat. */
export type TokenFacts =
  | {
      readonly kind: 'app' | 'person'
      readonly permissions: readonly string[]
      readonly issuedAt: Instant | undefined
      /** Object id of the app's identity. */
      readonly principal: string | undefined
    }
  | { readonly kind: 'none'; readonly reason: string }

/** What came of the newest notification for each receiver that was told anything. */
export interface ReceiverHistory {
  newest(): Promise<readonly Pick<OutboxRow, 'receiver' | 'state' | 'attempts' | 'lastReason'>[]>
}

/** How long Entra keeps sign-ins with P1 or P2. https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention */
const keptHours = 30 * 24

/** Looks at the storage, permissions, licence, retention, streams, settings and receivers, in this order. */
export async function answerCheck(
  ports: Pick<Ports, 'runs' | 'clock'> & { readonly receiverHistory: ReceiverHistory },
  options: MonitorOptions,
  facts: CheckFacts,
): Promise<Check> {
  const stored = await storedFacts(ports)
  const statuses = streamStatuses(stored.progress, options.streams, graphTime(ports.clock(), stored.clockAhead))
  const items = [
    storageItem(stored.problem),
    ...graphPermissions.map((permission) => permissionItem(permission, facts.token, statuses)),
    licenceItem(statuses),
    retentionItem(options, stored.progress, statuses.some(isRead)),
    ...statuses.map((status) => streamItem(status, facts.token)),
    ...facts.settings.map(settingItem),
    ...facts.receivers.map((id) =>
      receiverItem(
        id,
        stored.told.find(({ receiver }) => receiver === id),
      ),
    ),
  ]
  return {
    schemaVersion: 1,
    status: items.some(({ state }) => state === 'missing') ? 'incomplete' : 'ok',
    version: options.version,
    tenantId: options.tenantId,
    identity: identityOf(facts.token),
    items,
  }
}

const identityOf = (token: TokenFacts): Check['identity'] =>
  token.kind === 'none'
    ? { principal: null, tokenIssuedAt: null }
    : { principal: token.principal ?? null, tokenIssuedAt: formatInstantOrNull(token.issuedAt) }

interface StoredFacts {
  readonly progress: readonly StreamProgress[]
  readonly told: Awaited<ReturnType<ReceiverHistory['newest']>>
  readonly clockAhead: number | undefined
  /** Why the stores could not be read. */
  readonly problem: MonitorError | undefined
}

/** What the stores say. That they cannot be read is an answer too; any other error passes through. */
async function storedFacts(ports: Parameters<typeof answerCheck>[0]): Promise<StoredFacts> {
  try {
    const [run, told] = await Promise.all([ports.runs.read(), ports.receiverHistory.newest()])
    return { progress: run?.progress ?? [], told, clockAhead: run?.clockAhead, problem: undefined }
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    return { progress: [], told: [], clockAhead: undefined, problem: error }
  }
}

function storageItem(problem: MonitorError | undefined): CheckItem {
  const item = { area: 'storage', name: 'TABLES_ENDPOINT' } as const
  if (problem === undefined) return { ...item, state: 'ok', detail: 'The tables can be read.', mend: null }
  return {
    ...item,
    state: 'missing',
    detail: problem.message,
    mend: problem.code.startsWith('schema-')
      ? 'az functionapp deployment source config-zip --src package.zip, with the release that the detail names.'
      : 'az role assignment create --role "Storage Table Data Contributor" --assignee MONITOR_PRINCIPAL_ID --scope …',
  }
}

const isRead = ({ state }: StreamStatus): boolean => state === 'current' || state === 'behind'

function permissionItem({ value, needed, reason }: GraphPermission, token: TokenFacts, statuses: readonly StreamStatus[]): CheckItem {
  const item = { area: 'permission', name: value } as const
  if (token.kind !== 'none' && token.permissions.includes(value)) return { ...item, state: 'ok', detail: reason.en, mend: null }
  if (needed && statuses.some(isRead)) {
    const seen = 'Graph gives the sign-ins.'
    return { ...item, state: 'ok', detail: token.kind === 'none' ? seen : `The token does not name it, but ${seen}`, mend: null }
  }
  if (token.kind === 'none') return { ...item, state: needed ? 'unknown' : 'optional', detail: token.reason, mend: null }
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
  const principal = token.kind === 'app' && token.principal !== undefined ? token.principal : 'MONITOR_PRINCIPAL_ID'
  return `npm run grant -- --principal ${principal}${optional === undefined ? '' : ` --with ${optional}`}`
}

function licenceItem(statuses: readonly StreamStatus[]): CheckItem {
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

function retentionItem({ lookbackHours }: MonitorOptions, progress: readonly StreamProgress[], isSeen: boolean): CheckItem {
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
const streamMends: Readonly<Partial<Record<StreamStatus['state'], (token: TokenFacts) => string>>> = {
  forbidden: (token) => grantCommand(token, undefined),
  unlicensed: () => assignLicence,
  stalled: () => 'Look at the log of monitorSignIns; restart the app where it has no run in the last minutes.',
}

function streamItem(status: StreamStatus, token: TokenFacts): CheckItem {
  const { stream, state, detail } = status
  const mend = streamMends[state]?.(token) ?? null
  const words = detail === undefined ? '' : ` ${detail}`
  return {
    area: 'stream',
    name: stream,
    state: mend !== null ? 'missing' : state === 'current' || state === 'behind' ? 'ok' : state === 'starting' ? 'unknown' : 'optional',
    detail: `It is ${state}${state === 'behind' ? ` by more than ${currentLagMax / minute} minutes` : ''}.${words}`,
    mend,
  }
}

/** What is lost without a setting that could be left out; any other has a default that serves. */
const wished: Readonly<Record<string, { readonly lost: string; readonly mend: string }>> = {
  OPERATOR_KEY: {
    lost: 'Only an app role lets operators in, and only with EASY_AUTH on.',
    mend: 'az keyvault secret set --vault-name MONITOR_VAULT_NAME --name operator-key --value "$(openssl rand -base64 32)"',
  },
  RECEIVERS: {
    lost: 'Nobody is called.',
    mend: "az keyvault secret set --vault-name MONITOR_VAULT_NAME --name receivers --value '[…]'",
  },
  PUBLIC_BASE_URL: {
    lost: 'Pages to on-call have no links.',
    mend: 'az functionapp config appsettings set --name MONITOR_APP_NAME --resource-group … --settings PUBLIC_BASE_URL=https://…',
  },
}

function settingItem({ name, isGiven, warning }: CheckFacts['settings'][number]): CheckItem {
  const item = { area: 'setting', name } as const
  if (warning !== undefined) return { ...item, state: 'optional', detail: warning, mend: renameCommand }
  const wish = isGiven ? undefined : wished[name]
  return {
    ...item,
    state: wish ? 'optional' : 'ok',
    detail: wish?.lost ?? (isGiven ? 'It is given and right.' : 'The default is used.'),
    mend: wish?.mend ?? null,
  }
}

const renameCommand =
  'az functionapp config appsettings delete --name MONITOR_APP_NAME --resource-group … --setting-names …, after the present name is set.'

const lookAtReceiver = 'Look at the receiver, and at its entry in the setting RECEIVERS.'

/** What the newest notification for a receiver tells of it. */
function receiverItem(id: string, newest: Awaited<ReturnType<ReceiverHistory['newest']>>[number] | undefined): CheckItem {
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
