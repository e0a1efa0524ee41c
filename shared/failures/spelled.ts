const memo = new Map<string, string>()
const memoMax = 1_000
const longestWord = 64

/**
 * A word of a vocabulary as it is compared: letters and digits in lower case, because spelling, blanks and punctuation
 * drift between exports. Text too long to be a word is empty. The few words that occur are remembered.
 */
export function spelled(text: string): string {
  const known = memo.get(text)
  if (known !== undefined) return known
  if (text.length > longestWord) return ''
  const word = text.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (memo.size >= memoMax) memo.clear()
  memo.set(text, word)
  return word
}

/** Whether a set of flags holds one of some words, spelled as {@link spelled} does. */
export function hasAnyFlag(flags: readonly string[] | undefined, words: ReadonlySet<string>): boolean {
  if (flags === undefined) return false
  for (const flag of flags) if (words.has(spelled(flag))) return true
  return false
}
