/** Registers of a HyperLogLog over hashed users. */
export interface Sketch {
  readonly registers: Uint8Array
}
