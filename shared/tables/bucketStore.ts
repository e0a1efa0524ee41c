import { facetKeysMax } from '../aggregates/aggregate'
import type { BucketKey, BucketWrite } from '../aggregates/bucketRow'
import type { BucketQuery, BucketStore, Log } from '../pipelines/ports'
import { formatInstant } from '../signIns/instant'
import { streamIds } from '../signIns/streams'
import { bucketEntity, bucketRow, facetsProperties, rowProperties, storedFacets } from './bucketEntity'
import { type Entity, type StoredEntity, sortableSecond, wholeNumber } from './entity'
import { bucketPartition, bucketPartitions, bucketRowKey, keyText, quoted } from './keys'
import type { Table, TableAction } from './table'
import type { TableClients } from './tableClients'
import { writeAll } from './transactions'

/** Partitions that are read side by side. */
const partitionsAtOnce = 4
/** A commit that is refused more often was most likely written before; its rows are read again anyway. */
const commitRefusalsMax = 3
/** More partitions than these are looked for before they are read. */
const partitionsAskedBlindly = 12

/**
 * Buckets in the table `buckets`: one partition for a tenant, a grain and a period, one row for a start and a stream.
 * `log` hears when a bucket was so large that its breakdowns kept fewer keys than usual.
 */
export function createBucketStore(options: {
  clients: Pick<TableClients, 'buckets'>
  tenantId: string
  log?: Log | undefined
}): BucketStore {
  const { log } = options
  const tenantId = keyText(options.tenantId)
  const table = options.clients.buckets
  const change = async (keys: readonly BucketKey[], action: (keys: Entity) => TableAction): Promise<void> => {
    const actions = keys.map((key) => action(bucketKeys(tenantId, key)))
    await writeAll(table, await existing(table, actions))
  }
  return {
    rows: async (query) => (await readRange(table, tenantId, query, rowProperties)).map((entity) => bucketRow(entity, query.grain)),
    facets: async (query) => (await readRange(table, tenantId, query, facetsProperties)).map((entity) => storedFacets(entity, query.grain)),
    commit: async (writes) => {
      const actions = writes.map((write) => commitAction(tenantId, write, log))
      const versions = new Map<CommitAction, string>()
      const refused = await writeAll(table, actions, { refusalsMax: commitRefusalsMax, versions })
      return {
        committed: actions.filter((action) => !refused.has(action)).map((action) => ({ ...action.key, version: versions.get(action) })),
        conflicts: actions.filter((action) => refused.has(action)).map((action) => action.key),
      }
    },
    markDue: async (keys, known = []) => {
      const due = (entity: Entity): TableAction => ({ kind: 'merge', entity: { ...entity, due: true } })
      // What is known to be there is written without a look at it; where it has gone since, it is refused and that is fine.
      await writeAll(
        table,
        known.map((key) => due(bucketKeys(tenantId, key))),
      )
      await change(keys, due)
    },
    noteShrunk: (key, shrunkTo) => change([key], (entity) => ({ kind: 'merge', entity: { ...entity, shrunkTo: wholeNumber(shrunkTo) } })),
    remove: (keys) => change(keys, (entity) => ({ kind: 'delete', entity })),
  }
}

type CommitAction = TableAction & { readonly key: BucketKey }

function commitAction(tenantId: string, write: BucketWrite, log: Log | undefined): CommitAction {
  const { entity, facetKeysKept } = bucketEntity(tenantId, write)
  if (facetKeysKept < facetKeysMax) {
    log?.('warn', 'The breakdowns of a bucket were cut to fit one table row.', {
      stream: write.stream,
      grain: write.grain,
      start: formatInstant(write.start),
      keysKept: facetKeysKept,
    })
  }
  const key: BucketKey = { stream: write.stream, grain: write.grain, start: write.start }
  return write.replaces === undefined ? { kind: 'create', entity, key } : { kind: 'replace', entity, etag: write.replaces, key }
}

const bucketKeys = (tenantId: string, key: BucketKey): Entity => ({
  partitionKey: bucketPartition(tenantId, key),
  rowKey: bucketRowKey(key),
})

/** The actions whose rows are there: one look at each partition is cheaper than a failed transaction for every row that is not. */
async function existing(table: Table, actions: readonly TableAction[]): Promise<TableAction[]> {
  const byPartition = new Map<string, Map<string, TableAction>>()
  for (const action of actions) {
    const { partitionKey, rowKey } = action.entity
    const sharing = byPartition.get(partitionKey) ?? new Map<string, TableAction>()
    byPartition.set(partitionKey, sharing.set(rowKey, action))
  }
  const found: TableAction[] = []
  for (const [partitionKey, sharing] of byPartition) {
    const rowKeys = [...sharing.keys()].sort()
    const filter = `PartitionKey eq ${quoted(partitionKey)} and RowKey ge ${quoted(rowKeys[0] ?? '')} and RowKey le ${quoted(rowKeys.at(-1) ?? '')}`
    for (const { rowKey } of await table.query({ filter, select: [] })) {
      const action = sharing.get(rowKey)
      if (action) found.push(action)
    }
  }
  return found
}

async function readRange(table: Table, tenantId: string, query: BucketQuery, select: readonly string[]): Promise<StoredEntity[]> {
  if (query.streams.length === 0) return []
  const partitions = await filledPartitions(table, bucketPartitions(tenantId, query.grain, query))
  const filters = partitions.map((partition) => rangeFilter(partition, query))
  const found: StoredEntity[] = []
  for (let next = 0; next < filters.length; next += partitionsAtOnce) {
    const sideBySide = filters.slice(next, next + partitionsAtOnce).map((filter) => table.query({ filter, select }))
    for (const entities of await Promise.all(sideBySide)) found.push(...entities)
  }
  return found
}

/** Of many partitions the ones that hold anything, found by hopping from one to the next: a long empty stretch costs one look. */
async function filledPartitions(table: Table, partitions: readonly string[]): Promise<readonly string[]> {
  if (partitions.length <= partitionsAskedBlindly) return partitions
  const filled: string[] = []
  const last = partitions.at(-1) ?? ''
  for (let from = partitions[0]; from !== undefined; ) {
    const [next] = await table.query({ filter: `PartitionKey ge ${quoted(from)} and PartitionKey le ${quoted(last)}`, select: [], most: 1 })
    if (!next) break
    filled.push(next.partitionKey)
    from = partitions[partitions.indexOf(next.partitionKey) + 1]
  }
  return filled
}

/** A row key begins with its start and goes on, so it sorts after the bare text of that start and before that of the next second. */
function rangeFilter(partition: string, { from, to, streams }: BucketQuery): string {
  const range = `PartitionKey eq ${quoted(partition)} and RowKey ge ${quoted(sortableSecond(from))} and RowKey lt ${quoted(sortableSecond(to))}`
  if (streamIds.every((id) => streams.includes(id))) return range
  return `${range} and (${streams.map((stream) => `stream eq ${quoted(stream)}`).join(' or ')})`
}
