/** One of the four kinds of sign-in that Graph keeps apart by `signInEventTypes`. */
export type StreamId = 'interactiveUser' | 'nonInteractiveUser' | 'servicePrincipal' | 'managedIdentity'

/** What we know of a stream; the order of the rows is the order of precedence for a row that carries several event types. */
export interface Stream {
  readonly id: StreamId
  /** The value asked for in `signInEventTypes/any(t: t eq '…')`. */
  readonly signInEventType: string
  /** The category of the diagnostic setting that carries the same sign-ins. */
  readonly category: string
  /** The Log Analytics table that holds them. */
  readonly table: string
  /** Whether a person signs in; applications have no user and nobody who could answer a prompt. */
  readonly person: boolean
  readonly title: { readonly en: string; readonly ja: string }
}

/**
 * The streams, in order of precedence.
 * @see https://learn.microsoft.com/graph/api/signin-list?view=graph-rest-beta
 */
export const streams: readonly Stream[] = [
  {
    id: 'interactiveUser',
    signInEventType: 'interactiveUser',
    category: 'SignInLogs',
    table: 'SigninLogs',
    person: true,
    title: { en: 'Interactive user sign-ins', ja: '対話型ユーザー サインイン' },
  },
  {
    id: 'nonInteractiveUser',
    signInEventType: 'nonInteractiveUser',
    category: 'NonInteractiveUserSignInLogs',
    table: 'AADNonInteractiveUserSignInLogs',
    person: true,
    title: { en: 'Non-interactive user sign-ins', ja: '非対話型ユーザー サインイン' },
  },
  {
    id: 'servicePrincipal',
    signInEventType: 'servicePrincipal',
    category: 'ServicePrincipalSignInLogs',
    table: 'AADServicePrincipalSignInLogs',
    person: false,
    title: { en: 'Service principal sign-ins', ja: 'サービス プリンシパルのサインイン' },
  },
  {
    id: 'managedIdentity',
    signInEventType: 'managedIdentity',
    category: 'ManagedIdentitySignInLogs',
    table: 'AADManagedIdentitySignInLogs',
    person: false,
    title: { en: 'Managed identity sign-ins', ja: 'マネージド ID のサインイン' },
  },
]

export const streamIds: readonly StreamId[] = streams.map((stream) => stream.id)

const byId = new Map<string, Stream>(streams.map((stream) => [stream.id, stream]))

/** The row of a stream. */
export function streamOf(id: StreamId): Stream {
  const stream = byId.get(id)
  if (!stream) throw new RangeError(`There is no stream ${id}; there are ${streamIds.join(', ')}.`)
  return stream
}

export const isStreamId = (text: string): text is StreamId => byId.has(text)

/**
 * The stream that counts a row read from `readFrom`: the first enabled one that the row's event types name. A row with
 * no event type that we know belongs to the stream that it was read from, so that nothing is lost to a new spelling.
 */
export function owningStream(signInEventTypes: readonly string[] | undefined, enabled: readonly StreamId[], readFrom: StreamId): StreamId {
  if (signInEventTypes === undefined || signInEventTypes.length === 0) return readFrom
  for (const stream of streams) {
    if (enabled.includes(stream.id) && signInEventTypes.includes(stream.signInEventType)) return stream.id
  }
  return readFrom
}
