import { MonitorError } from '../runtime/errors'
import type { EntityValue } from './entity'
import { checkEntity, entityLimits } from './entityLimits'
import type { SubmitResult, Table, TableAction } from './table'

/** What one operation needs beside its properties: the part's header, its URL with both keys and the version. */
const operationOverheadBytes = 1_024
const keyExpansion = 3
const batchOverheadBytes = 4_096
const shortText = 128

/** How {@link writeAll} goes about refusals, and where it notes what it learns. */
interface WriteOptions<Action extends TableAction> {
  /**
   * After so many refusals the rest of a batch counts as refused without being tried: a batch that was written before, and
   * whose answer was lost, would be refused row by row. For whoever reads the refused rows again; never, where it is left out.
   */
  readonly refusalsMax?: number
  /** Learns the ETags that the written rows have now, as far as the service says them. */
  readonly versions?: Map<Action, string>
}

/**
 * Writes what can be written, in transactions of one partition within the limits of Table Storage, and answers the
 * actions that were refused because their row was gone, changed or already there. A refused action never stops another one.
 */
export async function writeAll<Action extends TableAction>(
  table: Table,
  actions: readonly Action[],
  { refusalsMax = Number.POSITIVE_INFINITY, versions }: WriteOptions<Action> = {},
): Promise<ReadonlySet<Action>> {
  const refused = new Set<Action>()
  const submit = async (waiting: readonly Action[]): Promise<SubmitResult> => {
    const result = await table.submit(waiting)
    if (result.kind === 'written') {
      for (const [index, action] of waiting.entries()) {
        const version = result.versions?.[index]
        if (version !== undefined) versions?.set(action, version)
      }
    }
    return result
  }
  for (const batch of splitIntoBatches(actions)) {
    let waiting: readonly Action[] = batch
    for (let refusals = 1; waiting.length > 0; refusals++) {
      const result = await submit(waiting)
      if (result.kind === 'written') break
      const culprit = waiting.length === 1 ? waiting[0] : result.index === undefined ? undefined : waiting[result.index]
      if (refusals >= refusalsMax) {
        for (const action of waiting) refused.add(action)
        break
      }
      if (culprit === undefined) {
        for (const action of waiting) if ((await submit([action])).kind === 'refused') refused.add(action)
        break
      }
      refused.add(culprit)
      waiting = waiting.filter((action) => action !== culprit)
    }
  }
  return refused
}

/** The actions in batches that one transaction takes: one partition, at most 100 operations, less than 4 MiB; the order of a partition stays. */
export function splitIntoBatches<Action extends TableAction>(actions: readonly Action[]): Action[][] {
  const batches: Action[][] = []
  const open = new Map<string, { actions: Action[]; bytes: number }>()
  for (const action of actions) {
    const bytes = actionBytes(action)
    const batch = open.get(action.entity.partitionKey)
    if (batch && batch.actions.length < entityLimits.batchOperations && batch.bytes + bytes <= entityLimits.batchBytes) {
      batch.actions.push(action)
      batch.bytes += bytes
      continue
    }
    const next = { actions: [action], bytes: batchOverheadBytes + bytes }
    open.set(action.entity.partitionKey, next)
    batches.push(next.actions)
  }
  return batches
}

/** Throws `entity-too-large` or `entity-invalid` for a batch that Table Storage would refuse whatever its rows are. */
export function checkBatch(actions: readonly TableAction[]): void {
  const [first] = actions
  if (!first) throw new MonitorError('entity-invalid', 'A transaction has at least one operation.')
  if (actions.length > entityLimits.batchOperations) {
    throw new MonitorError(
      'entity-too-large',
      `A transaction has ${actions.length} operations; at most ${entityLimits.batchOperations} are taken.`,
    )
  }
  const rowKeys = new Set<string>()
  let bytes = batchOverheadBytes
  for (const action of actions) {
    checkEntity(action.entity)
    const { partitionKey, rowKey } = action.entity
    if (partitionKey !== first.entity.partitionKey) {
      throw new MonitorError(
        'entity-invalid',
        `A transaction names the partitions ${first.entity.partitionKey} and ${partitionKey}; it takes one.`,
      )
    }
    if (rowKeys.has(rowKey)) throw new MonitorError('entity-invalid', `A transaction names the row ${rowKey} twice; it takes a row once.`)
    rowKeys.add(rowKey)
    bytes += actionBytes(action)
  }
  if (bytes > entityLimits.batchBytes) {
    throw new MonitorError('entity-too-large', `A transaction has ${bytes} bytes; at most ${entityLimits.batchBytes} are taken.`)
  }
}

/** What an action takes on the wire at most: properties as JSON, binary in base 64. */
function actionBytes({ entity }: TableAction): number {
  let bytes = operationOverheadBytes + keyExpansion * 2 * (entity.partitionKey.length + entity.rowKey.length)
  for (const [name, value] of Object.entries(entity)) bytes += wireBytes(value) + 2 * name.length + 40
  return bytes
}

function wireBytes(value: EntityValue): number {
  // A short text is not worth being looked at: no character takes more than six bytes.
  if (typeof value === 'string') return value.length <= shortText ? 6 * value.length + 2 : Buffer.byteLength(JSON.stringify(value))
  if (value instanceof Uint8Array) return 4 * Math.ceil(value.byteLength / 3) + 2
  return 32
}
