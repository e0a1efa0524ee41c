import { PassThrough, Readable } from 'node:stream'
import { type Explained, explain, runExplain } from '../../local/explain'
import { codeRows, failureClasses } from '../../shared/failures/catalogue'
import { familyIds } from '../../shared/failures/catalogueTypes'
import { languages } from '../../shared/failures/words'
import { MonitorError } from '../../shared/runtime/errors'

async function run(subjects: string[], input = '', options: { json?: boolean; lang?: 'en' | 'ja' } = {}) {
  let stdout = ''
  const output = new PassThrough().on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  const args = { subjects, json: options.json ?? false, lang: options.lang ?? 'en' }
  const exitCode = await runExplain(args, { stdin: Readable.from(input === '' ? [] : [input]), stdout: output })
  await new Promise((resolve) => setImmediate(resolve))
  return { exitCode, stdout }
}

const classesOf = ({ explained }: Explained) => explained.map(({ subject, classes }) => [subject, ...classes.map(({ id }) => id)])

test.each(['500021', 'AADSTS500021', 'aadsts500021', ' 500021 '])('explain: %p is a code', (subject) => {
  const { explained, notInCatalogue } = explain([subject], 'en')
  expect(notInCatalogue).toEqual([])
  expect(explained).toMatchObject([{ subject: 'AADSTS500021', kind: 'code', family: 'tenant-restriction', outcome: 'failure' }])
  expect(explained[0]?.classes[0]?.id).toBe('tenant-restriction.v1')
  expect(explained[0]?.classes.map(({ id }) => id)).toContain('tenant-restriction.azure-backup')
})

test('explain: every code, class and family of the catalogue is explained in both languages', () => {
  const subjects = [...codeRows.keys()].map(String).concat(
    failureClasses.map(({ id }) => id),
    familyIds,
  )
  for (const language of languages) {
    const { explained, notInCatalogue } = explain(subjects, language)
    expect(notInCatalogue).toEqual([])
    expect(explained).toHaveLength(subjects.length)
    for (const { classes } of explained) expect(classes.length).toBeGreaterThan(0)
  }
})

test.each<[string, string, (string | undefined)[]]>([
  ['an agent', "AADSTS500021: Access to 'IDMAADTenantjpepod01' tenant is denied.", ['AADSTS500021', 'IDMAADTenantjpepod01']],
  ['two codes, one twice', 'AADSTS50076 then AADSTS700016, again AADSTS50076', ['AADSTS50076', 'AADSTS700016']],
  ['an answer of the token endpoint', '{"error":"invalid_grant","error_codes":[50126],"timestamp":"2026-01-01"}', ['AADSTS50126']],
  ['a list of codes', '"error_codes": [50076, 65001],', ['AADSTS50076', 'AADSTS65001']],
  ['the address of an error', '"error_uri":"https://login.microsoftonline.com/error?code=7000215"', ['AADSTS7000215']],
  ['a row of Log Analytics', '"ResultType": "53003", "Id": "50057"', ['AADSTS53003']],
  ['a sign-in of Graph', '{"status":{"errorCode":50057,"failureReason":"x"}}', ['AADSTS50057']],
  ['the page of the user', 'Error Code: 500212\nRequest Id: 50126000-0000', ['AADSTS500212']],
  ['two tenants', 'IDMServiceAADTenantjpepod01 IDMAADTenantweupod02', ['IDMServiceAADTenantjpepod01', 'IDMAADTenantweupod02']],
])('explain: pasted text of %s holds every code and tenant name in it', (_, text, subjects) => {
  expect(explain([text], 'en').explained.map(({ subject }) => subject)).toEqual(subjects)
})

test('explain: a name of an Azure Backup tenant beside a block puts its class first and says where its id is', () => {
  const result = explain(["AADSTS500021: Access to 'IDMAADTenantjpepod01' tenant is denied."], 'en')
  expect(classesOf(result)[0]?.[1]).toBe('tenant-restriction.azure-backup')
  expect(result.explained[1]).toMatchObject({ tenantId: '6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0', resolve: [] })
  expect(explain(['IDMAADTenantweupod02'], 'en').explained[0]).toMatchObject({
    tenantId: null,
    resolve: ['idmserviceaadtenantweupod02', 'idmaadtenantweupod02'].map(
      (name) => `https://login.microsoftonline.com/${name}.onmicrosoft.com/v2.0/.well-known/openid-configuration`,
    ),
  })
  expect(classesOf(explain(['AADSTS50126 IDMAADTenantjpepod01'], 'en'))[0]).not.toContain('tenant-restriction.azure-backup')
})

test('explain: a code that is not in the catalogue is said so, with the page of Microsoft', async () => {
  const { exitCode, stdout } = await run(['AADSTS987654', '50126'])
  expect(exitCode).toBe(1)
  expect(stdout).toContain('AADSTS987654 is not in the catalogue. Look it up at https://login.microsoftonline.com/error?code=987654')
  expect(stdout).toContain('credential.wrong-password')
})

