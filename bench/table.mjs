import os from 'node:os'

const notes = `
Both sides of a ratio are measured in one run, in turn; the value is the median of the ratios of the rounds, with their
quartiles. The ratio by processor time is less disturbed by whatever else the machine does; it does not show what several
threads gain. A time by itself says something of the machine only.
`

const limits = `
## What limits what is missed

- **Counting beside parsing (P1, P3).** By a sampled profile of rows of 4 KB, about two thirds of what is added is our own code,
  spread over reading (most of it), classifying and counting with no hot spot; it waits for memory, because it is the first to look
  at what the parser has just written. A third is the garbage collector: the page is alive while it is counted and has to be copied,
  while the page of the baseline is dead by then. Done: memories for texts that come back, one look-up a facet, short sketches without registers, a loop that
  is compiled by itself. Tried without effect: other ways of writing the object that a row becomes.
- **A file on one thread (P2).** The same, and what follows the last row: counting starts when the time that all rows span is known.
- **A file on several threads (P2).** Needs as many idle cores as threads; on a machine that is busy with other work the second thread
  gains nothing. The main thread reads the first range itself, and rows come back as numbers and one list of texts.
- **Summaries (P6).** By profile: parsing the JSON of the breakdowns takes a third of what is added, the garbage collector a fifth,
  unpacking sketches, decompressing and adding up the rest. Done: each key of a breakdown is written once; sketches are merged register by
  register; evidence is kept in order. Left: breakdowns that an answer does not show, such as those of classes, are decoded too.
- **Loading (P7).** Two thirds is the time to compile and run the libraries. Done: undici and @azure/identity lie in files of
  their own that are read when first asked for; zod without its unused parts; names of countries and examples of classes are made when asked for.
`

/** The page of results. */
export function page(results) {
  const [cpu] = os.cpus()
  const machine = `${cpu?.model ?? 'unknown processor'}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GB of memory, ${os.type()}, Node ${process.versions.node}`
  return `# Benchmarks

Written by \`npm run bench\` on ${machine}.
${notes}
${table(results)}
${limits}`
}

/** The table alone. */
export function table(results) {
  const lines = results.map(
    ({ id, what, value, spread, processorRatio, goal, detail }) =>
      `| ${id} | ${what} | ${value.toFixed(2)}${spread ? ` (${spread.map((one) => one.toFixed(2)).join('–')})` : ''} | ${processorRatio?.toFixed(2) ?? ''} | ${goalText(goal)} | ${verdict(value, goal)} | ${detail} |`,
  )
  return `| | what | value | by processor time | goal | met | detail |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}`
}

const goalText = (goal) => (goal === undefined ? '' : 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`)

function verdict(value, goal) {
  if (goal === undefined) return ''
  const share = 'atMost' in goal ? value / goal.atMost : goal.atLeast / value
  return share <= 1 ? 'yes' : `missed by ${Math.round((share - 1) * 100)} %`
}
