import { cloudIds, cloudOf } from '../../shared/graph/clouds'
import { parseGraphRoot } from '../../shared/graph/graphRoot'

test.each(cloudIds)('cloudOf: %s has a root over https, and its scope is that of the root', (id) => {
  const { graphRoot, scope, authorityHost } = cloudOf(id)
  expect(parseGraphRoot(graphRoot)).toEqual({ url: graphRoot, origin: graphRoot, secure: true })
  expect(scope).toBe(`${graphRoot}/.default`)
  expect(authorityHost).toMatch(/^https:\/\/login\./)
})

test('cloudOf: no two clouds share a root', () => {
  expect(new Set(cloudIds.map((id) => cloudOf(id).graphRoot)).size).toBe(cloudIds.length)
})

test('cloudOf: an unknown cloud is refused by name', () => {
  expect(() => cloudOf(JSON.parse('"mars"'))).toThrow(/no cloud mars; there are global, /)
})
