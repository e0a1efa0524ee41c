import type { HttpResponseInit } from '@azure/functions'

/** Every `code` that a problem can carry; stable, never renamed. */
export const problemCodes = [
  'parameter-unknown',
  'parameter-invalid',
  'parameter-contradictory',
  'window-too-long',
  'grain-not-kept',
  'too-many-points',
  'operator-key-missing',
  'operator-key-wrong',
  'operator-not-set-up',
  'principal-missing',
  'principal-unreadable',
  'role-missing',
  'setting-invalid',
  'storage-unavailable',
  'storage-newer',
  'storage-older',
  'storage-unreadable',
  'internal-error',
] as const

export type ProblemCode = (typeof problemCodes)[number]

/** A request that cannot be answered, in words that name what is wrong and what would be right. */
export interface Problem {
  readonly status: number
  readonly code: ProblemCode
  readonly title: string
  readonly detail: string
  /** The query parameter that is wrong. */
  readonly parameter?: string
  /** What a 401 asks for, as in https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1. */
  readonly challenge?: string
}

/**
 * The problem as an answer.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemResponse(problem: Problem): HttpResponseInit {
  const { status, code, title, detail, parameter, challenge } = problem
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
    },
    body: JSON.stringify({ type: 'about:blank', title, status, code, detail, ...(parameter === undefined ? {} : { parameter }) }),
  }
}
