import { type FunctionsHost, type FunctionsHostOptions, startFunctionsHost } from '../../../local/host/functionsHost'
import { MonitorError } from '../../../shared/runtime/errors'

// Runs a host for a test and does what its parent asks; jest gives the app a false core module, so it cannot run inside jest.
let host: FunctionsHost | undefined
const say = (message: object): void => void process.send?.(message)

process.on('message', (message: { start?: Omit<FunctionsHostOptions, 'log'>; run?: string; stop?: true }) => {
  const act = async (): Promise<unknown> => {
    if (message.start) {
      host = await startFunctionsHost({ ...message.start, log: (entry) => say({ log: entry }) })
      return { port: host.port, functions: host.functions }
    }
    if (message.run !== undefined) return host?.run(message.run)
    return host?.stop()
  }
  act().then(
    (result) => say({ result: result ?? null }),
    (error: Error) => say({ error: { message: error.message, code: error instanceof MonitorError ? error.code : undefined } }),
  )
})
