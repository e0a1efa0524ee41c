import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

const root = path.join(__dirname, '..', '..')
/** The built product may run under another Node than the tests. */
const node = process.env['PRODUCT_NODE'] ?? process.execPath

/** An answer with its whole body. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Buffer
  /** Decoded by its `content-encoding`. */
  readonly text: string
}

/** One run of the command line to its end. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** The product as its users start it, in a process of its own. */
export interface Product {
  readonly port: number
  readonly pid: number
  /** Everything that it has written so far, standard output and error in order. */
  output(): string
  get(address: string, headers?: Record<string, string>): Promise<Answer>
  send(method: string, address: string, headers?: Record<string, string>, body?: string): Promise<Answer>
  /** The body of an answer of the given status. */
  json<Body>(address: string, status?: number): Promise<Body>
  /** Runs the monitor once, through the administration route, and waits for its end. */
  tick(): Promise<void>
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

const startMs = 40_000
const tickMs = 60_000
/** What a process needs of its surroundings; everything else would be a setting. */
const inherited = ['PATH', 'Path', 'SYSTEMROOT', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'HOME', 'USERPROFILE']

/** Products of one test file: whatever still runs after its tests is ended. */
export function useProducts(): { start(env?: Record<string, string>): Promise<Product> } {
  const children: ChildProcess[] = []
  beforeAll(buildIfStale, 120_000)
  afterAll(() => {
    for (const child of children) if (isRunning(child)) child.kill('SIGKILL')
  })
  return {
    start: (env = {}) => {
      const { child, ended, output } = spawnCli(['start', '--verbose'], { PORT: '0', TIMERS: 'off', ...env })
      children.push(child)
      return started(child, ended, output)
    },
  }
}

/** Runs the command line until it ends by itself. */
export async function runCommand(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  buildIfStale()
  const { child, ended } = spawnCli(args, env)
  const timer = setTimeout(() => child.kill('SIGTERM'), startMs)
  return ended.finally(() => clearTimeout(timer))
}

function spawnCli(args: readonly string[], env: Record<string, string>) {
  const surroundings = Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
  const child = spawn(node, [path.join(root, 'dist', 'local', 'cli.js'), ...args], {
    env: { ...surroundings, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  let written = ''
  const hear = (text: string): void => {
    written += text
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output: written }))
  })
  return { child, ended, output: () => written }
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null

async function started(child: ChildProcess, ended: Promise<Ended>, output: () => string): Promise<Product> {
  const port = await until(startMs, () => {
    if (!isRunning(child)) throw new Error(`The product ended before it listened:\n${output()}`)
    const port = /functions on http:\/\/127\.0\.0\.1:(\d+)/.exec(output())?.[1]
    return port === undefined ? undefined : Number(port)
  })
  const send: Product['send'] = (method, address, headers = {}, body = '') => ask(port, method, address, headers, body)
  const json = async <Body>(address: string, status = 200): Promise<Body> => {
    const answer = await send('GET', address)
    if (answer.status !== status) throw new Error(`${address} answers ${answer.status}: ${answer.text.slice(0, 500)}`)
    return JSON.parse(answer.text) as Body
  }
  return {
    port,
    pid: child.pid ?? 0,
    output,
    send,
    json,
    get: (address, headers) => send('GET', address, headers),
    tick: async () => {
      const before = runsEnded(output())
      const answer = await send('POST', '/admin/functions/monitorSignIns', { 'content-type': 'application/json' }, '{"input": ""}')
      if (answer.status !== 202) throw new Error(`The administration route answers ${answer.status}: ${answer.text}`)
      await until(tickMs, () => (runsEnded(output()) > before ? true : undefined))
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
  }
}

const runsEnded = (output: string): number => [...output.matchAll(/monitorSignIns (?:succeeded|failed)/g)].length

/** Asks again and again until there is something; throws when it takes too long. */
export async function until<Found>(withinMs: number, look: () => Found | undefined | Promise<Found | undefined>): Promise<Found> {
  const startedAt = Date.now()
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() - startedAt > withinMs) throw new Error(`It did not happen within ${withinMs / 1000} seconds.`)
    await pause(100)
  }
}

function ask(port: number, method: string, address: string, headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path: address, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const found = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]))
        resolve({ status: response.statusCode ?? 0, headers: found, bytes, text: decoded(bytes, found['content-encoding']) })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function decoded(bytes: Buffer, encoding: string | undefined): string {
  if (bytes.length === 0) return ''
  if (encoding === 'br') return brotliDecompressSync(bytes).toString()
  return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString()
}

const sources = ['functions', 'shared', 'local']
const lock = path.join(tmpdir(), `entra-signin-monitor-build-${Buffer.from(root).toString('hex').slice(-40)}`)
const lockStaleMs = 60_000

/** Builds where a source is newer than what was built from it. One process builds at a time. */
function buildIfStale(): void {
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > lockStaleMs) rmSync(lock, { recursive: true, force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  try {
    if (builtAt() < newestSource()) execFileSync(process.execPath, [path.join(root, 'build.mjs')], { cwd: root, stdio: 'inherit' })
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function builtAt(): number {
  const files = ['dist/boot.js', 'dist/index.js', 'dist/local/cli.js'].map((file) => path.join(root, file))
  return Math.min(...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0))
}

function newestSource(): number {
  const files = sources.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(root, folder, file)),
  )
  return Math.max(...[...files, path.join(root, 'build.mjs'), path.join(root, 'package.json')].map((file) => statSync(file).mtimeMs))
}
