import { type AskAzure, type AzureAnswer, sideBySide } from './azureCli'

/** One thing that was looked at before a deployment. Only `missing` stops it; `unknown` cannot be seen with this login. */
export interface PreflightItem {
  readonly name: string
  readonly state: 'ok' | 'missing' | 'unknown'
  readonly detail: string
  /** The one command, or the one sentence, that mends it; undefined where nothing is to be done. */
  readonly mend?: string
}

/** Where and what is to be deployed. */
export interface PreflightTarget {
  /** Undefined where it is not known yet; then nothing is said of names, rights and policies. */
  readonly resourceGroup: string | undefined
  readonly location: string | undefined
  /** Path of the parameter file. */
  readonly parameters: string
}

/** Values of the parameter file as far as checks depend on them. */
interface ChosenParameters {
  readonly privateNetwork: boolean
  readonly zoneRedundant: boolean
  readonly assignRoles: boolean
  readonly makesLocks: boolean
  readonly hasBudget: boolean
  readonly nodeVersion: string
  readonly location: string | undefined
}

/** The first version of Bicep that knows `onlyIfNotExists`. https://github.com/Azure/bicep/releases */
const bicepVersionMin = [0, 38, 3]

/** The resource providers of the templates, and when each is needed. */
export const providers: readonly { readonly namespace: string; readonly isNeeded: (chosen: ChosenParameters) => boolean }[] = [
  { namespace: 'Microsoft.Web', isNeeded: () => true },
  { namespace: 'Microsoft.Storage', isNeeded: () => true },
  { namespace: 'Microsoft.KeyVault', isNeeded: () => true },
  { namespace: 'Microsoft.ManagedIdentity', isNeeded: () => true },
  { namespace: 'Microsoft.OperationalInsights', isNeeded: () => true },
  { namespace: 'Microsoft.Insights', isNeeded: () => true },
  { namespace: 'Microsoft.Network', isNeeded: ({ privateNetwork }) => privateNetwork },
  // An app of Flex Consumption reaches a network through a subnet that is delegated to this one.
  { namespace: 'Microsoft.App', isNeeded: ({ privateNetwork }) => privateNetwork },
  { namespace: 'Microsoft.Consumption', isNeeded: ({ hasBudget }) => hasBudget },
]

/** What takes more than Contributor, and which built-in roles have it. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged */
const rights: readonly {
  readonly what: string
  readonly isNeeded: (chosen: ChosenParameters) => boolean
  readonly roles: readonly string[]
  readonly mend: string
}[] = [
  {
    what: 'assign roles',
    isNeeded: ({ assignRoles }) => assignRoles,
    roles: ['Owner', 'User Access Administrator', 'Role Based Access Control Administrator'],
    mend: 'Set assignRoles to false and hand the output MONITOR_ROLES to whoever may, or ask for Role Based Access Control Administrator.',
  },
  {
    what: 'make locks',
    isNeeded: ({ makesLocks }) => makesLocks,
    roles: ['Owner', 'User Access Administrator'],
    mend: 'Set lock to None and leave the locks to whoever may, or ask for User Access Administrator.',
  },
]
const detailCharactersMax = 900

/** Each command of the Azure CLI is a process of about 100 MB, which waits for an answer most of its time. */
export const commandsAtOnceMax = 4

/**
 * Looks at everything that stops a deployment, in the order in which it would, and makes nothing. What does not depend on each
 * other is asked side by side.
 */
