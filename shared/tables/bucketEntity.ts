import type { Counts } from '../aggregates/aggregate'
import type { BucketRow, BucketWrite, ChildrenLedger, Ledger } from '../aggregates/bucketRow'
import { addEncodedFacets } from '../aggregates/decodeFacets'
import { eachEncodedCount, encodeCounts, isEncodedCounts } from '../aggregates/encodeCounts'
import { countsWhenAsked, FacetsSum } from '../aggregates/merge'
import type { StoredFacets } from '../pipelines/ports'
import { MonitorError } from '../runtime/errors'
import type { Grain } from '../signIns/buckets'
import { formatInstant } from '../signIns/instant'
import { byteChunks, byteChunksOf, chunkNames, joinBytes, joinText, textChunks } from './chunks'
import { type Entity, instantOf, numberOf, optionalNumberOf, type StoredEntity, textOf, unreadable, wholeNumber } from './entity'
import { entityLimits, entitySize, propertySize } from './entityLimits'
import { bucketPartition, bucketRowKey, parseBucketRowKey } from './keys'
import { compressFacets, decompressFacets } from './storedFacets'

const countsChunksMax = 4
const facetsChunks = chunkNames('facets', byteChunksOf(entityLimits.entityBytes))

/** The properties of the small part: counts and ledger. */
export const rowProperties: readonly string[] = [
  ...chunkNames('counts', countsChunksMax),
  'readAt',
  'rows',
  'pages',
  'malformedRows',
  'rowsWhenComplete',
  'arrivals',
  'shrunkTo',
  'childrenFingerprint',
  'childrenExpected',
  'childrenRead',
  'childrenComplete',
  'childrenSettled',
  'sealed',
  'due',
]

/** The properties of the large part, and whether it still fits its children. */
export const facetsProperties: readonly string[] = [...facetsChunks, 'due']

/** A bucket as one entity. */
export interface BucketEntity {
  readonly entity: Entity
  /** How many keys of each facet had room. */
  readonly facetKeysKept: number
}

/**
 * A bucket as one entity that Table Storage takes. Facets that would pass its limit are cut further; counts and totals
 * never are.
 */
export function bucketEntity(tenantId: string, write: BucketWrite): BucketEntity {
  // Asked for once: it may be counted only then.
  const { counts, facets } = write.aggregate
  const small: Entity = {
    partitionKey: bucketPartition(tenantId, write),
    rowKey: bucketRowKey(write),
    stream: write.stream,
    ...outcomeTotals(counts),
    ...textChunks('counts', encodeCounts(counts)),
    ...ledgerProperties(write.ledger),
  }
  const chunkHeaders = facetsChunks.reduce((bytes, name) => bytes + propertySize(name, new Uint8Array()), 0)
  const compressed = compressFacets(facets, entityLimits.entityBytes - entitySize(small) - chunkHeaders)
  return { entity: { ...small, ...byteChunks('facets', compressed.bytes) }, facetKeysKept: compressed.keysKept }
}

/**
 * The small part of a stored bucket; throws `entity-invalid` for a row that another program wrote. The counts are decoded
 * when they are first asked for: to know whether an answer changed takes none of them.
 */
export function bucketRow(entity: StoredEntity, grain: Grain): BucketRow {
  const ledger = readLedger(entity)
  const text = joinText(entity, 'counts')
  if (!isEncodedCounts(text)) throw unreadable(entity, 'counts', written)
  return {
    ...parseBucketRowKey(entity.rowKey, grain),
    ledger,
    counts: countsWhenAsked((sink) => decoded(entity, 'counts', () => eachEncodedCount(text, sink))),
    version: entity.etag,
  }
}

