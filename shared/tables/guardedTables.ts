import { MonitorError } from '../runtime/errors'
import { minute } from '../signIns/instant'
import { numberOf, type StoredEntity, wholeNumber } from './entity'
import { keyText } from './keys'
import { type SchemaSupport, type StoredSchema, schemaStep, schemaSupport } from './schema'
import type { Table } from './table'
import type { TableClients } from './tableClients'

/** How long an answer of the schema row stands; another release may take over while this one still runs. */
const trustedFor = 15 * minute
/** How often the schema row is written again after somebody else wrote it first. */
const triesMax = 3

/**
 * The same tables, guarded by the schema row of a tenant: nothing is read of rows that this release cannot read, and
 * before the first write the migrations are run and the row says which form is written. Costs one read a process and
 * quarter of an hour. Every call throws `schema-newer` or `schema-older` while the release does not fit.
 */
export function guardTables(
  clients: TableClients,
  options: { readonly tenantId: string; readonly clock: () => number; readonly support?: SchemaSupport },
): TableClients {
  const { tenantId, clock, support = schemaSupport } = options
  const partitionKey = keyText(tenantId)
  let looked: { readonly at: number; readonly fits: Promise<void> } | undefined
  let adopted: { readonly at: number; readonly done: Promise<void> } | undefined

  const load = async (): Promise<{ entity: StoredEntity | undefined; step: ReturnType<typeof schemaStep> }> => {
    const entity = await clients.runs.read(partitionKey, schemaKey)
    return { entity, step: schemaStep(entity && storedSchema(entity), support) }
  }

  /** Rows may be read: their form is known. */
  const mayRead = (): Promise<void> => {
    if (!looked || clock() - looked.at > trustedFor) looked = { at: clock(), fits: load().then(() => undefined) }
    const { fits } = looked
    return fits.catch((error: unknown) => {
      if (looked?.fits === fits) looked = undefined
      throw error
    })
  }

  /** Rows may be written: the schema row says the form that this release writes. */
  const mayWrite = (): Promise<void> => {
    if (!adopted || clock() - adopted.at > trustedFor) adopted = { at: clock(), done: adopt() }
    const { done } = adopted
    return done.catch((error: unknown) => {
      if (adopted?.done === done) adopted = undefined
      throw error
    })
  }

  const adopt = async (): Promise<void> => {
    for (let tries = 0; tries < triesMax; tries++) {
      const { entity, step } = await load()
      if (step.kind === 'ready') return
      for (const migration of step.migrations) await migration.apply(clients, tenantId)
      const { version, readableFrom } = step.schema
      const row = { partitionKey, rowKey: schemaKey, version: wholeNumber(version), readableFrom: wholeNumber(readableFrom) }
      const result = await clients.runs.submit([
        entity === undefined ? { kind: 'create', entity: row } : { kind: 'replace', entity: row, etag: entity.etag },
      ])
      if (result.kind === 'written') return
    }
    throw new MonitorError('table-conflict', 'Others kept writing the schema of the tables first; the next attempt looks again.')
  }

  const guard = (table: Table): Table => ({
    read: async (...key) => {
      await mayRead()
      return table.read(...key)
    },
    query: async (query) => {
      await mayRead()
      return table.query(query)
    },
    submit: async (actions) => {
      await mayWrite()
      return table.submit(actions)
    },
  })
  return { buckets: guard(clients.buckets), runs: guard(clients.runs), alerts: guard(clients.alerts) }
}

const schemaKey = 'schema'

const storedSchema = (entity: StoredEntity): StoredSchema => ({
  version: numberOf(entity, 'version'),
  readableFrom: numberOf(entity, 'readableFrom'),
})
