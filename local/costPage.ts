/** A price in US dollars, without tax and agreements, for pay as you go in West Europe or East US, whichever is higher. */
interface Price {
  readonly usd: number
  readonly unit: string
  readonly source: string
}

/** List prices; regions and agreements differ by some tenths, and the sources have the last word. */
const prices = {
  executionTime: {
    usd: 0.000026,
    unit: 'GB-s of an instance on demand, after 100,000 a month',
    source: 'https://azure.microsoft.com/pricing/details/functions/',
  },
  executions: {
    usd: 0.4 / 1e6,
    unit: 'execution, after 250,000 a month',
    source: 'https://azure.microsoft.com/pricing/details/functions/',
  },
  tableTransactions: {
    usd: 0.00036 / 1e4,
    unit: 'table transaction, locally redundant',
    source: 'https://azure.microsoft.com/pricing/details/storage/tables/',
  },
  tableStorage: {
    usd: 0.045,
    unit: 'GB of tables a month, locally redundant',
    source: 'https://azure.microsoft.com/pricing/details/storage/tables/',
  },
  blobWrites: {
    usd: 0.065 / 1e4,
    unit: 'write of a blob, locally redundant',
    source: 'https://azure.microsoft.com/pricing/details/storage/blobs/',
  },
  // https://learn.microsoft.com/azure/storage/blobs/map-rest-apis-transaction-categories
  blobLeases: {
    usd: 0.0044 / 1e4,
    unit: 'renewal of a lease, an other operation',
    source: 'https://azure.microsoft.com/pricing/details/storage/blobs/',
  },
  secretReads: { usd: 0.03 / 1e4, unit: 'operation of the vault', source: 'https://azure.microsoft.com/pricing/details/key-vault/' },
  egress: {
    usd: 0.087,
    unit: 'GB that leaves the region, after 100 a month',
    source: 'https://azure.microsoft.com/pricing/details/bandwidth/',
  },
  logs: { usd: 2.76, unit: 'GB of logs taken in, after 5 a month', source: 'https://azure.microsoft.com/pricing/details/monitor/' },
  logAlert5: { usd: 1.5, unit: 'log alert that looks every 5 minutes', source: 'https://azure.microsoft.com/pricing/details/monitor/' },
  logAlert15: { usd: 0.5, unit: 'log alert that looks every 15 minutes', source: 'https://azure.microsoft.com/pricing/details/monitor/' },
  webTest: { usd: 0.0006, unit: 'probe of the availability test', source: 'https://azure.microsoft.com/pricing/details/monitor/' },
  privateEndpoint: { usd: 0.01, unit: 'hour of a private endpoint', source: 'https://azure.microsoft.com/pricing/details/private-link/' },
  dnsZone: { usd: 0.5, unit: 'private DNS zone', source: 'https://azure.microsoft.com/pricing/details/dns/' },
  natGateway: { usd: 0.045, unit: 'hour of a NAT gateway', source: 'https://azure.microsoft.com/pricing/details/azure-nat-gateway/' },
} as const satisfies Readonly<Record<string, Price>>

/** What a tenant of some size makes the monitor do. */
interface Volume {
  readonly signInsADay: number
  /** What the runs of a day are billed for on the virtual clock: waiting for Graph and counting, at least 1 s a run. */
  readonly secondsADay: number
  readonly requestsAMinute: number
  readonly tableTransactionsADay: number
  /** The same with `GRAPH_REQUESTS_MAX` at 5, which is all that Graph gives; where it was measured. */
  readonly secondsADayAtLimit?: number
}

/** Measured with the real plan and pipelines over a virtual day, after a day of settling, by `npm run bench -- --only billedSeconds`. */
export const volumes: readonly Volume[] = [
  { signInsADay: 10_000, secondsADay: 2_630, requestsAMinute: 4.2, tableTransactionsADay: 10_880 },
  { signInsADay: 1_500_000, secondsADay: 18_222, requestsAMinute: 7.2, tableTransactionsADay: 15_810, secondsADayAtLimit: 13_395 },
  { signInsADay: 10_000_000, secondsADay: 59_429, requestsAMinute: 16.6, tableTransactionsADay: 15_138 },
]

