import { splitOutsideQuotes } from '../../local/simulatedTenant/splitOutsideQuotes'
import type { EntityValue, StoredEntity } from '../../shared/tables/entity'
import type { SubmitResult, Table, TableAction } from '../../shared/tables/table'
import { checkBatch } from '../../shared/tables/transactions'

/** An entity as it is stored. */
export interface VirtualEntity {
  readonly partitionKey: string
  readonly rowKey: string
  readonly etag: string
  readonly properties: Readonly<Record<string, EntityValue>>
}

/** A table in memory with the semantics of Table Storage: versions, transactions of one partition, all or nothing. */
export interface VirtualTable extends Table {
  /** The entities of a partition, as they are. */
  partition(partitionKey: string): ReadonlyMap<string, VirtualEntity>
  partitionKeys(): string[]
  /** Called after every transaction that was written. */
  afterWrite: (actions: readonly TableAction[]) => void
}

/** Opens an empty table. */
export function openVirtualTable(): VirtualTable {
  const partitions = new Map<string, Map<string, VirtualEntity>>()
  const sorted = new Map<string, string[]>()
  let version = 0

  /** The first action that cannot be carried out. */
  const refusedAt = (actions: readonly TableAction[]): number =>
    actions.findIndex((action) => {
      const stored = partitions.get(action.entity.partitionKey)?.get(action.entity.rowKey)
      if (action.kind === 'create') return stored !== undefined
      if (action.kind === 'replace') return stored?.etag !== action.etag
      return action.kind !== 'put' && stored === undefined
    })

  const apply = (action: TableAction): void => {
    const { partitionKey, rowKey, ...given } = action.entity
    const rows = partitions.get(partitionKey) ?? new Map<string, VirtualEntity>()
    partitions.set(partitionKey, rows)
    const before = rows.get(rowKey)
    if (!before || action.kind === 'delete') sorted.delete(partitionKey)
    if (action.kind === 'delete') {
      rows.delete(rowKey)
      return
    }
    const properties = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    rows.set(rowKey, {
      partitionKey,
      rowKey,
      etag: `W/"${++version}"`,
      properties: action.kind === 'merge' ? { ...before?.properties, ...properties } : properties,
    })
  }

  const rowKeysOf = (partitionKey: string): readonly string[] => {
    const keys = sorted.get(partitionKey) ?? [...(partitions.get(partitionKey)?.keys() ?? [])].sort()
    sorted.set(partitionKey, keys)
    return keys
  }

  const table: VirtualTable = {
    afterWrite: () => undefined,
    partition: (partitionKey) => partitions.get(partitionKey) ?? new Map(),
    partitionKeys: () => [...partitions.keys()],
    read: async (partitionKey, rowKey) => {
      const entity = partitions.get(partitionKey)?.get(rowKey)
      return entity && answered(entity)
    },
    query: async ({ filter, select, most = Number.POSITIVE_INFINITY }) => {
      const { partitionFrom, partitionTo, from, to, toIncluded, matches } = parseFilter(filter)
      const asked =
        partitionFrom === partitionTo
          ? [partitionFrom]
          : [...partitions.keys()].filter((key) => key >= partitionFrom && key <= partitionTo).sort()
      const found: StoredEntity[] = []
      for (const partitionKey of asked) {
        const rows = partitions.get(partitionKey)
        if (!rows) continue
        const keys = rowKeysOf(partitionKey)
        for (let index = firstFrom(keys, from); index < keys.length && found.length < most; index++) {
          const key = keys[index] ?? ''
          if (toIncluded ? key > to : key >= to) break
          const entity = rows.get(key)
          if (entity && matches(entity)) found.push(answered(entity, select))
        }
      }
      return found
    },
    submit: async (actions): Promise<SubmitResult> => {
      checkBatch(actions)
      const index = refusedAt(actions)
      if (index >= 0) return { kind: 'refused', index }
      for (const action of actions) apply(action)
      table.afterWrite(actions)
      const versions = actions.map(({ entity }) => partitions.get(entity.partitionKey)?.get(entity.rowKey)?.etag)
      return { kind: 'written', versions }
    },
  }
  return table
}

/** An entity as it is read; a whole one is the same object for the same version. */
function answered(entity: VirtualEntity, select?: readonly string[]): StoredEntity {
  if (!select) return entity
  const values: Record<string, EntityValue> = {}
  for (const name of select) {
    const value = entity.properties[name]
    if (value !== undefined) values[name] = value
  }
  return { partitionKey: entity.partitionKey, rowKey: entity.rowKey, etag: entity.etag, properties: values }
}

function firstFrom(keys: readonly string[], from: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] ?? '') < from) low = middle + 1
    else high = middle
  }
  return low
}

interface Filter {
  readonly partitionFrom: string
  readonly partitionTo: string
  readonly from: string
  readonly to: string
  readonly toIncluded: boolean
  readonly matches: (entity: VirtualEntity) => boolean
}

/** Reads the filters that the product writes: comparisons joined by `and`, of which one may be a parenthesis of `or`. */
function parseFilter(filter: string): Filter {
  let partitionFrom = ''
  let partitionTo = ''
  let from = ''
  let to = '\uffff'
  let toIncluded = true
  const tests: ((entity: VirtualEntity) => boolean)[] = []
  for (const clause of splitOutsideQuotes(filter, ' and ')) {
    if (clause.startsWith('(')) {
      const any = splitOutsideQuotes(clause.slice(1, -1), ' or ').map(comparison)
      tests.push((entity) => any.some((one) => holds(one, entity)))
      continue
    }
    const one = comparison(clause)
    if (one.property === 'PartitionKey') {
      if (one.operator !== 'le') partitionFrom = String(one.value)
      if (one.operator !== 'ge') partitionTo = String(one.value)
    } else if (one.property === 'RowKey' && one.operator === 'ge') from = String(one.value)
    else if (one.property === 'RowKey' && (one.operator === 'lt' || one.operator === 'le')) {
      to = String(one.value)
      toIncluded = one.operator === 'le'
    } else tests.push((entity) => holds(one, entity))
  }
  if (partitionFrom === '' || partitionTo === '') throw new Error(`The filter ${filter} names no partition: it would read the whole table.`)
  return { partitionFrom, partitionTo, from, to, toIncluded, matches: (entity) => tests.every((test) => test(entity)) }
}

interface Comparison {
  readonly property: string
  readonly operator: string
  readonly value: string | number
}

function comparison(clause: string): Comparison {
  const [, property = '', operator = '', time, text] =
    /^(\w+) (eq|ne|ge|gt|le|lt) (?:datetime'([^']*)'|'((?:[^']|'')*)')$/.exec(clause) ?? []
  if (property === '') throw new Error(`The comparison ${clause} is not one that the virtual table understands.`)
  return { property, operator, value: time === undefined ? (text ?? '').replaceAll("''", "'") : Date.parse(time) }
}

function holds({ property, operator, value }: Comparison, entity: VirtualEntity): boolean {
  const stored = entity.properties[property]
  const own = stored instanceof Date ? stored.getTime() : stored
  if (typeof own !== typeof value || own === undefined) return false
  const order = own < value ? -1 : own > value ? 1 : 0
  if (operator === 'eq') return order === 0
  if (operator === 'ne') return order !== 0
  if (operator === 'ge') return order >= 0
  if (operator === 'gt') return order > 0
  return operator === 'le' ? order <= 0 : order < 0
}
