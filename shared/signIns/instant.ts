/**
 * A moment in time: whole milliseconds since 1970-01-01T00:00:00Z. The pure folders reckon with it and never with
 * `Date`, so that a decision depends on nothing but its arguments.
 */
export type Instant = number

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar. `month` is 1 to 12. */
function daysFromCivil(year: number, month: number, dayOfMonth: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/** The calendar date (UTC) that an instant falls on. */
export function civilDate(at: Instant): { year: number; month: number; day: number } {
  const days = Math.floor(at / day) + 719_468
  const era = Math.floor(days / 146_097)
  const dayOfEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}

/** The first instant of a month (UTC). Months beyond 12 carry into the next year. */
export const startOfMonth = (year: number, month: number): Instant =>
  daysFromCivil(year + Math.floor((month - 1) / 12), ((month - 1) % 12) + 1, 1) * day

const isoPattern = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d\d:?\d\d)?)?$/
const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Reads an ISO 8601 date or date-time with 0 to 9 decimals, `Z` or an offset; without a zone it is UTC, which is how
 * Log Analytics exports write it. Fractions are cut to milliseconds. Anything else, an impossible date included, is `undefined`.
 */
export function parseInstant(text: string): Instant | undefined {
  const parts = isoPattern.exec(text)
  if (!parts) return undefined
  const [, year, month, dayOfMonth, hours = '0', minutes = '0', seconds = '0', fraction = '', zone = 'Z'] = parts
  const monthNumber = Number(month)
  if (monthNumber < 1 || Number(dayOfMonth) < 1 || Number(dayOfMonth) > (daysInMonth[monthNumber - 1] ?? 0)) return undefined
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return undefined
  const midnight = daysFromCivil(Number(year), monthNumber, Number(dayOfMonth)) * day
  if (civilDate(midnight).day !== Number(dayOfMonth)) return undefined
  const offset = zoneOffset(zone)
  if (offset === undefined) return undefined
  const clock = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * second
  return midnight + clock + Number(fraction.padEnd(3, '0').slice(0, 3)) - offset
}

function zoneOffset(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 14 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * hour + minutes * minute)
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value))

/** ISO 8601 in UTC, to the second, with milliseconds only where there are some: `2026-01-01T00:00:00Z`. */
export function formatInstant(at: Instant): string {
  const date = civilDate(at)
  const time = at - Math.floor(at / day) * day
  const milliseconds = time % second
  const clock = `${two(Math.floor(time / hour))}:${two(Math.floor(time / minute) % 60)}:${two(Math.floor(time / second) % 60)}`
  const fraction = milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0')}`
  return `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}T${clock}${fraction}Z`
}

/** {@link formatInstant}, or null where there is no instant. */
export const formatInstantOrNull = (at: Instant | undefined): string | null => (at === undefined ? null : formatInstant(at))