/** What is known of the rest, each with where it is from. */
const measured = {
  /** Telemetry of one run: a request and what the host and the app say of it. */
  itemsARun: 5,
  bytesAnItem: 1_500,
  /** Rows of 8 days at 5 minutes, 93 days of hours and 400 days, each with its breakdowns for four streams. */
  storedGb: 0.3,
  /** Answers of the API: a dashboard that asks for the summary every five minutes around the clock, compressed. */
  dashboardAnswersADay: 288,
  bytesAnAnswer: 40_000,
}

/** What the monitor was meant to cost, before telemetry and what can be added. */
const goal = { signInsADay: 1_500_000, usd: 5 }
const freeLogsGb = 5
const daysAMonth = 30.4
const hoursAMonth = daysAMonth * 24
const instanceGb = 0.5

interface CostItem {
  readonly name: string
  readonly usd: number
}

/** The month of a volume. */
export interface MonthlyCost {
  readonly gbSeconds: number
  readonly executions: number
  /** Functions, storage, vault and egress, less what is free. */
  readonly running: readonly CostItem[]
  readonly telemetryGb: number
}

/** Works the month out from what was measured and what it is priced at. */
export function monthlyCost(volume: Volume): MonthlyCost {
  const runs = (24 * 60 + 24) * daysAMonth
  const answers = measured.dashboardAnswersADay * daysAMonth
  const gbSeconds = (volume.secondsADay * daysAMonth + 24 * daysAMonth * 5 + answers) * instanceGb
  const executions = runs + answers
  const transactions = volume.tableTransactionsADay * daysAMonth + answers * 12
  // The host keeps two locks by leases, each renewed every 15 seconds.
  const renewals = 2 * 4 * 60 * 24 * daysAMonth
  return {
    gbSeconds,
    executions,
    running: [
      { name: 'Functions: execution time', usd: Math.max(0, gbSeconds - 100_000) * prices.executionTime.usd },
      { name: 'Functions: executions', usd: Math.max(0, executions - 250_000) * prices.executions.usd },
      { name: 'Tables: transactions', usd: transactions * prices.tableTransactions.usd },
      { name: 'Tables: storage', usd: measured.storedGb * prices.tableStorage.usd },
      { name: 'Blobs: leases, and the state of the timers', usd: renewals * prices.blobLeases.usd + runs * prices.blobWrites.usd },
      { name: 'Vault', usd: 3 * 24 * daysAMonth * prices.secretReads.usd },
      { name: 'Egress', usd: Math.max(0, (answers * measured.bytesAnAnswer) / 1e9 - 100) * prices.egress.usd },
    ],
    telemetryGb: (runs * measured.itemsARun * measured.bytesAnItem) / 1e9,
  }
}

