import { currentLagMax, type StreamStatus, streamStatuses } from '../signIns/completeness'
import { formatInstant, type Instant, minute } from '../signIns/instant'
import { type GraphPermission, graphPermissions } from './graphPermissions'
import type { MonitorOptions } from './options'
import type { Ports } from './ports'

/** The body of `GET /api/check`: what works, what is missing, and the one command that mends it. Nothing in it is secret. */
export interface Check {
  readonly schemaVersion: 1
  readonly status: 'ok' | 'incomplete'
  readonly version: string
  readonly tenantId: string
  readonly items: readonly CheckItem[]
}

/** One thing that was looked at. Only `missing` needs somebody; `optional` could be better, `unknown` cannot be seen from here. */
export interface CheckItem {
  readonly area: 'permission' | 'licence' | 'retention' | 'stream' | 'setting' | 'receiver'
  readonly name: string
  readonly state: 'ok' | 'missing' | 'optional' | 'unknown'
  readonly detail: string
  /** A command, or a sentence where no command does it; null where nothing is to be done. */
  readonly mend: string | null
}

/** What is looked at beside the stores. */
export interface CheckFacts {
  readonly token: TokenFacts
  /** Every setting, and whether the environment gives it. */
  readonly settings: readonly { readonly name: string; readonly isGiven: boolean }[]
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

/** How long Entra keeps sign-ins with P1 or P2. https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention */
const keptHours = 30 * 24

/** Looks at permissions, licence, retention, streams, settings and receivers, in this order. */
export async function answerCheck(
  ports: Pick<Ports, 'runs' | 'alerts' | 'clock'>,
  options: MonitorOptions,
  facts: CheckFacts,
): Promise<Check> {
  const now = ports.clock()
  const run = await ports.runs.read()
  const statuses = streamStatuses(run?.progress ?? [], options.streams, now)
  // Far ahead, so that a notification that waits for its next attempt is seen too.
  const waiting = facts.receivers.length > 0 ? await ports.alerts.waiting(now + 24 * 60 * minute, 100) : []
  const items = [
    ...graphPermissions.map((permission) => permissionItem(permission, facts.token, statuses)),
    licenceItem(statuses),
    retentionItem(options, statuses),
    ...statuses.map(streamItem),
    ...facts.settings.map(settingItem),
    ...facts.receivers.map((id) => {
      const failed = waiting.find(({ receiver, attempts, lastReason }) => receiver === id && attempts > 0 && lastReason !== undefined)
      return receiverItem(id, failed?.lastReason)
    }),
  ]
  return {
    schemaVersion: 1,
    status: items.some(({ state }) => state === 'missing') ? 'incomplete' : 'ok',
    version: options.version,
    tenantId: options.tenantId,
    items,
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
    mend: 'Assign a licence of Microsoft Entra ID P1 or P2 in the monitored tenant.',
  }
}

function retentionItem({ lookbackHours }: MonitorOptions, statuses: readonly StreamStatus[]): CheckItem {
  const item = { area: 'retention', name: 'LOOKBACK_HOURS' } as const
  const fits = lookbackHours <= keptHours
  const detail = `The first reading goes back ${lookbackHours} hours; Entra keeps sign-ins for ${keptHours} hours with P1 or P2, for 168 without.`
  return { ...item, state: fits ? (statuses.some(isRead) ? 'ok' : 'unknown') : 'optional', detail, mend: null }
}

/** What is to be done about a stream in a state; a state that is not here needs nobody. */
const streamMends: Readonly<Partial<Record<StreamStatus['state'], string>>> = {
  forbidden: 'npm run grant -- --principal MONITOR_PRINCIPAL_ID',
  unlicensed: 'Assign a licence of Microsoft Entra ID P1 or P2 in the monitored tenant.',
  stalled: 'Look at the log of monitorSignIns; restart the app where it has no run in the last minutes.',
}

function streamItem(status: StreamStatus): CheckItem {
  const { stream, state, detail } = status
  const mend = streamMends[state] ?? null
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
  RECEIVERS: {
    lost: 'Nobody is called.',
    mend: "az keyvault secret set --vault-name MONITOR_VAULT_NAME --name receivers --value '[…]'",
  },
  PUBLIC_BASE_URL: {
    lost: 'Pages to on-call have no links.',
    mend: 'az functionapp config appsettings set --name MONITOR_APP_NAME --resource-group … --settings PUBLIC_BASE_URL=https://…',
  },
}

function settingItem({ name, isGiven }: CheckFacts['settings'][number]): CheckItem {
  const wish = isGiven ? undefined : wished[name]
  return {
    area: 'setting',
    name,
    state: wish ? 'optional' : 'ok',
    detail: wish?.lost ?? (isGiven ? 'It is given and right.' : 'The default is used.'),
    mend: wish?.mend ?? null,
  }
}

function receiverItem(id: string, lastReason: string | undefined): CheckItem {
  const item = { area: 'receiver', name: id } as const
  if (lastReason === undefined) return { ...item, state: 'ok', detail: 'Nothing waits for it.', mend: null }
  return {
    ...item,
    state: 'missing',
    detail: `The last delivery failed: ${lastReason}.`,
    mend: 'Look at the receiver, and at its entry in the setting RECEIVERS.',
  }
}
