import { type Access, accessProblem } from '../../shared/http/access'
import { encoded, principalWith } from './clientPrincipal'

const key = 'the-key-of-the-operator'
const codeOf = (access: Access, headers: Record<string, string>, settings: object): string => {
  const rules = { OPERATOR_KEY: '', EASY_AUTH: 'off', MONITOR_MODE: 'azure', ...settings } as Parameters<typeof accessProblem>[2]
  return accessProblem(access, new Headers(headers), rules)?.code ?? 'let in'
}

const set = { OPERATOR_KEY: key }
const on = { EASY_AUTH: 'on' }
const both = { ...set, ...on }
const local = { MONITOR_MODE: 'local' }
const asReader = { 'x-ms-client-principal': principalWith(['reader']) }
const asOperator = { 'x-ms-client-principal': principalWith(['operator']) }
const asNobody = { 'x-ms-client-principal': principalWith(['somebody']) }
const forged = { 'x-ms-client-principal': encoded('operator') }
const withKey = { 'x-operator-key': key }
const withWrongKey = { 'x-operator-key': `${key}x` }

test.each`
  access        | headers                               | settings                | outcome
  ${'anyone'}   | ${{}}                                 | ${both}                 | ${'let in'}
  ${'anyone'}   | ${withWrongKey}                       | ${both}                 | ${'let in'}
  ${'reader'}   | ${{}}                                 | ${{}}                   | ${'let in'}
  ${'reader'}   | ${{}}                                 | ${set}                  | ${'let in'}
  ${'reader'}   | ${{}}                                 | ${on}                   | ${'principal-missing'}
  ${'reader'}   | ${forged}                             | ${on}                   | ${'principal-unreadable'}
  ${'reader'}   | ${asNobody}                           | ${on}                   | ${'role-missing'}
  ${'reader'}   | ${asReader}                           | ${on}                   | ${'let in'}
  ${'reader'}   | ${asOperator}                         | ${on}                   | ${'let in'}
  ${'reader'}   | ${withKey}                            | ${both}                 | ${'let in'}
  ${'operator'} | ${{}}                                 | ${{}}                   | ${'operator-not-set-up'}
  ${'operator'} | ${withKey}                            | ${{}}                   | ${'operator-not-set-up'}
  ${'operator'} | ${asOperator}                         | ${{}}                   | ${'operator-not-set-up'}
  ${'operator'} | ${{}}                                 | ${local}                | ${'let in'}
  ${'operator'} | ${{}}                                 | ${{ ...local, ...set }} | ${'operator-key-missing'}
  ${'operator'} | ${{}}                                 | ${{ ...local, ...on }}  | ${'principal-missing'}
  ${'operator'} | ${{}}                                 | ${set}                  | ${'operator-key-missing'}
  ${'operator'} | ${asOperator}                         | ${set}                  | ${'operator-key-missing'}
  ${'operator'} | ${withWrongKey}                       | ${set}                  | ${'operator-key-wrong'}
  ${'operator'} | ${withKey}                            | ${set}                  | ${'let in'}
  ${'operator'} | ${{ 'X-Operator-Key': key }}          | ${set}                  | ${'let in'}
  ${'operator'} | ${withKey}                            | ${both}                 | ${'let in'}
  ${'operator'} | ${{ ...withWrongKey, ...asOperator }} | ${both}                 | ${'operator-key-wrong'}
  ${'operator'} | ${{}}                                 | ${both}                 | ${'principal-missing'}
  ${'operator'} | ${forged}                             | ${both}                 | ${'principal-unreadable'}
  ${'operator'} | ${asReader}                           | ${both}                 | ${'role-missing'}
  ${'operator'} | ${asOperator}                         | ${both}                 | ${'let in'}
`('accessProblem: a route for $access asked with $headers under $settings: $outcome', ({ access, headers, settings, outcome }) =>
  expect(codeOf(access, headers, settings)).toBe(outcome),
)

test('accessProblem: a refusal repeats neither the key nor what was sent', () => {
  const rules = { OPERATOR_KEY: key, EASY_AUTH: 'off', MONITOR_MODE: 'azure' } as const
  const problem = accessProblem('operator', new Headers({ 'x-operator-key': 'hush' }), rules)
  expect(problem).toMatchObject({ status: 401, challenge: expect.stringContaining('x-operator-key') })
  expect(JSON.stringify(problem)).not.toMatch(/hush|the-key/)
})
