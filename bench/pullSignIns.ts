import { readWindow } from '../shared/pipelines/readWindow'
import type { TimeRange } from '../shared/signIns/buckets'
import { formatInstant, minute, second } from '../shared/signIns/instant'
import { type StreamId, streamIds } from '../shared/signIns/streams'
import { type Benchmark, ratioResult } from './benchmark'
import { benchOptions } from './benchOptions'
import { httpSource } from './httpSource'
import { inTurn, timed } from './ratio'
import { graphNow, startSimulatedGraph } from './simulatedGraph'

/** P3: the whole way of the sign-ins of half an hour, from a Graph that answers at once to counts, beside fetching and parsing the same pages. */
export const pullSignIns: Benchmark = async ({ quick, result }) => {
  const graph = await startSimulatedGraph(quick ? 100_000 : 600_000)
  const window: TimeRange = { from: graphNow - (quick ? 10 : 30) * minute, to: graphNow }
  try {
    const pages = (await Promise.all(streamIds.map((stream) => fetchPages(graph.baseUrl, stream, window)))).reduce(
      (sum, one) => sum + one,
      0,
    )
    const rounds = await inTurn(
      timed(() => pull(graph.baseUrl, window)),
      timed(() => Promise.all(streamIds.map((stream) => fetchPages(graph.baseUrl, stream, window)))),
      { rounds: quick ? 3 : 25, warmUp: quick ? 1 : 4 },
    )
    result(
      ratioResult(
        {
          id: 'P3',
          what: 'the whole pull ÷ fetch and JSON.parse of the same pages',
          goal: { atMost: 1.15 },
          detail: (at) => `${at.measured.toFixed(0)} ms ÷ ${at.baseline.toFixed(0)} ms for ${pages} pages of four streams`,
        },
        rounds,
      ),
    )
  } finally {
    await graph.stop()
  }
}

const asked = { grain: '5m', reason: 'backfill', requests: 1 } as const
const clock = (): number => graphNow

async function pull(baseUrl: string, window: TimeRange): Promise<void> {
  const signIns = httpSource(baseUrl, clock, 0)
  const abort = new AbortController().signal
  const read = (stream: StreamId) => readWindow({ ...window, ...asked, stream }, { signIns, clock }, benchOptions, abort)
  await Promise.all(streamIds.map(read))
}

/** Asks for what the product asks for, and answers how many pages came. */
async function fetchPages(baseUrl: string, stream: StreamId, { from, to }: TimeRange): Promise<number> {
  const query = new URLSearchParams({
    $filter: `createdDateTime ge ${formatInstant(from - second)} and createdDateTime le ${formatInstant(to + second)} and signInEventTypes/any(t: t eq '${stream}')`,
    $top: '1000',
    $orderby: 'createdDateTime',
  })
  let pages = 0
  for (let link: string | undefined = `${baseUrl}/beta/auditLogs/signIns?${query}`; link !== undefined; pages += 1) {
    const answer: Response = await fetch(link, { headers: { Prefer: 'include-unknown-enum-members' } })
    const body = JSON.parse(await answer.text())
    if (!Array.isArray(body.value)) throw new Error(`The simulated Graph answered ${answer.status}.`)
    link = body['@odata.nextLink']
  }
  return pages
}
