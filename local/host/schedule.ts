import { Cron } from 'croner'
import { MonitorError } from '../../shared/runtime/errors'
import { type Instant, minute } from '../../shared/signIns/instant'

/** When a timer function runs. */
export interface Schedule {
  /** The first occurrence after an instant. */
  next(after: Instant): Instant
  /** Whether the host keeps the times of past and coming runs: it does not for schedules that come more than once a minute. */
  readonly monitored: boolean
}

const lastOfField = [59, 59, 23, 31, 12, 6]
const fieldPattern = /^(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/\d+)?$/
const names = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)$/i

/**
 * Reads an NCRONTAB expression: `{second} {minute} {hour} {day} {month} {weekday}`, or five fields without the seconds, in
 * UTC. Day **and** weekday have to match, weekdays are 0 to 6, and `L`, `W`, `#` and `?` do not exist.
 * Throws `setting-invalid` for anything else and for a time that never comes.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export const parseSchedule = (expression: string, now: Instant): Schedule => {
  const invalid = (why: string, cause?: unknown): MonitorError =>
    new MonitorError('setting-invalid', `The schedule "${expression}" ${why}; a right one is "0 */5 * * * *".`, { cause })
  const given = expression.trim().split(/\s+/)
  const fields = given.length === 5 ? ['0', ...given] : given
  if (fields.length !== 6) throw invalid('does not have 5 or 6 fields')
  const pattern = fields.map((field, at) => {
    const parts = field.split(',')
    if (!parts.every((part) => isPart(part, at))) throw invalid(`has a field that is not understood: ${field}`)
    // A start without an end, such as 5/15, runs to the end of the field.
    return parts.map((part) => part.replace(/^(\d+)\//, `$1-${lastOfField[at]}/`)).join(',')
  })
  const cron = newCron(pattern.join(' '), invalid)
  const next = (after: Instant): Instant => {
    const found = cron.nextRun(new Date(after))
    if (!found) throw invalid('never comes')
    return found.getTime()
  }
  return { next, monitored: shortestGap(next, now) >= minute }
}

/** `at` is the field's place: month and weekday may be names, and Sunday is 0 only. */
function isPart(part: string, at: number): boolean {
  if (!fieldPattern.test(part)) return false
  const values = (part.split('/')[0] ?? '').split('-').filter((value) => value !== '*')
  return values.every((value) => (/^\d+$/.test(value) ? Number(value) <= (lastOfField[at] ?? 0) : at >= 4 && names.test(value)))
}

function newCron(pattern: string, invalid: (why: string, cause?: unknown) => MonitorError): Cron {
  try {
    return new Cron(pattern, { paused: true, timezone: 'UTC', domAndDow: true, mode: '6-part' })
  } catch (cause) {
    throw invalid(`is refused (${cause instanceof Error ? cause.message : String(cause)})`, cause)
  }
}

function shortestGap(next: (after: Instant) => Instant, now: Instant): number {
  let at = next(now)
  let shortest = Number.POSITIVE_INFINITY
  for (let times = 0; times < 5; times++) {
    const following = next(at)
    shortest = Math.min(shortest, following - at)
    at = following
  }
  return shortest
}
