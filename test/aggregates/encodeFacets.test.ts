import fc from 'fast-check'
import { type Facets, facetIds, type Scope } from '../../shared/aggregates/aggregate'
import { cutFacets } from '../../shared/aggregates/cut'
import { addEncodedFacets, decodeFacets } from '../../shared/aggregates/decodeFacets'
import { encodeFacets } from '../../shared/aggregates/encodeFacets'
import { emptyFacets, everyFacet, type FacetsChoice, FacetsSum, mergeFacets } from '../../shared/aggregates/merge'
import { sketchOf } from '../../shared/aggregates/sketch'
import first from '../fixtures/firstVersion.json'
import { someFacets } from './arbitraries'

test('encodeFacets: what comes back is the cut facets', () => {
  fc.assert(fc.property(someFacets, (facets) => expect(decodeFacets(encodeFacets(facets))).toEqual(cutFacets(facets))))
  expect(decodeFacets(encodeFacets(emptyFacets))).toEqual(emptyFacets)
})

test('encodeFacets: equal facets give equal bytes, whatever the order they came in', () => {
  fc.assert(
    fc.property(someFacets, (facets) => {
      const reversed = { ...facets, scopes: new Map([...facets.scopes].reverse()) }
      expect(encodeFacets(reversed)).toEqual(encodeFacets(facets))
    }),
  )
})

test('encodeFacets: large counts, many users, ids of any form and texts of any script come back', () => {
  const scope: Scope = {
    signIns: Number.MAX_SAFE_INTEGER,
    facets: { ...everyFacet(() => new Map()), apps: new Map([['東京;"', 2 ** 40 + 1]]) },
    users: new Map([['key', sketchOf(Array.from({ length: 4_000 }, (_, index) => (index << 6) | (1 + (index % 53))))]]),
    unknownUsers: 2 ** 31,
  }
  const evidence = ['8f14e45f-ceea-467f-9538-000000000001', '8F14E45F-CEEA-467F-9538-000000000002', 'ü'].map((requestId) => ({
    requestId,
    createdDateTime: 1_767_225_600_123,
    stream: 'managedIdentity' as const,
  }))
  const facets: Facets = {
    scopes: new Map([['outcome|success', scope]]),
    names: new Map([['apps', new Map([['東京;"', 'アプリ']])]]),
    evidence: new Map([['tls.legacy', evidence.sort((a, b) => (a.requestId < b.requestId ? -1 : 1))]]),
  }
  expect(decodeFacets(encodeFacets(facets))).toEqual(facets)
})

test('addEncodedFacets: a sum of encoded facets is the merge of what they say', () => {
  fc.assert(
    fc.property(fc.array(someFacets, { maxLength: 4 }), (all) => {
      const sum = new FacetsSum()
      for (const facets of all) addEncodedFacets(sum, encodeFacets(facets))
      expect(sum.facets()).toEqual(mergeFacets(all.map(cutFacets)))
    }),
  )
})

const choice: FacetsChoice = {
  scope: (id) => {
    if (id.startsWith('family|')) return { facets: facetIds, users: true }
    if (id === 'outcome|success') return { facets: ['apps', 'networks'], users: false }
    return id === 'outcome|failure' ? { facets: [], users: true } : undefined
  },
  evidence: (failureClass) => failureClass === 'tls.legacy',
}

/** The same facets without what the choice leaves out. */
const chosen = (facets: Facets): Facets => ({
  ...facets,
  scopes: new Map(
    [...facets.scopes].flatMap(([id, scope]) => {
      const part = choice.scope(id)
      if (!part) return []
      const kept = everyFacet((facet) => (part.facets.includes(facet) ? scope.facets[facet] : new Map<string, number>()))
      return [[id, { ...scope, facets: kept, ...(part.users ? {} : { users: new Map(), unknownUsers: 0 }) }] as const]
    }),
  ),
  evidence: new Map([...facets.evidence].filter(([id]) => choice.evidence(id))),
})

test('addEncodedFacets: of what is not asked for nothing comes, and all the rest stays as it is', () => {
  fc.assert(
    fc.property(someFacets, someFacets, (one, other) => {
      const sum = new FacetsSum(choice)
      addEncodedFacets(sum, encodeFacets(one))
      sum.add(cutFacets(other))
      expect(sum.facets()).toEqual(chosen(mergeFacets([cutFacets(one), cutFacets(other)])))
    }),
  )
})

