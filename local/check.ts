import type { Check, CheckItem } from '../shared/pipelines/answerCheck'
import { MonitorError } from '../shared/runtime/errors'
import { proxyFetch } from '../shared/runtime/proxy'
import type { CommandIo } from './commandIo'

/** Which monitor is asked, and how its answer is printed. */
export interface CheckArguments {
  /** Root of the monitor; without it `MONITOR_URL`, or the local one on `PORT`. */
  readonly url?: string
  readonly json: boolean
}

const signs: Readonly<Record<CheckItem['state'], string>> = { ok: '=', missing: '!', optional: '-', unknown: '?' }

/**
 * Asks a monitor what works and what is missing, and prints it with the commands that mend it. Answers 1 where something is missing.
 * Throws `usage` for a wrong address, `input-unreadable` where the monitor does not answer the check.
 */
export const runCheck = async (args: CheckArguments, io: CommandIo, ask: typeof fetch = proxyFetch()): Promise<number> => {
  const check = await askMonitor(rootOf(args, io.env), io.env['MONITOR_FUNCTION_KEY'], ask)
  if (args.json) io.stdout.write(`${JSON.stringify(check, undefined, 2)}\n`)
  else io.stdout.write(renderCheck(check))
  return check.status === 'ok' ? 0 : 1
}

function rootOf({ url }: CheckArguments, env: CommandIo['env']): string {
  const root = (url ?? (env['MONITOR_URL'] || `http://127.0.0.1:${env['PORT'] || '7071'}`)).replace(/\/+$/, '')
  const parsed = URL.canParse(root) ? new URL(root) : undefined
  const isLoopback = parsed !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname)
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback)) return root
  throw new MonitorError('usage', '--url has to be an https address, or http on loopback, such as https://func-signins.azurewebsites.net.')
}

async function askMonitor(root: string, key: string | undefined, ask: typeof fetch): Promise<Check> {
  const answer = await ask(`${root}/api/check`, {
    headers: { accept: 'application/json', ...(key ? { 'x-functions-key': key } : {}) },
    redirect: 'error',
    signal: AbortSignal.timeout(60_000),
  }).catch((cause: unknown) => {
    throw new MonitorError('input-unreadable', `${root} cannot be reached. Is npm start running, or is --url the address of the app?`, {
      cause,
    })
  })
  if (answer.status === 401 || answer.status === 403) {
    throw new MonitorError(
      'input-unreadable',
      `${root} wants the key of the function getCheck in MONITOR_FUNCTION_KEY: az functionapp function keys list --function-name getCheck`,
    )
  }
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.status === 200 && isCheck(body)) return body
  const detail = (body as { detail?: unknown } | undefined)?.detail
  throw new MonitorError(
    'input-unreadable',
    typeof detail === 'string' ? detail : `${root} did not answer the check (status ${answer.status}).`,
  )
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
