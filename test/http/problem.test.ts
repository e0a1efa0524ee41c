import { problemCodes, problemResponse } from '../../shared/http/problem'
import { schemaErrors } from '../support/schemas'

test('problemResponse: it is a problem of RFC 9457 that nothing keeps', () => {
  const response = problemResponse({ status: 400, code: 'parameter-invalid', title: 'No.', detail: 'Because.', parameter: 'top' })
  expect(response).toMatchObject({ status: 400, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } })
  expect(JSON.parse(String(response.body))).toEqual({
    type: 'about:blank',
    title: 'No.',
    status: 400,
    code: 'parameter-invalid',
    detail: 'Because.',
    parameter: 'top',
  })
})

test('problemResponse: what is about no parameter names none', () => {
  const response = problemResponse({ status: 503, code: 'storage-unavailable', title: 'No.', detail: 'Because.' })
  expect(JSON.parse(String(response.body))).not.toHaveProperty('parameter')
})

test.each(problemCodes)('problemResponse: one with the code %s fits its schema', (code) => {
  const { body } = problemResponse({ status: 400, code, title: 'No.', detail: 'Because.' })
  expect(schemaErrors('problem', JSON.parse(String(body)))).toEqual([])
})

test('problemResponse: a code that is not in the list does not fit the schema', () => {
  const body = { type: 'about:blank', title: 'No.', status: 400, code: 'no-such-code', detail: 'Because.' }
  expect(schemaErrors('problem', body)).toHaveLength(1)
})
