import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { settingItem } from '../../shared/pipelines/checkItems'
import { azureCommands, commandsIn, unknownParts } from './azureCommands'

const root = path.resolve(__dirname, '../..')
const places = ['README.md', 'CONTRIBUTING.md', 'azure.yaml', '.devcontainer', '.github', 'docs', 'infra', 'functions', 'local', 'shared']
const files = places.flatMap((place) =>
  statSync(path.join(root, place)).isFile()
    ? [place]
    : readdirSync(path.join(root, place), { recursive: true, encoding: 'utf8' })
        .map((file) => path.join(place, file))
        .filter((file) => /\.(md|ya?ml|json|bicep|bicepparam|ts|mjs)$/.test(file)),
)
const written = files.flatMap((file) => commandsIn(readFileSync(path.join(root, file), 'utf8')).map((command) => ({ file, ...command })))

test('azure commands: each that is printed or documented is one that the Azure CLI took', () => {
  expect(written.length).toBeGreaterThan(60)
  expect(written.flatMap((command) => unknownParts(command).map((problem) => `${command.file}: ${problem}`))).toEqual([])
})

test.each([true, false])(
  'azure commands: those that mend a former name of a setting are known (the present one is given: %s)',
  (isGiven) => {
    const { mend } = settingItem(
      { name: 'LOOKBACK_HOURS', isGiven, formerName: { name: 'LOOKBACK', words: 'It is old.' }, secret: undefined },
      'azure',
    )
    const commands = commandsIn(mend ?? '')
    expect(commands.map(({ name }) => name)).toContain('functionapp config appsettings delete')
    expect(commands.flatMap(unknownParts)).toEqual([])
  },
)

test('azure commands: no row is left over', () => {
  const asked = readFileSync(path.join(root, 'local/preflightChecks.ts'), 'utf8').replaceAll(/',\s+'/g, ' ')
  const isUsed = (name: string): boolean =>
    written.some((one) => one.name === name) || asked.includes(`['${name}`) || name.startsWith('functionapp config appsettings ')
  expect(Object.keys(azureCommands).filter((name) => !isUsed(name))).toEqual([])
})

test.each([
  [
    'a command that there is not',
    'Run `az functionapp reboot --name app`.',
    ['az functionapp reboot --name app: no such command is known'],
  ],
  ['an option that there is not', 'az group show --group rg-signins', ['az group show --group rg-signins: --group is not known']],
  [
    'an option on the next line',
    'az identity create --name id \\\n  --region x',
    ['az identity create --name id --region x: --region is not known'],
  ],
  [
    'a command inside of another',
    'az role assignment create --scope "$(az storage account show --id st)"',
    ['az storage account show --id st: --id is not known'],
  ],
  ['two commands', 'az login && az login --user', ['az login --user: --user is not known']],
  ['a string of a program', "say('az group create --name rg --tag x')", ['az group create --name rg --tag x: --tag is not known']],
  ['a command in prose', 'Run az login --tenant, or use --request.', []],
  ['a family of commands', 'Use azd or `az deployment`.', []],
  ['another word', 'topaz login --none', []],
])('azure commands: %s is read as it is meant', (_story, text, problems) => {
  expect(commandsIn(text).flatMap(unknownParts)).toEqual(problems)
})
