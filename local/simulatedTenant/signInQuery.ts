import { formatInstant, type Instant, parseInstant } from '../../shared/signIns/instant'
import { splitOutsideQuotes } from './splitOutsideQuotes'

/** What a request for sign-ins asks for. */
export interface SignInQuery {
  /** Inclusive, to the millisecond. */
  readonly from: Instant | undefined
  /** Inclusive, to the millisecond. */
  readonly to: Instant | undefined
  /** Whether a row of these event types is asked for. */
  readonly wants: (signInEventTypes: readonly string[]) => boolean
  readonly rowsMax: number
  readonly newestFirst: boolean
  /** The place to go on from, as it was handed out. */
  readonly skipToken: string | undefined
  /** The same for two requests of one reading. */
  readonly key: string
}

/** A refusal, as Graph words it. */
export interface GraphError {
  readonly status: number
  readonly code: string
  readonly message: string
}

type Parsed<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: GraphError }

const rowsPerPageMax = 1_000
const filterLengthMax = 2_000

const understood: ReadonlySet<string> = new Set(['$filter', '$top', '$orderby', '$skiptoken'])

/**
 * Reads the query options of a request for sign-ins with the rules of Graph: only `$filter`, `$top`, `$orderby` and
 * `$skiptoken`; without event types only interactive sign-ins; no mix of people and applications.
 * @see https://learn.microsoft.com/graph/api/signin-list?view=graph-rest-beta
 */
export function parseSignInQuery(parameters: URLSearchParams, version: 'beta' | 'v1.0', earliest: Instant): Parsed<SignInQuery> {
  for (const name of parameters.keys()) {
    if (!name.startsWith('$')) continue
    if (!understood.has(name)) return refused(notAllowed(name))
    if (parameters.getAll(name).length > 1)
      return refused(`Query parameter '${name}' is specified multiple times, but should be specified only once.`)
  }
  const rowsMax = parseTop(parameters.get('$top'))
  if (!rowsMax.ok) return rowsMax
  const newestFirst = parseOrder(parameters.get('$orderby'))
  if (!newestFirst.ok) return newestFirst
  const filter = parseFilter(parameters.get('$filter') ?? '', version, earliest)
  if (!filter.ok) return filter
  return {
    ok: true,
    value: {
      ...filter.value,
      rowsMax: rowsMax.value,
      newestFirst: newestFirst.value,
      skipToken: parameters.get('$skiptoken') ?? undefined,
      key: JSON.stringify(['$filter', '$top', '$orderby'].map((name) => parameters.get(name))),
    },
  }
}

type Filter = Pick<SignInQuery, 'from' | 'to' | 'wants'>

function parseFilter(text: string, version: 'beta' | 'v1.0', earliest: Instant): Parsed<Filter> {
  if (text.length > filterLengthMax) return refused('Invalid filter clause')
  let from: Instant | undefined
  let to: Instant | undefined
  let wants: Filter['wants'] = (types) => types.includes('interactiveUser')
  for (const clause of clausesOf(text)) {
    const time = /^createdDateTime\s+(ge|gt|le|lt|eq)\s+(\S+)$/.exec(clause)
    const types = /^signInEventTypes\/any\(\s*(\w+)\s*:\s*(.+)\)$/.exec(clause)
    if (time) {
      const at = literalOf(time[2] ?? '')
      if (at === undefined) return refused('Invalid filter clause')
      const operator = time[1]
      if (operator === 'ge' || operator === 'eq') from = later(from, at)
      if (operator === 'gt') from = later(from, at + 1)
      if (operator === 'le' || operator === 'eq') to = earlier(to, at)
      if (operator === 'lt') to = earlier(to, at - 1)
      if (at < earliest && operator !== 'le' && operator !== 'lt') {
        return refused(`Minimum allowed time for the createdDateTime filter is ${formatInstant(earliest)}.`)
      }
    } else if (types) {
      if (version === 'v1.0') return refused("Could not find a property named 'signInEventTypes' on type 'microsoft.graph.signIn'.")
      const parsed = parseEventTypes(types[1] ?? '', types[2] ?? '')
      if (!parsed.ok) return parsed
      wants = parsed.value
    } else {
      return refused('Invalid filter clause')
    }
  }
  return { ok: true, value: { from, to, wants } }
}

/** The parts of a conjunction, out of the parentheses around them. `or` between whole clauses is not understood, as in Graph. */
function clausesOf(text: string): string[] {
  const trimmed = text.trim()
  if (trimmed === '') return []
  const parts = splitOutsideQuotes(trimmed, ' and ')
  if (parts.length > 1) return parts.flatMap(clausesOf)
  return trimmed.startsWith('(') && trimmed.endsWith(')') ? clausesOf(trimmed.slice(1, -1)) : [trimmed]
}

/** A date and time of ISO 8601, unquoted; undefined for anything else. */
const literalOf = (text: string): Instant | undefined => (/T.*(Z|[+-]\d\d:\d\d)$/.test(text) ? parseInstant(text) : undefined)

function parseEventTypes(variable: string, condition: string): Parsed<Filter['wants']> {
  const tests: ((type: string) => boolean)[] = []
  const named = new Set<string>()
  for (const part of condition.trim().split(/\s+or\s+/)) {
    const [, left, operator, type = ''] = /^(\w+)\s+(eq|ne)\s+'(\w+)'$/.exec(part.trim()) ?? []
    if (left !== variable || operator === undefined) return refused('Invalid filter clause')
    named.add(/^(servicePrincipal|managedIdentity)$/.test(type) ? 'applications' : 'people')
    tests.push((candidate) => (candidate === type) === (operator === 'eq'))
  }
  if (named.size > 1) return { ok: false, error: { status: 400, code: 'UnknownError', message: 'Unsupported Query.' } }
  return { ok: true, value: (types) => types.some((type) => tests.some((test) => test(type))) }
}

function parseTop(text: string | null): Parsed<number> {
  if (text === null) return { ok: true, value: rowsPerPageMax }
  const rows = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (rows < 1)
    return refused(`Invalid value '${text}' for $top query option found. The $top query option requires a positive integer value.`)
  if (rows <= rowsPerPageMax) return { ok: true, value: rows }
  return refused(`The limit of '${rowsPerPageMax}' for Top query has been exceeded. The value from the incoming request is '${rows}'.`)
}

function parseOrder(text: string | null): Parsed<boolean> {
  const direction = /^createdDateTime(?:\s+(asc|desc))?$/.exec(text?.trim() ?? 'createdDateTime desc')
  return direction
    ? { ok: true, value: direction[1] === 'desc' }
    : refused('Unsupported $orderby: sign-ins are ordered by createdDateTime only.')
}

const optionNames: Readonly<Record<string, string>> = {
  $skip: 'Skip',
  $select: 'Select',
  $count: 'Count',
  $search: 'Search',
  $expand: 'Expand',
}

const notAllowed = (name: string): string =>
  optionNames[name]
    ? `Query option '${optionNames[name]}' is not allowed. To allow it, set the 'AllowedQueryOptions' property on EnableQueryAttribute or QueryValidationSettings.`
    : `The query parameter '${name}' is not supported.`

const refused = (message: string): { ok: false; error: GraphError } => ({ ok: false, error: { status: 400, code: 'BadRequest', message } })

const later = (a: Instant | undefined, b: Instant): Instant => (a === undefined ? b : Math.max(a, b))
const earlier = (a: Instant | undefined, b: Instant): Instant => (a === undefined ? b : Math.min(a, b))
