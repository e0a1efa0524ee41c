/** Reads what `ByteWriter` wrote. Every read beyond the end throws an Error that says where. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end
  }

  count(): number {
    const first = this.#bytes[this.#at]
    if (first !== undefined && first < 128 && this.#at < this.#end) {
      this.#at++
      return first
    }
    let value = 0
    for (let scale = 1; scale <= scaleMax; scale *= 128) {
      const byte = this.#bytes[this.#at] ?? 0
      if (this.#at++ >= this.#end) throw tooShort(this.#end)
      if (byte < 128) {
        value += byte * scale
        if (value <= Number.MAX_SAFE_INTEGER) return value
        break
      }
      value += (byte - 128) * scale
    }
    throw new Error(`Stored bytes before ${this.#at} should be a whole number of at most 53 bits.`)
  }

  /** The next bytes themselves; they are not copied. */
  bytes(length: number): Uint8Array {
    const from = this.#at
    this.skip(length)
    return this.#bytes.subarray(from, this.#at)
  }

  skip(length: number): void {
    this.#at += length
    if (this.#at > this.#end) throw tooShort(this.#end)
  }

  /** A reader of the next block, which is passed over here. */
  block(): ByteReader {
    const length = this.count()
    const from = this.#at
    this.skip(length)
    return new ByteReader(this.#bytes, from, this.#at)
  }
}

/** The weight of the eighth and last group of seven bits. */
const scaleMax = 128 ** 7

const tooShort = (end: number): Error => new Error(`Stored bytes should go on after ${end}.`)
