import fc from 'fast-check'
import { parseSignInQuery } from '../../../local/simulatedTenant/signInQuery'
import { day } from '../../../shared/signIns/instant'

const now = Date.parse('2026-11-18T12:00:00Z')
const parse = (options: Record<string, string>, version: 'beta' | 'v1.0' = 'beta') =>
  parseSignInQuery(new URLSearchParams(options), version, now - 30 * day)

test.each`
  filter                                                                                            | from                          | to
  ${'createdDateTime ge 2026-11-18T00:00:00Z'}                                                      | ${'2026-11-18T00:00:00.000Z'} | ${undefined}
  ${'createdDateTime le 2026-11-18T00:00:00.1234567Z'}                                              | ${undefined}                  | ${'2026-11-18T00:00:00.123Z'}
  ${'createdDateTime gt 2026-11-18T00:00:00Z and createdDateTime lt 2026-11-18T01:00:00Z'}          | ${'2026-11-18T00:00:00.001Z'} | ${'2026-11-18T00:59:59.999Z'}
  ${'createdDateTime eq 2026-11-18T00:00:00Z'}                                                      | ${'2026-11-18T00:00:00.000Z'} | ${'2026-11-18T00:00:00.000Z'}
  ${'(createdDateTime ge 2026-11-18T00:00:00Z) and (createdDateTime le 2026-11-18T01:00:00+00:00)'} | ${'2026-11-18T00:00:00.000Z'} | ${'2026-11-18T01:00:00.000Z'}
  ${"createdDateTime ge 2026-11-18T00:00:00Z and signInEventTypes/any(t: t eq 'servicePrincipal')"} | ${'2026-11-18T00:00:00.000Z'} | ${undefined}
`('parseSignInQuery: $filter has its bounds', ({ filter, from, to }) => {
  const parsed = parse({ $filter: filter })
  expect(parsed.ok && [parsed.value.from, parsed.value.to]).toEqual([from && Date.parse(from), to && Date.parse(to)])
})

test.each`
  types                                                                             | wanted
  ${undefined}                                                                      | ${['interactiveUser', 'both']}
  ${"signInEventTypes/any(t: t eq 'interactiveUser')"}                              | ${['interactiveUser', 'both']}
  ${"signInEventTypes/any(t:t eq 'nonInteractiveUser')"}                            | ${['nonInteractiveUser', 'both']}
  ${"signInEventTypes/any(x: x eq 'interactiveUser' or x eq 'nonInteractiveUser')"} | ${['interactiveUser', 'nonInteractiveUser', 'both']}
  ${"signInEventTypes/any(t: t eq 'servicePrincipal' or t eq 'managedIdentity')"}   | ${['servicePrincipal', 'managedIdentity']}
  ${"signInEventTypes/any(t: t ne 'interactiveUser')"}                              | ${['nonInteractiveUser', 'servicePrincipal', 'managedIdentity', 'both']}
  ${"(signInEventTypes/any(t: t eq 'managedIdentity'))"}                            | ${['managedIdentity']}
`('parseSignInQuery: $types asks for $wanted', ({ types, wanted }) => {
  const parsed = parse(types === undefined ? {} : { $filter: types })
  const rows: Record<string, string[]> = {
    interactiveUser: ['interactiveUser'],
    nonInteractiveUser: ['nonInteractiveUser'],
    servicePrincipal: ['servicePrincipal'],
    managedIdentity: ['managedIdentity'],
    both: ['interactiveUser', 'nonInteractiveUser'],
  }
  expect(parsed.ok && Object.keys(rows).filter((row) => parsed.value.wants(rows[row] ?? []))).toEqual(wanted)
})

