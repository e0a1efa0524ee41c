import {
  answeredFrom,
  bucketStart,
  bucketStarts,
  type Grain,
  grains,
  type TimeRange,
  widenToGrain,
  type ZoneOffset,
} from '../signIns/buckets'
import { day, formatInstant, hour, type Instant, minute } from '../signIns/instant'
import { type Parameters, refuse } from './queryParameters'

/** What the window of a query is judged by. */
export interface WindowLimits {
  readonly now: Instant
  readonly zone: ZoneOffset
  /** Days that each grain is kept. */
  readonly retention: Readonly<Record<Grain, number>>
}

export interface WindowQuery {
  readonly window: TimeRange
  readonly grain: Grain
}

/** The parameters that {@link readWindowQuery} reads. */
export const windowParameters = ['from', 'to', 'window', 'grain'] as const

const pointsMax = 2_400
const units: Readonly<Record<string, number>> = { m: minute, h: hour, d: day }

/**
 * Reads `from` and `to`, or `window` (24 hours by default), and the grain, and widens the window to the grain. A window
 * without an explicit `to` ends at the start of the open bucket.
 */
export function readWindowQuery(parameters: Parameters, limits: WindowLimits): WindowQuery {
  const asked = readRange(parameters, limits.now)
  const grain = readGrain(parameters, asked, limits)
  const window = widenToGrain(asked, grain, limits.zone)
  const points = bucketStarts(window, grain, limits.zone).length
  if (points > pointsMax) {
    const coarser = grains.slice(grains.indexOf(grain) + 1)
    refuse(
      'too-many-points',
      'grain',
      `The window has ${points} points of ${grain}; at most ${pointsMax} are given. ${coarser.length > 0 ? `Ask for grain ${coarser.join(' or ')}, or a` : 'Ask for a'} shorter window.`,
    )
  }
  return { window, grain }
}

function readRange(parameters: Parameters, now: Instant): TimeRange {
  const length = readLength(parameters)
  const from = parameters.instant('from')
  const to = parameters.instant('to')
  if (length !== undefined && from !== undefined) {
    refuse(
      'parameter-contradictory',
      'window',
      '"window" goes with neither "from" nor both bounds: give "from" and "to", or "window", or "window" and "to".',
    )
  }
  const end = to ?? bucketStart(now, '5m')
  const start = from ?? end - (length ?? day)
  if (start >= end)
    refuse('parameter-contradictory', 'from', `"from" (${formatInstant(start)}) has to be before "to" (${formatInstant(end)}).`)
  if (end > now + day) refuse('parameter-invalid', 'to', `"to" is at most a day ahead of now (${formatInstant(now)}).`)
  return { from: start, to: end }
}

function readLength(parameters: Parameters): number | undefined {
  const text = parameters.text('window')
  if (text === undefined) return undefined
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  const length = Number(count) * (units[unit ?? ''] ?? Number.NaN)
  if (!(length >= 5 * minute)) refuse('parameter-invalid', 'window', '"window" is a length such as 30m, 24h or 7d, at least 5m.')
  return length
}

function readGrain(parameters: Parameters, asked: TimeRange, limits: WindowLimits): Grain {
  const choice = parameters.choice('grain', ['auto', ...grains], 'auto')
  const possible = grains.filter((grain) => asked.from >= answeredFrom(limits.now, limits.retention[grain]))
  if (possible.length === 0) {
    const longest = Math.max(...grains.map((grain) => limits.retention[grain]))
    refuse(
      'window-too-long',
      'from',
      `Counts are kept for ${longest} days: "from" can be ${formatInstant(limits.now - longest * day)} at the earliest.`,
    )
  }
  if (choice === 'auto') {
    const length = asked.to - asked.from
    const wished: Grain = length <= 48 * hour ? '5m' : length <= 31 * day ? '1h' : '1d'
    return possible.find((grain) => grains.indexOf(grain) >= grains.indexOf(wished)) ?? '1d'
  }
  if (!possible.includes(choice)) {
    refuse(
      'grain-not-kept',
      'grain',
      `Counts of ${choice} are kept for ${limits.retention[choice]} days. For this window ask for grain ${possible.join(' or ')}.`,
    )
  }
  return choice
}
