import type { Entity, StoredEntity } from './entity'

/** One table. Every call throws `table-unavailable` when the table cannot be used now. */
export interface Table {
  /** One entity; undefined where there is none. */
  read(partitionKey: string, rowKey: string): Promise<StoredEntity | undefined>
  /** The entities of a filter in the order of their keys, over as many pages as there are; at most `most` where it is given. */
  query(query: TableQuery): Promise<StoredEntity[]>
  /**
   * Writes all or nothing: the actions share a partition and keep the limits of a batch, or `entity-too-large` and
   * `entity-invalid` are thrown. A table that is missing is created.
   */
  submit(actions: readonly TableAction[]): Promise<SubmitResult>
}

export interface TableQuery {
  readonly filter: string
  /** The properties to read; all where it is left out. The keys and the version always come. */
  readonly select?: readonly string[]
  readonly most?: number
}

/**
 * `written`: `versions` are the ETags that the rows have now, in the order of the actions, where the service said them.
 * `refused`: a row was gone, changed or already there, and nothing was written; `index` is its place among the actions,
 * undefined where the service did not say.
 */
export type SubmitResult =
  | { readonly kind: 'written'; readonly versions?: readonly (string | undefined)[] }
  | { readonly kind: 'refused'; readonly index: number | undefined }

/**
 * One write. `create` fails where the row exists, `replace` where its version moved on, `merge` and `delete` where it is
 * missing; `put` never fails on the row.
 */
export type TableAction =
  | { readonly kind: 'create' | 'merge' | 'put' | 'delete'; readonly entity: Entity }
  | { readonly kind: 'replace'; readonly entity: Entity; readonly etag: string }
