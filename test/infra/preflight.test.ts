import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import type { AskAzure } from '../../local/azureCli'
import { runPreflight } from '../../local/preflight'
import { commandsAtOnceMax, type PreflightItem, providers } from '../../local/preflightChecks'
import { unknownParts, writtenCommand } from './azureCommands'

interface Said {
  readonly stdout?: unknown
  readonly stderr?: string
  readonly exitCode?: number
}

const subscription = '00000000-0000-0000-0000-000000000001'
const group = `/subscriptions/${subscription}/resourceGroups/rg-signins`
const parameterFile = path.join(__dirname, '../../infra/prod.bicepparam')

const builtWith = (values: Readonly<Record<string, unknown>>): Said => ({
  stdout: {
    parametersJson: JSON.stringify({ parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])) }),
  },
})

const nameQuestion = (provider: string): string =>
  `rest --method post --url /subscriptions/${subscription}/providers/${provider}/checkNameAvailability?`

/** What Azure says where nothing is missing, by the words that a command begins with. */
const allWell: Readonly<Record<string, Said>> = {
  'account show': { stdout: { id: subscription, user: { name: 'engineer@example.com' } } },
  'bicep version': { stdout: 'Bicep CLI version 0.38.33 (6bb5d5f859)' },
  'bicep build-params': builtWith({ privateNetwork: true, zoneRedundant: true, assignRoles: true, budgetAmount: 50, nodeVersion: '22' }),
  'functionapp list-flexconsumption-locations': { stdout: [{ name: 'westeurope' }, { name: 'japaneast' }] },
  'functionapp list-flexconsumption-runtimes': { stdout: [{ version: '22' }, { version: '24' }] },
  'storage account show-usage': { stdout: { currentValue: 3, limit: 250 } },
  'rest --method get': { stdout: { value: [{ currentValue: 2, limit: 250, name: { value: 'FlexConsumption' } }] } },
  'provider list': { stdout: providers.map(({ namespace }) => ({ namespace, registrationState: 'Registered' })) },
  'group show': { stdout: { id: group, location: 'West Europe' } },
  'role assignment list': {
    stdout: [{ roleDefinitionName: 'Contributor' }, { roleDefinitionName: 'Role Based Access Control Administrator' }],
  },
  'deployment group what-if': {
    stdout: {
      changes: [
        { changeType: 'Create', resourceId: `${group}/providers/Microsoft.Storage/storageAccounts/stsignins1` },
        { changeType: 'Create', resourceId: `${group}/providers/Microsoft.KeyVault/vaults/kv-signins-1` },
        { changeType: 'Create', resourceId: `${group}/providers/Microsoft.Web/sites/func-signins-1` },
        { changeType: 'NoChange', resourceId: `${group}/providers/Microsoft.Network/virtualNetworks/vnet-signins-1` },
      ],
    },
  },
  'storage account check-name': { stdout: { nameAvailable: true } },
  [nameQuestion('Microsoft.KeyVault')]: { stdout: { nameAvailable: true } },
  [nameQuestion('Microsoft.Web')]: { stdout: { nameAvailable: true } },
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Puts an `az` on a PATH of its own that says what it is told to and writes down what it was asked. */
function fakeAzure(said: Readonly<Record<string, Said>>): { path: string; asked: () => string[][] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'azure-'))
  folders.push(folder)
  mkdirSync(path.join(folder, 'bin'))
  writeFileSync(path.join(folder, 'said.json'), JSON.stringify(said))
  writeFileSync(path.join(folder, 'asked.jsonl'), '')
  writeFileSync(
    path.join(folder, 'az.cjs'),
    `const { appendFileSync, readFileSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync(${JSON.stringify(path.join(folder, 'asked.jsonl'))}, JSON.stringify(args) + '\\n')
const said = JSON.parse(readFileSync(${JSON.stringify(path.join(folder, 'said.json'))}, 'utf8'))
const key = Object.keys(said).find((words) => args.join(' ').startsWith(words))
const { stdout = '', stderr = '', exitCode = 0 } = key ? said[key] : { stderr: 'ERROR: unexpected: ' + args.join(' '), exitCode: 2 }
process.stderr.write(stderr)
process.stdout.write(typeof stdout === 'string' ? stdout : JSON.stringify(stdout))
process.exitCode = exitCode`,
  )
  const [script, node] = [path.join(folder, 'az.cjs'), process.execPath]
  writeFileSync(path.join(folder, 'bin/az'), `#!/bin/sh\nexec "${node}" "${script}" "$@"\n`)
  chmodSync(path.join(folder, 'bin/az'), 0o755)
  writeFileSync(path.join(folder, 'bin/az.cmd'), `@"${node}" "${script}" %*\r\n`)
  const asked = () =>
    readFileSync(path.join(folder, 'asked.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string[])
  return { path: [path.join(folder, 'bin'), process.env['PATH']].join(path.delimiter), asked }
}

/** Runs the command against an Azure in which something is otherwise. */
async function preflight(
  otherwise: Readonly<Record<string, Said>> = {},
  args: Partial<Parameters<typeof runPreflight>[0]> = {},
  through?: { readonly path: string },
  answered: (words: readonly string[]) => Promise<void> = () => Promise.resolve(),
) {
  const said = { ...allWell, ...otherwise }
  const asked: string[][] = []
  let text = ''
  const write = (chunk: string): void => {
    text += chunk
  }
  const atOnce = { present: 0, most: 0 }
  const inProcess: AskAzure = async (words) => {
    asked.push([...words])
    atOnce.present += 1
    atOnce.most = Math.max(atOnce.most, atOnce.present)
    await answered(words)
    atOnce.present -= 1
    const key = Object.keys(said).find((start) => words.join(' ').startsWith(start))
    const { stdout = '', stderr = '', exitCode = 0 } = (key && said[key]) || { stderr: `ERROR: unexpected ${words.join(' ')}`, exitCode: 2 }
    return { exitCode, stderr, stdout: typeof stdout === 'string' ? stdout : JSON.stringify(stdout) }
  }
  const whole = { resourceGroup: 'rg-signins', parameters: parameterFile, json: true, ...args }
  const io = { stdout: { write }, env: through ? { ...process.env, PATH: through.path, Path: through.path } : {} }
  const exitCode = await (through ? runPreflight(whole, io) : runPreflight(whole, io, inProcess))
  const items = whole.json ? (JSON.parse(text) as { items: PreflightItem[] }).items : []
  return { exitCode, items, text, asked, atOnceMost: atOnce.most, missing: items.filter(({ state }) => state === 'missing') }
}

test('preflight: through an Azure CLI on the PATH it says the same and asks the same', async () => {
  const inProcess = await preflight()
  const azure = fakeAzure(allWell)
  const real = await preflight({}, {}, azure)
  expect([real.exitCode, real.items]).toEqual([inProcess.exitCode, inProcess.items])
  const sorted = (asked: readonly (readonly string[])[]) => asked.map((words) => words.join(' ')).sort()
  expect(sorted(azure.asked())).toEqual(sorted(inProcess.asked))
})

test('preflight: it finds nothing to mend where nothing is missing, and only asks', async () => {
  const { exitCode, items, asked } = await preflight()
  expect([exitCode, items.filter(({ state }) => state !== 'ok')]).toEqual([0, []])
  expect(items.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'login',
      'bicep',
      'parameters',
      'region',
      'runtime',
      'providers',
      'rights',
      'deployment',
      'name stsignins1',
      'name func-signins-1',
    ]),
  )
  const writing = asked.filter((words) => /\b(create|delete|register|update|set|assign)\b/.test(words.slice(0, 3).join(' ')))
  expect(writing).toEqual([])
  expect(asked.flatMap((words) => unknownParts(writtenCommand(words)))).toEqual([])
})

