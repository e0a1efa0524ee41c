import { bucketLength, bucketStart, type TimeRange } from '../../shared/signIns/buckets'
import { hour, type Instant } from '../../shared/signIns/instant'
import { type PlannedSignIn, planBucket, type TrafficOptions } from './plannedSignIns'
import { type RowForm, renderSignIn } from './renderSignIn'

/** The sign-in log of the simulated tenant: made on demand, and the same for everyone who asks. */
export interface TenantLog {
  /** Nothing happened before. */
  readonly begins: Instant
  /** The sign-ins of a 5-minute bucket in order of time, the ones that are not visible yet included. */
  bucket(start: Instant): readonly PlannedSignIn[]
  /** All sign-ins whose `createdDateTime` lies in a half-open range, in order of time. */
  between(range: TimeRange): Iterable<PlannedSignIn>
  /** A sign-in as JSON text, as it looks at `now`. */
  text(signIn: PlannedSignIn, form: Omit<RowForm, 'final'>, now: Instant): string
}

/** A day of buckets and a bit: some 50 MB of rows where all of them were asked for. */
const bucketsKept = 300

/** Opens the log of a tenant that has been signing in for `historyHours` before `now`. */
export function openTenantLog(options: TrafficOptions, historyHours: number, now: Instant): TenantLog {
  const begins = bucketStart(now - historyHours * hour, '5m')
  const kept = new Map<Instant, readonly PlannedSignIn[]>()
  const texts = new WeakMap<PlannedSignIn, string>()

  function bucket(start: Instant): readonly PlannedSignIn[] {
    if (start < begins) return []
    const known = kept.get(start)
    if (known) {
      kept.delete(start)
      kept.set(start, known)
      return known
    }
    const planned = planBucket(start, options)
    kept.set(start, planned)
    for (const oldest of kept.keys()) {
      if (kept.size <= bucketsKept) break
      kept.delete(oldest)
    }
    return planned
  }

  return {
    begins,
    bucket,
    *between({ from, to }) {
      for (let start = Math.max(begins, bucketStart(from, '5m')); start < to; start += bucketLength) {
        for (const signIn of bucket(start)) if (signIn.createdDateTime >= from && signIn.createdDateTime < to) yield signIn
      }
    },
    text(signIn, form, at) {
      const final = at >= signIn.finalAt
      // Only the form that the product asks for is worth keeping.
      if (!final || form.version !== 'beta' || !form.unknownEnumMembers) return renderSignIn(signIn, options.company, { ...form, final })
      let text = texts.get(signIn)
      if (text === undefined) {
        text = renderSignIn(signIn, options.company, { ...form, final })
        texts.set(signIn, text)
      }
      return text
    },
  }
}
