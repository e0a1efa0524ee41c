import { createRateBudget } from '../shared/graph/rateBudget'
import { createSignInSource } from '../shared/graph/signInSource'
import { sleep } from '../shared/graph/sleep'
import type { SignInSource } from '../shared/pipelines/ports'
import { type Instant, second } from '../shared/signIns/instant'

/** The product's own source over HTTP, as it is deployed but for a rate budget that never makes it wait and a Graph that asks for no token. */
export const httpSource = (root: string, clock: () => Instant, retriesMax: number): SignInSource =>
  createSignInSource({
    root,
    credential: undefined,
    scope: '',
    budget: createRateBudget({ requestsMax: 500, clock, sleep }),
    clock,
    sleep,
    pageSize: 1_000,
    requestTimeoutMs: 100 * second,
    retriesMax,
    pagesMax: 2_000,
    pageBytesMax: 64 * 1_024 * 1_024,
  })
