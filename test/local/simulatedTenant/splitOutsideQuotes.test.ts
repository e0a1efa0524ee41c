import { splitOutsideQuotes } from '../../../local/simulatedTenant/splitOutsideQuotes'

test.each`
  text                           | parts
  ${''}                          | ${['']}
  ${'a eq 1'}                    | ${['a eq 1']}
  ${'a eq 1 and b eq 2'}         | ${['a eq 1', 'b eq 2']}
  ${"a eq 'x and y' and b eq 2"} | ${["a eq 'x and y'", 'b eq 2']}
  ${"a eq 'it''s and so' and b"} | ${["a eq 'it''s and so'", 'b']}
  ${'(a and b) and c'}           | ${['(a and b)', 'c']}
  ${"f('(') and c"}              | ${["f('(')", 'c']}
  ${'a and '}                    | ${['a', '']}
`('splitOutsideQuotes: $text', ({ text, parts }) => expect(splitOutsideQuotes(text, ' and ')).toEqual(parts))
