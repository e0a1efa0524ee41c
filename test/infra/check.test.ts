import { PassThrough } from 'node:stream'
import { runCheck } from '../../local/check'
import { answerCheck } from '../../shared/pipelines/answerCheck'
import type { CheckFacts, CheckItem, TokenFacts } from '../../shared/pipelines/check'
import { graphPermissions } from '../../shared/pipelines/graphPermissions'
import type { MonitorOptions } from '../../shared/pipelines/options'
import { factsOf } from '../../shared/runtime/checkFacts'
import { MonitorError } from '../../shared/runtime/errors'
import { minute } from '../../shared/signIns/instant'
import type { StreamProgress } from '../../shared/signIns/streamState'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { schemaErrors } from '../support/schemas'

const now = Date.UTC(2026, 0, 5, 12)
const principal = '11111111-2222-3333-4444-555555555555'
const tenantId = '00000000-0000-0000-0000-000000000001'
const all = graphPermissions.map(({ value }) => value)
const appToken = (permissions: readonly string[], tenant = tenantId): TokenFacts => ({
  kind: 'app',
  permissions,
  issuedAt: now - 60 * minute,
  tenant,
  principal,
})
const facts = (more: Partial<CheckFacts> = {}): CheckFacts => ({
  place: 'azure',
  token: appToken(all),
  settings: [],
  receivers: [],
  names: {},
  ...more,
})

const progressOf = (stream: StreamId, refusal?: 'forbidden' | 'unlicensed'): StreamProgress => ({
  stream,
  completeFrom: now - 24 * 60 * minute,
  completeTo: now - 15 * minute,
  readTo: refusal ? undefined : now - 5 * minute,
  settledTo: undefined,
  bucketsPending: 0,
  unsettledBuckets: 0,
  lateRows: 0,
  malformedRows: 0,
  lastCommitAt: refusal ? undefined : now - minute,
  refusal: refusal && { state: refusal, since: now - 60 * minute, detail: 'Graph said no.' },
  detail: undefined,
})

const check = async (given: CheckFacts, progress: readonly StreamProgress[] = [], told: object[] = [], heartbeat?: object) => {
  const ports = {
    clock: () => now,
    runs: { read: () => Promise.resolve({ progress }) },
    receiverHistory: { newest: () => Promise.resolve(told) },
    heartbeat,
  } as unknown as Parameters<typeof answerCheck>[0]
  const options = { version: '1.0.0', tenantId, streams: streamIds, lookbackHours: 192 } as unknown as MonitorOptions
  const answer = await answerCheck(ports, options, given)
  expect(schemaErrors('check', answer)).toEqual([])
  return answer
}
const itemOf = (items: readonly CheckItem[], name: string) => items.find((item) => item.name === name)
const delivered = [{ receiver: 'ops', state: 'delivered', attempts: 1 }]
const running = streamIds.map((stream) => progressOf(stream))

