import { bucketLength, bucketStart } from '../../shared/signIns/buckets'
import { day, hour, type Instant } from '../../shared/signIns/instant'
import type { StreamId } from '../../shared/signIns/streams'
import { offices, type Site } from './company'

/** What part of a working day's rows each stream has. */
const streamShares: Readonly<Record<StreamId, number>> = {
  interactiveUser: 0.08,
  nonInteractiveUser: 0.65,
  servicePrincipal: 0.25,
  managedIdentity: 0.02,
}

/** How much of a stream goes on day and night: devices refresh tokens and jobs run while people sleep. */
const steadyShares: Readonly<Record<StreamId, number>> = {
  interactiveUser: 0.12,
  nonInteractiveUser: 0.45,
  servicePrincipal: 1,
  managedIdentity: 1,
}

const weekend = 0.45
const officeOpens = 8
const officeHours = 10

/** How busy an office is: 1 on average over a working day, 0 at night, less on a Saturday and a Sunday of its own calendar. */
export function officeActivity(site: Site, at: Instant): number {
  const local = at + site.utcOffsetHours * hour
  const hours = (local - bucketStart(local, '1d')) / hour - officeOpens
  if (hours <= 0 || hours >= officeHours) return 0
  const peak = ((Math.PI / 2) * 24) / officeHours
  return peak * Math.sin((Math.PI * hours) / officeHours) * (isWeekend(local) ? weekend : 1)
}

/** How many rows of a stream a 5-minute bucket has on average, when a working day has `rowsPerDay` of all streams. */
export function expectedRows(stream: StreamId, start: Instant, rowsPerDay: number): number {
  const steady = steadyShares[stream]
  const people = offices.reduce((sum, site) => sum + site.share * officeActivity(site, start), 0)
  const shape = steady === 1 ? jobActivity(start) : steady + (1 - steady) * people
  return ((rowsPerDay * streamShares[stream] * bucketLength) / day) * shape
}

/** Jobs like the full hour. */
const jobActivity = (start: Instant): number => (start - bucketStart(start, '1h') < bucketLength ? 2.1 : 0.9)

/** 1970-01-01 was a Thursday. */
const isWeekend = (at: Instant): boolean => [2, 3].includes(((Math.floor(at / day) % 7) + 7) % 7)
