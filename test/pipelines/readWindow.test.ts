import { userHasher } from '../../shared/aggregates/userHash'
import { knownTenants } from '../../shared/failures/knownTenants'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { Ports, SignInPage } from '../../shared/pipelines/ports'
import { readWindow, type WindowReading } from '../../shared/pipelines/readWindow'
import { utc } from '../../shared/signIns/buckets'
import { formatInstant, type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'

const noon: Instant = parseInstant('2026-03-20T12:00:00Z') ?? Number.NaN
const options: MonitorOptions = {
  version: '1.0.0',
  tenantId: 'tenant',
  streams: ['interactiveUser'],
  lookbackHours: 1,
  retention: { '5m': 8, '1h': 93, '1d': 400 },
  zone: utc,
  tenants: knownTenants([], 'tenant'),
  siteOf: () => undefined,
  hashUser: userHasher('a key of this test'),
  rules: [],
  runLeaseSeconds: 30,
  publicBaseUrl: undefined,
}
const window = {
  stream: 'interactiveUser',
  grain: '5m',
  reason: 'closing',
  requests: 1,
  from: noon - 15 * minute,
  to: noon - 10 * minute,
} as const
const ourClock = noon + 77 * second

async function readPages(pages: readonly SignInPage<unknown>[], to: Instant): Promise<WindowReading> {
  const signIns: Ports['signIns'] = {
    budget: { restore: () => undefined, state: () => ({ requestTimes: [], retryAfterUntil: undefined }), available: () => 10 },
    async *read(_window, _abort, take) {
      for (const page of pages) yield { ...page, rows: page.rows.map(take) }
    },
  }
  return readWindow({ ...window, to }, { signIns, clock: () => ourClock }, options, new AbortController().signal)
}

const startOf = async (pages: readonly Omit<SignInPage<unknown>, 'rows'>[]): Promise<number> => {
  const { readAt } = await readPages(
    pages.map((page) => ({ rows: [], ...page })),
    window.to,
  )
  return (readAt - noon) / second
}

test.each`
  story                                                        | pages                                                                                        | readAt
  ${'an answer that came at once'}                             | ${[{ serverTime: noon, took: 0 }]}                                                           | ${0}
  ${'an answer that took a part of a second'}                  | ${[{ serverTime: noon, took: 1 }]}                                                           | ${-1}
  ${'an answer that took a minute and a half'}                 | ${[{ serverTime: noon + 90 * second, took: 90_000 }]}                                        | ${0}
  ${'a first page that was slow and a second that came later'} | ${[{ serverTime: noon + 8 * second, took: 7_500 }, { serverTime: noon + minute, took: 10 }]} | ${0}
  ${'an answer that does not say what it took'}                | ${[{ serverTime: noon }]}                                                                    | ${0}
  ${'an answer without a date'}                                | ${[{ serverTime: undefined, took: 5_000 }]}                                                  | ${77}
`('readWindow: $story counts from $readAt seconds', async ({ pages, readAt }) => expect(await startOf(pages)).toBe(readAt))

interface ShownRow {
  readonly id?: string
  /** Minutes after the start of the window; without it the row has no readable time. */
  readonly at?: number
}

const shown = ({ id, at }: ShownRow): unknown => ({
  id,
  createdDateTime: at === undefined ? 'yesterday' : formatInstant(window.from + at * minute),
  status: { errorCode: 0 },
  signInEventTypes: ['interactiveUser'],
})

/** Of each of three buckets the rows, and how many of them are malformed. */
async function countsOf(pages: readonly (readonly ShownRow[])[]): Promise<unknown> {
  const answers = pages.map((rows) => ({ rows: rows.map(shown), serverTime: noon }))
  const { buckets } = await readPages(answers, window.from + 15 * minute)
  return [...buckets.values()].map(({ rows, malformedRows }) => [rows, malformedRows])
}

const first = { id: 'first', at: 1 }
const timeless = { id: 'timeless' }
const last = { id: 'last', at: 7 }

test.each`
  story                                                           | pages                                                      | expected
  ${'stands after the row before it'}                             | ${[[first, timeless, last]]}                               | ${[[2, 1], [1, 0], [0, 0]]}
  ${'comes again behind a later row and stays where it was'}      | ${[[first, timeless, last], [timeless, last]]}             | ${[[2, 1], [1, 0], [0, 0]]}
  ${'is another one behind a later row and counts there'}         | ${[[first, timeless, last], [{ id: 'other' }]]}            | ${[[2, 1], [2, 1], [0, 0]]}
  ${'has no id either, so that nothing says that it comes again'} | ${[[first, {}, last], [{}]]}                               | ${[[2, 1], [2, 1], [0, 0]]}
  ${'comes again with a time and counts at that'}                 | ${[[first, timeless, last], [{ id: 'timeless', at: 12 }]]} | ${[[1, 0], [1, 0], [1, 0]]}
  ${'comes again without the time that it had, and stays'}        | ${[[first, { id: 'timeless', at: 12 }, last], [timeless]]} | ${[[1, 0], [1, 0], [1, 1]]}
  ${'is the first of all and takes the start of the window'}      | ${[[timeless, last]]}                                      | ${[[1, 1], [1, 0], [0, 0]]}
`('readWindow: a row without a readable time $story', async ({ pages, expected }) => {
  expect(await countsOf(pages)).toEqual(expected)
})
