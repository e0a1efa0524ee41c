/** A stop that was asked for from outside. */
interface StopSignals {
  /** Aborted by the first Ctrl-C, SIGTERM or closed terminal. A second one ends the process at once. */
  readonly stopped: AbortSignal
  /** Everything has stopped: the process ends soon though something of the app may still hold it. A late signal changes nothing. */
  endSoon(): void
}

const names: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** What a shell expects of a program that Ctrl-C ended. */
const interruptedExitCode = 130
/** One Ctrl-C arrives twice under npm: from the terminal, and passed on by npm. */
const echoMs = 500
const lingerMs = 2_000

/** Listens for the signals of this process. */
export const stopSignals = (): StopSignals => {
  const controller = new AbortController()
  let askedAt = 0
  const listen = (): void => {
    if (!controller.signal.aborted) {
      askedAt = Date.now()
      controller.abort()
    } else if (Date.now() - askedAt >= echoMs) process.exit(interruptedExitCode)
  }
  for (const name of names) process.on(name, listen)
  return {
    stopped: controller.signal,
    endSoon: () => void setTimeout(() => process.exit(), lingerMs).unref(),
  }
}

/** Waits until a stop was asked for. */
export const whenStopped = (stopped: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stopped.aborted) resolve()
    else stopped.addEventListener('abort', () => resolve(), { once: true })
  })
