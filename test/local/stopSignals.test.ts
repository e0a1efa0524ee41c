import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'

// A process that something still holds when its work has stopped; a signal is raised inside it, which works on every system.
const script = `
  import { stopSignals } from './local/stopSignals'
  const signals = stopSignals()
  signals.stopped.addEventListener('abort', () => {
    process.exitCode = 0
    if (process.argv[2] === 'stops') signals.endSoon()
    process.send('asked')
  })
  process.on('message', (name) => process.emit(name))
  process.send('ready')
`
const folder = mkdtempSync(path.join(tmpdir(), 'stop-signals-'))
const file = path.join(folder, 'script.js')
const children: ChildProcess[] = []

beforeAll(() => {
  const root = path.join(__dirname, '..', '..')
  buildSync({ stdin: { contents: script, resolveDir: root, loader: 'ts' }, bundle: true, platform: 'node', outfile: file })
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const startScript = async (mode: 'stops' | 'hangs'): Promise<ChildProcess> => {
  const child = fork(file, [mode], { execArgv: [] })
  children.push(child)
  await once(child, 'message')
  return child
}

describe('stopSignals', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('stopSignals: after %s and its echo, which npm sends, the process ends well', async (name) => {
    const child = await startScript('stops')
    const exited = once(child, 'exit')
    child.send(name)
    child.send(name)
    expect(await exited).toEqual([0, null])
  })

  test('stopSignals: a second Ctrl-C ends a process whose stop hangs', async () => {
    const child = await startScript('hangs')
    const exited = once(child, 'exit')
    child.send('SIGINT')
    await once(child, 'message')
    await new Promise((resolve) => setTimeout(resolve, 600))
    child.send('SIGINT')
    expect(await exited).toEqual([130, null])
  })
})
