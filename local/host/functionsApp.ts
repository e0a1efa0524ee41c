import { randomBytes, randomUUID } from 'node:crypto'
import { createRequire, Module } from 'node:module'
import { MonitorError } from '../../shared/runtime/errors'
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  HostLog,
  InvocationResponse,
  LogLevel,
  ProgrammingModel,
  RegisteredFunction,
  TypedData,
} from './appModel'

const coreModule = '@azure/functions-core'
const hookNames: readonly string[] = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] satisfies HookName[]

/** A compiled app that was loaded into this process. */
export interface FunctionsApp {
  readonly functions: ReadonlyMap<string, RegisteredFunction>
  /** What the library asks of the host; `HttpUri` is where bodies go when the app streams HTTP. */
  readonly capabilities: Readonly<Record<string, string>>
  readonly invoke: Invoke
  /** Runs the app's termination hooks and forgets the app, so that it can be loaded again. */
  unload(): Promise<void>
}

/** One invocation in the worker's order: arguments, hooks, handler, hooks, response. Rejects with the handler's error. */
export type Invoke = (target: RegisteredFunction, input: TypedData, options?: InvocationOptions) => Promise<InvocationResponse>

interface InvocationOptions {
  readonly invocationId?: string
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>
  /** The W3C `traceparent` of the caller. */
  readonly traceParent?: string | undefined
}

/**
 * Loads a compiled CommonJS app the way the Node worker does: the module `@azure/functions-core`, which is in no registry,
 * is given by the host, and the genuine `@azure/functions` library inside the app talks to it.
 * Throws `setting-invalid` where the entry cannot be found or registers nothing; an error of the app itself passes through.
 * @see https://github.com/Azure/azure-functions-nodejs-worker
 */
export const loadFunctionsApp = async (root: string, entry: string, log: HostLog): Promise<FunctionsApp> => {
  const functions = new Map<string, RegisteredFunction>()
  const hooks = new Map<string, HookCallback[]>(hookNames.map((name) => [name, []]))
  const appHookData = {}
  let model: ProgrammingModel | undefined
  let started = false

  const core = {
    version: '3.10.0',
    hostVersion: '4.34.0',
    Disposable,
    setProgrammingModel: (given: ProgrammingModel) => {
      model = given
    },
    getProgrammingModel: () => model,
    log: (level: LogLevel, category: string, message: string) => log({ level, category, message }),
    registerHook: (name: string, callback: HookCallback) => {
      const callbacks = hooks.get(name)
      if (!callbacks) throw Object.assign(new RangeError(`There is no hook "${name}".`), { isAzureFunctionsSystemError: true })
      callbacks.push(callback)
      return new Disposable(() => void callbacks.splice(callbacks.indexOf(callback), 1))
    },
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => {
      if (started) throw new Error('A function can only be registered while the app starts.')
      if (functions.has(metadata.name)) throw new Error(`There are two functions of the name ${metadata.name}.`)
      functions.set(metadata.name, withTrigger(metadata, callback))
      return new Disposable(() => void functions.delete(metadata.name))
    },
  }

  const runHooks = async (name: HookName, context: Record<string, unknown>): Promise<void> => {
    for (const hook of [...(hooks.get(name) ?? [])]) await hook(context)
  }

  const invoke: Invoke = async (target, input, options = {}) => {
    if (!model) throw new Error('The app has no programming model.')
    const invocationId = options.invocationId ?? randomUUID()
    const hookData = {}
    let context: unknown
    const core = {
      invocationId,
      metadata: target.metadata,
      state: undefined as string | undefined,
      request: {
        invocationId,
        functionId: target.name,
        inputData: [{ name: target.triggerName, data: input }],
        triggerMetadata: options.triggerMetadata ?? {},
        traceContext: { traceParent: options.traceParent ?? newTraceParent(), traceState: '' },
      },
      log: (level: LogLevel, category: string, message: string) => {
        // A log hook may rewrite the line, so all of them see it before it is written.
        const line: Record<string, unknown> = { hookData, appHookData, level, category, message, invocationContext: context }
        for (const hook of hooks.get('log') ?? []) hook(line)
        log({ level: line['level'] as LogLevel, category, message: String(line['message']), functionName: target.name, invocationId })
      },
    }
    const invocation = model.getInvocationModel(core)
    const given = await invocation.getArguments()
    context = given.context

    const before = { hookData, appHookData, invocationContext: context, functionCallback: target.callback, inputs: given.inputs }
    core.state = 'preInvocationHooks'
    await runHooks('preInvocation', before)

    const after = {
      hookData,
      appHookData,
      invocationContext: context,
      inputs: before.inputs,
      result: null as unknown,
      error: null as unknown,
    }
    core.state = 'invocation'
    try {
      after.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback)
    } catch (error) {
      after.error = error ?? new Error(`${target.name} threw nothing that says why.`)
    }
    core.state = 'postInvocationHooks'
    await runHooks('postInvocation', after)
    core.state = undefined
    if (after.error) throw after.error
    return invocation.getResponse(context, after.result)
  }

  const restoreRequire = giveCoreModule(core)
  const load = createRequire(`${root}/`)
  const before = new Set(Object.keys(load.cache))
  const forget = (): void => {
    restoreRequire()
    for (const file of Object.keys(load.cache)) if (!before.has(file)) delete load.cache[file]
  }
  try {
    load(entryFile(load, root, entry))
    if (!model || functions.size === 0) {
      throw new MonitorError('setting-invalid', `${entry} registers no function. Its bundle has to leave ${coreModule} external.`)
    }
    await runHooks('appStart', { hookData: {}, appHookData, functionAppDirectory: root })
    const capabilities = await (model as ProgrammingModel).getCapabilities({})
    started = true
    return {
      functions,
      capabilities,
      invoke,
      unload: async () => {
        try {
          await runHooks('appTerminate', { hookData: {}, appHookData })
        } finally {
          forget()
        }
      },
    }
  } catch (error) {
    forget()
    throw error
  }
}

/** Undoes a registration, once. */
class Disposable {
  #undo: (() => void) | undefined

  constructor(undo: () => void) {
    this.#undo = undo
  }

  static from(...parts: readonly { dispose(): void }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose()
    })
  }

  dispose(): void {
    this.#undo?.()
    this.#undo = undefined
  }
}

function entryFile(load: NodeJS.Require, root: string, entry: string): string {
  try {
    return load.resolve(`./${entry.replaceAll('\\', '/').replace(/^\.\//, '')}`)
  } catch (cause) {
    throw new MonitorError('setting-invalid', `There is no ${entry} in ${root}. Build first: npm run build.`, { cause })
  }
}

function withTrigger(metadata: FunctionMetadata, callback: FunctionCallback): RegisteredFunction {
  const found = Object.entries(metadata.bindings).find(([, binding]) => binding.type.endsWith('Trigger'))
  if (!found) throw new Error(`The function ${metadata.name} has no trigger.`)
  const [triggerName, trigger] = found
  return { name: metadata.name, metadata, callback, triggerName, trigger }
}

/** Answers every `require` of the core module in this process until the returned function is called. */
function giveCoreModule(core: unknown): () => void {
  const original = Module.prototype.require
  Module.prototype.require = Object.assign(function (this: Module, id: string): unknown {
    return id === coreModule ? core : original.call(this, id)
  }, original)
  return () => {
    Module.prototype.require = original
  }
}

/** A W3C trace context for an invocation that nobody traced yet. */
const newTraceParent = (): string => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
