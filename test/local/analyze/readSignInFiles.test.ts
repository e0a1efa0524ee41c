import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { readSignInFiles } from '../../../local/analyze/readSignInFiles'

const folder = mkdtempSync(join(tmpdir(), 'read-sign-ins-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0

function fileOf(content: string | Buffer): string {
  const path = join(folder, `export-${++files}`)
  writeFileSync(path, content)
  return path
}

interface Read {
  ids: (string | undefined)[]
  codes: string[]
  places: { code: string; line: number | undefined; row: number | undefined }[]
}

async function readAll(paths: string[], stdin: NodeJS.ReadableStream = Readable.from([])): Promise<Read> {
  const read: Read = { ids: [], codes: [], places: [] }
  for await (const { signIns, problems } of readSignInFiles(paths, { stdin })) {
    read.ids.push(...signIns.map(({ signIn }) => signIn.id))
    read.codes.push(...problems.map(({ code }) => code))
    read.places.push(...problems.map(({ code, line, row }) => ({ code, line, row })))
  }
  return read
}

const readText = (content: string | Buffer): Promise<Read> => readAll([fileOf(content)])

const rowOf = (id: string, more: object = {}): object => ({
  id,
  createdDateTime: '2026-03-12T16:02:15Z',
  status: { errorCode: 0, failureReason: 'Other, "quoted" \\ and [brackets] {"value": [' },
  authenticationProcessingDetails: [
    { key: 'a', value: 'b' },
    { key: 'c', value: '[]' },
  ],
  ...more,
})

const ids = ['a', 'b', 'c', 'd']
const rows = ids.map((id) => rowOf(id))
const line = (value: unknown): string => JSON.stringify(value)
const pretty = (value: unknown): string => JSON.stringify(value, null, 2)

const containers: [string, string][] = [
  ['a list on one line', line(rows)],
  ['a pretty-printed list', pretty(rows)],
  ['a list with a row a line', `[\n${rows.map(line).join(',\n')}\n]\n`],
  ['a list with a row a line and leading commas', `[${rows.map(line).join('\n,')}]`],
  ['an answer of Graph', line({ '@odata.context': 'https://x/$metadata', '@odata.nextLink': 'https://x?a=[{', value: rows })],
  ['a pretty-printed answer of Graph', pretty({ '@odata.context': 'x', value: rows, '@odata.nextLink': 'x' })],
  ['records', line({ records: rows })],
  ['pretty-printed records', pretty({ records: rows })],
  ['JSON Lines', rows.map(line).join('\n')],
  ['JSON Lines with CRLF and empty lines', `${rows.map(line).join('\r\n\r\n')}\r\n`],
  ['lines of records', `${line({ records: rows.slice(0, 1) })}\n${line({ records: rows.slice(1) })}\n`],
  ['lines of lists', `${line(rows.slice(0, 3))}\n${line(rows.slice(3))}`],
  ['objects one after the other', rows.map(line).join('')],
  ['pretty-printed objects one after the other', rows.map(pretty).join('\n')],
  ['pretty-printed objects with nothing between', rows.map(pretty).join('')],
  ['a list of answers', line([{ value: rows.slice(0, 2) }, { value: rows.slice(2) }])],
  ['pretty-printed answers one after the other', [pretty({ value: rows.slice(0, 2) }), pretty({ value: rows.slice(2) })].join('\n')],
  ['a list without indentation', pretty(rows).replaceAll(/^ +/gm, '')],
]

const encodings: [string, (text: string) => Buffer][] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16 LE', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 BE', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['UTF-16 LE without a mark', (text) => Buffer.from(text, 'utf16le')],
  ['gzip', (text) => gzipSync(text)],
  ['gzip of two members', (text) => Buffer.concat([gzipSync(text.slice(0, 700)), gzipSync(text.slice(700))])],
  ['gzip of UTF-16', (text) => gzipSync(Buffer.from(`\ufeff${text}`, 'utf16le'))],
]

for (const [encoding, encode] of encodings) {
  test.each(containers)(`readSignInFiles: %s in ${encoding} gives every row in order`, async (_, text) => {
    expect(await readText(encode(text))).toEqual({ ids, codes: [], places: [] })
  })
}

test('readSignInFiles: one object is one row', async () => {
  expect(await readText(line(rows[0]))).toMatchObject({ ids: ['a'], codes: [] })
  expect(await readText(pretty(rows[0]))).toMatchObject({ ids: ['a'], codes: [] })
})

test('readSignInFiles: how the bytes are cut into pieces changes nothing', async () => {
  const texts = containers.map(([, text]) => text)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...texts),
      fc.constantFrom(...encodings),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      async (text, [, encode], sizes) => {
        const bytes = encode(text)
        const pieces: Buffer[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          pieces.push(bytes.subarray(at, at + size))
          at += size
        }
        expect(await readAll(['-'], Readable.from(pieces))).toEqual({ ids, codes: [], places: [] })
      },
    ),
    { numRuns: 150 },
  )
})

