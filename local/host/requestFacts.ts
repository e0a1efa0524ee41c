import type { IncomingMessage } from 'node:http'

/** The request's address under the name that the caller used; undefined where it is no path. */
export const requestUrl = (request: IncomingMessage): URL | undefined => {
  const target = request.url ?? ''
  const absolute = target.startsWith('/') ? `http://${request.headers.host}${target}` : target
  return URL.canParse(absolute) ? new URL(absolute) : undefined
}

/** The headers as the library takes them: one text a name. */
export const joinedHeaders = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )

/** A key that comes more than once has its values joined by commas, which is how the real host hands them over. */
export const joinedQuery = (url: URL): Record<string, string> => {
  const joined = new Map<string, string>()
  for (const [key, value] of url.searchParams) {
    const before = joined.get(key)
    joined.set(key, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(joined)
}
