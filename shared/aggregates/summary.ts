import { classOf, families, familyIdOf } from '../failures/catalogue'
import {
  type FailureClassId,
  type FamilyId,
  type MendedBy,
  type Outcome,
  outcomes,
  type Severity,
  type SignalId,
} from '../failures/catalogueTypes'
import type { KnownTenants } from '../failures/knownTenants'
import { type FamilyCounts, notesOf } from '../failures/notes'
import { signals } from '../failures/signals'
import type { Language } from '../failures/words'
import type { Grain, TimeRange } from '../signIns/buckets'
import type { Completeness } from '../signIns/completeness'
import { formatInstant, type Instant } from '../signIns/instant'
import type { StreamId } from '../signIns/streams'
import { type Counts, type Facets, facetIds, otherKey, type Scope } from './aggregate'
import { type Cell, isFailed, parseCell, readCells } from './cell'
import { type DistinctUsers, distinctUsersOf } from './distinctUsers'
import { eachCount, type FacetsChoice, mergeScopes } from './merge'
import { byCount } from './ordering'
import { type Naming, type TopEntry, type TopLists, topEntries, topLists } from './topEntries'

/** Everything that a summary says something about. */
export interface SummaryInput {
  readonly tenantId: string | null
  readonly generatedAt: Instant
  readonly window: TimeRange
  readonly grain: Grain
  readonly language: Language
  /** Entries of a top list, `other` not counted. */
  readonly top: number
  /** The streams that points and facets are of. */
  readonly selectedStreams: readonly StreamId[]
  /** Filters failures and interrupts; undefined for all. */
  readonly families: readonly FamilyId[] | undefined
  /** One for each bucket of the grain in the window, in order of time. */
  readonly points: readonly SeriesPoint[]
  /** {@link sumPoints} of the points, where somebody had the time already. */
  readonly sums?: PointSums
  /** Merged over the window and the selected streams. */
  readonly facets: Facets
  readonly completeness: Completeness
  readonly tenants: KnownTenants
  /** As they are given out. */
  readonly alerts: readonly unknown[]
  /** What is said beside every family, on top of what its own numbers cannot see. */
  readonly notes?: readonly SummaryNote[]
}

/** The counts of one bucket. `missing`: some selected stream that can be read was not; its counts still count. */
export interface SeriesPoint {
  readonly start: Instant
  readonly counts: Counts
  readonly missing: boolean
}

export interface SummaryNote {
  readonly code: string
  readonly text: string
}

/** The start of a bucket in ISO 8601, and its value: null, never 0, where something is missing. */
export type SeriesOf<Value> = readonly (readonly [string, Value | null])[]

export type OutcomeCounts = { readonly signIns: number } & Readonly<Record<Outcome, number>>

/** The body of `GET /api/summary` and of `analyze --json`. */
export interface Summary {
  readonly schemaVersion: 1
  readonly tenantId: string | null
  readonly generatedAt: string
  readonly window: { readonly from: string; readonly to: string; readonly grain: Grain }
  readonly completeness: Completeness
  readonly totals: Totals
  readonly signals: readonly SignalSummary[]
  readonly failures: readonly FamilySummary[]
  readonly interrupts: readonly InterruptSummary[]
  readonly alerts: readonly unknown[]
}

export interface Totals extends OutcomeCounts {
  readonly maskedSignIns: number
  readonly distinctUsers: DistinctUsers
  readonly series: SeriesOf<OutcomeCounts>
  /** `failure` counts outcome `failure` and `serviceFault`. */
  readonly top: { readonly apps: readonly (TopEntry & { readonly failure: number })[] }
}

export interface SignalSummary {
  readonly signal: SignalId
  readonly title: string
  readonly signIns: number
  /** Sign-ins whose row can tell. */
  readonly known: number
  /** `signIns / known`; null where no row can tell. */
  readonly share: number | null
  readonly series: SeriesOf<number>
  readonly top: TopLists
}

export interface FamilySummary {
  readonly family: FamilyId
  readonly title: string
  readonly signIns: number
  readonly distinctUsers: DistinctUsers
  readonly notes: readonly SummaryNote[]
  readonly classes: readonly ClassSummary[]
  readonly series: SeriesOf<number>
  readonly top: TopLists
}

