/** What a piece of work took, in milliseconds. */
export interface Time {
  readonly wall: number
  /** Of all threads of this process; left out where the work is done by another one. */
  readonly processor?: number
}

/** What two ways of doing the same work took in one round. */
export interface Pair {
  readonly measured: Time
  readonly baseline: Time
}

/** Medians over rounds, of the wall clock in milliseconds. */
export interface Comparison {
  readonly measured: number
  readonly baseline: number
  /** The ratio of processor times, which other work on the machine disturbs less; undefined where it was not measured. */
  readonly processorRatio: number | undefined
  /** The median of the rounds' own ratios, which outlives a change of the machine's pace between rounds. */
  readonly ratio: number
  /** The first and the third quartile of the rounds' ratios. */
  readonly quartiles: readonly [number, number]
}

/** Does a piece of work and answers what it took. */
type Timed = () => Time | Promise<Time>

/** Runs two pieces of work in turn, now one first and now the other, after `warmUp` rounds that are not counted. */
export async function inTurn(measured: Timed, baseline: Timed, { rounds, warmUp }: { rounds: number; warmUp: number }): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const measuredFirst = round % 2 === 0
    const first = await (measuredFirst ? measured : baseline)()
    const second = await (measuredFirst ? baseline : measured)()
    if (round >= 0) pairs.push(measuredFirst ? { measured: first, baseline: second } : { measured: second, baseline: first })
  }
  return pairs
}

/** The comparison that rounds come to. */
export function comparisonOf(rounds: readonly Pair[]): Comparison {
  const ratios = rounds.map(({ measured, baseline }) => measured.wall / baseline.wall)
  const processorRatios = rounds.flatMap(({ measured, baseline }) =>
    measured.processor === undefined || baseline.processor === undefined ? [] : [measured.processor / baseline.processor],
  )
  return {
    measured: median(rounds.map(({ measured }) => measured.wall)),
    baseline: median(rounds.map(({ baseline }) => baseline.wall)),
    processorRatio: processorRatios.length === 0 ? undefined : median(processorRatios),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  }
}

/** Times a piece of work. */
export const timed =
  (work: () => unknown): (() => Promise<Time>) =>
  async () => {
    const startWall = process.hrtime.bigint()
    const startProcessor = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(startProcessor)
    return { wall: Number(process.hrtime.bigint() - startWall) / 1e6, processor: (user + system) / 1e3 }
  }

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The value below which a share of the values lies, between its two neighbours in proportion. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}
