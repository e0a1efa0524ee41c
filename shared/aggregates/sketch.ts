/**
 * A HyperLogLog over hashed users: 4,096 registers, each the longest run of leading zeros seen among the users that fall
 * into it. Few users are held as a sorted list of entries, many as one byte a register; which of the two follows from
 * the content alone, so that equal sketches look alike.
 * @see https://algo.inria.fr/flajolet/Publications/FlFuGaMe07.pdf
 */
export interface Sketch {
  /** Sorted entries, the highest one of each register; undefined in the dense form. */
  readonly entries?: readonly number[] | undefined
  /** The rank of every register, 0 where nobody fell into it; undefined in the sparse form. */
  readonly registers?: Uint8Array | undefined
}

/** The standard error of an estimate relative to the true number: 1.04 / √4096. */
export const sketchRelativeError = 0.016

const indexBits = 12
const registerCount = 1 << indexBits
/** An entry is `index << 6 | rank`: a rank needs six bits. */
const rankBits = 6
const rankMask = (1 << rankBits) - 1
/** The bits of a hash that are left for counting leading zeros. */
const tailBits = 64 - indexBits
const rankMax = tailBits + 1
/** Beyond this many registers the dense form is the shorter one. */
const sparseEntriesMax = 512

export const emptySketch: Sketch = { entries: [] }

/** The entry of one user, `index << 6 | rank`, from the first eight bytes of a digest. */
export function sketchEntry(digest: Uint8Array): number {
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength)
  const high = view.getUint32(0)
  const low = view.getUint32(4)
  const index = high >>> (32 - indexBits)
  const tail = (high << indexBits) >>> 0
  const zeros = tail === 0 ? 32 - indexBits + Math.clz32(low) : Math.clz32(tail)
  return (index << rankBits) | (zeros + 1)
}

/** The sketch of some entries, in any order and any number of times. */
export function sketchOf(entries: readonly number[] | ReadonlySet<number>): Sketch {
  const few = 'size' in entries ? entries.size <= sparseEntriesMax : entries.length <= sparseEntriesMax
  if (few) return { entries: highestOfEach([...entries]) }
  const registers = new Uint8Array(registerCount)
  for (const entry of entries) raise(registers, entry)
  return sketchFrom(registers)
}

/** The sketch of everybody who is in any of them. */
export function mergeSketches(all: readonly Sketch[]): Sketch {
  let entriesTotal = 0
  for (const { entries } of all) entriesTotal += entries?.length ?? registerCount
  if (entriesTotal <= sparseEntriesMax) return { entries: highestOfEach(all.flatMap(({ entries }) => entries ?? [])) }
  const registers = new Uint8Array(registerCount)
  for (const sketch of all) {
    if (sketch.entries) for (const entry of sketch.entries) raise(registers, entry)
    if (sketch.registers) raiseAll(registers, sketch.registers)
  }
  return sketchFrom(registers)
}

/** Few entries are quicker to sort than to put into registers. An entry begins with its register, so the last one of each is the highest. */
function highestOfEach(entries: number[]): number[] {
  entries.sort((a, b) => a - b)
  return entries.filter((entry, at) => (entry & rankMask) !== 0 && entry >>> rankBits !== (entries[at + 1] ?? -1) >>> rankBits)
}

function raise(registers: Uint8Array, entry: number): void {
  const index = entry >>> rankBits
  const rank = entry & rankMask
  if (rank > (registers[index] ?? rankMask)) registers[index] = rank
}

function raiseAll(registers: Uint8Array, others: Uint8Array): void {
  for (let index = 0; index < registerCount; index++) {
    const rank = others[index] ?? 0
    if (rank > (registers[index] ?? rankMask)) registers[index] = rank
  }
}

function sketchFrom(registers: Uint8Array): Sketch {
  const entries: number[] = []
  for (let index = 0; index < registerCount; index++) {
    const rank = registers[index] ?? 0
    if (rank === 0) continue
    if (entries.length === sparseEntriesMax) return { registers }
    entries.push((index << rankBits) | rank)
  }
  return { entries }
}

/**
 * How many different users a sketch has seen, a whole number. Ertl's improved estimator, which needs no table of
 * corrections and holds from none to billions.
 * @see https://arxiv.org/abs/1702.01284
 */
export function estimateSketch(sketch: Sketch): number {
  const ranks = new Array<number>(rankMax + 1).fill(0)
  const count = (rank: number): void => {
    ranks[rank] = (ranks[rank] ?? 0) + 1
  }
  if (sketch.entries) {
    ranks[0] = registerCount - sketch.entries.length
    for (const entry of sketch.entries) count(entry & rankMask)
  }
  if (sketch.registers) sketch.registers.forEach(count)
  let sum = registerCount * tau(1 - (ranks[rankMax] ?? 0) / registerCount)
  for (let rank = tailBits; rank >= 1; rank--) sum = (sum + (ranks[rank] ?? 0)) / 2
  sum += registerCount * sigma((ranks[0] ?? 0) / registerCount)
  return Math.round(registerCount ** 2 / (2 * Math.LN2 * sum))
}

/** Ertl's correction for registers that are still empty. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let power = share
  let weight = 1
  let sum = share
  for (let last = -1; last !== sum; ) {
    last = sum
    power *= power
    sum += power * weight
    weight *= 2
  }
  return sum
}

/** Ertl's correction for registers that are full. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let root = share
  let weight = 1
  let sum = 1 - share
  for (let last = -1; last !== sum; ) {
    last = sum
    root = Math.sqrt(root)
    weight /= 2
    sum -= (1 - root) ** 2 * weight
  }
  return sum / 3
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const noDigit = 0xff
const digitsByCode = new Uint8Array(128).fill(noDigit)
for (let value = 0; value < alphabet.length; value++) digitsByCode[alphabet.charCodeAt(value)] = value
const entryDigits = 3

/** Text over base64url's alphabet: a digit a register when dense, three digits an entry when sparse. */
export function encodeSketch(sketch: Sketch): string {
  if (sketch.registers) return Array.from(sketch.registers, digit).join('')
  return (sketch.entries ?? []).map((entry) => digit(entry >>> 12) + digit(entry >>> 6) + digit(entry)).join('')
}

const digit = (value: number): string => alphabet.charAt(value & 63)

/** Reads {@link encodeSketch}; throws an Error that says what is wrong with any other text. */
export function decodeSketch(text: string): Sketch {
  const dense = text.length === registerCount
  if (!dense && (text.length % entryDigits !== 0 || text.length > sparseEntriesMax * entryDigits)) {
    throw new Error(
      `A sketch of ${text.length} digits is neither ${registerCount} registers nor at most ${sparseEntriesMax} entries of three.`,
    )
  }
  const values = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const value = digitsByCode[text.charCodeAt(at)] ?? noDigit
    if (value === noDigit) throw new Error('A sketch has a character that is not a base64url digit.')
    values[at] = value
  }
  const entries = dense ? undefined : entriesFrom(values)
  const ranks = entries?.map((entry) => entry & rankMask) ?? values
  if (ranks.some((rank) => rank > rankMax)) throw new Error(`A sketch has a rank above ${rankMax}.`)
  return entries ? sketchOf(entries) : sketchFrom(values)
}

function entriesFrom(values: Uint8Array): number[] {
  const entries: number[] = []
  for (let at = 0; at < values.length; at += entryDigits) {
    entries.push(((values[at] ?? 0) << 12) | ((values[at + 1] ?? 0) << 6) | (values[at + 2] ?? 0))
  }
  return entries
}
