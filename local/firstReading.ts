import { type Instant, second } from '../shared/signIns/instant'
import { whenStopped } from './stopSignals'
import type { Terminal } from './terminal'

/** What is read of the body of `GET /api/health`. */
export interface HealthFacts {
  readonly lastRun: { readonly result: string | null; readonly detail: string }
  readonly streams: readonly { readonly stream: string; readonly state: string; readonly detail?: string | null }[]
  readonly backfill: {
    readonly bucketsDone: number
    readonly bucketsTotal: number
    readonly bucketsPerMinute?: number | null
    readonly secondsLeft: number | null
  }
}

interface FirstReadingOptions {
  /** One run of the monitor, to its end. */
  readonly run: () => Promise<void>
  readonly health: () => Promise<HealthFacts>
  readonly terminal: Terminal
  readonly stopped: AbortSignal
  readonly clock?: () => Instant
  readonly pause?: (milliseconds: number, stopped: AbortSignal) => Promise<void>
}

/** `read`: everything is there; `failed`: nothing more can be had for now; `unfinished`: it goes on with the timer. */
type FirstReading = { readonly kind: 'read' | 'failed' | 'unfinished'; readonly health: HealthFacts } | { readonly kind: 'stopped' }

const longest = 90 * second
const betweenLooks = second / 2
/** The timer reads for most of a minute, so the rest of the history is looked at less often. */
const betweenLaterLooks = 10 * second
const failuresMax = 3
const unreadable: readonly string[] = ['forbidden', 'unlicensed', 'unavailable', 'disabled']

/**
 * Runs the monitor back to back until the history is read, and shows how far it is. It gives up after 90 seconds (a large
 * tenant takes longer, and the timer goes on with it), after three runs in a row that failed, or when no stream can be read.
 * An error of a run passes through.
 */
export const readForTheFirstTime = async (options: FirstReadingOptions): Promise<FirstReading> => {
  const { run, health, terminal, stopped, clock = Date.now, pause = sleep } = options
  const startedAt = clock()
  let failures = 0
  try {
    while (!stopped.aborted) {
      await whileShown(run(), options)
      if (stopped.aborted) break
      const facts = await health()
      if (isRead(facts)) return { kind: 'read', health: facts }
      failures = facts.lastRun.result === 'failed' ? failures + 1 : 0
      if (failures === failuresMax || noneReadable(facts)) return { kind: 'failed', health: facts }
      if (clock() - startedAt >= longest) return { kind: 'unfinished', health: facts }
      // The run may be held by an instance that just ended, and then returns at once.
      await pause(second, stopped)
    }
    return { kind: 'stopped' }
  } finally {
    terminal.progressEnds()
  }
}

/** Shows how far the rest of the history is until it is read or everything stops; a look that fails shows nothing. */
export const watchBackfill = async (options: Pick<FirstReadingOptions, 'health' | 'terminal' | 'stopped' | 'pause'>): Promise<void> => {
  const { health, terminal, stopped, pause = sleep } = options
  while (!stopped.aborted) {
    const facts = await health().catch(() => undefined)
    if (facts && isRead(facts)) {
      terminal.progressEnds()
      terminal.line('The whole history is read.')
      return
    }
    if (facts) terminal.progress(progressText(facts))
    await pause(betweenLaterLooks, stopped)
  }
  terminal.progressEnds()
}

const readableStreams = ({ streams }: HealthFacts): HealthFacts['streams'] => streams.filter(({ state }) => !unreadable.includes(state))
const noneReadable = (facts: HealthFacts): boolean => facts.streams.length > 0 && readableStreams(facts).length === 0

function isRead(facts: HealthFacts): boolean {
  const { bucketsDone, bucketsTotal } = facts.backfill
  const readable = readableStreams(facts)
  return bucketsDone >= bucketsTotal && readable.length > 0 && readable.every(({ state }) => state !== 'starting')
}

/** Looks at the health again and again until the work is done; a look that fails shows nothing. */
async function whileShown(work: Promise<void>, { health, terminal, stopped, pause = sleep }: FirstReadingOptions): Promise<void> {
  let done = false
  const finished = Promise.race([work, whenStopped(stopped)]).finally(() => {
    done = true
  })
  const show = async (): Promise<void> => {
    while (!done) {
      const facts = await health().catch(() => undefined)
      if (facts && !done) terminal.progress(progressText(facts))
      await Promise.race([finished.catch(() => undefined), pause(betweenLooks, stopped)])
    }
  }
  await Promise.all([finished, show()])
}

const counted = new Intl.NumberFormat('en-US')

function progressText({ backfill, streams }: HealthFacts): string {
  const { bucketsDone, bucketsTotal, bucketsPerMinute, secondsLeft } = backfill
  if (bucketsTotal === 0) return 'Reading sign-ins'
  const current = streams.filter(({ state }) => state === 'current').length
  const rate = bucketsPerMinute ? `, ${counted.format(bucketsPerMinute)} a minute` : ''
  const left = secondsLeft === null ? '' : `, about ${counted.format(secondsLeft)} s left`
  const parts = `${counted.format(bucketsDone)} of ${counted.format(bucketsTotal)} buckets`
  return `Reading sign-ins: ${parts}, ${current} of ${streams.length} streams current${rate}${left}`
}

function sleep(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timeout)
      stopped.removeEventListener('abort', end)
      resolve()
    }
    const timeout = setTimeout(end, milliseconds)
    stopped.addEventListener('abort', end)
  })
}
