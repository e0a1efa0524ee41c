import { bucketLength, bucketStart } from '../../shared/signIns/buckets'
import type { Instant } from '../../shared/signIns/instant'
import type { PlannedSignIn } from './plannedSignIns'
import type { SignInQuery } from './signInQuery'
import type { TenantLog } from './tenantLog'

/** A place between two sign-ins: the last one that was served, or the border of a bucket with an empty id. */
export interface Place {
  readonly happenedAt: Instant
  readonly id: string
}

interface SignInPage {
  readonly signIns: readonly PlannedSignIn[]
  /** Where the next page goes on; undefined when nothing is left. */
  readonly next: Place | undefined
}

/** A page looks no further than a day: of a rare kind of sign-in it is short or empty, and has a next one all the same. */
const bucketsPerPageMax = 288

/** The next page of a query: sign-ins that are visible at `now`, in order, after the place where the last page ended. */
export function readPage(log: TenantLog, query: SignInQuery, after: Place | undefined, now: Instant): SignInPage {
  const { newestFirst, rowsMax } = query
  const from = Math.max(query.from ?? log.begins, log.begins, newestFirst || !after ? log.begins : after.happenedAt)
  const to = Math.min(query.to ?? now, now, newestFirst && after ? after.happenedAt : now)
  const signIns: PlannedSignIn[] = []
  if (from > to) return { signIns, next: undefined }

  const step = newestFirst ? -bucketLength : bucketLength
  const first = bucketStart(newestFirst ? to : from, '5m')
  const last = bucketStart(newestFirst ? from : to, '5m')
  const buckets = Math.min(bucketsPerPageMax, Math.abs(last - first) / bucketLength + 1)
  for (let index = 0; index < buckets; index++) {
    const planned = log.bucket(first + index * step)
    for (let row = 0; row < planned.length; row++) {
      const signIn = planned[newestFirst ? planned.length - 1 - row : row]
      if (!signIn || signIn.happenedAt < from || signIn.happenedAt > to || signIn.visibleAt > now) continue
      if (!query.wants(signIn.signInEventTypes) || (after && !isBeyond(signIn, after, newestFirst))) continue
      if (signIns.length === rowsMax) return { signIns, next: signIns[rowsMax - 1] }
      signIns.push(signIn)
    }
  }
  const end = first + buckets * step
  if (newestFirst ? end < last : end > last) return { signIns, next: undefined }
  return { signIns, next: { happenedAt: newestFirst ? end + bucketLength : end, id: '' } }
}

function isBeyond(signIn: PlannedSignIn, place: Place, newestFirst: boolean): boolean {
  const distance = signIn.happenedAt - place.happenedAt || (signIn.id < place.id ? -1 : signIn.id > place.id ? 1 : 0)
  return newestFirst ? distance < 0 : distance > 0
}