const sum = (items: readonly CostItem[]): number => items.reduce((total, { usd }) => total + usd, 0)
const money = (usd: number): string => usd.toFixed(2)
const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map((_name, index) => (index === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n')

/** What can be added, the same for every volume. */
const options = (): readonly CostItem[] => [
  { name: 'three alerts on the monitor', usd: prices.logAlert5.usd + 2 * prices.logAlert15.usd },
  { name: 'availability test from three places every 5 minutes', usd: 3 * 12 * hoursAMonth * prices.webTest.usd },
  {
    name: 'private network: four endpoints and four DNS zones',
    usd: 4 * hoursAMonth * prices.privateEndpoint.usd + 4 * prices.dnsZone.usd,
  },
  { name: 'NAT gateway', usd: hoursAMonth * prices.natGateway.usd },
  {
    name: 'log of writes of the storage account (`storageAudit`)',
    usd: ((2 * 4 * 60 * 24 + 5_000) * daysAMonth * 1_200 * prices.logs.usd) / 1e9,
  },
]

/** The page of costs, from prices and measured figures. */
export function costPage(): string {
  const months = volumes.map((volume) => ({ volume, month: monthlyCost(volume) }))
  const head = ['', ...volumes.map(({ signInsADay }) => `${whole(signInsADay)} a day`)]
  const line = (name: string, value: (one: (typeof months)[number]) => string): string[] => [name, ...months.map(value)]
  const atGoal = months.find(({ volume }) => volume.signInsADay === goal.signInsADay)
  const costAtGoal = sum(atGoal?.month.running ?? [])
  const secondsAtLimit = atGoal?.volume.secondsADayAtLimit
  const atLimit = atGoal && secondsAtLimit ? monthlyCost({ ...atGoal.volume, secondsADay: secondsAtLimit }).running : []
  const telemetryGb = months[0]?.month.telemetryGb ?? 0
  const items = months[0]?.month.running.map(({ name }, index) => line(name, ({ month }) => money(month.running[index]?.usd ?? 0))) ?? []
  return `# Cost

What a month costs, in US dollars, worked out from measured figures and list prices. It is made by \`npm run docs\` from the rows of \`local/costPage.ts\`; nothing of it was read from a bill. Your region, currency and agreement differ.

## Running it

${table(head, [...items, line('**sum**', ({ month }) => `**${money(sum(month.running))}**`), line('Telemetry', ({ month }) => money(Math.max(0, month.telemetryGb - freeLogsGb) * prices.logs.usd))])}

What is free is taken off: 100,000 GB-s and 250,000 executions a month for a subscription, 5 GB of logs for a billing account, 100 GB of egress. Where others use that up, add ${money(100_000 * prices.executionTime.usd)} for
Functions and ${money(telemetryGb * prices.logs.usd)} for ${telemetryGb.toFixed(2)} GB of telemetry, which does not grow with the volume.

Most of the execution time of a large tenant is waiting: Graph gives an app five requests in ten seconds, and a run that needs more of them waits, billed by the second. So a run waits only for the live edge and for
what has waited long enough: what closes stands back for up to two minutes, what settles for up to 50, and takes requests that are there anyway. With that, ${whole(goal.signInsADay)} sign-ins a day cost ${money(costAtGoal)} USD, ${costAtGoal <= goal.usd ? 'under' : 'over'} the ${money(goal.usd)} USD
that this was meant to cost. With \`GRAPH_REQUESTS_MAX\` at 5, which is all that Graph gives and leaves nothing for others with the same identity, the sum is ${money(sum(atLimit))}; the identity that the template makes has no others.

## What can be added

${table(
  ['', 'a month'],
  options().map(({ name, usd }) => [name, money(usd)]),
)}

Sign-in logs need Microsoft Entra ID P1 or P2, which is not counted here; reading them through Microsoft Graph costs nothing.

## What was measured

${table(head, [
  line('requests to Graph a minute', ({ volume }) => volume.requestsAMinute.toFixed(1)),
  line('seconds that runs take a day', ({ volume }) => whole(volume.secondsADay)),
  line('table transactions a day', ({ volume }) => whole(volume.tableTransactionsADay)),
  line('GB-s a month', ({ month }) => whole(month.gbSeconds)),
  line('executions a month', ({ month }) => whole(month.executions)),
])}

The real plan and pipelines live through a virtual day in which Graph takes 1.2 seconds a page and the processor 136 µs a sign-in, four times what a whole core takes; a run is billed for at least a second and in
steps of a tenth. \`npm run bench -- --only billedSeconds\` measures it again. Assumed, not measured: ${measured.itemsARun} items of telemetry a run at ${measured.bytesAnItem} bytes, ${measured.storedGb} GB of stored counts, one dashboard that asks every five minutes, and two leases
of the host that are renewed every 15 seconds.

## Prices

Check them against the pages named, which change without notice; the sums follow from \`npm run docs\`.

${table(
  ['', 'USD', 'source'],
  Object.values(prices).map(({ usd, unit, source }) => [unit, String(Number(usd.toPrecision(3))), `<${source}>`]),
)}
`
}
