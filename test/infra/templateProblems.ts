import path from 'node:path'
import { settingRows } from '../../shared/runtime/settings'
import { misfits, type PublishedTypes } from './azureTypes'
import { type BicepNode, bodyOf, type Declaration, declarationsOf, everyNode, plainString, propertiesOf, valueAt } from './bicepTree'

/** Something wrong with a template: a stable code, the file and line, and what is wrong. */
export interface TemplateProblem {
  readonly code: ProblemCode
  readonly file: string
  readonly line: number
  readonly problem: string
}

export type ProblemCode =
  | 'syntax'
  | 'unknown-name'
  | 'unused-name'
  | 'undescribed'
  | 'module-path'
  | 'module-parameter'
  | 'module-output'
  | 'api-version'
  | 'resource-shape'
  | 'secret-in-output'
  | 'setting-unknown'
  | 'setting-missing'
  | 'setting-forbidden'
  | 'setting-not-in-vault'
  | 'key-allowed'
  | 'open-in-private-mode'
  | 'role-missing'
  | 'role-without-access'
  | 'name-invalid'
  | 'query-words'

/** Templates by path from infra/, with forward slashes. */
export type Templates = Readonly<Record<string, BicepNode>>

type Report = (code: ProblemCode, line: number, problem: string) => void
interface Template {
  readonly file: string
  readonly root: BicepNode
  readonly declarations: readonly Declaration[]
  readonly report: Report
}

/** Everything wrong with the templates. `types` is undefined where Azure's published types are not at hand. */
export function templateProblems(trees: Templates, types: PublishedTypes | undefined): TemplateProblem[] {
  const problems: TemplateProblem[] = []
  const templates = new Map<string, Template>()
  for (const [file, root] of Object.entries(trees)) {
    const report: Report = (code, line, problem) => void problems.push({ code, file, line, problem })
    templates.set(file, { file, root, declarations: declarationsOf(root), report })
  }
  for (const template of templates.values()) {
    checkSyntax(template)
    if (template.file.endsWith('.bicepparam')) checkParameterFile(template, templates)
    else {
      checkNames(template)
      checkDescriptions(template)
      checkModules(template, templates)
      if (types) checkResources(template, types)
      checkOutputs(template)
      checkKeys(template)
    }
    checkForbiddenSettings(template)
  }
  checkSettings(templates)
  checkPrivateMode(templates)
  checkRoles(templates)
  checkMadeNames(templates)
  return problems
}

