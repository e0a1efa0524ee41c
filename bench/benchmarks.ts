import { analyzeFiles } from './analyzeFiles'
import { analyzeGrowth } from './analyzeGrowth'
import { backfillMemory } from './backfillMemory'
import type { Benchmark } from './benchmark'
import { billedSeconds } from './billedSeconds'
import { countPages } from './countPages'
import { loadBundle } from './loadBundle'
import { pullSignIns } from './pullSignIns'
import { summariseTables } from './summariseTables'
import { summaryGrowth } from './summaryGrowth'
import { virtualDay } from './virtualDay'

/** A benchmark and the goals that it has results for: a line here is all that a new one needs besides its own file. */
interface BenchmarkRow {
  readonly name: string
  readonly goals: readonly string[]
  /** What Node is started with. */
  readonly nodeOptions?: readonly string[]
  readonly run: Benchmark
}

/**
 * V8 sizes its heap by the memory of the machine, so that the same program holds several times as much on a large one. These are
 * the sizes that Node takes by itself within 512 MB, which is what the template gives an instance.
 */
const asOnInstance = ['--max-old-space-size=256', '--max-semi-space-size=1']

/** In the order of the table; each runs in a process of its own, so that none finds the heap of another. */
export const benchmarks: readonly BenchmarkRow[] = [
  { name: 'countPages', goals: ['P1'], run: countPages },
  { name: 'analyzeFiles', goals: ['P2'], run: analyzeFiles },
  { name: 'analyzeGrowth', goals: ['P12'], run: analyzeGrowth },
  { name: 'pullSignIns', goals: ['P3'], run: pullSignIns },
  { name: 'virtualDay', goals: ['P4'], run: virtualDay },
  { name: 'billedSeconds', goals: ['P13'], run: billedSeconds },
  { name: 'backfillMemory', goals: ['P4'], nodeOptions: asOnInstance, run: backfillMemory },
  { name: 'summariseTables', goals: ['P6', 'P12'], run: summariseTables },
  { name: 'summaryGrowth', goals: ['P12'], run: summaryGrowth },
  { name: 'loadBundle', goals: ['P7'], run: loadBundle },
]
