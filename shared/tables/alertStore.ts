import type { Alert, AlertGroup, OutboxRow } from '../alerts/alert'
import type { AlertStore, StoredAlerts } from '../pipelines/ports'
import { MonitorError } from '../runtime/errors'
import { day, formatInstant, hour, type Instant, minute } from '../signIns/instant'
import { joinJson, jsonChunks } from './chunks'
import { type Entity, instantOf, type StoredEntity } from './entity'
import { keyText, quoted, rowsOf } from './keys'
import type { TableAction } from './table'
import type { TableClients } from './tableClients'
import { writeAll } from './transactions'

/** Alerts that one change may carry; with the group and the outbox they fit one transaction of 100 operations. */
export const alertsPerChangeMax = 90

const resolvedKeptFor = 7 * day
const deliveredKeptFor = 7 * day
const parkedKeptFor = 30 * day
const prunedAtOnceMax = 1_000
/** Alerts are looked up again after this long, though their group is the same: pruning leaves the group as it is. */
const rememberedLength = hour
/** That nothing waits to be delivered is believed for the rest of a run. */
const quietLength = minute

/** An {@link AlertStore} that can also forget what is over. */
export interface PrunableAlertStore extends AlertStore {
  /**
   * Removes alerts that ended and notifications that were delivered more than 7 days ago, and parked notifications after
   * 30 days; at most 1,000 rows a kind and call. Answers how many went.
   */
  prune(now: Instant): Promise<number>
}

/**
 * Alerts and the outbox of a tenant, in one partition of the table `alerts`, so that a change of the group, its alerts and
 * its notifications is one transaction: rows `group|…`, `alert|…` and `outbox|…`. Whatever changes an alert replaces its
 * group, so the alerts are read again only where the version of the group has moved on; the look at the group also tells
 * whether anything waits to be delivered. A run in which nothing happens takes one transaction.
 */
export function createAlertStore(options: {
  clients: Pick<TableClients, 'alerts'>
  tenantId: string
  /** Stamps what changes. */
  clock: () => Instant
}): PrunableAlertStore {
  const table = options.clients.alerts
  const partitionKey = keyText(options.tenantId)
  let remembered: { readonly stored: StoredAlerts; readonly at: Instant } | undefined
  /** When nothing waited to be delivered; undefined where something does or may. */
  let quietAt: Instant | undefined

  return {
    load: async () => {
      const now = options.clock()
      // The group before its alerts: alerts that are newer than its version make the next save conflict, never pass.
      const looked = await table.query({ filter: groupAndWaiting(partitionKey) })
      const group = looked.find(({ rowKey }) => rowKey.startsWith('group|'))
      quietAt = looked.some((row) => row !== group) ? undefined : now
      if (group && remembered?.stored.version === group.etag && isWithin(remembered.at, now, rememberedLength)) return remembered.stored
      // No alert was ever stored without its group.
      const alerts = group ? await table.query({ filter: rowsOf(partitionKey, 'alert') }) : []
      const stored: StoredAlerts = {
        group: group && joinJson<AlertGroup>(group, 'content'),
        alerts: alerts.map((alert) => joinJson<Alert>(alert, 'content')),
        version: group?.etag,
        changedAt: group && instantOf(group, 'changedAt'),
      }
      remembered = { stored, at: now }
      return stored
    },
    save: async ({ group, replaces, alerts, outbox }) => {
      if (alerts.length > alertsPerChangeMax) {
        throw new MonitorError(
          'entity-too-large',
          `A change has ${alerts.length} alerts; at most ${alertsPerChangeMax} are written at once.`,
        )
      }
      if (outbox.length > 0) quietAt = undefined
      const entity = groupEntity(partitionKey, group, options.clock())
      const result = await table.submit([
        replaces === undefined ? { kind: 'create', entity } : { kind: 'replace', entity, etag: replaces },
        ...alerts.map((alert): TableAction => ({ kind: 'put', entity: alertEntity(partitionKey, alert) })),
        ...outbox.map((row): TableAction => ({ kind: 'create', entity: outboxEntity(partitionKey, row) })),
      ])
      return result.kind === 'written'
    },
    waiting: async (now, most) => {
      if (quietAt !== undefined && isWithin(quietAt, now, quietLength)) return []
      const filter = `${rowsOf(partitionKey, 'outbox')} and state eq 'waiting' and nextAttemptAt le ${moment(now)}`
      const due = await table.query({ filter, select: ['at'] })
      const oldest = due.sort((a, b) => writtenFor(a) - writtenFor(b)).slice(0, most)
      const rows: OutboxRow[] = []
      for (const { rowKey } of oldest) {
        const entity = await table.read(partitionKey, rowKey)
        const row = entity && joinJson<OutboxRow>(entity, 'content')
        if (row?.state === 'waiting') rows.push(row)
      }
      return rows
    },
    record: async (row) => {
      if (row.state === 'waiting') quietAt = undefined
      await table.submit([{ kind: 'put', entity: outboxEntity(partitionKey, row) }])
    },
    prune: async (now) => {
      const over = [
        `${rowsOf(partitionKey, 'alert')} and state eq 'inactive' and endsAt lt ${moment(now - resolvedKeptFor)}`,
        `${rowsOf(partitionKey, 'outbox')} and state eq 'delivered' and at lt ${moment(now - deliveredKeptFor)}`,
        `${rowsOf(partitionKey, 'outbox')} and state eq 'parked' and at lt ${moment(now - parkedKeptFor)}`,
      ]
      let removed = 0
      for (const filter of over) {
        const rows = await table.query({ filter, select: [], most: prunedAtOnceMax })
        const actions = rows.map(({ rowKey }): TableAction => ({ kind: 'delete', entity: { partitionKey, rowKey } }))
        removed += actions.length - (await writeAll(table, actions)).size
      }
      return removed
    },
  }
}

const isWithin = (at: Instant, now: Instant, length: number): boolean => now >= at && now < at + length

/** The group, which alone says when it changed, and the notifications that are not over: both lie between the alerts and the silences. */
const groupAndWaiting = (partitionKey: string): string =>
  `PartitionKey eq ${quoted(partitionKey)} and RowKey ge 'group|' and RowKey lt 'outbox}' and (changedAt ge '0' or state eq 'waiting')`

const groupEntity = (partitionKey: string, group: AlertGroup, changedAt: Instant): Entity => ({
  partitionKey,
  rowKey: `group|${keyText(group.groupKey)}`,
  changedAt: formatInstant(changedAt),
  ...jsonChunks('content', group),
})

const alertEntity = (partitionKey: string, alert: Alert): Entity => ({
  partitionKey,
  rowKey: `alert|${keyText(alert.id)}`,
  rule: alert.rule,
  state: alert.state,
  severity: alert.severity,
  endsAt: alert.endsAt === undefined ? undefined : new Date(alert.endsAt),
  ...jsonChunks('content', alert),
})

const outboxEntity = (partitionKey: string, row: OutboxRow): Entity => ({
  partitionKey,
  rowKey: `outbox|${keyText(row.id)}`,
  receiver: row.receiver,
  state: row.state,
  at: new Date(row.content.at),
  nextAttemptAt: new Date(row.nextAttemptAt),
  ...jsonChunks('content', row),
})

/** A time as a filter takes it. */
const moment = (at: Instant): string => `datetime'${formatInstant(at)}'`

/** When a notification was made. */
const writtenFor = (entity: StoredEntity): Instant => (entity.properties['at'] instanceof Date ? entity.properties['at'].getTime() : 0)
