import { type EndedRun, heartbeatReason } from '../alerts/heartbeatReason'
import type { Ports } from './ports'

/**
 * Tells whoever waits for a sign of life that a run did its work, or withholds it, and keeps what came of it. Nothing that
 * goes wrong here is a fault of the run, so it never throws.
 */
export async function sendHeartbeat({ heartbeat, clock, log }: Pick<Ports, 'heartbeat' | 'clock' | 'log'>, run: EndedRun): Promise<void> {
  if (!heartbeat) return
  const reason = heartbeatReason(run)
  const result = reason === 'beat' ? await heartbeat.beat() : ({ kind: 'withheld', reason } as const)
  const outcome = { outcome: result.kind, reason: result.kind === 'delivered' ? 'none' : result.reason }
  if (result.kind !== 'delivered') log(reason === 'beat' ? 'warn' : 'info', 'No heartbeat was delivered.', outcome)
  await heartbeat
    .record(outcome, clock())
    .catch(() => log('warn', 'What came of the heartbeat was not written; the check tells what was written before.'))
}
