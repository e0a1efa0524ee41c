import { analyzeApart } from './analyzeGrowth'
import { benchmarks } from './benchmarks'
import { serveSimulatedGraph } from './simulatedGraph'

/** What benchmarks start in further processes. */
const apart: Readonly<Record<string, (argument: string) => Promise<void>>> = { simulatedGraph: serveSimulatedGraph, analyzeApart }

const say = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`)

const [name = '', argument = '', mode] = process.argv.slice(2)
const started = apart[name]
const benchmark = benchmarks.find((row) => row.name === name)
if (name === 'list') for (const row of benchmarks) say({ name: row.name, goals: row.goals, nodeOptions: row.nodeOptions ?? [] })
else if (started) await started(argument)
else if (benchmark) await benchmark.run({ quick: mode === 'quick', scratch: argument, result: say })
else throw new RangeError(`There is no benchmark ${name}; there are ${benchmarks.map((row) => row.name).join(', ')}.`)
process.exit()
