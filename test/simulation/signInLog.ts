import type { Random } from '../../local/simulatedTenant/random'
import { signalIds, signalOf } from '../../shared/failures/catalogueTypes'
import { classify } from '../../shared/failures/classify'
import { knownTenants } from '../../shared/failures/knownTenants'
import { bucketLength, bucketStart, type TimeRange } from '../../shared/signIns/buckets'
import { formatInstant, hour, type Instant, minute, second } from '../../shared/signIns/instant'
import { readSignIn } from '../../shared/signIns/readSignIn'
import { type StreamId, streamOf, streams } from '../../shared/signIns/streams'

/** What a sign-in looks like from an instant on. */
export interface RowVersion {
  readonly visibleAt: Instant
  readonly row: Readonly<Record<string, unknown>>
  readonly text: string
  /** `outcome|class|code`, as a naive count has it. */
  readonly cell: string
  /** `signal|outcome|known` and `signal|outcome|true`. */
  readonly signals: readonly string[]
  readonly isMalformed: boolean
}

/** One sign-in of the log. */
export interface LoggedSignIn {
  readonly id: string
  /** Its true time; rows may show it cut to seconds. */
  readonly at: Instant
  /** The time that it has to be counted at. */
  readonly countedAt: Instant
  readonly eventStreams: readonly StreamId[]
  /** The enabled stream that has to count it. */
  readonly owner: StreamId
  readonly userId: string
  readonly appId: string
  /** Oldest first; the last one that is visible stands. */
  readonly versions: readonly RowVersion[]
}

/** Everything that happens in the tenant, the future included. */
export interface SignInLog {
  /** What a query of a stream can find, in order of time. */
  readonly byStream: ReadonlyMap<StreamId, readonly LoggedSignIn[]>
  /** What a stream has to count, by the start of the 5-minute bucket. */
  readonly byBucket: ReadonlyMap<StreamId, ReadonlyMap<Instant, readonly LoggedSignIn[]>>
}

/** How the sign-ins of a seed are drawn. */
export interface Population {
  readonly tenantId: string
  readonly range: TimeRange
  readonly streams: readonly StreamId[]
  readonly signInsPerDay: Readonly<Record<StreamId, number>>
  /** The part of the sign-ins that shows later than the arrival allowance. */
  readonly lateShare: number
  readonly latestArrival: number
  readonly changedShare: number
  readonly severalTypesShare: number
  readonly malformedShare: number
  /** Decimals of the seconds as shown: 0 to 7. */
  readonly decimals: number
}

const codes: readonly (readonly [code: number | null, weight: number])[] = [
  [0, 60],
  [50_074, 6],
  [50_126, 8],
  [500_021, 4],
  [5_000_211, 4],
  [90_033, 2],
  [1_002_016, 2],
  [53_003, 3],
  [7_000_222, 2],
  [987_654, 1],
  [null, 1],
]
const codePool = codes.flatMap(([code, weight]) => Array<number | null>(weight).fill(code))

/** Draws the log of a seed. */
export function drawSignInLog(population: Population, random: Random): SignInLog {
  const all: LoggedSignIn[] = []
  for (const stream of population.streams) drawStream(stream, population, random, all)
  all.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
  const byStream = new Map<StreamId, LoggedSignIn[]>(population.streams.map((stream) => [stream, []]))
  const byBucket = new Map<StreamId, Map<Instant, LoggedSignIn[]>>(population.streams.map((stream) => [stream, new Map()]))
  for (const signIn of all) {
    for (const stream of signIn.eventStreams) byStream.get(stream)?.push(signIn)
    const buckets = byBucket.get(signIn.owner)
    const start = bucketStart(signIn.countedAt, '5m')
    const bucket = buckets?.get(start)
    if (bucket) bucket.push(signIn)
    else buckets?.set(start, [signIn])
  }
  return { byStream, byBucket }
}

function drawStream(stream: StreamId, population: Population, random: Random, all: LoggedSignIn[]): void {
  const { range } = population
  const expected = (population.signInsPerDay[stream] * bucketLength) / (24 * hour)
  for (let start = bucketStart(range.from, '5m'); start < range.to; start += bucketLength) {
    // Bursts make some buckets larger than a page and leave others empty.
    const burst = random.chance(0.02) ? 12 : random.chance(0.3) ? 0 : 1.1
    for (let left = random.round(expected * burst); left > 0; left--) {
      // Borders are where sign-ins are lost and doubled, so many happen there.
      const offset = random.chance(0.15) ? random.pick([0, 1, 999, bucketLength - 1, bucketLength - 1_000]) : random.below(bucketLength)
      const signIn = drawSignIn(stream, start + offset, population, random)
      all.push(signIn)
      if (random.chance(population.malformedShare)) all.push(companionWithoutTime(signIn, population, random))
    }
  }
}

function drawSignIn(stream: StreamId, at: Instant, population: Population, random: Random): LoggedSignIn {
  const isPerson = streamOf(stream).person
  const several = random.chance(population.severalTypesShare)
  const eventStreams = several ? population.streams.filter((one) => streamOf(one).person === isPerson) : [stream]
  const visibleAt = at + arrivalOf(population, random)
  const drawn = { id: random.guid(), at, eventStreams, userId: userIds[random.below(userIds.length)] ?? '', appId: random.pick(appIds) }
  const versions = [versionOf(drawn, visibleAt, random.pick(codePool), population, random)]
  if (random.chance(population.changedShare)) {
    const latest = Math.max(visibleAt + 1, at + random.below(population.latestArrival))
    versions.push(versionOf(drawn, latest, random.pick(codePool), population, random))
  }
  return { ...drawn, countedAt: at, owner: ownerOf(eventStreams), versions }
}

