import fc from 'fast-check'
import { PageScanner, type ScannedPage } from '../../shared/graph/pageScanner'

const raw = (row: unknown): unknown => row

/** Scans a body that comes in pieces of some bytes. */
function scan(body: string | Buffer, pieceBytes = 1_000_000): ScannedPage<unknown> | undefined {
  const scanner = new PageScanner(raw)
  const bytes = Buffer.from(body)
  for (let from = 0; from < bytes.length; from += pieceBytes) scanner.push(bytes.subarray(from, from + pieceBytes))
  return scanner.end()
}

test.each`
  story                                              | body                                                               | rows                                                         | nextLink
  ${'a page without rows'}                           | ${'{"value":[]}'}                                                  | ${[]}                                                        | ${undefined}
  ${'a link before the rows'}                        | ${'{"@odata.nextLink":"n","value":[{"id":"a"}]}'}                  | ${[{ id: 'a' }]}                                             | ${'n'}
  ${'a link after the rows'}                         | ${'{"value":[{"id":"a"}],"@odata.nextLink":"n"}'}                  | ${[{ id: 'a' }]}                                             | ${'n'}
  ${'a link that is null'}                           | ${'{"value":[{}],"@odata.nextLink":null}'}                         | ${[{}]}                                                      | ${undefined}
  ${'white space everywhere'}                        | ${'\n{ "value"\t: [ {"id" : "a"} ,\r\n{"id":"b"} ] } '}            | ${[{ id: 'a' }, { id: 'b' }]}                                | ${undefined}
  ${'a byte order mark'}                             | ${'\ufeff{"value":[{"id":"a"}]}'}                                  | ${[{ id: 'a' }]}                                             | ${undefined}
  ${'brackets and quotes in texts'}                  | ${'{"value":[{"a":"}]\\"{[","b":"\\\\"},{"c":["]"]}]}'}            | ${[{ a: '}]"{[', b: '\\' }, { c: [']'] }]}                   | ${undefined}
  ${'lists of objects within rows'}                  | ${'{"value":[{"p":[{"id":1},{"id":2}],"q":{"value":[{"x":3}]}}]}'} | ${[{ p: [{ id: 1 }, { id: 2 }], q: { value: [{ x: 3 }] } }]} | ${undefined}
  ${'a list of another name before'}                 | ${'{"other":[{"id":"x"}],"value":[{"id":"a"}]}'}                   | ${[{ id: 'a' }]}                                             | ${undefined}
  ${'a list of another name after'}                  | ${'{"value":[{"id":"a"}],"other":[{"id":"x"},{"id":"y"}]}'}        | ${[{ id: 'a' }]}                                             | ${undefined}
  ${'the words of its own beginning in a text'}      | ${'{"note":",\\"value\\":[{","value":[{"id":"a"}]}'}               | ${[{ id: 'a' }]}                                             | ${undefined}
  ${'rows that are no objects among those that are'} | ${'{"value":[7,{"id":"a"},null,"}",[{"id":"x"}],{"id":"b"}]}'}     | ${[7, { id: 'a' }, null, '}', [{ id: 'x' }], { id: 'b' }]}   | ${undefined}
  ${'a name of the rows that is spelled out'}        | ${'{"\\u0076alue":[{"id":"a"},{"id":"b"}]}'}                       | ${[{ id: 'a' }, { id: 'b' }]}                                | ${undefined}
  ${'a value within another object'}                 | ${'{"a":{"value":[{"id":"x"}]},"value":[{"id":"a"}]}'}             | ${[{ id: 'a' }]}                                             | ${undefined}
`('PageScanner: $story is read whole, in pieces of any size', ({ body, rows, nextLink }) => {
  for (let pieceBytes = 1; pieceBytes <= Buffer.byteLength(body); pieceBytes += 1) {
    expect(scan(body, pieceBytes)).toEqual({ rows, nextLink })
  }
})

