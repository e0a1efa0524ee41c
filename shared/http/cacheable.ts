import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import Negotiator from 'negotiator'

/** An answer that need not be made when the asker has it already. */
export interface CacheableAnswer {
  /** Everything that the body depends on: the query and the versions of the rows. */
  readonly dependsOn: string
  readonly contentType: string
  readonly body: () => Promise<string>
}

const encodings = ['br', 'gzip', 'identity'] as const
type Encoding = (typeof encodings)[number]

const compress: Readonly<Record<Exclude<Encoding, 'identity'>, (text: string) => Promise<Buffer>>> = {
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (text) => promisify(gzip)(text),
}

/**
 * The answer with a strong ETag over what it depends on and its encoding; 304 without making the body when the asker
 * has that one.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3
 */
export async function cacheable(request: HttpRequest, answer: CacheableAnswer): Promise<HttpResponseInit> {
  const encoding = negotiatedEncoding(request)
  const digest = createHash('sha256').update(answer.contentType).update('\n').update(answer.dependsOn).digest('base64url').slice(0, 27)
  const etag = `"${digest}-${encoding}"`
  const headers = { etag, vary: 'Accept-Encoding', 'cache-control': 'private, max-age=30' }
  if (hasAlready(request.headers.get('if-none-match'), etag)) return { status: 304, headers }
  const body = await answer.body()
  if (encoding === 'identity') return { status: 200, headers: { ...headers, 'content-type': answer.contentType }, body }
  return {
    status: 200,
    headers: { ...headers, 'content-type': answer.contentType, 'content-encoding': encoding },
    body: await compress[encoding](body),
  }
}

function negotiatedEncoding(request: HttpRequest): Encoding {
  const header = request.headers.get('accept-encoding') ?? ''
  const accepted = new Negotiator({ headers: { 'accept-encoding': header } }).encodings([...encodings])
  return encodings.find((encoding) => accepted.includes(encoding)) ?? 'identity'
}

/** If-None-Match compares weakly: a W/ in front changes nothing. */
function hasAlready(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false
  return ifNoneMatch.split(',').some((one) => {
    const tag = one.trim().replace(/^W\//, '')
    return tag === '*' || tag === etag
  })
}
