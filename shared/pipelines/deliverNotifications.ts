import type { OutboxRow } from '../alerts/alert'
import { matchOf } from '../alerts/decide'
import { handOver, nextAttempt } from '../alerts/nextAttempt'
import type { Ports } from './ports'

/** Notifications tried in one run. */
const attemptsMax = 20

/**
 * Tries every notification that is due, once. What is delivered, tried in vain or given up is written down one by one,
 * so that a crash repeats at most one delivery, under the same id. When a receiver is gone for good, another is told.
 */
export async function deliverNotifications(ports: Pick<Ports, 'alerts' | 'notifier' | 'clock' | 'log'>): Promise<void> {
  const waiting = await ports.alerts.waiting(ports.clock(), attemptsMax)
  for (const row of waiting) {
    const result = await ports.notifier.deliver(row)
    const next = nextAttempt(row, result, ports.clock())
    const other = handOver(row, result, receiversOf(row, ports), ports.clock())
    if (other) await ports.alerts.record(other)
    await ports.alerts.record(next)
    ports.log(next.state === 'delivered' ? 'info' : 'warn', 'A notification was tried.', {
      receiver: row.receiver,
      state: next.state,
      attempts: next.attempts,
      reason: next.lastReason ?? null,
    })
  }
}

const receiversOf = (row: OutboxRow, ports: Pick<Ports, 'notifier'>): string[] => [
  ...new Set(row.content.alerts.flatMap((alert) => ports.notifier.receivers(matchOf(alert)))),
]