function checkSyntax({ root, report }: Template): void {
  for (const node of everyNode(root))
    if (node.type === 'ERROR') report('syntax', node.line, `This cannot be read: ${node.text.slice(0, 60)}`)
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions */
const functions = new Set(
  (
    'array bool cidrSubnet concat contains empty environment fail filter guid int join length map newGuid range readEnvironmentVariable ' +
    'replace resourceGroup resourceId split string subscription subscriptionResourceId substring take tenant toLower toUpper trim ' +
    'union uniqueString utcNow'
  ).split(' '),
)
const typeWords = new Set(['string', 'int', 'bool', 'object', 'array', 'any'])

function checkNames({ root, declarations, report }: Template): void {
  const declared = new Set(declarations.map(({ name }) => name))
  const used = new Set<string>()
  const visit = (node: BicepNode, scope: ReadonlySet<string>): void => {
    const { type, children } = node
    if (type === 'metadata_declaration' || type === 'decorator') return
    if (type === 'identifier') {
      if (scope.has(node.text)) used.add(node.text)
      else if (!functions.has(node.text) && !typeWords.has(node.text)) report('unknown-name', node.line, `${node.text} is not declared.`)
      return
    }
    const rest = [
      'object_property',
      'parameter_declaration',
      'variable_declaration',
      'resource_declaration',
      'module_declaration',
      'output_declaration',
      'type_declaration',
      'user_defined_function',
    ].includes(type)
      ? children.slice(children[0]?.type === 'identifier' ? 1 : 0)
      : children
    const inner = new Set([...scope, ...localNames(node)])
    for (const child of rest) visit(child, inner)
  }
  visit(root, declared)
  for (const { kind, name, line, within } of declarations) {
    const mayStandAlone = kind === 'output' || kind === 'module' || kind === 'resource' || within !== undefined
    if (!mayStandAlone && !used.has(name)) report('unused-name', line, `${name} is never used.`)
  }
}

/** The names that a lambda, a loop or a function brings for what is inside of it. */
function localNames({ type, children }: BicepNode): string[] {
  if (type === 'lambda_expression') return children[0] ? [children[0].text] : []
  if (type === 'for_statement') {
    const [variable] = children
    if (!variable) return []
    return variable.type === 'for_loop_parameters' ? variable.children.map(({ text }) => text) : [variable.text]
  }
  if (type !== 'user_defined_function') return []
  return children.filter((child) => child.type === 'parameters').flatMap((list) => list.children.map((one) => one.children[0]?.text ?? ''))
}

function checkDescriptions({ declarations, report }: Template): void {
  for (const { kind, name, line, decorators } of declarations) {
    if (kind !== 'param' && kind !== 'output') continue
    const text = plainString(decoratorOf(decorators, 'description')?.children[1]?.children[0] ?? blank) ?? ''
    if (text === '') report('undescribed', line, `${name} has no description.`)
    else if (kind === 'param' && !/^(Required|Optional)\. /.test(text)) {
      report('undescribed', line, `The description of ${name} has to open with "Required." or "Optional.".`)
    }
  }
}

const blank: BicepNode = { type: 'null', text: '', line: 0, words: [], children: [] }
const decoratorOf = (decorators: readonly BicepNode[], name: string): BicepNode | undefined =>
  decorators.find(({ children }) => children[0]?.text === name)

const isOptional = ({ value, of }: Declaration): boolean => value !== undefined || of.endsWith('?')

function checkModules({ file, root, declarations, report }: Template, templates: ReadonlyMap<string, Template>): void {
  const targets = new Map<string, Template>()
  for (const { kind, name, of, line, value } of declarations) {
    if (kind !== 'module' || !value) continue
    const target = templates.get(path.posix.join(path.posix.dirname(file), of))
    if (!target) {
      report('module-path', line, `${of} does not exist.`)
      continue
    }
    targets.set(name, target)
    const given = valueAt(value, 'params')
    checkArguments(given ? propertiesOf(given) : [], target, name, line, report)
  }
  for (const node of everyNode(root)) {
    const [, module, output] = /^(\w+)\.\??outputs\.(\w+)$/.exec(node.text) ?? []
    const target = module ? targets.get(module) : undefined
    if (
      node.type === 'member_expression' &&
      target &&
      !target.declarations.some(({ kind, name }) => kind === 'output' && name === output)
    ) {
      report('module-output', node.line, `${module} has no output ${output}.`)
    }
  }
}

function checkArguments(
  given: ReturnType<typeof propertiesOf>,
  target: Template,
  what: string,
  line: number,
  report: (code: ProblemCode, line: number, problem: string) => void,
): void {
  const parameters = target.declarations.filter(({ kind }) => kind === 'param')
  for (const { name, value, line: at } of given) {
    const parameter = parameters.find((one) => one.name === name)
    if (!parameter) report('module-parameter', at, `${what} has no parameter ${name}.`)
    else for (const problem of argumentProblems(value, parameter)) report('module-parameter', at, `${name} of ${what} ${problem}.`)
  }
  for (const parameter of parameters.filter((one) => !isOptional(one) && !given.some(({ name }) => name === one.name))) {
    report('module-parameter', line, `${what} lacks the parameter ${parameter.name}.`)
  }
}

/** What of a literal does not fit the declaration of a parameter. */
function argumentProblems(value: BicepNode, { of, decorators }: Declaration): string[] {
  const literal = { string: 'string', number: 'int', boolean: 'bool', object: 'object', array: 'array' }[value.type]
  if (!literal) return []
  const expected = of.endsWith('[]') ? 'array' : of.replace('?', '')
  if (typeWords.has(expected) && literal !== expected) return [`is ${literal} and has to be ${expected}`]
  const allowed = decoratorOf(decorators, 'allowed')?.children[1]?.children[0]?.children.map(({ text }) => text)
  if (allowed && !allowed.includes(value.text)) return [`has to be one of ${allowed.join(', ')}`]
  const bound = (name: string): number => Number(decoratorOf(decorators, name)?.children[1]?.children[0]?.text ?? Number.NaN)
  const size = literal === 'int' ? Number(value.text) : literal === 'string' ? (plainString(value) ?? '').length : 0
  const [least, most] = literal === 'int' ? [bound('minValue'), bound('maxValue')] : [bound('minLength'), bound('maxLength')]
  const isComputed = literal === 'string' && plainString(value) === undefined
  return !isComputed && (size < least || size > most) ? ['is out of its range'] : []
}

function checkParameterFile({ root, declarations, report }: Template, templates: ReadonlyMap<string, Template>): void {
  const main = templates.get('main.bicep')
  if (!main) return
  const given = declarations.map(({ name, value, line }) => ({ name, value: value ?? blank, line }))
  checkArguments(given, main, 'main.bicep', root.line, report)
  const settings = declarations.find(({ name }) => name === 'settings')?.value
  for (const { name, line } of settings ? propertiesOf(settings) : []) {
    if (!Object.hasOwn(settingRows, name)) report('setting-unknown', line, `${name} is no setting of the monitor.`)
  }
}

/** The type and version of a resource; a nested one adds its own type to that around it. */
function typeOf({ of, within }: Declaration): string {
  if (!within) return of
  const [type, version] = typeOf(within).split('@')
  return `${type}/${of}@${version}`
}

function checkResources({ declarations, report }: Template, types: PublishedTypes): void {
  for (const declaration of declarations) {
    if (declaration.kind !== 'resource' || !declaration.value) continue
    const type = typeOf(declaration)
    const body = bodyOf(declaration.value)
    const shape = types.shapeOf(type)
    if (!types.isPublished(type)) report('api-version', declaration.line, `${type} was never published.`)
    if (!body || !shape || declaration.existing) continue
    const own = {
      ...body,
      children: body.children.filter(({ children }) => !['parent', 'scope', 'dependsOn'].includes(children[0]?.text ?? '')),
    }
    for (const problem of misfits(own, shape, declaration.name)) report('resource-shape', declaration.line, `${problem}.`)
  }
}

const secretSign =
  /\blist(Keys|AccountSas|ServiceSas|Secrets|[A-Z]\w*Keys?)\(|getSecret\(|ConnectionString\b|InstrumentationKey\b|\b(primary|secondary)(Master)?Key\b|\bpassword\b|\.properties\.value\b/i

/** Follows variables, so that a key cannot reach an output by a detour; outputs of modules are judged where they are made. */
function checkOutputs({ declarations, report }: Template): void {
  const secure = new Set(declarations.filter(({ decorators }) => decoratorOf(decorators, 'secure')).map(({ name }) => name))
  const isSecret = (node: BicepNode, seen: ReadonlySet<string>): boolean =>
    secretSign.test(node.text) ||
    [...everyNode(node)].some(({ type, text }) => {
      if (type !== 'identifier' || seen.has(text)) return false
      const variable = declarations.find(({ kind, name }) => kind === 'var' && name === text)
      return secure.has(text) || (variable?.value !== undefined && isSecret(variable.value, new Set([...seen, text])))
    })
  for (const { kind, name, line, value } of declarations) {
    if (kind === 'output' && value && isSecret(value, new Set())) report('secret-in-output', line, `${name} gives a secret away.`)
  }
}

/** Properties that keep access to identities; the value is the only one that may stand there. */
const keyless: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Microsoft.Storage/storageAccounts': {
    allowSharedKeyAccess: 'false',
    allowBlobPublicAccess: 'false',
    supportsHttpsTrafficOnly: 'true',
    minimumTlsVersion: "'TLS1_2'",
  },
  'Microsoft.Storage/storageAccounts/blobServices/containers': { publicAccess: "'None'" },
  'Microsoft.KeyVault/vaults': { enableRbacAuthorization: 'true' },
  'Microsoft.Insights/components': { DisableLocalAuth: 'true' },
  'Microsoft.Web/sites': { httpsOnly: 'true' },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { allow: 'false' },
}

function checkKeys({ root, declarations, report }: Template): void {
  for (const declaration of declarations) {
    if (declaration.kind !== 'resource' || declaration.existing) continue
    const rules = keyless[typeOf(declaration).split('@')[0] ?? ''] ?? {}
    for (const [name, text] of Object.entries(rules)) {
      const found = valueAt(declaration.value, 'properties', name)
      if (found?.text !== text) report('key-allowed', declaration.line, `${name} of ${declaration.name} has to be ${text}.`)
    }
  }
  for (const node of everyNode(root)) {
    if (node.type === 'call_expression' && /^list[A-Z]\w*$/.test(node.children[0]?.text ?? '')) {
      report('key-allowed', node.line, `${node.children[0]?.text} asks for a key.`)
    }
  }
}

/** What Flex Consumption refuses or works out by itself. https://learn.microsoft.com/azure/azure-functions/functions-app-settings */
const forbiddenOnFlex =
  /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_WORKER_RUNTIME_VERSION|FUNCTIONS_EXTENSION_VERSION|WEBSITE_RUN_FROM_PACKAGE|WEBSITE_NODE_DEFAULT_VERSION|WEBSITE_CONTENT\w*|WEBSITE_MOUNT_ENABLED|WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT|WEBSITE_VNET_ROUTE_ALL|WEBSITE_TIME_ZONE|SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD|FUNCTIONS_MAX_HTTP_CONCURRENCY|FUNCTIONS_WORKER_PROCESS_COUNT|AzureWebJobsStorage)$/

