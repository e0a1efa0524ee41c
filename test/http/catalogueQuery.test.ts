import { parseCatalogueQuery } from '../../shared/http/catalogueQuery'

const parse = (query: string) => parseCatalogueQuery(new URLSearchParams(query))

test.each([
  ['', 'en'],
  ['lang=ja', 'ja'],
  ['lang=en&code=a-function-key', 'en'],
])('parseCatalogueQuery: %p is %s', (query, language) => expect(parse(query)).toEqual({ ok: true, value: { language } }))

test.each([
  ['lang=de', 'parameter-invalid', 'lang'],
  ['lang=en&lang=ja', 'parameter-contradictory', 'lang'],
  ['language=ja', 'parameter-unknown', 'language'],
])('parseCatalogueQuery: %p is refused as %s', (query, code, parameter) => {
  expect(parse(query)).toMatchObject({ ok: false, error: { status: 400, code, parameter } })
})
