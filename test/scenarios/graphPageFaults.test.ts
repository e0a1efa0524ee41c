import { readWindow } from '../../shared/pipelines/readWindow'
import { formatInstant, hour, type Instant, minute, parseInstant, second } from '../../shared/signIns/instant'
import type { StreamId } from '../../shared/signIns/streams'
import { useFaultyMonitor } from '../support/faultyMonitor'
import { changedPage, type PageBody } from '../support/faultyTenant'
import { give, type Meddle } from '../support/meddlingProxy'

const noon = parseInstant('2026-03-10T12:02:00Z') ?? Number.NaN
const struck: StreamId = 'nonInteractiveUser'

const open = useFaultyMonitor(noon)

type Row = PageBody['value'][number]

const everyRow = (change: (row: Row, index: number) => Row): Meddle =>
  changedPage((page) => ({ ...page, value: page.value.map((row, index) => change(row, index)) }))
const askedFor = (url: URL): { from: Instant; to: Instant } => {
  const [, from = '', to = ''] = /ge (\S+) and createdDateTime le (\S+) /.exec(url.searchParams.get('$filter') ?? '') ?? []
  return { from: parseInstant(from) ?? Number.NaN, to: parseInstant(to) ?? Number.NaN }
}
const another = (row: Row, changes: Row): Row => ({ ...row, id: `another ${String(row['id'])}`, ...changes })

const shortPages: Meddle = async ({ request, forward, response }) => {
  const url = new URL(request.url)
  url.searchParams.set('$top', '2')
  give(response, await forward(url))
}

/** Every page of rows comes after an empty one that links to it. */
const emptyPages: Meddle = async ({ request, forward, response }) => {
  const url = new URL(request.url)
  if (url.searchParams.has('behind')) {
    url.searchParams.delete('behind')
    return give(response, await forward(url))
  }
  url.searchParams.set('behind', 'an empty page')
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ value: [], '@odata.nextLink': url.href }))
}

/** The last rows of a page begin the next one as well. */
function repeatedRows(): Meddle {
  let last: Row[] = []
  return changedPage((page) => {
    const value = [...last, ...page.value]
    last = page['@odata.nextLink'] === undefined ? [] : page.value.slice(-2)
    return { ...page, value }
  })
}

/** The rows of a page come with another outcome, and with their own one at the beginning of the next page. */
function olderVersionsFirst(): Meddle {
  let own: Row[] = []
  return changedPage((page) => {
    const isLast = page['@odata.nextLink'] === undefined
    const older = isLast ? page.value : page.value.map((row) => ({ ...row, status: { errorCode: 50126, failureReason: 'Not yet known.' } }))
    const value = [...own, ...older]
    own = isLast ? [] : page.value
    return { ...page, value }
  })
}

const rowsOutside = changedPage((page, { request }) => {
  const { from, to } = askedFor(request.url)
  const strays = [from - 20 * minute, from - second, to + second, to + 20 * minute]
  const [row] = page.value
  return {
    ...page,
    value: row ? [...page.value, ...strays.map((at) => another(row, { id: `stray ${at}`, createdDateTime: formatInstant(at) }))] : [],
  }
})

const seconds = (row: Row): string => String(row['createdDateTime']).slice(0, 19)
const withDecimals = (row: Row, decimals: number): Row => ({
  ...row,
  createdDateTime: `${seconds(row)}${decimals === 0 ? '' : `.${'9876543'.slice(0, decimals)}`}Z`,
})

const essential = new Set(['id', 'createdDateTime', 'status', 'signInEventTypes'])
const optionalsAs = (value: null | undefined): Meddle =>
  everyRow((row) => Object.fromEntries(Object.entries(row).map(([name, own]) => [name, essential.has(name) ? own : value])))

const unknownMembers = everyRow((row) => ({
  ...row,
  tokenIssuerType: 'somethingNew',
  crossTenantAccessType: 'somethingNew,somethingElse',
  incomingTokenType: 'unknownFutureValue',
  authenticationProtocol: 64_000,
  conditionalAccessStatus: 'somethingNew',
  riskState: 'somethingNew',
  signInEventTypes: [...(Array.isArray(row['signInEventTypes']) ? row['signInEventTypes'] : []), 'somethingNew'],
  aPropertyThatIsNew: { of: ['any', 'shape'] },
}))

