import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { analyze } from '../../../local/analyze/analyze'
import { collectInParallel } from '../../../local/analyze/collectRange'
import { jsonLinesRanges } from '../../../local/analyze/jsonLinesRanges'
import { packRecords, unpackRecords } from '../../../local/analyze/recordColumns'
import type { SignInRecord } from '../../../shared/aggregates/record'
import { formatInstant, parseInstant } from '../../../shared/signIns/instant'

const now = parseInstant('2026-01-02T00:00:00Z') ?? 0
let folder = ''
let worker = ''

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'signin-threads-'))
  worker = path.join(folder, 'analyzeRange.js')
  buildSync({
    entryPoints: [path.resolve('local/analyze/analyzeRange.ts')],
    outfile: worker,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every fifth sign-in comes a second time, much later in the file, with another code. */
const rows = Array.from({ length: 600 }, (_, index) => {
  const repeats = index >= 300 && index % 5 === 0
  const id = repeats ? index - 300 : index
  return {
    id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    createdDateTime: formatInstant(now - 86_400_000 + index * 60_000),
    status: { errorCode: repeats ? 500021 : [0, 50126, 50076, 700016][index % 4] },
    appId: `app-${index % 7}`,
    appDisplayName: index % 7 === 0 ? undefined : `App ${index % 7}`,
    userId: `user-${index % 40}`,
    isInteractive: index % 2 === 0,
    signInEventTypes: [index % 2 === 0 ? 'interactiveUser' : index % 3 === 0 ? 'servicePrincipal' : 'nonInteractiveUser'],
    homeTenantId: 'a0000000-0000-4000-8000-000000000001',
    resourceTenantId: 'a0000000-0000-4000-8000-000000000001',
  }
})
const linesOf = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('')

function fileOf(name: string, content: string | Buffer): string {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}

const threads = (count: number) => ({ count, worker, rangeBytesMin: 10_000 })
const taskOf = (file: string) => ({ path: file, tenants: [], tenantId: undefined, sites: [], hashKey: 'a key', now })
const inParallel = (file: string, count = 3) => collectInParallel(taskOf(file), threads(count), () => undefined)
const analyzed = (paths: string[], count: number) => analyze({ paths, stdin: process.stdin, language: 'en', now, threads: threads(count) })

test.each([2, 3, 5])('analyze: %i threads answer what one does, and the last row of an id stands', async (count) => {
  const file = fileOf('rows.jsonl', linesOf(rows))
  expect(await inParallel(file, count)).toHaveLength(count)
  const alone = await analyzed([file], 1)
  expect(await analyzed([file], count)).toEqual(alone)
  expect(alone.report).toMatchObject({ rows: 600, replaced: 60, unreadable: 0 })
  expect(alone.summary?.failures.find(({ family }) => family === 'tenant-restriction')?.signIns).toBe(60)
})

test('analyze: a file that several threads read follows the files before it', async () => {
  const older = fileOf('older.json', JSON.stringify(rows.slice(0, 50)))
  const file = fileOf('rows.jsonl', linesOf(rows.slice(25)))
  expect(await analyzed([older, file], 3)).toEqual(await analyzed([older, file], 1))
  expect(await analyzed([file, older], 3)).toEqual(await analyzed([file, older], 1))
})

test('analyze: progress over several threads ends with all bytes and rows', async () => {
  const file = fileOf('rows.jsonl', linesOf(rows))
  const told: [number, number][] = []
  await analyze({ paths: [file], stdin: process.stdin, language: 'en', now, threads: threads(3), progress: (...at) => void told.push(at) })
  expect(told.at(-1)).toEqual([readFileSync(file).length, 600])
})

const broken = rows.map((row) => JSON.stringify(row))
broken[400] = '{"id": "torn'
const withoutTime = rows.map((row, index) => (index > 0 && index < 599 ? { ...row, createdDateTime: 'soon' } : row))
test.each`
  story                               | content
  ${'a line that is no JSON'}         | ${`${broken.join('\n')}\n`}
  ${'a row of another log'}           | ${linesOf([...rows, { category: 'AuditLogs', activityDisplayName: 'Add user' }])}
  ${'rows that take the time before'} | ${linesOf(withoutTime)}
  ${'a last line that is cut off'}    | ${linesOf(rows).slice(0, -30)}
`('analyze: $story is read by one thread', async ({ content }) => {
  const file = fileOf('odd.jsonl', content)
  expect(await inParallel(file)).toBeUndefined()
  expect(await analyzed([file], 3)).toEqual(await analyzed([file], 1))
})

test.each`
  story                       | content
  ${'a list'}                 | ${JSON.stringify(rows)}
  ${'a container of one row'} | ${linesOf([{ value: rows }, ...rows])}
  ${'indented objects'}       | ${rows.map((row) => JSON.stringify(row, null, 2)).join('\n')}
  ${'gzip'}                   | ${gzipSync(linesOf(Array.from({ length: 20 }, () => rows).flat()))}
  ${'UTF-16'}                 | ${Buffer.from(`\ufeff${linesOf(rows)}`, 'utf16le')}
  ${'a short file'}           | ${linesOf(rows.slice(0, 20))}
  ${'nothing'}                | ${''}
`('jsonLinesRanges: $story is not cut', async ({ content }) => {
  expect(await jsonLinesRanges(fileOf('other', content), 4, 10_000)).toBeUndefined()
})

test('jsonLinesRanges: a missing file is left to whoever reports it', async () => {
  expect(await jsonLinesRanges(path.join(folder, 'none.jsonl'), 4, 1)).toBeUndefined()
})

test('jsonLinesRanges: ranges are whole lines and tile the file', async () => {
  const content = Buffer.from(linesOf(rows))
  const ranges = (await jsonLinesRanges(fileOf('rows.jsonl', content), 7, 10_000)) ?? []
  expect(ranges).toHaveLength(7)
  expect(Buffer.concat(ranges.map(({ from, to }) => content.subarray(from, to)))).toEqual(content)
  for (const { to } of ranges) expect(content[to - 1]).toBe(0x0a)
})

test('collectInParallel: without its thread the file is left to one', async () => {
  const file = fileOf('rows.jsonl', linesOf(rows))
  expect(await collectInParallel(taskOf(file), { count: 3, worker: path.join(folder, 'none.js') }, () => undefined)).toBeUndefined()
  const failing = fileOf('failing.js', "throw new Error('no thread')")
  expect(await collectInParallel(taskOf(file), { ...threads(3), worker: failing }, () => undefined)).toBeUndefined()
})

test('packRecords: records come back as they went', () => {
  const classification = {
    outcome: 'failure',
    family: 'tls',
    failureClass: 'tls.legacy',
    errorCode: 1002016,
    signals: { known: 3, isTrue: 1 },
  } as const
  const record: SignInRecord = {
    id: 'one',
    createdDateTime: now,
    stream: 'managedIdentity',
    classification,
    user: 4_095 * 64 + 3,
    apps: 'a',
    resources: 'b',
    resourceTenants: 'unknown',
    clientApps: 'c',
    countries: 'JP',
    userAgents: 'd',
    networks: 'e',
    appName: 'f',
    resourceName: undefined,
  }
  const records: SignInRecord[] = [record, { ...record, id: undefined, user: 'none', appName: undefined }, { ...record, user: 'unknown' }]

  const unpacked = unpackRecords(structuredClone(packRecords(records)))
  expect(unpacked).toEqual(records)
  expect(unpacked[0]?.classification).toBe(unpacked[1]?.classification)
})
