import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { startStorageEmulator } from '../../local/storageEmulator'

const swc = require.resolve('@swc/core')
const source = path.resolve(__dirname, '../../local/storageEmulator.ts')

/** A parent that starts an emulator, says where it is and waits to be killed. */
const parent = `
const { transformFileSync } = require(${JSON.stringify(swc)})
require.extensions['.ts'] = (module, file) => {
  const options = { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }
  module._compile(transformFileSync(file, options).code, file)
}
require(${JSON.stringify(source)}).startStorageEmulator().then((emulator) => console.log(emulator.tablesEndpoint))
`

const answers = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/Tables`).then(
    () => true,
    () => false,
  )

describe('startStorageEmulator', () => {
  test('startStorageEmulator: it answers on a free loopback port and is gone after stop', async () => {
    const [one, other] = await Promise.all([startStorageEmulator(), startStorageEmulator()])
    expect(one.tablesEndpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/devstoreaccount1$/)
    expect(other.tablesEndpoint).not.toBe(one.tablesEndpoint)
    expect(await answers(one.tablesEndpoint)).toBe(true)
    expect(await answers(other.tablesEndpoint)).toBe(true)
    await one.stop()
    expect(await answers(one.tablesEndpoint)).toBe(false)
    await expect(one.stop()).resolves.toBeUndefined()
    await other.stop()
  })

  test('startStorageEmulator: the emulator ends with a parent that was killed', async () => {
    const killed = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = await once(killed.stdout.setEncoding('utf8'), 'data')
    const endpoint = String(said).trim()
    expect(await answers(endpoint)).toBe(true)
    killed.kill('SIGKILL')
    await once(killed, 'close')
    for (let tries = 0; tries < 100 && (await answers(endpoint)); tries++) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await answers(endpoint)).toBe(false)
  })
})
