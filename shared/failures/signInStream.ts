import type { SignIn } from '../signIns/signIn'
import { type StreamId, streams } from '../signIns/streams'
import type { ClassifyContext } from './catalogueTypes'

/** The stream that a sign-in belongs to: the one it was read from, else the first that its event types name. */
export function signInStream(signIn: SignIn, context: ClassifyContext): StreamId | undefined {
  if (context.stream !== undefined) return context.stream
  const types = signIn.signInEventTypes
  if (types === undefined || types.length === 0) return undefined
  return streams.find((stream) => types.includes(stream.signInEventType))?.id
}

/** Whether an application signed in for itself, so that no person is there at all. */
export const isApplication = (stream: StreamId | undefined): boolean => stream === 'servicePrincipal' || stream === 'managedIdentity'

/** Whether nobody was asked: the stream decides, and where it is not known the row's own flag. */
export const isNonInteractive = (signIn: SignIn, stream: StreamId | undefined): boolean =>
  stream === undefined ? signIn.isInteractive === false : stream === 'nonInteractiveUser'
