import { userHasher } from '../../shared/aggregates/userHash'
import { knownTenants } from '../../shared/failures/knownTenants'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { Ports, SignInPage } from '../../shared/pipelines/ports'
import { readWindow } from '../../shared/pipelines/readWindow'
import { utc } from '../../shared/signIns/buckets'
import { type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'

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

const startOf = async (pages: readonly Omit<SignInPage, 'rows'>[]): Promise<number> => {
  const signIns: Ports['signIns'] = {
    budget: { restore: () => undefined, state: () => ({ requestTimes: [], retryAfterUntil: undefined }), available: () => 10 },
    async *read() {
      for (const page of pages) yield { rows: [], ...page }
    },
  }
  const { readAt } = await readWindow(window, { signIns, clock: () => ourClock }, options, new AbortController().signal)
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
