import { type HealthFacts, readForTheFirstTime, watchBackfill } from '../../local/firstReading'
import { createTerminal } from '../../local/terminal'

const stream = (state: string) => ({ stream: 'interactiveUser', state })
const at = (bucketsDone: number, states: string[] = ['current'], result = 'ok'): HealthFacts => ({
  lastRun: { result, detail: '' },
  streams: states.map(stream),
  backfill: { bucketsDone, bucketsTotal: 1200, secondsLeft: bucketsDone === 1200 ? 0 : 30 },
})

/** Runs the first reading against runs of 20 seconds each, after which the health is the next of the given ones. */
const read = async (healths: HealthFacts[], run: () => Promise<void> = () => Promise.resolve(), controller = new AbortController()) => {
  let now = 0
  let runs = 0
  const pieces: string[] = []
  const reading = await readForTheFirstTime({
    run: async () => {
      runs++
      now += 20_000
      await run()
    },
    health: () => Promise.resolve(healths[Math.min(runs, healths.length) - 1] ?? at(0)),
    terminal: createTerminal({ write: (text: string) => pieces.push(text) }, {}),
    stopped: controller.signal,
    clock: () => now,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  })
  return { kind: reading.kind, runs, text: pieces.join('') }
}

describe('readForTheFirstTime', () => {
  test.each`
    story                                                 | healths                                                                        | kind            | runs
    ${'the first run reads everything'}                   | ${[at(1200)]}                                                                  | ${'read'}       | ${1}
    ${'three runs are needed'}                            | ${[at(300), at(900), at(1200)]}                                                | ${'read'}       | ${3}
    ${'a stream that was not read yet is waited for'}     | ${[at(1200, ['current', 'starting']), at(1200, ['current'])]}                  | ${'read'}       | ${2}
    ${'a stream that Graph refuses is not waited for'}    | ${[at(1200, ['current', 'forbidden'])]}                                        | ${'read'}       | ${1}
    ${'no stream can be read'}                            | ${[at(0, ['forbidden', 'unlicensed'])]}                                        | ${'failed'}     | ${1}
    ${'three runs in a row fail'}                         | ${[at(0, ['starting'], 'failed')]}                                             | ${'failed'}     | ${3}
    ${'one that works between two that fail starts anew'} | ${[at(0, ['behind'], 'failed'), at(1), at(1, ['behind'], 'failed'), at(1200)]} | ${'read'}       | ${4}
    ${'it takes longer than 90 seconds'}                  | ${[at(300)]}                                                                   | ${'unfinished'} | ${5}
  `('readForTheFirstTime: $story', async ({ healths, kind, runs }) => {
    expect(await read(healths)).toMatchObject({ kind, runs })
  })

  test('readForTheFirstTime: it says how far it is while a run is under way', async () => {
    const { text } = await read([at(300), at(1200)], () => new Promise((resolve) => setTimeout(resolve, 20)))
    expect(text).toContain('Reading sign-ins: 300 of 1,200 buckets, 1 of 1 streams current, about 30 s left\n')
  })

  test('readForTheFirstTime: a stop does not wait for the run that is under way', async () => {
    const controller = new AbortController()
    const endless = () => {
      setImmediate(() => controller.abort())
      return new Promise<void>(() => undefined)
    }
    expect(await read([at(0)], endless, controller)).toMatchObject({ kind: 'stopped', runs: 1 })
  })

  test('readForTheFirstTime: nothing runs after a stop', async () => {
    const controller = new AbortController()
    controller.abort()
    expect(await read([at(0)], undefined, controller)).toMatchObject({ kind: 'stopped', runs: 0 })
  })

  test('readForTheFirstTime: an error of a run passes through', async () => {
    await expect(read([at(0)], () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })
})

describe('watchBackfill', () => {
  const watch = async (healths: (HealthFacts | Error)[], controller = new AbortController()): Promise<string> => {
    let looks = 0
    const pieces: string[] = []
    await watchBackfill({
      health: async () => {
        const found = healths[Math.min(looks++, healths.length - 1)] ?? at(0)
        if (found instanceof Error) throw found
        return found
      },
      terminal: createTerminal({ write: (text: string) => pieces.push(text) }, {}),
      stopped: controller.signal,
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    })
    return pieces.join('')
  }

  test('watchBackfill: it shows buckets, rate and time left until the history is read', async () => {
    const under = { ...at(600), backfill: { ...at(600).backfill, bucketsPerMinute: 90 } }
    expect(await watch([under, new Error('not now'), at(1200)])).toBe(
      'Reading sign-ins: 600 of 1,200 buckets, 1 of 1 streams current, 90 a minute, about 30 s left\nThe whole history is read.\n',
    )
  })

  test('watchBackfill: a stop ends it without a word', async () => {
    const controller = new AbortController()
    controller.abort()
    expect(await watch([at(0)], controller)).toBe('')
  })
})
