import type { BucketRow } from '../aggregates/bucketRow'
import { type Outcome, outcomes, type SignalId } from '../failures/catalogueTypes'
import { bucketLength, bucketStarts, type TimeRange } from '../signIns/buckets'
import { hour, minute } from '../signIns/instant'
import { type StreamId, streamOf } from '../signIns/streams'
import type { AlertRule, Cause, Measure } from './alert'
import { alertId, type Evaluation } from './evaluation'
import { facetCounts, facetsIn, hourLastWeek, type Observations, rowsIn, scaledCount, sightOf, sumOf, topOf } from './observations'

type ShareMeasure = Extract<Measure, { kind: 'signalShare' }>

/** A share this high needs no other sign of an outage. */
const shareAlone = 0.5
/** Faults of the service rose: at least so many, this part of all sign-ins, and so many times the usual. */
const serviceFaultsMin = 5
const serviceFaultShareMin = 0.05
const serviceFaultFactor = 3
/** Successes fell to this part of the usual, where that is no less than the floor. */
const successesLeft = 0.5

/**
 * The share of known user sign-ins that show a signal, in the window up to `completeTo`. Its presence alone is an exercise:
 * an `info` of its own. An outage takes the threshold in every bucket of the window with another sign beside it, or half of
 * all sign-ins in each; the other signs are compared with last week, and without history with the hour before.
 */
export function evaluateShare(rule: AlertRule, measure: ShareMeasure, observations: Observations): Evaluation[] {
  const sight = sightOf(rule, observations, (stream) => streamOf(stream).person)
  const { settled, streams } = sight
  const window = settled ?? sight.edge
  const rows = rowsIn(observations.rows, window, streams)
  const share = shareIn(rows, measure.signal)
  const facets = facetsIn(observations, window, streams)
  const scopes = [`signal|${measure.signal}`]
  const labels = { family: 'backup-auth', signal: measure.signal }
  const common = {
    rule,
    noData: settled === undefined,
    value: rounded(share.value),
    usual: rule.baseline ? usualShare(observations, window, streams, measure.signal) : undefined,
    threshold: rule.threshold,
    unit: 'share',
    window,
    completeTo: sight.completeTo,
    facts: {
      percent: Math.round(share.value * 1000) / 10,
      minutes: rule.window / minute,
      serviceFaults: sumOf(rows, (row) => outcomeCount(row, 'serviceFault')),
      successes: sumOf(rows, (row) => outcomeCount(row, 'success')),
    },
    top: topOf(
      observations,
      { apps: facetCounts(facets, scopes, 'apps'), resourceTenants: facetCounts(facets, scopes, 'resourceTenants') },
      facets,
    ),
  } as const
  const outage = settled ? outageCauses(rule, measure, observations, settled, streams) : []
  const lasting: readonly Cause[] = settled && share.value >= rule.threshold ? ['share-corroborated', 'share'] : []
  const exercise: readonly Cause[] = settled && share.isTrue > 0 && outage.length === 0 ? ['exercise'] : []
  const id = alertId(rule.id)
  return [
    { ...common, id, labels, causes: outage, lasting, severity: rule.severity },
    {
      ...common,
      id: alertId(rule.id, 'exercise'),
      labels: { ...labels, likely: 'exercise' },
      causes: exercise,
      lasting: exercise,
      unless: id,
      severity: 'info',
    },
  ]
}

function outageCauses(
  rule: AlertRule,
  measure: ShareMeasure,
  observations: Observations,
  range: TimeRange,
  streams: readonly StreamId[],
): Cause[] {
  const rows = rowsIn(observations.rows, range, streams)
  if (shareIn(rows, measure.signal).known < rule.floor) return []
  const shares = bucketStarts(range, '5m').map((from) => shareIn(rowsIn(rows, { from, to: from + bucketLength }, streams), measure.signal))
  const throughout = (least: number): boolean => shares.every(({ known, value }) => known > 0 && value >= least)
  if (throughout(Math.max(shareAlone, rule.threshold))) return ['share']
  if (!throughout(rule.threshold)) return []
  const corroborated = serviceFaultsRose(observations, range, streams) || successesFell(observations, range, streams, rule.floor)
  return corroborated ? ['share-corroborated'] : []
}

function serviceFaultsRose(observations: Observations, range: TimeRange, streams: readonly StreamId[]): boolean {
  const rows = rowsIn(observations.rows, range, streams)
  const faults = sumOf(rows, (row) => outcomeCount(row, 'serviceFault'))
  const signIns = sumOf(rows, (row) => outcomes.reduce((sum, outcome) => sum + outcomeCount(row, outcome), 0))
  const usual = usualOutcome(observations, range, streams, 'serviceFault') ?? 0
  return faults >= serviceFaultsMin && faults >= serviceFaultShareMin * signIns && faults >= serviceFaultFactor * usual
}

function successesFell(observations: Observations, range: TimeRange, streams: readonly StreamId[], floor: number): boolean {
  const successes = sumOf(rowsIn(observations.rows, range, streams), (row) => outcomeCount(row, 'success'))
  const usual = usualOutcome(observations, range, streams, 'success')
  return usual !== undefined && usual >= floor && successes <= successesLeft * usual
}

/** Of an outcome, last week's count or else that of the hour before the window. */
function usualOutcome(observations: Observations, range: TimeRange, streams: readonly StreamId[], outcome: Outcome): number | undefined {
  const count = (row: BucketRow): number => outcomeCount(row, outcome)
  const hourBefore = { from: range.from - hour, to: range.from }
  return (
    scaledCount(observations.usualRows, hourLastWeek(range), range, streams, count) ??
    scaledCount(observations.rows, hourBefore, range, streams, count)
  )
}

interface Share {
  readonly known: number
  readonly isTrue: number
  /** 0 where nothing is known. */
  readonly value: number
}

function shareIn(rows: readonly BucketRow[], signal: SignalId): Share {
  const known = sumOf(rows, (row) => signalCount(row, signal, 'known'))
  const isTrue = sumOf(rows, (row) => signalCount(row, signal, 'true'))
  return { known, isTrue, value: known === 0 ? 0 : isTrue / known }
}

function usualShare(observations: Observations, range: TimeRange, streams: readonly StreamId[], signal: SignalId): number | undefined {
  const reference = hourLastWeek(range)
  const known = scaledCount(observations.usualRows, reference, range, streams, (row) => signalCount(row, signal, 'known'))
  if (known === undefined || known === 0) return undefined
  return rounded(shareIn(rowsIn(observations.usualRows, reference, streams), signal).value)
}

const signalCount = (row: BucketRow, signal: SignalId, what: 'known' | 'true'): number =>
  outcomes.reduce((sum, outcome) => sum + (row.counts.signals.get(`${signal}|${outcome}|${what}`) ?? 0), 0)

function outcomeCount(row: BucketRow, outcome: Outcome): number {
  let signIns = 0
  for (const [cell, count] of row.counts.cells) if (cell.startsWith(`${outcome}|`)) signIns += count
  return signIns
}

const rounded = (share: number): number => Math.round(share * 10_000) / 10_000