export interface ClassSummary {
  readonly id: FailureClassId
  readonly title: string
  readonly remedy: string
  readonly severity: Severity
  readonly mendedBy: MendedBy
  readonly signIns: number
  readonly errorCodes: Readonly<Record<string, number>>
  readonly series: SeriesOf<number>
  readonly evidence: readonly { readonly requestId: string; readonly createdDateTime: string; readonly stream: StreamId }[]
}

export interface InterruptSummary {
  readonly family: FamilyId
  readonly title: string
  readonly signIns: number
  readonly errorCodes: Readonly<Record<string, number>>
}

/**
 * Answers what happened in a window. Totals are exact and whole: `failures` add up to the failures and service faults of
 * the totals and `interrupts` to their interrupts, unless `families` filters them.
 */
export function summarise(input: SummaryInput): Summary {
  const perPoint = input.sums ?? sumPoints(input.points)
  const context: Context = {
    ...input,
    times: input.points.map((point) => formatInstant(point.start)),
    perPoint,
    total: perPoint.total,
    naming: { names: input.facets.names, tenants: input.tenants, language: input.language },
  }
  const cells = readCells(context.total)
  return {
    schemaVersion: 1,
    tenantId: input.tenantId,
    generatedAt: formatInstant(input.generatedAt),
    window: { from: formatInstant(input.window.from), to: formatInstant(input.window.to), grain: input.grain },
    completeness: input.completeness,
    totals: totalsOf(context),
    signals: signals.map(({ id, title }) => signalSummary(context, id, title[input.language])),
    failures: failuresOf(context, cells),
    interrupts: interruptsOf(context, cells),
    alerts: input.alerts,
  }
}

/** The part of the facets that a summary shows. Breakdowns of classes, for one, are many and none of it. */
export function summaryParts(selected: readonly FamilyId[] | undefined): FacetsChoice {
  const isShown = (family: string): boolean => selected === undefined || selected.some((id) => id === family)
  return {
    scope: (id) => {
      if (id.startsWith('outcome|')) return { facets: ['apps'], users: true }
      if (id.startsWith('signal|')) return { facets: facetIds, users: false }
      return id.startsWith('family|') && isShown(id.slice('family|'.length)) ? { facets: facetIds, users: true } : undefined
    },
    evidence: (failureClass) => isShown(familyIdOf(failureClass)),
  }
}

interface Context extends SummaryInput {
  readonly times: readonly string[]
  readonly perPoint: PointSums
  readonly total: Counts
  readonly naming: Naming
}

/** What series are made of, by the place of the point, and the sum of all points. */
export interface PointSums {
  readonly total: Counts
  readonly outcomes: readonly OutcomeCounts[]
  readonly families: ReadonlyMap<FamilyId, Float64Array>
  readonly classes: ReadonlyMap<FailureClassId, Float64Array>
  /** Sign-ins of which a signal is true. */
  readonly signals: ReadonlyMap<string, Float64Array>
}

/** Where the sign-ins of one key of the cells go: looked up once, since a window has a million of them. */
interface CellSlot {
  readonly outcome: Outcome
  total: number
  /** Of failed sign-ins only. */
  readonly ofFamily: Float64Array | undefined
  readonly ofClass: Float64Array | undefined
}

interface SignalSlot {
  total: number
  readonly series: Float64Array | undefined
}

/** Adds points up in one pass, since a window has thousands of them and each has hundreds of counts. */
export function sumPoints(points: readonly SeriesPoint[]): PointSums {
  const families = new Map<FamilyId, Float64Array>()
  const classes = new Map<FailureClassId, Float64Array>()
  const signalsTrue = new Map<string, Float64Array>()
  const { length } = points
  const cells = slotsBy((key): CellSlot => {
    const { outcome, family, failureClass } = parseCell(key)
    const isSeries = isFailed(outcome)
    return {
      outcome,
      total: 0,
      ofFamily: isSeries ? seriesIn(families, family, length) : undefined,
      ofClass: isSeries ? seriesIn(classes, failureClass, length) : undefined,
    }
  })
  const signalCounts = slotsBy((key): SignalSlot => {
    const isTrue = key.endsWith('|true')
    return { total: 0, series: isTrue ? seriesIn(signalsTrue, key.slice(0, key.indexOf('|')), length) : undefined }
  })
  const outcomeCounts = points.map(({ counts }, index) => {
    const sums = { signIns: 0, success: 0, interrupt: 0, failure: 0, serviceFault: 0 }
    eachCount(counts, {
      cells: (keys, signIns) => {
        let place = 0
        for (const slot of cells.of(keys)) {
          const count = signIns[place++] ?? 0
          slot.total += count
          sums.signIns += count
          sums[slot.outcome] += count
          if (slot.ofFamily) slot.ofFamily[index] = (slot.ofFamily[index] ?? 0) + count
          if (slot.ofClass) slot.ofClass[index] = (slot.ofClass[index] ?? 0) + count
        }
      },
      signals: (keys, signIns) => {
        let place = 0
        for (const slot of signalCounts.of(keys)) {
          const count = signIns[place++] ?? 0
          slot.total += count
          if (slot.series) slot.series[index] = (slot.series[index] ?? 0) + count
        }
      },
    })
    return sums
  })
  const total = { cells: totals(cells.all), signals: totals(signalCounts.all) }
  return { total, outcomes: outcomeCounts, families, classes, signals: signalsTrue }
}

