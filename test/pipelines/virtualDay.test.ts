import { sketchOf } from '../../shared/aggregates/sketch'
import { maintainAggregates } from '../../shared/pipelines/maintainAggregates'
import { arrivalAllowance, bucketEnd, bucketLength, bucketStarts, type Grain } from '../../shared/signIns/buckets'
import { day, formatInstant, hour, type Instant, minute, parseInstant } from '../../shared/signIns/instant'
import type { StreamId } from '../../shared/signIns/streams'
import { useStorageEmulator } from '../support/tables'
import { naiveCount } from './naiveCount'
import { openVirtualMonitor, type VirtualMonitor } from './virtualMonitor'
import { hashUser } from './virtualOptions'

const { endpoint, freshTenant } = useStorageEmulator()
const midnight = parseInstant('2026-03-10T00:00:00Z') ?? Number.NaN
const today = { from: midnight, to: midnight + day }

/** Repeats for the same seed; a failure shows under which one. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

const codes = [0, 0, 0, 0, 0, 0, 50126, 500021, 5000211, 50140, 90033, 1002016, 7000222, 123456789]

/** When rows of a working day come into view: most within minutes, some after one, three or fifteen hours. */
function delayOf(random: () => number): number {
  const drawn = random()
  if (drawn < 0.9) return Math.floor(random() * 8 * minute)
  if (drawn < 0.94) return 40 * minute
  if (drawn < 0.97) return 3 * hour
  return 15 * hour
}

function fillDay(monitor: VirtualMonitor, seed: number, rows: number): void {
  const random = dice(seed)
  for (let count = 0; count < rows; count++) {
    const at = midnight + Math.floor(random() * day)
    const errorCode = codes[Math.floor(random() * codes.length)] ?? 0
    const userId = `3f0c1f6e-2f4e-4b43-9d3e-${String(Math.floor(random() * 40)).padStart(12, '0')}`
    const streams: StreamId[] = random() < 0.5 ? ['interactiveUser'] : ['nonInteractiveUser']
    if (random() < 0.05) streams.splice(0, 2, 'interactiveUser', 'nonInteractiveUser')
    const row = { tokenIssuerType: random() < 0.1 ? 'AzureADBackupAuth' : 'AzureAD' }
    const signIn = monitor.log.add({ at, visibleAt: at + delayOf(random), errorCode, userId, streams, row })
    const [first] = signIn.versions
    // One row in ten is not finished when it comes into view: its code changes afterwards.
    if (first && random() < 0.1) {
      const changed = { ...first.row, status: { errorCode: 50126, failureReason: '', additionalDetails: null } }
      signIn.versions.push({ visibleAt: first.visibleAt + 20 * minute, row: changed })
    }
  }
}

const sorted = (counts: ReadonlyMap<string, number>): [string, number][] => [...counts].sort(([a], [b]) => (a < b ? -1 : 1))

/** Every stored row of a grain beside the naive count of the same stretch of the log. */
async function expectRowsToEqualTheLog(monitor: VirtualMonitor, grain: Grain, seenAt: Instant): Promise<void> {
  const { streams, tenantId, zone } = monitor.options
  const query = { grain, streams, ...today }
  const [rows, facets] = await Promise.all([monitor.ports.buckets.rows(query), monitor.ports.buckets.facets(query)])
  expect(rows.map(({ stream, start }) => `${formatInstant(start)} ${stream}`)).toEqual(
    bucketStarts(today, grain, zone).flatMap((start) => [...streams].sort().map((stream) => `${formatInstant(start)} ${stream}`)),
  )
  for (const [index, { stream, start, counts, ledger }] of rows.entries()) {
    const naive = naiveCount(monitor.log.signIns, stream, { from: start, to: bucketEnd(start, grain, zone) }, seenAt, tenantId)
    const where = `${grain} ${formatInstant(start)} ${stream}`
    expect({ where, rows: ledger.rows, cells: sorted(counts.cells) }).toEqual({ where, rows: naive.signIns, cells: sorted(naive.cells) })
    expect({ where, signals: sorted(counts.signals) }).toEqual({ where, signals: sorted(naive.signals) })
    const scopes = [...(facets[index]?.facets.scopes ?? [])].filter(([id]) => id.startsWith('outcome|')).map(([, scope]) => scope)
    expect({ where, signIns: scopes.reduce((sum, scope) => sum + scope.signIns, 0) }).toEqual({ where, signIns: naive.signIns })
    const entries = scopes.flatMap((scope) => scope.users.get(hashUser.keyId)?.entries ?? [])
    expect(sketchOf(entries)).toEqual(sketchOf([...naive.users].map(hashUser.hash)))
  }
}

