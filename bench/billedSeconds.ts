import { volumes } from '../local/costPage'
import { day, hour } from '../shared/signIns/instant'
import type { Benchmark } from './benchmark'
import { liveThrough, type Traffic } from './virtualDay'

/** How many sign-ins one row stands for: as many as keep a day within some thousand rows. */
const scaleOf = (signInsADay: number): number => Math.max(1, 50 * Math.floor(signInsADay / 2_500_000), signInsADay >= 1_000_000 ? 50 : 1)

/** What the page of costs is worked out from: a virtual day of each of its volumes, after a day of settling. */
export const billedSeconds: Benchmark = async ({ quick, result }) => {
  for (const { signInsADay, secondsADayAtLimit } of quick ? volumes.slice(0, 1) : volumes) {
    const limits = secondsADayAtLimit === undefined ? [4] : [4, 5]
    for (const requestsMax of limits) {
      const traffic: Traffic = { rowsPerDay: signInsADay, scale: scaleOf(signInsADay), requestsMax }
      const figures = await liveThrough(traffic, quick ? hour : 25 * hour, quick ? hour / 2 : day)
      result({
        id: 'P13',
        what: `${signInsADay.toLocaleString('en-US')} sign-ins a day, ${requestsMax} requests in 10 s: seconds that runs are billed a day`,
        value: figures.billedSeconds,
        detail:
          `${figures.requestsMean.toFixed(1)} requests a minute, ${Math.round(figures.tableTransactions).toLocaleString('en-US')} table transactions a day, ` +
          `readTo ${figures.readToMedian} minutes old in the median and ${figures.readToWorst} at worst, ${figures.unsettledBuckets} buckets unsettled`,
      })
    }
  }
}
