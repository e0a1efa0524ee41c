import type { TextOutput } from './terminal'

/** Where a command writes its result, and its environment. */
export interface CommandIo {
  readonly stdout: TextOutput
  readonly env: Readonly<Record<string, string | undefined>>
}
