import type { Instant } from '../../shared/signIns/instant'

/** A clock that stands still while the product works and jumps to the next thing that was waited for. */
export interface VirtualTime {
  readonly now: Instant
  /** Resolves when the clock has gone on; rejects with the signal's reason as soon as it is aborted. */
  sleep(milliseconds: number, abort?: AbortSignal): Promise<void>
  /** `AbortSignal.timeout` by this clock. */
  timeout(milliseconds: number): AbortSignal
  /** Lets the clock go on until the work is done. Throws when everything waits for nothing. */
  runUntil<Result>(work: Promise<Result>): Promise<Result>
}

const idleTurnsMax = 1_000
/** The same for all: making one collects a stack, and every request has its time-out. */
const timedOut = new DOMException('The operation was aborted due to timeout', 'TimeoutError')

interface Waiting {
  readonly at: Instant
  readonly order: number
  readonly wake: () => void
}

/** Opens a clock at an instant. What waits for the same instant is woken in the order in which it began to wait. */
export function startVirtualTime(begin: Instant): VirtualTime {
  let now = begin
  let order = 0
  const heap: Waiting[] = []
  const wait = (milliseconds: number, wake: () => void): void =>
    push(heap, { at: now + Math.max(0, Math.ceil(milliseconds)), order: order++, wake })
  return {
    get now() {
      return now
    },
    sleep: (milliseconds, abort) =>
      new Promise((resolve, reject) => {
        if (abort?.aborted) {
          reject(abort.reason)
          return
        }
        const stop = (): void => reject(abort?.reason)
        abort?.addEventListener('abort', stop, { once: true })
        wait(milliseconds, () => {
          abort?.removeEventListener('abort', stop)
          resolve()
        })
      }),
    timeout: (milliseconds) => {
      const controller = new AbortController()
      wait(milliseconds, () => controller.abort(timedOut))
      return controller.signal
    },
    runUntil: async (work) => {
      let done = false
      const ended = work.finally(() => {
        done = true
      })
      ended.catch(() => undefined)
      for (let idleTurns = 0; ; ) {
        await drained()
        if (done) return ended
        const next = pop(heap)
        if (!next) {
          // What lets others go first waits for a turn of the real loop, and not for this clock.
          idleTurns += 1
          if (idleTurns > idleTurnsMax) throw new Error('Everything waits and nothing is going to happen.')
          continue
        }
        idleTurns = 0
        now = Math.max(now, next.at)
        next.wake()
      }
    },
  }
}

/** Resolves when every promise that can be settled now has been. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const isBefore = (one: Waiting, other: Waiting): boolean => one.at < other.at || (one.at === other.at && one.order < other.order)

function push(heap: Waiting[], waiting: Waiting): void {
  let at = heap.length
  heap.push(waiting)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (!parent || !isBefore(waiting, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = waiting
}

function pop(heap: Waiting[]): Waiting | undefined {
  const [first] = heap
  const last = heap.pop()
  if (!first || !last || heap.length === 0) return first
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    let smaller = heap[child]
    if (!smaller) break
    const right = heap[child + 1]
    if (right && isBefore(right, smaller)) {
      child += 1
      smaller = right
    }
    if (!isBefore(smaller, last)) break
    heap[at] = smaller
    at = child
  }
  heap[at] = last
  return first
}
