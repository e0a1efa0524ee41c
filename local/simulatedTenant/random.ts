/** Numbers that look random and are the same for the same seeds, on every machine. */
export interface Random {
  /** At least 0 and less than 1. */
  next(): number
  /** A whole number, at least 0 and less than `bound`. */
  below(bound: number): number
  /** Whether something of this probability happens. */
  chance(probability: number): boolean
  /** One of the rows; there must be at least one. */
  pick<Row>(rows: readonly Row[]): Row
  /** A whole number that is on average `expected`. */
  round(expected: number): number
  /** A GUID of version 4, in lower case. */
  guid(): string
}

/** A generator that depends on the seeds alone: 32 bits of state, good enough for a story, never for a secret. */
export function randomOf(...seeds: readonly number[]): Random {
  let state = 0x9e3779b9
  for (const seed of seeds) {
    state = scramble(state ^ (seed | 0))
    state = scramble(state ^ Math.floor(seed / 2 ** 32))
  }
  const bits = (): number => {
    state = (state + 0x6d2b79f5) | 0
    return scramble(state) >>> 0
  }
  const next = (): number => bits() / 2 ** 32
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (rows) => {
      const row = rows[below(rows.length)]
      if (row === undefined) throw new RangeError('There is nothing to pick from.')
      return row
    },
    round: (expected) => Math.floor(expected + next()),
    guid: () => {
      const [first, second, third, fourth] = [bits(), bits(), bits(), bits()]
      const middle = `${half(second >>> 16)}-4${half(second).slice(1)}-a${half(third >>> 16).slice(1)}`
      return `${half(first >>> 16)}${half(first)}-${middle}-${half(third)}${half(fourth >>> 16)}${half(fourth)}`
    },
  }
}

const byteInHex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The lower 16 bits as four hexadecimal digits. */
const half = (word: number): string => `${byteInHex[(word >>> 8) & 255]}${byteInHex[word & 255]}`

function scramble(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return mixed ^ (mixed >>> 15)
}
