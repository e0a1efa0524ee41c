/** What the Functions host and the worker's library say to each other. Only the parts that HTTP and timer functions need. */

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none'

/** One line of the host's log. `category` is `Host` for the host itself, else what the library names. */
export interface HostLogEntry {
  readonly level: LogLevel
  readonly category: string
  readonly message: string
  readonly functionName?: string
  readonly invocationId?: string
}

export type HostLog = (entry: HostLogEntry) => void

/** A trigger or an output of a function, as the app registered it. */
interface Binding {
  readonly type: string
  readonly direction?: string
  readonly route?: string
  readonly methods?: readonly string[]
  readonly schedule?: string
  readonly useMonitor?: boolean
  readonly runOnStartup?: boolean
}

export interface FunctionMetadata {
  readonly name: string
  readonly bindings: Readonly<Record<string, Binding>>
}

export type FunctionCallback = (...args: unknown[]) => unknown

/** A function that the app registered, with its trigger found. */
export interface RegisteredFunction {
  readonly name: string
  readonly metadata: FunctionMetadata
  readonly callback: FunctionCallback
  readonly triggerName: string
  readonly trigger: Binding
}

interface HttpRequestFacts {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly params: Readonly<Record<string, string>>
  readonly body: TypedData | undefined
}

export interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain?: { readonly value: string }
  readonly path?: { readonly value: string }
  readonly expires?: { readonly value: { readonly seconds: number } }
  readonly secure?: { readonly value: boolean }
  readonly httpOnly?: { readonly value: boolean }
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone'
  readonly maxAge?: { readonly value: number }
}

export interface HttpResponseFacts {
  readonly statusCode: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly Cookie[]
  readonly body?: TypedData
}

/** The union in which arguments and results travel between host and library. */
export interface TypedData {
  readonly string?: string
  readonly json?: string
  readonly bytes?: Uint8Array
  readonly http?: HttpRequestFacts | HttpResponseFacts | Readonly<Record<string, never>>
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null
}

/** The library's side of one invocation; the host calls the three in this order. */
interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>
}

export interface ProgrammingModel {
  getInvocationModel(coreContext: unknown): InvocationModel
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>
}

export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log'
export type HookCallback = (context: Record<string, unknown>) => unknown