function checkForbiddenSettings({ root, report }: Template): void {
  for (const node of everyNode(root)) {
    const name = node.type === 'object_property' ? node.children[0]?.text.replaceAll("'", '') : undefined
    if (name && forbiddenOnFlex.test(name)) report('setting-forbidden', node.line, `${name} must not be set on Flex Consumption.`)
  }
}

const platformSetting = /^(AzureWebJobsStorage__|APPLICATIONINSIGHTS_)/

function checkSettings(templates: ReadonlyMap<string, Template>): void {
  const app = templates.get('modules/app.bicep')
  const declaration = app?.declarations.find(({ name }) => name === 'appSettings')
  const properties = declaration?.value && valueAt(declaration.value, 'properties')
  const object = properties && [...everyNode(properties)].find(({ type }) => type === 'object')
  if (!app || !object) return
  const given = propertiesOf(object)
  for (const { name, value, line } of given) {
    const row = Object.hasOwn(settingRows, name) ? settingRows[name as keyof typeof settingRows] : undefined
    if (!row && !platformSetting.test(name)) app.report('setting-unknown', line, `${name} is no setting of the monitor.`)
    if (row && 'secret' in row && !value.text.startsWith("'@Microsoft.KeyVault(SecretUri=")) {
      app.report('setting-not-in-vault', line, `${name} is a secret and has to be a Key Vault reference.`)
    }
  }
  for (const [name, row] of Object.entries(settingRows)) {
    const isNeeded = row.fallback === undefined || ['AZURE_CLIENT_ID', 'USER_HASH_KEY', 'RECEIVERS'].includes(name)
    if (isNeeded && !given.some((one) => one.name === name)) app.report('setting-missing', object.line, `${name} is not set.`)
  }
}