test.each`
  fault                       | spoil
  ${'short-page'}             | ${shortPages}
  ${'empty-page-with-link'}   | ${emptyPages}
  ${'repeated-rows'}          | ${repeatedRows()}
  ${'older-version-first'}    | ${olderVersionsFirst()}
  ${'rows-out-of-order'}      | ${changedPage((page) => ({ ...page, value: page.value.reverse() }))}
  ${'rows-outside'}           | ${rowsOutside}
  ${'dates-of-any-precision'} | ${everyRow((row, index) => withDecimals(row, index % 8))}
`('fault $fault: every count is exact while it lasts, and nobody is told', async ({ spoil }) => {
  const { monitor, graph, counted, truth } = await open()
  graph.fault = ({ stream }) => (stream === struck ? spoil : undefined)
  expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
  await monitor.tickUntil(noon + 25 * minute, 5 * minute)
  const all = { from: noon - 62 * minute, to: noon + 13 * minute }
  expect(await counted(all)).toEqual(await truth(all))
  const { streams } = await monitor.health()
  expect(streams.find(({ stream }) => stream === struck)).toMatchObject({ state: 'current', malformedRows: 0, lateRows: 0, detail: null })
  expect(graph.requests.filter(({ stream, isLinked }) => stream === struck && isLinked).length).toBeGreaterThan(1)
})

test.each`
  fault                        | spoil
  ${'fields-that-are-missing'} | ${optionalsAs(undefined)}
  ${'fields-that-are-null'}    | ${optionalsAs(null)}
  ${'unknown-enum-members'}    | ${unknownMembers}
`('fault $fault: every sign-in counts, by its code, and none is called malformed', async ({ spoil }) => {
  const { monitor, graph, counted, truth } = await open()
  graph.fault = () => spoil
  expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
  const all = { from: noon - 62 * minute, to: noon - 12 * minute }
  const [ours, theirs] = [await counted(all), await truth(all)]
  expect([ours.signIns, ours.success]).toEqual([theirs.signIns, theirs.success])
  expect(await monitor.progress(struck)).toMatchObject({ malformedRows: 0, bucketsPending: 0 })
})

const firstRow = (change: (row: Row) => Row): Meddle =>
  changedPage((page) => ({ ...page, value: page.value.map((row, index) => (index === 0 ? change(row) : row)) }))

test.each`
  fault                 | spoil
  ${'row-without-time'} | ${firstRow((row) => ({ ...row, createdDateTime: 'yesterday' }))}
  ${'row-without-code'} | ${firstRow((row) => ({ ...row, status: { errorCode: 'none', failureReason: 'Other.' } }))}
`('fault $fault: it counts, and is called malformed', async ({ spoil }) => {
  const { monitor, graph, counted, truth } = await open()
  graph.fault = ({ stream }) => (stream === struck ? spoil : undefined)
  await monitor.tick()
  // Over the whole of what was read, for a row without a time lies where the one before it does.
  const all = { from: noon - 62 * minute, to: noon + 3 * minute }
  expect((await counted(all)).signIns).toBe((await truth(all)).signIns)
  expect((await monitor.progress(struck)).malformedRows).toBeGreaterThan(0)
  expect((await monitor.progress('interactiveUser')).malformedRows).toBe(0)
})

test('fault row-that-is-none: it is called malformed and counts as no sign-in', async () => {
  const { monitor, graph, counted, truth } = await open()
  const junk = [null, 7, 'text', [[]], true]
  graph.fault = ({ stream }) =>
    stream === struck ? changedPage((page) => ({ ...page, value: [...junk, ...page.value] as PageBody['value'] })) : undefined
  expect(await monitor.tick()).toMatchObject({ result: 'ok' })
  const all = { from: noon - 62 * minute, to: noon - 12 * minute }
  expect(await counted(all)).toEqual(await truth(all))
  expect((await monitor.progress(struck)).malformedRows).toBeGreaterThanOrEqual(junk.length)
})

/** Rows beside those of the tenant, each with its true time, by which Graph finds it, and with the time that it shows. */
function alsoFinding(extras: readonly { at: Instant; row: Row }[]): Meddle {
  return changedPage((page, { request }) => {
    const { from, to } = askedFor(request.url)
    const found = request.url.searchParams.has('$skiptoken') ? [] : extras.filter(({ at }) => at >= from && at <= to)
    return { ...page, value: [...found.map(({ row }) => row), ...page.value] }
  })
}

test('fault fraction-at-border: a sign-in near the end of a bucket counts once, in the bucket of the time that it shows', async () => {
  const { monitor, graph, counted, truth } = await open()
  const border = noon - 32 * minute
  const shown: readonly [at: number, createdDateTime: string][] = [
    [border - 1, '2026-03-10T11:29:59.9999999Z'],
    [border - 0.5, '2026-03-10T11:29:59Z'],
    [border - 0.1, '2026-03-10T11:30:00Z'],
    [border, '2026-03-10T11:30:00Z'],
    [border + 0.1, '2026-03-10T11:30:00.0000001Z'],
    [border + 400, '2026-03-10T11:30:00Z'],
    [border + 999, '2026-03-10T11:30:00.999Z'],
  ]
  const extras = shown.map(([at, createdDateTime], index) => ({
    at,
    row: { id: `border ${index}`, createdDateTime, signInEventTypes: [struck], status: { errorCode: 0 } },
  }))
  graph.fault = ({ stream }) => (stream === struck ? alsoFinding(extras) : undefined)
  await monitor.tick()
  const all = { from: noon - 62 * minute, to: noon - 12 * minute }
  expect((await counted(all)).signIns).toBe((await truth(all)).signIns + shown.length)
  // Window by window as well: what is read in one window does not show who is in charge of a border.
  const added = await Promise.all(
    [border - 5 * minute, border].map(async (from) => {
      const window = { stream: struck, from, to: from + 5 * minute, grain: '5m', reason: 'backfill', requests: 1 } as const
      const reading = await readWindow(window, monitor.ports, monitor.options, new AbortController().signal)
      return (reading.buckets.get(from)?.rows ?? 0) - (await graph.truth(window)).streams[struck]
    }),
  )
  expect(added).toEqual([2, 5])
})

