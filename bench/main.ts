import { analyzeApart, analyzeFiles } from './analyzeFiles'
import type { Benchmark } from './benchmark'
import { countPages } from './countPages'
import { loadBundle } from './loadBundle'
import { pullSignIns } from './pullSignIns'
import { serveSimulatedGraph } from './simulatedGraph'
import { summariseTables } from './summariseTables'

/** By the name that `run.mjs` asks for; each runs in a process of its own, so that none finds the heap of another. */
const benchmarks: Readonly<Record<string, Benchmark>> = { countPages, analyzeFiles, pullSignIns, summariseTables, loadBundle }
/** What benchmarks start in further processes. */
const helpers: Readonly<Record<string, (argument: string) => Promise<void>>> = { simulatedGraph: serveSimulatedGraph, analyzeApart }

const [name = '', argument = '', mode] = process.argv.slice(2)
const helper = helpers[name]
const benchmark = benchmarks[name]
if (helper) await helper(argument)
else if (!benchmark) throw new RangeError(`There is no benchmark ${name}; there are ${Object.keys(benchmarks).join(', ')}.`)
else
  await benchmark({ quick: mode === 'quick', scratch: argument, result: (result) => process.stdout.write(`${JSON.stringify(result)}\n`) })
process.exit()
