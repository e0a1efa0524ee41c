import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { startSimulatedTenant } from '../local/simulatedTenant/simulatedTenant'
import { benchStart } from './rows'

/** When the simulated tenant believes to be; its history ends here. */
export const graphNow = benchStart + 3_600_000

/** Runs in a process of its own: a simulated tenant that refuses no request, until nobody listens any more. */
export async function serveSimulatedGraph(size: string): Promise<void> {
  const [rowsPerDay, historyHours] = size.split(' ').map(Number)
  const tenant = await startSimulatedTenant({
    clock: () => graphNow,
    ...(rowsPerDay === undefined ? {} : { rowsPerDay }),
    historyHours: historyHours ?? 2,
    lateness: false,
    requestsPerTenSeconds: Number.MAX_SAFE_INTEGER,
  })
  process.stdout.write(`${tenant.baseUrl}\n`)
  process.stdin.resume()
  await once(process.stdin, 'close')
  await tenant.close()
}

/** Starts {@link serveSimulatedGraph} and answers where it listens. */
export async function startSimulatedGraph(rowsPerDay: number, historyHours = 2): Promise<{ baseUrl: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [process.argv[1] ?? '', 'simulatedGraph', `${rowsPerDay} ${historyHours}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  for await (const baseUrl of createInterface({ input: child.stdout })) {
    return {
      baseUrl,
      stop: async () => {
        child.stdin.end()
        await ended
      },
    }
  }
  throw new Error('The simulated Graph ended before it listened.')
}