/** What a condition on one name comes to; undefined where it is something else. */
function chosen(node: BicepNode | undefined, name: string, is: boolean): string | undefined {
  if (node?.type !== 'ternary_expression') return node?.text
  const [condition, yes, no] = node.children
  return condition?.text === name ? chosen(is ? yes : no, name, is) : undefined
}

function checkPrivateMode(templates: ReadonlyMap<string, Template>): void {
  const closed: [file: string, resource: string, path: string[], value: string][] = [
    ['modules/storage.bicep', 'account', ['properties', 'publicNetworkAccess'], "'Disabled'"],
    ['modules/storage.bicep', 'account', ['properties', 'networkAcls', 'defaultAction'], "'Deny'"],
    ['modules/vault.bicep', 'vault', ['properties', 'publicNetworkAccess'], "'Disabled'"],
    ['modules/vault.bicep', 'vault', ['properties', 'networkAcls', 'defaultAction'], "'Deny'"],
    ['modules/app.bicep', 'site', ['properties', 'publicNetworkAccess'], "'Disabled'"],
  ]
  for (const [file, resource, names, value] of closed) {
    const template = templates.get(file)
    const declaration = template?.declarations.find(({ name }) => name === resource)
    if (template && declaration && chosen(valueAt(declaration.value, ...names), 'isPrivate', true) !== value) {
      template.report('open-in-private-mode', declaration.line, `${names.join('.')} of ${resource} has to be ${value} in private mode.`)
    }
  }
  const main = templates.get('main.bicep')
  if (!main) return
  for (const group of ['blob', 'table', 'vault', 'sites']) {
    if (!main.root.text.includes(`group: '${group}'`)) main.report('open-in-private-mode', 1, `No private endpoint leads to ${group}.`)
  }
  for (const { kind, name, of, value, line } of main.declarations) {
    const flag = kind === 'module' && ['storage', 'vault', 'app'].includes(name) ? valueAt(value, 'params', 'isPrivate') : undefined
    if (flag && flag.text !== 'privateNetwork') main.report('open-in-private-mode', line, `${of} is not told of private mode.`)
  }
}

