import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Ajv from 'ajv'
import Ajv2019 from 'ajv/dist/2019'
import addFormats from 'ajv-formats'
import { publishedTypes } from './azureTypes'
import { type BicepNode, parseSources } from './bicepTree'
import { defects } from './defects'
import { deployPageParts, withParts } from './deployPage'
import { queryWordProblems, type Templates, templateProblems } from './templateProblems'

const root = path.resolve(__dirname, '../..')
const infra = path.join(root, 'infra')
const schemas = path.resolve(root, '../shared/schemas')

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

test('templates: nothing is wrong with them', () => {
  expect(Object.keys(trees).length).toBeGreaterThan(12)
  expect(templateProblems(trees, types).map(({ code, file, line, problem }) => `${file}:${line} ${code} ${problem}`)).toEqual([])
})

test.each(defects.map((defect, index) => ({ ...defect, index })))(
  'templates: $story is caught',
  ({ index, file, from, code, needsTypes }) => {
    expect(sources[file]).toContain(from)
    if (needsTypes && !types) return
    const changed = { ...trees, [file]: parsed[`defect-${index}/${file}`] as BicepNode }
    const found = templateProblems(changed, types)
    expect(found).toContainEqual(expect.objectContaining({ code, file }))
  },
)

test('alerts: they look for words that the log says', () => {
  const files = ['shared/pipelines', 'functions'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
  )
  expect(queryWordProblems(trees, files.join('\n'))).toEqual([])
  expect(queryWordProblems(trees, '')).toContain('A run ended.')
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
])('%s: it fits its published schema, and a misspelt one does not', (name, schemaFile, read) => {
  const file = path.join(schemas, schemaFile)
  if (!existsSync(file)) {
    process.stdout.write(`The published schemas are not at hand: ${name} is not checked.\n`)
    return
  }
  const text = readFileSync(file, 'utf8')
  const schema = JSON.parse(text) as { $schema?: string }
  const ajv = schema.$schema?.includes('2019-09') ? new Ajv2019({ strict: false }) : new Ajv({ strict: false, validateSchema: false })
  addFormats(ajv)
  // Schemas of extensions that we do not use, each somewhere on the web.
  for (const url of new Set([...text.matchAll(/"\$ref": ?"(https:[^"#]+)/g)].map(([, address]) => address ?? ''))) ajv.addSchema({}, url)
  delete schema.$schema
  const validate = ajv.compile(schema)
  expect([validate(read()), validate.errors]).toEqual([true, null])
  expect(validate({ ...(read() as object), version: 1, name: 1 })).toBe(false)
})
