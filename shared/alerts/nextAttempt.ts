import { hour, type Instant, minute, second } from '../signIns/instant'
import type { OutboxRow } from './alert'

/** What came of one attempt. */
export type Attempt =
  | { readonly kind: 'delivered'; readonly status: number }
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: 'dead'; readonly reason: string }

/** Waiting times after the first attempt, the second and so on; after the last attempt the notification is parked. */
export const retryDelays: readonly number[] = [5 * second, minute, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour]
const jitter = 0.2
const retryAfterMax = 24 * hour

/**
 * The row after an attempt: delivered, waiting for its next one, or parked after the last one and when the receiver is gone
 * for good. A retry waits as scheduled with up to 20 % more, which depends on the id alone, or as long as the receiver asked
 * for, up to a day.
 */
export function nextAttempt(row: OutboxRow, attempt: Attempt, now: Instant): OutboxRow {
  const attempts = row.attempts + 1
  if (attempt.kind === 'delivered') return { ...row, state: 'delivered', attempts, lastReason: undefined }
  const delay = retryDelays[row.attempts]
  if (attempt.kind === 'dead' || delay === undefined) return { ...row, state: 'parked', attempts, lastReason: attempt.reason }
  const scheduled = delay * (1 + jitter * fractionOf(row.id))
  const asked = Math.min((attempt.retryAfterSeconds ?? 0) * second, retryAfterMax)
  return { ...row, attempts, nextAttemptAt: now + Math.round(Math.max(scheduled, asked)), lastReason: attempt.reason }
}

const handedOver = '_for_'

/**
 * The same content for another one of the receivers that its alerts are for, when the attempt showed that its own is gone for
 * good. Undefined where there is no other, and for a notification that was handed over before. Its id depends on the row and
 * the receivers alone, so repeating it adds nothing.
 */
export function handOver(row: OutboxRow, attempt: Attempt, receivers: readonly string[], now: Instant): OutboxRow | undefined {
  if (attempt.kind !== 'dead' || row.id.includes(handedOver)) return undefined
  const receiver = receivers.find((other) => other !== row.receiver)
  if (receiver === undefined) return undefined
  const id = `${row.id}${handedOver}${receiver.replace(/[^A-Za-z0-9_-]/g, '-')}`
  return { ...row, id, receiver, state: 'waiting', attempts: 0, nextAttemptAt: now, lastReason: undefined }
}

/** A fraction of 0 to 1 that is always the same for a text (FNV-1a). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
