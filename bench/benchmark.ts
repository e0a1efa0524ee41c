import { type Comparison, comparisonOf, type Pair } from './ratio'

/** One line of the table. */
export interface Result {
  /** Which goal it belongs to: P1, P2, … */
  readonly id: string
  readonly what: string
  readonly value: number
  /** Quartiles of the rounds. */
  readonly spread?: readonly [number, number]
  /** The same ratio by processor time. */
  readonly processorRatio?: number
  /** Left out where the value is there to be seen only. */
  readonly goal?: Goal
  readonly detail: string
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number }

export interface BenchmarkContext {
  /** Only shows that it runs: small inputs, few rounds. */
  readonly quick: boolean
  /** A directory of this run's own, removed at its end. */
  readonly scratch: string
  readonly result: (result: Result) => void
}

/** Measures something and tells its results. Both sides of a ratio are measured in turn within one run. */
export type Benchmark = (context: BenchmarkContext) => Promise<void>

/** The line of a ratio from its rounds. */
export function ratioResult(
  line: Pick<Result, 'id' | 'what'> & { readonly goal?: Goal; readonly detail: (comparison: Comparison) => string },
  rounds: readonly Pair[],
): Result {
  const comparison = comparisonOf(rounds)
  const { ratio, quartiles, processorRatio } = comparison
  return {
    ...line,
    value: ratio,
    spread: quartiles,
    detail: line.detail(comparison),
    ...(processorRatio === undefined ? {} : { processorRatio }),
  }
}
