import type { BucketRow } from '../aggregates/bucketRow'
import type { TimeRange } from '../signIns/buckets'
import { minute } from '../signIns/instant'
import type { AlertRule, Cause, GroupLabel, Measure } from './alert'
import { alertId, type Evaluation } from './evaluation'
import {
  facetCounts,
  facetsIn,
  hourLastWeek,
  isNamed,
  namesOf,
  type Observations,
  rowsIn,
  type Sight,
  scaledCount,
  sightOf,
  sumOf,
  type TopCounts,
  tenantEntry,
  topOf,
} from './observations'
import { type Slice, type TargetCauses, targetCauses } from './targetCauses'

type FamilyMeasure = Extract<Measure, { kind: 'family' }>

/** A rise is at least this many times the usual. */
const riseFactor = 4
/** Alerts that one rule may have at once. */
const groupsMax = 20

/**
 * Failures of a family: a rise in the window up to the open bucket, and with `targets` blocks of targets that must not be
 * blocked. Steady blocks that are meant never hold. One evaluation for the rule, or with `groupBy` one each for the
 * leading values besides one for the rule as a whole, which never holds.
 */
export function evaluateFamily(rule: AlertRule, measure: FamilyMeasure, observations: Observations): Evaluation[] {
  const sight = sightOf(rule, observations)
  const whole: Slice = {
    label: undefined,
    streams: sight.streams,
    hasClass: (id) => (measure.classes ? measure.classes.some((each) => each === id) : id.startsWith(`${measure.family}.`)),
    scopes: measure.classes?.map((id) => `class|${id}`) ?? [`family|${measure.family}`],
  }
  const evaluate = (slice: Slice): Evaluation => evaluateSlice(rule, measure, observations, sight, slice)
  const [label] = rule.groupBy
  if (label === undefined) return [evaluate(whole)]
  return [{ ...evaluate(whole), causes: [], lasting: [] }, ...slicesOf(label, whole, observations, sight).map(evaluate)]
}

function slicesOf(label: GroupLabel, whole: Slice, observations: Observations, sight: Sight): Slice[] {
  const slice = (value: string, part: Partial<Slice> = {}): Slice => ({ ...whole, ...part, label: { name: label, value } })
  if (label === 'stream') return whole.streams.map((stream) => slice(stream, { streams: [stream] }))
  const seen = { from: Math.min(sight.edge.from, sight.settled?.from ?? sight.edge.from), to: sight.edge.to }
  if (label === 'class') {
    const counts = classCounts(rowsIn(observations.rows, seen, whole.streams), whole)
    return leadingKeys(counts).map((id) => slice(id, { hasClass: (each) => each === id, scopes: [`class|${id}`] }))
  }
  return leadingKeys(countsByFacet(observations, whole, seen)[facetOf(label)]).map((value) => slice(value))
}

const leadingKeys = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts]
    .filter(([key]) => isNamed(key))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, groupsMax)
    .map(([key]) => key)

function evaluateSlice(rule: AlertRule, measure: FamilyMeasure, observations: Observations, sight: Sight, slice: Slice): Evaluation {
  const { causes, targets, value, usual } = judge(rule, measure, observations, slice, sight.edge, 'now')
  const facets = facetsIn(observations, sight.edge, slice.streams)
  const top = topOf(observations, countsByFacet(observations, slice, sight.edge), facets)
  const named = targets.map((id) => tenantEntry(observations.tenants, id, facets))
  return {
    rule,
    id: alertId(rule.id, slice.label?.value),
    labels: { family: measure.family, ...(slice.label ? { [slice.label.name]: slice.label.value } : {}) },
    causes,
    lasting: lastingCauses(rule, measure, observations, sight, slice),
    noData: sight.settled === undefined,
    severity: causes.includes('own-tenant') ? 'critical' : rule.severity,
    value,
    usual,
    threshold: rule.threshold,
    unit: 'signIns',
    window: sight.edge,
    completeTo: sight.completeTo,
    facts: {
      value,
      minutes: rule.window / minute,
      targets: namesOf(named.length > 0 ? named : top.resourceTenants),
      apps: namesOf(top.apps),
    },
    top,
  }
}

/** What still holds in the window up to `completeTo`. Where the facets do not reach, what they would tell is taken to last. */
function lastingCauses(rule: AlertRule, measure: FamilyMeasure, observations: Observations, sight: Sight, slice: Slice): readonly Cause[] {
  if (!sight.settled) return []
  const { causes } = judge(rule, measure, observations, slice, sight.settled, 'lasting')
  return measure.targets && !sight.settledFacets ? [...causes, 'fault', 'lost-target'] : causes
}

