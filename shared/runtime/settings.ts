import ipaddr from 'ipaddr.js'
import * as z from 'zod/mini'
import type { AlertRule } from '../alerts/alert'
import { applyOverrides, builtInRules } from '../alerts/rules'
import { runbookWords } from '../alerts/withRunbooks'
import type { KnownTenant } from '../failures/knownTenants'
import { type CloudId, cloudIds } from '../graph/clouds'
import { parseReceivers, type ReceiverSettings } from '../notify/parseReceivers'
import { isSecretUrl } from '../notify/secretUrl'
import type { ZoneOffset } from '../signIns/buckets'
import type { Site } from '../signIns/network'
import { isStreamId, type StreamId, streamIds } from '../signIns/streams'
import { zoneOffset } from './dayZone'
import { MonitorError } from './errors'
import { proxyProblem } from './proxy'
import { type RenamedSetting, renamedSettings, underPresentNames } from './renamedSettings'

/** A setting: what people are told about it, and how its text is read. */
interface SettingRow<Value> {
  readonly meaning: string
  /** What a right value looks like; completes the sentence "has to be …". */
  readonly expects: string
  /** The text that stands for a missing one; undefined where a missing one is wrong. */
  readonly fallback: string | undefined
  /** Holds a secret: in Azure a Key Vault reference. */
  readonly secret?: true
  /** The value, or undefined where the text is not what is expected; throws a {@link SettingProblem} to say more. */
  readonly read: (text: string) => Value | undefined
}

/** Says what is wrong with a setting without repeating its text. */
class SettingProblem extends Error {}

const setting = <Value>(row: SettingRow<Value>): SettingRow<Value> => row

const operatorKeyLengthMin = 16

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const wholeNumber = (least: number, most: number) => (text: string) =>
  /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined

function webAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLoopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) return undefined
  return url.username === '' && url.search === '' && url.hash === '' ? text.replace(/\/+$/, '') : undefined
}

function runbookAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPublic = url?.protocol === 'https:' && url.username === '' && url.password === ''
  return isPublic && runbookWords.some((word) => text.includes(word)) ? text : undefined
}

function graphAddress(text: string): string | undefined {
  const address = webAddress(text)
  if (address && /\/(beta|v\d+(\.\d+)?)$/i.test(address)) throw new SettingProblem('ends with a version, which has to go')
  return address
}

/** The only account that an emulator has is a part of its address. */
function tablesAddress(text: string): string | undefined {
  const address = webAddress(text)
  if (address?.startsWith('http:') && new URL(address).pathname !== '/devstoreaccount1') {
    throw new SettingProblem("lacks the emulator's account, as in http://127.0.0.1:10002/devstoreaccount1")
  }
  return address
}

const oneOf =
  <Choice extends string>(choices: readonly Choice[]) =>
  (text: string): Choice | undefined =>
    choices.find((choice) => choice === text)

const commaList = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

function json<Value>(schema: z.ZodMiniType<Value>) {
  return (text: string): Value => {
    let parsed: unknown
    try {
      parsed = JSON.parse(text)
    } catch {
      throw new SettingProblem('is not JSON')
    }
    const result = schema.safeParse(parsed)
    if (result.success) return result.data
    const [issue] = result.error.issues
    throw new SettingProblem(`is wrong at ${issue?.path.join('.') || 'the top'}: ${issue?.message ?? 'it does not fit'}`)
  }
}

const tenantsSchema = z
  .array(
    z.strictObject({
      id: z.string().check(z.regex(guid, 'a tenant id is a GUID')),
      name: z.string().check(z.minLength(1), z.maxLength(100)),
      kind: z.enum(['own', 'group', 'partner', 'other']),
      blocked: z._default(z.enum(['expected', 'fault']), 'expected'),
    }),
  )
  .check(z.maxLength(1_000))

