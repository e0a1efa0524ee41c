import { formatInstant, type Instant } from '../../shared/signIns/instant'
import type { TypedData } from './appModel'
import type { Schedule } from './schedule'

/** A timer function's clockwork. */
export interface Timer {
  /** The argument of an invocation that starts now. */
  input(): TypedData
  /** Starts no further run. One that is under way goes on. */
  stop(): void
}

/** The times that the real host keeps in its storage account; `Last` of a timer that never ran is .NET's smallest date. */
const neverRan = '0001-01-01T00:00:00'
const longestWaitMs = 2 ** 31 - 1

/**
 * Runs a function on its schedule as the host's timer listener does: runs of one timer never overlap, and when a run takes
 * longer than to the next occurrence, one run follows at once, however many were missed. `run` must not reject.
 * Nothing is kept over a restart, so no run is ever past due.
 */
export const startTimer = (schedule: Schedule, run: () => Promise<void>, options: { started: boolean; runOnStartup: boolean }): Timer => {
  let stopped = !options.started
  let last: Instant | undefined
  let due = schedule.next(Date.now())
  let waiting: NodeJS.Timeout | undefined

  const wait = (): void => {
    if (stopped) return
    // A timeout may fire a little early and cannot be longer than 24 days: both end in looking at the clock again.
    waiting = setTimeout(() => (Date.now() < due ? wait() : void fire()), Math.min(Math.max(due - Date.now(), 0), longestWaitMs))
  }
  const fire = async (): Promise<void> => {
    const startedAt = Date.now()
    await run()
    last = startedAt
    due = schedule.next(startedAt)
    wait()
  }

  if (!stopped && options.runOnStartup) void fire()
  else wait()
  return {
    input: () => timerInput(schedule.monitored ? { last, due: options.started ? due : schedule.next(Date.now()) } : undefined),
    stop: () => {
      stopped = true
      clearTimeout(waiting)
    },
  }
}

function timerInput(status: { last: Instant | undefined; due: Instant } | undefined): TypedData {
  const last = status?.last === undefined ? neverRan : formatInstant(status.last)
  const kept = status ? { Last: last, Next: formatInstant(status.due), LastUpdated: last } : null
  return { json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: kept, IsPastDue: false }) }
}
