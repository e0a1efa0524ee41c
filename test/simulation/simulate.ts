import { parentPort } from 'node:worker_threads'
import { type SeedResult, simulateSeed } from './simulateSeed'

/** A thread that lives through one seed after the other, as it is told, and says how each one went. */
function work(): void {
  const port = parentPort
  if (!port) throw new Error('simulate.mjs starts this file on a thread of its own.')
  port.on('message', async (seed: number) => port.postMessage(await resultOf(seed)))
  port.postMessage('ready')
}

async function resultOf(seed: number): Promise<SeedResult> {
  try {
    return await simulateSeed(seed)
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return {
      seed,
      violations: [`the simulation itself failed: ${what}`],
      faults: {},
      situations: {},
      effects: {},
      runs: 0,
      requests: 0,
      signIns: 0,
      virtualDays: 0,
    }
  }
}

work()