test('readSignInFiles: any bytes give problems and never throw', async () => {
  const scraps = ['{', '}', '[', ']', '"', ',', ':', '\n', '\\', 'a,b,c\n', '"value":[', line(rows[0]), '\ufeff', 'null', '1']
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.array(fc.constantFrom(...scraps)).map((parts) => Buffer.from(parts.join(''))),
      ),
      async (bytes) => {
        const { ids: found, codes } = await readAll(['-'], Readable.from([bytes]))
        expect(found.length + codes.length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 300 },
  )
})

const broken = line(rows[1]).replace('"status":{', '"status":{{')
const unclosed = line(rows[1]).slice(0, 150)

test.each([
  [
    'JSON Lines with a broken row',
    `${line(rows[0])}\n${broken}\n${line(rows[2])}\n`,
    ['a', 'c'],
    [{ code: 'json-malformed', line: 2, row: 2 }],
  ],
  [
    'JSON Lines with an unfinished row',
    `${line(rows[0])}\n${unclosed}\n${line(rows[2])}\n${line(rows[3])}`,
    ['a', 'c', 'd'],
    [{ code: 'json-malformed', line: 2, row: 2 }],
  ],
  [
    'JSON Lines with a row without its last brace',
    `${line(rows[0])}\n${line(rows[1]).slice(0, -1)}\n${line(rows[2])}\n`,
    ['a', 'c'],
    [{ code: 'json-malformed', line: 2, row: 2 }],
  ],
  [
    'JSON Lines with a line of text',
    `${line(rows[0])}\nwarning: slow\n${line(rows[2])}\n`,
    ['a', 'c'],
    [{ code: 'json-malformed', line: 2, row: 2 }],
  ],
  ['a warning in front of the rows', `WARNING: slow\n${line(rows[0])}\n`, ['a'], [{ code: 'json-malformed', line: 1, row: 1 }]],
  [
    'a list with a broken row',
    `[${line(rows[0])},${line(rows[1]).replace('"id":', '"id"')},${line(rows[2])}]`,
    ['a', 'c'],
    [{ code: 'json-malformed', line: 1, row: 2 }],
  ],
  [
    'a list with something else in it',
    `[${line(rows[0])}, 7, "x{", null, ${line(rows[2])}]`,
    ['a', 'c'],
    [2, 3, 4].map((row) => ({ code: 'not-an-object', line: 1, row })),
  ],
  ['a truncated list', line(rows).slice(0, -200), ['a', 'b', 'c'], [{ code: 'json-truncated', line: 1, row: undefined }]],
  ['a list truncated between rows', `[${line(rows[0])},`, ['a'], [{ code: 'json-truncated', line: 1, row: undefined }]],
  ['truncated JSON Lines', rows.map(line).join('\n').slice(0, -20), ['a', 'b', 'c'], [{ code: 'json-truncated', line: 4, row: undefined }]],
  [
    'a truncated answer of Graph',
    line({ '@odata.context': 'x', value: rows }).slice(0, -100),
    ['a', 'b', 'c'],
    [{ code: 'json-truncated', line: 1, row: undefined }],
  ],
  [
    'a row of another log',
    `${line(rows[0])}\n${line({ activityDisplayName: 'Add user', id: 'x' })}\n`,
    ['a'],
    [{ code: 'not-a-sign-in', line: 2, row: 2 }],
  ],
])('readSignInFiles: %s costs only what is broken', async (_, text, found, places) => {
  expect(await readText(text)).toEqual({ ids: found, codes: places.map(({ code }) => code), places })
})