/** The large part of a stored bucket, which is decoded when it is asked for and then throws `entity-invalid` for a row that another program wrote. */
export function storedFacets(entity: StoredEntity, grain: Grain): StoredFacets {
  const addTo = (sum: FacetsSum): void =>
    decoded(entity, 'facets', () => addEncodedFacets(sum, decompressFacets(joinBytes(entity, 'facets'))))
  return {
    ...parseBucketRowKey(entity.rowKey, grain),
    due: isDue(entity),
    addTo,
    get facets() {
      const sum = new FacetsSum()
      addTo(sum)
      return sum.facets()
    },
  }
}

/** For people who look at the table; the program reads the cells. */
function outcomeTotals(counts: Counts): Readonly<Record<string, number | bigint>> {
  const totals = { signIns: 0, success: 0, interrupt: 0, failure: 0, serviceFault: 0 }
  for (const [cell, count] of counts.cells) {
    const outcome = cell.slice(0, cell.indexOf('|'))
    totals.signIns += count
    if (outcome === 'success' || outcome === 'interrupt' || outcome === 'failure' || outcome === 'serviceFault') totals[outcome] += count
  }
  return Object.fromEntries(Object.entries(totals).map(([outcome, total]) => [outcome, wholeNumber(total)]))
}

function ledgerProperties(ledger: Ledger): Omit<Entity, 'partitionKey' | 'rowKey'> {
  const own = {
    readAt: formatInstant(ledger.readAt),
    rows: wholeNumber(ledger.rows),
    pages: wholeNumber(ledger.pages),
    malformedRows: wholeNumber(ledger.malformedRows),
    rowsWhenComplete: optionalWholeNumber(ledger.rowsWhenComplete),
    arrivals: ledger.arrivals?.join(' '),
    shrunkTo: optionalWholeNumber(ledger.shrunkTo),
  }
  if (!ledger.children) return own
  return {
    ...own,
    childrenFingerprint: ledger.children.fingerprint,
    childrenExpected: wholeNumber(ledger.children.expected),
    childrenRead: wholeNumber(ledger.children.read),
    childrenComplete: wholeNumber(ledger.children.complete),
    childrenSettled: wholeNumber(ledger.children.settled),
    sealed: ledger.children.sealed,
    due: ledger.children.due,
  }
}

const optionalWholeNumber = (value: number | undefined): number | bigint | undefined =>
  value === undefined ? undefined : wholeNumber(value)

const readLedger = (entity: StoredEntity): Ledger => ({
  readAt: instantOf(entity, 'readAt'),
  rows: numberOf(entity, 'rows'),
  pages: numberOf(entity, 'pages'),
  malformedRows: numberOf(entity, 'malformedRows'),
  rowsWhenComplete: optionalNumberOf(entity, 'rowsWhenComplete'),
  ...readArrivals(entity),
  shrunkTo: optionalNumberOf(entity, 'shrunkTo'),
  children: readChildren(entity),
})

/** Numbers with spaces between them; a row of an earlier release has none. */
function readArrivals({ properties }: StoredEntity): Pick<Ledger, 'arrivals'> {
  const text = properties['arrivals']
  return typeof text === 'string' && /^\d+( \d+)*$/.test(text) ? { arrivals: text.split(' ').map(Number) } : {}
}

function readChildren(entity: StoredEntity): ChildrenLedger | undefined {
  if (optionalNumberOf(entity, 'childrenExpected') === undefined) return undefined
  return {
    fingerprint: textOf(entity, 'childrenFingerprint'),
    expected: numberOf(entity, 'childrenExpected'),
    read: numberOf(entity, 'childrenRead'),
    complete: numberOf(entity, 'childrenComplete'),
    settled: numberOf(entity, 'childrenSettled'),
    sealed: entity.properties['sealed'] === true,
    due: isDue(entity),
  }
}

const isDue = (entity: StoredEntity): boolean => entity.properties['due'] === true

const written = 'what this release writes'

function decoded<Value>(entity: StoredEntity, property: string, read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof MonitorError) throw cause
    throw unreadable(entity, property, written, cause)
  }
}
