import { isOneSlip, readSettings, settingRows } from '../../shared/runtime/settings'

const right = {
  TENANT_ID: '11111111-2222-3333-4444-555555555555',
  TABLES_ENDPOINT: 'http://127.0.0.1:10002/devstoreaccount1',
  USER_HASH_KEY: 'sixteen-letters-x',
}

const problemOf = (environment: Record<string, string>): string => {
  try {
    readSettings({ ...right, ...environment })
    return ''
  } catch (error) {
    expect(error).toMatchObject({ code: 'setting-invalid' })
    return error instanceof Error ? error.message : ''
  }
}

test('readSettings: the required settings are enough', () => {
  expect(readSettings(right)).toMatchObject({
    LOOKBACK_HOURS: 192,
    CLOUD: 'global',
    GRAPH_REQUESTS_MAX: 4,
    RECEIVERS: [],
    MONITOR_MODE: 'azure',
  })
})

test.each(Object.entries(settingRows).filter(([, row]) => row.fallback !== undefined))(
  'readSettings: the default of %s is right',
  (name, row) => {
    expect(() => readSettings({ ...right, MONITOR_MODE: 'local', [name]: row.fallback })).not.toThrow()
  },
)

test.each`
  name                   | text                                                                            | says
  ${'TENANT_ID'}         | ${'contoso'}                                                                    | ${'a GUID'}
  ${'TABLES_ENDPOINT'}   | ${'http://storage.example.com'}                                                 | ${'an https address'}
  ${'LOOKBACK_HOURS'}    | ${'0'}                                                                          | ${'from 1 to 720'}
  ${'LOOKBACK_HOURS'}    | ${'1.5'}                                                                        | ${'from 1 to 720'}
  ${'LOOKBACK_HOURS'}    | ${'721'}                                                                        | ${'from 1 to 720'}
  ${'STREAMS'}           | ${'interactive'}                                                                | ${'interactiveUser'}
  ${'DAY_ZONE'}          | ${'Asia/Kolkata'}                                                               | ${'whole hours'}
  ${'DAY_ZONE'}          | ${'Mars/Olympus'}                                                               | ${'IANA'}
  ${'CLOUD'}             | ${'azure'}                                                                      | ${'global'}
  ${'TENANTS'}           | ${'{'}                                                                          | ${'is not JSON'}
  ${'TENANTS'}           | ${'[{"id":"x","name":"y","kind":"partner"}]'}                                   | ${'0.id'}
  ${'TENANTS'}           | ${'[{"id":"11111111-2222-3333-4444-555555555555","name":"y","kind":"friend"}]'} | ${'0.kind'}
  ${'SITES'}             | ${'[{"cidr":"10.0.0.0","name":"HQ"}]'}                                          | ${'SITES'}
  ${'RECEIVERS'}         | ${'[{"id":"ops","kind":"pigeon"}]'}                                             | ${'RECEIVERS'}
  ${'HEARTBEAT_URL'}     | ${'http://ping.example/T0P-S3CRET'}                                             | ${'an https address'}
  ${'HEARTBEAT_URL'}     | ${'http://127.0.0.1/T0P-S3CRET'}                                                | ${'local mode only'}
  ${'HEARTBEAT_URL'}     | ${'https://me:T0P-S3CRET@ping.example/'}                                        | ${'without a user name'}
  ${'HEARTBEAT_URL'}     | ${'on'}                                                                         | ${'off, or'}
  ${'ALERT_RULES'}       | ${'[{"id":"no-such-rule"}]'}                                                    | ${'ALERT_RULES'}
  ${'CORS_ORIGINS'}      | ${'example.com'}                                                                | ${'origins'}
  ${'USER_HASH_KEY'}     | ${'short'}                                                                      | ${'16 characters'}
  ${'RUN_LEASE_SECONDS'} | ${'1'}                                                                          | ${'from 2'}
  ${'OPERATOR_KEY'}      | ${'short'}                                                                      | ${'16 letters'}
  ${'OPERATOR_KEY'}      | ${'a key with a kanji: 鍵'}                                                     | ${'ASCII'}
  ${'OPERATOR_KEY'}      | ${'@microsoft.keyvault(SecretUri=https://v.vault.azure.net/secrets/x)'}         | ${'Key Vault'}
  ${'SECRET_URIS'}       | ${'{"RECEIVERS":"kv/secrets/receivers"}'}                                       | ${'a JSON object'}
  ${'RUNBOOK_URL'}       | ${'https://git.example/docs/runbooks/'}                                         | ${'{page} or {rule}'}
  ${'RUNBOOK_URL'}       | ${'http://git.example/docs/runbooks/{page}'}                                    | ${'an https address'}
  ${'SECRET_URIS'}       | ${'[]'}                                                                         | ${'a JSON object'}
  ${'EASY_AUTH'}         | ${'true'}                                                                       | ${'on or off'}
  ${'OPERATOR_KEY'}      | ${'@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/x)'}         | ${'Key Vault'}
  ${'USER_HASH_KEY'}     | ${'@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/x)'}         | ${'Key Vault'}
`('readSettings: $name "$text" is refused with what would be right', ({ name, text, says }) => {
  expect(problemOf({ [name]: text })).toContain(name)
  expect(problemOf({ [name]: text })).toContain(says)
  expect(problemOf({ [name]: text })).not.toContain('T0P-S3CRET')
})