test('fault id-in-two-streams: a sign-in that both streams hand out counts once, in the first of them', async () => {
  const { monitor, graph, counted, truth } = await open()
  const at = noon - 30 * minute
  const row = { id: 'in both', createdDateTime: formatInstant(at), status: { errorCode: 0 } }
  const both = [{ at, row: { ...row, signInEventTypes: ['nonInteractiveUser', 'interactiveUser'] } }]
  graph.fault = ({ stream }) => (stream === struck || stream === 'interactiveUser' ? alsoFinding(both) : undefined)
  const all = { from: noon - 62 * minute, to: noon - 12 * minute }
  const rows = async (stream: StreamId): Promise<number> => (await monitor.summary({ window: all, streams: [stream] })).totals.signIns
  await monitor.tick()
  const honest = await graph.truth(all)
  expect((await counted(all)).signIns).toBe((await truth(all)).signIns + 1)
  expect([await rows('interactiveUser'), await rows(struck)]).toEqual([
    honest.streams.interactiveUser + 1,
    honest.streams.nonInteractiveUser,
  ])
})

const nothing = changedPage(() => ({ value: [] }))
const onlyTheFirstRow = changedPage((page) => ({ value: page.value.slice(0, 1) }))

test.each`
  fault              | spoil
  ${'falsely-empty'} | ${nothing}
  ${'falsely-short'} | ${onlyTheFirstRow}
`('fault $fault: one answer never takes away what was counted, and what a first reading missed is found later', async ({ spoil }) => {
  const { monitor, graph, counted, truth } = await open()
  await monitor.tick()
  const known = { from: noon - 62 * minute, to: noon - 2 * minute }
  expect(await counted(known)).toEqual(await truth(known))
  graph.fault = ({ stream }) => (stream === struck ? spoil : undefined)
  await monitor.tickUntil(noon + 11 * minute, 11 * minute)
  expect(await counted(known)).toEqual(await truth(known))
  const shortened = { from: noon - 2 * minute, to: noon + 8 * minute }
  expect((await counted(shortened)).signIns).toBeLessThan((await truth(shortened)).signIns)
  graph.fault = () => undefined
  // To the last settling age of everything that was read so far.
  monitor.now = noon + 25 * hour
  await monitor.tick()
  for (const range of [known, shortened]) expect(await counted(range)).toEqual(await truth(range))
})

test('fault shows-late: a sign-in that shows after its bucket was complete is counted at the next settling age, and as late', async () => {
  const { monitor, graph, counted, truth } = await open()
  const hidden = new Set<unknown>()
  const hiding = changedPage((page) => {
    for (const { id } of page.value.slice(1, 3)) hidden.add(id)
    return { ...page, value: page.value.filter(({ id }) => !hidden.has(id)) }
  })
  graph.fault = ({ stream }) => (stream === struck ? hiding : undefined)
  await monitor.tick()
  const known = { from: noon - 62 * minute, to: noon - 2 * minute }
  const missing = (await truth(known)).signIns - (await counted(known)).signIns
  expect(missing).toBeGreaterThan(0)
  graph.fault = () => undefined
  await monitor.tickUntil(noon + 2 * hour, 2 * hour)
  expect(await counted(known)).toEqual(await truth(known))
  expect((await monitor.progress(struck)).lateRows).toBeGreaterThan(0)
  const byHour = await monitor.summary({ window: { from: known.from, to: noon - 2 * minute }, grain: '1h' })
  expect(byHour.totals.signIns).toBe((await truth(known)).signIns)
})

test('fault changes-later: a sign-in whose outcome changes after it was counted has the new one at the next settling age', async () => {
  const { monitor, graph, counted, truth } = await open()
  graph.fault = ({ stream }) =>
    stream === struck ? everyRow((row) => ({ ...row, status: { errorCode: 50126, failureReason: 'Not yet known.' } })) : undefined
  await monitor.tick()
  const known = { from: noon - 62 * minute, to: noon - 2 * minute }
  const [ours, theirs] = [await counted(known), await truth(known)]
  expect(ours.signIns).toBe(theirs.signIns)
  expect(ours.failure).toBeGreaterThan(theirs.failure)
  graph.fault = () => undefined
  await monitor.tickUntil(noon + 2 * hour, 2 * hour)
  expect(await counted(known)).toEqual(await truth(known))
})
