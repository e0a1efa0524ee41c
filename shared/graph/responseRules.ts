import type { FailureReason, GraphReadError } from '../runtime/errors'
import { hour, type Instant, parseInstant } from '../signIns/instant'

/** An answer of Graph that is not a page, or why there was none. */
export interface BadAnswer {
  /** HTTP status, 0 where no answer came. */
  readonly status: number
  /** Graph's `error.code`, or the system's code of a failed connection, or one of {@link OwnCode}. */
  readonly code: string
  /** Graph's `error.message`, or the system's. Read for decisions and never passed on, for it may name a person. */
  readonly message: string
  /** Whether the first page of a window was asked for, and not one that Graph itself linked to. */
  readonly firstPage: boolean
}

/** What we ourselves find wrong: no answer in time, a connection that broke, a body that is not the JSON of a page, or one without end. */
export type OwnCode = 'timeout' | 'network' | 'unreadable' | 'oversize'

/**
 * What follows from an answer. `retry`: ask again after a growing wait; `throttle`: leave Graph alone for as long as it
 * says; `newToken`: ask again with a fresh token; `fail`: give the window up. A retried request that keeps failing
 * gives the window up as well.
 */
type ResponseAction = 'retry' | 'throttle' | 'newToken' | 'fail'

export interface ResponseRule {
  readonly status: readonly [from: number, to: number]
  /** What code and message have to look like, written as `code: message`; every answer when left out. */
  readonly pattern?: RegExp
  /** Limits the rule to first pages or to linked ones. */
  readonly firstPage?: boolean
  readonly action: ResponseAction
  readonly reason: FailureReason
  readonly refusal?: NonNullable<GraphReadError['refusal']>
  /** How often the request is repeated for this rule; as often as for any when left out. */
  readonly retriesMax?: number
  /** What was wrong and what would be right, for people. */
  readonly detail: string
}

const aboutRetention = /minimum allowed time|retention/i

const one = (status: number): readonly [number, number] => [status, status]

/**
 * Every answer that we know of; the first row that fits holds, so the order is the specification.
 * @see https://learn.microsoft.com/graph/errors
 */
