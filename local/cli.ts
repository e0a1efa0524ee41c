import { Command, CommanderError, Option } from 'commander'
import { MonitorError } from '../shared/runtime/errors'
import { addDeploymentCommands } from './deploymentCommands'
import type { StartOptions } from './start'
import { stopSignals } from './stopSignals'
import { createTerminal, type TextOutput } from './terminal'

declare const PRODUCT_VERSION: string

/** The streams and the environment of a command. */
export interface CliIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream & TextOutput
  readonly stderr: NodeJS.WritableStream & TextOutput
  readonly env: Readonly<Record<string, string | undefined>>
}

interface AnalyzeArguments {
  readonly files: readonly string[]
  readonly json: boolean
  readonly lang: 'en' | 'ja'
  readonly from?: string
  readonly to?: string
  readonly tenant?: string
}

interface ExplainArguments {
  readonly subjects: readonly string[]
  readonly json: boolean
  readonly lang: 'en' | 'ja'
}

/** What the commands do; a test gives its own. Each answers its exit code. */
export interface CliCommands {
  start(options: StartOptions, io: CliIo): Promise<number>
  analyze(args: AnalyzeArguments, io: CliIo): Promise<number>
  explain(args: ExplainArguments, io: CliIo): Promise<number>
}

/** Stored in scripts of others, never changed. */
const exitCodes = { done: 0, failed: 1, usage: 2 } as const

const exitCodesText = `
Exit codes:
  0  done, or stopped on request
  1  failed; for analyze: something could not be read, and what could be read is printed;
     for explain: something is not in the catalogue, and what is there is printed
  2  the command, a setting or the input is wrong`

// Each command is loaded when it is asked for: the storage emulator and the simulated tenant are nothing that analyze waits for.
const realCommands: CliCommands = {
  start: async (options, io) => {
    const { start } = await import('./start')
    const signals = stopSignals()
    try {
      await start(options, { env: io.env, terminal: createTerminal(io.stdout, io.env), stopped: signals.stopped })
    } finally {
      signals.endSoon()
    }
    return exitCodes.done
  },
  analyze: async (args, io) => {
    const { runAnalyze } = await import('./analyze/analyze')
    return runAnalyze(args, io)
  },
  explain: async (args, io) => {
    const { runExplain } = await import('./explain')
    return runExplain(args, io)
  },
}

/** Runs one command line (without the names of Node and the script) and answers its exit code. What went wrong is said on stderr. */
export const runCli = async (argv: readonly string[], io: CliIo, commands: CliCommands = realCommands): Promise<number> => {
  let exitCode: number = exitCodes.done
  const program = createProgram(io, commands, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has said by itself what is wrong with the command line; help and version end as errors too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    io.stderr.write(`error: ${errorText(error)}\n`)
    return isWrongInput(error) ? exitCodes.usage : exitCodes.failed
  }
}

function createProgram(io: CliIo, commands: CliCommands, ended: (exitCode: number) => void): Command {
  const program = new Command('entra-signin-monitor')
    .description('Reads Microsoft Entra sign-in logs and explains every failure.')
    .version(typeof PRODUCT_VERSION === 'string' ? PRODUCT_VERSION : 'unreleased')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .showHelpAfterError('Run it with --help to see what is possible.')
    .addHelpText('after', exitCodesText)

  program
    .command('start')
    .description('run the monitor on this computer, with a simulated tenant unless one is named')
    .option('--tenant <id or domain>', 'read this tenant with your own Azure login')
    .option('--verbose', 'show every line of the log', false)
    .addHelpText('after', startHelp)
    .action(async (options: StartOptions) => ended(await commands.start(options, io)))

  program
    .command('analyze')
    .description('classify exported sign-ins and print what failed and why')
    .argument('<files...>', 'exports as JSON, JSON Lines or CSV, also as .gz; - is standard input')
    .option('--json', 'print the summary as the HTTP API gives it', false)
    .addOption(new Option('--lang <language>', 'language of the words').choices(['en', 'ja']).default('en'))
    .option('--from <time>', 'leave out sign-ins before this time (ISO 8601)')
    .option('--to <time>', 'leave out sign-ins at or after this time (ISO 8601)')
    .option('--tenant <id>', 'the tenant that the sign-ins are of, where the rows do not say it')
    .addHelpText('after', analyzeHelp)
    .action(async (files: string[], options: Omit<AnalyzeArguments, 'files'>) => ended(await commands.analyze({ files, ...options }, io)))

  program
    .command('explain')
    .description('say what a code means, who can mend it and how')
    .argument('<subjects...>', 'codes (500021, AADSTS500021), class or family ids, or text; - is text from standard input')
    .option('--json', 'print it for a program', false)
    .addOption(new Option('--lang <language>', 'language of the words').choices(['en', 'ja']).default('en'))
    .addHelpText('after', explainHelp)
    .action(async (subjects: string[], options: Omit<ExplainArguments, 'subjects'>) =>
      ended(await commands.explain({ subjects, ...options }, io)),
    )

  addDeploymentCommands(program, io, ended)
  return program
}

const startHelp = `
Examples:
  npm start
  npm start -- --tenant contoso.onmicrosoft.com
  npm start -- --verbose

PORT, TIMERS, GRAPH_BASE_URL, TENANT_ID, TABLES_ENDPOINT and every setting of the monitor are read from the environment.`

const analyzeHelp = `
Examples:
  npm run analyze -- InteractiveSignIns.json
  npm run analyze -- --json --from 2026-01-01T00:00:00Z *.jsonl.gz
  az rest --url "https://graph.microsoft.com/beta/auditLogs/signIns" | npm run analyze -- -`

const explainHelp = `
Examples:
  npm run explain -- 500021
  npm run explain -- tenant-restriction.azure-backup --lang ja
  npm run explain -- - < output.txt`

const wrongInput: readonly unknown[] = ['setting-invalid', 'usage']

/** The compiled app is a bundle of its own, so its errors are known by their code and not by their class. */
const codeOf = (error: unknown): unknown => (error instanceof Error ? (error as { code?: unknown }).code : undefined)
const isWrongInput = (error: unknown): boolean => wrongInput.includes(codeOf(error))

/** One line for what we throw on purpose; for anything else the stack, for then the fault is ours. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error instanceof MonitorError || error.name === 'MonitorError' || isWrongInput(error)
    ? error.message
    : (error.stack ?? error.message)
}

/** Runs the command line of this process. */
export const runProcess = async (): Promise<void> => {
  // A reader that has seen enough, such as head, closes the pipe: that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.failed))
  process.exitCode = await runCli(process.argv.slice(2), process)
}

if (require.main === module) void runProcess()