/** A slot for every key, found again for a list of keys that came before as it is. */
function slotsBy<Slot>(make: (key: string) => Slot): {
  readonly all: ReadonlyMap<string, Slot>
  of(keys: readonly string[]): readonly Slot[]
} {
  const all = new Map<string, Slot>()
  const remembered = new WeakMap<readonly string[], readonly Slot[]>()
  const slotOf = (key: string): Slot => {
    const slot = all.get(key) ?? make(key)
    all.set(key, slot)
    return slot
  }
  return {
    all,
    of: (keys) => {
      const slots = remembered.get(keys) ?? keys.map(slotOf)
      remembered.set(keys, slots)
      return slots
    },
  }
}

function seriesIn<Key>(all: Map<Key, Float64Array>, key: Key, length: number): Float64Array {
  const values = all.get(key) ?? new Float64Array(length)
  all.set(key, values)
  return values
}

const totals = (slots: ReadonlyMap<string, { readonly total: number }>): ReadonlyMap<string, number> =>
  new Map(Array.from(slots, ([key, { total }]) => [key, total]))

function sumOutcomes(all: readonly OutcomeCounts[]): OutcomeCounts {
  const sums = { signIns: 0, success: 0, interrupt: 0, failure: 0, serviceFault: 0 }
  for (const one of all) {
    sums.signIns += one.signIns
    for (const outcome of outcomes) sums[outcome] += one[outcome]
  }
  return sums
}

const valueIn =
  (values: Float64Array | undefined): ((index: number) => number) =>
  (index) =>
    values?.[index] ?? 0

const seriesOf = <Value>({ points, times }: Context, value: (index: number) => Value): SeriesOf<Value> =>
  points.map((point, index) => [times[index] ?? '', point.missing ? null : value(index)] as const)

function totalsOf(context: Context): Totals {
  const { facets, naming, top, perPoint } = context
  const sums = sumOutcomes(perPoint.outcomes)
  const scopesOf = (wanted: readonly Outcome[]): Scope[] => wanted.flatMap((outcome) => facets.scopes.get(`outcome|${outcome}`) ?? [])
  const all = mergeScopes(scopesOf(outcomes))
  const failed = mergeScopes(scopesOf(outcomes.filter(isFailed))).facets.apps
  const apps = topEntries(all.facets.apps, 'apps', top, naming)
  const named = new Set(apps.map((entry) => entry.id))
  const failureRest = [...failed].filter(([id]) => id === otherKey || !named.has(id)).reduce((rest, [, count]) => rest + count, 0)
  return {
    ...sums,
    maskedSignIns: countSignal(context.total, 'masked', 'true'),
    distinctUsers: distinctUsersOf(all.signIns === 0 ? undefined : all, sums.signIns),
    series: seriesOf(context, (index) => perPoint.outcomes[index] ?? sums),
    top: { apps: apps.map((entry) => ({ ...entry, failure: entry.id === otherKey ? failureRest : (failed.get(entry.id) ?? 0) })) },
  }
}

const countSignal = (counts: Counts, signal: SignalId, state: 'known' | 'true'): number =>
  outcomes.reduce((sum, outcome) => sum + (counts.signals.get(`${signal}|${outcome}|${state}`) ?? 0), 0)

function signalSummary(context: Context, signal: SignalId, title: string): SignalSummary {
  const signIns = countSignal(context.total, signal, 'true')
  const known = countSignal(context.total, signal, 'known')
  return {
    signal,
    title,
    signIns,
    known,
    share: known === 0 ? null : signIns / known,
    series: seriesOf(context, valueIn(context.perPoint.signals.get(signal))),
    top: topLists(context.facets.scopes.get(`signal|${signal}`), context.top, context.naming),
  }
}

