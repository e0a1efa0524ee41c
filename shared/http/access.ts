import { createHash, timingSafeEqual } from 'node:crypto'
import type { Settings } from '../runtime/settings'
import { readClientPrincipal } from './clientPrincipal'
import type { Problem } from './problem'

/** Whom a route is for: `anyone`, a `reader` or an operator, or an `operator` alone. */
export type Access = 'anyone' | 'reader' | 'operator'

/** The header that carries what built-in authentication says of the caller. */
export const principalHeader = 'x-ms-client-principal'
/** The header that carries the operator's key. */
export const operatorKeyHeader = 'x-operator-key'

/** The app roles of the registration in front of the API that open a route. */
const rolesOf: Readonly<Record<Exclude<Access, 'anyone'>, readonly string[]>> = {
  reader: ['reader', 'operator'],
  operator: ['operator'],
}

/**
 * Why a request may not have what it asks for; undefined where it may. With built-in authentication on, the caller's app
 * role decides. Without it a reader has shown the function's key to the host already, and an operator shows the key of the
 * setting `OPERATOR_KEY`; local mode without that setting is open. The key opens a route beside built-in authentication too.
 * The client principal of a request is looked at only where `EASY_AUTH` is on: without it anybody can send one.
 */
export function accessProblem(
  access: Access,
  headers: Pick<Headers, 'get'>,
  settings: Pick<Settings, 'OPERATOR_KEY' | 'EASY_AUTH' | 'MONITOR_MODE'>,
): Problem | undefined {
  const { OPERATOR_KEY: operatorKey, EASY_AUTH: easyAuth, MONITOR_MODE: mode } = settings
  if (access === 'anyone' || (access === 'reader' && easyAuth === 'off')) return undefined
  const shown = headers.get(operatorKeyHeader) ?? ''
  if (shown !== '' && operatorKey !== '') return isSameSecret(shown, operatorKey) ? undefined : wrongKey
  if (easyAuth === 'on') return principalProblem(access, headers.get(principalHeader))
  if (operatorKey !== '') return missingKey
  return mode === 'local' ? undefined : noOperator
}

/** Whether two secrets are the same, in a time that tells nothing of where they differ or how long they are. */
function isSameSecret(shown: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(shown), digest(secret))
}

function principalProblem(access: Exclude<Access, 'anyone'>, header: string | null): Problem | undefined {
  if (header === null || header === '') return missingPrincipal
  const principal = readClientPrincipal(header)
  if (!principal) return unreadablePrincipal
  const opening = rolesOf[access]
  if (principal.roles.some((role) => opening.includes(role))) return undefined
  return {
    status: 403,
    code: 'role-missing',
    title: 'The caller lacks an app role.',
    detail: `This route takes the app role ${opening.join(' or ')}: assign it to the caller in the enterprise application of the monitor, then sign in anew.`,
  }
}

const keyChallenge = `OperatorKey header="${operatorKeyHeader}"`

const wrongKey: Problem = {
  status: 401,
  code: 'operator-key-wrong',
  title: "The operator's key is wrong.",
  detail: `The header ${operatorKeyHeader} is not the value of the setting OPERATOR_KEY.`,
  challenge: keyChallenge,
}

const missingKey: Problem = {
  status: 401,
  code: 'operator-key-missing',
  title: 'This route is for the operator.',
  detail: `Send the value of the setting OPERATOR_KEY in the header ${operatorKeyHeader}.`,
  challenge: keyChallenge,
}

const noOperator: Problem = {
  status: 403,
  code: 'operator-not-set-up',
  title: 'This route is for the operator, and there is none.',
  detail: 'Set OPERATOR_KEY (as a Key Vault reference), or put built-in authentication in front of the app and set EASY_AUTH to on.',
}

const missingPrincipal: Problem = {
  status: 401,
  code: 'principal-missing',
  title: 'The caller is not signed in.',
  detail:
    'EASY_AUTH is on, but the request came without a client principal: send a token of Microsoft Entra ID for the app registration of the monitor.',
  challenge: 'Bearer',
}

const unreadablePrincipal: Problem = {
  status: 401,
  code: 'principal-unreadable',
  title: 'The client principal cannot be read.',
  detail: `The header ${principalHeader} has to be the base64 of JSON with the claims of a caller whom Microsoft Entra signed in.`,
  challenge: 'Bearer',
}
