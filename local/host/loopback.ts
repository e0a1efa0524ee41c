const loopbackName = /^(?:localhost|[a-z0-9-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/**
 * Whether a `Host` header names this computer. A page of another site that resolved its own name to 127.0.0.1 sends its
 * own name, so a check of the header is what keeps such a page out.
 */
export const isLoopbackHost = (host: string | undefined): boolean => host !== undefined && loopbackName.test(host.replace(/:\d{1,5}$/, ''))

/** Whether an `Origin` header, where a browser sent one, is a page of this computer. */
export const isLoopbackOrigin = (origin: string | undefined): boolean =>
  origin === undefined || isLoopbackHost(/^https?:\/\/([^/]+)$/.exec(origin)?.[1])
