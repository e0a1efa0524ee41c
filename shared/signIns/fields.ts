import { hour, type Instant, minute, parseInstant, second } from './instant'

/** An object of a row as it came: nothing about it is known yet. */
export type Row = Readonly<Record<string, unknown>>

/** Whether a value is an object with named properties, not a list. */
export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a property says anything: diagnostic records write `""` where Graph writes null. */
export const isPresent = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** Text that is not empty; a number becomes its digits. Anything else is `undefined`. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' ? String(value) : undefined
}

/** A boolean, also as text (`true`, `True`, `Yes`, `1`) or number. Absent or anything else is `undefined`, never false. */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === undefined || value === null) return undefined
  return flagTexts.get(typeof value === 'string' ? value.trim().toLowerCase() : String(value))
}

const flagTexts: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
])

/** A whole number from 0 up, also as text (`12271`, `12271.0`). */
export function integerOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string' || value.length > 20 || !integerPattern.test(value)) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}

const integerPattern = /^\s*\d+(?:\.0+)?\s*$/

/** The number of AADSTSnnnnn, also as text or with its prefix; the text `Success` is 0. */
export function errorCodeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return integerOf(value)
  const text = value.trim()
  if (text.toLowerCase() === 'success') return 0
  return integerOf(text.slice(0, 6).toUpperCase() === 'AADSTS' ? text.slice(6) : text)
}

/** An object, also as JSON text, which is how Log Analytics keeps it in some tables. */
export function objectOf(value: unknown): Row | undefined {
  const parsed = typeof value === 'string' ? parsedJson(value, '{') : value
  return isRow(parsed) ? parsed : undefined
}

/** A list, also as JSON text. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  const parsed = typeof value === 'string' ? parsedJson(value, '[') : undefined
  return Array.isArray(parsed) ? parsed : undefined
}

function parsedJson(text: string, opening: '{' | '['): unknown {
  if (text === '[]') return emptyList
  if (!text.trimStart().startsWith(opening)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const emptyList: readonly unknown[] = []

/** A property of an object under Graph's name or, where the first letter drifted to upper case, under that. */
export function propertyOf(object: Row, name: string, pascalName: string): unknown {
  const value = object[name]
  return value === undefined ? object[pascalName] : value
}

/**
 * A moment: ISO 8601 with 0 to 9 decimals, the American form of some exports (`11/14/2025 1:48:53 AM`, taken as UTC),
 * `/Date(1763084933000)/` of Windows PowerShell, or a number of milliseconds or seconds since 1970.
 */
export function instantOf(value: unknown): Instant | undefined {
  if (typeof value === 'string') return isoSecond(value) ?? parseInstant(value) ?? looseInstant(value.trim())
  return typeof value === 'number' ? epochInstant(value) : undefined
}

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48
const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

let lastText = ''
let lastInstant: Instant | undefined
let lastDate = ' '
let lastMidnight: Instant | undefined

/** The form that Graph writes, `2026-01-01T00:00:00Z`, without a regular expression: rows of one page share their date, and many their second. */
function isoSecond(text: string): Instant | undefined {
  if (text === lastText) return lastInstant
  if (text.length !== 20 || text.charCodeAt(19) !== 90 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined
  if (!text.startsWith(lastDate)) {
    const date = text.slice(0, 10)
    lastMidnight = parseInstant(date)
    lastDate = date
  }
  const hours = twoDigits(text, 11)
  const minutes = twoDigits(text, 14)
  const seconds = twoDigits(text, 17)
  const plain = hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60 && text.charCodeAt(10) === 84
  if (!plain || lastMidnight === undefined) return undefined
  lastInstant = lastMidnight + hours * hour + minutes * minute + seconds * second
  lastText = text
  return lastInstant
}

const americanPattern = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),?\s+(\d{1,2}):(\d\d)(?::(\d\d)(\.\d{1,9})?)?\s*([AaPp])?\.?(?:[Mm])?\.?(?:\s*UTC)?$/
const datePattern = /^\/Date\((\d{1,16})(?:[+-]\d{4})?\)\/$/

function looseInstant(text: string): Instant | undefined {
  if (text.length > 40) return undefined
  if (integerPattern.test(text)) return epochInstant(Number(text))
  const date = datePattern.exec(text)
  if (date) return epochInstant(Number(date[1]))
  const parts = americanPattern.exec(text)
  if (!parts) return undefined
  const [, month = '', dayOfMonth = '', year = '', hours = '', minutes = '', seconds = '00', fraction = '', half] = parts
  const hourOfDay = half === undefined ? Number(hours) : hourOfHalf(Number(hours), half)
  if (hourOfDay === undefined) return undefined
  const two = (part: string | number): string => String(part).padStart(2, '0')
  return parseInstant(`${year}-${two(month)}-${two(dayOfMonth)}T${two(hourOfDay)}:${minutes}:${seconds}${fraction}Z`)
}

function hourOfHalf(hours: number, half: string): number | undefined {
  if (hours < 1 || hours > 12) return undefined
  return (hours % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}

const year2001 = 978_307_200
const year2200 = 7_258_118_400

/** Seconds and milliseconds lie so far apart that a time of this century can be only one of them. */
function epochInstant(value: number): Instant | undefined {
  if (value >= year2001 && value < year2200) return Math.floor(value * second)
  return value >= year2001 * second && value < year2200 * second ? Math.floor(value) : undefined
}
