/** Why a request to another system failed; doubles as the label of the metric. */
export type FailureReason = 'clientError' | 'authError' | 'rateLimited' | 'serverError' | 'timeout' | 'network'

/** Every code that an error of ours can carry. Stored in logs and answers, never renamed. */
export type ErrorCode =
  | 'setting-invalid'
  | 'graph-read-failed'
  | 'graph-refused'
  | 'table-conflict'
  | 'table-unavailable'
  | 'schema-newer'
  | 'schema-older'
  | 'entity-too-large'
  | 'entity-invalid'
  | 'delivery-refused'
  | 'input-unreadable'
  | 'usage'

/** An error that we throw on purpose: a stable code, a message that names what was wrong and what would be right. */
export class MonitorError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'MonitorError'
    this.code = code
  }
}

/** A reading of Graph that could not be finished. */
export class GraphReadError extends MonitorError {
  readonly reason: FailureReason
  /** HTTP status, 0 where no answer came. */
  readonly status: number
  /** A refusal that is a state of the stream and not a fault of the moment. */
  readonly refusal: 'forbidden' | 'unlicensed' | 'unavailable' | undefined
  /** Graph named the earliest time it keeps, in milliseconds since 1970. */
  readonly earliest: number | undefined

  constructor(
    message: string,
    facts: {
      reason: FailureReason
      status: number
      refusal?: 'forbidden' | 'unlicensed' | 'unavailable' | undefined
      earliest?: number | undefined
      cause?: unknown
    },
  ) {
    super(facts.refusal ? 'graph-refused' : 'graph-read-failed', message, { cause: facts.cause })
    this.name = 'GraphReadError'
    this.reason = facts.reason
    this.status = facts.status
    this.refusal = facts.refusal
    this.earliest = facts.earliest
  }
}