/** Zeros in place of a block of the encoding, with its length kept. */
test('addEncodedFacets: what is not asked for is not even read', () => {
  const facets = decodeFacets(Buffer.from(JSON.stringify(first.facets)))
  const bytes = Buffer.from(encodeFacets(facets))
  const none: FacetsChoice = { scope: () => undefined, evidence: () => false }
  const headEnd =
    bytes.indexOf('"streams"') + '"streams":["interactiveUser","nonInteractiveUser","servicePrincipal","managedIdentity"]}'.length
  // The first block after the texts is the breakdown of `class|tls.legacy`: its numbers become impossible ones.
  const damaged = Buffer.from(bytes).fill(0xff, headEnd + 1, headEnd + 9)
  expect(() => decodeFacets(damaged)).toThrow(/^Stored/)
  const sum = new FacetsSum(none)
  addEncodedFacets(sum, damaged)
  expect(sum.facets().scopes.size).toBe(0)
})

test('decodeFacets: a row that the first version wrote is read as it was', () => {
  const facets = decodeFacets(Buffer.from(JSON.stringify(first.facets)))
  expect([...facets.scopes.keys()].sort()).toEqual([
    'class|tls.legacy',
    'family|tls',
    'outcome|failure',
    'outcome|interrupt',
    'outcome|success',
    'signal|legacyTls',
  ])
  const success = facets.scopes.get('outcome|success')
  expect(success).toMatchObject({ signIns: 609, unknownUsers: 0 })
  expect(success?.facets.apps).toEqual(
    new Map([
      ['app-0', 603],
      ['app-1', 3],
      ['app-2', 3],
    ]),
  )
  expect(success?.users.get('key-1')?.registers).toHaveLength(4_096)
  expect(facets.scopes.get('family|tls')).toMatchObject({ signIns: 3, unknownUsers: 1, users: new Map([['key-1', { entries: [1_090] }]]) })
  expect(facets.names.get('apps')?.get('app-1')).toBe('App 1')
  expect(facets.evidence.get('tls.legacy')?.map(({ requestId }) => requestId)).toEqual([
    'not a uuid',
    '8f14e45f-ceea-467f-9538-000000000001',
    '8f14e45f-ceea-467f-9538-000000000000',
  ])
  expect(decodeFacets(encodeFacets(facets))).toEqual(facets)
})

test('decodeFacets: rows of both versions add up', () => {
  const text = Buffer.from(JSON.stringify(first.facets))
  const sum = new FacetsSum()
  addEncodedFacets(sum, text)
  addEncodedFacets(sum, encodeFacets(decodeFacets(text)))
  expect(sum.facets().scopes.get('outcome|success')).toMatchObject({ signIns: 1_218 })
})

/** Facets of the first version, of one app, with parts of one's own. */
const stored = (scopes: string, names = '', evidence = ''): string =>
  `{"v":1,"keys":[["app"],[],[],[],[],[],[]],"scopes":{${scopes}},"names":{${names}},"evidence":{${evidence}}}`

test.each`
  story                | text                                                                                     | says
  ${'no JSON'}         | ${'{'}                                                                                   | ${'not JSON'}
  ${'another version'} | ${'{"scopes":{},"names":{},"evidence":{}}'}                                              | ${'version'}
  ${'no keys'}         | ${'{"v":1,"scopes":{},"names":{},"evidence":{}}'}                                        | ${'facets.keys.apps should be a list of texts'}
  ${'no facets'}       | ${stored('"a":{"n":1,"unknown":0,"users":{}}')}                                          | ${'facets.scopes.a.facets should be an array'}
  ${'too few facets'}  | ${stored('"a":{"n":1,"unknown":0,"users":{},"facets":[[]]}')}                            | ${'facets.scopes.a.facets.resources should be an array'}
  ${'no such key'}     | ${stored('"a":{"n":1,"unknown":0,"users":{},"facets":[[1,5],[],[],[],[],[],[]]}')}       | ${'facets.scopes.a.facets.apps should be places'}
  ${'a bad count'}     | ${stored('"a":{"n":1,"unknown":0,"users":{},"facets":[[0,-5],[],[],[],[],[],[]]}')}      | ${'should be a whole number'}
  ${'a bad sketch'}    | ${stored('"a":{"n":1,"unknown":0,"users":{"k":"A"},"facets":[[],[],[],[],[],[],[]]}')}   | ${'1 digits'}
  ${'a bad digit'}     | ${stored('"a":{"n":1,"unknown":0,"users":{"k":"A+B"},"facets":[[],[],[],[],[],[],[]]}')} | ${'base64url'}
  ${'a bad rank'}      | ${stored('"a":{"n":1,"unknown":0,"users":{"k":"AA_"},"facets":[[],[],[],[],[],[],[]]}')} | ${'rank of at most 53'}
  ${'no such facet'}   | ${stored('', '"colours":{}')}                                                            | ${'facets.names.colours should be one of apps'}
  ${'a bad stream'}    | ${stored('', '', '"tls.legacy":[["id",1,"mystery"]]')}                                   | ${'facets.evidence.tls.legacy should be'}
`('decodeFacets: of the first version $story is refused', ({ text, says }) => expect(() => decodeFacets(Buffer.from(text))).toThrow(says))