export async function preflightItems(target: PreflightTarget, askOne: AskAzure): Promise<PreflightItem[]> {
  const ask = sideBySide(askOne, commandsAtOnceMax)
  const [account, bicep] = await Promise.all([ask(['account', 'show', '--output', 'json']), bicepItem(ask)])
  const subscription = parsed<{ id?: string; user?: { name?: string } }>(account)
  if (!subscription?.id) {
    return [{ name: 'login', state: 'missing', detail: 'Nobody is signed in to Azure.', mend: 'az login' }]
  }
  const items: PreflightItem[] = [{ name: 'login', state: 'ok', detail: `Subscription ${subscription.id}.` }]
  items.push(bicep)
  if (bicep.state === 'missing') return items
  const [built, group] = await Promise.all([
    ask(['bicep', 'build-params', '--file', target.parameters, '--stdout']),
    target.resourceGroup === undefined ? undefined : groupOf(target.resourceGroup, ask),
  ])
  const chosen = chosenParameters(built)
  if (!chosen) {
    const mend = pasteable(['bicep', 'build-params', '--file', target.parameters, '--stdout'])
    return [...items, { name: 'parameters', state: 'missing', detail: `${target.parameters} cannot be read: ${said(built)}`, mend }]
  }
  items.push({ name: 'parameters', state: 'ok', detail: `${target.parameters} fits the templates.` })
  const location = chosen.location ?? group?.location ?? target.location
  const parts = await Promise.all([
    regionItems(location, chosen, subscription.id, ask),
    providerItems(chosen, ask),
    groupItems(target, group, location, chosen, { id: subscription.id, caller: subscription.user?.name }, ask),
  ])
  return [...items, ...parts.flat()]
}

/** What depends on the resource group. */
async function groupItems(
  { resourceGroup, parameters }: PreflightTarget,
  group: { readonly id: string; readonly location: string } | undefined,
  location: string | undefined,
  chosen: ChosenParameters,
  subscription: { readonly id: string; readonly caller: string | undefined },
  ask: AskAzure,
): Promise<PreflightItem[]> {
  if (resourceGroup === undefined) {
    const mend = 'Give --resource-group once its name is known.'
    return [{ name: 'deployment', state: 'unknown', detail: 'Names, rights and policies depend on the resource group.', mend }]
  }
  if (!group) {
    const mend = `az group create --name ${resourceGroup} --location ${location ?? '<region>'}`
    return [{ name: 'resource group', state: 'missing', detail: `There is no resource group ${resourceGroup} yet.`, mend }]
  }
  const parts = await Promise.all([
    rightsItems(group.id, subscription.caller, chosen, ask),
    deploymentItems(resourceGroup, parameters, subscription.id, ask),
  ])
  return [{ name: 'resource group', state: 'ok', detail: `${resourceGroup} is in ${group.location}.` }, ...parts.flat()]
}

async function bicepItem(ask: AskAzure): Promise<PreflightItem> {
  const answer = await ask(['bicep', 'version'])
  const found = /version (\d+)\.(\d+)\.(\d+)/.exec(answer.stdout)
  if (!found) return { name: 'bicep', state: 'missing', detail: 'The Azure CLI has no Bicep yet.', mend: 'az bicep install' }
  const version = found.slice(1).map(Number)
  const isOld = compare(version, bicepVersionMin) < 0
  const detail = `Bicep ${version.join('.')}${isOld ? `; ${bicepVersionMin.join('.')} or newer is needed` : ''}.`
  return isOld ? { name: 'bicep', state: 'missing', detail, mend: 'az bicep upgrade' } : { name: 'bicep', state: 'ok', detail }
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((part, index) => part !== other[index])
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0)
}

async function regionItems(
  location: string | undefined,
  chosen: ChosenParameters,
  subscriptionId: string,
  ask: AskAzure,
): Promise<PreflightItem[]> {
  const list = 'az functionapp list-flexconsumption-locations --output table'
  if (location === undefined)
    return [{ name: 'region', state: 'unknown', detail: 'No region is known yet.', mend: 'Give --location, or --resource-group.' }]
  const zones = chosen.zoneRedundant ? ['--zone-redundant', 'true'] : []
  const offered = parsed<{ name: string }[]>(await ask(['functionapp', 'list-flexconsumption-locations', ...zones, '--output', 'json']))
  if (!offered) return [{ name: 'region', state: 'unknown', detail: 'The regions of Flex Consumption cannot be listed.', mend: list }]
  if (!offered.some(({ name }) => plain(name) === plain(location))) {
    const what = chosen.zoneRedundant ? 'zone-redundant Flex Consumption' : 'Flex Consumption'
    return [{ name: 'region', state: 'missing', detail: `${location} has no ${what}: choose another region.`, mend: list }]
  }
  const others = await Promise.all([
    runtimeItem(location, chosen.nodeVersion, ask),
    storageQuotaItem(location, ask),
    flexQuotaItem(location, subscriptionId, ask),
  ])
  return [{ name: 'region', state: 'ok', detail: `${location} has Flex Consumption.` }, ...others]
}

