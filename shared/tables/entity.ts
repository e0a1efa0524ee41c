import { MonitorError } from '../runtime/errors'
import { formatInstant, type Instant, parseInstant } from '../signIns/instant'

/** What a property can hold. A `bigint` is stored as Int64, a `Date` as DateTime, bytes as Binary. */
export type EntityValue = string | number | bigint | boolean | Uint8Array | Date | undefined

/** One entity as it is written: two keys and its properties. A property that is `undefined` is left out. */
export interface Entity {
  readonly partitionKey: string
  readonly rowKey: string
  readonly [property: string]: EntityValue
}

/** One entity as it was read. */
export interface StoredEntity {
  readonly partitionKey: string
  readonly rowKey: string
  /** The version that a replacement has to name. */
  readonly etag: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** A whole number in the smallest type that holds it. */
export const wholeNumber = (value: number): number | bigint => (Math.abs(value) <= 0x7fff_ffff ? value : BigInt(value))

/** A text property; throws `entity-invalid` where there is none. */
export function textOf(entity: StoredEntity, property: string): string {
  const value = entity.properties[property]
  if (typeof value !== 'string') throw unreadable(entity, property, 'text')
  return value
}

/** A number that {@link wholeNumber} wrote; throws `entity-invalid` where there is none. */
export function numberOf(entity: StoredEntity, property: string): number {
  const value = optionalNumberOf(entity, property)
  if (value === undefined) throw unreadable(entity, property, 'a number')
  return value
}

/** As {@link numberOf}, and undefined where the property is not there. */
export function optionalNumberOf(entity: StoredEntity, property: string): number | undefined {
  const value = entity.properties[property]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  throw unreadable(entity, property, 'a number')
}

/** A moment written with `formatInstant`; undefined where the property is not there. */
export function optionalInstantOf(entity: StoredEntity, property: string): Instant | undefined {
  const value = entity.properties[property]
  if (value === undefined || value === null) return undefined
  const at = typeof value === 'string' ? parseInstant(value) : undefined
  if (at === undefined) throw unreadable(entity, property, 'a time')
  return at
}

/** As {@link optionalInstantOf}; throws `entity-invalid` where there is none. */
export function instantOf(entity: StoredEntity, property: string): Instant {
  const at = optionalInstantOf(entity, property)
  if (at === undefined) throw unreadable(entity, property, 'a time')
  return at
}

/** The time as text that sorts by time among whole seconds: the next whole second for one that has a fraction. */
export const sortableSecond = (at: Instant): string => formatInstant(Math.ceil(at / 1_000) * 1_000)

/** The error of a stored property that cannot be read; it names the place and not the content. */
export const unreadable = (entity: StoredEntity, property: string, expected: string, cause?: unknown): MonitorError =>
  new MonitorError('entity-invalid', `The stored row ${entity.rowKey} has no readable property ${property}; ${expected} is expected.`, {
    cause,
  })
