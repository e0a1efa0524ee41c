import { builtInRules } from '../../shared/alerts/rules'
import { withRunbooks } from '../../shared/alerts/withRunbooks'

test('withRunbooks: without an address the rules keep their runbooks', () => {
  expect(withRunbooks(builtInRules, '')).toBe(builtInRules)
})

test.each`
  address                                                    | en                                                                        | ja
  ${'https://git.example/docs/runbooks/{page}'}              | ${'https://git.example/docs/runbooks/legacy-tls-refused.md'}              | ${'https://git.example/docs/runbooks/legacy-tls-refused.ja.md'}
  ${'https://dev.example/_git/m?path=/docs/runbooks/{page}'} | ${'https://dev.example/_git/m?path=/docs/runbooks/legacy-tls-refused.md'} | ${'https://dev.example/_git/m?path=/docs/runbooks/legacy-tls-refused.ja.md'}
  ${'https://wiki.example/{rule}/{rule}'}                    | ${'https://wiki.example/legacy-tls-refused/legacy-tls-refused'}           | ${'https://wiki.example/legacy-tls-refused/legacy-tls-refused'}
`('withRunbooks: $address leads to a page for each rule, and changes nothing else', ({ address, en, ja }) => {
  const rules = withRunbooks(builtInRules, address)
  expect(rules.find(({ id }) => id === 'legacy-tls-refused')?.runbook).toEqual({ en, ja })
  expect(rules.map((rule, index) => ({ ...rule, runbook: builtInRules[index]?.runbook }))).toEqual(builtInRules)
})
