import { renamedSettings, underPresentNames } from '../../shared/runtime/renamedSettings'
import { readSettings, settingRows } from '../../shared/runtime/settings'

const rename = { from: 'HISTORY_HOURS', to: 'LOOKBACK_HOURS', until: '2.0' }
const right = {
  TENANT_ID: '11111111-2222-3333-4444-555555555555',
  TABLES_ENDPOINT: 'http://127.0.0.1:10002/devstoreaccount1',
  MONITOR_MODE: 'local',
}

test.each`
  given                                            | hours  | warns
  ${{}}                                            | ${192} | ${[]}
  ${{ LOOKBACK_HOURS: '24' }}                      | ${24}  | ${[]}
  ${{ HISTORY_HOURS: '48' }}                       | ${48}  | ${['rename it']}
  ${{ HISTORY_HOURS: '48', LOOKBACK_HOURS: '' }}   | ${48}  | ${['rename it']}
  ${{ HISTORY_HOURS: '48', LOOKBACK_HOURS: '24' }} | ${24}  | ${['is ignored']}
  ${{ HISTORY_HOURS: ' ', LOOKBACK_HOURS: '24' }}  | ${24}  | ${[]}
`('underPresentNames: $given is read as $hours hours', ({ given, hours, warns }) => {
  expect(readSettings({ ...right, ...given }, [rename]).LOOKBACK_HOURS).toBe(hours)
  const { warnings } = underPresentNames(given, [rename])
  expect(warnings.map(({ words }) => words)).toEqual(warns.map((words: string) => expect.stringContaining(words)))
  for (const { words } of warnings) expect(words).toMatch(/HISTORY_HOURS.*LOOKBACK_HOURS/)
})

test('underPresentNames: a wrong value under a former name is said of the present one, unrepeated', () => {
  expect(() => readSettings({ ...right, HISTORY_HOURS: 'hush' }, [rename])).toThrow(/LOOKBACK_HOURS has to be/)
  expect(underPresentNames({ HISTORY_HOURS: 'hush' }, [rename]).warnings[0]?.words).not.toContain('hush')
})

test('underPresentNames: a secret that is not resolved is named under a former name too', () => {
  const given = { ...right, HASH_KEY: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/x)' }
  expect(() => readSettings(given, [{ from: 'HASH_KEY', to: 'USER_HASH_KEY', until: '2.0' }])).toThrow(/USER_HASH_KEY is a Key Vault/)
})

test('renamedSettings: every row leads from a name that is no setting to one that is', () => {
  for (const { from, to } of [rename, ...renamedSettings]) {
    expect([Object.hasOwn(settingRows, from), Object.hasOwn(settingRows, to)]).toEqual([false, true])
  }
})
