import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runbookWords } from '../../shared/alerts/withRunbooks'
import { publishedTypes } from './azureTypes'
import { type BicepNode, declarationsOf, parseSources, valueAt } from './bicepTree'
import { defects } from './defects'
import { deployPageParts, withParts } from './deployPage'
import { publishedValidator } from './publishedSchemas'
import { madeTables, queryWordProblems, reservedSettings, type Templates, templateProblems } from './templateProblems'

const root = path.resolve(__dirname, '../..')
const infra = path.join(root, 'infra')

const sources = Object.fromEntries(
  readdirSync(infra, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.bicep(param)?$/.test(file))
    .map((file) => [file.split(path.sep).join('/'), readFileSync(path.join(infra, file), 'utf8')] as const),
)
const defective = defects.map(({ file, from, to }) => (sources[file] ?? '').replace(from, () => to))
const parsed = parseSources({
  ...sources,
  ...Object.fromEntries(defects.map(({ file }, index) => [`defect-${index}/${file}`, defective[index] ?? ''])),
  'azure.yaml': readFileSync(path.join(root, 'azure.yaml'), 'utf8'),
})
const trees = Object.fromEntries(Object.keys(sources).map((file) => [file, parsed[file] as BicepNode])) satisfies Templates
const types = publishedTypes()
if (!types) process.stdout.write("Azure's published types are not at hand: resource bodies and API versions are not checked.\n")

const appCode = ['functions', 'shared']
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
  )
  .join('\n')

test('templates: nothing is wrong with them', () => {
  expect(Object.keys(trees).length).toBeGreaterThan(12)
  expect(templateProblems(trees, types, appCode).map(({ code, file, line, problem }) => `${file}:${line} ${code} ${problem}`)).toEqual([])
})

test.each(defects.map((defect, index) => ({ ...defect, index })))(
  'templates: $story is caught',
  ({ index, file, from, code, needsTypes }) => {
    expect(sources[file]).toContain(from)
    if (needsTypes && !types) return
    const changed = { ...trees, [file]: parsed[`defect-${index}/${file}`] as BicepNode }
    const found = templateProblems(changed, types, appCode)
    expect(found).toContainEqual(expect.objectContaining({ code, file }))
  },
)

test('roles: an access of the code without its role is caught', () => {
  const queues = `${appCode}\nimport { QueueClient } from '@azure/storage-queue'`
  expect(templateProblems(trees, types, queues)).toEqual([expect.objectContaining({ code: 'role-missing', file: 'modules/roles.bicep' })])
})

test('settings: what the template works out is what the parameter `settings` must leave alone', () => {
  const { reserved, workedOut } = reservedSettings(trees)
  expect(workedOut).toContain('RECEIVERS')
  expect(reserved).toEqual(workedOut)
})

test('tables: those of the template are those of the code', () => {
  const opened = [...readFileSync(path.join(root, 'shared/tables/tableClients.ts'), 'utf8').matchAll(/\bopen\('(\w+)'\)/g)]
  expect(opened.map(([, table]) => table).sort()).toEqual(madeTables(trees).sort())
})

test('alerts: they look for words that the log says', () => {
  expect(queryWordProblems(trees, appCode)).toEqual([])
  expect(queryWordProblems(trees, '')).toEqual(expect.arrayContaining(['monitorSignIns', 'A run ended.', 'completeToAgeMinutes']))
})

test('alerts: their runbooks are where the setting of the app says, and its words are filled in', () => {
  const { value } = declarationsOf(trees['main.bicep'] as BicepNode).find(({ name }) => name === 'alerts') ?? {}
  expect(valueAt(value, 'params', 'runbookUrl')?.text).toBe("settings.?RUNBOOK_URL ?? ''")
  const link = declarationsOf(trees['modules/alerts.bicep'] as BicepNode).find(({ name }) => name === 'runbookOf')?.value?.text
  for (const word of runbookWords) expect(link).toContain(`'${word}'`)
})

test('docs/deploy.md: its tables are those of the templates (UPDATE_DOCS=1 npm run templates makes them)', () => {
  const file = path.join(root, 'docs/deploy.md')
  const page = readFileSync(file, 'utf8')
  const made = withParts(page, deployPageParts(trees['main.bicep'] as BicepNode))
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, made)
  else expect(page).toBe(made)
  expect(made.match(/<!-- end -->/g)).toHaveLength(3)
})

test.each([
  ['azure.yaml', 'azure.yaml.json', () => parsed['azure.yaml']],
  ['host.json', 'host.json', () => JSON.parse(readFileSync(path.join(root, 'host.json'), 'utf8')) as unknown],
])('%s: it fits its published schema, and a misspelt one does not', (_name, schemaFile, read) => {
  const validate = publishedValidator(schemaFile)
  if (!validate) return
  expect([validate(read()), validate.errors]).toEqual([true, null])
  expect(validate({ ...(read() as object), version: 1, name: 1 })).toBe(false)
})
