/** What `work` comes to, or the signal's reason thrown as soon as it is aborted; the work itself is then left to end unheard. */
export function untilAborted<T>(work: Promise<T>, abort: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(abort.reason)
    if (abort.aborted) stop()
    abort.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => abort.removeEventListener('abort', stop))
  })
}
