import os from 'node:os'

const notes = `
Both sides of a ratio are measured in one run, in turn; the value is the median of the ratios of the rounds, with their
quartiles. The ratio by processor time is less disturbed by whatever else the machine does; it does not show what several
threads gain. A time by itself says something of the machine only.
`

/** The page of results. */
export function table(results) {
  const [cpu] = os.cpus()
  const machine = `${cpu?.model ?? 'unknown processor'}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GB of memory, ${os.type()}, Node ${process.versions.node}`
  const lines = results.map(
    ({ id, what, value, spread, processorRatio, goal, detail }) =>
      `| ${id} | ${what} | ${value.toFixed(2)}${spread ? ` (${spread.map((one) => one.toFixed(2)).join('–')})` : ''} | ${processorRatio?.toFixed(2) ?? ''} | ${goalText(goal)} | ${verdict(value, goal)} | ${detail} |`,
  )
  return `# Benchmarks

Written by \`npm run bench\` on ${machine}.
${notes}
| | what | value | by processor time | goal | met | detail |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`
}

const goalText = (goal) => (goal === undefined ? '' : 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`)

function verdict(value, goal) {
  if (goal === undefined) return ''
  const share = 'atMost' in goal ? value / goal.atMost : goal.atLeast / value
  return share <= 1 ? 'yes' : `missed by ${Math.round((share - 1) * 100)} %`
}
