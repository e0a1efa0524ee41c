import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startStorageEmulator } from '../../local/storageEmulator'
import { failureClasses, familyIdOf } from '../../shared/failures/catalogue'
import { hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import { streamIds } from '../../shared/signIns/streams'
import { createBucketStore } from '../../shared/tables/bucketStore'
import { entityLimits } from '../../shared/tables/entityLimits'
import { createTableClients } from '../../shared/tables/tableClients'
import { openVirtualMonitor, type VirtualMonitor } from '../pipelines/virtualMonitor'
import { type FaultyTables, startFaultyTables, type TableRequest, tableErrorAnswer } from '../support/faultyTables'
import { give, type Meddle, passOn } from '../support/meddlingProxy'
import { until } from '../support/product'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const noon = parseInstant('2026-03-10T12:02:00Z') ?? Number.NaN

let tables: FaultyTables | undefined
afterEach(async () => {
  jest.restoreAllMocks()
  await tables?.close()
  tables = undefined
})

/** A monitor of two streams whose every read and write of a table goes through the proxy. */
async function open(upstream = endpoint()): Promise<{ monitor: VirtualMonitor; tables: FaultyTables; tenantId: string }> {
  tables = await startFaultyTables(upstream)
  const tenantId = freshTenant()
  const monitor = openVirtualMonitor({ endpoint: tables.endpoint, tenantId, now: noon, options: { lookbackHours: 1 } })
  for (let at = noon - 2 * hour, index = 0; at < noon + 6 * hour; at += 40_000, index++) {
    monitor.log.add({ at, streams: [index % 3 === 0 ? 'interactiveUser' : 'nonInteractiveUser'], errorCode: index % 4 === 0 ? 50126 : 0 })
  }
  return { monitor, tables, tenantId }
}

/** Fails unless the summary of a range holds every sign-in of the log once, with its outcome. */
async function expectExactCounts(monitor: VirtualMonitor, from: Instant, to: Instant): Promise<void> {
  const rows = monitor.log.signIns.filter(({ at }) => at >= from && at < to)
  const failures = rows.filter(({ versions }) => JSON.stringify(versions).includes('50126')).length
  const { totals } = await monitor.summary({ window: { from, to } })
  expect(totals).toMatchObject({ signIns: rows.length, success: rows.length - failures, failure: failures })
}

type Strikes = (request: TableRequest) => boolean
const reads: Strikes = ({ kind }) => kind === 'read'
const writes: Strikes = ({ kind, operations }) => kind === 'write' && operations > 0
const bucketWrites: Strikes = (request) => writes(request) && request.table === 'buckets'

const lost: Meddle = ({ response }) => void response.destroy()
const doneAndReset: Meddle = async ({ forward, response }) => {
  await forward()
  response.destroy()
}
const doneAndFailed: Meddle = async (exchange) => {
  await exchange.forward()
  await tableErrorAnswer(500, 'InternalError')(exchange)
}
const doneTwice: Meddle = async ({ forward, response }) => {
  await forward()
  give(response, await forward())
}
const resetInBody: Meddle = async ({ forward, response }) => {
  const { status, headers, body } = await forward()
  const { 'transfer-encoding': _chunked, ...kept } = headers
  response.writeHead(status, { ...kept, 'content-length': body.byteLength })
  response.write(body.subarray(0, body.byteLength >> 1), () => response.destroy())
}

test.each`
  fault                         | spoil                                                               | strikes
  ${'table-throttled'}          | ${tableErrorAnswer(503, 'ServerBusy')}                              | ${reads}
  ${'table-throttled'}          | ${tableErrorAnswer(503, 'ServerBusy')}                              | ${writes}
  ${'table-told-to-wait'}       | ${tableErrorAnswer(429, 'TooManyRequests', { 'retry-after': '0' })} | ${writes}
  ${'table-failed'}             | ${tableErrorAnswer(500, 'InternalError')}                           | ${reads}
  ${'table-failed'}             | ${tableErrorAnswer(500, 'OperationTimedOut')}                       | ${writes}
  ${'write-timed-out-and-lost'} | ${lost}                                                             | ${writes}
  ${'write-timed-out-and-done'} | ${doneAndReset}                                                     | ${writes}
  ${'write-done-and-failed'}    | ${doneAndFailed}                                                    | ${writes}
  ${'write-done-and-refused'}   | ${doneTwice}                                                        | ${bucketWrites}
  ${'read-reset'}               | ${lost}                                                             | ${reads}
`('fault $fault: every third call has it, and every count is exact at once', async ({ spoil, strikes }) => {
  const { monitor, tables } = await open()
  let struck = 0
  let calls = 0
  tables.fault = (request) => {
    if (!strikes(request) || calls++ % 3 !== 0) return undefined
    struck += 1
    return spoil
  }
  expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
  expect(struck).toBeGreaterThan(1)
  tables.fault = () => undefined
  await expectExactCounts(monitor, noon - 62 * minute, noon - 2 * minute)
  await monitor.tickUntil(noon + 30 * minute, 15 * minute)
  await expectExactCounts(monitor, noon - 62 * minute, noon + 13 * minute)
})

test('fault read-broken-off: an answer that ends in its middle is no answer, and what it was for is done at the next tick', async () => {
  const { monitor, tables } = await open()
  await monitor.tick()
  let left = 1
  tables.fault = (request) => (reads(request) && request.table === 'buckets' && left-- > 0 ? resetInBody : undefined)
  monitor.now = noon + 15 * minute
  expect(await monitor.tick()).toMatchObject({ detail: expect.stringMatching(/The table buckets .* broke off in the middle/) })
  tables.fault = () => undefined
  await monitor.tickUntil(noon + 30 * minute, 15 * minute)
  await expectExactCounts(monitor, noon - 62 * minute, noon + 13 * minute)
})

const page: Meddle = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in to the network, somebody.</html>')
}

