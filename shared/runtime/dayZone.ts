import type { ZoneOffset } from '../signIns/buckets'
import { day, hour, type Instant, minute } from '../signIns/instant'

/** Offsets change at most at the start of an hour, so one look-up an hour is enough. */
const rememberedHoursMax = 20_000

/**
 * The offset of an IANA zone, or undefined where there is no such zone or its clock is not ahead of UTC by whole hours
 * (days are made of hours).
 */
export function zoneOffset(name: string): ZoneOffset | undefined {
  const format = formatOf(name)
  if (!format) return undefined
  const remembered = new Map<Instant, number>()
  const offset: ZoneOffset = (at) => {
    const start = Math.floor(at / hour) * hour
    const known = remembered.get(start)
    if (known !== undefined) return known
    const found = offsetAt(format, start)
    if (remembered.size >= rememberedHoursMax) remembered.clear()
    remembered.set(start, found)
    return found
  }
  const samples = Array.from({ length: 24 }, (_, month) => Date.now() - month * 30 * day)
  return samples.every((at) => offset(at) % hour === 0) ? offset : undefined
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    return undefined
  }
}

function offsetAt(format: Intl.DateTimeFormat, at: Instant): number {
  const text = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * hour + Number(minutes) * minute)
}
