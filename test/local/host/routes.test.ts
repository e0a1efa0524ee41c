import fc from 'fast-check'
import { bySpecificity, compileRoute, decodePath, matchRoute } from '../../../local/host/routes'

const matches = (template: string, path: string): Readonly<Record<string, string>> | undefined =>
  matchRoute([compileRoute(template, ['GET'], template)], 'GET', path)?.params

describe('compileRoute', () => {
  const guid = '00000000-0000-0000-0000-00000000000a'
  test.each`
    template           | path               | params
    ${'a/{id:guid}'}   | ${`/a/${guid}`}    | ${{ id: guid }}
    ${'a/{id:guid}'}   | ${'/a/b'}          | ${undefined}
    ${'a/{on:bool}'}   | ${'/a/TRUE'}       | ${{ on: 'TRUE' }}
    ${'a/{on:bool}'}   | ${'/a/1'}          | ${undefined}
    ${'a/{x:alpha}'}   | ${'/a/b1'}         | ${undefined}
    ${'a/{x:decimal}'} | ${'/a/-1.5'}       | ${{ x: '-1.5' }}
    ${'{name}.json'}   | ${'/openapi.json'} | ${{ name: 'openapi' }}
    ${'{name}.json'}   | ${'/openapixjson'} | ${undefined}
    ${'a.b'}           | ${'/a.b'}          | ${{}}
    ${'a.b'}           | ${'/axb'}          | ${undefined}
    ${''}              | ${'/'}             | ${{}}
  `('compileRoute: $template of $path gives $params', ({ template, path, params }) => {
    expect(matches(template, path)).toEqual(params)
  })

  test.each(['a/{id:regex}', 'a/{id=5}', 'a/{*rest}/b', 'a/{id?}/b', 'a/{}'])('compileRoute: %s is refused, not ignored', (template) => {
    expect(() => compileRoute(template, ['GET'], 0)).toThrow(expect.objectContaining({ code: 'setting-invalid' }))
  })
})

describe('bySpecificity', () => {
  test('bySpecificity: text before a constraint before a parameter before the rest, whatever the order of registration', () => {
    const ordered = ['a/b', 'a/{id:int}', 'a/{id}', 'a/{id}/c', 'a/{*rest}', '{x}/b']
    fc.assert(
      fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), (shuffled) => {
        const routes = shuffled.map((template) => compileRoute(template, ['GET'], template)).sort(bySpecificity)
        expect(routes.map((route) => route.target)).toEqual(ordered)
      }),
    )
  })
})

describe('decodePath', () => {
  test.each`
    path          | decoded
    ${'/a%20b'}   | ${'/a b'}
    ${'/a%2fb'}   | ${'/a%2Fb'}
    ${'/a%252Fb'} | ${'/a%2Fb'}
    ${'/%'}       | ${undefined}
    ${'/%ff'}     | ${undefined}
  `('decodePath: $path is $decoded', ({ path, decoded }) => expect(decodePath(path)).toBe(decoded))

  test('decodePath: no text makes it throw or gains a segment', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const decoded = decodePath(text)
        if (decoded !== undefined) expect(decoded.split('/')).toHaveLength(text.split('/').length)
      }),
    )
  })
})
