import type { BucketKey, BucketRow, BucketWrite } from '../../shared/aggregates/bucketRow'
import type { BucketQuery, BucketStore, StoredFacets } from '../../shared/pipelines/ports'
import type { Grain } from '../../shared/signIns/buckets'
import { formatInstant } from '../../shared/signIns/instant'
import { bucketRow } from '../../shared/tables/bucketEntity'
import { createBucketStore } from '../../shared/tables/bucketStore'
import type { Entity, StoredEntity } from '../../shared/tables/entity'
import { bucketPartition, bucketPartitions, bucketRowKey, quoted } from '../../shared/tables/keys'
import type { Table, TableAction } from '../../shared/tables/table'
import { writeAll } from '../../shared/tables/transactions'

/** As many refusals as the product takes before it reads again what it wanted to write. */
const commitRefusalsMax = 3

/** How buckets stand in a virtual table. */
export interface BucketForm {
  storeOn(table: Table): BucketStore
  /** What a stored entity says. */
  rowOf(entity: StoredEntity, grain: Grain): BucketRow
}

/** As the product stores them: every write is encoded and compressed, every reading decoded. */
export function encodedForm(tenantId: string): BucketForm {
  const decoded = new Map<string, BucketRow>()
  return {
    storeOn: (table) => createBucketStore({ clients: { buckets: table }, tenantId }),
    rowOf: (entity, grain) => remembered(decoded, entity.etag, () => bucketRow(entity, grain)),
  }
}

/**
 * As they are, behind a handle: the same rows, versions and transactions without the encoding, which is most of the time
 * that a simulation takes.
 */
export function plainForm(tenantId: string): BucketForm {
  const contents = new Map<string, BucketWrite>()
  const rows = new Map<string, BucketRow>()

  const contentOf = ({ properties }: StoredEntity): BucketWrite => {
    const content = contents.get(String(properties['content']))
    if (!content) throw new Error('A stored bucket has no content.')
    return content
  }

  const rowOf = (entity: StoredEntity): BucketRow =>
    remembered(rows, entity.etag, () => {
      const { stream, grain, start, ledger, aggregate } = contentOf(entity)
      const { shrunkTo, due } = entity.properties
      const children = ledger.children && { ...ledger.children, due: due === true }
      return {
        stream,
        grain,
        start,
        ledger: { ...ledger, children, shrunkTo: typeof shrunkTo === 'number' ? shrunkTo : undefined },
        counts: aggregate.counts,
        version: entity.etag,
      }
    })

  const keysOf = (key: BucketKey): Entity => ({ partitionKey: bucketPartition(tenantId, key), rowKey: bucketRowKey(key) })

  const writeOf = (write: BucketWrite): TableAction & { readonly key: BucketKey } => {
    const handle = `content-${contents.size}`
    contents.set(handle, write)
    const entity = { ...keysOf(write), content: handle, ...(write.ledger.children ? { due: false } : {}) }
    return write.replaces === undefined
      ? { kind: 'create', entity, key: write }
      : { kind: 'replace', entity, etag: write.replaces, key: write }
  }

  return {
    rowOf,
    storeOn: (table) => {
      const query = async ({ grain, from, to, streams }: BucketQuery): Promise<StoredEntity[]> => {
        const keys = `RowKey ge ${quoted(formatInstant(from))} and RowKey lt ${quoted(formatInstant(to))}`
        const filters = bucketPartitions(tenantId, grain, { from, to }).map(
          (partition) => `PartitionKey eq ${quoted(partition)} and ${keys}`,
        )
        const found = await Promise.all(filters.map((filter) => table.query({ filter })))
        return found.flat().filter(({ rowKey }) => streams.some((stream) => rowKey.endsWith(stream)))
      }
      const change = async (keys: readonly BucketKey[], actionOf: (keys: Entity) => TableAction): Promise<void> => {
        const actions = new Map<string, Map<string, TableAction>>()
        for (const key of keys) {
          const action = actionOf(keysOf(key))
          const { partitionKey, rowKey } = action.entity
          actions.set(partitionKey, (actions.get(partitionKey) ?? new Map<string, TableAction>()).set(rowKey, action))
        }
        for (const [partitionKey, byRow] of actions) {
          const rowKeys = [...byRow.keys()].sort()
          const range = `RowKey ge ${quoted(rowKeys[0] ?? '')} and RowKey le ${quoted(rowKeys.at(-1) ?? '')}`
          const found = await table.query({ filter: `PartitionKey eq ${quoted(partitionKey)} and ${range}`, select: [] })
          await writeAll(
            table,
            found.flatMap(({ rowKey }) => byRow.get(rowKey) ?? []),
          )
        }
      }
      return {
        rows: async (asked) => (await query(asked)).map(rowOf),
        facets: async (asked) =>
          (await query(asked)).map((entity): StoredFacets => {
            const { stream, grain, start, aggregate } = contentOf(entity)
            const { facets } = aggregate
            return { stream, grain, start, facets, due: entity.properties['due'] === true, addTo: (sum) => sum.add(facets) }
          }),
        commit: async (writes) => {
          const actions = writes.map(writeOf)
          const versions = new Map<TableAction, string>()
          const refused = await writeAll(table, actions, { refusalsMax: commitRefusalsMax, versions })
          return {
            committed: actions.filter((action) => !refused.has(action)).map((action) => ({ ...action.key, version: versions.get(action) })),
            conflicts: actions.filter((action) => refused.has(action)).map(({ key }) => key),
          }
        },
        markDue: async (keys, known = []) => {
          const due = (entity: Entity): TableAction => ({ kind: 'merge', entity: { ...entity, due: true } })
          await writeAll(
            table,
            known.map((key) => due(keysOf(key))),
          )
          await change(keys, due)
        },
        noteShrunk: (key, shrunkTo) => change([key], (entity) => ({ kind: 'merge', entity: { ...entity, shrunkTo } })),
        remove: (keys) => change(keys, (entity) => ({ kind: 'delete', entity })),
      }
    },
  }
}

/** A virtual table gives every version out once, so that its ETag names what it says. */
function remembered(memory: Map<string, BucketRow>, etag: string, make: () => BucketRow): BucketRow {
  const known = memory.get(etag)
  if (known) return known
  const row = make()
  memory.set(etag, row)
  return row
}
