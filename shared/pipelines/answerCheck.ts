import { MonitorError } from '../runtime/errors'
import { streamStatuses } from '../signIns/completeness'
import { formatInstantOrNull } from '../signIns/instant'
import type { StreamProgress } from '../signIns/streamState'
import { type Check, type CheckFacts, type ReceiverHistory, type TokenFacts, withNames } from './check'
import {
  foreignTenantItem,
  heartbeatItem,
  isRead,
  licenceItem,
  permissionItem,
  receiverItem,
  retentionItem,
  settingItem,
  storageItem,
  streamItem,
} from './checkItems'
import { graphTime } from './graphClock'
import { graphPermissions } from './graphPermissions'
import type { MonitorOptions } from './options'
import type { HeartbeatState, Ports } from './ports'

/** Looks at the storage, permissions, licence, retention, streams, settings, receivers and the heartbeat, in this order. */
export async function answerCheck(
  ports: Pick<Ports, 'runs' | 'clock' | 'heartbeat'> & { readonly receiverHistory: ReceiverHistory },
  options: MonitorOptions,
  facts: CheckFacts,
): Promise<Check> {
  const stored = await storedFacts(ports)
  const statuses = streamStatuses(stored.progress, options.streams, graphTime(ports.clock(), stored.clockAhead))
  const names = facts.token.kind === 'app' ? { MONITOR_PRINCIPAL_ID: facts.token.principal, ...facts.names } : facts.names
  const foreign = foreignTenantItem(options.tenantId, facts.token, facts.place)
  const items = [
    storageItem(stored.problem, facts.place),
    ...graphPermissions.map((permission) => permissionItem(permission, facts.token, statuses)),
    licenceItem(statuses),
    retentionItem(options, stored.progress, statuses.some(isRead)),
    ...statuses.map((status) => streamItem(status, facts.token, facts.place)),
    ...facts.settings.map((setting) => (setting.name === foreign?.name ? foreign : settingItem(setting, facts.place))),
    ...facts.receivers.map((id) =>
      receiverItem(
        id,
        stored.told.find(({ receiver }) => receiver === id),
      ),
    ),
    ...(ports.heartbeat ? [heartbeatItem(stored.heartbeat)] : []),
  ]
  return {
    schemaVersion: 1,
    status: items.some(({ state }) => state === 'missing') ? 'incomplete' : 'ok',
    version: options.version,
    tenantId: options.tenantId,
    identity: identityOf(facts.token),
    items: items.map((item) => withNames(item, names)),
  }
}

const identityOf = (token: TokenFacts): Check['identity'] =>
  token.kind === 'none'
    ? { principal: null, tokenIssuedAt: null }
    : { principal: token.principal ?? null, tokenIssuedAt: formatInstantOrNull(token.issuedAt) }

interface StoredFacts {
  readonly progress: readonly StreamProgress[]
  readonly told: Awaited<ReturnType<ReceiverHistory['newest']>>
  readonly heartbeat: HeartbeatState | undefined
  readonly clockAhead: number | undefined
  /** Why the stores could not be read. */
  readonly problem: MonitorError | undefined
}

/** What the stores say. That they cannot be read is an answer too; any other error passes through. */
async function storedFacts(ports: Parameters<typeof answerCheck>[0]): Promise<StoredFacts> {
  try {
    const [run, told, heartbeat] = await Promise.all([ports.runs.read(), ports.receiverHistory.newest(), ports.heartbeat?.state()])
    return { progress: run?.progress ?? [], told, heartbeat, clockAhead: run?.clockAhead, problem: undefined }
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    return { progress: [], told: [], heartbeat: undefined, clockAhead: undefined, problem: error }
  }
}
