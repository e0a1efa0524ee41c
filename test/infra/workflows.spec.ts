import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSources } from './bicepTree'
import { publishedValidator } from './publishedSchemas'

const root = path.resolve(__dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const workflowFiles = readdirSync(path.join(root, '.github/workflows')).map((file) => `.github/workflows/${file}`)
const templateFiles = readdirSync(path.join(root, '.github/ISSUE_TEMPLATE')).map((file) => `.github/ISSUE_TEMPLATE/${file}`)
const files = [...workflowFiles, ...templateFiles, '.github/dependabot.yml']
const parsed = parseSources(Object.fromEntries(files.map((file) => [file, read(file)]))) as Record<string, object>

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }[]
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

/** Everything of a workflow that an attacker could like. `text` is its source, in which the versions of the actions stand. */
function workflowProblems(workflow: Workflow, text: string): string[] {
  const problems: string[] = []
  if (!workflow.permissions) problems.push('The workflow has no permissions of its own.')
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const permissions = job.permissions ?? workflow.permissions ?? {}
    const wide = Object.entries(permissions).filter(([scope, access]) => access === 'write' && scope !== 'id-token')
    if (wide.length > 0) problems.push(`${name} may write ${wide.map(([scope]) => scope).join(', ')}.`)
    const usesAzure = job.steps.some(({ uses }) => uses?.startsWith('azure/login@'))
    if ((permissions['id-token'] === 'write') !== usesAzure) problems.push(`${name} has id-token where it is not needed, or lacks it.`)
    if (job['timeout-minutes'] === undefined) problems.push(`${name} has no time limit.`)
    for (const { uses, run, with: inputs } of job.steps) {
      if (uses && !/@[0-9a-f]{40}$/.test(uses)) problems.push(`${uses} is not pinned by commit.`)
      if (uses && !new RegExp(`${uses.replaceAll('/', '\\/')} # v\\d+\\.\\d+\\.\\d+\\n`).test(text))
        problems.push(`${uses} has no version beside it.`)
      if (uses?.startsWith('actions/checkout@') && inputs?.['persist-credentials'] !== false)
        problems.push(`${name} keeps the token of the checkout.`)
      if (run && /\$\{\{/.test(run)) problems.push(`${name} puts an expression into a script, where its text would be run.`)
    }
  }
  if (/\$\{\{\s*secrets\./.test(text)) problems.push('The workflow uses a secret.')
  if (/pull_request_target|workflow_run/.test(text)) problems.push('The workflow runs code of others with rights of ours.')
  return problems
}

test.each(workflowFiles)('workflows: %s has the least rights, pinned actions and no secret', (file) => {
  expect(workflowProblems(parsed[file] as Workflow, read(file))).toEqual([])
})

test.each([
  ['an action by its tag', /actions\/checkout@\w{40} # v5.0.0/g, 'actions/checkout@v5', /not pinned by commit/],
  ['a pin without its version', / # v5.0.0/g, '', /no version beside it/],
  ['a right to write', /contents: read/, 'contents: write', /may write contents/],
  ['a kept token', /persist-credentials: false/, 'persist-credentials: true', /keeps the token/],
  ['a secret', /\$\{\{ vars\.AZURE_CLIENT_ID \}\}/, '$' + '{{ secrets.AZURE_CLIENT_ID }}', /uses a secret/],
  ['an expression in a script', /"\$PARAMETERS"/, '$' + '{{ inputs.parameters }}', /expression into a script/],
  ['no right to federate', / +id-token: write\n/, '', /id-token/],
])('workflows: %s is caught', (_defect, from, to, problem) => {
  const text = read('.github/workflows/deploy.yml')
  const changed = text.replace(from, () => to)
  expect(changed).not.toBe(text)
  const workflow = parseSources({ 'deploy.yml': changed })['deploy.yml'] as Workflow
  expect(workflowProblems(workflow, changed).join('\n')).toMatch(problem)
})

test('workflows: the npm scripts that they and azd run are there, and so are the files that they name', () => {
  const text = [...workflowFiles, 'azure.yaml', '.devcontainer/devcontainer.json'].map(read).join('\n')
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script ?? '')
  expect(named).toEqual(expect.arrayContaining(['package', 'grant', 'preflight', 'templates']))
  expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  for (const [file] of text.matchAll(/infra\/[\w.]+\.bicepparam/g)) expect(existsSync(path.join(root, file))).toBe(true)
})

test('workflows: one action has one commit everywhere', () => {
  const pins = workflowFiles.flatMap((file) => [...read(file).matchAll(/uses: ([\w/-]+)@(\w+) # (v[\d.]+)/g)])
  expect(new Set(pins.map(([, action, commit, version]) => [action, commit, version].join(' '))).size).toBe(
    new Set(pins.map(([, action]) => action)).size,
  )
})

test.each([
  ...workflowFiles.map((file) => [file, 'github-workflow.json'] as const),
  ['.github/dependabot.yml', 'dependabot-2.0.json'] as const,
])('workflows: %s fits its published schema, and a misspelt one does not', (file, schema) => {
  const validate = publishedValidator(schema)
  if (!validate) return
  expect([validate(parsed[file]), validate.errors]).toEqual([true, null])
  expect(validate({ ...parsed[file], jobs: 1, updates: 1 })).toBe(false)
})

test.each(templateFiles.filter((file) => !file.endsWith('config.yml')))(
  'issue templates: %s has a name, a description and fields with labels',
  (file) => {
    const form = parsed[file] as { name?: string; description?: string; body?: { type: string; attributes: { label?: string } }[] }
    expect([typeof form.name, typeof form.description]).toEqual(['string', 'string'])
    for (const { type, attributes } of form.body ?? []) if (type !== 'markdown') expect(attributes.label).toEqual(expect.any(String))
    expect(form.body?.length).toBeGreaterThan(1)
  },
)

test('dev container: it has the Node of Azure and installs what is needed', () => {
  const container = JSON.parse(read('.devcontainer/devcontainer.json')) as {
    image: string
    postCreateCommand: string
    forwardPorts: number[]
  }
  expect(container).toMatchObject({ image: expect.stringContaining(':22-'), postCreateCommand: 'npm ci', forwardPorts: [7071] })
})