test.each([
  ['nothing', '', ['file-empty']],
  ['white space', ' \n\n', ['file-empty']],
  ['an empty list', '[]', ['no-rows']],
  ['an answer without rows', '{"value": []}', ['no-rows']],
  ['plain text', 'AADSTS50011: The redirect URI does not match.\nSee the log.', ['plain-text']],
  ['a binary file', Buffer.from([1, 2, 0, 4, 5, 6, 7]), ['binary-file']],
  ['a zip archive', Buffer.from('PK\u0003\u0004abcdef'), ['zip-file']],
  [
    'an audit log',
    line([{ activityDisplayName: 'Add user', id: 'x', activityDateTime: '2026-03-12T16:02:15Z' }]),
    ['not-a-sign-in', 'other-log'],
  ],
  [
    'an audit log as CSV',
    'Date (UTC),Service,Category,Activity\n2026-03-12,Core Directory,UserManagement,Add user\n',
    ['not-a-sign-in', 'other-log'],
  ],
  ['an object that is none', '{"a": 1}', ['not-a-sign-in', 'other-log']],
])('readSignInFiles: %s has a message of its own', async (_, content, codes) => {
  expect(await readText(content)).toMatchObject({ ids: [], codes })
})

test('readSignInFiles: a missing file and a directory are named and the next file is read', async () => {
  const batches = []
  for await (const batch of readSignInFiles([join(folder, 'none'), folder, fileOf(line(rows))], { stdin: Readable.from([]) }))
    batches.push(batch)
  expect(batches.flatMap(({ problems }) => problems)).toMatchObject([
    { file: join(folder, 'none'), code: 'file-missing' },
    { file: folder, code: 'is-directory' },
  ])
  expect(batches.flatMap(({ signIns }) => signIns)).toHaveLength(4)
})

test('readSignInFiles: truncated and damaged gzip give what came before', async () => {
  const lines = Array.from({ length: 3_000 }, (_, index) => line(rowOf(`row-${index}`))).join('\n')
  const packed = gzipSync(lines)
  const truncated = await readText(packed.subarray(0, packed.length - 3_000))
  expect(truncated.codes).toContain('gzip-truncated')
  expect(truncated.ids.length).toBeGreaterThan(1_000)
  const withoutTrailer = await readText(packed.subarray(0, packed.length - 4))
  expect([withoutTrailer.ids.length, withoutTrailer.codes]).toEqual([3_000, ['gzip-truncated']])
  const damaged = await readText(Buffer.concat([gzipSync(`${line(rows[0])}\n`), Buffer.from('garbage that is no gzip')]))
  expect(damaged).toMatchObject({ ids: ['a'], codes: ['gzip-damaged'] })
})

const padding = 'x'.repeat(10_000_000)

test.each([
  ['JSON Lines', `${line(rows[0])}\n${line(rowOf('b', { padding }))}\n${line(rows[2])}\n`],
  ['a first row', `${line(rowOf('b', { padding }))}\n${line(rows[0])}\n${line(rows[2])}\n`],
  ['a list', `[${line(rows[0])},${line(rowOf('b', { padding }))},${line(rows[2])}]`],
  ['an answer of Graph', line({ value: [rows[0], rowOf('b', { padding }), rows[2]] })],
  ['a pretty-printed list', pretty([rows[0], rowOf('b', { padding }), rows[2]])],
])('readSignInFiles: a row of 10 MB in %s is refused as that one row', async (_, text) => {
  expect(await readText(text)).toMatchObject({ ids: ['a', 'c'], codes: ['row-too-large'] })
})

test('readSignInFiles: a list larger than any row is read on one line', async () => {
  const many = Array.from({ length: 3_000 }, (_, index) => rowOf(`row-${index}`, { padding: 'y'.repeat(4_000) }))
  expect((await readText(line({ '@odata.context': 'x', value: many }))).ids).toHaveLength(3_000)
  expect((await readText(line(many))).ids).toHaveLength(3_000)
})

test('readSignInFiles: bytes that are not UTF-8 are told and the row counts', async () => {
  const latin1 = Buffer.from(`${line(rowOf('a', { appDisplayName: 'Café' }))}\n${line(rows[1])}\n`, 'latin1')
  expect(await readText(latin1)).toEqual({ ids: ['a', 'b'], codes: ['utf8-invalid'], places: [{ code: 'utf8-invalid', line: 1, row: 1 }] })
})

const columns = ['Date (UTC)', 'Request ID', 'Status', 'Sign-in error code', 'Failure reason', 'Application ID ']
const csvRow = (id: string, reason = 'None'): string => `2026-03-12T16:02:15Z,${id},Failure,50126,"${reason}",app`
const csv = (lines: string[], end = '\n'): string => [columns.join(','), ...lines].join(end)

