import { problemResponse } from '../../shared/http/problem'

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
