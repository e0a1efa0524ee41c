import { AsyncLocalStorage } from 'node:async_hooks'
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

const current = new AsyncLocalStorage<Log>()

/** Writes through the invocation that the call belongs to; what belongs to none is not said. */
export const currentLog: Log = (level, message, fields) => current.getStore()?.(level, message, fields)

/** Does some work whose log lines, the adapters' included, belong to an invocation. */
export const inLogOf = <Result>(context: InvocationContext, work: () => Promise<Result>): Promise<Result> =>
  current.run(invocationLog(context), work)
