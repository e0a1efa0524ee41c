import { type Instant, second } from '../signIns/instant'
import type { LastNotification, NotifyReason } from './alert'

/** What fires for one receiver, and how long it may be left alone with it. */
export interface Firing {
  readonly firing: ReadonlySet<string>
  /** Infinity where nothing is worth repeating. */
  readonly repeatIntervalSeconds: number
}

/** Why a receiver is to be notified now, or `none`. The first reason that holds wins, so the order is the specification. */
export function notifyReason(
  last: Pick<LastNotification, 'at' | 'firing'> | undefined,
  { firing, repeatIntervalSeconds }: Firing,
  now: Instant,
): NotifyReason {
  const told = new Set(last?.firing)
  if (!last || told.size === 0) return firing.size > 0 ? 'first-notification' : 'none'
  if (firing.size === 0) return 'all-resolved'
  if ([...firing].some((key) => !told.has(key))) return 'new-alerts'
  if (firing.size < told.size) return 'some-resolved'
  return (now - last.at) / second >= repeatIntervalSeconds ? 'repeat-interval-passed' : 'none'
}