const sitesSchema = z
  .array(
    z.strictObject({
      cidr: z.string().check(z.refine((text) => ipaddr.isValidCIDR(text), 'a network is written like 192.0.2.0/24')),
      name: z.string().check(z.minLength(1), z.maxLength(60)),
    }),
  )
  .check(z.maxLength(1_000))

/** Sites may also be written as an object of CIDR → name. */
function readSites(text: string): readonly Site[] {
  const rows = json(z.union([sitesSchema, z.record(z.string(), z.string())]))(text)
  if (Array.isArray(rows)) return rows
  return json(sitesSchema)(JSON.stringify(Object.entries(rows).map(([cidr, name]) => ({ cidr, name }))))
}

function readStreams(text: string): readonly StreamId[] | undefined {
  const words = commaList(text)
  const unknown = words.filter((word) => !isStreamId(word))
  if (unknown.length > 0) throw new SettingProblem(`names ${unknown.length} unknown stream${unknown.length > 1 ? 's' : ''}`)
  return words.length > 0 ? streamIds.filter((id) => words.includes(id)) : undefined
}

function readRules(text: string): readonly AlertRule[] {
  const overrides = json(z.array(z.unknown()).check(z.maxLength(100)))(text)
  const result = applyOverrides(builtInRules, overrides)
  if (!result.ok) throw new SettingProblem(`is wrong: ${result.error}`)
  return result.rules
}

function readReceivers(text: string): readonly ReceiverSettings[] {
  const result = parseReceivers(text)
  if (!result.ok) throw new SettingProblem(`is wrong: ${result.error}`)
  return result.receivers
}

const secretUrisSchema = z.record(
  z.string(),
  z
    .string()
    .check(
      z.regex(/^(https:\/\/[\w.-]+\/secrets\/[\w-]+(\/\w*)?)?$/, 'an address is written like https://vault.vault.azure.net/secrets/name'),
    ),
)

/** Names of vaults and secrets by setting; a setting whose address is empty has none. */
function readSecretUris(text: string): readonly { readonly setting: string; readonly vault: string; readonly name: string }[] {
  const addresses = Object.entries(json(secretUrisSchema)(text)).filter(([, address]) => address !== '')
  return addresses.map(([setting, address]) => {
    const { hostname, pathname } = new URL(address)
    return { setting, vault: hostname.split('.')[0] ?? '', name: pathname.split('/')[2] ?? '' }
  })
}

/**
 * Every setting, by the name of its environment variable. The README's table is made from these rows.
 */
