import { classOf, families } from '../failures/catalogue'
import { type FailureClassId, type Outcome, outcomes } from '../failures/catalogueTypes'
import { signals } from '../failures/signals'
import type { Words } from '../failures/words'
import { type StreamId, streams } from '../signIns/streams'
import type { Counts, FacetId, Facets, Scope } from './aggregate'
import { type Cell, isFailed, readCells } from './cell'
import { type Naming, nameOfKey } from './topEntries'

/** What the rows of a series are broken down by. */
export interface Dimension {
  /** Keys that have rows though nothing occurred: a zero is worth knowing. */
  readonly always: readonly string[]
  /** Its keys are not bounded by what we know, so only the largest have rows. */
  readonly isOpen: boolean
  /** The value of a key that a bucket does not have. */
  readonly absent: 0 | null
  /** Sign-ins by key; a key may come several times. */
  readonly signIns: (counts: Counts, facets: Facets, stream: StreamId) => readonly (readonly [string, number])[]
  /** How the ids of the breakdowns begin that its values are made from, where they are made from facets. */
  readonly breakdowns: string
  /** The facet of these that holds its keys; undefined where the breakdowns themselves are its keys. */
  readonly facet: FacetId | undefined
  /** The breakdowns that hold the users of a key. */
  readonly scopes: (facets: Facets, stream: StreamId) => readonly (readonly [string, Scope])[]
  readonly nameOf: (key: string, naming: Naming) => string
}

const closed = { always: [], isOpen: false, absent: 0, facet: undefined } as const
const open = { always: [], isOpen: true, absent: 0, breakdowns: 'outcome|', scopes: () => [] } as const

/** The rows of `by`. */
export const dimensions = {
  outcome: {
    ...closed,
    ...under('outcome|'),
    always: outcomes,
    signIns: cellsBy((cell) => cell.outcome),
    nameOf: (key, { language }) => titleIn(outcomeTitles, key)?.[language] ?? key,
  },
  family: {
    ...closed,
    ...under('family|'),
    always: families.filter((family) => family.facetsByClass).map((family) => family.id),
    signIns: failedCellsBy((cell) => cell.family),
    nameOf: (key, { language }) => families.find((family) => family.id === key)?.title[language] ?? key,
  },
  class: {
    ...closed,
    ...under('class|'),
    signIns: failedCellsBy((cell) => cell.failureClass),
    nameOf: (key, { language }) => classOf(key as FailureClassId)?.title[language] ?? key,
  },
  signal: {
    ...closed,
    ...under('signal|'),
    always: signals.map((signal) => signal.id),
    signIns: ({ signals: counted }) =>
      [...counted].flatMap(([key, count]) => (key.endsWith('|true') ? [[beforeBar(key), count] as const] : [])),
    nameOf: (key, { language }) => signals.find((signal) => signal.id === key)?.title[language] ?? key,
  },
  stream: {
    ...closed,
    breakdowns: 'outcome|',
    // A stream that was not read says nothing about its sign-ins.
    absent: null,
    signIns: ({ cells }, _, stream) => [[stream, 0], ...Array.from(cells.values(), (count) => [stream, count] as const)],
    scopes: (facets, stream) => scopesUnder('outcome|')(facets).map(([, scope]) => [stream, scope] as const),
    nameOf: (key, { language }) => streams.find((stream) => stream.id === key)?.title[language] ?? key,
  },
  errorCode: {
    ...open,
    facet: undefined,
    signIns: failedCellsBy((cell) => cell.errorCode),
    nameOf: (key, naming) => (/^\d+$/.test(key) ? `AADSTS${key}` : nameOfKey('clientApps', key, naming)),
  },
  app: { ...open, ...keysOf('apps'), nameOf: (key, naming) => nameOfKey('apps', key, naming) },
  resourceTenant: {
    ...open,
    ...keysOf('resourceTenants'),
    nameOf: (key, naming) => nameOfKey('resourceTenants', key, naming),
  },
} as const satisfies Record<string, Dimension>

function cellsBy(keyOf: (cell: Cell) => string): Dimension['signIns'] {
  return (counts) => readCells(counts).map(([cell, count]) => [keyOf(cell), count] as const)
}

function failedCellsBy(keyOf: (cell: Cell) => string): Dimension['signIns'] {
  return (counts) => readCells(counts).flatMap(([cell, count]) => (isFailed(cell.outcome) ? [[keyOf(cell), count] as const] : []))
}

function scopesUnder(prefix: string): (facets: Facets) => (readonly [string, Scope])[] {
  return ({ scopes }) => [...scopes].flatMap(([id, scope]) => (id.startsWith(prefix) ? [[id.slice(prefix.length), scope] as const] : []))
}

function under(breakdowns: string): Pick<Dimension, 'breakdowns' | 'scopes'> {
  return { breakdowns, scopes: scopesUnder(breakdowns) }
}

function keysOf(facet: FacetId): Pick<Dimension, 'facet' | 'signIns'> {
  return { facet, signIns: (_, facets) => scopesUnder('outcome|')(facets).flatMap(([, scope]) => [...scope.facets[facet]]) }
}

const beforeBar = (key: string): string => key.slice(0, key.indexOf('|'))

const titleIn = (titles: Readonly<Record<string, Words>>, key: string): Words | undefined => titles[key]

const outcomeTitles: Readonly<Record<Outcome, Words>> = {
  success: { en: 'Success', ja: '成功' },
  interrupt: { en: 'Interrupted', ja: '中断' },
  failure: { en: 'Failure', ja: '失敗' },
  serviceFault: { en: 'Service fault', ja: 'サービス側の障害' },
}
