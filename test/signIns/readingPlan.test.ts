import fc from 'fast-check'
import { arrivalAllowance, bucketLength } from '../../shared/signIns/buckets'
import { day, formatInstant, hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import { readingExtent } from '../../shared/signIns/readingExtent'
import { type BucketReading, dueReason, type PlanInput, planReadings } from '../../shared/signIns/readingPlan'

const at = (text: string): Instant => parseInstant(`2026-03-02T${text}:00Z`) ?? Number.NaN
const readAt = (time: Instant, rows = 10, shrunkTo?: number): BucketReading => ({ readAt: time, rows, shrunkTo })

describe('dueReason', () => {
  const start = at('10:00')
  test.each`
    story                                                  | readAt               | now                      | everyTick | reason
    ${'the open bucket of a quiet stream'}                 | ${at('10:01')}       | ${at('10:02')}           | ${true}   | ${'live-edge'}
    ${'the open bucket of a busy stream'}                  | ${undefined}         | ${at('10:02')}           | ${false}  | ${undefined}
    ${'a busy bucket that is over and was not read since'} | ${at('10:04')}       | ${at('10:06')}           | ${false}  | ${'live-edge'}
    ${'a busy bucket that was read after its end'}         | ${at('10:06')}       | ${at('10:08')}           | ${false}  | ${undefined}
    ${'arrival is still allowed'}                          | ${at('10:13')}       | ${at('10:14')}           | ${true}   | ${'live-edge'}
    ${'the allowance is over and it was read before'}      | ${at('10:14')}       | ${at('10:15')}           | ${true}   | ${'closing'}
    ${'it was read when the allowance was over'}           | ${at('10:15')}       | ${at('10:30')}           | ${true}   | ${undefined}
    ${'it was never read'}                                 | ${undefined}         | ${at('10:15')}           | ${true}   | ${'backfill'}
    ${'its hour is not an hour old'}                       | ${at('10:15')}       | ${at('11:59')}           | ${true}   | ${undefined}
    ${'its hour is an hour old'}                           | ${at('10:15')}       | ${at('12:00')}           | ${true}   | ${'settling-1h'}
    ${'it was settled at an hour'}                         | ${at('12:00')}       | ${at('16:59')}           | ${true}   | ${undefined}
    ${'its hour is six hours old'}                         | ${at('12:00')}       | ${at('17:00')}           | ${true}   | ${'settling-6h'}
    ${'its hour is a day old'}                             | ${at('17:00')}       | ${at('11:00') + day}     | ${true}   | ${'settling-24h'}
    ${'settling ages that were missed are one reading'}    | ${at('10:15')}       | ${at('11:00') + day}     | ${true}   | ${'settling-24h'}
    ${'it is settled for good'}                            | ${at('11:00') + day} | ${at('11:00') + 9 * day} | ${true}   | ${undefined}
  `('dueReason: $story', ({ readAt: time, now, everyTick, reason }) =>
    expect(dueReason(start, time === undefined ? undefined : readAt(time), now, everyTick)).toBe(reason),
  )

  test.each`
    story                                                       | readAt                              | now                      | reason
    ${'a smaller reading waits while arrival is still allowed'} | ${readAt(at('10:13'), 10, 9)}       | ${at('10:14')}           | ${'live-edge'}
    ${'a smaller reading came before the allowance was over'}   | ${readAt(at('10:14'), 10, 9)}       | ${at('10:15')}           | ${'closing'}
    ${'a smaller reading came after it and waits for a second'} | ${readAt(at('10:15'), 10, 9)}       | ${at('10:16')}           | ${'shrunk'}
    ${'a smaller reading waits when a settling age is there'}   | ${readAt(at('10:15'), 10, 9)}       | ${at('12:00')}           | ${'shrunk'}
    ${'a smaller reading waits after the last settling age'}    | ${readAt(at('11:00') + day, 10, 0)} | ${at('11:00') + 9 * day} | ${'shrunk'}
  `('dueReason: $story', ({ readAt: reading, now, reason }) => expect(dueReason(start, reading, now, true)).toBe(reason))

  test('dueReason: a smaller reading is read again until a second one agrees', () => {
    expect(dueReason(start, readAt(at('10:15'), 10, 0), at('10:20'), true)).toBe('shrunk')
    expect(dueReason(start, readAt(at('10:15'), 10), at('10:20'), true)).toBeUndefined()
  })
})

const input = (over: Partial<PlanInput>): PlanInput => ({
  stream: 'interactiveUser',
  now: at('12:02'),
  lookbackFrom: at('00:00'),
  hoursBefore: at('00:00'),
  readings: new Map(),
  windowLengthMax: 6 * hour,
  ...over,
})

/** Every bucket of a range, read when its allowance was over. */
const completeReadings = (from: Instant, to: Instant, rows: number): Map<Instant, BucketReading> => {
  const readings = new Map<Instant, BucketReading>()
  for (let start = from; start < to; start += bucketLength) readings.set(start, readAt(start + hour + day, rows))
  return readings
}

const spans = (windows: readonly { from: Instant; to: Instant }[]): string[] =>
  windows.map(({ from, to }) => `${formatInstant(from).slice(11, 16)}-${formatInstant(to).slice(11, 16)}`)

describe('planReadings', () => {
  test('planReadings: an empty store reads the live edge first and backfills newest first in windows of six hours', () => {
    const plan = planReadings(input({}))
    expect(spans(plan.windows)).toEqual(['11:50-12:05'])
    expect(plan.windows[0]?.reason).toBe('live-edge')
    expect(spans(plan.backfill)).toEqual(['05:50-11:50', '00:00-05:50'])
  })

  test('planReadings: everything read and settled leaves only the live edge', () => {
    const plan = planReadings(input({ readings: completeReadings(at('00:00'), at('11:50'), 10) }))
    expect(spans(plan.windows)).toEqual(['11:50-12:05'])
    expect(plan.backfill).toEqual([])
  })

  test('planReadings: a stream in which nothing happened for two hours is read when a bucket is over', () => {
    const quiet = completeReadings(at('00:00'), at('11:50'), 0)
    quiet.set(at('11:50'), readAt(at('11:56'), 0))
    quiet.set(at('11:55'), readAt(at('12:01'), 0))
    expect(planReadings(input({ readings: quiet })).windows).toEqual([])
    quiet.delete(at('11:55'))
    expect(spans(planReadings(input({ readings: quiet })).windows)).toEqual(['11:55-12:00'])
  })

  test('planReadings: when several settling ages are due, the last one comes first and six hours last', () => {
    const readings = completeReadings(at('00:00'), at('12:00'), 600)
    const now = at('12:02') + day
    readings.set(at('06:00'), readAt(at('07:00') + 6 * hour, 600))
    for (let start = at('12:00'); start < now - arrivalAllowance - bucketLength; start += bucketLength) {
      readings.set(start, readAt(start + hour + 6 * hour, 600))
    }
    readings.set(at('03:00') + day, readAt(at('04:00') + day + hour, 600))
    readings.set(at('10:00') + day, readAt(at('10:20') + day, 600))
    const reasons = planReadings(input({ readings, now })).windows.map(({ reason }) => reason)
    expect(reasons.filter((reason) => reason.startsWith('settling'))).toEqual(['settling-24h', 'settling-1h', 'settling-6h'])
  })

  test('planReadings: a closing bucket is read in one request with the live edge', () => {
    const readings = completeReadings(at('00:00'), at('11:45'), 10)
    readings.set(at('11:45'), readAt(at('11:59')))
    expect(spans(planReadings(input({ readings })).windows)).toEqual(['11:45-12:05'])
  })

  test('planReadings: a gap after an outage is read newest first', () => {
    const readings = completeReadings(at('00:00'), at('11:50'), 10)
    for (let start = at('07:00'); start < at('09:30'); start += bucketLength) readings.delete(start)
    expect(spans(planReadings(input({ readings })).backfill)).toEqual(['07:00-09:30'])
  })

  test('planReadings: a window ends where its rows would not fit in a few pages', () => {
    const readings = completeReadings(at('11:00'), at('11:50'), 500)
    const { backfill } = planReadings(input({ readings }))
    expect(backfill.every(({ from, to }) => ((to - from) / bucketLength) * 500 <= 2_000)).toBe(true)
  })

  test.each`
    story                                                                       | known        | lately                           | open
    ${'nothing was ever read'}                                                  | ${undefined} | ${{}}                            | ${true}
    ${'few come, and the newest was read while it was open'}                    | ${100}       | ${{ '11:50': 100, '11:55': 20 }} | ${true}
    ${'many come, and the newest were read while they were open'}               | ${1_500}     | ${{ '11:50': 0, '11:55': 20 }}   | ${false}
    ${'many come, and nothing was read for hours'}                              | ${1_500}     | ${{}}                            | ${false}
    ${'few come, and nothing was read for hours'}                               | ${100}       | ${{}}                            | ${true}
    ${'none was ever read after its end, for reading some while they are open'} | ${undefined} | ${{ '11:50': 0, '11:55': 20 }}   | ${false}
  `('planReadings: when $story, it is $open that the open bucket is read', ({ known, lately, open }) => {
    const readings = known === undefined ? new Map<Instant, BucketReading>() : completeReadings(at('06:00'), at('09:00'), known)
    for (const [start, rows] of Object.entries<number>(lately)) readings.set(at(start), readAt(at(start) + minute, rows))
    const { windows } = planReadings(input({ readings }))
    expect(windows.some(({ to }) => to > at('12:02'))).toBe(open)
    // What is over is read all the same.
    expect(windows.some(({ from, to }) => from <= at('11:55') && to >= at('12:00'))).toBe(true)
  })

  test('planReadings: a busy live edge is torn apart, a quiet one is one request', () => {
    const busy = new Map<Instant, BucketReading>()
    for (let start = at('11:00'); start < at('11:50'); start += bucketLength) busy.set(start, readAt(start + hour + day, 1_500))
    const { windows } = planReadings(input({ readings: busy }))
    expect(windows.map(({ reason, requests }) => `${reason} ${requests}`)).toEqual(['live-edge 2', 'live-edge 2'])
    expect(spans(windows)).toEqual(['11:55-12:00', '11:50-11:55'])
    expect(spans(planReadings(input({ readings: busy, pageRows: 10_000 })).windows)).toEqual(['11:50-12:05'])
  })

  test('planReadings: after an outage of any length every bucket that was missed is due once, the newest first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), (minutes) => {
        const back = at('12:02')
        const gone = back - minutes * minute
        const readings = new Map<Instant, BucketReading>()
        for (let start = at('00:00'); start + bucketLength <= gone; start += bucketLength) {
          readings.set(start, readAt(Math.min(gone, start + hour), 10))
        }
        const { windows, backfill } = planReadings(input({ readings, now: back }))
        const missed = [...windows, ...backfill].flatMap(({ from, to }) =>
          Array.from({ length: (to - from) / bucketLength }, (_, index) => from + index * bucketLength),
        )
        expect(new Set(missed).size).toBe(missed.length)
        for (let start = at('00:00'); start < at('12:00'); start += bucketLength) if (!readings.has(start)) expect(missed).toContain(start)
        const starts = backfill.map(({ from }) => from)
        expect(starts).toEqual([...starts].sort((one, other) => other - one))
      }),
    )
  })

  test('planReadings: a window that settles is longer than others, so that few pages are not full', () => {
    const settling = completeReadings(at('00:00'), at('11:50'), 2_500)
    for (let start = at('08:00'); start < at('09:00'); start += bucketLength) settling.set(start, readAt(start + 20 * minute, 2_500))
    const windows = planReadings(input({ readings: settling })).windows.filter(({ reason }) => reason === 'settling-1h')
    expect(spans(windows)).toEqual(['08:30-09:00', '08:00-08:30'])
    expect(windows.map(({ requests }) => requests)).toEqual([15, 15])
  })

  test('planReadings: what closes is expected to have the rows of complete buckets, the live edge those of the last one read', () => {
    const readings = completeReadings(at('00:00'), at('11:40'), 3_900)
    for (const start of [at('11:40'), at('11:45'), at('11:50')]) readings.set(start, readAt(start + 6 * minute, 1_100))
    const { windows } = planReadings(input({ readings, now: at('12:01') }))
    expect(windows.map(({ reason, requests }) => `${reason} ${requests}`)).toEqual(['live-edge 2', 'closing 4', 'closing 4'])
    expect(spans(windows)).toEqual(['11:55-12:00', '11:45-11:50', '11:40-11:45'])
  })

  test('planReadings: the buckets of a sealed hour are never due again', () => {
    const readings = completeReadings(at('00:00'), at('11:50'), 700)
    const { windows, backfill } = planReadings(input({ readings, now: at('12:02') + 5 * day }))
    const from = Math.min(...[...windows, ...backfill].map((window) => window.from))
    expect(from).toBe(at('11:50'))
  })

  test('planReadings: a window is no longer than Graph was able to answer lately', () => {
    const { backfill } = planReadings(input({ windowLengthMax: 30 * minute }))
    expect(Math.max(...backfill.map(({ from, to }) => to - from))).toBe(30 * minute)
  })

  test('planReadings: what is too old for 5-minute rows is read in whole hours', () => {
    const { backfill } = planReadings(input({ hoursBefore: at('05:00'), windowLengthMax: 20 * minute }))
    const old = backfill.filter(({ grain }) => grain === '1h')
    expect(old).toHaveLength(5)
    expect(old.every(({ from, to }) => from % hour === 0 && to % hour === 0)).toBe(true)
  })

  test('planReadings: windows of a plan never overlap and cover every bucket that is due', () => {
    const bucketStates = fc.array(fc.constantFrom('unread', 'early', 'complete'), { minLength: 146, maxLength: 146 })
    fc.assert(
      fc.property(bucketStates, fc.integer({ min: 0, max: 600 }), (states, rows) => {
        const readings = new Map<Instant, BucketReading>()
        states.forEach((state, index) => {
          const start = at('00:00') + index * bucketLength
          if (state === 'early') readings.set(start, readAt(start + bucketLength, rows))
          if (state === 'complete') readings.set(start, readAt(start + bucketLength + day, rows))
        })
        const plan = planReadings(input({ readings }))
        const windows = [...plan.windows, ...plan.backfill].sort((one, other) => one.from - other.from)
        const covered = new Set(
          windows.flatMap(({ from, to }) => Array.from({ length: (to - from) / bucketLength }, (_, index) => from + index * bucketLength)),
        )
        expect(covered.size).toBe(windows.reduce((sum, { from, to }) => sum + (to - from) / bucketLength, 0))
        for (let start = at('00:00'); start + bucketLength + arrivalAllowance <= at('12:02'); start += bucketLength) {
          const due = readings.get(start) === undefined || (readings.get(start)?.readAt ?? 0) < start + bucketLength + arrivalAllowance
          expect(covered.has(start)).toBe(due)
        }
      }),
    )
  })
})