test.each([reads, bucketWrites])(
  'fault answer-of-another: a page for people in place of a table is neither empty nor written (%p)',
  async (strikes) => {
    const { monitor, tables } = await open()
    await monitor.tick()
    tables.fault = (request) => (request.table === 'buckets' && strikes(request) ? page : undefined)
    monitor.now = noon + 15 * minute
    expect(await monitor.tick()).toMatchObject({ detail: expect.stringMatching(/The table buckets .* not that of a table service/) })
    expect(JSON.stringify([monitor.lines, await monitor.ports.runs.read()])).not.toContain('somebody')
    tables.fault = () => undefined
    await expectExactCounts(monitor, noon - 62 * minute, noon - 2 * minute)
    await monitor.tickUntil(noon + 30 * minute, 15 * minute)
    await expectExactCounts(monitor, noon - 62 * minute, noon + 13 * minute)
  },
)

test('fault write-hangs: a call without an answer ends in its time, whether it was carried out or not', async () => {
  const timeout = AbortSignal.timeout
  jest.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => timeout(milliseconds / 100))
  for (const hang of [() => undefined, async ({ forward }) => void (await forward())] satisfies Meddle[]) {
    const { monitor, tables } = await open()
    let left = 1
    tables.fault = (request) => (bucketWrites(request) && left-- > 0 ? hang : undefined)
    expect(await monitor.tick()).toMatchObject({ detail: expect.stringMatching(/The table buckets at .* did not answer in time/) })
    await monitor.tickUntil(noon + 30 * minute, 15 * minute)
    expect((await monitor.health()).lastRun).toMatchObject({ result: 'ok', detail: '' })
    await expectExactCounts(monitor, noon - 62 * minute, noon + 13 * minute)
    await tables.close()
  }
})

test('fault row-touched-by-another: rows whose version moved on are read again, and a reading that started later stands', async () => {
  const { monitor, tables, tenantId } = await open()
  await monitor.tick()
  const beside = createBucketStore({ clients: createTableClients({ endpoint: endpoint() }), tenantId })
  const all = { grain: '5m', streams: streamIds, from: noon - 2 * hour, to: noon + 2 * hour } as const
  const contested = { ...all, streams: ['interactiveUser'], from: noon - 2 * minute, to: noon + 3 * minute } as const
  const later = noon + 16 * minute
  let touched = false
  tables.fault = (request) => {
    if (!bucketWrites(request) || touched) return undefined
    touched = true
    return async (exchange) => {
      const rows = await beside.rows(all)
      await beside.markDue(rows.map(({ stream, grain, start }) => ({ stream, grain, start })))
      const [[row], [part]] = await Promise.all([beside.rows(contested), beside.facets(contested)])
      if (!row || !part) throw new Error('The open bucket was not read.')
      const ledger = { ...row.ledger, readAt: later, rows: row.ledger.rows + 1 }
      await beside.commit([{ ...row, ledger, aggregate: { counts: row.counts, facets: part.facets }, replaces: row.version }])
      await passOn(exchange)
    }
  }
  await monitor.tickUntil(noon + 15 * minute, 15 * minute)
  expect(touched).toBe(true)
  expect((await beside.rows(contested)).map(({ ledger }) => ledger.readAt)).toEqual([later])
  // What the other one missed is found at the next settling age.
  await monitor.tickUntil(noon + 2 * hour, 35 * minute)
  await expectExactCounts(monitor, noon - 62 * minute, noon + 58 * minute)
})

