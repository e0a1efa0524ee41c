/** A seed that once failed. */
interface Regression {
  readonly seed: number
  /** What the product did, or what the simulation took for a fault of it. */
  readonly was: string
}

/** Every seed that ever showed a defect of the product; each one is lived through again at every test. */
export const regressions: readonly Regression[] = [
  {
    seed: 1,
    was: 'a run that made an hour forgot how late the single buckets of it had been read, and said that nothing before it is complete',
  },
  { seed: 5, was: 'a clock that was set back left an hour in use that had been made ahead of its time' },
  { seed: 6, was: 'a row without a readable time moved to another bucket when a page border repeated it' },
  {
    seed: 7,
    was: 'a conflict over one window made the rows of the other windows of its commit count as missing, and they were refused for ever',
  },
  {
    seed: 211,
    was: 'runs were left to be rare while something before the first start was still unread, and the lookback went past it (the simulation)',
  },
  {
    seed: 261,
    was: 'the only run between the last fault and the retention of 54 hours was one that began under the faults (the simulation)',
  },
  {
    seed: 2367,
    was: 'hours that Graph had forgotten before the first run without a fault were held to have been read (the simulation)',
  },
  {
    seed: 2888,
    was: 'a bucket past its retention was compared though what came late was counted in its hour alone (the simulation)',
  },
]