export const settingRows = {
  TENANT_ID: setting({
    meaning: 'Id of the tenant that is monitored.',
    expects: 'a GUID',
    fallback: undefined,
    read: (text) => (guid.test(text) ? text.toLowerCase() : undefined),
  }),
  TABLES_ENDPOINT: setting({
    meaning: 'Where counts live: the table endpoint of the storage account, or of an emulator on this machine.',
    expects: 'an https address, or http on loopback, such as https://account.table.core.windows.net',
    fallback: undefined,
    read: tablesAddress,
  }),
  STREAMS: setting({
    meaning: 'The streams to read.',
    expects: `a comma list of ${streamIds.join(', ')}`,
    fallback: streamIds.join(','),
    read: readStreams,
  }),
  LOOKBACK_HOURS: setting({
    meaning: 'How far back the first reading goes, in hours.',
    expects: 'a whole number from 1 to 720',
    fallback: '192',
    read: wholeNumber(1, 720),
  }),
  TENANTS: setting<readonly KnownTenant[]>({
    meaning: "The team's own known tenants: a JSON array of `{ id, name, kind, blocked }`.",
    expects: 'a JSON array of { "id": GUID, "name", "kind": own|group|partner|other, "blocked": expected|fault }',
    fallback: '[]',
    read: (text) => json(tenantsSchema)(text).map((tenant) => ({ ...tenant, id: tenant.id.toLowerCase() })),
  }),
  SITES: setting({
    meaning: 'Names of networks: a JSON array of `{ cidr, name }`, or an object of CIDR to name.',
    expects: 'a JSON array of { "cidr": "192.0.2.0/24", "name" }',
    fallback: '[]',
    read: readSites,
  }),
  RECEIVERS: setting({
    meaning: 'Whom alerts are sent to: a JSON array such as `[{"id":"ops","kind":"webhook","url":"…","secret":"whsec_…"}]`.',
    expects: 'a JSON array of receivers',
    fallback: '[]',
    secret: true,
    read: readReceivers,
  }),
  HEARTBEAT_URL: setting({
    meaning: 'Address that every run which did its work asks with a GET, so that a service outside calls people when it falls silent.',
    expects: 'off, or an https address without a user name (http to 127.0.0.1 or [::1] in local mode only)',
    fallback: 'off',
    secret: true,
    read: (text) => (text === 'off' ? '' : isSecretUrl(text) ? text : undefined),
  }),
  ALERT_RULES: setting({
    meaning: 'Overrides of alert rules by id: a JSON array such as `[{"id":"tenant-restriction-blocks","threshold":10}]`.',
    expects: 'a JSON array of { "id", … }',
    fallback: '[]',
    read: readRules,
  }),
  RECEIVER_PRIVATE_HOSTS: setting({
    meaning: 'Hosts with private addresses that receivers and the heartbeat may have: a comma list of names.',
    expects: 'a comma list of host names',
    fallback: '',
    read: (text) =>
      commaList(text).every((host) => /^[a-z0-9.-]{1,253}$/i.test(host)) ? commaList(text).map((host) => host.toLowerCase()) : undefined,
  }),
  DAY_ZONE: setting<ZoneOffset>({
    meaning: 'The time zone of the days that the coarsest grain counts.',
    expects: 'an IANA time zone whose clock is whole hours from UTC, such as Asia/Tokyo',
    fallback: 'UTC',
    read: zoneOffset,
  }),
  CLOUD: setting<CloudId>({
    meaning: 'The cloud that the tenant lives in.',
    expects: `one of ${cloudIds.join(', ')}`,
    fallback: 'global',
    read: oneOf(cloudIds),
  }),
  GRAPH_BASE_URL: setting({
    meaning: "Root of the Graph to read from, without the version, in place of the cloud's own; http on loopback sends no token.",
    expects: 'an https address, or http on loopback',
    fallback: '',
    read: (text) => (text === '' ? '' : graphAddress(text)),
  }),
  GRAPH_REQUESTS_MAX: setting({
    meaning: 'Requests to Graph in any 10 seconds; Graph allows 5 an app and tenant.',
    expects: 'a whole number from 1 to 5',
    fallback: '4',
    read: wholeNumber(1, 5),
  }),
  AZURE_CLIENT_ID: setting({
    meaning: 'Client id of the user-assigned managed identity.',
    expects: 'a GUID',
    fallback: '',
    read: (text) => (text === '' || guid.test(text) ? text : undefined),
  }),
  MONITOR_MODE: setting({
    meaning: 'Where the monitor runs; `local` allows http receivers on loopback.',
    expects: 'azure or local',
    fallback: 'azure',
    read: oneOf(['azure', 'local'] as const),
  }),
  MONITOR_CREDENTIAL: setting({
    meaning: "Who asks Graph: the app's managed identity, or the developer who is logged in to Azure.",
    expects: 'managedIdentity or developer',
    fallback: 'managedIdentity',
    read: oneOf(['managedIdentity', 'developer'] as const),
  }),
  USER_HASH_KEY: setting({
    meaning: 'Key of the hash under which distinct users are counted; only local mode has a fixed one of its own.',
    expects: 'at least 16 characters',
    fallback: '',
    secret: true,
    read: (text) => (text === '' || text.length >= 16 ? text : undefined),
  }),
  OPERATOR_KEY: setting({
    meaning: 'What an operator sends in the header `x-operator-key`; without it only local mode lets operators in.',
    expects: 'at least 16 letters, digits and signs of ASCII',
    fallback: '',
    secret: true,
    // Nothing else arrives in a header as it was sent.
    read: (text) => (/^[\x20-\x7e]*$/.test(text) ? text : undefined),
  }),
  SECRET_URIS: setting({
    meaning: 'Where the secret settings are in the vault, for the commands that the check prints: a JSON object of setting to address.',
    expects: 'a JSON object such as { "RECEIVERS": "https://vault.vault.azure.net/secrets/receivers" }',
    fallback: '{}',
    read: readSecretUris,
  }),
  EASY_AUTH: setting({
    meaning: 'Whether built-in authentication is in front of the app: then the app roles `reader` and `operator` decide who may ask.',
    expects: 'on or off',
    fallback: 'off',
    read: oneOf(['on', 'off'] as const),
  }),
  PUBLIC_BASE_URL: setting({
    meaning: 'Root of the links in pages to on-call.',
    expects: 'an https address, or http on loopback',
    fallback: '',
    read: (text) => (text === '' ? '' : webAddress(text)),
  }),
  RUNBOOK_URL: setting({
    meaning:
      "Address of the runbooks that alerts link to, such as a copy of `docs/runbooks`: `{page}` stands for the file in the receiver's language, `{rule}` for the id of the rule. Without it they link to Microsoft's pages.",
    expects: 'an https address with {page} or {rule} in it',
    fallback: '',
    read: (text) => (text === '' ? '' : runbookAddress(text)),
  }),
  CORS_ORIGINS: setting({
    meaning: 'Origins of web pages that may read the API: a comma list, or `*`.',
    expects: 'a comma list of origins such as https://dashboards.example.com, or *',
    fallback: '',
    read: (text) =>
      commaList(text).every((origin) => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin))
        ? commaList(text)
        : undefined,
  }),
  RUN_LEASE_SECONDS: setting({
    meaning: 'How long a run stays taken after its last sign of life, in seconds.',
    expects: 'a whole number from 2 to 600',
    fallback: '30',
    read: wholeNumber(2, 600),
  }),
  RETENTION_5M_DAYS: setting({
    meaning: 'How long 5-minute counts are kept, in days.',
    expects: 'a whole number from 2 to 60',
    fallback: '8',
    read: wholeNumber(2, 60),
  }),
  RETENTION_1H_DAYS: setting({
    meaning: 'How long hourly counts are kept, in days.',
    expects: 'a whole number from 8 to 730',
    fallback: '93',
    read: wholeNumber(8, 730),
  }),
  RETENTION_1D_DAYS: setting({
    meaning: 'How long daily counts are kept, in days.',
    expects: 'a whole number from 31 to 3650',
    fallback: '400',
    read: wholeNumber(31, 3_650),
  }),
} as const