export const responseRules: readonly ResponseRule[] = [
  {
    status: one(401),
    action: 'newToken',
    reason: 'authError',
    retriesMax: 1,
    detail: 'Graph does not accept the token: check that the identity belongs to this tenant and this cloud',
  },
  {
    status: one(403),
    pattern: /^Authentication_RequestFromNonPremiumTenantOrB2CTenant:/i,
    action: 'fail',
    reason: 'authError',
    refusal: 'unlicensed',
    detail: 'Graph shows sign-ins only to a tenant with a Microsoft Entra ID P1 or P2 licence',
  },
  {
    status: one(403),
    pattern: /^Authentication_ApplicationHasNoDirectoryReadAccess:/i,
    action: 'fail',
    reason: 'authError',
    refusal: 'forbidden',
    detail: 'grant the identity the application permission Directory.Read.All beside AuditLog.Read.All',
  },
  {
    status: one(403),
    pattern: /not in the allowed roles|isn't in the allowed roles/i,
    action: 'fail',
    reason: 'authError',
    refusal: 'forbidden',
    detail: 'the signed-in user needs the role Reports Reader or Security Reader beside the permission AuditLog.Read.All',
  },
  {
    status: one(403),
    action: 'fail',
    reason: 'authError',
    refusal: 'forbidden',
    detail: 'grant the identity the application permission AuditLog.Read.All',
  },
  {
    status: [400, 404],
    pattern: /resource not found for the segment/i,
    action: 'fail',
    reason: 'clientError',
    refusal: 'unavailable',
    detail: 'this cloud does not serve sign-ins here',
  },
  {
    status: one(404),
    firstPage: true,
    action: 'fail',
    reason: 'clientError',
    refusal: 'unavailable',
    detail: 'there are no sign-ins at this Graph root: check the cloud and the root, which is written without a version',
  },
  {
    status: [400, 410],
    pattern: /DirectoryPageTokenNotFound/i,
    action: 'fail',
    reason: 'serverError',
    detail: 'Graph lost its place between two pages; the window has to be read again',
  },
  {
    status: one(400),
    pattern: /skip ?token/i,
    firstPage: false,
    action: 'retry',
    reason: 'serverError',
    retriesMax: 5,
    detail: 'Graph no longer accepts its own link to the next page; the window has to be read again',
  },
  {
    status: one(400),
    pattern: aboutRetention,
    action: 'fail',
    reason: 'clientError',
    detail: 'the window begins before the time that Graph keeps sign-ins for',
  },
  {
    status: one(400),
    pattern: /^UnknownError:|unsupported query/i,
    action: 'retry',
    reason: 'serverError',
    retriesMax: 3,
    detail: 'Graph keeps rejecting a query that it normally answers',
  },
  {
    status: [404, 410],
    firstPage: false,
    action: 'fail',
    reason: 'serverError',
    detail: 'the next page is gone; the window has to be read again',
  },
  { status: one(429), action: 'throttle', reason: 'rateLimited', detail: 'Graph throttles this app in this tenant' },
  { status: one(408), action: 'retry', reason: 'timeout', retriesMax: 2, detail: 'Graph gave up waiting for the request' },
  { status: one(504), action: 'retry', reason: 'timeout', retriesMax: 2, detail: 'Graph took too long; a shorter window may be answered' },
  { status: [500, 599], action: 'retry', reason: 'serverError', detail: 'Graph failed' },
  {
    status: one(407),
    action: 'fail',
    reason: 'network',
    detail: 'the proxy wants to know who asks: check HTTPS_PROXY',
  },
  {
    status: [300, 399],
    action: 'fail',
    reason: 'network',
    detail: 'the answer is a redirect, which Graph never sends: check the root and the proxy in between',
  },
  { status: [400, 499], action: 'fail', reason: 'clientError', detail: 'Graph rejected the query' },
  {
    status: [200, 299],
    pattern: /^oversize:/,
    action: 'fail',
    reason: 'clientError',
    detail: 'a page is larger than is taken in: ask for fewer rows a page',
  },
  {
    status: [200, 299],
    action: 'retry',
    reason: 'serverError',
    detail: 'the answer is not a whole page of JSON; something between here and Graph may have changed it',
  },
  {
    status: one(0),
    pattern: /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_)/,
    action: 'fail',
    reason: 'network',
    detail: "the certificate is not trusted: where a proxy inspects TLS, name its authority's certificate in NODE_EXTRA_CA_CERTS",
  },
  {
    status: one(0),
    pattern: /^(timeout:|ETIMEDOUT|UND_ERR_\w+_TIMEOUT)/,
    action: 'retry',
    reason: 'timeout',
    retriesMax: 1,
    detail: 'no answer came in time; a shorter window may be answered',
  },
  {
    status: one(0),
    pattern: /proxy response/i,
    action: 'retry',
    reason: 'network',
    detail: 'the proxy does not let the connection through: check HTTPS_PROXY and NO_PROXY',
  },
  { status: one(0), action: 'retry', reason: 'network', detail: 'the connection to Graph failed' },
]

const unforeseen: ResponseRule = { status: [0, 999], action: 'fail', reason: 'serverError', detail: 'Graph answered as it never should' }

/** The rule for an answer; total. */
export function responseRuleOf(answer: BadAnswer): ResponseRule {
  const text = `${answer.code}: ${answer.message}`
  return (
    responseRules.find(
      (rule) =>
        answer.status >= rule.status[0] &&
        answer.status <= rule.status[1] &&
        (rule.firstPage === undefined || rule.firstPage === answer.firstPage) &&
        (rule.pattern === undefined || rule.pattern.test(text)),
    ) ?? unforeseen
  )
}

const isoInText = /\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?)?/
const usInText = /(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d):(\d\d) ([AP])M/

/** Where the answer names no time, the beginning of what Graph keeps is felt for in steps of this length. */
const retentionStep = hour

/**
 * The earliest time that Graph may keep, from the message of a 400 about retention to a window from `from` on: the time
 * that it names, or else some time after the window's beginning, which a message may repeat. Undefined for a message about
 * anything else.
 */
export function earliestKept(message: string, from: Instant): Instant | undefined {
  if (!aboutRetention.test(message)) return undefined
  const named = earliestNamed(message)
  return named !== undefined && named > from ? named : from + retentionStep
}

/** The time that a message about retention names. */
function earliestNamed(message: string): Instant | undefined {
  // The message may repeat the query, whose own times come before the one that matters.
  const said = message.slice(Math.max(0, message.search(/minimum allowed time/i)))
  const iso = isoInText.exec(said)
  if (iso) return parseInstant(iso[0])
  const us = usInText.exec(said)
  if (!us) return undefined
  const [, month = '', dayOfMonth = '', year = '', hours = '', minutes = '', seconds = '', half = ''] = us
  const hour24 = (Number(hours) % 12) + (half === 'P' ? 12 : 0)
  return parseInstant(
    `${year}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}T${String(hour24).padStart(2, '0')}:${minutes}:${seconds}Z`,
  )
}
