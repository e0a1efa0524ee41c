/** Collects bytes one after the other. */
export class ByteWriter {
  #bytes = new Uint8Array(1_024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** A whole number of at least 0 in groups of seven bits, the lowest first. */
  count(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is stored as a whole number of at least 0.`)
    this.#room(countBytesMax)
    let rest = value
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** What `write` writes, led by its length, so that a reader can pass over it. */
  block(write: (writer: ByteWriter) => void): void {
    const inner = new ByteWriter()
    write(inner)
    this.count(inner.length)
    this.bytes(inner.written())
  }

  written = (): Uint8Array => this.#bytes.subarray(0, this.#length)

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const larger = new Uint8Array(2 * (this.#length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** Groups of seven bits in 53 bits. */
const countBytesMax = 8
