import { type StoredEntity, unreadable } from './entity'

/** A property holds less than 64 KiB, and text has two bytes a character. */
const chunkCharacters = 32_000
const chunkBytes = 64_000

/** The names of the properties that hold one long value: `facets0`, `facets1`, … */
export const chunkNames = (property: string, most: number): string[] => Array.from({ length: most }, (_, index) => `${property}${index}`)

/** How many properties a binary value of this length takes. */
export const byteChunksOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / chunkBytes))

/** Long text as properties that are small enough; a character of two code units is never torn apart. */
export function textChunks(property: string, text: string): Readonly<Record<string, string>> {
  const chunks: Record<string, string> = {}
  for (let from = 0, index = 0; from < text.length || index === 0; index++) {
    const end = from + chunkCharacters
    const torn = end < text.length && isHighSurrogate(text.charCodeAt(end - 1))
    const to = torn ? end - 1 : end
    chunks[`${property}${index}`] = text.slice(from, to)
    from = to
  }
  return chunks
}

/** Long bytes as properties that are small enough. */
export function byteChunks(property: string, bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  const chunks: Record<string, Uint8Array> = {}
  for (let index = 0; index < byteChunksOf(bytes.byteLength); index++) {
    chunks[`${property}${index}`] = bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)
  }
  return chunks
}

/** The text that {@link textChunks} cut; throws `entity-invalid` where there is none. */
export function joinText(entity: StoredEntity, property: string): string {
  const chunks = collect(entity, property)
  if (chunks.length === 0 || !chunks.every((chunk) => typeof chunk === 'string')) throw unreadable(entity, `${property}0`, 'text')
  return chunks.join('')
}

/** The bytes that {@link byteChunks} cut; throws `entity-invalid` where there are none. */
export function joinBytes(entity: StoredEntity, property: string): Uint8Array {
  const chunks = collect(entity, property)
  const parts = chunks.filter((chunk) => chunk instanceof Uint8Array)
  if (chunks.length === 0 || parts.length !== chunks.length) throw unreadable(entity, `${property}0`, 'binary')
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
}

/** JSON as properties that are small enough. */
export const jsonChunks = (property: string, value: unknown): Readonly<Record<string, string>> =>
  textChunks(property, JSON.stringify(value))

/** What {@link jsonChunks} wrote; the caller knows the shape because it alone writes it. Throws `entity-invalid` for broken JSON. */
export function joinJson<Shape>(entity: StoredEntity, property: string): Shape {
  const text = joinText(entity, property)
  try {
    return JSON.parse(text) as Shape
  } catch {
    throw unreadable(entity, `${property}0`, 'JSON')
  }
}

function collect(entity: StoredEntity, property: string): unknown[] {
  const chunks: unknown[] = []
  for (let index = 0; ; index++) {
    const chunk = entity.properties[`${property}${index}`]
    if (chunk === undefined || chunk === null) return chunks
    chunks.push(chunk)
  }
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
