import { type Random, randomOf } from '../../local/simulatedTenant/random'
import { zoneOffset } from '../../shared/runtime/dayZone'
import { type Grain, type TimeRange, utc, type ZoneOffset } from '../../shared/signIns/buckets'
import { day, hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { drawFaults, type FaultId, type Faults } from './faults'
import type { Population } from './signInLog'
import type { GraphPeriods } from './virtualGraph'

/** Everything that one seed decides before anything runs. */
export interface SeedPlan {
  readonly seed: number
  /** When the product is started for the first time. */
  readonly begins: Instant
  /** Until here everything may fail; nothing happens in the tenant after it. */
  readonly faultsEnd: Instant
  /** By then the last settling age of the last bucket has been read. */
  readonly ends: Instant
  readonly streams: readonly StreamId[]
  /** The gaps between two runs, in minutes, while everything may fail, and after it. */
  readonly gaps: readonly number[]
  readonly quietGaps: readonly number[]
  readonly lookbackHours: number
  readonly retentionDays: Readonly<Record<Grain, number>>
  readonly runLeaseSeconds: number
  readonly zone: ZoneOffset
  readonly population: Population
  readonly faults: Faults
  readonly periods: GraphPeriods
  /** Half of the seeds read through the real Graph client. */
  readonly throughHttp: boolean
  readonly rowsPerPage: number
  /** Some seeds store buckets as the product does; encoding takes most of the time, so the others leave it out. */
  readonly isEncoded: boolean
  /** Stretches without a table service, without a token, without any instance. */
  readonly tableOutages: readonly TimeRange[]
  readonly tokenOutages: readonly TimeRange[]
  readonly platformOutages: readonly TimeRange[]
  /** What our clock is ahead of the true one at an instant, in milliseconds. */
  readonly clockError: (now: Instant) => number
  /** Instants at which our clock jumps. */
  readonly clockJumps: readonly Instant[]
  readonly random: Random
}

const tenantId = '5e1f0c9a-7b3d-4d62-9a41-c0ffee2026aa'
const year = parseInstant('2026-01-01T00:00:00Z') ?? 0

/**
 * How long everything may fail, in hours, the gaps between runs meanwhile, in minutes, and the number of streams: a longer
 * life has wider gaps and fewer streams, so that all of them take about as long.
 */
const lives: readonly { readonly hours: number; readonly gaps: readonly number[]; readonly streams: readonly number[] }[] = [
  { hours: 6, gaps: [1, 1, 2, 5, 9, 14, 30, 45], streams: [1, 1, 2, 4] },
  { hours: 12, gaps: [1, 2, 9, 14, 30, 45, 60], streams: [1, 1, 1, 2] },
  { hours: 24, gaps: [2, 9, 30, 60, 90, 120], streams: [1, 1, 1, 2] },
  { hours: 54, gaps: [5, 60, 90, 150, 210, 300], streams: [1, 1, 1, 2] },
]

/** The gaps after the faults, in minutes: as long as they are short, most of the time of a life goes into them. */
const quietGaps: readonly (readonly number[])[] = [
  [60, 120, 150],
  [240, 300, 390],
  [480, 660],
  [600, 780],
]

/** Hours of these histories are older than their retention of 8 days, or grow so while the life lasts. */
const longHistories: readonly number[] = [150, 170, 240]

/** Zones of days, and some of the instants at which they change their clocks. */
const zones: readonly { readonly name: string; readonly changes: readonly string[] }[] = [
  { name: 'Europe/Berlin', changes: ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'] },
  { name: 'America/New_York', changes: ['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'] },
  { name: 'Asia/Tokyo', changes: [] },
]

/** Draws the plan of a seed. The same seed has the same plan everywhere. */
export function planSeed(seed: number): SeedPlan {
  const random = randomOf(seed, 20_260_101)
  const { zone, begins } = drawBegin(random)
  const faults = drawFaults(random, random.pick([0, 0.15, 0.35, 0.6]))
  const { hours: faultyHours, gaps, streams: streamCounts } = random.pick(lives)
  const faultyFor = faultyHours * hour
  const faultsEnd = begins + faultyFor
  const streams = drawStreams(random.pick(streamCounts), random)
  const retentionDays = { '5m': random.pick([2, 2, 8]), '1h': random.pick([8, 93]), '1d': 400 }
  const historyHours = retentionDays['1h'] === 8 && random.chance(0.15) ? random.pick(longHistories) : random.pick([1, 1, 4, 10, 44])
  const isRetentionShort = faults.has('short-retention')
  const stretch = (lengthMax: number, lengthMin = 10 * minute): TimeRange => {
    const length = Math.min(faultyFor, lengthMin + random.below(Math.max(1, lengthMax - lengthMin)))
    const from = begins + random.below(Math.max(1, faultyFor - length))
    return { from, to: Math.min(faultsEnd, from + length) }
  }
  const during = (fault: FaultId, lengthMax: number): TimeRange[] => (faults.has(fault) ? [stretch(lengthMax)] : [])
  const clock = drawClock(faults, stretch, random)
  return {
    seed,
    begins,
    faultsEnd,
    ends: faultsEnd + 28 * hour,
    streams,
    gaps,
    quietGaps: random.pick(quietGaps),
    // What lies before the first start is to be read before the lookback has gone on.
    lookbackHours: Math.max(historyHours + faultyHours + 8, random.pick([0, 0, 100])),
    retentionDays,
    runLeaseSeconds: random.pick([2, 30, 30]),
    zone,
    population: {
      tenantId,
      range: { from: begins - historyHours * hour, to: faultsEnd },
      streams,
      signInsPerDay: {
        interactiveUser: random.pick([20, 60, 120]),
        nonInteractiveUser: random.pick([40, 120, 240]),
        servicePrincipal: random.pick([0, 60, 160]),
        managedIdentity: random.pick([0, 20, 60]),
      },
      lateShare: random.pick([0, 0.02, 0.15]),
      latestArrival: random.pick([30 * minute, 5 * hour, 23 * hour]),
      changedShare: random.pick([0, 0.03, 0.2]),
      severalTypesShare: random.pick([0, 0.05]),
      malformedShare: faults.has('rows-out-of-order') || faults.has('rows-outside') ? 0 : random.pick([0, 0.01]),
      decimals: random.pick([0, 0, 3, 7, 1]),
    },
    faults,
    periods: {
      trouble: drawTroubles(faults, streams, { from: begins, to: faultsEnd }, during, random),
      retention: isRetentionShort ? 54 * hour : 30 * day,
      isRetentionShort,
    },
    throughHttp: random.chance(0.5),
    rowsPerPage: random.pick([12, 40, 100]),
    isEncoded: streams.length === 1 && random.chance(0.05),
    tableOutages: during('table-outage', 3 * hour),
    tokenOutages: during('no-token', 3 * hour),
    platformOutages: during('platform-outage', 10 * hour),
    ...clock,
    random,
  }
}

/** A quarter of the lives begins shortly before its zone changes its clock. */
function drawBegin(random: Random): Pick<SeedPlan, 'zone' | 'begins'> {
  const { name, changes } = random.pick(zones)
  const change = changes.length > 0 && random.chance(0.4) ? parseInstant(random.pick(changes)) : undefined
  const begins = change === undefined ? year + random.below(300) * day : change - day - random.below(day / hour) * hour
  const zone = random.chance(0.4) && change === undefined ? utc : zoneOffset(name)
  if (!zone) throw new Error(`There is no zone ${name}.`)
  return { zone, begins: begins + random.below(day / minute) * minute + random.below(minute) }
}

function drawStreams(count: number, random: Random): StreamId[] {
  let wanted = count
  return streamIds.filter((_, index) => {
    const isDrawn = random.chance(wanted / (streamIds.length - index))
    if (isDrawn) wanted -= 1
    return isDrawn
  })
}

function drawTroubles(
  faults: Faults,
  streams: readonly StreamId[],
  faulty: TimeRange,
  during: (fault: FaultId, lengthMax: number) => TimeRange[],
  random: Random,
): GraphPeriods['trouble'] {
  const outages = during('graph-outage', 8 * hour)
  const forbidden = during('stream-forbidden', 8 * hour)
  const forbiddenStream = random.pick(streams)
  const later = (): Instant => faulty.from + random.below(Math.min(10 * hour, faulty.to - faulty.from))
  const permittedFrom = faults.has('permission-later') ? later() : faulty.from
  const licensedFrom = faults.has('licence-later') ? later() : faulty.from
  return (stream, now) => {
    if (isWithin(outages, now)) return 'graph-outage'
    if (now < licensedFrom) return 'licence-later'
    if (now < permittedFrom) return 'permission-later'
    return stream === forbiddenStream && isWithin(forbidden, now) ? 'stream-forbidden' : undefined
  }
}

function drawClock(faults: Faults, stretch: (lengthMax: number) => TimeRange, random: Random): Pick<SeedPlan, 'clockError' | 'clockJumps'> {
  const error = faults.has('clock-ahead') ? hour : faults.has('clock-behind') ? -hour : 0
  if (error === 0) return { clockError: () => 0, clockJumps: [] }
  const wrong = stretch(random.pick([2, 30]) * hour)
  return { clockError: (now) => (isWithin([wrong], now) ? error : 0), clockJumps: [wrong.from, wrong.to] }
}

/** Whether an instant lies in one of some stretches. */
export const isWithin = (stretches: readonly TimeRange[], now: Instant): boolean =>
  stretches.some(({ from, to }) => now >= from && now < to)
