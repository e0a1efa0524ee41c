import { MonitorError } from '../runtime/errors'
import type { TableClients } from './tableClients'

/** Which forms of the stored rows a release knows. */
export interface SchemaSupport {
  /** The form that the release writes. */
  readonly version: number
  /** The oldest form that it reads. */
  readonly readsFrom: number
  /** The oldest form whose release may work on what this one writes. */
  readonly readableFrom: number
  readonly migrations: readonly Migration[]
}

/** Brings the stored rows of a tenant from the form before `to` to that form. Repeating it changes nothing. */
export interface Migration {
  readonly to: number
  readonly apply: (tables: TableClients, tenantId: string) => Promise<void>
}

/** The form that a tenant's rows were last written in, as its row says it. */
export interface StoredSchema {
  readonly version: number
  readonly readableFrom: number
}

/**
 * What this release knows. Form 1 had counts and facets as JSON text; form 2 has shorter text and bytes. Rows of form 1 are read
 * as they are and take form 2 when they are next replaced, so no migration rewrites them.
 */
export const schemaSupport: SchemaSupport = { version: 2, readsFrom: 1, readableFrom: 2, migrations: [] }

/** What is to be done before the rows of a tenant may be written: nothing, or some migrations and a new schema row. */
export type SchemaStep =
  | { readonly kind: 'ready' }
  | { readonly kind: 'adopt'; readonly migrations: readonly Migration[]; readonly schema: StoredSchema }

/**
 * Decides whether a release may work on stored rows. Rows without a schema are of form 1, or there are none. Throws
 * `schema-newer` where the release that wrote them said that this one cannot read them, and `schema-older` where they are
 * older than anything that this one reads. An earlier release that may go on says so by its own form in the schema row, so
 * that the migrations run once more when the later one is back.
 */
export function schemaStep(stored: StoredSchema | undefined, own: SchemaSupport): SchemaStep {
  const { version, readableFrom } = stored ?? { version: 1, readableFrom: 1 }
  if (readableFrom > own.version) {
    throw new MonitorError(
      'schema-newer',
      `The tables hold rows of form ${version}, which takes a release of form ${readableFrom} or later; this one is of form ${own.version}. Nothing was read or written. Deploy the later release again; what was not read meanwhile is read from Graph then.`,
    )
  }
  if (version < own.readsFrom) {
    throw new MonitorError(
      'schema-older',
      `The tables hold rows of form ${version}, and this release reads form ${own.readsFrom} and later. Nothing was read or written. Deploy a release between the two first, or name an empty storage account in TABLES_ENDPOINT.`,
    )
  }
  if (stored !== undefined && version === own.version) return { kind: 'ready' }
  const migrations = own.migrations.filter(({ to }) => to > version && to <= own.version).sort((one, other) => one.to - other.to)
  return { kind: 'adopt', migrations, schema: { version: own.version, readableFrom: Math.max(own.readableFrom, readableFrom) } }
}
