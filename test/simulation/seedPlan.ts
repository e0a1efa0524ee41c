import { type Random, randomOf } from '../../local/simulatedTenant/random'
import type { TimeRange } from '../../shared/signIns/buckets'
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
  readonly lookbackHours: number
  readonly retention5mDays: number
  readonly runLeaseSeconds: number
  readonly dayZoneHours: number
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

/** Draws the plan of a seed. The same seed has the same plan everywhere. */
export function planSeed(seed: number): SeedPlan {
  const random = randomOf(seed, 20_260_101)
  const begins = year + random.below(300) * day + random.below(day / minute) * minute + random.below(minute)
  const faults = drawFaults(random, random.pick([0, 0.15, 0.35, 0.6]))
  const faultyFor = random.pick([4, 6, 10, 26]) * hour
  const faultsEnd = begins + faultyFor
  const streams = drawStreams(random)
  const historyHours = random.pick([1, 1, 4, 10, 44])
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
    // What lies before the first start is to be read before the lookback has gone on.
    lookbackHours: historyHours + 42,
    retention5mDays: random.pick([2, 2, 8]),
    runLeaseSeconds: random.pick([2, 30, 30]),
    dayZoneHours: random.pick([0, 0, 9, -5]),
    population: {
      tenantId,
      range: { from: begins - historyHours * hour, to: faultsEnd },
      streams,
      signInsPerDay: {
        interactiveUser: random.pick([20, 100, 200]),
        nonInteractiveUser: random.pick([40, 200, 500]),
        servicePrincipal: random.pick([0, 100, 300]),
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
      trouble: drawTroubles(faults, streams, begins, during, random),
      retention: isRetentionShort ? 54 * hour : 30 * day,
      isRetentionShort,
    },
    throughHttp: random.chance(0.5),
    rowsPerPage: random.pick([12, 40, 100]),
    isEncoded: random.chance(0.05),
    tableOutages: during('table-outage', 3 * hour),
    tokenOutages: during('no-token', 3 * hour),
    platformOutages: during('platform-outage', 10 * hour),
    ...clock,
    random,
  }
}

function drawStreams(random: Random): StreamId[] {
  let wanted = random.pick([1, 1, 1, 1, 2, 2, 2, 4])
  return streamIds.filter((_, index) => {
    const isDrawn = random.chance(wanted / (streamIds.length - index))
    if (isDrawn) wanted -= 1
    return isDrawn
  })
}

function drawTroubles(
  faults: Faults,
  streams: readonly StreamId[],
  begins: Instant,
  during: (fault: FaultId, lengthMax: number) => TimeRange[],
  random: Random,
): GraphPeriods['trouble'] {
  const outages = during('graph-outage', 8 * hour)
  const forbidden = during('stream-forbidden', 8 * hour)
  const forbiddenStream = random.pick(streams)
  const permittedFrom = faults.has('permission-later') ? begins + random.below(10 * hour) : begins
  const licensedFrom = faults.has('licence-later') ? begins + random.below(10 * hour) : begins
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
