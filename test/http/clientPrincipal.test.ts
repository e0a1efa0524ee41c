import fc from 'fast-check'
import { readClientPrincipal } from '../../shared/http/clientPrincipal'
import { encoded, principalWith } from './clientPrincipal'

test.each`
  story                                   | header                                                                                         | roles
  ${'with a role'}                        | ${principalWith(['reader'])}                                                                   | ${['reader']}
  ${'with two roles'}                     | ${principalWith(['reader', 'operator'])}                                                       | ${['reader', 'operator']}
  ${'without a role'}                     | ${principalWith([])}                                                                           | ${[]}
  ${'with the claim that it names'}       | ${encoded({ auth_typ: 'aad', role_typ: 'duty', claims: [{ typ: 'duty', val: 'operator' }] })}  | ${['operator']}
  ${'with a claim that it does not name'} | ${encoded({ auth_typ: 'aad', role_typ: 'roles', claims: [{ typ: 'duty', val: 'operator' }] })} | ${[]}
`('readClientPrincipal: a principal $story has these roles and nothing else', ({ header, roles }) =>
  expect(readClientPrincipal(header)).toEqual({ roles }),
)

test.each`
  story                             | header
  ${'nothing'}                      | ${''}
  ${'no base64'}                    | ${'{"auth_typ":"aad"}'}
  ${'no JSON'}                      | ${Buffer.from('operator').toString('base64')}
  ${'a number'}                     | ${encoded(3)}
  ${'claims that are no list'}      | ${encoded({ auth_typ: 'aad', claims: 'operator' })}
  ${'a claim without a value'}      | ${encoded({ auth_typ: 'aad', claims: [{ typ: 'roles' }] })}
  ${'another identity provider'}    | ${principalWith(['operator'], { auth_typ: 'github' })}
  ${'a shape of Static Web Apps'}   | ${encoded({ identityProvider: 'aad', userRoles: ['operator'] })}
  ${'more claims than a token has'} | ${principalWith(Array.from({ length: 1_001 }, () => 'operator'))}
  ${'more text than is read'}       | ${principalWith(['operator'], { padding: 'x'.repeat(64 * 1024) })}
`('readClientPrincipal: $story is no principal', ({ header }) => expect(readClientPrincipal(header)).toBeUndefined())

test('readClientPrincipal: no text and no JSON makes it throw or gives a role by chance', () => {
  fc.assert(fc.property(fc.string(), (text) => readClientPrincipal(text)?.roles.includes('operator') !== true))
  fc.assert(fc.property(fc.jsonValue(), (value) => readClientPrincipal(encoded(value))?.roles.includes('operator') !== true))
})
