import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { MonitorError } from '../../shared/runtime/errors'
import { administer } from './administration'
import type { HostLog, RegisteredFunction, TypedData } from './appModel'
import { type FunctionsApp, type Invoke, loadFunctionsApp } from './functionsApp'
import { createHttpServer } from './httpServer'
import { parseSchedule } from './schedule'
import { startTimer, type Timer } from './timer'

export interface FunctionsHostOptions {
  /** The folder with `host.json` and `package.json`. */
  readonly root: string
  /** The compiled CommonJS entry relative to the folder; without it the `main` of `package.json`. */
  readonly entry?: string
  /** 0 takes any free port. */
  readonly port: number
  /** Whether timer functions run by their schedule; without it only when they are asked to. */
  readonly timers: boolean
  /** Settings that the app finds in its environment until the host stops. */
  readonly env?: Readonly<Record<string, string>>
  readonly log: HostLog
  /** How long a stop waits for invocations that are under way. */
  readonly stopWithinMs?: number
}

export interface FunctionsHost {
  readonly port: number
  /** Names of the functions, in the order of their registration. */
  readonly functions: readonly string[]
  /** Runs a timer function now and waits for its end; rejects with its error, or `usage` where there is no such timer. */
  run(name: string): Promise<void>
  /** Takes no more work, waits for what is under way within the bound, and lets go of the port. May be called twice. */
  stop(): Promise<void>
}

/**
 * Runs a compiled Azure Functions app (Node programming model v4) in this process, without an account and without Core
 * Tools, through the genuine `@azure/functions` library. It knows HTTP and timer functions; policies for retries and the
 * time limit of `host.json` are not applied. It listens on 127.0.0.1 alone.
 * Throws `setting-invalid` where the port is taken, the app is missing, or a route, schedule or setting cannot be understood.
 */
export const startFunctionsHost = async (options: FunctionsHostOptions): Promise<FunctionsHost> => {
  const root = path.resolve(options.root)
  const restoreEnvironment = setEnvironment({ ...developmentEnvironment(), ...options.env })
  let app: FunctionsApp | undefined
  const timers = new Map<string, Timer>()
  const release = async (): Promise<void> => {
    for (const timer of timers.values()) timer.stop()
    await app?.unload()
    restoreEnvironment()
  }
  try {
    const routePrefix = readRoutePrefix(root)
    app = await loadFunctionsApp(root, options.entry ?? readMain(root), options.log)
    const { functions } = app
    const underWay = new Set<Promise<unknown>>()
    const invoke = watchedInvoke(app, underWay, options.log)
    const runTimer = async (target: RegisteredFunction): Promise<void> => {
      await invoke(target, timers.get(target.name)?.input() ?? {})
    }
    // What went wrong is in the log; a schedule goes on.
    const runQuietly = (target: RegisteredFunction): Promise<void> => runTimer(target).catch(() => undefined)
    const timerOf = (name: string): RegisteredFunction | undefined => {
      const target = functions.get(name)
      return target?.trigger.type === 'timerTrigger' ? target : undefined
    }

    const schedules = [...functions.values()]
      .filter((target) => target.trigger.type === 'timerTrigger')
      .map((target) => ({ target, schedule: parseSchedule(resolveSettings(target.trigger.schedule ?? '', target.name), Date.now()) }))
    const server = createHttpServer({
      app,
      invoke,
      routePrefix,
      administer: administer({
        functions,
        start: (name) => {
          const target = timerOf(name)
          if (target) void runQuietly(target)
        },
      }),
      log: options.log,
    })
    const port = await listen(server, options.port)
    for (const { target, schedule } of schedules) {
      const runOnStartup = target.trigger.runOnStartup === true
      timers.set(
        target.name,
        startTimer(schedule, () => runQuietly(target), { started: options.timers, runOnStartup }),
      )
    }
    options.log({ level: 'information', category: 'Host', message: `${functions.size} functions on http://127.0.0.1:${port}` })

    const stop = async (): Promise<void> => {
      for (const timer of timers.values()) timer.stop()
      server.close()
      server.closeIdleConnections()
      await within(options.stopWithinMs ?? 10_000, Promise.allSettled(underWay))
      server.closeAllConnections()
      await release()
    }
    let stopping: Promise<void> | undefined
    return {
      port,
      functions: [...functions.keys()],
      run: async (name) => {
        const target = timerOf(name)
        if (!target) throw new MonitorError('usage', `There is no timer function ${name}; there are ${[...timers.keys()].join(', ')}.`)
        await runTimer(target)
      },
      stop: () => {
        stopping ??= stop()
        return stopping
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** Logs each invocation as the real host does and remembers it until its end. */
function watchedInvoke(app: FunctionsApp, underWay: Set<Promise<unknown>>, log: HostLog): Invoke {
  return (target, input: TypedData, invocation) => {
    const startedAt = Date.now()
    const say = (level: 'information' | 'error', how: string): void =>
      log({ level, category: 'Host', message: `${target.name} ${how} after ${Date.now() - startedAt} ms`, functionName: target.name })
    const running = app.invoke(target, input, invocation).then(
      (result) => {
        say('information', 'succeeded')
        return result
      },
      (error: unknown) => {
        say('error', `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)},`)
        throw error
      },
    )
    underWay.add(running)
    const forget = (): void => void underWay.delete(running)
    running.then(forget, forget)
    return running
  }
}

/** Opens the port on the loopback address, or says which setting to change. */
async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const why = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${code})`
    throw new MonitorError('setting-invalid', `Port ${port} ${why}. Set PORT to a free one, such as PORT=${otherPort(port)}.`, { cause })
  }
  return (server.address() as AddressInfo).port
}

const otherPort = (port: number): number => (port < 1_024 ? 7_071 : port < 65_535 ? port + 1 : port - 1)

function readJson(root: string, file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, unknown>
  } catch (cause) {
    throw new MonitorError('setting-invalid', `${file} in ${root} is missing or no JSON.`, { cause })
  }
}

function readMain(root: string): string {
  const { main } = readJson(root, 'package.json')
  if (typeof main !== 'string') throw new MonitorError('setting-invalid', `package.json in ${root} has no "main".`)
  return main
}

/** `api` where host.json does not say otherwise. */
function readRoutePrefix(root: string): string {
  const { extensions } = readJson(root, 'host.json') as { extensions?: { http?: { routePrefix?: string } } }
  return (extensions?.http?.routePrefix ?? 'api').replace(/^\/+|\/+$/g, '')
}

/** Replaces each `%NAME%` by the setting of that name. */
function resolveSettings(text: string, functionName: string): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = process.env[name]
    if (value === undefined) throw new MonitorError('setting-invalid', `${functionName} needs the setting ${name}, which is not set.`)
    return value
  })
}

/** What Core Tools sets for every app, where nobody set it yet. */
const developmentEnvironment = (): Record<string, string> => ({
  FUNCTIONS_WORKER_RUNTIME: process.env['FUNCTIONS_WORKER_RUNTIME'] ?? 'node',
  AZURE_FUNCTIONS_ENVIRONMENT: process.env['AZURE_FUNCTIONS_ENVIRONMENT'] ?? 'Development',
})

/** Sets variables of this process and returns how to undo it. */
function setEnvironment(env: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(env).map((name): [string, string | undefined] => [name, process.env[name]])
  Object.assign(process.env, env)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

/** Waits for a promise, but no longer than a bound. */
async function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timeout: NodeJS.Timeout | undefined
  const bound = new Promise<void>((resolve) => {
    timeout = setTimeout(resolve, milliseconds)
  })
  await Promise.race([promise, bound])
  clearTimeout(timeout)
}