/** No stream says that it is complete further than readings of the log that began late enough prove. */
async function expectCompleteToToBeProven(monitor: VirtualMonitor): Promise<void> {
  for (const stream of monitor.options.streams) {
    const { completeFrom, completeTo } = await monitor.progress(stream)
    if (completeFrom === undefined || completeTo === undefined) continue
    const unproven = bucketStarts({ from: completeFrom, to: completeTo }, '5m').filter(
      (start) =>
        !monitor.log.readings.some(
          ({ window, at }) =>
            window.stream === stream &&
            window.from <= start &&
            window.to >= start + bucketLength &&
            at >= start + bucketLength + arrivalAllowance,
        ),
    )
    expect(unproven.map(formatInstant)).toEqual([])
  }
}

test('monitorSignIns: after a day and its settling every grain equals a naive count of the log', async () => {
  const monitor = openVirtualMonitor({ endpoint: endpoint(), tenantId: freshTenant(), now: midnight, options: { lookbackHours: 4 } })
  fillDay(monitor, 7, 800)
  const { ports, options } = monitor
  while (monitor.now < midnight + day) {
    monitor.now += monitor.now < midnight + 2 * hour ? 15 * minute : 2 * hour
    expect(await monitor.tick()).toMatchObject({ result: 'ok', detail: '' })
    await expectCompleteToToBeProven(monitor)
  }
  const missing = monitor.log.signIns.filter(({ versions }) => (versions[0]?.visibleAt ?? 0) > monitor.now).length
  expect(missing).toBeGreaterThan(5)

  await monitor.tickUntil(midnight + day + 20 * minute, 5 * minute)
  await maintainAggregates(ports, options)
  expect(await ports.buckets.rows({ grain: '1d', streams: options.streams, ...today })).toHaveLength(2)

  await monitor.tickUntil(midnight + 2 * day + hour, 6 * hour)
  const seenAt = monitor.now
  // Before the next maintenance the day's row is one that its hours have left behind; answers use the hours.
  const naive = options.streams.map((stream) => naiveCount(monitor.log.signIns, stream, today, seenAt, options.tenantId))
  const total = (pick: (count: (typeof naive)[number]) => number): number => naive.reduce((sum, count) => sum + pick(count), 0)
  for (const grain of ['5m', '1h', '1d'] as const) {
    const { totals, failures, interrupts } = await monitor.summary({ window: today, grain })
    expect({ grain, signIns: totals.signIns }).toEqual({ grain, signIns: total(({ signIns }) => signIns) })
    for (const outcome of ['success', 'interrupt', 'failure', 'serviceFault'] as const) {
      expect({ grain, [outcome]: totals[outcome] }).toEqual({ grain, [outcome]: total(({ byOutcome }) => byOutcome[outcome] ?? 0) })
    }
    for (const { family, signIns, classes } of failures) {
      const of = `failure ${family}`
      expect(signIns).toBe(total(({ byFamily }) => (byFamily[of] ?? 0) + (byFamily[`serviceFault ${family}`] ?? 0)))
      for (const { id, signIns: own } of classes) expect({ id, own }).toEqual({ id, own: total(({ byClass }) => byClass[id] ?? 0) })
    }
    const codesSeen = [...failures.flatMap(({ classes }) => classes), ...interrupts].flatMap(({ errorCodes }) => Object.entries(errorCodes))
    for (const [code, count] of codesSeen) expect({ code, count }).toEqual({ code, count: total(({ byCode }) => byCode[code] ?? 0) })
    expect(failures.find(({ family }) => family === 'tenant-restriction')?.signIns).toBeGreaterThan(0)
    expect(totals.distinctUsers.estimate).toBe(40)
  }

  await maintainAggregates(ports, options)
  for (const grain of ['5m', '1h', '1d'] as const) await expectRowsToEqualTheLog(monitor, grain, seenAt)
  const days = await ports.buckets.rows({ grain: '1d', streams: options.streams, ...today })
  expect(days.map(({ ledger }) => ledger.children?.sealed)).toEqual([true, true])
}, 120_000)