describe('readingExtent', () => {
  const extent = (readings: Map<Instant, BucketReading>) => readingExtent({ now: at('12:02'), lookbackFrom: at('00:00'), readings })

  test('readingExtent: nothing was read', () => {
    expect(extent(new Map())).toEqual({
      completeFrom: undefined,
      completeTo: undefined,
      readTo: undefined,
      settledTo: undefined,
      bucketsPending: 144,
      unsettledBuckets: 0,
      unsettledFrom: undefined,
      oldest: undefined,
      bucketsTotal: 144,
    })
  })

  test('readingExtent: the complete stretch ends before the provisional buckets and begins after a gap', () => {
    const readings = completeReadings(at('00:00'), at('11:50'), 10)
    readings.delete(at('08:00'))
    readings.set(at('11:50'), readAt(at('11:57')))
    readings.set(at('11:55'), readAt(at('12:01')))
    expect(extent(readings)).toMatchObject({ completeFrom: at('08:05'), completeTo: at('11:50'), readTo: at('12:00'), bucketsPending: 1 })
  })

  test('readingExtent: an older unsettled bucket is counted and does not hold settledTo back', () => {
    const readings = completeReadings(at('00:00'), at('11:50'), 10)
    readings.set(at('03:00'), readAt(at('03:20')))
    expect(extent(readings)).toMatchObject({ settledTo: at('11:50'), unsettledBuckets: 1, unsettledFrom: at('03:00'), oldest: at('00:00') })
  })
})