test('readSettings: SECRET_URIS gives the vault and the name of each secret that has an address', () => {
  const addresses = {
    HEARTBEAT_URL: '',
    OPERATOR_KEY: 'https://kv-team.vault.azure.net/secrets/abc-operator-key/0123456789abcdef',
    RECEIVERS: 'https://kv-team.vault.azure.cn/secrets/abc-receivers',
  }
  expect(readSettings({ ...right, SECRET_URIS: JSON.stringify(addresses) }).SECRET_URIS).toEqual([
    { setting: 'OPERATOR_KEY', vault: 'kv-team', name: 'abc-operator-key' },
    { setting: 'RECEIVERS', vault: 'kv-team', name: 'abc-receivers' },
  ])
})

test.each(['\n', '\r\n', ' ', '\ufeff'])('readSettings: a secret that was made elsewhere may have %j around it', (around) => {
  const given = {
    ...right,
    USER_HASH_KEY: `${around}${right.USER_HASH_KEY}${around}`,
    RECEIVERS: `${around}[]${around}`,
    OPERATOR_KEY: `x${'y'.repeat(16)}${around}`,
  }
  expect(readSettings(given)).toMatchObject({ USER_HASH_KEY: right.USER_HASH_KEY, RECEIVERS: [], OPERATOR_KEY: `x${'y'.repeat(16)}` })
})

test.each`
  text                                    | mode       | url
  ${''}                                   | ${'azure'} | ${''}
  ${'off'}                                | ${'azure'} | ${''}
  ${'https://hc-ping.example/key?status'} | ${'azure'} | ${'https://hc-ping.example/key?status'}
  ${'http://127.0.0.1:9000/x'}            | ${'local'} | ${'http://127.0.0.1:9000/x'}
`('readSettings: HEARTBEAT_URL "$text" in $mode mode is $url', ({ text, mode, url }) =>
  expect(readSettings({ ...right, MONITOR_MODE: mode, HEARTBEAT_URL: text }).HEARTBEAT_URL).toBe(url),
)

test('readSettings: only local mode does without a key for the hash of users', () => {
  expect(problemOf({ USER_HASH_KEY: '' })).toContain('USER_HASH_KEY')
  expect(problemOf({ USER_HASH_KEY: '', MONITOR_MODE: 'local' })).toBe('')
})

test.each(Object.entries(settingRows).filter(([, row]) => 'secret' in row))(
  'readSettings: %s as a Key Vault reference that was not resolved is an error with its name, in any mode',
  (name) => {
    for (const MONITOR_MODE of ['azure', 'local']) {
      const problem = problemOf({ MONITOR_MODE, [name]: '@Microsoft.KeyVault(VaultName=v;SecretName=x)' })
      expect(problem).toMatch(new RegExp(`^${name} is a Key Vault reference that was not resolved`))
    }
  },
)

test.each`
  environment                                                     | says
  ${{ OPERATOR_KEY: 'short', MONITOR_MODE: 'local' }}             | ${''}
  ${{ OPERATOR_KEY: 'sixteen-letters-x' }}                        | ${''}
  ${{ MONITOR_MODE: 'local', WEBSITE_SITE_NAME: 'func-signins' }} | ${'MONITOR_MODE has to be azure'}
  ${{ MONITOR_MODE: 'azure', WEBSITE_SITE_NAME: 'func-signins' }} | ${''}
  ${{ EASY_AUTH: 'on' }}                                          | ${''}
  ${{ EASY_AUTH: 'on', WEBSITE_AUTH_ENABLED: 'True' }}            | ${''}
  ${{ EASY_AUTH: 'on', WEBSITE_AUTH_ENABLED: 'False' }}           | ${'EASY_AUTH is on, but'}
  ${{ EASY_AUTH: 'off', WEBSITE_AUTH_ENABLED: 'False' }}          | ${''}
`('readSettings: $environment go together, or it is said: $says', ({ environment, says }) => {
  const problem = problemOf(environment)
  if (says === '') expect(problem).toBe('')
  else expect(problem).toContain(says)
})

test('readSettings: everything that is wrong is said at once and no value is repeated', () => {
  const problem = problemOf({
    RECEIVERS: '[{"id":"ops","kind":"webhook","url":"https://hooks.example.com/secret-path"}]',
    USER_HASH_KEY: 'a-secret',
    PUBLIC_BASE_URL: 'x',
  })
  expect(problem).toContain('RECEIVERS')
  expect(problem).toContain('USER_HASH_KEY')
  expect(problem).toContain('PUBLIC_BASE_URL')
  expect(problem).not.toContain('secret-path')
  expect(problem).not.toContain('a-secret')
})

test('readSettings: a name that is one slip away from a setting is named with the setting', () => {
  expect(problemOf({ LOOKBACK_HOUR: '24' })).toContain('LOOKBACK_HOURS')
  expect(problemOf({ STREAMS: 'interactiveUser', STREAM: 'x' })).toBe('')
})

test.each`
  wrong         | right        | isSlip
  ${'STREAM'}   | ${'STREAMS'} | ${true}
  ${'STREAMMS'} | ${'STREAMS'} | ${true}
  ${'STRAEMS'}  | ${'STREAMS'} | ${true}
  ${'STREEMS'}  | ${'STREAMS'} | ${true}
  ${'STREAMS'}  | ${'STREAMS'} | ${false}
  ${'SYSTEMS'}  | ${'STREAMS'} | ${false}
`('isOneSlip: $wrong for $right is $isSlip', ({ wrong, right: meant, isSlip }) => expect(isOneSlip(wrong, meant)).toBe(isSlip))
