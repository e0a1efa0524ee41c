import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import type { HostLogEntry } from '../../../local/host/appModel'
import type { FunctionsHostOptions } from '../../../local/host/functionsHost'

/** A compiled app in a folder of its own, and the host that runs it in processes of their own. */
export interface CompiledApp {
  readonly root: string
  readonly script: string
  remove(): void
}

export const compileApp = (): CompiledApp => {
  const root = mkdtempSync(path.join(tmpdir(), 'functions-host-'))
  const common = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' } as const
  buildSync({
    ...common,
    entryPoints: [path.join(__dirname, 'exampleApp.ts')],
    outfile: path.join(root, 'dist', 'app.js'),
    external: ['@azure/functions-core'],
  })
  buildSync({ ...common, entryPoints: [path.join(__dirname, 'hostInChild.ts')], outfile: path.join(root, 'hostInChild.js') })
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ main: 'dist/app.js' }))
  writeFileSync(path.join(root, 'host.json'), JSON.stringify({ version: '2.0', extensions: { http: { routePrefix: 'api' } } }))
  writeFileSync(path.join(root, 'empty.js'), '')
  return { root, script: path.join(root, 'hostInChild.js'), remove: () => rmSync(root, { recursive: true, force: true }) }
}

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly message: string; readonly code?: string }
  readonly log?: HostLogEntry
  readonly terminated?: true
}

/** One running host. */
export class HostProcess {
  readonly logs: HostLogEntry[] = []
  terminated = false
  port = 0
  functions: readonly string[] = []
  readonly #child: ChildProcess

  /** The environment is for what Node itself reads when a process begins. */
  constructor(compiled: CompiledApp, environment: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...environment }
    this.#child = fork(compiled.script, { execArgv: [], env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', (answer: Answer) => {
      if (answer.log) this.logs.push(answer.log)
      if (answer.terminated) this.terminated = true
    })
  }

  async start(options: Omit<FunctionsHostOptions, 'log'>): Promise<this> {
    const started = (await this.#ask({ start: options })) as { port: number; functions: string[] }
    this.port = started.port
    this.functions = started.functions
    return this
  }

  run(name: string): Promise<unknown> {
    return this.#ask({ run: name })
  }

  stop(): Promise<unknown> {
    return this.#ask({ stop: true })
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  #ask(message: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const listen = (answer: Answer): void => {
        if (answer.error) reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }))
        else if ('result' in answer) resolve(answer.result)
        else return
        this.#child.off('message', listen)
      }
      this.#child.on('message', listen)
      this.#child.send(message)
    })
  }
}