test('preflight: it asks side by side within a bound, and says the same in the same order whoever answers first', async () => {
  const usual = await preflight()
  expect(usual.atOnceMost).toBe(commandsAtOnceMax)
  const orders = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const run = preflight({}, {}, undefined, (words) => scheduler.schedule(Promise.resolve(), words.join(' ')))
    await scheduler.waitFor(run)
    const { items, atOnceMost } = await run
    expect(items).toEqual(usual.items)
    expect(atOnceMost).toBeLessThanOrEqual(commandsAtOnceMax)
  })
  await fc.assert(orders, { numRuns: 50 })
})

test('preflight: where the Azure CLI fails in the middle, the error comes through and no other question is left alone', async () => {
  const failing = preflight({}, {}, undefined, ([first]) =>
    first === 'provider' || first === 'deployment' ? Promise.reject(new Error('gone')) : Promise.resolve(),
  )
  await expect(failing).rejects.toThrow('gone')
})

const refusal = (code: string, message: string): Said => ({ exitCode: 1, stderr: `ERROR: {"code": "${code}", "message": "${message}"}` })

test.each<[story: string, otherwise: Record<string, Said>, name: string, detail: RegExp, mend: RegExp]>([
  ['nobody is signed in', { 'account show': { exitCode: 1, stderr: "Please run 'az login'" } }, 'login', /Nobody/, /^az login$/],
  ['there is no Bicep', { 'bicep version': { exitCode: 1 } }, 'bicep', /no Bicep/, /^az bicep install$/],
  ['Bicep is too old', { 'bicep version': { stdout: 'Bicep CLI version 0.37.4 (x)' } }, 'bicep', /0\.38\.3 or newer/, /^az bicep upgrade$/],
  [
    'a parameter is wrong',
    { 'bicep build-params': { exitCode: 1, stderr: 'ERROR: prod.bicepparam(4,1) : Error BCP259: The parameter "nam" is not declared' } },
    'parameters',
    /BCP259/,
    /^az bicep build-params /,
  ],
  [
    'the region has no Flex Consumption',
    { 'functionapp list-flexconsumption-locations': { stdout: [{ name: 'japaneast' }] } },
    'region',
    /West Europe has no zone-redundant Flex/,
    /list-flexconsumption-locations/,
  ],
  [
    'the region has another Node.js only',
    { 'functionapp list-flexconsumption-runtimes': { stdout: [{ version: '20' }] } },
    'runtime',
    /no Node\.js 22/,
    /^az functionapp/,
  ],
  [
    'no storage account is left',
    { 'storage account show-usage': { stdout: { currentValue: 250, limit: 250 } } },
    'quota: storage accounts',
    /250 of 250/,
    /https:/,
  ],
  [
    'other apps use all of the memory',
    { 'rest --method get': { stdout: { value: [{ currentValue: 250, limit: 250, name: { localizedValue: 'Flex Consumption cores' } }] } } },
    'quota: Flex Consumption',
    /250 of 250/,
    /https:/,
  ],
  [
    'a provider is not registered',
    {
      'provider list': {
        stdout: providers.map(({ namespace }) => ({
          namespace,
          registrationState: namespace === 'Microsoft.App' ? 'NotRegistered' : 'Registered',
        })),
      },
    },
    'provider Microsoft.App',
    /not registered/,
    /^az provider register --wait --namespace Microsoft\.App$/,
  ],
  [
    'there is no resource group',
    { 'group show': { exitCode: 3, stderr: 'ERROR: (ResourceGroupNotFound)' }, 'bicep build-params': builtWith({ location: 'japaneast' }) },
    'resource group',
    /no resource group rg-signins/,
    /^az group create --name rg-signins --location japaneast$/,
  ],
  [
    'the login may not assign roles',
    { 'role assignment list': { stdout: [{ roleDefinitionName: 'Contributor' }] } },
    'rights',
    /may not assign/,
    /assignRoles/,
  ],
  [
    'the login may assign roles and not make locks',
    { 'bicep build-params': builtWith({ lock: 'CanNotDelete' }) },
    'rights',
    /may not make locks/,
    /Set lock to None/,
  ],
  [
    'the Azure CLI stumbles over a refusal',
    {
      'deployment group what-if': {
        exitCode: 1,
        stderr: [
          'ERROR: The command failed with an unexpected error. Here is the traceback:',
          'Traceback (most recent call last):',
          'azure.core.exceptions.HttpResponseError: (InvalidTemplate) The value of name is too long.',
          'Code: InvalidTemplate',
          '',
          'During handling of the above exception, another exception occurred:',
          'RuntimeError: The content for this response was already consumed',
        ].join('\n'),
      },
    },
    'deployment',
    /^Azure refuses it: \(InvalidTemplate\) The value of name is too long\. Code: InvalidTemplate$/,
    /^az deployment group what-if/,
  ],
  [
    'a policy denies a resource',
    {
      'deployment group what-if': refusal(
        'InvalidTemplateDeployment',
        String.raw`RequestDisallowedByPolicy: disallowed by policy. Policy identifiers: '[{\"policyAssignment\":{\"name\":\"No public storage\",\"id\":\"/x\"}}]'`,
      ),
    },
    'policy',
    /"No public storage" denies/,
    /exemption/,
  ],
  [
    'parameters do not fit together',
    { 'deployment group what-if': refusal('InvalidTemplate', 'Give both appSubnetId and endpointSubnetId, or neither.') },
    'deployment',
    /Give both appSubnetId and endpointSubnetId/,
    /^az deployment group what-if/,
  ],
  [
    'a name is taken',
    { 'storage account check-name': { stdout: { nameAvailable: false, message: 'Already taken.' } } },
    'name stsignins1',
    /taken/,
    /names\.storage/,
  ],
  [
    'a deleted vault holds its name',
    { [nameQuestion('Microsoft.KeyVault')]: { stdout: { nameAvailable: false, reason: 'AlreadyExists' } } },
    'name kv-signins-1',
    /AlreadyExists/,
    /^az keyvault recover --name kv-signins-1/,
  ],
])('preflight: where %s it says so with what mends it', async (_story, otherwise, name, detail, mend) => {
  const { exitCode, missing } = await preflight(otherwise)
  expect([exitCode, missing.length]).toEqual([1, 1])
  expect(missing[0]).toEqual({ name, state: 'missing', detail: expect.stringMatching(detail), mend: expect.stringMatching(mend) })
})

