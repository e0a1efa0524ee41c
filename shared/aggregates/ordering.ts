/** Orders texts by their code units, alike in every locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Orders entries by the largest count, then by key, so that a tie always falls the same way. */
export const byCount = ([keyA, countA]: readonly [string, number], [keyB, countB]: readonly [string, number]): number =>
  countB - countA || byText(keyA, keyB)

/** A map's entries in the order of their keys. */
export const sortedEntries = <Key extends string, Value>(map: ReadonlyMap<Key, Value>): [Key, Value][] =>
  [...map].sort(([a], [b]) => byText(a, b))
