import { stripVTControlCharacters } from 'node:util'
import pc from 'picocolors'

/** What is needed of `process.stdout` and its like. */
export interface TextOutput {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Where a command speaks to a person: lines, and one line of progress that is rewritten in place where that is possible. */
export interface Terminal {
  readonly colours: ReturnType<typeof pc.createColors>
  /** Writes a whole line, above the progress where there is some. */
  line(text?: string): void
  /** Shows how far a piece of work is. In a pipe it is a plain line, and a repeated one is left out. */
  progress(text: string): void
  /** Takes the progress away. */
  progressEnds(): void
}

type Environment = Readonly<Record<string, string | undefined>>

/** No colours in a pipe, on a dumb terminal or with `NO_COLOR`; nothing is rewritten in a pipe or on a dumb terminal. */
export const createTerminal = (output: TextOutput, env: Environment): Terminal => {
  const rewrites = output.isTTY === true && env['TERM'] !== 'dumb'
  let shown = ''
  const erase = (): void => {
    if (rewrites && shown !== '') output.write('\r\u001b[K')
  }
  return {
    colours: pc.createColors(rewrites && !env['NO_COLOR']),
    line: (text = '') => {
      erase()
      output.write(`${text}\n`)
      if (rewrites && shown !== '') output.write(shown)
    },
    progress: (text) => {
      // A line that wraps cannot be taken back, so it is cut to the width of the terminal.
      const fitting = rewrites ? text.slice(0, Math.max((output.columns || 80) - 1, 1)) : `${text}\n`
      if (fitting === shown) return
      erase()
      output.write(fitting)
      shown = fitting
    },
    progressEnds: () => {
      erase()
      shown = ''
    },
  }
}

/** Text from outside, such as an app's name, as one line without control characters: it cannot write over the terminal. */
export const oneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