test('preflight: what this login cannot see is unknown and stops nothing', async () => {
  const refused = { exitCode: 1, stderr: 'ERROR: (AuthorizationFailed)' }
  const { exitCode, items } = await preflight({
    'functionapp list-flexconsumption-locations': refused,
    'provider list': refused,
    'role assignment list': refused,
    'storage account check-name': { stdout: 'no JSON' },
  })
  expect(exitCode).toBe(0)
  expect(items.filter(({ state }) => state === 'unknown').map(({ name }) => name)).toEqual([
    'region',
    'providers',
    'rights',
    'name stsignins1',
  ])
})

test('preflight: a command to paste keeps together what a shell would take apart', async () => {
  const { items } = await preflight({ [nameQuestion('Microsoft.KeyVault')]: { exitCode: 1 }, 'rest --method get': { exitCode: 1 } })
  const mends = items.filter(({ state }) => state === 'unknown').map(({ mend }) => mend)
  expect(mends).toEqual([
    expect.stringMatching(/^az rest --method get --url "[^"]+\?api-version=[\d-]+"$/),
    expect.stringMatching(
      /^az rest --method post --url "[^"]+" --body "\{'name':'kv-signins-1','type':'Microsoft.KeyVault\/vaults'\}" --output json$/,
    ),
  ])
})

