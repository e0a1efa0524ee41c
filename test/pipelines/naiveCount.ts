import { signalIds, signalOf } from '../../shared/failures/catalogueTypes'
import { classify } from '../../shared/failures/classify'
import { knownTenants } from '../../shared/failures/knownTenants'
import type { TimeRange } from '../../shared/signIns/buckets'
import { type Instant, second } from '../../shared/signIns/instant'
import { readSignIn } from '../../shared/signIns/readSignIn'
import { type StreamId, streamOf } from '../../shared/signIns/streams'
import type { LoggedSignIn } from './virtualLog'

/** What a log says, counted one sign-in after the other. */
export interface NaiveCount {
  readonly signIns: number
  readonly byOutcome: Readonly<Record<string, number>>
  readonly byFamily: Readonly<Record<string, number>>
  readonly byClass: Readonly<Record<string, number>>
  readonly byCode: Readonly<Record<string, number>>
  /** `outcome|class|code`, as the rows of the table have it. */
  readonly cells: ReadonlyMap<string, number>
  readonly signals: ReadonlyMap<string, number>
  readonly users: ReadonlySet<string>
}

/** Counts the sign-ins of one stream and range as they are seen at an instant. Times count as they are shown: to the second. */
export function naiveCount(
  log: readonly LoggedSignIn[],
  stream: StreamId,
  range: TimeRange,
  seenAt: Instant,
  tenantId: string,
): NaiveCount {
  const byOutcome: Record<string, number> = {}
  const byFamily: Record<string, number> = {}
  const byClass: Record<string, number> = {}
  const byCode: Record<string, number> = {}
  const cells = new Map<string, number>()
  const signals = new Map<string, number>()
  const users = new Set<string>()
  let signIns = 0
  for (const one of log) {
    const shownAt = one.at - (one.at % second)
    const version = one.versions.findLast(({ visibleAt }) => visibleAt <= seenAt)
    if (!version || one.streams[0] !== stream || shownAt < range.from || shownAt >= range.to) continue
    const read = readSignIn(version.row)
    if (!read.ok) continue
    const {
      outcome,
      family,
      failureClass,
      errorCode,
      signals: own,
    } = classify(read.signIn, { stream, tenants: knownTenants([], tenantId) })
    signIns += 1
    add(byOutcome, outcome)
    if (outcome !== 'success' && family !== undefined) add(byFamily, `${outcome} ${family}`)
    if (failureClass !== undefined) add(byClass, failureClass)
    add(byCode, String(errorCode))
    addTo(cells, `${outcome}|${failureClass ?? ''}|${errorCode}`)
    for (const id of signalIds) {
      const signal = signalOf(own, id)
      if (signal !== 'unknown') addTo(signals, `${id}|${outcome}|known`)
      if (signal === true) addTo(signals, `${id}|${outcome}|true`)
    }
    const { userId } = read.signIn
    if (streamOf(stream).person && userId) users.add(userId)
  }
  return { signIns, byOutcome, byFamily, byClass, byCode, cells, signals, users }
}

const add = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1
}

const addTo = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