test.each`
  options                                                                                      | message
  ${{ $skip: '1' }}                                                                            | ${/'Skip' is not allowed/}
  ${{ $select: 'id' }}                                                                         | ${/'Select' is not allowed/}
  ${{ $count: 'true' }}                                                                        | ${/'Count' is not allowed/}
  ${{ $search: '"a"' }}                                                                        | ${/'Search' is not allowed/}
  ${{ $expand: 'user' }}                                                                       | ${/'Expand' is not allowed/}
  ${{ $apply: 'groupby' }}                                                                     | ${/'\$apply' is not supported/}
  ${{ $top: '0' }}                                                                             | ${/positive integer/}
  ${{ $top: 'many' }}                                                                          | ${/positive integer/}
  ${{ $top: '1001' }}                                                                          | ${/limit of '1000'/}
  ${{ $orderby: 'userPrincipalName' }}                                                         | ${/Unsupported \$orderby/}
  ${{ $filter: "createdDateTime ge '2026-11-18T00:00:00Z'" }}                                  | ${/^Invalid filter clause$/}
  ${{ $filter: 'createdDateTime ge 2026-11-18T00:00:00' }}                                     | ${/^Invalid filter clause$/}
  ${{ $filter: 'createdDateTime ne 2026-11-18T00:00:00Z' }}                                    | ${/^Invalid filter clause$/}
  ${{ $filter: 'isTenantRestricted eq true' }}                                                 | ${/^Invalid filter clause$/}
  ${{ $filter: "signInEventTypes eq 'interactiveUser'" }}                                      | ${/^Invalid filter clause$/}
  ${{ $filter: "signInEventTypes/any(t: u eq 'interactiveUser')" }}                            | ${/^Invalid filter clause$/}
  ${{ $filter: '((((' }}                                                                       | ${/^Invalid filter clause$/}
  ${{ $filter: "signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'servicePrincipal')" }} | ${/^Unsupported Query\.$/}
  ${{ $filter: 'createdDateTime ge 2026-10-18T00:00:00Z' }}                                    | ${/Minimum allowed time .* is 2026-10-19T12:00:00Z/}
`('parseSignInQuery: $options is refused', ({ options, message }) => {
  const parsed = parse(options)
  expect(parsed.ok ? '' : parsed.error.message).toMatch(message)
  expect(parsed.ok || parsed.error.status).toBe(400)
})

test('parseSignInQuery: v1.0 does not know event types', () => {
  const parsed = parse({ $filter: "signInEventTypes/any(t: t eq 'interactiveUser')" }, 'v1.0')
  expect(parsed.ok ? '' : parsed.error.message).toContain("Could not find a property named 'signInEventTypes'")
})

test('parseSignInQuery: an option that is given twice is refused', () => {
  expect(parseSignInQuery(new URLSearchParams('$top=1&$top=2'), 'beta', 0).ok).toBe(false)
})

test.each`
  orderby                   | newestFirst
  ${undefined}              | ${true}
  ${'createdDateTime'}      | ${false}
  ${'createdDateTime asc'}  | ${false}
  ${'createdDateTime desc'} | ${true}
`('parseSignInQuery: order $orderby', ({ orderby, newestFirst }) => {
  const parsed = parse(orderby === undefined ? {} : { $orderby: orderby })
  expect(parsed.ok && parsed.value.newestFirst).toBe(newestFirst)
})

test('parseSignInQuery: no filter throws', () => {
  const word = fc.constantFrom(
    'createdDateTime',
    'ge',
    'le',
    'and',
    'or',
    '(',
    ')',
    "'",
    'signInEventTypes/any(',
    't:',
    't eq',
    ' ',
    '2026-11-18T00:00:00Z',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 20 }), (words) => {
      const parsed = parse({ $filter: words.join(' ') })
      expect(parsed.ok || parsed.error.status === 400).toBe(true)
    }),
  )
})

test('parseSignInQuery: a filter of a length that no client sends is refused', () => {
  expect(parse({ $filter: '('.repeat(1_000) + ')'.repeat(1_000) }).ok).toBe(true)
  expect(parse({ $filter: '('.repeat(1_001) + ')'.repeat(1_001) }).ok).toBe(false)
})
