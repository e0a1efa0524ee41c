import type { InvocationContext } from '@azure/functions'
import type { Log } from '../pipelines/ports'

/** A log that writes through one invocation, so that the host puts the line beside it. */
export const invocationLog =
  (context: InvocationContext): Log =>
  (level, message, fields) => {
    const line = fields === undefined ? message : `${message} ${JSON.stringify(fields)}`
    if (level === 'error') context.error(line)
    else if (level === 'warn') context.warn(line)
    else context.info(line)
  }

/** A log whose place is named later: the adapters are made before the first invocation, and speak through the newest one. */
export interface MovableLog {
  readonly log: Log
  moveTo(log: Log): void
}

export function movableLog(): MovableLog {
  let place: Log = () => {}
  return {
    log: (level, message, fields) => place(level, message, fields),
    moveTo: (log) => {
      place = log
    },
  }
}
