import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import { MonitorError } from '../shared/runtime/errors'

/** A table service of this computer that forgets everything when it stops. */
export interface StorageEmulator {
  /** Root of the table service, with the account's name: `http://127.0.0.1:<port>/devstoreaccount1`. */
  readonly tablesEndpoint: string
  /** Ends the process; a second call is fine. */
  stop(): Promise<void>
}

const startMs = 30_000
const stopMs = 5_000
const portsTriedMax = 5
const linesKept = 10

/**
 * Starts Azurite's table service in a process of its own, in memory, on a free port of the loopback address, and answers
 * when it listens. It ends with this process. Throws `table-unavailable` with the last words of an emulator that could not start.
 * @see https://learn.microsoft.com/azure/storage/common/storage-use-azurite
 */
export async function startStorageEmulator(): Promise<StorageEmulator> {
  for (let tried = 1; ; tried++) {
    const port = await freePort()
    const child = startTableService(port)
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()))
    try {
      await listening(child)
      return { tablesEndpoint: `http://127.0.0.1:${port}/devstoreaccount1`, stop: () => stop(child, ended) }
    } catch (error) {
      await stop(child, ended)
      // Somebody else may take the port between our asking for it and the emulator's opening it.
      const taken = error instanceof MonitorError && error.message.includes('EADDRINUSE')
      if (!taken || tried === portsTriedMax) throw error
    }
  }
}

/** Runs before the emulator: it ends when the pipe to its parent closes, however the parent ended. */
const endWithParent = `data:text/javascript,process.stdin.on('close',()=>process.exit()).resume()`

const startTableService = (port: number): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--import',
      endWithParent,
      tableServicePath(),
      '--inMemoryPersistence',
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      '--tableHost',
      '127.0.0.1',
      '--tablePort',
      String(port),
    ],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own, so that Ctrl-C reaches this process alone and the last write still finds a table service.
      detached: process.platform !== 'win32',
    },
  )

function tableServicePath(): string {
  try {
    return require.resolve('azurite/dist/src/table/main.js')
  } catch (cause) {
    throw new MonitorError(
      'table-unavailable',
      'The storage emulator is not installed. Run npm ci, or name a table service with TABLES_ENDPOINT.',
      { cause },
    )
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = []
    const timer = setTimeout(() => fail(`did not listen within ${startMs / 1_000} seconds`), startMs)
    const fail = (why: string, cause?: unknown): void => {
      clearTimeout(timer)
      const said = lines.length === 0 ? 'It said nothing.' : `It said: ${lines.join(' / ')}`
      reject(new MonitorError('table-unavailable', `The storage emulator ${why}. ${said}`, { cause }))
    }
    const hear = (text: string): void => {
      lines.push(...text.split(/\r?\n/).filter((line) => line !== ''))
      lines.splice(0, lines.length - linesKept)
      if (!lines.some((line) => line.includes('successfully started'))) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout?.setEncoding('utf8').on('data', hear)
    child.stderr?.setEncoding('utf8').on('data', hear)
    child.once('error', (cause) => fail('could not be started', cause))
    child.once('close', (code, signal) => fail(`ended with ${signal ?? `code ${code}`} before it listened`))
  })
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
  child.stdin?.on('error', () => undefined).end()
  await ended
  clearTimeout(timer)
}