export type SettingName = keyof typeof settingRows

/** The settings, read and checked. */
export type Settings = {
  readonly [Name in SettingName]: (typeof settingRows)[Name] extends SettingRow<infer Value> ? Value : never
}

/**
 * Reads every setting from an environment, a former name like the present one. All that is wrong is said at once, in one
 * `setting-invalid` error that repeats no value.
 */
export function readSettings(
  given: Readonly<Record<string, string | undefined>>,
  renames: readonly RenamedSetting[] = renamedSettings,
): Settings {
  const { environment } = underPresentNames(given, renames)
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(settingRows) as [SettingName, SettingRow<unknown>][]) {
    try {
      values[name] = readSetting(name, row, environment[name])
    } catch (error) {
      if (!(error instanceof SettingProblem)) throw error
      problems.push(error.message)
    }
  }
  problems.push(...modeProblems(values, environment))
  const proxy = proxyProblem(environment)
  if (proxy !== undefined) problems.push(proxy)
  const near = misspeltSettings(environment)
  problems.push(...near.map(([wrong, right]) => `${wrong} is no setting; ${right} is meant, or it has to be removed.`))
  if (problems.length > 0) throw new MonitorError('setting-invalid', problems.join(' '))
  return values as Settings
}

/** What does not go with the place where the monitor runs. */
function modeProblems(values: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string | undefined>>): string[] {
  const { MONITOR_MODE: mode, USER_HASH_KEY: hashKey, OPERATOR_KEY: operatorKey, EASY_AUTH: easyAuth, HEARTBEAT_URL: heartbeat } = values
  const problems: string[] = []
  if (mode === 'azure' && hashKey === '') problems.push(`USER_HASH_KEY is missing: it has to be ${settingRows.USER_HASH_KEY.expects}.`)
  if (mode === 'azure' && typeof operatorKey === 'string' && operatorKey !== '' && operatorKey.length < operatorKeyLengthMin) {
    problems.push(`OPERATOR_KEY has to be ${settingRows.OPERATOR_KEY.expects}.`)
  }
  if (mode === 'azure' && typeof heartbeat === 'string' && heartbeat.startsWith('http:')) {
    problems.push(`HEARTBEAT_URL has to be ${settingRows.HEARTBEAT_URL.expects}.`)
  }
  // https://learn.microsoft.com/azure/app-service/reference-app-settings
  if (mode === 'local' && environment['WEBSITE_SITE_NAME']) {
    problems.push('MONITOR_MODE has to be azure in Azure: local opens the routes of the operator.')
  }
  if (easyAuth === 'on' && environment['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'false') {
    problems.push('EASY_AUTH is on, but App Service says that built-in authentication is off: switch it on, or set EASY_AUTH to off.')
  }
  return problems
}

function readSetting(name: SettingName, row: SettingRow<unknown>, given: string | undefined): unknown {
  const text = given === undefined || given.trim() === '' ? row.fallback : given.trim()
  if (text === undefined) throw new SettingProblem(`${name} is missing: it has to be ${row.expects}.`)
  if (/^@Microsoft\.KeyVault\b/i.test(text)) {
    throw new SettingProblem(
      `${name} is a Key Vault reference that was not resolved: check the secret, its firewall and the identity's role Key Vault Secrets User.`,
    )
  }
  try {
    const value = row.read(text)
    if (value !== undefined) return value
  } catch (error) {
    if (error instanceof SettingProblem) throw new SettingProblem(`${name} ${error.message}; it has to be ${row.expects}.`)
    throw error
  }
  throw new SettingProblem(`${name} has to be ${row.expects}.`)
}

/** Names that are one slip away from a setting that is not given itself. */
function misspeltSettings(environment: Readonly<Record<string, string | undefined>>): [string, SettingName][] {
  const names = (Object.keys(settingRows) as SettingName[]).filter((name) => name.length >= 7)
  const given = Object.keys(environment).filter((name) => !(name in settingRows))
  return given.flatMap((name) => {
    const meant = names.find((right) => environment[right] === undefined && isOneSlip(name.toUpperCase(), right))
    return meant ? [[name, meant] as [string, SettingName]] : []
  })
}

/** Whether one letter is missing, too many, wrong, or swapped with its neighbour. */
export function isOneSlip(wrong: string, right: string): boolean {
  if (wrong === right || Math.abs(wrong.length - right.length) > 1) return false
  let start = 0
  while (start < wrong.length && wrong[start] === right[start]) start++
  const [restWrong, restRight] = [wrong.slice(start), right.slice(start)]
  if (restWrong.slice(1) === restRight || restWrong === restRight.slice(1) || restWrong.slice(1) === restRight.slice(1)) return true
  return restWrong[0] === restRight[1] && restWrong[1] === restRight[0] && restWrong.slice(2) === restRight.slice(2)
}
