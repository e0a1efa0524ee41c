import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { type AnalyzeArguments, type AnalyzeOptions, analyze, analyzeExitCodes, runAnalyze } from '../../../local/analyze/analyze'
import { inputProblems } from '../../../local/analyze/inputProblems'
import type { Summary } from '../../../shared/aggregates/summary'
import { csvOf, eventHubsRecord, type GraphRow, logAnalyticsRow, otherTenantId, portalRow, tenantId } from '../../fixtures/signInShapes'

const folder = mkdtempSync(join(tmpdir(), 'analyze-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0

function fileOf(content: string | Buffer, name = 'export'): string {
  const path = join(folder, `${++files}-${name}`)
  writeFileSync(path, content)
  return path
}

const now = Date.UTC(2026, 2, 14)

async function summaryOf(paths: readonly string[], options: Partial<AnalyzeOptions> = {}): Promise<Summary> {
  const { summary } = await analyze({ paths, stdin: Readable.from([]), language: 'en', now, ...options })
  if (summary === undefined) throw new Error('Nothing was read.')
  return summary
}

const rowOf = (index: number, errorCode: number, more: Record<string, unknown> = {}): GraphRow => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  createdDateTime: `2026-03-12T16:${String(index % 60).padStart(2, '0')}:15Z`,
  userDisplayName: `Person Number${index}`,
  userPrincipalName: `person.number${index}@contoso.example`,
  userId: `aaaaaaaa-0000-4000-8000-${String(index % 5).padStart(12, '0')}`,
  appId: `bbbbbbbb-0000-4000-8000-00000000000${index % 3}`,
  appDisplayName: `App ${index % 3}`,
  ipAddress: `198.51.100.${index}`,
  clientAppUsed: 'Browser',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0',
  isInteractive: true,
  signInEventTypes: ['interactiveUser'],
  tokenIssuerType: 'AzureAD',
  resourceId: '00000003-0000-0000-c000-000000000000',
  resourceDisplayName: 'Microsoft Graph',
  resourceTenantId: tenantId,
  homeTenantId: tenantId,
  isTenantRestricted: false,
  autonomousSystemNumber: 8075,
  crossTenantAccessType: 'none',
  incomingTokenType: 'none',
  authenticationProtocol: 'oAuth2',
  status: { errorCode, failureReason: errorCode === 0 ? 'Other.' : 'Refused, with a "reason".' },
  deviceDetail: { deviceId: '', displayName: `PC-OF-${index}`, operatingSystem: 'Windows 10', browser: 'Edge 126' },
  location: { city: 'Osaka', countryOrRegion: 'JP' },
  authenticationProcessingDetails: [{ key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' }],
  ...more,
})

const rows: GraphRow[] = [
  rowOf(1, 0),
  rowOf(2, 0, { authenticationProcessingDetails: [{ key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'True' }] }),
  rowOf(3, 50126),
  rowOf(4, 5000211, { isTenantRestricted: true, resourceTenantId: otherTenantId, crossTenantAccessType: 'b2bCollaboration,passthrough' }),
  rowOf(5, 500021, {
    resourceTenantId: otherTenantId,
    userPrincipalName: '{PII Removed}@contoso.example',
    userId: '00000000-0000-0000-0000-000000000000',
  }),
  rowOf(6, 50140),
  rowOf(7, 50076, { isInteractive: false, signInEventTypes: ['nonInteractiveUser'], authenticationProtocol: 'ropc' }),
  rowOf(8, 0, {
    isInteractive: false,
    signInEventTypes: ['nonInteractiveUser'],
    tokenIssuerType: 'AzureADBackupAuth',
    incomingTokenType: 'primaryRefreshToken',
  }),
  rowOf(9, 7000215, {
    isInteractive: false,
    signInEventTypes: ['servicePrincipal'],
    servicePrincipalId: 'sp',
    userPrincipalName: '',
    userId: '',
    userDisplayName: '',
  }),
  rowOf(10, 0, {
    isInteractive: false,
    signInEventTypes: ['managedIdentity'],
    servicePrincipalId: 'mi',
    clientCredentialType: 'managedIdentity',
    userPrincipalName: '',
    userId: '',
  }),
  rowOf(11, 90033),
  rowOf(12, 1234567),
]

const graphFile = fileOf(JSON.stringify({ value: rows }))

test('analyze: the sign-ins add up to the outcomes and the four questions have an answer', async () => {
  const summary = await summaryOf([graphFile])
  expect(summary.totals).toMatchObject({ signIns: 12, success: 4, interrupt: 1, failure: 6, serviceFault: 1 })
  expect(summary.window).toEqual({ from: '2026-03-12T16:00:00Z', to: '2026-03-12T16:15:00Z', grain: '5m' })
  expect(summary.failures.find(({ family }) => family === 'tenant-restriction')).toMatchObject({ signIns: 2 })
  expect(summary.signals.find(({ signal }) => signal === 'servedByBackupAuth')).toMatchObject({ signIns: 1 })
  expect(summary.signals.find(({ signal }) => signal === 'legacyTls')).toMatchObject({ signIns: 1 })
  expect(summary.completeness).toMatchObject({ complete: true, excluded: [], completeTo: summary.window.to })
  expect(summary.tenantId).toBeNull()
})

const shapes: [string, string | Buffer][] = [
  ['Graph, as JSON Lines', rows.map((row) => JSON.stringify(row)).join('\n')],
  ['Graph, pretty-printed and packed', gzipSync(JSON.stringify(rows, null, 2))],
  ['Log Analytics, as a list', JSON.stringify(rows.map(logAnalyticsRow))],
  ['Log Analytics, as CSV', csvOf(rows.map(logAnalyticsRow))],
  [
    'Log Analytics, as CSV of the portal in UTF-16',
    Buffer.from(
      `\ufeff${csvOf(rows.map(logAnalyticsRow)).replace('"TimeGenerated"', '"TimeGenerated [UTC]"').replace('"CreatedDateTime"', '"CreatedDateTime [UTC]"')}`,
      'utf16le',
    ),
  ],
  ['Event Hubs, as records', JSON.stringify({ records: rows.map(eventHubsRecord) })],
  ['Event Hubs, as lines of records', rows.map((row) => JSON.stringify({ records: [eventHubsRecord(row)] })).join('\n')],
  ['Event Hubs, in a wrapper', rows.map((row) => JSON.stringify({ event: eventHubsRecord(row) })).join('\n')],
]

test.each(shapes)('analyze: %s gives the same body', async (_, content) => {
  const summary = await summaryOf([fileOf(content)], { tenant: tenantId })
  expect(summary).toEqual(await summaryOf([graphFile], { tenant: tenantId }))
})

test('analyze: the tenant comes from the rows, from the command, or is unknown', async () => {
  const eventHubs = fileOf(JSON.stringify({ records: rows.map(eventHubsRecord) }))
  expect((await summaryOf([eventHubs])).tenantId).toBe(tenantId)
  expect((await summaryOf([graphFile], { tenant: otherTenantId })).tenantId).toBe(otherTenantId)
  const [first] = rows
  if (first === undefined) throw new Error('There are rows.')
  const other = { ...eventHubsRecord({ ...first, id: 'x' }), tenantId: otherTenantId }
  expect((await summaryOf([eventHubs, fileOf(JSON.stringify(other))])).tenantId).toBeNull()
})

test('analyze: the download of the admin center says what it cannot tell and never makes it zero', async () => {
  const people = rows.filter((row) => row['isInteractive'] === true)
  const portal = await summaryOf([fileOf(csvOf(people.map(portalRow)), 'InteractiveSignIns_2026-03-12.csv')])
  const graph = await summaryOf([fileOf(JSON.stringify(people))])
  expect(portal.totals).toEqual(graph.totals)
  expect(portal.failures.map(({ family, signIns }) => [family, signIns])).toEqual(
    graph.failures.map(({ family, signIns }) => [family, signIns]),
  )
  expect(portal.signals.find(({ signal }) => signal === 'legacyTls')).toMatchObject({ signIns: 0, known: 0, share: null })
  const codes = portal.failures.map(({ notes }) => notes.map(({ code }) => code))
  for (const family of codes) expect(family).toEqual(expect.arrayContaining(['export-lacks-tls-detail', 'export-lacks-tenant-restriction']))
  expect(codes.flat()).not.toContain('export-lacks-stream')
  expect(graph.failures.flatMap(({ notes }) => notes.map(({ code }) => code))).not.toContain('export-lacks-tls-detail')
})

test('analyze: rows that do not say their stream are told', async () => {
  const summary = await summaryOf([fileOf(csvOf(rows.slice(0, 3).map(portalRow)))])
  expect(summary.completeness.streams.map(({ stream }) => stream)).toEqual(['interactiveUser'])
  expect(summary.failures[0]?.notes.map(({ code }) => code)).toContain('export-lacks-stream')
  const nonInteractive = await summaryOf([fileOf(csvOf(rows.slice(0, 3).map(portalRow)), 'NonInteractiveSignIns.csv')])
  expect(nonInteractive.completeness.streams.map(({ stream }) => stream)).toEqual(['nonInteractiveUser'])
})

test('analyze: a sign-in counts once and its last version stands', async () => {
  const changed = rows.map((row) => (row.status.errorCode === 50126 ? { ...row, status: { errorCode: 0, failureReason: '' } } : row))
  const { summary, report } = await analyze({
    paths: [graphFile, fileOf(JSON.stringify(changed)), fileOf(JSON.stringify(changed))],
    stdin: Readable.from([]),
    language: 'en',
    now,
  })
  expect(summary?.totals).toMatchObject({ signIns: 12, success: 5, failure: 5 })
  expect(report).toMatchObject({ rows: 36, replaced: 24, unreadable: 0 })
  const { id: _id, ...nameless } = rowOf(1, 0)
  expect((await summaryOf([fileOf(JSON.stringify([nameless, nameless]))])).totals.signIns).toBe(2)
})

test('analyze: sign-ins outside the time asked for are left out, and the window is what was asked for', async () => {
  const { summary, report } = await analyze({
    paths: [graphFile],
    stdin: Readable.from([]),
    language: 'en',
    now,
    from: Date.UTC(2026, 2, 12, 16, 5),
    to: Date.UTC(2026, 2, 12, 17),
  })
  expect(summary?.window).toEqual({ from: '2026-03-12T16:05:00Z', to: '2026-03-12T17:00:00Z', grain: '5m' })
  expect(summary?.totals.signIns).toBe(8)
  expect(report.outside).toBe(4)
  const none = await summaryOf([graphFile], { from: Date.UTC(2026, 2, 13) })
  expect([none.totals.signIns, none.window.from]).toEqual([0, '2026-03-13T00:00:00Z'])
})

test('analyze: a row without a readable time takes the one of the row before it', async () => {
  const { createdDateTime: _time, ...timeless } = rowOf(20, 0)
  const text = [timeless, rowOf(21, 0), { ...timeless, id: 'z', createdDateTime: '1601-01-01T00:00:00Z' }]
    .map((row) => JSON.stringify(row))
    .join('\n')
  const { summary, report } = await analyze({ paths: [fileOf(text)], stdin: Readable.from([]), language: 'en', now })
  expect(summary?.window).toEqual({ from: '2026-03-12T16:20:00Z', to: '2026-03-12T16:25:00Z', grain: '5m' })
  expect(summary?.totals.signIns).toBe(3)
  expect(report.malformed).toBe(2)
  expect(summary?.completeness.streams[0]?.malformedRows).toBe(2)
})

test('analyze: the grain follows the time that the sign-ins span', async () => {
  const spanning = (days: number): string =>
    fileOf(
      JSON.stringify([
        rowOf(1, 0),
        { ...rowOf(2, 0), createdDateTime: new Date(Date.UTC(2026, 2, 12, 16) - days * 86_400_000).toISOString() },
      ]),
    )
  expect((await summaryOf([spanning(1)])).window.grain).toBe('5m')
  expect((await summaryOf([spanning(10)])).window.grain).toBe('1h')
  expect((await summaryOf([spanning(100)])).window.grain).toBe('1d')
})

test('analyze: known tenants and sites of the settings give names', async () => {
  const summary = await summaryOf([graphFile], {
    tenants: [{ id: otherTenantId, name: 'Fabrikam', kind: 'partner', blocked: 'fault' }],
    sites: [{ cidr: '198.51.100.0/24', name: 'Head office' }],
  })
  const family = summary.failures.find(({ family }) => family === 'tenant-restriction')
  expect(family?.top.resourceTenants).toMatchObject([
    { id: otherTenantId, name: 'Fabrikam', kind: 'partner', blocked: 'fault', signIns: 2 },
  ])
  expect(family?.top.networks).toMatchObject([{ id: 'Head office', signIns: 2 }])
})

async function run(args: Partial<AnalyzeArguments>, env: Record<string, string> = {}, stdin = '') {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => new PassThrough().on('data', (chunk: Buffer) => (written[name] += chunk.toString()))
  const io = { stdin: Readable.from([Buffer.from(stdin)]), stdout: output('stdout'), stderr: output('stderr'), env }
  const exitCode = await runAnalyze({ files: ['-'], json: false, lang: 'en', ...args }, io)
  await new Promise((resolve) => setImmediate(resolve))
  return { exitCode, ...written }
}

test('runAnalyze: --json prints the body alone', async () => {
  const { exitCode, stdout, stderr } = await run({ files: [graphFile], json: true, tenant: tenantId.toUpperCase() })
  expect([exitCode, stderr]).toEqual([analyzeExitCodes.whole, ''])
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, tenantId, totals: { signIns: 12 }, alerts: [] })
  expect(stdout.trimEnd()).not.toContain('\n')
})

