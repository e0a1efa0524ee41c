/** What two ways of doing the same work took in one round, in milliseconds. */
export interface Pair {
  readonly measured: number
  readonly baseline: number
}

/** Medians over rounds. */
export interface Comparison extends Pair {
  /** The median of the rounds' own ratios, which outlives a change of the machine's pace between rounds. */
  readonly ratio: number
  /** The first and the third quartile of the rounds' ratios. */
  readonly quartiles: readonly [number, number]
}

/** Answers the milliseconds that a piece of work took. */
type Timed = () => number | Promise<number>

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
  const ratios = rounds.map((round) => round.measured / round.baseline)
  return {
    measured: median(rounds.map((round) => round.measured)),
    baseline: median(rounds.map((round) => round.baseline)),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  }
}

/** Times a piece of work by the wall clock, in milliseconds. */
export const timed =
  (work: () => unknown): Timed =>
  async () => {
    const start = process.hrtime.bigint()
    await work()
    return Number(process.hrtime.bigint() - start) / 1e6
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
