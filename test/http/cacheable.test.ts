import { HttpRequest } from '@azure/functions'
import { cacheable } from '../../shared/http/cacheable'

const asked = (headers: Record<string, string>): HttpRequest =>
  new HttpRequest({ method: 'GET', url: 'http://localhost/api/summary', headers })
const answerTo = async (headers: Record<string, string>, dependsOn = 'query and versions', contentType = 'application/json') => {
  let made = 0
  const body = async (): Promise<string> => {
    made++
    return '{"a":1}'
  }
  const response = await cacheable(asked(headers), { dependsOn, contentType, body })
  return { status: response.status, headers: response.headers as Record<string, string>, body: response.body, made }
}

test.each`
  acceptEncoding               | encoding
  ${''}                        | ${undefined}
  ${'identity'}                | ${undefined}
  ${'deflate'}                 | ${undefined}
  ${'gzip'}                    | ${'gzip'}
  ${'gzip, deflate, br'}       | ${'br'}
  ${'br;q=0, gzip'}            | ${'gzip'}
  ${'gzip;q=0'}                | ${undefined}
  ${'*'}                       | ${'br'}
  ${'BR'}                      | ${'br'}
  ${'gzip;q=nonsense, \u00e9'} | ${undefined}
`('cacheable: "$acceptEncoding" is answered in $encoding', async ({ acceptEncoding, encoding }) => {
  const { headers, status } = await answerTo(acceptEncoding === '' ? {} : { 'accept-encoding': acceptEncoding })
  expect([status, headers['content-encoding']]).toEqual([200, encoding])
})

test('cacheable: the ETag changes with the query, the versions, the type and the encoding, and with nothing else', async () => {
  const etagOf = async (...args: Parameters<typeof answerTo>): Promise<string> => (await answerTo(...args)).headers['etag'] ?? ''
  const etag = await etagOf({})
  expect(etag).toMatch(/^"[\w-]+"$/)
  expect(await etagOf({ 'user-agent': 'other' })).toBe(etag)
  const others = [await etagOf({}, 'other versions'), await etagOf({}, undefined, 'text/csv'), await etagOf({ 'accept-encoding': 'br' })]
  expect(new Set([etag, ...others]).size).toBe(4)
})

test.each`
  form                     | ifNoneMatch                                  | status
  ${'the same ETag'}       | ${(etag: string) => etag}                    | ${304}
  ${'the same ETag, weak'} | ${(etag: string) => `W/${etag}`}             | ${304}
  ${'one of a list'}       | ${(etag: string) => `"one", ${etag}, "two"`} | ${304}
  ${'anything'}            | ${() => '*'}                                 | ${304}
  ${'another ETag'}        | ${() => '"one"'}                             | ${200}
  ${'an ETag not quoted'}  | ${(etag: string) => etag.slice(1, -1)}       | ${200}
  ${'an ETag with more'}   | ${(etag: string) => etag.replace('-', '_-')} | ${200}
`('cacheable: If-None-Match with $form is $status', async ({ ifNoneMatch, status }) => {
  const { headers } = await answerTo({})
  const again = await answerTo({ 'if-none-match': ifNoneMatch(headers['etag']) })
  expect(again.status).toBe(status)
  // Making the body is the expensive part.
  expect([again.made, again.body === undefined]).toEqual(status === 304 ? [0, true] : [1, false])
  expect(again.headers['etag']).toBe(headers['etag'])
})
