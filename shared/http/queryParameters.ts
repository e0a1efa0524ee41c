import { type Instant, parseInstant } from '../signIns/instant'
import type { Problem } from './problem'

/** The outcome of reading a request: a query, or what is wrong with it. */
export type Parsed<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Problem }

/** Ends the reading of a query; caught by {@link parseQuery}. */
class QueryProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Stops with a 400 that names the parameter. */
export function refuse(code: Problem['code'], parameter: string, detail: string): never {
  throw new QueryProblem({ status: 400, code, title: 'The request cannot be answered as it stands.', detail, parameter })
}

/** Runs a reader over the parameters; unknown ones are refused first. */
export function parseQuery<Value>(
  query: URLSearchParams,
  known: readonly string[],
  read: (parameters: Parameters) => Value,
): Parsed<Value> {
  try {
    for (const name of new Set(query.keys())) {
      // The key of a function travels in the query as well.
      if (!known.includes(name) && name !== 'code') {
        refuse('parameter-unknown', name.slice(0, 40), `There is no parameter "${name.slice(0, 40)}"; ${offered(known)}.`)
      }
    }
    return { ok: true, value: read(new Parameters(query)) }
  } catch (error) {
    if (error instanceof QueryProblem) return { ok: false, error: error.problem }
    throw error
  }
}

const offered = (known: readonly string[]): string => (known.length === 0 ? 'this address takes none' : `there are ${known.join(', ')}`)

/** Reads the query of an address that takes no parameter, or says which one it was given. */
export const parseNothing = (query: URLSearchParams): Parsed<undefined> => parseQuery(query, [], () => undefined)

const textMax = 200

/** Reads single parameters; each reader refuses what it cannot take and says what it would take. */
export class Parameters {
  readonly #query: URLSearchParams

  constructor(query: URLSearchParams) {
    this.#query = query
  }

  /** The text of a parameter; an empty or missing one is undefined. */
  text(name: string): string | undefined {
    const values = this.#query.getAll(name)
    if (values.length > 1) refuse('parameter-contradictory', name, `"${name}" is given ${values.length} times; give it once.`)
    const value = values[0]?.trim()
    if (value === undefined || value === '') return undefined
    if (value.length > textMax) refuse('parameter-invalid', name, `"${name}" is longer than ${textMax} characters.`)
    return value
  }

  /** One of some words. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.text(name)
    if (value === undefined) return fallback
    const choice = choices.find((one) => one === value)
    return choice ?? refuse('parameter-invalid', name, `"${name}" is one of ${choices.join(', ')}.`)
  }

  /** A comma list of some words, without repetition; undefined when it is not given. */
  choices<Choice extends string>(name: string, choices: readonly Choice[]): Choice[] | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const found = value.split(',').map((word) => {
      const choice = choices.find((one) => one === word.trim())
      return choice ?? refuse('parameter-invalid', name, `"${name}" is a comma list of ${choices.join(', ')}.`)
    })
    return [...new Set(found)]
  }

  /** A whole number between two bounds. */
  number(name: string, least: number, most: number, fallback: number): number {
    const value = this.text(name)
    if (value === undefined) return fallback
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (!(number >= least && number <= most)) refuse('parameter-invalid', name, `"${name}" is a whole number from ${least} to ${most}.`)
    return number
  }

  /** A moment: ISO 8601, or milliseconds since 1970. */
  instant(name: string): Instant | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const at = /^\d{12,14}$/.test(value) ? Number(value) : parseInstant(value.replace(/ (\d\d:?\d\d)$/, '+$1'))
    return at ?? refuse('parameter-invalid', name, `"${name}" is a time such as 2026-01-31T08:00:00Z, or milliseconds since 1970.`)
  }
}
