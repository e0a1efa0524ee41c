import os from 'node:os'

const notes = `
Both sides of a ratio are measured in one run, in turn; the value is the median of the ratios of the rounds, with their
quartiles. The ratio by processor time is less disturbed by whatever else the machine does; it does not show what several
threads gain. A time by itself says something of the machine only.
`

const limits = `
## What limits what is missed

- **Counting beside parsing (P1, P3).** Rows of 4 KB come to 4.4 KB of objects when they are parsed; counting makes another 1.4 KB of
  each (630 bytes while it is read, 220 for its record, 120 for counting it, and 450 for the aggregates of pages of some 360 rows), so
  the garbage collector comes a fifth more often. The rest of what is added is our own code: by phases, two fifths of it read the row, a
  fifth classifies it, a fifth makes its record and a fifth adds up, with no hot spot.
  Done: texts that come back are found without hashing them, lists are looked at in one loop, answers for sets of flags are remembered,
  and each row is let go as soon as it is counted, which halves what the collector has to copy (0.03 to 0.05 of the ratio).
- **A file on one thread (P2).** By profile, of what analyze does JSON.parse is 40 %, reading the file 12 %, the garbage collector 7 %; reading
  rows, classifying them and making their records 6 % each, the count at the end 4 %. Done: pieces of the file take turns in the same
  memory, and the next is read while one is worked on. Tried without effect: many lines parsed as one list (up to a fifth more
  processor time than one by one), and lines of plain ASCII taken as such.
- **A file on several threads (P2).** Needs as many idle cores as threads. The main thread reads the first range itself; rows come back as
  numbers and one list of texts; what is left for one thread is putting the records together and counting them.
- **Table transactions (P4).** A run costs two writes of its row, one query of the alerts and two or three of the buckets before
  anything is counted; settling adds marks and commits while it lasts. Done: ledgers are kept in mind between runs, versions are taken
  from the answers, what is read is committed together, what alerts compare with is kept for five minutes, and alerts are read again
  only when their group changed.
- **Memory of a backfill (P4).** V8 lets garbage lie for longer the more memory there is: with the heap that Node takes on a machine of 24 GB
  the same backfill holds 237 to 313 MiB after 170,000 to 340,000 rows, of which 30 to 50 MB are in use after a full collection. So it is
  measured with the heap that Node takes within 512 MB. Done: rows are parsed and counted one by one as they come, so that no page is held
  as text or as objects; what waits for its commit is held as records and counted when it is written; a compressed breakdown lets go of
  zlib's working memory, 16 KB each. It still grows while more is read; what of it
  is the ledger of the buckets, which is kept in mind, was not told apart.
- **Summaries (P6).** By profile of 30 days, of what our process does adding breakdowns up is 27 % (the numbers of their keys and users half of
  it, evidence a quarter), decompressing them 11 %, adding counts up 13 %, the garbage collector 13 %, JSON.stringify 4 %; the rest is
  the queries. Done: numbers and sketches are added up as they are read, nothing is made first; breakdowns, facets and evidence that the
  answer does not show are passed over; keys are read once and remembered; counts are not read at all for a 304; an asker who names no
  answer that it has gets counts and breakdowns read side by side, and the edges of the window without waiting for its days. Measured and
  not done: writing the series as text without JSON.stringify (47 ms instead of 36), larger pieces for the decompressor (no difference),
  a deflated form of breakdowns (half the time to read, 6 to 11 % larger), brotli at level 3 for answers (half the time, a sixth to a
  fifth larger). Left: in the tables of this benchmark all evidence is equally new, so more of it is read than where days differ.
- **Summaries of more sign-ins (P12).** Rows of 6,000 sign-ins do not fill the breakdowns and the sketches of distinct users yet, rows of
  96,000 nearly do, so there is more in each row to decompress and to add up; rows are bounded, so the growth ends there.
- **Loading (P7).** By processor time, the lowest of nine to fifteen, the parts loaded alone: the four libraries 73 to 88 ms, the bundle 87 to 105, with
  all that first calls load 111 to 123. The catalogue is 16 to 20 ms of it, zod's small build 6. Done: undici and @azure/identity lie in
  files of their own that are read when first asked for; the client for Graph, the catalogue and the pipelines that need it are run at
  the first call of a function that needs them, so that the probes of health, the metrics and the hourly upkeep do without; names
  of countries and examples of classes are made when asked for. Tried without effect: Japanese texts as UTF-8 instead of escapes. Left:
  V8 looks through the source of what is run later too, as it is in the same file, and that the first sign-in needs the whole catalogue.
`

/** The page of results, and of what an earlier page says of goals that were not measured again. */
export function page(results, earlier = '') {
  const [cpu] = os.cpus()
  const machine = `${cpu?.model ?? 'unknown processor'}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GB of memory, ${os.type()}, Node ${process.versions.node}`
  return `# Benchmarks

Written by \`npm run bench\` on ${machine}.
${notes}
${header}
${[...results.map(line), ...keptLines(earlier, results)].sort(byGoal).join('\n')}
${limits}`
}

/** The table alone. */
export const table = (results) => `${header}\n${results.map(line).join('\n')}`

const header = `| | what | value | by processor time | goal | met | detail |
| --- | --- | --- | --- | --- | --- | --- |`

const line = ({ id, what, value, spread, processorRatio, goal, detail }) =>
  `| ${id} | ${what} | ${value.toFixed(2)}${spread ? ` (${spread.map((one) => one.toFixed(2)).join('–')})` : ''} | ${processorRatio?.toFixed(2) ?? ''} | ${goalText(goal)} | ${verdict(value, goal)} | ${detail} |`

function keptLines(earlier, results) {
  const measured = new Set(results.map(({ id }) => id))
  return earlier.split('\n').filter((text) => /^\| P\d/.test(text) && !measured.has(text.split('|')[1].trim()))
}

const byGoal = (one, other) => goalNumber(one) - goalNumber(other)

const goalNumber = (text) => Number(/^\| P(\d+)/.exec(text)?.[1])

const goalText = (goal) => (goal === undefined ? '' : 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`)

function verdict(value, goal) {
  if (goal === undefined) return ''
  const share = 'atMost' in goal ? value / goal.atMost : goal.atLeast / value
  return share <= 1 ? 'yes' : `missed by ${Math.round((share - 1) * 100)} %`
}
