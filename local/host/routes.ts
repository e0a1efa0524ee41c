import { MonitorError } from '../../shared/runtime/errors'

/** One HTTP function's address, ready to be compared with a path. */
interface Route<T> {
  readonly target: T
  readonly methods: ReadonlySet<string>
  /** How specific each segment is, the smaller the more; routes are tried in this order. */
  readonly precedence: readonly number[]
  readonly pattern: RegExp
  readonly names: readonly string[]
}

export interface RouteMatch<T> {
  readonly target: T
  readonly params: Readonly<Record<string, string>>
}

const literal = 1
const constrained = 2
const parameter = 3
const catchAll = 5

const constraints: Readonly<Record<string, string>> = {
  int: '-?\\d+',
  long: '-?\\d+',
  bool: '[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]',
  guid: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  alpha: '[A-Za-z]+',
  decimal: '-?\\d+(?:\\.\\d+)?',
}

const parameterPattern = /^\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}$/
const escapeText = (text: string): string => text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')

/**
 * Reads a route template such as `api/alerts/{id}`, `{page:int}`, `{id?}` or `{*rest}`, in the syntax of ASP.NET Core, which
 * is the real host's. Throws `setting-invalid` for what it does not know, so that no constraint is ignored in silence.
 * @see https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
 */
export const compileRoute = <T>(template: string, methods: readonly string[], target: T): Route<T> => {
  const segments = template.split('/').filter((segment) => segment !== '')
  const compiled = segments.map((segment, at) => compileSegment(segment, at === segments.length - 1, template))
  return {
    target,
    methods: new Set(methods.map((method) => method.toUpperCase())),
    precedence: compiled.map((segment) => segment.precedence),
    pattern: new RegExp(`^${compiled.map((segment) => segment.source).join('')}/?$`, 'i'),
    names: compiled.flatMap((segment) => segment.names),
  }
}

interface CompiledSegment {
  readonly source: string
  readonly precedence: number
  readonly names: readonly string[]
}

function compileSegment(segment: string, last: boolean, template: string): CompiledSegment {
  const unknown = (): MonitorError =>
    new MonitorError('setting-invalid', `The route ${template} has a part that is not understood: ${segment}.`)
  if (!segment.includes('{')) return { source: `/${escapeText(segment)}`, precedence: literal, names: [] }
  const parts = parameterPattern.exec(segment)
  if (!parts) {
    const pieces = segment.split(/\{(\w+)\}/)
    if (pieces.some((piece, at) => at % 2 === 0 && /[{}]/.test(piece))) throw unknown()
    const source = pieces.map((piece, at) => (at % 2 === 0 ? escapeText(piece) : '([^/]+?)')).join('')
    return { source: `/${source}`, precedence: constrained, names: pieces.filter((_, at) => at % 2 === 1) }
  }
  const [, star, name = '', constraint, optional] = parts
  if ((star || optional) && !last) throw unknown()
  if (star) return { source: '(?:/(.*))?', precedence: catchAll, names: [name] }
  const allowed = constraint === undefined ? '[^/]+' : constraints[constraint]
  if (allowed === undefined) throw unknown()
  return {
    source: optional ? `(?:/(${allowed}))?` : `/(${allowed})`,
    precedence: constraint === undefined ? parameter : constrained,
    names: [name],
  }
}

/** The order in which routes are tried: segment by segment the more specific one first, then the shorter one. */
export const bySpecificity = (a: Route<unknown>, b: Route<unknown>): number => {
  for (let at = 0; at < Math.max(a.precedence.length, b.precedence.length); at++) {
    const difference = (a.precedence[at] ?? 0) - (b.precedence[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The first of sorted routes that takes this method and path; a parameter that the path leaves out is not in `params`. */
export const matchRoute = <T>(routes: readonly Route<T>[], method: string, path: string): RouteMatch<T> | undefined => {
  for (const route of routes) {
    if (!route.methods.has(method)) continue
    const found = route.pattern.exec(path)
    if (!found) continue
    const pairs = route.names.map((name, at): [string, string] => [name, found[at + 1] ?? '']).filter(([, value]) => value !== '')
    return { target: route.target, params: Object.fromEntries(pairs) }
  }
  return undefined
}

/**
 * The decoded path, in which an encoded slash stays encoded and so never parts two segments; undefined where the escapes
 * are broken.
 */
export const decodePath = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path.replace(/%2f/gi, '%252F'))
  } catch {
    return undefined
  }
}
