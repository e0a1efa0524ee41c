import { MonitorError } from '../runtime/errors'
import type { Entity, EntityValue } from './entity'

/**
 * The limits of Table Storage. They are checked here because the emulator does not hold all of them.
 * @see https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 * @see https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export const entityLimits = {
  entityBytes: 1024 * 1024,
  propertyBytes: 64 * 1024,
  /** Beside the two keys and the time stamp. */
  properties: 252,
  propertyNameCharacters: 255,
  keyBytes: 1024,
  batchOperations: 100,
  batchBytes: 4 * 1024 * 1024,
} as const

const keyPattern = /^[^/\\#?\p{Cc}\p{Cs}\p{Co}]*$/u
const propertyNamePattern = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*$/u
const systemProperties: readonly string[] = ['partitionKey', 'rowKey', 'PartitionKey', 'RowKey', 'Timestamp', 'timestamp', 'etag']

/**
 * Throws `entity-too-large` or `entity-invalid` for an entity that Table Storage would refuse, naming the property and
 * its size; answers the size in bytes of one that it takes.
 */
export function checkEntity(entity: Entity): number {
  checkKey('partition key', entity.partitionKey)
  checkKey('row key', entity.rowKey)
  const names = propertyNames(entity)
  if (names.length > entityLimits.properties) {
    throw new MonitorError(
      'entity-too-large',
      `The entity ${entity.rowKey} has ${names.length} properties; at most ${entityLimits.properties} are stored.`,
    )
  }
  for (const name of names) checkProperty(entity, name)
  const bytes = entitySize(entity)
  if (bytes > entityLimits.entityBytes) {
    const largest = names.reduce((a, b) => (valueSize(entity[b]) > valueSize(entity[a]) ? b : a))
    throw new MonitorError(
      'entity-too-large',
      `The entity ${entity.rowKey} has ${bytes} bytes; at most ${entityLimits.entityBytes} are stored. Its largest property is ${largest} with ${valueSize(entity[largest])} bytes.`,
    )
  }
  return bytes
}

/**
 * What an entity counts towards the limit: 4 bytes, its keys, and of every property 8 bytes, its name and its value;
 * text has two bytes a character.
 * @see https://learn.microsoft.com/archive/blogs/avkashchauhan/how-the-size-of-an-entity-is-caclulated-in-windows-azure-table-storage
 */
export function entitySize(entity: Entity): number {
  const keys = 2 * (entity.partitionKey.length + entity.rowKey.length)
  const properties = propertyNames(entity).reduce((bytes, name) => bytes + propertySize(name, entity[name]), 0)
  return 4 + keys + properties
}

/** What one property counts towards the limit of its entity. */
export const propertySize = (name: string, value: EntityValue): number => 8 + 2 * name.length + valueSize(value)

const propertyNames = (entity: Entity): string[] =>
  Object.keys(entity).filter((name) => name !== 'partitionKey' && name !== 'rowKey' && entity[name] !== undefined)

function valueSize(value: EntityValue): number {
  if (typeof value === 'string') return 2 * value.length + 4
  if (value instanceof Uint8Array) return value.byteLength + 4
  if (typeof value === 'boolean') return 1
  if (typeof value === 'number') return Number.isInteger(value) ? 4 : 8
  return 8
}

function checkKey(which: string, key: string): void {
  if (2 * key.length > entityLimits.keyBytes) {
    throw new MonitorError('entity-too-large', `A ${which} has ${2 * key.length} bytes; at most ${entityLimits.keyBytes} are stored.`)
  }
  if (!keyPattern.test(key)) {
    throw new MonitorError(
      'entity-invalid',
      `The ${which} ${JSON.stringify(key)} holds a character that no key can hold: / \\ # ? or a control character.`,
    )
  }
}

function checkProperty(entity: Entity, name: string): void {
  if (systemProperties.includes(name) || name.length > entityLimits.propertyNameCharacters || !propertyNamePattern.test(name)) {
    throw new MonitorError(
      'entity-invalid',
      `The entity ${entity.rowKey} has a property ${JSON.stringify(name.slice(0, entityLimits.propertyNameCharacters))}; a name is a letter or _ followed by letters, digits and _, not one of the service's own, and has at most ${entityLimits.propertyNameCharacters} characters.`,
    )
  }
  const value = entity[name]
  const bytes = typeof value === 'string' ? 2 * value.length : value instanceof Uint8Array ? value.byteLength : 0
  if (bytes > entityLimits.propertyBytes) {
    throw new MonitorError(
      'entity-too-large',
      `The property ${name} of the entity ${entity.rowKey} has ${bytes} bytes; at most ${entityLimits.propertyBytes} are stored.`,
    )
  }
  const storable =
    typeof value === 'number'
      ? Number.isFinite(value) && (!Number.isInteger(value) || Math.abs(value) <= 0x7fff_ffff)
      : value instanceof Date
        ? !Number.isNaN(value.getTime())
        : true
  if (!storable) {
    throw new MonitorError(
      'entity-invalid',
      `The property ${name} of the entity ${entity.rowKey} is ${String(value)}; a number is finite and a larger whole one than 32 bits hold is a bigint, a time is a valid one.`,
    )
  }
}
