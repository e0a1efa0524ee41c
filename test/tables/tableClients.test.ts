import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TokenCredential } from '@azure/identity'
import { createTableClients, type TableClients } from '../../shared/tables/tableClients'
import { useStorageEmulator } from '../support/tables'

const { endpoint, freshTenant } = useStorageEmulator()
const credential: TokenCredential = { getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }) }

/** A table service that answers as it is told; the emulator is too kind to. */
async function withTableService(answer: RequestListener, use: (clients: TableClients) => Promise<void>): Promise<string[]> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`)
    request.resume().on('end', () => answer(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    await use(createTableClients({ endpoint: `http://127.0.0.1:${port}/devstoreaccount1` }))
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return asked
}

const json = { 'content-type': 'application/json;odata=fullmetadata' }
const rows = (...rowKeys: string[]): string =>
  JSON.stringify({ value: rowKeys.map((RowKey) => ({ 'odata.etag': `W/"${RowKey}"`, PartitionKey: 'p', RowKey, n: 1 })) })
const oops = (code: string, value = 'Words of the service.'): string =>
  JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value } } })
const nextRow = (request: IncomingMessage): string | null => new URL(request.url ?? '', 'http://host').searchParams.get('NextRowKey')
const put = (rowKey: string) => ({ kind: 'put', entity: { partitionKey: 'p', rowKey, n: 1 } }) as const

test('query: short and empty pages are followed by their token until none is given', async () => {
  const pages: Record<string, [body: string, next: string | undefined]> = {
    first: [rows(), 'b'],
    b: [rows('b'), 'c'],
    c: [rows(), 'd'],
    d: [rows('d', 'e'), undefined],
  }
  const asked = await withTableService(
    (request, response) => {
      const [body, next] = pages[nextRow(request) ?? 'first'] ?? [rows(), undefined]
      const token = next === undefined ? {} : { 'x-ms-continuation-NextPartitionKey': 'p', 'x-ms-continuation-NextRowKey': next }
      response.writeHead(200, { ...json, ...token }).end(body)
    },
    async ({ buckets }) => {
      const found = await buckets.query({ filter: "PartitionKey eq 'p'", select: ['n'] })
      expect(found.map((entity) => [entity.rowKey, entity.etag, entity.properties['n']])).toEqual([
        ['b', 'W/"b"', 1],
        ['d', 'W/"d"', 1],
        ['e', 'W/"e"', 1],
      ])
      expect(await buckets.query({ filter: "PartitionKey eq 'p'", most: 2 })).toHaveLength(2)
    },
  )
  expect(asked.every((line) => line.includes("$filter=PartitionKey eq 'p'"))).toBe(true)
  expect(asked.filter((line) => line.includes('$select=PartitionKey,RowKey,n'))).toHaveLength(4)
})

test('query: a service that is busy for a moment is asked again', async () => {
  let calls = 0
  await withTableService(
    (_, response) => {
      calls++
      if (calls < 3) response.writeHead(503, json).end(oops('ServerBusy'))
      else response.writeHead(200, json).end(rows('a'))
    },
    async ({ buckets }) => expect(await buckets.query({ filter: "PartitionKey eq 'p'" })).toHaveLength(1),
  )
  expect(calls).toBe(3)
})

test('query: a service that stays busy is given up, with its answer in the error', async () => {
  const asked = await withTableService(
    (_, response) => response.writeHead(503, { ...json, 'retry-after': '0' }).end(oops('ServerBusy')),
    async ({ runs }) => {
      await expect(runs.query({ filter: "PartitionKey eq 'p'" })).rejects.toMatchObject({
        code: 'table-unavailable',
        message: expect.stringMatching(
          /^The table runs at 127\.0\.0\.1:\d+ is busy or fails \(503 ServerBusy\)\. The next run asks again\.$/,
        ),
      })
    },
  )
  expect(asked.length).toBeGreaterThan(1)
  expect(asked.length).toBeLessThan(10)
})

test.each`
  status | code                                 | said
  ${403} | ${'AuthorizationPermissionMismatch'} | ${/role Storage Table Data Contributor/}
  ${409} | ${'TableBeingDeleted'}               | ${/is being deleted/}
  ${404} | ${'TableNotFound'}                   | ${/could not be created/}
  ${400} | ${'InvalidInput'}                    | ${/answered 400 InvalidInput/}
`('submit: $status $code is an error that says what mends it', async ({ status, code, said }) => {
  const asked = await withTableService(
    (request, response) => {
      if (request.url?.endsWith('/Tables')) response.writeHead(409, json).end(oops('TableAlreadyExists'))
      else response.writeHead(status, json).end(oops(code))
    },
    async ({ alerts }) => {
      await expect(alerts.submit([put('a')])).rejects.toMatchObject({ code: 'table-unavailable', message: expect.stringMatching(said) })
    },
  )
  expect(asked.length).toBeLessThanOrEqual(3)
})

