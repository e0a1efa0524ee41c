import type { Entity } from '../../shared/tables/entity'
import { checkEntity, entityLimits, entitySize } from '../../shared/tables/entityLimits'

const entity = (properties: Omit<Entity, 'partitionKey' | 'rowKey'>): Entity => ({ partitionKey: 'p', rowKey: 'r', ...properties })
const many = (count: number): Record<string, number> => Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, n]))
const texts = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`text${n}`, 'x'.repeat(32_000)]))

test.each`
  value                 | bytes
  ${'abc'}              | ${3 * 2 + 4}
  ${new Uint8Array(10)} | ${14}
  ${true}               | ${1}
  ${7}                  | ${4}
  ${0.5}                | ${8}
  ${7n}                 | ${8}
  ${new Date(0)}        | ${8}
`('entitySize: $value takes $bytes bytes beside its name and its keys', ({ value, bytes }) => {
  expect(entitySize(entity({ name: value }))).toBe(4 + 2 * 2 + 8 + 2 * 4 + bytes)
})

test('entitySize: a property that is undefined takes nothing', () => {
  expect(entitySize(entity({ name: undefined }))).toBe(entitySize(entity({})))
})

test.each`
  story                                        | candidate
  ${'text of 64 KiB'}                          | ${entity({ text: 'x'.repeat(32 * 1024) })}
  ${'bytes of 64 KiB'}                         | ${entity({ bytes: new Uint8Array(64 * 1024) })}
  ${'252 properties'}                          | ${entity(many(252))}
  ${'a name in another script'}                | ${entity({ 名前: 1 })}
  ${'a name with an underscore'}               | ${entity({ _name1: 1 })}
  ${'a key of 1 KiB'}                          | ${{ partitionKey: 'x'.repeat(512), rowKey: '' }}
  ${'a key with bars, colons, spaces, quotes'} | ${{ partitionKey: "a|b:c d'e%", rowKey: '漢字' }}
  ${'16 long texts'}                           | ${entity(texts(16))}
  ${'the largest 32-bit number'}               | ${entity({ n: 0x7fff_ffff })}
`('checkEntity: $story is taken', ({ candidate }) => expect(checkEntity(candidate)).toBe(entitySize(candidate)))

test.each`
  story                                    | candidate                                         | code                  | named
  ${'text of more than 64 KiB'}            | ${entity({ text: 'x'.repeat(32 * 1024 + 1) })}    | ${'entity-too-large'} | ${/text .*65538 bytes/}
  ${'bytes of more than 64 KiB'}           | ${entity({ bytes: new Uint8Array(65_537) })}      | ${'entity-too-large'} | ${/bytes .*65537 bytes/}
  ${'253 properties'}                      | ${entity(many(253))}                              | ${'entity-too-large'} | ${/253 properties/}
  ${'more than 1 MiB'}                     | ${entity(texts(17))}                              | ${'entity-too-large'} | ${/text\d+ with 64004 bytes/}
  ${'a key of more than 1 KiB'}            | ${{ partitionKey: 'p', rowKey: 'x'.repeat(513) }} | ${'entity-too-large'} | ${/row key has 1026 bytes/}
  ${'a key with a slash'}                  | ${{ partitionKey: 'a/b', rowKey: 'r' }}           | ${'entity-invalid'}   | ${/partition key "a\/b"/}
  ${'a key with a backslash'}              | ${{ partitionKey: 'a\\b', rowKey: 'r' }}          | ${'entity-invalid'}   | ${/partition key/}
  ${'a key with a number sign'}            | ${{ partitionKey: 'p', rowKey: 'a#' }}            | ${'entity-invalid'}   | ${/row key/}
  ${'a key with a question mark'}          | ${{ partitionKey: 'p', rowKey: 'a?' }}            | ${'entity-invalid'}   | ${/row key/}
  ${'a key with a line break'}             | ${{ partitionKey: 'p', rowKey: 'a\n' }}           | ${'entity-invalid'}   | ${/row key/}
  ${'a key with a C1 control character'}   | ${{ partitionKey: 'p', rowKey: 'a\u0085' }}       | ${'entity-invalid'}   | ${/row key/}
  ${'a name with a dash'}                  | ${entity({ 'a-b': 1 })}                           | ${'entity-invalid'}   | ${/"a-b"/}
  ${'a name that begins with a digit'}     | ${entity({ '1a': 1 })}                            | ${'entity-invalid'}   | ${/"1a"/}
  ${'an empty name'}                       | ${entity({ '': 1 })}                              | ${'entity-invalid'}   | ${/""/}
  ${'a name of 256 characters'}            | ${entity({ ['a'.repeat(256)]: 1 })}               | ${'entity-invalid'}   | ${/255 characters/}
  ${"one of the service's own names"}      | ${entity({ Timestamp: 'now' })}                   | ${'entity-invalid'}   | ${/"Timestamp"/}
  ${'a number that is none'}               | ${entity({ n: Number.NaN })}                      | ${'entity-invalid'}   | ${/n .*NaN/}
  ${'a whole number of more than 32 bits'} | ${entity({ n: 2 ** 31 })}                         | ${'entity-invalid'}   | ${/2147483648/}
  ${'a date that is none'}                 | ${entity({ at: new Date(Number.NaN) })}           | ${'entity-invalid'}   | ${/Invalid Date/}
`('checkEntity: $story is refused by name', ({ candidate, code, named }) => {
  expect(() => checkEntity(candidate)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(named) }))
})

test('checkEntity: the limit of an entity is met to the byte', () => {
  const room = entityLimits.entityBytes - entitySize(entity({ ...texts(16), rest: '' }))
  expect(checkEntity(entity({ ...texts(16), rest: 'x'.repeat(room / 2) }))).toBe(entityLimits.entityBytes)
  expect(() => checkEntity(entity({ ...texts(16), rest: 'x'.repeat(room / 2 + 1) }))).toThrow(/1048578 bytes/)
})