test.each([
  ['line feeds', csv(ids.map((id) => csvRow(id)))],
  [
    'CRLF and a last line break',
    `${csv(
      ids.map((id) => csvRow(id)),
      '\r\n',
    )}\r\n`,
  ],
  ['line breaks and quotes in fields', csv(ids.map((id) => csvRow(id, 'He said ""no"",\r\nand left')))],
  ['semicolons', csv(ids.map((id) => csvRow(id))).replaceAll(',', ';')],
  ['tabs', csv(ids.map((id) => csvRow(id))).replaceAll(',', '\t')],
  ['the hint of Excel', `sep=,\r\n${csv(ids.map((id) => csvRow(id)))}`],
  ['quoted columns', `${columns.map((name) => `"${name}"`).join(',')}\n${ids.map((id) => csvRow(id)).join('\n')}`],
])('readSignInFiles: a CSV with %s gives every row', async (_, text) => {
  for (const [, encode] of encodings) expect(await readText(encode(text))).toEqual({ ids, codes: [], places: [] })
})

test('readSignInFiles: how a CSV is cut into pieces changes nothing', async () => {
  const bytes = Buffer.from(
    csv(
      ids.map((id) => csvRow(id, 'one\ntwo ""é""')),
      '\r\n',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), async (sizes) => {
      const pieces: Buffer[] = []
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1
        pieces.push(bytes.subarray(at, at + size))
        at += size
      }
      expect(await readAll(['-'], Readable.from(pieces))).toEqual({ ids, codes: [], places: [] })
    }),
  )
})

test.each([
  ['a row with too few columns', csv([csvRow('a'), '2026-03-12T16:02:15Z,b', csvRow('c')]), ['a', 'c'], ['csv-malformed']],
  [
    'a quote that never closes',
    csv([csvRow('a'), '2026-03-12T16:02:15Z,b,Failure,50126,"open,app', csvRow('c'), csvRow('d')]),
    ['a', 'c', 'd'],
    ['csv-malformed'],
  ],
  ['a stray quote', csv([csvRow('a'), '2026-03-12T16:02:15Z,b,Fail"ur"e,50126,x,app', csvRow('c')]), ['a', 'c'], ['csv-malformed']],
  ['a row of 10 MB', csv([csvRow('a'), csvRow('b', padding), csvRow('c')]), ['a', 'c'], ['row-too-large']],
  ['a last row of 10 MB', csv([csvRow('a'), csvRow('b', padding)]), ['a'], ['row-too-large']],
])('readSignInFiles: %s of a CSV costs only that one', async (_, text, found, codes) => {
  expect(await readText(text)).toMatchObject({ ids: found, codes })
})

/** Text that hardly gets shorter when it is packed. */
const noise = (index: number): string =>
  ['sha512', 'sha384', 'sha256'].map((kind) => createHash(kind).update(`${index}`).digest('base64')).join('')

const many = Array.from({ length: 2_500 }, (_, index) => rowOf(`row ${index}`, { userAgent: noise(index) }))
const csvOf = (list: readonly object[]): string =>
  `Date (UTC),Request ID,Sign-in error code,Application\n${list.map((_, index) => `2026-03-12T16:02:15Z,row ${index},0,"An ""application"" of\nnumber ${index} ${'x'.repeat(300)}"`).join('\n')}\n`

test.each([
  ['JSON Lines', many.map(line).join('\n')],
  ['a list on one line', line(many)],
  ['a pretty-printed answer of Graph', pretty({ value: many })],
  ['UTF-16', Buffer.from(`\ufeff${many.map(line).join('\n')}`, 'utf16le')],
  ['gzip', gzipSync(many.map(line).join('\n'), { level: 0 })],
  ['gzip that is damaged near its end', damaged(gzipSync(line(many)))],
  ['CSV', csvOf(many)],
])('readSignInFiles: of %s that is longer than what is read at once no row is lost or mixed with another', async (name, content) => {
  expect(content.length).toBeGreaterThan(300_000)
  const read = await readText(content)
  if (name.includes('damaged')) {
    expect(read.codes).toContain('gzip-damaged')
    expect(read.ids.slice(0, 2_200)).toEqual(many.slice(0, 2_200).map((_, index) => `row ${index}`))
  } else expect(read).toMatchObject({ ids: many.map((_, index) => `row ${index}`), codes: [] })
})

function damaged(packed: Buffer): Buffer {
  const damagedBytes = Buffer.from(packed)
  damagedBytes.fill(0xff, packed.length - 20_000, packed.length - 19_000)
  return damagedBytes
}