test.each`
  story                    | body
  ${'a page for people'}   | ${'<html>Welcome, somebody@company.example</html>'}
  ${'nothing'}             | ${''}
  ${'half of an answer'}   | ${rows('a').slice(0, 40)}
  ${'JSON of another API'} | ${'{"rows":[]}'}
`('createTableClients: $story under a good status is no answer: nothing counts as empty or as written', async ({ body }) => {
  const unreadable = { code: 'table-unavailable', message: expect.stringMatching(/not that of a table service/) }
  const refused = async (work: Promise<unknown>): Promise<void> => {
    const error: unknown = await work.then(
      () => 'an answer',
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject(unreadable)
    expect(String(error)).not.toContain('somebody')
  }
  await withTableService(
    (_, response) => response.writeHead(200, json).end(body),
    async ({ buckets }) => {
      await refused(buckets.query({ filter: "PartitionKey eq 'p'" }))
      await refused(buckets.read('p', 'r'))
      await refused(buckets.submit([put('a'), put('b')]))
    },
  )
})

test('submit: what a service says in place of a code is not repeated', async () => {
  await withTableService(
    (_, response) => response.writeHead(400, json).end(oops('somebody@company.example is not known')),
    async ({ buckets }) => {
      const error: unknown = await buckets.submit([put('a')]).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'table-unavailable', message: expect.stringContaining('answered 400') })
      expect(String(error)).not.toContain('somebody')
    },
  )
})

test('read: a service that nobody listens for is an error that names the host and no key', async () => {
  let gone: TableClients | undefined
  await withTableService(
    (_, response) => response.end(),
    async (clients) => {
      gone = clients
    },
  )
  await expect(gone?.runs.read('p', 'r')).rejects.toMatchObject({
    code: 'table-unavailable',
    message: expect.stringMatching(/^The table runs at 127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\)\.$/),
  })
})

test.each`
  story                             | options
  ${'http to another computer'}     | ${{ endpoint: 'http://10.0.0.4/devstoreaccount1' }}
  ${'http to a name'}               | ${{ endpoint: 'http://account.table.core.windows.net', credential }}
  ${'the emulator with no account'} | ${{ endpoint: 'http://127.0.0.1:10002' }}
  ${'https with no identity'}       | ${{ endpoint: 'https://account.table.core.windows.net' }}
  ${'https with a signature'}       | ${{ endpoint: 'https://account.table.core.windows.net?sig=secret', credential }}
  ${'no URL'}                       | ${{ endpoint: 'UseDevelopmentStorage=true' }}
  ${'nothing'}                      | ${{ endpoint: '' }}
`('createTableClients: $story is refused as a setting, and no secret is repeated', ({ options }) => {
  expect(() => createTableClients(options)).toThrow(
    expect.objectContaining({ code: 'setting-invalid', message: expect.not.stringContaining('secret') }),
  )
})

test.each(['https://account.table.core.windows.net', 'https://account.table.core.chinacloudapi.cn/'])(
  'createTableClients: %s is taken with an identity',
  (https) => {
    expect(createTableClients({ endpoint: https, credential })).toHaveProperty('buckets')
  },
)

test('submit: a table is created on its first use, and one that is not there yet is empty', async () => {
  const { buckets, runs, alerts } = createTableClients({ endpoint: endpoint() })
  const partitionKey = freshTenant()
  for (const table of [buckets, runs, alerts]) {
    expect(await table.query({ filter: `PartitionKey eq '${partitionKey}'` })).toEqual([])
    expect(await table.read(partitionKey, 'r')).toBeUndefined()
    expect(await table.submit([{ kind: 'create', entity: { partitionKey, rowKey: 'r', n: 1 } }])).toEqual({
      kind: 'written',
      versions: [expect.any(String)],
    })
    expect(await table.read(partitionKey, 'r')).toMatchObject({ rowKey: 'r', properties: { n: 1 } })
  }
})

test('submit: the row that was refused is named by its place, and nothing of the batch is written', async () => {
  const { buckets } = createTableClients({ endpoint: endpoint() })
  const partitionKey = freshTenant()
  const entity = (rowKey: string, n: number) => ({ partitionKey, rowKey, n })
  await buckets.submit([{ kind: 'create', entity: entity('there', 1) }])
  const etag = (await buckets.read(partitionKey, 'there'))?.etag ?? ''
  const fine = [
    { kind: 'create', entity: entity('a', 2) },
    { kind: 'replace', entity: entity('there', 2), etag },
    { kind: 'put', entity: entity('b', 2) },
  ] as const
  const refused = [
    { kind: 'create', entity: entity('there', 3) },
    { kind: 'replace', entity: entity('gone', 3), etag },
    { kind: 'replace', entity: entity('there', 3), etag: etag.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)) },
    { kind: 'merge', entity: entity('gone', 3) },
    { kind: 'delete', entity: entity('gone', 3) },
  ] as const
  for (const action of refused) {
    for (let place = 0; place <= fine.length; place++) {
      const actions = [...fine.filter(({ entity: { rowKey } }) => rowKey !== action.entity.rowKey)]
      const index = Math.min(place, actions.length)
      expect(await buckets.submit([...actions.slice(0, index), action, ...actions.slice(index)])).toEqual({ kind: 'refused', index })
    }
  }
  expect(await buckets.query({ filter: `PartitionKey eq '${partitionKey}'` })).toMatchObject([
    { rowKey: 'there', etag, properties: { n: 1 } },
  ])
})

test('submit: every type of value comes back as it went', async () => {
  const { buckets } = createTableClients({ endpoint: endpoint() })
  const partitionKey = freshTenant()
  const properties = {
    text: "it's 日本 😀",
    whole: -5,
    large: 5_000_000_000n,
    share: 0.25,
    yes: true,
    at: new Date(1_700_000_000_123),
    bytes: Buffer.from([0, 255]),
  }
  await buckets.submit([{ kind: 'put', entity: { partitionKey, rowKey: "it's|x", ...properties, left: undefined } }])
  const read = await buckets.read(partitionKey, "it's|x")
  expect(read?.properties).toMatchObject(properties)
  expect(read?.properties).not.toHaveProperty('left')
})
