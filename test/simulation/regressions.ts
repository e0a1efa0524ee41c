/** A seed that once failed. */
interface Regression {
  readonly seed: number
  /** What the product did, or what the simulation took for a fault of it. */
  readonly was: string
}

/** Seeds that showed a defect, found or put in, and those that the simulation itself got wrong; all are lived through at every test. */
export const regressions: readonly Regression[] = [
  {
    seed: 3,
    was: 'a conflict over one window made the rows of the other windows of its commit count as missing, and they were refused for ever',
  },
  { seed: 6, was: 'a reading was dated by its last page and claimed more than it had seen' },
  { seed: 29, was: 'a crash between a bucket and its day left the old day in use' },
  { seed: 55, was: 'an older reading replaced a newer one after a conflict' },
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
  {
    seed: 20977,
    was: 'a row without a time that began a page took the time of one that came again in front of it (the simulation)',
  },
  {
    seed: 30744,
    was: 'an hour of which two parts were missing was committed twice in one transaction, which was refused until nobody looked back so far',
  },
  {
    seed: 33368,
    was: 'a summary was held against what a run had written while it was being read (the simulation)',
  },
]