test.each([
  ['en', /Tenant restriction/i, /What to do/],
  ['ja', /テナント制限/, /対処/],
] as const)('runAnalyze: the table for people speaks %s and has no colours in a pipe', async (lang, title, heading) => {
  const { exitCode, stdout } = await run({ lang }, {}, rows.map((row) => JSON.stringify(row)).join('\n'))
  expect(exitCode).toBe(analyzeExitCodes.whole)
  expect(stdout).toMatch(title)
  expect(stdout).toMatch(heading)
  expect(stdout).toContain('5000211')
  expect(stdout).not.toContain('\u001b')
})

test.each([
  ['en', '- Blocked by tenant restrictions v1 (1, network team)', '- Wrong user name or password (2, user)'],
  ['ja', '- テナント制限 v1 によるブロック (1, ネットワーク担当)', '- ユーザー名またはパスワードの誤り (2, ユーザー)'],
] as const)('runAnalyze: in %s it says what to do and who, with what mostly means nothing last', async (lang, first, last) => {
  const rows = [50126, 50126, 500021].map((errorCode, at) => ({
    id: `${at}`,
    createdDateTime: '2026-01-01T00:00:00Z',
    signInEventTypes: ['interactiveUser'],
    status: { errorCode },
  }))
  const { stdout } = await run({ lang }, {}, rows.map((row) => JSON.stringify(row)).join('\n'))
  expect(stdout.indexOf(first)).toBeGreaterThan(0)
  expect(stdout.indexOf(last)).toBeGreaterThan(stdout.indexOf(first))
})

