import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/** The place of some work in a trace of several systems. */
export interface TraceContext {
  readonly traceId: string
  readonly spanId: string
  readonly flags: string
}

const current = new AsyncLocalStorage<TraceContext>()
const pattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/

/**
 * Reads a `traceparent`; undefined for a text that is none.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceParent(text: string | undefined): TraceContext | undefined {
  const [, traceId, spanId, flags] = pattern.exec(text ?? '') ?? []
  return traceId === undefined || spanId === undefined || flags === undefined ? undefined : { traceId, spanId, flags }
}

/** The `traceparent` of a context. */
export const formatTraceParent = ({ traceId, spanId, flags }: TraceContext): string => `00-${traceId}-${spanId}-${flags}`

/** Does some work under the trace that the host gave to its invocation; without one as it is. */
export function inTraceOf<Result>(traceParent: string | undefined, work: () => Promise<Result>): Promise<Result> {
  const context = parseTraceParent(traceParent)
  return context ? current.run(context, work) : work()
}

/** A new span under the trace of the invocation that the call belongs to; undefined where it belongs to none. */
export function childSpan(): TraceContext | undefined {
  const parent = current.getStore()
  return parent && { ...parent, spanId: randomBytes(8).toString('hex') }
}

/** The `traceparent` of {@link childSpan}. */
export function childTraceParent(): string | undefined {
  const span = childSpan()
  return span && formatTraceParent(span)
}
