import { bucketLength } from '../../shared/signIns/buckets'
import { hour, type Instant, minute, second } from '../../shared/signIns/instant'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { type App, type ApplicationIdentity, type Company, firstPartyApps, offices, resources, type Site, type User } from './company'
import { type Random, randomOf } from './random'
import { type EverydayKind, everydayKinds, type SignInKind } from './signInKinds'
import { coveredShare, stories, storyRowsPerDay } from './stories'
import { expectedRows, officeActivity } from './trafficShape'

/** A sign-in of the simulated tenant before it is written out as a row: enough to filter it, to show it in time and to count it. */
export interface PlannedSignIn {
  readonly id: string
  /** To the millisecond; what the filter of a query compares. */
  readonly happenedAt: Instant
  /** As the row shows it, to the second. */
  readonly createdDateTime: Instant
  readonly visibleAt: Instant
  /** Until then the row lacks the details of the authentication steps. */
  readonly finalAt: Instant
  readonly kind: SignInKind
  readonly signInEventTypes: readonly string[]
  readonly servedByBackupAuth: boolean
  /** Undefined for applications, and where the row does not say who it was. */
  readonly user: User | undefined
  readonly identity: ApplicationIdentity | undefined
  readonly app: App
  readonly resource: App
  readonly site: Site
  /** For all that nothing depends on. */
  readonly seed: number
}

/** What the sign-ins of a tenant are drawn from. */
export interface TrafficOptions {
  readonly seed: number
  readonly company: Company
  /** Of a working day, with the stories; at least half of them are everyday traffic. */
  readonly rowsPerDay: number
  /** Whether sign-ins show up late and change afterwards, as they do in Entra. */
  readonly lateness: boolean
}

/** All sign-ins of the 5-minute bucket that starts at `start`, in order of time; the same whenever it is asked. */
export function planBucket(start: Instant, options: TrafficOptions): PlannedSignIn[] {
  const random = randomOf(options.seed, start / bucketLength)
  const everydayRows = Math.max(options.rowsPerDay - storyRowsPerDay, options.rowsPerDay / 2)
  const kinds = streamIds.flatMap((stream) => everydayTraffic(stream, start, everydayRows, random))
  for (const story of stories) {
    if (!story.adds) continue
    const expected = (story.adds.perHour * coveredShare(story, start, start + bucketLength) * bucketLength) / hour
    for (let left = random.round(expected); left > 0; left--) kinds.push(random.pick(story.adds.kinds))
  }
  return kinds.map((kind) => planSignIn(kind, start, options, random)).sort(byTime)
}

/** Orders by time, then by id, so that the order is total. */
const byTime = (a: PlannedSignIn, b: PlannedSignIn): number => a.happenedAt - b.happenedAt || (a.id < b.id ? -1 : 1)

function everydayTraffic(stream: StreamId, start: Instant, rowsPerDay: number, random: Random): SignInKind[] {
  const rows = random.round(expectedRows(stream, start, rowsPerDay))
  return Array.from({ length: rows }, () => drawKind(everydayKinds[stream], random))
}

function drawKind(kinds: readonly EverydayKind[], random: Random): SignInKind {
  let left = random.below(1_000)
  for (const kind of kinds) {
    left -= kind.perThousand
    if (left < 0) return kind
  }
  return kinds[0] ?? random.pick(kinds)
}

function planSignIn(everyday: SignInKind, start: Instant, options: TrafficOptions, random: Random): PlannedSignIn {
  const { company } = options
  // Graph may compare fractions of a second that it does not show; one row in eight has some.
  const happenedAt = start + random.below(bucketLength / second) * second + (random.chance(1 / 8) ? random.below(second) : 0)
  const { kind, servedByBackupAuth } = asTheStoriesHaveIt(everyday, happenedAt, random)
  const identity = drawIdentity(kind, company, random)
  const site = kind.site ?? identity?.site ?? drawSite(happenedAt, random)
  const visibleAt = happenedAt + (options.lateness ? drawDelay(random) : 0)
  return {
    id: random.guid(),
    happenedAt,
    createdDateTime: happenedAt - (happenedAt % second),
    visibleAt,
    finalAt: options.lateness && random.chance(0.1) ? visibleAt + drawDelay(random) : visibleAt,
    kind,
    signInEventTypes: [kind.stream, ...(kind.moreEventTypes ?? [])],
    servedByBackupAuth,
    user: identity ? undefined : drawUser(kind, site, company, random),
    identity,
    app: kind.app ?? identity?.app ?? drawApp(company, random),
    resource: kind.resource ?? (identity && random.chance(0.4) ? firstPartyApps.resourceManager : random.pick(resources)),
    site,
    seed: random.below(2 ** 31),
  }
}

function asTheStoriesHaveIt(kind: SignInKind, at: Instant, random: Random): { kind: SignInKind; servedByBackupAuth: boolean } {
  for (const story of stories) {
    if (!story.changes || coveredShare(story, at, at + 1) === 0) continue
    for (const change of story.changes) {
      if (change.stream !== kind.stream || kind.site || !random.chance(change.probability)) continue
      if (change.into) return { kind: random.pick(change.into), servedByBackupAuth: false }
      if (backupCanServe(kind)) return { kind, servedByBackupAuth: true }
    }
  }
  return { kind, servedByBackupAuth: false }
}

/** The backup authentication system goes on with a session of a member in the home tenant, and does nothing else. */
const backupCanServe = (kind: SignInKind): boolean =>
  kind.outcome === 'success' && kind.person === undefined && kind.crossTenantAccessType === undefined && !kind.automation && !kind.legacyTls

function drawIdentity(kind: SignInKind, company: Company, random: Random): ApplicationIdentity | undefined {
  if (kind.stream === 'managedIdentity') return random.pick(company.managedIdentities)
  if (kind.stream !== 'servicePrincipal') return undefined
  return kind.identity === undefined ? random.pick(company.servicePrincipals) : company.servicePrincipals[kind.identity]
}

function drawUser(kind: SignInKind, site: Site, company: Company, random: Random): User | undefined {
  if (kind.person === 'masked' || kind.person === 'unfinished') return undefined
  if (kind.person === 'guest') return random.pick(company.guests)
  const users = company.usersOf(site)
  return users[Math.floor(users.length * random.next() ** 1.5)]
}

/** Where somebody is at work now; in the dead of night, wherever devices stand. */
function drawSite(at: Instant, random: Random): Site {
  const busy = offices.map((site) => site.share * (0.4 + officeActivity(site, at)))
  let left = random.next() * busy.reduce((sum, share) => sum + share, 0)
  for (const [index, site] of offices.entries()) {
    left -= busy[index] ?? 0
    if (left < 0) return site
  }
  return random.pick(offices)
}

/** A few applications have most of the traffic. */
const drawApp = (company: Company, random: Random): App =>
  company.apps[Math.floor(company.apps.length * random.next() ** 2.2)] ?? random.pick(company.apps)

/** Half a minute to 18 minutes, half of them within three; one in 250 takes up to four hours. */
function drawDelay(random: Random): number {
  if (random.chance(1 / 250)) return 20 * minute + random.below(220 * minute)
  const bell = random.next() + random.next() + random.next() + random.next() - 2
  return Math.min(18 * minute, Math.max(30 * second, Math.round(170 * second * Math.exp(bell * 1.1))))
}
