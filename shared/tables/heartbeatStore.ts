import type { Heartbeat, HeartbeatState } from '../pipelines/ports'
import { formatInstant } from '../signIns/instant'
import { instantOf, textOf } from './entity'
import { keyText } from './keys'
import type { TableClients } from './tableClients'

/**
 * What comes of a tenant's heartbeats, in one row of the table `runs`. It is written when that changes and not with every
 * beat; of several instances the last one stands.
 */
export function createHeartbeatStore(options: {
  clients: Pick<TableClients, 'runs'>
  tenantId: string
}): Pick<Heartbeat, 'record' | 'state'> {
  const table = options.clients.runs
  const keys = { partitionKey: keyText(options.tenantId), rowKey: 'heartbeat' }
  let known: HeartbeatState | undefined

  const state = async (): Promise<HeartbeatState | undefined> => {
    const entity = await table.read(keys.partitionKey, keys.rowKey)
    return entity && { outcome: textOf(entity, 'outcome'), reason: textOf(entity, 'reason'), since: instantOf(entity, 'since') }
  }

  return {
    state,
    record: async ({ outcome, reason }, now) => {
      known ??= await state()
      if (known?.outcome === outcome && known.reason === reason) return
      await table.submit([{ kind: 'put', entity: { ...keys, outcome, reason, since: formatInstant(now) } }])
      known = { outcome, reason, since: now }
    },
  }
}