test('runAnalyze: what cannot be read is named by file and row, and the rest is counted', async () => {
  const text = `${JSON.stringify(rows[0])}\n{"id": broken}\n${JSON.stringify(rows[1])}\n`
  const { exitCode, stdout, stderr } = await run({ json: true }, {}, text)
  expect(exitCode).toBe(analyzeExitCodes.partial)
  expect(JSON.parse(stdout)).toMatchObject({ totals: { signIns: 2 }, completeness: { complete: false, completeTo: null } })
  expect(stderr).toMatch(/^standard input, line 2, row 2: .* \[json-malformed\]$/m)
  const many = await run({ json: true }, {}, `${JSON.stringify(rows[0])}\n${'oops\n'.repeat(500)}`)
  expect(many.stderr.trim().split('\n').length).toBeLessThan(30)
  expect(many.stderr).toContain('480 more')
})

test.each([
  ['nothing', '', 'file-empty'],
  ['plain text', 'hello', 'plain-text'],
  ['an audit log', JSON.stringify([{ activityDisplayName: 'Add user', targetResources: [] }]), 'other-log'],
])('runAnalyze: %s prints no result and ends with 2', async (_, stdin, code) => {
  const { exitCode, stdout, stderr } = await run({ json: true }, {}, stdin)
  expect([exitCode, stdout]).toEqual([analyzeExitCodes.nothing, ''])
  expect(stderr).toContain(`[${code}]`)
})