describe('answerCheck', () => {
  test('answerCheck: nothing is missing of a monitor that reads everything', async () => {
    const { status, items } = await check(facts({ receivers: ['ops'] }), running, delivered)
    expect([status, items.filter(({ state }) => state !== 'ok')]).toEqual(['ok', []])
  })

  test.each(graphPermissions)('answerCheck: without $value it says what to run', async ({ value, needed }) => {
    const token = appToken(all.filter((one) => one !== value))
    const refused = streamIds.map((stream) => progressOf(stream, 'forbidden'))
    const { status, items } = await check(facts({ token }), needed ? refused : running)
    expect(status).toBe(needed ? 'incomplete' : 'ok')
    expect(itemOf(items, value)).toMatchObject({
      state: needed ? 'missing' : 'optional',
      mend: `npm run grant -- --principal ${principal}${needed ? '' : ` --with ${value}`}`,
    })
    expect(items.filter(({ area, state }) => area === 'permission' && state !== 'ok')).toHaveLength(1)
  })

  test('answerCheck: a role that is not in the token yet is told with the age of the token', async () => {
    const { items } = await check(facts({ token: appToken([]) }))
    expect(itemOf(items, 'AuditLog.Read.All')?.detail).toContain('issued at 2026-01-05T11:00:00Z')
  })

  test('answerCheck: a permission that Graph honours is not missing, whatever the token says', async () => {
    const { items } = await check(
      facts({ token: { kind: 'person', permissions: [], issuedAt: now, tenant: undefined, principal: undefined } }),
      running,
    )
    expect(itemOf(items, 'AuditLog.Read.All')?.state).toBe('ok')
  })

  test('answerCheck: a tenant without a licence needs one', async () => {
    const { items } = await check(
      facts(),
      streamIds.map((stream) => progressOf(stream, 'unlicensed')),
    )
    expect(itemOf(items, 'Microsoft Entra ID P1 or P2')?.state).toBe('missing')
    expect(itemOf((await check(facts())).items, 'Microsoft Entra ID P1 or P2')?.state).toBe('unknown')
  })

  test.each`
    told                                                                            | state        | says
    ${[]}                                                                           | ${'unknown'} | ${'not told anything'}
    ${[{ receiver: 'chat', state: 'parked', attempts: 8, lastReason: 'HTTP 404' }]} | ${'unknown'} | ${'not told anything'}
    ${[{ receiver: 'ops', state: 'delivered', attempts: 1 }]}                       | ${'ok'}      | ${'was delivered'}
    ${[{ receiver: 'ops', state: 'waiting', attempts: 0 }]}                         | ${'ok'}      | ${'on its way'}
    ${[{ receiver: 'ops', state: 'waiting', attempts: 2, lastReason: 'timeout' }]}  | ${'missing'} | ${'failed 2 times: timeout'}
    ${[{ receiver: 'ops', state: 'parked', attempts: 1, lastReason: 'HTTP 404' }]}  | ${'missing'} | ${'given up after 1 attempts: HTTP 404'}
  `('answerCheck: a receiver of which $told is known is $state', async ({ told, state, says }) => {
    const { items } = await check(facts({ receivers: ['ops'] }), running, told)
    expect(itemOf(items, 'ops')).toMatchObject({ state, detail: expect.stringContaining(says) })
  })

  test.each`
    kept                                                         | state         | says
    ${undefined}                                                 | ${'unknown'}  | ${'No run has ended'}
    ${{ outcome: 'delivered', reason: 'none', since: now }}      | ${'ok'}       | ${'delivered since 2026-01-05T12:00:00Z'}
    ${{ outcome: 'withheld', reason: 'run-failed', since: now }} | ${'optional'} | ${'withheld since 2026-01-05T12:00:00Z: run-failed'}
    ${{ outcome: 'retry', reason: 'timeout', since: now }}       | ${'missing'}  | ${'failed since 2026-01-05T12:00:00Z: timeout'}
    ${{ outcome: 'dead', reason: 'clientError', since: now }}    | ${'missing'}  | ${'failed since 2026-01-05T12:00:00Z: clientError'}
  `('answerCheck: a heartbeat of which $kept is kept is $state', async ({ kept, state, says }) => {
    const { items } = await check(facts(), running, [], { state: () => Promise.resolve(kept) })
    expect(items.find(({ area }) => area === 'heartbeat')).toMatchObject({ state, detail: expect.stringContaining(says) })
  })

  test('answerCheck: without a heartbeat there is no item of it, and the setting says what is lost', async () => {
    const { items } = await check(facts({ settings: [{ name: 'HEARTBEAT_URL', isGiven: false }] }), running)
    expect(items.some(({ area }) => area === 'heartbeat')).toBe(false)
    expect(itemOf(items, 'HEARTBEAT_URL')).toMatchObject({ state: 'optional', detail: expect.stringContaining('falls silent') })
  })

  test('answerCheck: tables that cannot be read are the first thing missing, and the rest is still looked at', async () => {
    const ports = {
      clock: () => now,
      runs: { read: () => Promise.reject(new MonitorError('table-unavailable', 'The table refuses this identity.')) },
      receiverHistory: { newest: () => Promise.resolve([]) },
    } as unknown as Parameters<typeof answerCheck>[0]
    const options = { streams: streamIds, lookbackHours: 192 } as unknown as MonitorOptions
    const { status, items } = await answerCheck(ports, options, facts({ receivers: ['ops'] }))
    expect(status).toBe('incomplete')
    expect(items[0]).toMatchObject({
      area: 'storage',
      state: 'missing',
      detail: 'The table refuses this identity.',
      mend: expect.stringContaining('az role'),
    })
    expect(items[0]?.mend).toContain(`--assignee-object-id ${principal} `)
    expect(items[0]?.mend).toContain('MONITOR_STORAGE_NAME')
    expect(items.map(({ area }) => area)).toEqual(expect.arrayContaining(['permission', 'stream', 'receiver']))
  })

  test('answerCheck: commands hold the names that are known, and words for those that are not', async () => {
    const names = { MONITOR_APP_NAME: 'func-signins', MONITOR_RESOURCE_GROUP: 'rg-signins' }
    const settings = [{ name: 'PUBLIC_BASE_URL', isGiven: false }]
    const stalled = streamIds.map((stream) => ({
      ...progressOf(stream),
      readTo: now - 3 * 60 * minute,
      lastCommitAt: now - 2 * 60 * minute,
    }))
    const { items } = await check(facts({ names, settings }), stalled)
    expect(itemOf(items, 'interactiveUser')?.mend).toBe('az functionapp restart --name func-signins --resource-group rg-signins')
    expect(itemOf(items, 'PUBLIC_BASE_URL')?.mend).toContain('--name func-signins --resource-group rg-signins --settings')
    const unknown = await check(
      facts({ token: { kind: 'none', reason: 'none' } }),
      streamIds.map((stream) => progressOf(stream, 'forbidden')),
    )
    expect(itemOf(unknown.items, 'interactiveUser')?.mend).toBe('npm run grant -- --principal MONITOR_PRINCIPAL_ID')
  })

  const settingItems = async (place: 'azure' | 'local', secret?: { vault: string; name: string }) => {
    const names = ['OPERATOR_KEY', 'RECEIVERS', 'HEARTBEAT_URL', 'PUBLIC_BASE_URL', 'RUNBOOK_URL'].map((name) => ({
      name,
      isGiven: false,
      secret,
    }))
    const { items } = await check(
      facts({ place, settings: names, names: { MONITOR_APP_NAME: 'func', MONITOR_RESOURCE_GROUP: 'rg' } }),
      running,
    )
    return items.filter(({ area }) => area === 'setting')
  }

  test('answerCheck: a secret is written where the deployment put it, into a vault of others as well', async () => {
    const [operatorKey, receivers, heartbeat] = await settingItems('azure', { vault: 'kv-contoso', name: 'abc-receivers' })
    const written = 'az keyvault secret set --vault-name kv-contoso --name abc-receivers'
    const restarted = '&& az functionapp restart --name func --resource-group rg'
    expect(receivers?.mend).toBe(`${written} --file receivers.json ${restarted}`)
    expect(heartbeat?.mend).toBe(`${written} --file heartbeat-url.txt ${restarted}`)
    expect(operatorKey?.mend).toBe(`${written} --value "$(openssl rand -base64 32)" ${restarted}`)
  })

  test('answerCheck: a secret of an unknown vault has a word for it, and the name that a vault made here gives it', async () => {
    const mends = (await settingItems('azure')).map(({ mend }) => mend)
    expect(mends.slice(0, 3).map((mend) => / --vault-name (\S+) --name (\S+) /.exec(mend ?? '')?.slice(1))).toEqual(
      ['operator-key', 'receivers', 'heartbeat-url'].map((name) => ['MONITOR_VAULT_NAME', name]),
    )
  })

  test("answerCheck: on a computer of one's own nothing is mended with az", async () => {
    const broken = {
      clock: () => now,
      runs: { read: () => Promise.reject(new MonitorError('table-unavailable', 'Nobody answers.')) },
      receiverHistory: { newest: () => Promise.resolve([]) },
    } as unknown as Parameters<typeof answerCheck>[0]
    const local = facts({ place: 'local', token: { kind: 'none', reason: 'Graph on this machine is asked without a token.' } })
    const stalled = streamIds.map((stream) => ({
      ...progressOf(stream),
      readTo: now - 3 * 60 * minute,
      lastCommitAt: now - 2 * 60 * minute,
    }))
    const options = { streams: streamIds, lookbackHours: 192 } as unknown as MonitorOptions
    const items = [
      ...(await settingItems('local', { vault: 'kv', name: 'name' })),
      ...(await answerCheck(broken, options, local)).items,
      ...(
        await check({ ...local, settings: [{ name: 'DAY_ZONE', isGiven: true, formerName: { name: 'ZONE', words: 'Renamed.' } }] }, stalled)
      ).items,
    ]
    const mends = items.flatMap(({ mend }) => mend ?? [])
    expect(mends.filter((mend) => /\baz |MONITOR_/.test(mend))).toEqual([])
    expect(mends).toEqual(
      expect.arrayContaining([
        'RECEIVERS="$(cat receivers.json)" npm start',
        'Give DAY_ZONE in place of ZONE.',
        expect.stringContaining('Ctrl-C'),
      ]),
    )
    expect(items.filter(({ area, state }) => area === 'permission' && state === 'optional')).toEqual([])
  })

  test('answerCheck: a retention that Graph let on counts, not the one that a licence promises', async () => {
    const week = running.map((progress) => ({ ...progress, retentionLength: 168 * 60 * minute }))
    const { status, items } = await check(facts(), week)
    expect([status, items.find(({ area }) => area === 'retention')]).toMatchObject([
      'ok',
      { state: 'optional', detail: expect.stringMatching(/192 hours.*168 hours/), mend: expect.stringContaining('P1 or P2') },
    ])
  })

  test('answerCheck: a stream that Graph refuses stands with the command for the identity that asked', async () => {
    const { items } = await check(
      facts(),
      streamIds.map((stream) => progressOf(stream, 'forbidden')),
    )
    expect(itemOf(items, 'interactiveUser')).toMatchObject({ state: 'missing', mend: `npm run grant -- --principal ${principal}` })
  })

  test('answerCheck: a setting under its former name could be better', async () => {
    const settings = [{ name: 'DAY_ZONE', isGiven: true, formerName: { name: 'ZONE', words: 'ZONE is called DAY_ZONE.' } }]
    const { status, items } = await check(facts({ settings }), running)
    expect([status, itemOf(items, 'DAY_ZONE')]).toMatchObject([
      'ok',
      {
        state: 'optional',
        detail: expect.stringMatching(/^ZONE is called DAY_ZONE\. .* parameter file too, as settings\.DAY_ZONE:/),
        mend: expect.stringMatching(/^az \S+ config appsettings delete .* --setting-names ZONE$/),
      },
    ])
  })

  test('answerCheck: the value of a former name is given to the present one before it goes', async () => {
    const settings = [{ name: 'DAY_ZONE', isGiven: false, formerName: { name: 'ZONE', words: 'ZONE is called DAY_ZONE.' } }]
    const { items } = await check(facts({ settings }), running)
    expect(itemOf(items, 'DAY_ZONE')?.mend).toMatch(
      / set .* --settings DAY_ZONE="\$\(.*\[\?name=='ZONE'\].*\)" && .* delete .* --setting-names ZONE$/,
    )
  })

  test('answerCheck: a setting that only the next deployment keeps has its place in the parameter file beside its command', async () => {
    const ofSetting = Object.fromEntries((await settingItems('azure')).map(({ name, detail, mend }) => [name, { detail, mend }]))
    for (const name of ['PUBLIC_BASE_URL', 'RUNBOOK_URL']) {
      expect(ofSetting[name]?.mend).toContain(`appsettings set --name func --resource-group rg --settings ${name}=`)
      expect(ofSetting[name]?.detail).toContain(`parameter file too, as settings.${name}:`)
    }
    for (const name of ['OPERATOR_KEY', 'RECEIVERS', 'HEARTBEAT_URL']) expect(ofSetting[name]?.detail).not.toContain('parameter file')
    expect((await settingItems('local')).filter(({ detail }) => detail.includes('parameter file'))).toEqual([])
  })

  const other = '00000000-0000-0000-0000-000000000002'
  test.each`
    story                             | place      | token                                      | state        | mend
    ${'of the monitored tenant'}      | ${'azure'} | ${appToken(all)}                           | ${'ok'}      | ${null}
    ${'of another tenant'}            | ${'azure'} | ${appToken(all, other)}                    | ${'missing'} | ${expect.stringMatching(/ set .* --settings TENANT_ID=0{8}-0000-0000-0000-0{11}2$/)}
    ${'of another tenant, at home'}   | ${'local'} | ${appToken(all, other)}                    | ${'missing'} | ${expect.stringMatching(/^Sign in to the tenant/)}
    ${'of a tenant that is not said'} | ${'azure'} | ${{ ...appToken(all), tenant: undefined }} | ${'ok'}      | ${null}
    ${'that there is not'}            | ${'azure'} | ${{ kind: 'none', reason: 'None.' }}       | ${'ok'}      | ${null}
  `('answerCheck: with a token $story TENANT_ID is $state', async ({ place, token, state, mend }) => {
    const given = facts({ place, token, settings: [{ name: 'TENANT_ID', isGiven: true }] })
    const { status, items } = await check(given, running)
    expect([status, itemOf(items, 'TENANT_ID')]).toEqual([
      state === 'ok' ? 'ok' : 'incomplete',
      expect.objectContaining({ area: 'setting', state, mend }),
    ])
    expect(items.filter(({ name }) => name === 'TENANT_ID')).toHaveLength(1)
    if (state === 'missing') expect(itemOf(items, 'TENANT_ID')?.detail).toMatch(`tenant ${other}, so nothing is read for ${tenantId}`)
  })

  test('answerCheck: without receivers nobody is called, which is said with the command', async () => {
    const settings = [
      { name: 'RECEIVERS', isGiven: false },
      { name: 'DAY_ZONE', isGiven: false },
    ]
    const { items } = await check(facts({ settings }), running)
    expect(itemOf(items, 'RECEIVERS')).toMatchObject({ state: 'optional', mend: expect.stringContaining('az keyvault secret set') })
    expect(itemOf(items, 'DAY_ZONE')).toMatchObject({ state: 'ok', mend: null })
  })
})

