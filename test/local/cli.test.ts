import { PassThrough } from 'node:stream'
import { type CliCommands, type CliIo, runCli } from '../../local/cli'
import { MonitorError } from '../../shared/runtime/errors'

const run = async (argv: string[], commands: Partial<CliCommands> = {}) => {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => new PassThrough().on('data', (chunk: Buffer) => (written[name] += chunk.toString()))
  const io: CliIo = { stdin: new PassThrough(), stdout: output('stdout'), stderr: output('stderr'), env: {} }
  const calls: unknown[] = []
  const recorded = {
    start: (options: unknown) => Promise.resolve(calls.push({ start: options }) * 0),
    analyze: (args: unknown) => Promise.resolve(calls.push({ analyze: args }) * 0),
    explain: (args: unknown) => Promise.resolve(calls.push({ explain: args }) * 0),
  }
  const exitCode = await runCli(argv, io, { ...recorded, ...commands })
  await new Promise((resolve) => setImmediate(resolve))
  return { exitCode, calls, ...written }
}

describe('runCli: commands', () => {
  test.each`
    argv                                                             | call
    ${['start']}                                                     | ${{ start: { verbose: false } }}
    ${['start', '--tenant', 'contoso.example', '--verbose']}         | ${{ start: { tenant: 'contoso.example', verbose: true } }}
    ${['analyze', 'a.json']}                                         | ${{ analyze: { files: ['a.json'], json: false, lang: 'en' } }}
    ${['analyze', '-', 'b.csv', '--json', '--lang', 'ja']}           | ${{ analyze: { files: ['-', 'b.csv'], json: true, lang: 'ja' } }}
    ${['analyze', '--from', 'x', '--to', 'y', '--tenant', 'z', 'a']} | ${{ analyze: { files: ['a'], json: false, lang: 'en', from: 'x', to: 'y', tenant: 'z' } }}
    ${['explain', '500021']}                                         | ${{ explain: { subjects: ['500021'], json: false, lang: 'en' } }}
    ${['explain', '-', '--json', '--lang', 'ja']}                    | ${{ explain: { subjects: ['-'], json: true, lang: 'ja' } }}
  `('runCli: $argv', async ({ argv, call }) => {
    expect(await run(argv)).toMatchObject({ exitCode: 0, calls: [call], stdout: '', stderr: '' })
  })

  test('runCli: the exit code of a command is the exit code of the program', async () => {
    expect(await run(['analyze', 'a'], { analyze: () => Promise.resolve(1) })).toMatchObject({ exitCode: 1 })
  })
})

describe('runCli: what is wrong', () => {
  test.each`
    story                            | argv                                | stderr
    ${'a command that there is not'} | ${['analyse', 'a']}                 | ${/unknown command 'analyse'\n\(Did you mean analyze\?\)/}
    ${'an option that there is not'} | ${['start', '--tenat', 'x']}        | ${/unknown option '--tenat'\n\(Did you mean --tenant\?\)/}
    ${'an option without its value'} | ${['start', '--tenant']}            | ${/argument missing/}
    ${'no file'}                     | ${['analyze']}                      | ${/missing required argument 'files'/}
    ${'nothing to explain'}          | ${['explain']}                      | ${/missing required argument 'subjects'/}
    ${'another language'}            | ${['analyze', 'a', '--lang', 'de']} | ${/Allowed choices are en, ja/}
    ${'an argument too many'}        | ${['start', 'now']}                 | ${/too many arguments/}
    ${'no command'}                  | ${[]}                               | ${/Usage: entra-signin-monitor/}
  `('runCli: $story is said on stderr, runs nothing and ends with 2', async ({ argv, stderr }) => {
    expect(await run(argv)).toMatchObject({ exitCode: 2, calls: [], stdout: '', stderr: expect.stringMatching(stderr) })
  })

  test.each`
    story                                     | error                                                                      | exitCode
    ${'a setting'}                            | ${new MonitorError('setting-invalid', 'PORT is wrong.')}                   | ${2}
    ${'the use'}                              | ${new MonitorError('usage', 'PORT is wrong.')}                             | ${2}
    ${'a setting, found by the compiled app'} | ${Object.assign(new Error('PORT is wrong.'), { code: 'setting-invalid' })} | ${2}
    ${'something else'}                       | ${new MonitorError('graph-read-failed', 'PORT is wrong.')}                 | ${1}
  `('runCli: an error about $story is one line and ends with $exitCode', async ({ error, exitCode }) => {
    expect(await run(['start'], { start: () => Promise.reject(error) })).toMatchObject({
      exitCode,
      stdout: '',
      stderr: 'error: PORT is wrong.\n',
    })
  })

  test('runCli: a fault of our own shows where it happened', async () => {
    const { exitCode, stderr } = await run(['start'], { start: () => Promise.reject(new TypeError('broken')) })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/TypeError: broken\n +at /)
  })
})

describe('runCli: help', () => {
  test('runCli: the version is one line', async () => {
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\S+\n$/), stderr: '' })
  })

  test.each`
    argv                   | parts
    ${['--help']}          | ${['start', 'analyze', 'Exit codes:', '2  the command']}
    ${['start', '--help']} | ${['--tenant <id or domain>', 'npm start -- --tenant contoso.onmicrosoft.com', 'GRAPH_BASE_URL']}
    ${['help', 'analyze']} | ${['--json', '--from <time>', 'npm run analyze -- ', 'choices: "en", "ja"']}
  `('runCli: $argv explains $parts', async ({ argv, parts }) => {
    const { exitCode, stdout, calls } = await run(argv)
    expect(exitCode).toBe(0)
    expect(calls).toEqual([])
    for (const part of parts) expect(stdout).toContain(part)
  })
})
