import type { HttpResponseInit } from '@azure/functions'

/** Every `code` that a problem can carry; stable, never renamed. */
export type ProblemCode =
  | 'parameter-unknown'
  | 'parameter-invalid'
  | 'parameter-contradictory'
  | 'window-too-long'
  | 'grain-not-kept'
  | 'too-many-points'
  | 'setting-invalid'
  | 'storage-unavailable'
  | 'internal-error'

/** A request that cannot be answered, in words that name what is wrong and what would be right. */
export interface Problem {
  readonly status: number
  readonly code: ProblemCode
  readonly title: string
  readonly detail: string
  /** The query parameter that is wrong. */
  readonly parameter?: string
}

/**
 * The problem as an answer.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemResponse(problem: Problem): HttpResponseInit {
  const { status, code, title, detail, parameter } = problem
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify({ type: 'about:blank', title, status, code, detail, ...(parameter === undefined ? {} : { parameter }) }),
  }
}
