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
/** Registers of a dense sketch. */
export const registerCount = 1 << indexBits
/** An entry is `index << 6 | rank`: a rank needs six bits. */
const rankBits = 6
const rankMask = (1 << rankBits) - 1
/** The bits of a hash that are left for counting leading zeros. */
const tailBits = 64 - indexBits
const rankMax = tailBits + 1
/** Entries are below it. */
const entriesEnd = registerCount << rankBits
/** Beyond this many registers the dense form is the shorter one. */
export const sparseEntriesMax = 512

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

/** Everybody who is in any of some sketches, added one after the other. */
export class SketchSum {
  /** Entries in any order, while they are few. */
  #entries: number[] = []
  #registers: Uint8Array | undefined

  add({ entries, registers }: Sketch): void {
    if (entries) for (const entry of entries) this.addEntry(entry)
    if (registers) this.addRegisters(registers)
  }

  /** Adds one user, by the entry of {@link sketchEntry}; throws an Error for what is no entry. */
  addEntry(entry: number): void {
    if (entry < 0 || entry >= entriesEnd || (entry & rankMask) > rankMax) throw wrongRank()
    if (this.#registers) raise(this.#registers, entry)
    else if (this.#entries.push(entry) > sparseEntriesMax) this.#dense()
  }

  /** Adds all users of a dense sketch; throws an Error for what is none. */
  addRegisters(others: Uint8Array): void {
    const registers = this.#registers ?? this.#dense()
    if (others.length !== registerCount) throw wrongLength(others.length)
    for (let index = 0; index < registerCount; index++) {
      const rank = others[index] ?? 0
      if (rank <= (registers[index] ?? 0)) continue
      if (rank > rankMax) throw wrongRank()
      registers[index] = rank
    }
  }

  sketch(): Sketch {
    return this.#registers ? sketchFrom(this.#registers) : { entries: highestOfEach(this.#entries) }
  }

  #dense(): Uint8Array {
    const registers = new Uint8Array(registerCount)
    for (const entry of this.#entries) raise(registers, entry)
    this.#registers = registers
    this.#entries = []
    return registers
  }
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

const wrongRank = (): Error => new Error(`A sketch has an entry that is no register with a rank of at most ${rankMax}.`)

const wrongLength = (length: number): Error => new Error(`A sketch of ${length} registers is none of ${registerCount}.`)