/** A row whose time cannot be read stands beside one that was as early to show, and counts at its time. */
function companionWithoutTime(beside: LoggedSignIn, population: Population, random: Random): LoggedSignIn {
  const [first] = beside.versions
  const drawn = {
    id: `${beside.id.slice(0, -1)}${timelessMark}`,
    at: beside.at,
    eventStreams: beside.eventStreams,
    userId: beside.userId,
    appId: beside.appId,
  }
  const version = versionOf(drawn, first?.visibleAt ?? beside.at, random.pick(codePool), population, random, 'yesterday')
  return { ...drawn, countedAt: beside.countedAt, owner: beside.owner, versions: [version] }
}

const timelessMark = '~'

/** Whether the time of a sign-in cannot be read from its row. */
export const isTimeless = ({ id }: LoggedSignIn): boolean => id.endsWith(timelessMark)

function arrivalOf({ lateShare, latestArrival }: Population, random: Random): number {
  if (random.chance(lateShare)) return 10 * minute + random.below(latestArrival - 10 * minute)
  return minute + random.below(8 * minute)
}

const ownerOf = (eventStreams: readonly StreamId[]): StreamId => {
  const owner = streams.find(({ id }) => eventStreams.includes(id))?.id
  if (!owner) throw new Error('A sign-in has at least one event type.')
  return owner
}

const idOf = (group: number, number: number): string =>
  `${String(group).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`
const userIds = Array.from({ length: 40 }, (_, index) => idOf(1, index))
const appIds = Array.from({ length: 7 }, (_, index) => idOf(2, index))
const targetIds = Array.from({ length: 3 }, (_, index) => idOf(3, index))

function versionOf(
  drawn: Pick<LoggedSignIn, 'id' | 'at' | 'eventStreams' | 'userId' | 'appId'>,
  visibleAt: Instant,
  code: number | null,
  { tenantId, decimals }: Population,
  random: Random,
  shownTime = shown(drawn.at, decimals),
): RowVersion {
  const isPerson = drawn.eventStreams.some((stream) => streamOf(stream).person)
  const row: Record<string, unknown> = {
    id: drawn.id,
    createdDateTime: shownTime,
    signInEventTypes: drawn.eventStreams.map((stream) => streamOf(stream).signInEventType),
    userId: isPerson ? drawn.userId : '',
    appId: drawn.appId,
    appDisplayName: `App ${drawn.appId.slice(-1)}`,
    resourceId: targetIds[0],
    resourceTenantId: code === 500_021 || code === 5_000_211 ? random.pick([...targetIds, tenantId]) : tenantId,
    homeTenantId: tenantId,
    tokenIssuerType: random.chance(0.05) ? 'AzureADBackupAuth' : 'AzureAD',
    status: code === null ? { failureReason: 'Other.' } : { errorCode: code, failureReason: 'Other.' },
  }
  if (random.chance(0.5))
    row['authenticationProcessingDetails'] = [{ key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: random.pick(['True', 'False']) }]
  if (random.chance(0.3))
    Object.assign(row, { isTenantRestricted: random.chance(0.5), clientAppUsed: random.pick(['Browser', 'IMAP4', null]) })
  if (random.chance(0.2))
    Object.assign(row, { crossTenantAccessType: random.pick(['none', 'b2bCollaboration', 'aTypeOfTomorrow']), location: null })
  return { visibleAt, row, text: JSON.stringify(row), ...naively(row, ownerOf(drawn.eventStreams), tenantId) }
}

function shown(at: Instant, decimals: number): string {
  const text = formatInstant(at - (at % second)).slice(0, -1)
  if (decimals === 0) return `${text}Z`
  return `${text}.${String(at % second)
    .padStart(3, '0')
    .padEnd(7, '0')
    .slice(0, decimals)}Z`
}

/** What one row adds to a naive count. */
function naively(row: unknown, stream: StreamId, tenantId: string): Pick<RowVersion, 'cell' | 'signals' | 'isMalformed'> {
  const read = readSignIn(row)
  if (!read.ok) throw new Error('Every row of the log is one that can be read.')
  const { outcome, failureClass, errorCode, signals } = classify(read.signIn, { stream, tenants: knownTenants([], tenantId) })
  const keys: string[] = []
  for (const id of signalIds) {
    const signal = signalOf(signals, id)
    if (signal !== 'unknown') keys.push(`${id}|${outcome}|known`)
    if (signal === true) keys.push(`${id}|${outcome}|true`)
  }
  return { cell: `${outcome}|${failureClass ?? ''}|${errorCode}`, signals: keys, isMalformed: read.malformed.length > 0 }
}

/** The version that can be seen at an instant. */
export const visibleVersion = ({ versions }: LoggedSignIn, at: Instant): RowVersion | undefined =>
  versions.findLast(({ visibleAt }) => visibleAt <= at)
