import type { OutboxRow } from '../alerts/alert'
import { joinJson } from './chunks'
import type { StoredEntity } from './entity'
import { keyText, rowsOf } from './keys'
import type { TableClients } from './tableClients'

/** Rows looked at; the outbox keeps delivered ones for a week and parked ones for a month. */
const rowsMax = 2_000

/**
 * The newest notification of each receiver in the outbox of a tenant.
 */
export function createReceiverHistory(options: { clients: Pick<TableClients, 'alerts'>; tenantId: string }): {
  newest(): Promise<OutboxRow[]>
} {
  const table = options.clients.alerts
  const partitionKey = keyText(options.tenantId)
  return {
    newest: async () => {
      const rows = await table.query({ filter: rowsOf(partitionKey, 'outbox'), select: ['receiver', 'at'], most: rowsMax })
      const newest = new Map<unknown, StoredEntity>()
      for (const row of rows) {
        const before = newest.get(row.properties['receiver'])
        if (!before || madeAt(before) <= madeAt(row)) newest.set(row.properties['receiver'], row)
      }
      const found: OutboxRow[] = []
      for (const { rowKey } of newest.values()) {
        const entity = await table.read(partitionKey, rowKey)
        if (entity) found.push(joinJson<OutboxRow>(entity, 'content'))
      }
      return found
    },
  }
}

const madeAt = ({ properties: { at } }: StoredEntity): number => (at instanceof Date ? at.getTime() : 0)