/** The encoding with these texts in front and these bytes after them. */
const encoded = (head: unknown, ...bytes: readonly number[]): Uint8Array => {
  const text = Buffer.from(JSON.stringify(head))
  return Buffer.concat([Uint8Array.of(2, (text.length % 128) | 128, text.length >> 7), text, Uint8Array.from(bytes)])
}
const head = {
  keys: [['app'], [], [], [], [], [], []],
  names: [[], [], [], [], [], [], []],
  scopes: ['outcome|success'],
  users: ['key'],
  classes: [],
  streams: ['interactiveUser'],
}
const ofClass = { ...head, scopes: [], classes: ['tls.legacy'] }

test.each`
  story                       | bytes                                                                          | says
  ${'nothing'}                | ${Uint8Array.of()}                                                             | ${'version'}
  ${'a later version'}        | ${Uint8Array.of(3)}                                                            | ${'version'}
  ${'no texts'}               | ${Uint8Array.of(2)}                                                            | ${'should go on'}
  ${'texts that are no JSON'} | ${Uint8Array.of(2, 1, 0x7b)}                                                   | ${'begin with JSON'}
  ${'texts that are none'}    | ${encoded(null)}                                                               | ${'facets.keys'}
  ${'keys of no facet'}       | ${encoded({ ...head, keys: [] })}                                              | ${'facets.keys'}
  ${'keys that are numbers'}  | ${encoded({ ...head, keys: [[1], [], [], [], [], [], []] })}                   | ${'facets.keys'}
  ${'no scopes'}              | ${encoded({ ...head, scopes: 1 })}                                             | ${'facets.scopes'}
  ${'names of no key'}        | ${encoded({ ...head, scopes: [], names: [[1, 'x'], [], [], [], [], [], []] })} | ${'facets.names'}
  ${'no numbers'}             | ${encoded(head)}                                                               | ${'should go on'}
  ${'a block too long'}       | ${encoded(head, 9, 1)}                                                         | ${'should go on'}
  ${'no such key'}            | ${encoded(head, 11, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0)}                          | ${'facets.apps'}
  ${'no such hash key'}       | ${encoded(head, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1)}                             | ${'facets.users'}
  ${'a rank beyond hashes'}   | ${encoded(head, 12, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 63)}                      | ${'rank of at most 53'}
  ${'half a sketch'}          | ${encoded(head, 11, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)}                          | ${'should go on'}
  ${'a number too large'}     | ${encoded(head, 9, 255, 255, 255, 255, 255, 255, 255, 255, 15)}                | ${'53 bits'}
  ${'no such stream'}         | ${encoded(ofClass, 3, 1, 1, 0)}                                                | ${'facets.evidence'}
  ${'half an id'}             | ${encoded(ofClass, 4, 1, 0, 5, 1)}                                             | ${'should go on'}
`('decodeFacets: $story is refused', ({ bytes, says }) => expect(() => decodeFacets(bytes)).toThrow(says))

test('decodeFacets: any bytes either are read or give an Error with words', () => {
  const broken = fc.tuple(someFacets, fc.nat(2_000), fc.nat(255)).map(([facets, at, byte]) => {
    const bytes = encodeFacets(facets).slice()
    bytes[at % bytes.length] = byte
    return bytes
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), broken), (bytes) => {
      try {
        decodeFacets(bytes)
      } catch (error) {
        expect(String(error)).toMatch(/^Error: (Stored|The version|A sketch)/)
      }
    }),
    { numRuns: 500 },
  )
})
