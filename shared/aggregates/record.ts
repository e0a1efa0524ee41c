import { type Classification, signalIds } from '../failures/catalogueTypes'
import type { Instant } from '../signIns/instant'
import { networkOf } from '../signIns/network'
import type { SignIn } from '../signIns/signIn'
import { type StreamId, streamOf } from '../signIns/streams'
import { userAgentFamily } from '../signIns/userAgent'
import { displayName, facetKey } from './facetKeys'
import type { UserHasher } from './userHash'

/**
 * What is left of a sign-in once it is classified: enough to count it, nothing that names anyone. A reading keeps one of
 * these an id, so it is small and its texts are shared between sign-ins.
 */
export interface SignInRecord {
  /** The request id; undefined where the row has none. */
  readonly id: string | undefined
  /** The time that it is counted at. */
  readonly createdDateTime: Instant
  readonly stream: StreamId
  readonly classification: Classification
  /** The sketch entry of the user; `unknown`: masked or missing; `none`: an application signed in. */
  readonly user: number | 'unknown' | 'none'
  readonly apps: string
  readonly resources: string
  readonly resourceTenants: string
  readonly clientApps: string
  readonly countries: string
  readonly userAgents: string
  readonly networks: string
  readonly appName: string | undefined
  readonly resourceName: string | undefined
}

export interface RecordContext {
  readonly stream: StreamId
  readonly hashUser: UserHasher
  /** The name of the site that an address belongs to. */
  readonly siteOf: (ip: string) => string | undefined
  /** The time to count it at, which is the sign-in's own where that can be read. */
  readonly at: Instant
}

const zeroId = '00000000-0000-0000-0000-000000000000'
const maskedBit = 1 << signalIds.indexOf('masked')

/** The record of a classified sign-in. Total: what a row does not say becomes `unknown`. */
export function recordOf(signIn: SignIn, classification: Classification, context: RecordContext): SignInRecord {
  return {
    id: signIn.id,
    createdDateTime: context.at,
    stream: context.stream,
    classification,
    user: streamOf(context.stream).person ? userOf(signIn, classification, context.hashUser) : 'none',
    apps: facetKey('apps', signIn.appId),
    resources: facetKey('resources', signIn.resourceId || signIn.resourceDisplayName),
    resourceTenants: facetKey('resourceTenants', signIn.resourceTenantId),
    clientApps: facetKey('clientApps', signIn.clientAppUsed),
    countries: facetKey('countries', signIn.location?.countryOrRegion),
    userAgents: userAgentFamily(signIn.userAgent, signIn.deviceDetail),
    networks: facetKey('networks', networkOf(signIn, context.siteOf)),
    appName: displayName(signIn.appDisplayName),
    resourceName: displayName(signIn.resourceDisplayName),
  }
}

function userOf(signIn: SignIn, classification: Classification, hashUser: UserHasher): number | 'unknown' {
  const { userId } = signIn
  const masked = (classification.signals.isTrue & maskedBit) !== 0
  return masked || userId === undefined || userId === '' || userId === zeroId ? 'unknown' : hashUser.hash(userId)
}