/** Each access of the code or the host with the role that allows it. */
const accesses: Readonly<Record<string, string>> = {
  'Storage Blob Data Owner': 'the host keeps its package, leases and timers in blobs',
  'Storage Table Data Contributor': 'the app reads and writes tables',
  'Key Vault Secrets User': 'settings are Key Vault references',
  'Key Vault Secrets Officer': 'people write the receivers',
  'Monitoring Metrics Publisher': 'telemetry is sent with the identity',
}

function checkRoles(templates: ReadonlyMap<string, Template>): void {
  const roles = templates.get('modules/roles.bicep')
  if (!roles) return
  const rows = [...everyNode(roles.root)].filter(({ type, children }) => type === 'object_property' && children[0]?.text === 'role')
  const assigned = rows.flatMap(({ children }) => (children[1] ? (plainString(children[1]) ?? []) : []))
  for (const [role, access] of Object.entries(accesses)) {
    if (!assigned.includes(role)) roles.report('role-missing', 1, `${role} is not assigned, though ${access}.`)
  }
  for (const role of assigned.filter((one) => !(one in accesses))) {
    roles.report('role-without-access', 1, `${role} is assigned, though nothing needs it.`)
  }
  const elsewhere = [...templates.values()].filter(({ file, root }) => file !== roles.file && root.text.includes('roleAssignments@'))
  for (const { report } of elsewhere) report('role-without-access', 1, 'Roles are assigned in modules/roles.bicep only.')
}

/** Azure's rules for names. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const nameRules: Readonly<Record<string, RegExp>> = {
  identity: /^[a-z0-9][\w-]{2,127}$/i,
  plan: /^[a-z0-9-]{1,60}$/i,
  app: /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/i,
  storage: /^[a-z0-9]{3,24}$/,
  vault: /^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/i,
  workspace: /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/i,
  insights: /^[\w.()-]{1,254}[\w()-]$/,
  network: /^[a-z0-9][\w.-]{0,62}\w$/i,
}

/** Made names may hold nothing of the input but its hash, which is 13 small letters and digits. */
function checkMadeNames(templates: ReadonlyMap<string, Template>): void {
  const main = templates.get('main.bicep')
  const names = main?.declarations.find(({ name }) => name === 'resourceNames')
  if (!main || !names?.value) return
  for (const { name, value, line } of propertiesOf(names.value)) {
    const made = (value.children.at(-1)?.text ?? '').slice(1, -1).replaceAll(`$${'{suffix}'}`, 'a1b2c3d4e5f6g')
    if (!nameRules[name]?.test(made)) main.report('name-invalid', line, `${name} becomes ${made}, which Azure does not take.`)
  }
}

/** Whether the words that the alerts look for are words that the code says. */
export function queryWordProblems(trees: Templates, code: string): string[] {
  const rules = declarationsOf(trees['modules/alerts.bicep'] ?? blank).find(({ name }) => name === 'rules')?.value ?? blank
  const queries = [...everyNode(rules)].filter(({ type, children }) => type === 'object_property' && children[0]?.text === 'query')
  const words = queries.flatMap(({ text }) => [...text.matchAll(/(?:startswith|name ==) "([^"]+)"/g)].map(([, word]) => word ?? ''))
  return words.filter((word) => !code.includes(`'${word}'`))
}
