import { type Check, type CheckItem, type MendNames, mendWords, withNames } from '../shared/pipelines/check'
import { MonitorError } from '../shared/runtime/errors'
import { proxyFetch } from '../shared/runtime/proxy'
import type { CommandIo } from './commandIo'

/** Which monitor is asked, and how its answer is printed. */
export interface CheckArguments {
  /** Root of the monitor; without it `MONITOR_URL`, or the local one on `PORT`. */
  readonly url?: string
  readonly json: boolean
  /** Asks Graph, as whoever is signed in to Azure, whether what the token lacks was granted already. */
  readonly askGraph?: boolean
}

/** The permissions on Microsoft Graph that an identity holds. */
type GrantedPermissions = (principal: string) => Promise<readonly string[]>

const signs: Readonly<Record<CheckItem['state'], string>> = { ok: '=', missing: '!', optional: '-', unknown: '?' }

/**
 * Asks a monitor what works and what is missing, and prints it with the commands that mend it. Answers 1 where something is missing.
 * Throws `usage` for a wrong address, `input-unreadable` where the monitor does not answer the check.
 */
export const runCheck = async (
  args: CheckArguments,
  io: CommandIo,
  ask: typeof fetch = proxyFetch(),
  granted: GrantedPermissions = async (principal) => (await import('./grant')).grantedPermissions(principal, io.env),
): Promise<number> => {
  const answer = await askMonitor(rootOf(args, io.env), io.env, ask)
  const { principal } = answer.identity
  const named = withKnownNames(answer, io.env)
  const check = args.askGraph && principal !== null ? withGranted(named, await granted(principal)) : named
  if (args.json) io.stdout.write(`${JSON.stringify(check, undefined, 2)}\n`)
  else io.stdout.write(renderCheck(check))
  return check.status === 'ok' ? 0 : 1
}

/** The check with the outputs of the deployment in its commands, as far as the environment holds them: `azd env get-values` prints them. */
function withKnownNames(check: Check, env: CommandIo['env']): Check {
  const names: MendNames = Object.fromEntries(mendWords.map((word) => [word, env[word]]))
  return { ...check, items: check.items.map((item) => withNames(item, names)) }
}

/** The check with every permission that was granted after the token was issued said to be on its way. */
function withGranted(check: Check, granted: readonly string[]): Check {
  const items = check.items.map((item): CheckItem => {
    if (item.area !== 'permission' || item.state === 'ok' || !granted.includes(item.name)) return item
    const since = check.identity.tokenIssuedAt === null ? '' : ` of ${check.identity.tokenIssuedAt}`
    const detail = `It is granted, but the kept token${since} does not hold it yet. The next one does, within about a day; a restart does not bring it forward.`
    return { ...item, detail, mend: null }
  })
  return { ...check, items }
}

function rootOf({ url }: CheckArguments, env: CommandIo['env']): string {
  const root = (url ?? (env['MONITOR_URL'] || `http://127.0.0.1:${env['PORT'] || '7071'}`)).replace(/\/+$/, '')
  const parsed = URL.canParse(root) ? new URL(root) : undefined
  const isLoopback = parsed !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname)
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback)) return root
  throw new MonitorError('usage', '--url has to be an https address, or http on loopback, such as https://func-signins.azurewebsites.net.')
}

/** What a caller shows of itself: the key of the function, the operator's key, and a token where built-in authentication is on. */
function callerHeaders(env: CommandIo['env']): Record<string, string> {
  const { MONITOR_FUNCTION_KEY: functionKey, OPERATOR_KEY: operatorKey, MONITOR_TOKEN: token } = env
  return {
    ...(functionKey ? { 'x-functions-key': functionKey } : {}),
    ...(operatorKey ? { 'x-operator-key': operatorKey } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
}

async function askMonitor(root: string, env: CommandIo['env'], ask: typeof fetch): Promise<Check> {
  const answer = await ask(`${root}/api/check`, {
    headers: { accept: 'application/json', ...callerHeaders(env) },
    redirect: 'error',
    signal: AbortSignal.timeout(60_000),
  }).catch((cause: unknown) => {
    throw new MonitorError('input-unreadable', `${root} cannot be reached. Is npm start running, or is --url the address of the app?`, {
      cause,
    })
  })
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.status === 200 && isCheck(body)) return body
  const { code, detail } = (body ?? {}) as { code?: unknown; detail?: unknown }
  const mend = typeof code === 'string' ? refusalMends[code]?.(env) : undefined
  if (mend !== undefined) throw new MonitorError('input-unreadable', `${root} refuses: ${detail} ${mend}`.trim())
  if (answer.status === 401 || answer.status === 403) throw new MonitorError('input-unreadable', `${root} refuses. ${functionKeyMend}`)
  throw new MonitorError(
    'input-unreadable',
    typeof detail === 'string' ? detail : `${root} did not answer the check (status ${answer.status}).`,
  )
}

const functionKeyMend =
  'It wants the key of the function getCheck in MONITOR_FUNCTION_KEY: az functionapp function keys list --name MONITOR_APP_NAME --resource-group MONITOR_RESOURCE_GROUP --function-name getCheck. With built-in authentication it wants a token in MONITOR_TOKEN as well: az account get-access-token --resource api://CLIENT_ID'

const tokenMend = (): string =>
  'This command sends the variable MONITOR_TOKEN: az account get-access-token --resource api://CLIENT_ID --query accessToken --output tsv.'

const operatorKeyMend = ({ MONITOR_VAULT_NAME: vault, MONITOR_OPERATOR_SECRET: secret }: CommandIo['env']): string =>
  `This command sends the variable OPERATOR_KEY: az keyvault secret show --vault-name ${vault || 'MONITOR_VAULT_NAME'} --name ${secret || 'MONITOR_OPERATOR_SECRET'} --query value --output tsv.`

/** How the caller of this command shows what the monitor misses, by the code of its refusal. */
const refusalMends: Readonly<Record<string, (env: CommandIo['env']) => string>> = {
  'operator-key-missing': operatorKeyMend,
  'operator-key-wrong': operatorKeyMend,
  'operator-not-set-up': () => '',
  'principal-missing': tokenMend,
  'principal-unreadable': tokenMend,
  'role-missing': () => '',
}

const isCheck = (body: unknown): body is Check => Array.isArray((body as { items?: unknown } | undefined)?.items)

function renderCheck({ items, status, tenantId, version }: Check): string {
  const lines = items.flatMap(({ area, name, state, detail, mend }) => [
    `${signs[state]} ${area.padEnd(10)} ${name}: ${detail}`,
    ...(mend === null ? [] : [`  ${' '.repeat(10)} > ${mend}`]),
  ])
  const missing = items.filter(({ state }) => state === 'missing').length
  const end = status === 'ok' ? 'Nothing is missing.' : `${missing} missing (!).`
  return [
    `Tenant ${tenantId}, version ${version}`,
    '',
    ...lines,
    '',
    `${end} Legend: = works, ! missing, - could be better, ? cannot be seen.`,
    '',
  ].join('\n')
}
