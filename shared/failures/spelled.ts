import { remembering } from '../signIns/remembering'

const longestWord = 64

const wordOf = remembering((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ''), 1_000)

/**
 * A word of a vocabulary as it is compared: letters and digits in lower case, because spelling, blanks and punctuation
 * drift between exports. Text too long to be a word is empty. The few words that occur are remembered.
 */
export const spelled = (text: string): string => (text.length > longestWord ? '' : wordOf(text))

/** Whether a set of flags holds one of some words, spelled as {@link spelled} does. */
export function hasAnyFlag(flags: readonly string[] | undefined, words: ReadonlySet<string>): boolean {
  if (flags === undefined) return false
  for (const flag of flags) if (words.has(spelled(flag))) return true
  return false
}

/** {@link hasAnyFlag} for some words, which remembers its last answer: rows in a row mostly carry the very same set. */
export function flagTest(words: ReadonlySet<string>): (flags: readonly string[] | undefined) => boolean {
  let lastFlags: readonly string[] | undefined
  let lastAnswer = false
  return (flags) => {
    if (flags === lastFlags) return lastAnswer
    lastFlags = flags
    lastAnswer = hasAnyFlag(flags, words)
    return lastAnswer
  }
}
