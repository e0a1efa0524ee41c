import { setTimeout } from 'node:timers/promises'

/** Waits some milliseconds; throws at once when the signal is aborted. */
export type Sleep = (milliseconds: number, abort: AbortSignal) => Promise<void>

/** {@link Sleep} by the real clock. */
export const sleep: Sleep = async (milliseconds, abort) => {
  await setTimeout(milliseconds, undefined, { signal: abort })
}