/** The keys of a continuation that only the proxy knows. */
const emptyFirst: Meddle = async ({ request, forward, response }) => {
  const url = new URL(request.url)
  if (url.searchParams.get('NextPartitionKey') === 'behind an empty page') {
    url.searchParams.delete('NextPartitionKey')
    url.searchParams.delete('NextRowKey')
    return give(response, await forward(url))
  }
  if (!url.searchParams.has('$filter') || url.searchParams.has('NextPartitionKey')) return give(response, await forward())
  const continued = { 'x-ms-continuation-NextPartitionKey': 'behind an empty page', 'x-ms-continuation-NextRowKey': 'r' }
  response.writeHead(200, { 'content-type': 'application/json', ...continued }).end(JSON.stringify({ value: [] }))
}
const shortened: Meddle = async ({ request, forward, response }) => {
  const url = new URL(request.url)
  if (url.searchParams.has('$filter')) url.searchParams.set('$top', '3')
  give(response, await forward(url))
}

test.each`
  fault                    | spoil
  ${'short-pages-of-rows'} | ${shortened}
  ${'empty-page-of-rows'}  | ${emptyFirst}
`('fault $fault: the continuation decides, and no row is missed', async ({ spoil }) => {
  const { monitor, tables } = await open()
  tables.fault = (request) => (reads(request) ? spoil : undefined)
  await monitor.tick()
  const once = tables.requests.filter(reads).length
  expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
  expect(tables.requests.filter(reads).length).toBeGreaterThan(once)
  await monitor.tickUntil(noon + 30 * minute, 15 * minute)
  await expectExactCounts(monitor, noon - 62 * minute, noon + 13 * minute)
})

test('fault table-outage: a run that cannot be taken says so, health is an error, and everything is read afterwards', async () => {
  const { monitor, tables } = await open()
  await monitor.tick()
  tables.fault = () => lost
  monitor.now = noon + 15 * minute
  const unavailable = {
    code: 'table-unavailable',
    message: expect.stringMatching(/^The table runs at 127\.0\.0\.1:\d+ could not be reached/),
  }
  await expect(monitor.tick()).rejects.toMatchObject(unavailable)
  await expect(monitor.health()).rejects.toMatchObject(unavailable)
  tables.fault = () => undefined
  await monitor.tickUntil(noon + 30 * minute, 15 * minute)
  await expectExactCounts(monitor, noon - 62 * minute, noon + 13 * minute)
})

test('fault table-outage: where only the buckets cannot be written the run says so and ends', async () => {
  const { monitor, tables } = await open()
  tables.fault = (request) => (bucketWrites(request) ? tableErrorAnswer(403, 'AuthorizationPermissionMismatch') : undefined)
  expect(await monitor.tick()).toMatchObject({ detail: expect.stringMatching(/The table buckets .* Storage Table Data Contributor/) })
  expect((await monitor.health()).streams.map(({ state }) => state)).not.toContain('current')
  tables.fault = () => undefined
  await monitor.tickUntil(noon + 15 * minute, 15 * minute)
  await expectExactCounts(monitor, noon - 62 * minute, noon - 2 * minute)
})

test('fault storage-lost: tables that are gone and come back empty are filled again from Graph', async () => {
  const { monitor, tables } = await open()
  await monitor.tick()
  const empty = await startStorageEmulator()
  try {
    tables.upstream = empty.tablesEndpoint
    await monitor.tickUntil(noon + 30 * minute, 15 * minute)
    expect((await monitor.health()).lastRun).toMatchObject({ result: 'ok' })
    // As far back as the first reading went.
    await expectExactCounts(monitor, noon - 32 * minute, noon + 13 * minute)
  } finally {
    await empty.stop()
  }
})

