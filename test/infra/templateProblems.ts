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
  | 'secret-replaced'
  | 'diagnostics-missing'
  | 'tags-missing'
  | 'setting-unknown'
  | 'setting-missing'
  | 'setting-forbidden'
  | 'setting-not-in-vault'
  | 'key-allowed'
  | 'open-in-private-mode'
  | 'authentication'
  | 'role-missing'
  | 'role-without-access'
  | 'name-invalid'
  | 'name-fixed'
  | 'query-words'
  | 'runbook-missing'

/** Templates by path from infra/, with forward slashes. */
export type Templates = Readonly<Record<string, BicepNode>>

type Report = (code: ProblemCode, line: number, problem: string) => void
interface Template {
  readonly file: string
  readonly root: BicepNode
  readonly declarations: readonly Declaration[]
  readonly report: Report
}

/** Everything wrong with the templates. `code` is the app's sources; `types` is undefined where Azure's published types are not at hand. */
export function templateProblems(trees: Templates, types: PublishedTypes | undefined, code: string): TemplateProblem[] {
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
      checkSecretsMadeOnce(template)
      checkDiagnostics(template)
      checkRunbooks(template)
      checkKeys(template)
      checkComposedNames(template, templates)
    }
    checkForbiddenSettings(template)
  }
  checkSettings(templates)
  checkPrivateMode(templates)
  checkAuthentication(templates)
  checkRoles(templates, code)
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
    'array bool cidrSubnet concat contains empty environment fail filter guid int intersection items join last length map newGuid range ' +
    'readEnvironmentVariable ' +
    'replace resourceGroup resourceId split startsWith string subscription subscriptionResourceId substring take tenant toLower toUpper trim ' +
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
    if (shape.properties?.['tags'] && !declaration.within && !valueAt(body, 'tags')) {
      report('tags-missing', declaration.line, `${declaration.name} has no tags.`)
    }
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

/** A secret that is made by a template would be replaced by every deployment, were it not for this decorator. */
function checkSecretsMadeOnce({ declarations, report }: Template): void {
  for (const declaration of declarations) {
    if (declaration.kind !== 'resource' || declaration.existing || !typeOf(declaration).startsWith('Microsoft.KeyVault/vaults/secrets@'))
      continue
    if (!decoratorOf(declaration.decorators, 'onlyIfNotExists')) {
      report('secret-replaced', declaration.line, `${declaration.name} would be replaced by every deployment: it lacks onlyIfNotExists.`)
    }
  }
}

/** The resources that say something about themselves. The others have nothing to say, or it goes to the workspace already. */
const talkative = new Set([
  'Microsoft.KeyVault/vaults',
  'Microsoft.Network/natGateways',
  'Microsoft.Network/networkSecurityGroups',
  'Microsoft.Network/publicIPAddresses',
  'Microsoft.Network/virtualNetworks',
  'Microsoft.OperationalInsights/workspaces',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Storage/storageAccounts/blobServices',
  'Microsoft.Storage/storageAccounts/tableServices',
  'Microsoft.Web/sites',
])

function checkDiagnostics({ declarations, report }: Template): void {
  const heard = new Set(
    declarations
      .filter(({ kind, of }) => kind === 'resource' && of.startsWith('Microsoft.Insights/diagnosticSettings@'))
      .map(({ value }) => valueAt(value, 'scope')?.text),
  )
  for (const declaration of declarations) {
    const isMade = declaration.kind === 'resource' && !declaration.existing
    if (isMade && talkative.has(typeOf(declaration).split('@')[0] ?? '') && !heard.has(declaration.name)) {
      report('diagnostics-missing', declaration.line, `${declaration.name} has no diagnostic settings.`)
    }
  }
}