interface Judgement extends TargetCauses {
  readonly value: number
  readonly usual: number | undefined
}

function judge(
  rule: AlertRule,
  measure: FamilyMeasure,
  observations: Observations,
  slice: Slice,
  range: TimeRange,
  when: 'now' | 'lasting',
): Judgement {
  const value = countOf(observations, slice, range)
  const usual = usualOf(rule, observations, slice, range)
  const byTarget: TargetCauses = measure.targets
    ? targetCauses(observations, slice, range, { floor: rule.floor, when, count: (id) => classCount(observations, slice, range, id) })
    : { causes: [], targets: [], meant: 0 }
  const rise = isRise(rule, value, usual, byTarget.meant)
  return { value, usual, ...byTarget, causes: rise ? [...byTarget.causes, 'rise'] : byTarget.causes }
}

/** Without history the threshold and the floor stand alone, over the blocks that nobody has called meant. */
function isRise(rule: AlertRule, value: number, usual: number | undefined, meant: number): boolean {
  const least = Math.max(rule.threshold, rule.floor)
  if (usual === undefined) return value - meant >= least
  return value >= least && value >= riseFactor * usual
}

/** The facets of last week are not kept at hand, so what only they can count has no baseline. */
function usualOf(rule: AlertRule, observations: Observations, slice: Slice, range: TimeRange): number | undefined {
  if (!rule.baseline || isCountedByFacet(slice)) return undefined
  return scaledCount(observations.usualRows, hourLastWeek(range), range, slice.streams, (row) => failuresOf(row, slice.hasClass))
}

function countOf(observations: Observations, slice: Slice, range: TimeRange): number {
  if (slice.label && isCountedByFacet(slice)) {
    return countsByFacet(observations, slice, range)[facetOf(slice.label.name)].get(slice.label.value) ?? 0
  }
  return sumOf(rowsIn(observations.rows, range, slice.streams), (row) => failuresOf(row, slice.hasClass))
}

function classCount(observations: Observations, slice: Slice, range: TimeRange, failureClass: string): number {
  if (isCountedByFacet(slice)) return 0
  return sumOf(rowsIn(observations.rows, range, slice.streams), (row) => failuresOf(row, (id) => id === failureClass && slice.hasClass(id)))
}

/** Sign-ins of a slice by app and by target; a slice that is about one of them has nothing else to show. */
function countsByFacet(observations: Observations, slice: Slice, range: TimeRange): TopCounts {
  const facets = facetsIn(observations, range, slice.streams)
  const apps = facetCounts(facets, slice.scopes, 'apps')
  const resourceTenants = facetCounts(facets, slice.scopes, 'resourceTenants')
  if (slice.label?.name === 'app') return { apps: onlyKey(apps, slice.label.value), resourceTenants: new Map() }
  if (slice.label?.name === 'resourceTenant') return { apps: new Map(), resourceTenants: onlyKey(resourceTenants, slice.label.value) }
  return { apps, resourceTenants }
}

const onlyKey = (counts: ReadonlyMap<string, number>, key: string): Map<string, number> => new Map([...counts].filter(([id]) => id === key))

const isCountedByFacet = ({ label }: Slice): boolean => label?.name === 'app' || label?.name === 'resourceTenant'

const facetOf = (label: GroupLabel): 'apps' | 'resourceTenants' => (label === 'app' ? 'apps' : 'resourceTenants')

/** Sign-ins of a row that failed with one of some classes. */
function failuresOf(row: BucketRow, hasClass: (failureClass: string) => boolean): number {
  let failures = 0
  for (const [cell, count] of row.counts.cells) {
    const failureClass = failedClass(cell)
    if (failureClass !== undefined && hasClass(failureClass)) failures += count
  }
  return failures
}

function classCounts(rows: readonly BucketRow[], { hasClass }: Slice): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) {
    for (const [cell, count] of row.counts.cells) {
      const failureClass = failedClass(cell)
      if (failureClass !== undefined && hasClass(failureClass)) counts.set(failureClass, (counts.get(failureClass) ?? 0) + count)
    }
  }
  return counts
}

/** The class of a cell `outcome|class|code` whose outcome is a failure, Entra's own faults included. */
function failedClass(cell: string): string | undefined {
  const [outcome, failureClass] = cell.split('|', 2)
  return outcome === 'failure' || outcome === 'serviceFault' ? failureClass : undefined
}
