import { spawn } from 'node:child_process'
import { MonitorError } from '../shared/runtime/errors'

/** What `az` said: its exit code and both of its streams. */
export interface AzureAnswer {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `az` with the given words. */
export type AskAzure = (args: readonly string[]) => Promise<AzureAnswer>

/** A preview of a large deployment takes minutes. */
const timeoutMs = 10 * 60_000
const outputCharactersMax = 20_000_000

/**
 * The Azure CLI that is on the PATH of an environment. Throws `usage` where there is none; one that says nothing within ten minutes is
 * ended and answers its exit code.
 */
export const azureCli =
  (env: Readonly<Record<string, string | undefined>>): AskAzure =>
  (args) =>
    new Promise((resolve, reject) => {
      // On Windows `az` is a batch file, which only a shell starts; its words are quoted there, and none of them holds a quote.
      const isWindows = process.platform === 'win32'
      const words = isWindows ? args.map((word) => `"${word.replaceAll('"', '')}"`) : [...args]
      // A time limit of spawn itself would hold the process back where there is no `az` to end.
      const options = { env: { ...env }, shell: isWindows, signal: AbortSignal.timeout(timeoutMs), windowsHide: true }
      const child = spawn('az', words, options)
      const output = { stdout: '', stderr: '' }
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (text: string) => {
          if (output[stream].length < outputCharactersMax) output[stream] += text
        })
      }
      child.on('error', (cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') resolve({ exitCode: 1, stdout: '', stderr: cause.message })
        else {
          const mend = 'https://learn.microsoft.com/cli/azure/install-azure-cli'
          reject(new MonitorError('usage', `The Azure CLI is not on the PATH: ${mend}.`, { cause }))
        }
      })
      child.on('close', (code) => resolve({ exitCode: code ?? 1, ...output }))
    })

/** The same questions, of which no more than so many are asked at once; the others wait in the order in which they came. */
export function sideBySide(ask: AskAzure, atOnceMax: number): AskAzure {
  let free = atOnceMax
  const waiting: (() => void)[] = []
  return async (args) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await ask(args)
    } finally {
      // Whoever waits longest takes the place over.
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