/** Whoever is told finds what to do: an alert ends its description with its runbook, at the address that `settings` gives. */
function checkRunbooks({ declarations, report }: Template): void {
  for (const declaration of declarations) {
    if (declaration.kind !== 'resource' || !/\/(scheduledQueryRules|metricAlerts)@/.test(typeOf(declaration))) continue
    const description = valueAt(declaration.value, 'properties', 'description')
    if (!/ Runbook: \$\{runbookOf\((?:rule\.name|'[\w-]+'), runbookUrl\)\}'$/.test(description?.text ?? '')) {
      report('runbook-missing', declaration.line, `${declaration.name} does not end its description with the runbook.`)
    }
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

/** A reference, or the default of the setting where a parameter leaves the secret out. */
function isVaultReference(value: string, fallback: string | undefined): boolean {
  const [, otherwise, reference] = /^(?:empty\(\w+\) \? '([^']*)' : )?('.*)$/.exec(value) ?? []
  return reference?.startsWith("'@Microsoft.KeyVault(SecretUri=") === true && (otherwise === undefined || otherwise === fallback)
}

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
    if (row && 'secret' in row && !isVaultReference(value.text, row.fallback)) {
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

/** The app trusts what App Service says of a caller exactly where App Service has looked, and health stays open. */
function checkAuthentication(templates: ReadonlyMap<string, Template>): void {
  const app = templates.get('modules/app.bicep')
  const authentication = app?.declarations.find(({ name }) => name === 'authentication')
  const settings = app?.declarations.find(({ name }) => name === 'appSettings')?.value
  if (!app || !authentication?.value || !settings) return
  const { line, value } = authentication
  const validation = (name: string): string | undefined => valueAt(value, 'properties', 'globalValidation', name)?.text
  if (!validation('excludedPaths')?.includes("'/api/health'")) app.report('authentication', line, 'Health is not open.')
  if (validation('requireAuthentication') !== 'true') app.report('authentication', line, 'Callers without a token are let in.')
  const trusted = [...everyNode(settings)].find(({ type, children }) => type === 'object_property' && children[0]?.text === 'EASY_AUTH')
  const isMade = value.type === 'if_statement' && value.children[0]?.text.includes('!empty(authenticationClientId)')
  if (!isMade || trusted?.children[1]?.text !== "empty(authenticationClientId) ? 'off' : 'on'") {
    app.report('authentication', line, 'EASY_AUTH has to be on exactly where the authentication is made.')
  }
  if (valueAt(settings, 'dependsOn')?.text !== '[authentication]') {
    app.report(
      'authentication',
      line,
      'EASY_AUTH has to be set after the authentication is made, or headers are trusted that anyone can send.',
    )
  }
}

/** An access of the code or the host: the role that allows it, and the words of sources or templates by which it is known. */
interface Access {
  readonly role: string
  readonly access: string
  readonly sign: RegExp
}

const accesses: readonly Access[] = [
  {
    role: 'Storage Blob Data Owner',
    access: 'the host keeps its package, leases and timers in blobs',
    sign: /AzureWebJobsStorage__blobServiceUri|@azure\/storage-blob/,
  },
  { role: 'Storage Table Data Contributor', access: 'the app reads and writes tables', sign: /from '@azure\/data-tables'/ },
  {
    role: 'Storage Queue Data Contributor',
    access: 'the app or the host uses queues',
    sign: /AzureWebJobsStorage__queueServiceUri|from '@azure\/storage-queue'|\.storageQueue\(/,
  },
  { role: 'Azure Event Hubs Data Receiver', access: 'the app reads an event hub', sign: /from '@azure\/event-hubs'|\.eventHub\(/ },
  { role: 'Key Vault Secrets User', access: 'settings are Key Vault references', sign: /'@Microsoft\.KeyVault\(SecretUri=/ },
  { role: 'Key Vault Secrets Officer', access: 'people write the receivers', sign: /name: '\$\{prefix\}receivers'/ },
  {
    role: 'Monitoring Metrics Publisher',
    access: 'telemetry is sent with the identity',
    sign: /APPLICATIONINSIGHTS_AUTHENTICATION_STRING/,
  },
]

function checkRoles(templates: ReadonlyMap<string, Template>, code: string): void {
  const roles = templates.get('modules/roles.bicep')
  if (!roles) return
  const signs = [code, ...[...templates.values()].filter((one) => one !== roles).map(({ root }) => root.text)].join('\n')
  const rows = [...everyNode(roles.root)].filter(({ type, children }) => type === 'object_property' && children[0]?.text === 'role')
  const assigned = rows.flatMap(({ children }) => (children[1] ? (plainString(children[1]) ?? []) : []))
  for (const { role, access, sign } of accesses) {
    if (sign.test(signs) && !assigned.includes(role)) roles.report('role-missing', 1, `${role} is not assigned, though ${access}.`)
  }
  for (const role of new Set(assigned)) {
    const isNeeded = accesses.some((one) => one.role === role && one.sign.test(signs))
    if (!isNeeded) roles.report('role-without-access', 1, `${role} is assigned, though nothing needs it.`)
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

/** What may be inside of a composed name, at its longest, beside the loop variables that are looked up. */
const longestParts: Readonly<Record<string, string>> = { suffix: 'a1b2c3d4e5f6g', prefix: 'a1b2c3d4e5f6g-abcdef' }

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const composedNameRules: Readonly<Record<string, RegExp>> = {
  'Microsoft.Consumption/budgets': /^[\w-]{1,63}$/,
  'Microsoft.Insights/actionGroups': /^[^:<>+/&%\\?|]{1,259}[^:<>+/&%\\?|. ]$/,
  'Microsoft.Insights/metricAlerts': /^[^:<>+/&%\\?|#*]{1,259}$/,
  'Microsoft.Insights/scheduledQueryRules': /^[^:<>+/&%\\?|#*]{1,259}$/,
  'Microsoft.Insights/webtests': /^[\w.()-]{1,259}$/,
  'Microsoft.KeyVault/vaults/secrets': /^[a-z0-9-]{1,127}$/i,
  'Microsoft.Network/natGateways': /^[a-z0-9][\w.-]{0,78}\w$/i,
  'Microsoft.Network/networkSecurityGroups': /^[a-z0-9][\w.-]{0,78}\w$/i,
  'Microsoft.Network/privateEndpoints': /^[a-z0-9][\w.-]{1,62}\w$/i,
  'Microsoft.Network/publicIPAddresses': /^[a-z0-9][\w.-]{0,78}\w$/i,
}

/** The name that is made, where it stands alone or beside one that takes its place; whether one can. */
function writtenName({ value }: Declaration): { readonly made: BicepNode | undefined; readonly isFixed: boolean } {
  const written = valueAt(value, 'name')
  // The grammar reads the last property of a choice as one of the whole choice.
  const choice = [...everyNode(written ?? blank)].find(({ type }) => type === 'ternary_expression')
  const choices = choice ? choice.children.slice(1) : [written]
  return { made: choices.find((node) => node?.type === 'string'), isFixed: !choice }
}

/** Names that a module composes, with the longest that their parts can be; those of secrets give way by their prefix. */
function checkComposedNames({ declarations, report }: Template, templates: ReadonlyMap<string, Template>): void {
  const main = templates.get('main.bicep')
  const resourceNames = main?.declarations.find(({ name }) => name === 'namesType')
  const longest = (name: string): string => {
    const bound = new RegExp(`@maxLength\\((\\d+)\\)\\s+${name}:`).exec(main?.root.text ?? '')
    return 'n'.repeat(resourceNames && bound ? Number(bound[1]) : 24)
  }
  for (const declaration of declarations) {
    const { kind, name, of, existing, line } = declaration
    const type = of.split('@')[0] ?? ''
    const rule = composedNameRules[type]
    const { made: written, isFixed } = writtenName(declaration)
    if (kind !== 'resource' || existing || !rule || !written) continue
    if (isFixed && type !== 'Microsoft.KeyVault/vaults/secrets') report('name-fixed', line, `The name of ${name} cannot be given.`)
    const rows = declarations
      .filter((one) => one.kind === 'var' && one.name === 'rules')
      .flatMap((one) => [...everyNode(one.value ?? blank)])
    const rowNames = rows.filter(({ type, children }) => type === 'object_property' && children[0]?.text === 'name')
    const longestRow = rowNames.map(({ children }) => plainString(children[1] ?? blank) ?? '').sort((a, b) => b.length - a.length)[0] ?? ''
    const made = written.text.slice(1, -1).replaceAll(/\$\{([\w.]+)\}/g, (_whole, part: string) => {
      if (part === 'rule.name') return longestRow
      // The longest target is an app with its own name: blobs and tables add five letters to 24.
      if (part === 'target.name') return longest('app')
      return longestParts[part] ?? longest(part === 'name' ? 'network' : part)
    })
    if (!rule.test(made)) report('name-invalid', line, `${name} becomes ${made}, which Azure does not take.`)
  }
}

/** Settings that the template works out, so that the parameter `settings` has to leave them alone; those that it may give are left out. */
export function reservedSettings(trees: Templates): { readonly reserved: readonly string[]; readonly workedOut: readonly string[] } {
  const app = declarationsOf(trees['modules/app.bicep'] ?? blank).find(({ name }) => name === 'appSettings')
  const object = app?.value && [...everyNode(valueAt(app.value, 'properties') ?? blank)].find(({ type }) => type === 'object')
  const workedOut = (object ? propertiesOf(object) : []).filter(
    ({ name, value }) => !platformSetting.test(name) && !value.text.startsWith('settings.?'),
  )
  const list = declarationsOf(trees['main.bicep'] ?? blank).find(({ name }) => name === 'reserved')?.value
  return {
    reserved: (list?.children ?? []).flatMap((item) => plainString(item) ?? []),
    workedOut: workedOut.map(({ name }) => name).sort(),
  }
}

/** Names of the tables that the templates make. */
export const madeTables = (trees: Templates): string[] =>
  (declarationsOf(trees['modules/storage.bicep'] ?? blank).find(({ name }) => name === 'tableNames')?.value?.children ?? []).flatMap(
    (item) => plainString(item) ?? [],
  )

/** Whether the words that the alerts look for are words that the code says. */
export function queryWordProblems(trees: Templates, code: string): string[] {
  const rules = declarationsOf(trees['modules/alerts.bicep'] ?? blank).find(({ name }) => name === 'rules')?.value ?? blank
  const queries = [...everyNode(rules)].filter(({ type, children }) => type === 'object_property' && children[0]?.text === 'query')
  const words = queries.flatMap(({ text }) => [...text.matchAll(/(?:startswith|name ==) "([^"]+)"/g)].map(([, word]) => word ?? ''))
  const fields = queries.flatMap(({ text }) => [...text.matchAll(/extract\("(\w+)\./g)].map(([, field]) => field ?? ''))
  return [...words.filter((word) => !code.includes(`'${word}'`)), ...fields.filter((field) => !code.includes(` ${field}: `))]
}
