import { builtInRules } from '../../shared/alerts/rules'
import { withRunbooks } from '../../shared/alerts/withRunbooks'
import { knownTenants } from '../../shared/failures/knownTenants'
import { answerSeries } from '../../shared/pipelines/answerSeries'
import { answerSummary, type SummaryQuery } from '../../shared/pipelines/answerSummary'
import type { MonitorOptions } from '../../shared/pipelines/options'
import type { BucketStore, Ports } from '../../shared/pipelines/ports'
import { hour, parseInstant } from '../../shared/signIns/instant'
import { useStorageEmulator } from '../support/tables'
import { openVirtualMonitor } from './virtualMonitor'

const { endpoint, freshTenant } = useStorageEmulator()
const from = parseInstant('2026-03-28T00:00:00Z') ?? Number.NaN
const query: SummaryQuery = {
  window: { from, to: from + 2 * hour },
  grain: '5m',
  streams: ['interactiveUser'],
  families: undefined,
  top: 5,
  language: 'en',
}

/** A monitor that read two hours, and what its store is asked for, in order: `rows` when they have answered, `facets` when they are asked for. */
async function watched({ facetsFail = false } = {}) {
  const monitor = openVirtualMonitor({
    endpoint: endpoint(),
    tenantId: freshTenant(),
    now: from + 3 * hour,
    options: { streams: ['interactiveUser'], lookbackHours: 3 },
  })
  monitor.log.add({ at: from + hour, errorCode: 500021 })
  await monitor.tick()
  const happened: string[] = []
  const buckets: BucketStore = {
    ...monitor.ports.buckets,
    rows: async (asked) => {
      const rows = await monitor.ports.buckets.rows(asked)
      happened.push('rows')
      return rows
    },
    facets: async (asked) => {
      happened.push('facets')
      if (facetsFail) throw new RangeError('The facets do not come.')
      return monitor.ports.buckets.facets(asked)
    },
  }
  const ports: Ports = { ...monitor.ports, buckets }
  return { happened, monitor, answer: (bodyIsWanted: boolean) => answerSummary(query, ports, monitor.options, { bodyIsWanted }) }
}

test('answerSummary: breakdowns are not read before the body is asked for, unless it is wanted for sure', async () => {
  const { happened, answer } = await watched()
  await answer(false)
  expect(happened).toEqual(['rows'])
  happened.length = 0
  await answer(true)
  expect(happened[0]).toBe('facets')
})

test('answerSummary: the answer is the same, read at once or when it is asked for', async () => {
  const { answer } = await watched()
  const [later, atOnce] = await Promise.all([answer(false), answer(true)])
  expect(atOnce.dependsOn).toBe(later.dependsOn)
  const body = await atOnce.body()
  expect(body).toEqual(await later.body())
  expect(body.failures[0]).toMatchObject({ family: 'tenant-restriction', signIns: 1 })
  expect(await atOnce.body()).toEqual(body)
})

test('answerSummary: breakdowns that fail to come fail the body and nothing else', async () => {
  const { answer } = await watched({ facetsFail: true })
  const { body } = await answer(true)
  await expect(body()).rejects.toThrow('The facets do not come.')
})

test.each<[string, Partial<MonitorOptions>]>([
  [
    'the name of a tenant',
    { tenants: knownTenants([{ id: '00000000-0000-0000-0000-00000000000a', name: 'Contoso', kind: 'partner', blocked: 'fault' }]) },
  ],
  ['the root of links', { publicBaseUrl: 'https://monitor.example' }],
  ['where runbooks are', { rules: withRunbooks(builtInRules, 'https://git.example/{page}') }],
  ['the release', { version: '9.9.9' }],
])('answers: %s is a part of what a summary and a series depend on', async (_story, change) => {
  const { monitor } = await watched()
  const [{ window, grain, language }, { options, ports }] = [query, monitor]
  const asked = { window, grain, language, measure: 'signIns', by: 'outcome', top: 5 } as const
  const dependsOn = async (given: MonitorOptions): Promise<string[]> => {
    const answers = await Promise.all([answerSummary(query, ports, given), answerSeries(asked, ports, given)])
    return answers.map((answer) => answer.dependsOn)
  }
  const before = await dependsOn(options)
  expect(await dependsOn({ ...options })).toEqual(before)
  const after = await dependsOn({ ...options, ...change })
  expect(after.map((text, index) => text === before[index])).toEqual([false, false])
})