async function runtimeItem(location: string, version: string, ask: AskAzure): Promise<PreflightItem> {
  const words = ['functionapp', 'list-flexconsumption-runtimes', '--location', location, '--runtime', 'node']
  const mend = pasteable([...words, '--output', 'table'])
  const offered = parsed<{ version?: string }[]>(await ask([...words, '--output', 'json']))
  if (!offered) return { name: 'runtime', state: 'unknown', detail: `The versions of Node.js in ${location} cannot be listed.`, mend }
  return offered.some((one) => String(one.version) === version)
    ? { name: 'runtime', state: 'ok', detail: `${location} has Node.js ${version}.` }
    : { name: 'runtime', state: 'missing', detail: `${location} has no Node.js ${version}: set nodeVersion to one that it has.`, mend }
}

interface Usage {
  readonly currentValue?: number
  readonly limit?: number
  readonly name?: { readonly value?: string; readonly localizedValue?: string }
}

async function storageQuotaItem(location: string, ask: AskAzure): Promise<PreflightItem> {
  const words = ['storage', 'account', 'show-usage', '--location', location]
  const usage = parsed<Usage>(await ask([...words, '--output', 'json']))
  const { currentValue, limit } = usage ?? {}
  if (currentValue === undefined || limit === undefined) {
    return { name: 'quota: storage accounts', state: 'unknown', detail: 'The quota cannot be read.', mend: pasteable(words) }
  }
  const detail = `${currentValue} of ${limit} storage accounts are used in ${location}.`
  const mend = 'Ask for more: https://learn.microsoft.com/azure/quotas/storage-account-quota-requests.'
  return currentValue < limit
    ? { name: 'quota: storage accounts', state: 'ok', detail }
    : { name: 'quota: storage accounts', state: 'missing', detail, mend }
}

/** https://learn.microsoft.com/rest/api/appservice/get-usages-in-location/list */
async function flexQuotaItem(location: string, subscriptionId: string, ask: AskAzure): Promise<PreflightItem> {
  const url = `/subscriptions/${subscriptionId}/providers/Microsoft.Web/locations/${location}/usages?api-version=2024-11-01`
  const usages = parsed<{ value?: Usage[] }>(await ask(['rest', '--method', 'get', '--url', url, '--output', 'json']))?.value
  const flex = usages?.filter(({ name }) => /flex/i.test(`${name?.value} ${name?.localizedValue}`))
  if (!flex || flex.length === 0) {
    const mend = pasteable(['rest', '--method', 'get', '--url', url])
    return { name: 'quota: Flex Consumption', state: 'unknown', detail: `No quota is given for ${location}.`, mend }
  }
  const full = flex.find(({ currentValue = 0, limit = 0 }) => currentValue >= limit)
  return full
    ? {
        name: 'quota: Flex Consumption',
        state: 'missing',
        detail: `${full.currentValue} of ${full.limit} are used in ${location}: other apps of the subscription leave nothing.`,
        mend: 'Ask for more: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#regional-subscription-memory-quotas.',
      }
    : { name: 'quota: Flex Consumption', state: 'ok', detail: `There is room in ${location}.` }
}

async function providerItems(chosen: ChosenParameters, ask: AskAzure): Promise<PreflightItem[]> {
  const listed = parsed<{ namespace: string; registrationState: string }[]>(await ask(['provider', 'list', '--output', 'json']))
  if (!listed) {
    return [
      { name: 'providers', state: 'unknown', detail: 'The resource providers cannot be listed.', mend: 'az provider list --output table' },
    ]
  }
  const registered = new Set(listed.filter((one) => one.registrationState === 'Registered').map(({ namespace }) => namespace.toLowerCase()))
  const missing = providers.filter(({ namespace, isNeeded }) => isNeeded(chosen) && !registered.has(namespace.toLowerCase()))
  if (missing.length === 0) return [{ name: 'providers', state: 'ok', detail: 'All resource providers are registered.' }]
  return missing.map(({ namespace }) => ({
    name: `provider ${namespace}`,
    state: 'missing',
    detail: 'It is not registered in the subscription.',
    mend: `az provider register --wait --namespace ${namespace}`,
  }))
}

