import { costPage, monthlyCost, volumes } from '../../local/costPage'

const volume = { signInsADay: 1_000_000, secondsADay: 20_000, requestsAMinute: 6, tableTransactionsADay: 20_000 }
const itemOf = (one: typeof volume, name: string): number =>
  monthlyCost(one).running.find((item) => item.name.startsWith(name))?.usd ?? Number.NaN

test('cost: execution time is memory by time, less what is free', () => {
  const { gbSeconds } = monthlyCost(volume)
  // 20,000 s a day of half a GB are 304,000 GB-s a month; maintenance and the dashboard add seven minutes a day.
  expect(gbSeconds).toBeGreaterThan(304_000 + 5_000)
  expect(gbSeconds).toBeLessThan(304_000 + 8_000)
  expect(itemOf(volume, 'Functions: execution time')).toBeCloseTo((gbSeconds - 100_000) * 0.000026)
  expect(itemOf({ ...volume, signInsADay: 10_000, secondsADay: 2_000 }, 'Functions: execution time')).toBe(0)
})

test.each(['secondsADay', 'tableTransactionsADay'] as const)('cost: more %s never cost less', (what) => {
  const total = (one: typeof volume): number => monthlyCost(one).running.reduce((sum, { usd }) => sum + usd, 0)
  expect(total({ ...volume, [what]: volume[what] * 2 })).toBeGreaterThanOrEqual(total(volume))
})

test('cost: three volumes are worked out, telemetry does not grow with them and stays inside of what is free', () => {
  expect(volumes.map(({ signInsADay }) => signInsADay)).toEqual([10_000, 1_500_000, 10_000_000])
  expect(new Set(volumes.map((one) => monthlyCost(one).telemetryGb)).size).toBe(1)
  expect(monthlyCost(volume).telemetryGb).toBeLessThan(5)
})

test('cost: the page says by which command it is measured again, and that prices are to be checked', () => {
  expect(costPage()).toContain('npm run bench -- --only billedSeconds')
  expect(costPage()).toContain('Check them against the pages named')
})

test('cost: the page says whether the goal is met by its own sum', () => {
  const sums = /\*\*sum\*\* \|([^\n]*)/
    .exec(costPage())?.[1]
    ?.split('|')
    .map((cell) => Number(cell.replaceAll('*', '')))
  expect(costPage()).toContain((sums?.[1] ?? Number.NaN) <= 5 ? 'under the 5.00 USD' : 'over the 5.00 USD')
})
