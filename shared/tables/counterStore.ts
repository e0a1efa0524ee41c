import { joinJson, jsonChunks } from './chunks'
import { keyText } from './keys'
import type { TableClients } from './tableClients'

type Counters = Readonly<Record<string, number>>

const triesMax = 3
/** Keys that are kept; the labels of the metrics come to far fewer. */
const keysMax = 2_000

/**
 * Counts of what happened to a tenant's monitor, in one row of the table `runs` that is replaced by version: several
 * instances may add to it. One that writes again and again does not read in between.
 */
export function createCounterStore(options: { clients: Pick<TableClients, 'runs'>; tenantId: string }): {
  read(): Promise<Counters>
  add(counters: Counters): Promise<boolean>
} {
  const table = options.clients.runs
  const keys = { partitionKey: keyText(options.tenantId), rowKey: 'counters' }
  /** The row as this process wrote it last; its version shows whether it was replaced since. */
  let ours: { readonly counters: Counters; readonly version: string } | undefined

  const load = async (): Promise<{ counters: Counters; version: string | undefined }> => {
    const entity = await table.read(keys.partitionKey, keys.rowKey)
    return { counters: entity ? joinJson<Counters>(entity, 'counters') : {}, version: entity?.etag }
  }

  return {
    read: async () => (await load()).counters,
    add: async (counters) => {
      for (let tries = 0; tries < triesMax; tries++) {
        const held = ours ?? (await load())
        ours = undefined
        const sum = sumOf(held.counters, counters)
        const entity = { ...keys, ...jsonChunks('counters', sum) }
        const result = await table.submit([
          held.version === undefined ? { kind: 'create', entity } : { kind: 'replace', entity, etag: held.version },
        ])
        if (result.kind === 'refused') continue
        const version = result.versions?.[0]
        if (version !== undefined) ours = { counters: sum, version }
        return true
      }
      return false
    },
  }
}

/** Both counts; where there are too many keys, the ones that are not stored yet are left out. */
function sumOf(stored: Counters, added: Counters): Counters {
  const sum: Record<string, number> = { ...stored }
  let room = keysMax - Object.keys(stored).length
  for (const [key, count] of Object.entries(added)) {
    if (sum[key] === undefined && room-- <= 0) continue
    sum[key] = (sum[key] ?? 0) + count
  }
  return sum
}