describe('factsOf', () => {
  const tokenOf = (claims: object) => `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`
  test.each`
    story               | claims                                                      | facts
    ${'of an app'}      | ${{ roles: ['A', 'B'], iat: 10, oid: 'object', tid: 'AB' }} | ${{ kind: 'app', permissions: ['A', 'B'], issuedAt: 10_000, tenant: 'ab', principal: 'object' }}
    ${'without a role'} | ${{ oid: 'object' }}                                        | ${{ kind: 'app', permissions: [], issuedAt: undefined, tenant: undefined, principal: 'object' }}
    ${'of a person'}    | ${{ scp: 'A B', oid: 'person', iat: 10, tid: 3 }}           | ${{ kind: 'person', permissions: ['A', 'B'], issuedAt: 10_000, tenant: undefined, principal: undefined }}
  `('factsOf: a token $story', ({ claims, facts: expected }) => expect(factsOf(tokenOf(claims))).toEqual(expected))

  test.each(['', 'a.b.c', 'x', `a.${Buffer.from('3').toString('base64url')}.c`])('factsOf: %p is no token', (token) =>
    expect(factsOf(token)).toMatchObject({ kind: 'none' }),
  )
})

const refusal = (code: string) => Response.json({ code, detail: 'what is wrong' }, { status: 401 })

