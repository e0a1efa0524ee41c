import type { AccessToken, TokenCredential } from '@azure/identity'
import { GraphReadError } from '../runtime/errors'
import { type Instant, minute } from '../signIns/instant'
import { textProperty } from './property'
import { tenantOf } from './tokenClaims'
import { untilAborted } from './untilAborted'

/** A token with less than this left is not sent any more, for the request may wait. */
const lifeLeftMin = 2 * minute

/** One token for all streams, asked for when there is none that lasts. */
export interface AccessTokenHolder {
  /**
   * The token to send. Throws `GraphReadError` (`authError`) when there is none to be had, or none of the tenant that is read, and
   * the signal's reason when aborted.
   */
  current(abort: AbortSignal): Promise<string>
  /** Graph did not accept this token: the next one is asked for anew. A token that took its place meanwhile stays. */
  refuse(token: string): void
}

/** Holds the tokens of a credential: not every credential keeps one by itself, and the Azure command line takes a second for each. */
export function createAccessTokenHolder(options: {
  credential: TokenCredential
  scope: string
  clock: () => Instant
  timeoutMs: number
  /** Id of the tenant that is read, in small letters; any when left out. */
  tenantId?: string | undefined
}): AccessTokenHolder {
  const { credential, scope, clock, timeoutMs, tenantId } = options
  let held: AccessToken | undefined
  let asking: Promise<AccessToken> | undefined

  async function ask(): Promise<AccessToken> {
    try {
      const inTime = AbortSignal.timeout(timeoutMs)
      const token = await untilAborted(credential.getToken(scope, { abortSignal: inTime }), inTime)
      if (!token) throw new RangeError('The credential gave no token.')
      if (tenantId !== undefined && (tenantOf(token.token) ?? tenantId) !== tenantId) throw foreignToken()
      held = token
      return token
    } catch (error) {
      throw error instanceof GraphReadError ? error : noToken(error)
    } finally {
      asking = undefined
    }
  }

  return {
    async current(abort) {
      if (held && held.expiresOnTimestamp - clock() > lifeLeftMin) return held.token
      asking ??= ask()
      return (await untilAborted(asking, abort)).token
    },
    refuse(token) {
      if (held?.token === token) held = undefined
    },
  }
}

/** What another tenant's token gives would be counted as this one's. */
const foreignToken = (): GraphReadError =>
  new GraphReadError('The token for Graph is of another tenant than TENANT_ID, so nothing is read. The check says of which.', {
    reason: 'authError',
    status: 0,
  })

/** Says what went wrong by name and number only: the texts of the identity platform quote user names. */
function noToken(error: unknown): GraphReadError {
  const name = /^\w{1,60}$/.exec(textProperty(error, 'name'))?.[0] ?? 'unknown error'
  const code = /AADSTS\d{4,8}/.exec(textProperty(error, 'message'))?.[0]
  return new GraphReadError(
    `There is no token for Graph (${code ? `${name}, ${code}` : name}). In Azure, check that the managed identity is assigned to the app; on a developer's machine, run az login.`,
    { reason: 'authError', status: 0 },
  )
}