test.each(['no-such-family', 'tls.no-such-class', 'a text without any code'])('explain: %p ends with 1', async (subject) => {
  const { exitCode, stdout } = await run([subject])
  expect(exitCode).toBe(1)
  expect(stdout).toContain(subject)
})

test('explain: a long text without a code is not printed whole', async () => {
  expect((await run(['-'], 'x '.repeat(1000))).stdout.length).toBeLessThan(200)
  expect((await run(['x'.repeat(100_000)])).stdout.length).toBeLessThan(200)
})

test('explain: a class that stands above is not told twice, and a named target leaves no room for other targets', async () => {
  const { stdout } = await run(["AADSTS500021: Access to 'IDMAADTenantjpwpod01' tenant is denied."])
  expect(stdout.match(/CBEngine/g)).toHaveLength(1)
  expect(stdout.match(/tenant-restriction\.azure-backup/g)).toHaveLength(2)
  expect(stdout).not.toContain('tenant-restriction.own-tenant')
  expect(stdout).toContain('Tenant id: 4617fbbe-e76e-4071-90cd-6f5e7f5d5244')
})

test('explain: standard input is read once and ends with 0', async () => {
  const { exitCode, stdout } = await run(['-'], 'az login: AADSTS50076: Due to a configuration change …')
  expect(exitCode).toBe(0)
  expect(stdout).toContain('mfa.unattended')
  expect(stdout).toContain('Start with the first class')
})

test.each(['', '  \n'])('explain: empty standard input (%p) is a wrong use', async (input) => {
  await expect(run(['-'], input)).rejects.toThrow(MonitorError)
  await expect(run(['-'], input)).rejects.toMatchObject({ code: 'usage' })
})

test('explain: too long a standard input is a wrong use', async () => {
  await expect(run(['-'], 'x'.repeat(2_000_000))).rejects.toMatchObject({ code: 'usage' })
})

test.each(['', '  '])('explain: an empty subject (%p) is a wrong use', async (subject) => {
  await expect(run(['500021', subject])).rejects.toMatchObject({ code: 'usage' })
})

test('explain: standard input that is named twice is one text', async () => {
  const { stdout } = await run(['-', '-'], 'AADSTS50076')
  expect(stdout.match(/^AADSTS50076/gm)).toHaveLength(1)
})

test('explain: the code 0 is a success and needs no class', async () => {
  const { exitCode, stdout } = await run(['0'])
  expect([exitCode, stdout]).toEqual([0, '0 · success\n'])
})

test('explain: a mistaken class id is answered with the classes of its family', async () => {
  expect((await run(['tls.handshakes'])).stdout).toContain('Its family has: ')
  expect(explain(['tls.handshakes'], 'en').notInCatalogue[0]?.candidates).toContain('tls.handshake')
  expect(explain(['nonsense.handshakes'], 'en').notInCatalogue[0]?.candidates).toEqual([])
})

test('explain: a family says what its numbers cannot see, and under which condition', async () => {
  const { stdout } = await run(['tls'])
  expect(stdout).toContain('What its numbers cannot see:\n- A refused or broken handshake')
  expect(stdout).toContain('(said when: no refusal for old TLS was counted)')
  expect((await run(['tls'], '', { lang: 'ja' })).stdout).toContain('件数に現れないもの:')
  expect((await run(['credential'])).stdout).not.toContain('cannot see')
  expect(explain(['tls', 'tls.legacy'], 'en').explained.map(({ notes }) => notes.length > 0)).toEqual([true, false])
})

test('explain: a class that looks at more than the code says at what', async () => {
  expect((await run(['53003'])).stdout).toContain('Only when: the policy that failed blocks')
  expect((await run(['53003'], '', { lang: 'ja' })).stdout).toContain('条件: 失敗したポリシーの制御がブロックの場合')
  expect((await run(['conditional-access.blocked'])).stdout).not.toContain('Only when')
})

test('explain: it speaks Japanese when asked to', async () => {
  const { stdout } = await run(['tenant-restriction.azure-backup'], '', { lang: 'ja' })
  expect(stdout).toMatch(/対処: ネットワーク担当/)
  expect(stdout).not.toMatch(/What to do/)
})

test('explain: with --json it is one object for programs', async () => {
  const { stdout } = await run(['7000218', '987654'], '', { json: true })
  expect(JSON.parse(stdout)).toMatchObject({
    explained: [
      {
        subject: 'AADSTS7000218',
        classes: [{ id: 'app-credential.missing', mendedBy: 'app-owner', codes: { failure: [7000216, 7000218, 7000219] } }],
      },
    ],
    notInCatalogue: [{ subject: 'AADSTS987654', lookup: 'https://login.microsoftonline.com/error?code=987654' }],
  })
})