test.each`
  story                                   | body
  ${'nothing'}                            | ${''}
  ${'a page that breaks off in a row'}    | ${'{"value":[{"id":"a"},{"i'}
  ${'one that breaks off between rows'}   | ${'{"value":[{"id":"a"},'}
  ${'one that breaks off after the rows'} | ${'{"value":[{"id":"a"}]'}
  ${'one that breaks off in a text'}      | ${'{"value":[{"id":"a\\'}
  ${'a row that is no JSON'}              | ${'{"value":[{"id":"a"},{"id":}]}'}
  ${'brackets that do not match'}         | ${'{"value":[{"id":["a"}]}]}'}
  ${'rows without a comma'}               | ${'{"value":[{"id":"a"}{"id":"b"}]}'}
  ${'a comma too many'}                   | ${'{"value":[{"id":"a"},]}'}
  ${'something after the end'}            | ${'{"value":[{"id":"a"}]}}'}
  ${'two pages'}                          | ${'{"value":[{"id":"a"}]}{"value":[{"id":"b"}]}'}
  ${'two lists of rows'}                  | ${'{"value":[{"id":"a"},{"id":"b"}],"value":[{"id":"c"}]}'}
  ${'a list without its object'}          | ${'[{"id":"a"}]'}
  ${'rows that are no list'}              | ${'{"value":{"id":"a"}}'}
  ${'another object'}                     | ${'{"error":{"code":"x"}}'}
  ${'an empty link'}                      | ${'{"value":[],"@odata.nextLink":""}'}
  ${'a link that is no text'}             | ${'{"value":[],"@odata.nextLink":7}'}
  ${'a page of a proxy'}                  | ${'<html>{"value":[{"id":"a"}]}</html>'}
`('PageScanner: $story is no page', ({ body }) => {
  for (const pieceBytes of [1, 2, 3, 7, 1_000]) expect(scan(body, pieceBytes)).toBeUndefined()
})

test('PageScanner: what JSON.parse makes of a page is what it gives, whatever the rows and the pieces', () => {
  const row = fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }), {
    maxKeys: 4,
  })
  const annotation = fc.tuple(fc.constantFrom('@odata.context', 'note', 'more'), fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }))
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 5 }),
      fc.array(annotation, { maxLength: 2 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(undefined, 1),
      (rows, annotations, rowsFirst, pieceBytes, indent) => {
        const others = Object.fromEntries(annotations)
        const body = JSON.stringify(rowsFirst ? { value: rows, ...others } : { ...others, value: rows }, undefined, indent)
        expect(scan(body, pieceBytes)).toEqual({ rows: JSON.parse(body).value, nextLink: undefined })
      },
    ),
  )
})

test('PageScanner: a page that is cut anywhere is no page', () => {
  const body = JSON.stringify({ '@odata.nextLink': 'n', value: [{ id: 'ä', nested: [{ a: '"' }] }, { id: '東京' }] })
  const bytes = Buffer.from(body)
  for (let end = 0; end < bytes.length; end += 1) expect(scan(bytes.subarray(0, end), 5)).toBeUndefined()
  expect(scan(bytes, 5)?.rows).toHaveLength(2)
})

test('PageScanner: a row is taken as soon as it has come, and its piece may be used again', () => {
  const taken: unknown[] = []
  const scanner = new PageScanner((row) => taken.push(row))
  const piece = Buffer.from('{"value":[{"id":"a"},{"id":"')
  scanner.push(piece)
  expect(taken).toEqual([{ id: 'a' }])
  piece.fill('x')
  scanner.push(Buffer.from('b"}'))
  expect(taken).toEqual([{ id: 'a' }, { id: 'b' }])
  scanner.push(Buffer.from(']}'))
  expect(scanner.end()?.rows).toEqual([1, 2])
})

test('PageScanner: more than a megabyte beside the rows is no page, and rows may be longer than that', () => {
  const long = 'x'.repeat(1_100_000)
  expect(scan(JSON.stringify({ note: long, value: [] }), 65_536)).toBeUndefined()
  expect(scan(JSON.stringify({ value: [{ long }] }), 65_536)?.rows).toEqual([{ long }])
})