function failuresOf(context: Context, cells: readonly (readonly [Cell, number])[]): FamilySummary[] {
  const failed = cells.filter(([cell]) => isFailed(cell.outcome))
  const counts = sumBy(failed, (cell) => cell.family)
  // What the product is for, and what was asked for by name, shows a zero: that is not the same as being absent.
  for (const { id, facetsByClass } of families) {
    if ((facetsByClass || context.families?.includes(id)) && !counts.has(id)) counts.set(id, 0)
  }
  return inOrder(context, counts).map(([family, signIns]) => {
    const scope = context.facets.scopes.get(`family|${family}`)
    const ofFamily = failed.filter(([cell]) => cell.family === family)
    return {
      family,
      title: titleOf(family, context.language),
      signIns,
      distinctUsers: distinctUsersOf(scope, signIns),
      notes: [
        ...notesOf(family, familyCounts(signIns, ofFamily)).map(({ code, text }) => ({ code, text: text[context.language] })),
        ...(context.notes ?? []),
      ],
      classes: classesOf(context, ofFamily),
      series: seriesOf(context, valueIn(context.perPoint.families.get(family))),
      top: topLists(scope, context.top, context.naming),
    }
  })
}

function familyCounts(signIns: number, cells: readonly (readonly [Cell, number])[]): FamilyCounts {
  const byClass = sumBy(cells, (cell) => cell.failureClass)
  const byCode = sumBy(cells, (cell) => cell.errorCode)
  return { signIns, ofClass: (id) => byClass.get(id) ?? 0, ofCode: (code) => byCode.get(`${code}`) ?? 0 }
}

const classesOf = (context: Context, cells: readonly (readonly [Cell, number])[]): ClassSummary[] =>
  [...sumBy(cells, (cell) => cell.failureClass)].sort(byCount).map(([id, signIns]) => {
    const row = classOf(id)
    return {
      id,
      title: row?.title[context.language] ?? id,
      remedy: row?.remedy[context.language] ?? '',
      severity: row?.severity ?? 'warning',
      mendedBy: row?.mendedBy ?? 'identity-team',
      signIns,
      errorCodes: errorCodesOf(cells.filter(([cell]) => cell.failureClass === id)),
      series: seriesOf(context, valueIn(context.perPoint.classes.get(id))),
      evidence: (context.facets.evidence.get(id) ?? []).map(({ requestId, createdDateTime, stream }) => ({
        requestId,
        createdDateTime: formatInstant(createdDateTime),
        stream,
      })),
    }
  })

function interruptsOf(context: Context, cells: readonly (readonly [Cell, number])[]): InterruptSummary[] {
  const interrupts = cells.filter(([cell]) => cell.outcome === 'interrupt')
  return inOrder(
    context,
    sumBy(interrupts, (cell) => cell.family),
  ).map(([family, signIns]) => ({
    family,
    title: titleOf(family, context.language),
    signIns,
    errorCodes: errorCodesOf(interrupts.filter(([cell]) => cell.family === family)),
  }))
}

/** The selected families, most sign-ins first, a tie in the order of the catalogue. */
function inOrder({ families: selected }: Context, counts: ReadonlyMap<FamilyId, number>): [FamilyId, number][] {
  const order = new Map(families.map(({ id }, index) => [id, index]))
  return [...counts]
    .filter(([family]) => selected === undefined || selected.includes(family))
    .sort(([a, countA], [b, countB]) => countB - countA || (order.get(a) ?? order.size) - (order.get(b) ?? order.size))
}

const titleOf = (id: FamilyId, language: Language): string => families.find((family) => family.id === id)?.title[language] ?? id

const errorCodesOf = (cells: readonly (readonly [Cell, number])[]): Record<string, number> =>
  Object.fromEntries(sumBy(cells, (cell) => cell.errorCode))

function sumBy<Key extends string>(cells: readonly (readonly [Cell, number])[], keyOf: (cell: Cell) => Key): Map<Key, number> {
  const sums = new Map<Key, number>()
  for (const [cell, count] of cells) sums.set(keyOf(cell), (sums.get(keyOf(cell)) ?? 0) + count)
  return sums
}
