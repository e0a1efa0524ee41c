import { type Instant, second } from '../signIns/instant'

const httpDatePattern = /^[A-Z][a-z]+, .* GMT$/

/** Reads an HTTP date (RFC 9110, 5.6.7); anything else is `undefined`. */
export function parseHttpDate(text: string | null): Instant | undefined {
  const at = text !== null && httpDatePattern.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** Milliseconds that a `Retry-After` header asks for: seconds, whole or not, or an HTTP date as seen from `now`. Undefined where it says nothing readable. */
export function parseRetryAfter(text: string | null, now: Instant): number | undefined {
  if (text === null) return undefined
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Math.ceil(Number(text) * second)
  const at = parseHttpDate(text.trim())
  return at === undefined ? undefined : Math.max(0, at - now)
}