describe('check', () => {
  const run = async (args: { url?: string; json?: boolean; askGraph?: boolean }, answer: Response | Error, env = {}) => {
    const asked: unknown[] = []
    let stdout = ''
    const output = new PassThrough().on('data', (chunk: Buffer) => {
      stdout += String(chunk)
    })
    const ask = ((url: string, init: RequestInit) => {
      asked.push([url, init.headers])
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    }) as typeof fetch
    const code = await runCheck({ json: false, ...args }, { stdout: output, env }, ask, (of) =>
      Promise.resolve(of === principal ? ['AuditLog.Read.All'] : []),
    )
    await new Promise((resolve) => setImmediate(resolve))
    return { code, stdout, asked }
  }

  test('check: what is missing stands with the command that mends it, and the exit code is 1', async () => {
    const body = await check(facts({ token: appToken([]) }))
    const { code, stdout, asked } = await run({}, Response.json(body))
    expect(code).toBe(1)
    expect(asked).toEqual([['http://127.0.0.1:7071/api/check', { accept: 'application/json' }]])
    expect(stdout).toContain('! permission AuditLog.Read.All')
    expect(stdout).toContain(`> npm run grant -- --principal ${principal}\n`)
    expect(stdout).toContain('1 missing (!)')
  })

  test('check: a permission that was granted after the token was issued is told from one that was not', async () => {
    const json = async () => Response.json(await check(facts({ token: appToken([]) })))
    const { stdout, code } = await run({ askGraph: true }, await json())
    expect(stdout).toContain('AuditLog.Read.All: It is granted, but the kept token of 2026-01-05T11:00:00Z does not hold it yet.')
    expect(stdout).not.toContain(`> npm run grant -- --principal ${principal}\n`)
    expect(stdout).toContain(`> npm run grant -- --principal ${principal} --with Directory.Read.All\n`)
    expect(code).toBe(1)
    expect((await run({}, await json())).stdout).not.toContain('It is granted')
  })

  test('check: where nothing is missing the exit code is 0, and keys and token go into headers', async () => {
    const env = { MONITOR_URL: 'https://monitor.example/', MONITOR_FUNCTION_KEY: 'key', OPERATOR_KEY: 'operator', MONITOR_TOKEN: 'token' }
    const headers = { accept: 'application/json', 'x-functions-key': 'key', 'x-operator-key': 'operator', authorization: 'Bearer token' }
    const { code, asked } = await run({ json: true }, Response.json(await check(facts(), running)), env)
    expect([code, asked]).toEqual([0, [['https://monitor.example/api/check', headers]]])
  })

  test('check: names that the environment knows stand in the commands', async () => {
    const settings = [{ name: 'RECEIVERS', isGiven: false }]
    const body = await check(facts({ settings }), running)
    const env = { MONITOR_VAULT_NAME: 'kv-contoso', MONITOR_APP_NAME: 'func', MONITOR_RESOURCE_GROUP: '' }
    const { stdout } = await run({}, Response.json(body), env)
    expect(stdout).toContain('--vault-name kv-contoso --name receivers ')
    expect(stdout).toContain('--name func --resource-group MONITOR_RESOURCE_GROUP\n')
  })

  test.each`
    env                                                                               | command
    ${{}}                                                                             | ${'--vault-name MONITOR_VAULT_NAME --name MONITOR_OPERATOR_SECRET '}
    ${{ MONITOR_VAULT_NAME: 'kv', MONITOR_OPERATOR_SECRET: 'operator-key' }}          | ${'--vault-name kv --name operator-key '}
    ${{ MONITOR_VAULT_NAME: 'kv-team', MONITOR_OPERATOR_SECRET: 'abc-operator-key' }} | ${'--vault-name kv-team --name abc-operator-key '}
  `("check: with $env the operator's key is looked for with $command", async ({ env, command }) => {
    await expect(run({ url: 'https://monitor.test' }, refusal('operator-key-wrong'), env)).rejects.toThrow(command)
  })

  test.each`
    story                         | args                               | answer                                                                | code                  | says
    ${'an address without https'} | ${{ url: 'http://example.com' }}   | ${Response.json({})}                                                  | ${'usage'}            | ${'https'}
    ${'nobody there'}             | ${{}}                              | ${new Error('refused')}                                               | ${'input-unreadable'} | ${'npm start'}
    ${'no key'}                   | ${{ url: 'https://monitor.test' }} | ${new Response('', { status: 401 })}                                  | ${'input-unreadable'} | ${'MONITOR_FUNCTION_KEY'}
    ${'no operator key'}          | ${{ url: 'https://monitor.test' }} | ${refusal('operator-key-missing')}                                    | ${'input-unreadable'} | ${'variable OPERATOR_KEY'}
    ${'no role'}                  | ${{ url: 'https://monitor.test' }} | ${refusal('role-missing')}                                            | ${'input-unreadable'} | ${'what is wrong'}
    ${'a wrong setting'}          | ${{}}                              | ${Response.json({ detail: 'TENANT_ID is missing' }, { status: 500 })} | ${'input-unreadable'} | ${'TENANT_ID is missing'}
    ${'another page'}             | ${{}}                              | ${new Response('<html>')}                                             | ${'input-unreadable'} | ${'did not answer the check'}
  `('check: $story is said', async ({ args, answer, code, says }) => {
    await expect(run(args, answer)).rejects.toMatchObject({ code, message: expect.stringContaining(says) })
  })
})