async function groupOf(name: string, ask: AskAzure): Promise<{ id: string; location: string } | undefined> {
  return parsed<{ id: string; location: string }>(await ask(['group', 'show', '--name', name, '--output', 'json']))
}

async function rightsItems(scope: string, caller: string | undefined, chosen: ChosenParameters, ask: AskAzure): Promise<PreflightItem[]> {
  const needed = rights.filter(({ isNeeded }) => isNeeded(chosen))
  if (needed.length === 0) {
    return [{ name: 'rights', state: 'ok', detail: 'No role is assigned; the output MONITOR_ROLES will say which are needed.' }]
  }
  const words = ['role', 'assignment', 'list', '--scope', scope, '--include-inherited', '--include-groups']
  const held =
    caller === undefined
      ? undefined
      : parsed<{ roleDefinitionName?: string }[]>(await ask([...words, '--assignee', caller, '--output', 'json']))
  return needed.map(({ what, roles, mend }): PreflightItem => {
    if (!held) return { name: 'rights', state: 'unknown', detail: `Whether this login may ${what} cannot be read.`, mend }
    return held.some(({ roleDefinitionName }) => roles.includes(roleDefinitionName ?? ''))
      ? { name: 'rights', state: 'ok', detail: `This login may ${what}.` }
      : { name: 'rights', state: 'missing', detail: `This login may not ${what}, as far as built-in roles say.`, mend }
  })
}

interface Preview {
  readonly changes?: readonly { readonly changeType?: string; readonly resourceId?: string }[]
}

