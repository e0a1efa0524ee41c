import { parentPort, workerData } from 'node:worker_threads'
import { collectRange, type RangeTask } from './collectRange'
import { packPart } from './signInCollection'

/** The thread that collects one range of a file: it is given a {@link RangeTask} and posts {@link RangeMessage}s. */
async function run(task: RangeTask): Promise<void> {
  const part = await collectRange(task, (bytesRead, rows) => parentPort?.postMessage({ kind: 'progress', bytesRead, rows }))
  if (!part) {
    parentPort?.postMessage({ kind: 'odd' })
    return
  }
  const packed = packPart(part)
  parentPort?.postMessage({ kind: 'part', part: packed }, [packed.records.times.buffer, packed.records.numbers.buffer])
}

void run(workerData)