/** A table service that keeps what it has in a folder. */
async function startOnDisk(folder: string): Promise<{ endpoint: string; child: ChildProcess }> {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
  const service = require.resolve('azurite/dist/src/table/main.js')
  const settings = ['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--location', folder]
  const child = spawn(process.execPath, [service, ...settings, '--tableHost', '127.0.0.1', '--tablePort', String(port)], {
    cwd: folder,
    stdio: 'ignore',
    windowsHide: true,
  })
  const root = `http://127.0.0.1:${port}/devstoreaccount1`
  await until(30_000, () =>
    fetch(root)
      .then(() => true)
      .catch(() => undefined),
  )
  return { endpoint: root, child }
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'fault storage-restarts: a table service on disk that ends by %s and comes back loses no count in the end',
  async (signal) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tables-'))
    const first = await startOnDisk(folder)
    const { monitor, tables } = await open(first.endpoint)
    await monitor.tick()
    const gone = new Promise((resolve) => first.child.once('close', resolve))
    first.child.kill(signal)
    await gone
    monitor.now = noon + 5 * minute
    await expect(monitor.tick()).rejects.toMatchObject({ code: 'table-unavailable' })
    const second = await startOnDisk(folder)
    try {
      tables.upstream = second.endpoint
      await monitor.tickUntil(noon + 30 * minute, 15 * minute)
      await expectExactCounts(monitor, noon - 32 * minute, noon + 13 * minute)
    } finally {
      const ended = new Promise((resolve) => second.child.once('close', resolve))
      second.child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  },
)

/** Text of a length that no compression shortens much, the same in every run. */
function dense(seed: string, length: number): string {
  let text = ''
  for (let part = 0; text.length < length; part++) text += createHash('sha512').update(`${seed} ${part}`).digest('base64url')
  return text.slice(0, length)
}

test('fault row-at-its-limit: breakdowns are cut to fit the row and the transaction, and every total stays', async () => {
  const { monitor, tables, tenantId } = await open()
  // One code of each family makes a breakdown of each; of some families every class has its own.
  const own = ['tenant-restriction', 'cross-tenant', 'tls', 'backup-auth']
  const families = new Map(failureClasses.map((row) => [familyIdOf(row.id), row.codes?.[0]]))
  const classes = failureClasses.filter(({ id }) => own.includes(familyIdOf(id))).map((row) => row.codes?.[0])
  const codes = [...new Set([...families.values(), ...classes])].filter((code) => code !== undefined)
  const spread = { from: noon - 32 * minute, to: noon - 17 * minute }
  const rowsOfCode = 52
  let added = 0
  for (let at = spread.from; at < spread.to; at += 5 * minute) {
    for (const errorCode of codes) {
      for (let index = 0; index < rowsOfCode; index++) {
        const named = `${at} ${errorCode} ${index}`
        const row = {
          appId: dense(`app ${named}`, 128),
          appDisplayName: dense(`name ${named}`, 128),
          resourceId: dense(`resource ${named}`, 128),
          resourceDisplayName: dense(`resource's name ${named}`, 128),
          resourceTenantId: dense(`tenant ${named}`, 128),
          clientAppUsed: dense(`client ${named}`, 128),
          userId: dense(`user ${named}`, 36),
        }
        monitor.log.add({ at: at + index * 1_000, errorCode, row })
        added += 1
      }
    }
  }
  const said: string[] = []
  const clients = createTableClients({ endpoint: tables.endpoint })
  const buckets = createBucketStore({ clients, tenantId, log: (_level, message) => said.push(message) })
  expect(await monitor.tick({ buckets })).toMatchObject({ result: 'ok', detail: '' })
  expect(said).toContain('The breakdowns of a bucket were cut to fit one table row.')
  const { totals, failures } = await monitor.summary({ window: spread })
  const all = monitor.log.signIns.filter(({ at }) => at >= spread.from && at < spread.to).length
  expect(totals.signIns).toBe(all)
  expect(all).toBeGreaterThan(added)
  const restricted = failures.find(({ family }) => family === 'tenant-restriction')
  expect(restricted?.signIns).toBeGreaterThan(0)
  const apps = restricted?.top.apps ?? []
  expect(apps.at(-1)?.id).toBe('other')
  expect(apps.reduce((sum, { signIns }) => sum + signIns, 0)).toBe(restricted?.signIns)
  const transactions = tables.requests.filter(({ operations }) => operations > 0)
  expect(Math.max(...transactions.map(({ operations }) => operations))).toBeLessThanOrEqual(entityLimits.batchOperations)
  const largest = Math.max(...transactions.map(({ bytes }) => bytes))
  expect(largest).toBeLessThanOrEqual(entityLimits.batchBytes)
  expect(largest).toBeGreaterThan(entityLimits.entityBytes)
})