test.each([
  [{ from: 'yesterday' }, /--from/],
  [{ to: '2026-13-01' }, /--to/],
  [{ from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, /before/],
  [{ tenant: 'contoso.example' }, /--tenant/],
])('runAnalyze: %j is wrong usage', async (args, message) => {
  await expect(run(args)).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) })
})

test('runAnalyze: a wrong setting is named', async () => {
  await expect(run({ files: [graphFile] }, { SITES: 'x' })).rejects.toMatchObject({
    code: 'setting-invalid',
    message: expect.stringContaining('SITES'),
  })
})

test('runAnalyze: nothing printed names a person, an address or a device', async () => {
  for (const json of [true, false]) {
    const { stdout, stderr } = await run(
      { json },
      {},
      `${rows.map((row) => JSON.stringify(row)).join('\n')}\n{"userPrincipalName":"person.number1@contoso.example"`,
    )
    expect(stdout + stderr).not.toMatch(/Person Number|person\.number|198\.51\.100|PC-OF|aaaaaaaa-0000/)
  }
})

test('inputProblems: every code has words in both languages', () => {
  for (const text of Object.values(inputProblems)) {
    expect(text.en).toMatch(/^[A-Z].*\.$/)
    expect(text.ja).toMatch(/。$/)
  }
})

const samples = join(__dirname, '..', '..', '..', '..', 'shared', 'samples')
const sampleFiles = existsSync(samples)
  ? readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) => /\.jsonl?$/.test(name))
  : []
if (sampleFiles.length === 0) test('analyze: published samples are not at hand here', () => expect(existsSync(samples)).toBe(false))
else
  test.each(sampleFiles)('analyze: every published record of %s is classified', async (name) => {
    const { summary, report } = await analyze({ paths: [join(samples, name)], stdin: Readable.from([]), language: 'en', now })
    expect(report).toMatchObject({ unreadable: 0, outside: 0 })
    expect(summary?.totals.signIns).toBe(report.rows - report.replaced)
    expect(summary?.failures.find(({ family }) => family === 'other')?.classes.map(({ id }) => id) ?? []).toEqual([])
  })
