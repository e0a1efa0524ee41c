import type { BackfillProgress, LastRun, RateBudgetState, RunRow, RunStore } from '../pipelines/ports'
import { formatInstant, type Instant, second } from '../signIns/instant'
import type { StreamProgress } from '../signIns/streamState'
import { joinJson, jsonChunks } from './chunks'
import { type Entity, optionalInstantOf, optionalNumberOf, type StoredEntity, wholeNumber } from './entity'
import { keyText } from './keys'
import type { TableClients } from './tableClients'

/** How often a write is tried again after somebody else wrote between our reading and our writing. */
const triesMax = 3

interface HeldRun {
  readonly row: RunRow
  readonly version: string
}

/**
 * The run of a tenant, in the table `runs`: one row that its holder replaces by version. While one runs, `lastRun` has no
 * end, says when it started, and keeps the result of the run before it (`failed` for one that never ended).
 */
export function createRunStore(options: { clients: Pick<TableClients, 'runs'>; tenantId: string }): RunStore {
  const table = options.clients.runs
  const partitionKey = keyText(options.tenantId)

  /** The row as this process wrote it last; it may have been replaced since, which its version shows when it is written again. */
  let ours: HeldRun | undefined

  const load = async (): Promise<HeldRun | undefined> => {
    const entity = await table.read(partitionKey, runKey)
    return entity && { row: runRow(entity), version: entity.etag }
  }

  const write = async (row: RunRow, replaces: string | undefined): Promise<boolean> => {
    const entity = runEntity(partitionKey, row)
    ours = undefined
    const result = await table.submit([replaces === undefined ? { kind: 'create', entity } : { kind: 'replace', entity, etag: replaces }])
    const version = result.kind === 'written' ? result.versions?.[0] : undefined
    if (version !== undefined) ours = { row, version }
    return result.kind === 'written'
  }

  /** Replaces the row while the owner holds it; undefined when it was lost. */
  const replaceHeld = async (owner: string, change: (row: RunRow) => RunRow): Promise<RunRow | undefined> => {
    for (let tries = 0; tries < triesMax; tries++) {
      const held = ours?.row.owner === owner ? ours : await load()
      if (held?.row.owner !== owner) return undefined
      const next = change(held.row)
      if (await write(next, held.version)) return next
    }
    return undefined
  }

  return {
    take: async (owner, now, leaseSeconds) => {
      const left = ours?.row.owner === undefined ? ours : undefined
      for (let tries = 0; tries < triesMax; tries++) {
        const held = tries === 0 && left ? left : await load()
        if (held && isHeldByAnother(held.row, owner, now)) return undefined
        const taken = takenRow(held?.row, owner, now, leaseSeconds)
        if (await write(taken, held?.version)) return held === left && left ? { ...taken, isContinued: true } : taken
      }
      return undefined
    },
    renew: async (owner, now, leaseSeconds, { budget, clockAhead, progress, backfill }) =>
      (await replaceHeld(owner, (row) => ({ ...row, until: now + leaseSeconds * second, budget, clockAhead, progress, backfill }))) !==
      undefined,
    finish: async (owner, end) => {
      const { lastRun, budget, clockAhead, progress, backfill } = end
      await replaceHeld(owner, () => ({ owner: undefined, until: undefined, budget, lastRun, clockAhead, progress, backfill }))
    },
    read: async () => (await load())?.row,
  }
}

const runKey = 'run'
const noBudget: RateBudgetState = { requestTimes: [], retryAfterUntil: undefined }

const isHeldByAnother = (row: RunRow, owner: string, now: Instant): boolean =>
  row.owner !== undefined && row.owner !== owner && row.until !== undefined && row.until > now

const takenRow = (before: RunRow | undefined, owner: string, now: Instant, leaseSeconds: number): RunRow => ({
  owner,
  until: now + leaseSeconds * second,
  budget: before?.budget ?? noBudget,
  lastRun: runningNow(before?.lastRun, now),
  clockAhead: before?.clockAhead,
  progress: before?.progress ?? [],
  backfill: before?.backfill,
})

function runningNow(before: LastRun | undefined, now: Instant): LastRun {
  if (!before) return { startedAt: now, endedAt: undefined, result: 'partial', detail: 'The first run has not ended yet.' }
  if (before.endedAt === undefined) {
    return { startedAt: now, endedAt: undefined, result: 'failed', detail: `The run of ${formatInstant(before.startedAt)} did not end.` }
  }
  return { startedAt: now, endedAt: undefined, result: before.result, detail: before.detail }
}

const runEntity = (partitionKey: string, row: RunRow): Entity => ({
  partitionKey,
  rowKey: runKey,
  owner: row.owner,
  until: row.until === undefined ? undefined : formatInstant(row.until),
  clockAhead: row.clockAhead === undefined ? undefined : wholeNumber(row.clockAhead),
  ...jsonChunks('lastRun', row.lastRun ?? null),
  ...jsonChunks('budget', row.budget),
  ...jsonChunks('progress', row.progress),
  ...jsonChunks('backfill', row.backfill ?? null),
})

function runRow(entity: StoredEntity): RunRow {
  const owner = entity.properties['owner']
  return {
    owner: typeof owner === 'string' ? owner : undefined,
    until: optionalInstantOf(entity, 'until'),
    budget: joinJson<RateBudgetState>(entity, 'budget'),
    lastRun: joinJson<LastRun | null>(entity, 'lastRun') ?? undefined,
    clockAhead: optionalNumberOf(entity, 'clockAhead'),
    progress: joinJson<StreamProgress[]>(entity, 'progress'),
    backfill: joinJson<BackfillProgress | null>(entity, 'backfill') ?? undefined,
  }
}