/** What Azure itself says of the deployment without making anything: parameters, policies that deny, and the names that it would make. */
async function deploymentItems(group: string, parameters: string, subscriptionId: string, ask: AskAzure): Promise<PreflightItem[]> {
  const words = ['deployment', 'group', 'what-if', '--resource-group', group, '--parameters', parameters]
  const answer = await ask([...words, '--no-pretty-print', '--output', 'json'])
  const preview = parsed<Preview>(answer)
  const mend = pasteable(words)
  if (!preview) {
    const policies = deniedBy(answer.stderr)
    if (policies.length === 0) return [{ name: 'deployment', state: 'missing', detail: `Azure refuses it: ${said(answer)}`, mend }]
    return policies.map((policy) => ({
      name: 'policy',
      state: 'missing',
      detail: `The policy "${policy}" denies a resource.`,
      mend: `Change the parameters to what it asks for, or ask its owner for an exemption; ${mend} says which resource.`,
    }))
  }
  const made = (preview.changes ?? []).filter(({ changeType }) => changeType === 'Create').flatMap(({ resourceId }) => resourceId ?? [])
  const item: PreflightItem = {
    name: 'deployment',
    state: 'ok',
    detail: `Azure would make ${made.length} resources; no policy denies one.`,
  }
  return [item, ...(await nameItems(made, subscriptionId, ask))]
}

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy */
function deniedBy(text: string): string[] {
  if (!text.includes('RequestDisallowedByPolicy')) return []
  const names = [...text.matchAll(/policyAssignment\\?"\s*:\s*\{\s*\\?"name\\?"\s*:\s*\\?"([^"\\]{1,200})/g)].map(([, name]) => name ?? '')
  return names.length > 0 ? [...new Set(names)] : ['without a name in the answer']
}

/** Names that have to be free in the whole world. */
async function nameItems(resourceIds: readonly string[], subscriptionId: string, ask: AskAzure): Promise<PreflightItem[]> {
  const items = await Promise.all(resourceIds.map((resourceId) => nameItem(resourceId, subscriptionId, ask)))
  return items.flatMap((item) => item ?? [])
}

async function nameItem(resourceId: string, subscriptionId: string, ask: AskAzure): Promise<PreflightItem | undefined> {
  const [, type = '', name = ''] = /\/providers\/(Microsoft\.\w+\/\w+)\/([^/]+)$/i.exec(resourceId) ?? []
  const question = nameQuestions(name, subscriptionId)[type.toLowerCase()]
  if (!question) return undefined
  const item = { name: `name ${name}` } as const
  const answer = parsed<{ nameAvailable?: boolean; message?: string; reason?: string }>(await ask(question.words))
  if (answer?.nameAvailable === undefined) {
    return { ...item, state: 'unknown', detail: 'Whether it is free cannot be seen.', mend: pasteable(question.words) }
  }
  if (answer.nameAvailable) return { ...item, state: 'ok', detail: 'It is free.' }
  const detail = `It is taken or not allowed: ${bounded(answer.message ?? answer.reason ?? '')}`
  return { ...item, state: 'missing', detail, mend: question.mend }
}

/** The Azure CLI itself asks for the names of managed HSMs, not of vaults. https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/check-name-availability */
function nameQuestions(
  name: string,
  subscriptionId: string,
): Readonly<Record<string, { readonly words: readonly string[]; readonly mend: string }>> {
  const asking = (provider: string, type: string): readonly string[] => {
    const url = `/subscriptions/${subscriptionId}/providers/${provider}/checkNameAvailability?api-version=2024-11-01`
    // In single quotes the body passes through every shell, and the Azure CLI makes JSON of it.
    return ['rest', '--method', 'post', '--url', url, '--body', `{'name':'${name}','type':'${provider}/${type}'}`, '--output', 'json']
  }
  return {
    'microsoft.storage/storageaccounts': {
      words: ['storage', 'account', 'check-name', '--name', name, '--output', 'json'],
      mend: 'Set names.storage to another name.',
    },
    'microsoft.keyvault/vaults': {
      words: asking('Microsoft.KeyVault', 'vaults'),
      mend: `az keyvault recover --name ${name} where it was deleted, or set names.vault to another name.`,
    },
    'microsoft.web/sites': { words: asking('Microsoft.Web', 'sites'), mend: 'Set names.app to another name.' },
  }
}

/** Values as Bicep has worked them out; undefined where it could not. */
function chosenParameters(answer: AzureAnswer): ChosenParameters | undefined {
  const text = parsed<{ parametersJson?: string }>(answer)?.parametersJson
  const parameters = text === undefined ? undefined : json<{ parameters?: Record<string, { value?: unknown }> }>(text)?.parameters
  if (!parameters) return undefined
  const chosen = (name: string): unknown => parameters[name]?.value
  const location = chosen('location')
  return {
    privateNetwork: chosen('privateNetwork') === true || Boolean(chosen('appSubnetId')),
    zoneRedundant: chosen('zoneRedundant') === true,
    assignRoles: chosen('assignRoles') !== false,
    makesLocks: (chosen('lock') ?? 'None') !== 'None',
    hasBudget: Number(chosen('budgetAmount') ?? 0) > 0,
    nodeVersion: String(chosen('nodeVersion') ?? '22'),
    location: typeof location === 'string' && location !== '' ? location : undefined,
  }
}

const parsed = <Body>(answer: AzureAnswer): Body | undefined => (answer.exitCode === 0 ? json<Body>(answer.stdout) : undefined)

function json<Body>(text: string): Body | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

/** A command as a person pastes it into any shell. */
const pasteable = (words: readonly string[]): string =>
  ['az', ...words.map((word) => (/^[\w./:@=-]+$/.test(word) ? word : `"${word}"`))].join(' ')

/** A region as a person or as Azure writes it: `West Europe` is `westeurope`. */
const plain = (region: string): string => region.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

const bounded = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, detailCharactersMax)

/** The reason of a refusal. Where the Azure CLI itself stumbles over one, it stands in the middle of a stack trace. */
function said({ stderr, stdout }: AzureAnswer): string {
  const [, traced] = /HttpResponseError: ([\s\S]*?)(?:\n\s*\n|$)/.exec(stderr) ?? []
  return bounded(traced ?? stderr.replace(/^ERROR: /, '')) || bounded(stdout) || 'it gives no reason.'
}
