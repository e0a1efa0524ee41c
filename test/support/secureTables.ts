import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import type { Certified } from './certificates'

/** A table service that takes tokens over https and no key, as the one of a deployed monitor does. */
export interface SecureTables {
  /** `https://localhost:<port>/devstoreaccount1` */
  readonly endpoint: string
  stop(): Promise<void>
}

/** Starts the storage emulator with OAuth. Its certificate is written into the folder, which is the caller's to remove. */
export async function startSecureTables(folder: string, { certificate, key }: Certified): Promise<SecureTables> {
  const [certFile, keyFile] = [path.join(folder, 'tables.pem'), path.join(folder, 'tables.key')]
  writeFileSync(certFile, certificate)
  writeFileSync(keyFile, key)
  const port = await freePort()
  const options = ['--oauth', 'basic', '--cert', certFile, '--key', keyFile, '--tableHost', '127.0.0.1', '--tablePort', String(port)]
  const child = spawn(
    process.execPath,
    [
      require.resolve('azurite/dist/src/table/main.js'),
      '--inMemoryPersistence',
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      ...options,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], windowsHide: true },
  )
  await listening(child)
  return {
    endpoint: `https://localhost:${port}/devstoreaccount1`,
    stop: async () => {
      const ended = once(child, 'close')
      child.kill()
      await ended
    },
  }
}

async function listening(child: ChildProcess): Promise<void> {
  let said = ''
  for await (const text of child.stdout?.setEncoding('utf8') ?? []) {
    said += text
    if (said.includes('successfully started')) break
  }
  if (!said.includes('successfully started')) throw new Error(`The table service ended before it listened: ${said}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
