/** Two effects of one process, one after the other. */
export interface EffectPair {
  readonly times: number
  /** How often the process died in between. */
  readonly deaths: number
}

/** Which effects followed which, so that the end can say where a crash was never tried. */
export class EffectPairs {
  readonly counts = new Map<string, EffectPair>()

  /** Notes that `next` comes after `last`, or would have come. */
  follow(last: string, next: string, isDead: boolean): void {
    const name = `${last} > ${next}`
    const { times, deaths } = this.counts.get(name) ?? { times: 0, deaths: 0 }
    this.counts.set(name, { times: times + 1, deaths: deaths + (isDead ? 1 : 0) })
  }
}
