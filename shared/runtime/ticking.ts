import type { InvocationContext, TimerHandler } from '@azure/functions'
import { currentLog, inLogOf } from './log'
import { inTraceOf } from './trace'
import { type Wiring, wiring } from './wiring'

/**
 * A handler of a timer: what it does is logged and traced under its invocation, and what it counted is written at its end,
 * however it ended. That the counts of a run could not be written is no fault of the run: they wait for the next one.
 */
export const ticking =
  (work: (wired: Wiring, context: InvocationContext) => Promise<void>): TimerHandler =>
  (_timer, context) =>
    inTraceOf(context.traceContext?.traceParent, () =>
      inLogOf(context, async () => {
        const wired = wiring()
        try {
          await work(wired, context)
        } finally {
          await wired.meter.flush().catch(() => currentLog('warn', 'The counters were not written; they are with the next run.'))
        }
      }),
    )
