import type { KnownTenants } from '../failures/knownTenants'
import type { Language } from '../failures/words'
import { formatInstant, type Instant } from '../signIns/instant'
import type { StreamId } from '../signIns/streams'
import { type Counts, type Facets, otherKey, type Scope } from './aggregate'
import { leading } from './cut'
import { distinctUsersOf } from './distinctUsers'
import { emptyFacets, type FacetsChoice, mergeNames, mergeScopes } from './merge'
import { byCount } from './ordering'
import { type Dimension, dimensions } from './seriesDimensions'

export const seriesMeasures = ['signIns', 'distinctUsers'] as const

export type SeriesMeasure = (typeof seriesMeasures)[number]

export const seriesBys = ['outcome', 'family', 'class', 'signal', 'stream', 'errorCode', 'app', 'resourceTenant'] as const

/** `family`, `class` and `errorCode` are of failures and service faults; everything else is of all sign-ins. */
export type SeriesBy = (typeof seriesBys)[number]

/** What can be measured by what. Distinct users are kept per outcome, family, signal and stream, and per class of the families that the product is asked about. */
export const seriesChoices: Readonly<Record<SeriesMeasure, readonly SeriesBy[]>> = {
  signIns: seriesBys,
  distinctUsers: ['outcome', 'family', 'class', 'signal', 'stream'],
}

/** Whether the rows are made from facets, which are much larger than counts. */
export const needsFacets = (measure: SeriesMeasure, by: SeriesBy): boolean =>
  measure === 'distinctUsers' || by === 'app' || by === 'resourceTenant'

/** The part of the facets that the rows are made from. */
export function seriesParts(measure: SeriesMeasure, by: SeriesBy): FacetsChoice {
  const { breakdowns, facet }: Dimension = dimensions[by]
  const part = { facets: facet ? [facet] : [], users: measure === 'distinctUsers' }
  return { scope: (id) => (id.startsWith(breakdowns) ? part : undefined), evidence: () => false }
}

export interface SeriesInput {
  readonly measure: SeriesMeasure
  readonly by: SeriesBy
  readonly language: Language
  /** Keys of an open set (error codes, apps, tenants) that get rows of their own; the rest is `other`. */
  readonly top: number
  readonly tenants: KnownTenants
  /** Points that end later are provisional. */
  readonly completeTo: Instant | undefined
  /** One for each bucket, in order of time. */
  readonly points: readonly StreamsPoint[]
}

/** One bucket. `missing`: some stream that can be read was not. */
export interface StreamsPoint {
  readonly start: Instant
  readonly end: Instant
  readonly missing: boolean
  /** The streams that were read. */
  readonly byStream: ReadonlyMap<StreamId, { readonly counts: Counts; readonly facets?: Facets }>
}

/** One value of one key at one time. `value` is null, never 0, where it is not known. */
export interface SeriesRow {
  /** The start of the bucket, ISO 8601. */
  readonly time: string
  readonly by: SeriesBy
  readonly key: string
  readonly name: string
  readonly value: number | null
  /** Whether nothing more is expected of the bucket but what comes late. */
  readonly complete: boolean
}

/**
 * The rows of a series: every key has one at every time, in order of time. Error codes, apps and tenants are the `top`
 * largest of the window and `other`. A measure that is not kept by such a key ({@link seriesChoices}) has no rows.
 */
export function seriesRows(input: SeriesInput): SeriesRow[] {
  const { measure, by, completeTo, points } = input
  if (!seriesChoices[measure].includes(by)) return []
  const dimension: Dimension = dimensions[by]
  const values = points.map((point) => (measure === 'signIns' ? signInsOf(point, dimension) : usersOf(point, dimension)))
  const names = mergeNames(points.flatMap((point) => Array.from(point.byStream.values(), ({ facets }) => facets?.names ?? new Map())))
  const naming = { names, tenants: input.tenants, language: input.language }
  const keys = keysOf(values, dimension, input.top)
  const kept = new Set(keys)
  const named = keys.map((key) => [key, dimension.nameOf(key, naming)] as const)
  return points.flatMap((point, index) => {
    const time = formatInstant(point.start)
    const complete = !point.missing && completeTo !== undefined && point.end <= completeTo
    const unknown = point.missing || (needsFacets(measure, by) && [...point.byStream.values()].some(({ facets }) => facets === undefined))
    const found = values[index] ?? new Map<string, null>()
    return named.map(([key, name]) => ({
      time,
      by,
      key,
      name,
      value: unknown ? null : valueAt(key, found, kept, dimension),
      complete,
    }))
  })
}

const columns = ['time', 'by', 'key', 'name', 'value', 'complete'] as const

/**
 * The rows of a series as CSV with a header line; a value that is not known is empty. Text that a spreadsheet would run
 * as a formula is led by an apostrophe.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export const seriesCsv = (rows: readonly SeriesRow[]): string =>
  [columns.join(','), ...rows.map((row) => columns.map((column) => field(row[column])).join(','))].map((line) => `${line}\r\n`).join('')

function field(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

type Values = ReadonlyMap<string, number | null>

/** What is there of each key at one time. */
function signInsOf({ byStream }: StreamsPoint, dimension: Dimension): Values {
  const sums = new Map<string, number>()
  for (const [stream, { counts, facets }] of byStream) {
    for (const [key, count] of dimension.signIns(counts, facets ?? emptyFacets, stream)) sums.set(key, (sums.get(key) ?? 0) + count)
  }
  return sums
}

/** Estimates from the sketches of all streams; null where nobody could be told apart. */
function usersOf({ byStream }: StreamsPoint, dimension: Dimension): Values {
  const scopes = new Map<string, Scope[]>()
  for (const [stream, { facets }] of byStream) {
    for (const [key, scope] of dimension.scopes(facets ?? emptyFacets, stream)) scopes.set(key, [...(scopes.get(key) ?? []), scope])
  }
  return new Map(Array.from(scopes, ([key, parts]) => [key, distinctUsersOf(mergeScopes(parts), 0).estimate]))
}

function keysOf(values: readonly Values[], dimension: Dimension, top: number): string[] {
  const totals = new Map<string, number>()
  for (const point of values) for (const [key, value] of point) totals.set(key, (totals.get(key) ?? 0) + (value ?? 0))
  if (dimension.isOpen) {
    const { kept, rest } = leading(totals, top)
    return [...kept.map(([key]) => key), ...(rest > 0 ? [otherKey] : [])]
  }
  const occurring = [...totals].filter(([key]) => !dimension.always.includes(key)).sort(byCount)
  return [...dimension.always, ...occurring.map(([key]) => key)]
}

function valueAt(key: string, found: Values, kept: ReadonlySet<string>, dimension: Dimension): number | null {
  if (dimension.isOpen && key === otherKey) {
    return [...found].reduce((rest, [one, value]) => (one === otherKey || !kept.has(one) ? rest + (value ?? 0) : rest), 0)
  }
  const value = found.get(key)
  return value === undefined ? dimension.absent : value
}
