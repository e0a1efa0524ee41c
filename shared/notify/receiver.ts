import * as z from 'zod/mini'
import { en } from 'zod/v4/locales'
import type { AlertRule, NotificationContent } from '../alerts/alert'
import { type Language, languages } from '../failures/words'
import type { Instant } from '../signIns/instant'

/** What is particular to one kind of receiver; time-outs, retries and the safety of addresses live once, in the sender. */
export interface Receiver<Settings> {
  readonly kind: string
  readonly settings: z.ZodMiniType<Settings>
  /** One attempt as an HTTP request. */
  request(notification: Notification, settings: Settings): ReceiverRequest
}

/** One attempt to tell one receiver. */
export interface Notification {
  /** The same over all attempts. */
  readonly id: string
  /** When this attempt is made. */
  readonly at: Instant
  readonly content: NotificationContent
  readonly rules: readonly AlertRule[]
  readonly publicBaseUrl: string | undefined
}

export interface ReceiverRequest {
  readonly method: 'POST'
  /** A secret: it never appears in a log, an error or a result. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Which alerts a receiver is told of: an empty or missing list leaves the property open, several properties have to hold together. */
export interface Match {
  readonly severity?: readonly string[] | undefined
  readonly rule?: readonly string[] | undefined
  readonly family?: readonly string[] | undefined
}

/** The settings that every kind of receiver has. */
export interface CommonSettings {
  /** Letters, digits and `-`; what deliveries are remembered by. */
  readonly id: string
  readonly match?: Match | undefined
  readonly lang: Language
  /** An IANA time zone, for receivers that write times for people. */
  readonly timeZone: string
}

// What is wrong with a field is said in English; the small build of the library has no words of its own.
z.config(en())

const words = z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(50))

/** The fields that every kind of receiver has, for its schema. */
export const commonFields = {
  id: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/, { error: 'has to be 1 to 40 letters, digits or -' })),
  match: z.optional(
    z.strictObject({
      severity: z.optional(z.array(z.enum(['critical', 'error', 'warning', 'info']))),
      rule: z.optional(words),
      family: z.optional(words),
    }),
  ),
  lang: z._default(z.enum(languages), 'en'),
  timeZone: z._default(
    z.string().check(z.maxLength(64), z.refine(isTimeZone, { error: 'has to be an IANA time zone such as Asia/Tokyo' })),
    'UTC',
  ),
}

/** Whether an alert is for a receiver. */
export const isMatch = (
  match: Match | undefined,
  alert: { readonly severity: string; readonly rule: string; readonly family: string | undefined },
): boolean => allows(match?.severity, alert.severity) && allows(match?.rule, alert.rule) && allows(match?.family, alert.family)

const allows = (allowed: readonly string[] | undefined, value: string | undefined): boolean =>
  allowed === undefined || allowed.length === 0 || (value !== undefined && allowed.includes(value))

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}