test('preflight: without a resource group it looks at what does not depend on one', async () => {
  const { exitCode, items, asked } = await preflight({}, { resourceGroup: '', location: 'japaneast' })
  expect(exitCode).toBe(0)
  expect(items.at(-1)).toMatchObject({ name: 'deployment', state: 'unknown' })
  expect(asked.map((words) => words.slice(0, 2).join(' '))).not.toContain('deployment group')
})

test('preflight: it asks for no provider and no zone that the parameters do not need', async () => {
  const none = {
    'bicep build-params': builtWith({ name: 'dev', assignRoles: false }),
    'provider list': { stdout: providers.slice(0, 6).map(({ namespace }) => ({ namespace, registrationState: 'Registered' })) },
  }
  const { exitCode, asked } = await preflight(none)
  expect(exitCode).toBe(0)
  expect(asked.flat()).not.toContain('--zone-redundant')
  expect(asked.map((words) => words.slice(0, 2).join(' '))).not.toContain('role assignment')
})

test('preflight: people get one line a thing, the mending command under it, and an end', async () => {
  const { text } = await preflight({ 'bicep version': { stdout: 'Bicep CLI version 0.37.4 (x)' } }, { json: false })
  expect(text).toBe(
    `= login: Subscription ${subscription}.\n! bicep: Bicep 0.37.4; 0.38.3 or newer is needed.\n    az bicep upgrade\n\n1 to be mended first.\n`,
  )
})

test('preflight: no Azure CLI on the PATH is a clear error', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nothing-'))
  folders.push(folder)
  const io = { stdout: { write: () => undefined }, env: { PATH: folder } }
  const run = runPreflight({ parameters: parameterFile, json: false }, io)
  if (process.platform === 'win32') await expect(run).resolves.toBe(1)
  else await expect(run).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('not on the PATH') })
})

test.each([
  [{ resourceGroup: 'a b' }, /--resource-group/],
  [{ resourceGroup: 'ends-with.' }, /--resource-group/],
  [{ location: 'west"europe' }, /--location/],
  [{ parameters: 'infra/main.bicep' }, /--parameters/],
  [{ parameters: 'infra/nowhere.bicepparam' }, /--parameters/],
])('preflight: the argument %j is refused', async (args, message) => {
  await expect(preflight({}, args)).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) })
})

test('preflight: the providers are those of the templates, and that of the subnet', () => {
  const infra = path.join(__dirname, '../../infra')
  const templates = readdirSync(infra, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.bicep'))
    .map((file) => readFileSync(path.join(infra, file), 'utf8'))
    .join('\n')
  const used = new Set([...templates.matchAll(/^ *resource \w+ '(Microsoft\.\w+)\//gm)].map(([, namespace]) => namespace))
  used.delete('Microsoft.Authorization')
  expect(templates).toContain("'Microsoft.App/environments'")
  expect(new Set(providers.map(({ namespace }) => namespace))).toEqual(new Set([...used, 'Microsoft.App']))
})
