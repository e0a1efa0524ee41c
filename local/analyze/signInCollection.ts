import { basename } from 'node:path'
import type { Aggregate } from '../../shared/aggregates/aggregate'
import { recordOf, type SignInRecord } from '../../shared/aggregates/record'
import { type SeriesPoint, type Summary, summarise } from '../../shared/aggregates/summary'
import { countsOf, Tally } from '../../shared/aggregates/tally'
import type { UserHasher } from '../../shared/aggregates/userHash'
import type { Classification } from '../../shared/failures/catalogueTypes'
import { classify } from '../../shared/failures/classify'
import { type KnownTenant, type KnownTenants, knownTenants } from '../../shared/failures/knownTenants'
import type { Language } from '../../shared/failures/words'
import { bucketStart, bucketStarts, type Grain, type TimeRange, widenToGrain, type ZoneOffset } from '../../shared/signIns/buckets'
import { completenessOf, type StreamStatus } from '../../shared/signIns/completeness'
import { day, hour, type Instant, parseInstant } from '../../shared/signIns/instant'
import type { SiteOf } from '../../shared/signIns/network'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { assumedStream, type MissingColumn, missingColumns } from './missingColumns'
import type { FoundSignIn } from './readSignInFiles'
import { packRecords, type RecordColumns, unpackRecords } from './recordColumns'

/** What sign-ins are collected with. */
export interface CollectionContext {
  readonly tenants: readonly KnownTenant[]
  /** The tenant that was named for rows that do not say theirs. */
  readonly tenantId: string | undefined
  readonly siteOf: SiteOf
  readonly hashUser: UserHasher
  readonly now: Instant
}

/** What is said about them. */
export interface CollectionQuery {
  readonly from: Instant | undefined
  readonly to: Instant | undefined
  readonly zone: ZoneOffset
  readonly language: Language
  /** Entries of a top list. */
  readonly top: number
  /** Nothing was unreadable. */
  readonly whole: boolean
}

/** What was collected of a part of the input. */
export interface CollectionPart {
  readonly records: readonly SignInRecord[]
  readonly rows: number
  readonly malformed: number
  readonly malformedByStream: ReadonlyMap<StreamId, number>
  readonly streams: ReadonlySet<StreamId>
  readonly tenantsSeen: ReadonlySet<string>
  /** Codes of what no row of it says. */
  readonly missing: ReadonlySet<string>
  readonly assumedStream: boolean
  /** The last time that could be read. */
  readonly lastTime: Instant | undefined
}

/** A part as it goes from thread to thread. */
export type PackedPart = Omit<CollectionPart, 'records'> & { readonly records: RecordColumns }

export const packPart = (part: CollectionPart): PackedPart => ({ ...part, records: packRecords(part.records) })

/** The part that {@link packPart} was given. */
export const unpackPart = (part: PackedPart): CollectionPart => ({ ...part, records: unpackRecords(part.records) })

/** What was done with the rows that are sign-ins. */
export interface CollectionCounts {
  /** Rows that are sign-ins, repeated ones among them. */
  readonly rows: number
  /** Rows that a later one with the same id replaced. */
  readonly replaced: number
  /** Sign-ins outside the time that was asked for. */
  readonly outside: number
  /** Rows of which something could not be read; they are counted. */
  readonly malformed: number
  /** Tenants that rows name as their own. */
  readonly tenants: number
}

/** No sign-in log is older; a time before it, or one well ahead of the clock, is a mistake and not a time. */
const earliestTime: Instant = parseInstant('2010-01-01') ?? 0
const latestAfterNow = 366 * day
const tenantsMax = 1_000

/**
 * The sign-ins of an analysis: one compact record an id, of which the last one read stands. Counting comes at the end,
 * because the grain depends on the time that all of them span.
 */
export class SignInCollection {
  readonly #context: CollectionContext
  readonly #byId = new Map<string, SignInRecord>()
  readonly #withoutId: SignInRecord[] = []
  readonly #tenantsSeen = new Set<string>()
  readonly #knownTenants = new Map<string | undefined, KnownTenants>()
  readonly #streams = new Set<StreamId>()
  readonly #malformedByStream = new Map<StreamId, number>()
  #missing: readonly MissingColumn[] = missingColumns
  #assumedStream = false
  #rows = 0
  #malformed = 0
  /** The last time that could be read: it stands in where the next one cannot. */
  #lastTime: Instant | undefined
  #waiting: FoundSignIn[] = []
  #waitingFile = ''
  #hasWaited = false

  constructor(context: CollectionContext) {
    this.#context = context
  }

  get isEmpty(): boolean {
    return this.#rows === 0
  }

  /** Whether a row came before any time that could be read: such a row takes its time from what surrounds it. */
  get hasWaited(): boolean {
    return this.#hasWaited
  }

  /** What was collected, to be added to another collection. Neither of the two may have a row that waits for a time. */
  part(): CollectionPart {
    return {
      records: this.#records(),
      rows: this.#rows,
      malformed: this.#malformed,
      malformedByStream: this.#malformedByStream,
      streams: this.#streams,
      tenantsSeen: this.#tenantsSeen,
      missing: new Set(this.#missing.map(({ code }) => code)),
      assumedStream: this.#assumedStream,
      lastTime: this.#lastTime,
    }
  }

  /** Adds a part of the input that follows everything that was added before; of an id it replaces what was there. */
  addPart(part: CollectionPart): void {
    for (const record of part.records) this.#keepRecord(record)
    this.#rows += part.rows
    this.#malformed += part.malformed
    for (const [stream, malformed] of part.malformedByStream) {
      this.#malformedByStream.set(stream, (this.#malformedByStream.get(stream) ?? 0) + malformed)
    }
    for (const stream of part.streams) this.#streams.add(stream)
    for (const tenant of part.tenantsSeen) if (this.#tenantsSeen.size < tenantsMax) this.#tenantsSeen.add(tenant)
    this.#missing = this.#missing.filter(({ code }) => part.missing.has(code))
    this.#assumedStream ||= part.assumedStream
    this.#lastTime = part.lastTime ?? this.#lastTime
  }

  add(found: FoundSignIn, file: string): void {
    this.#rows += 1
    const at = this.#plausible(found.signIn.createdDateTime)
    if (at === undefined && this.#lastTime === undefined) {
      this.#hasWaited = true
      this.#waiting.push(found)
      this.#waitingFile = file
      return
    }
    const time = at ?? this.#lastTime ?? this.#context.now
    this.#lastTime = time
    this.#settleWaiting(time)
    this.#keep(found, file, time, at === undefined)
  }

  /** Counts everything and says it in a language. */
  summary(options: CollectionQuery): { summary: Summary; counts: CollectionCounts } {
    this.#settleWaiting(this.#context.now)
    const records = this.#records()
    const { window, grain } = this.#windowOf(records, options)
    const { points, facets, outside } = this.#count(records, window, grain, options.zone)
    const tenantId = this.#tenantId()
    const selectedStreams = streamIds.filter((id) => this.#streams.has(id))
    const statuses = selectedStreams.map((stream) => this.#status(stream, window, options.whole))
    const summary = summarise({
      tenantId: tenantId ?? null,
      generatedAt: this.#context.now,
      window,
      grain,
      language: options.language,
      top: options.top,
      selectedStreams,
      families: undefined,
      points,
      facets,
      completeness: completenessOf(statuses, window),
      tenants: this.#tenantsFor(tenantId),
      alerts: [],
      notes: [...(this.#rows > 0 ? this.#missing : []), ...(this.#assumedStream ? [assumedStream] : [])].map(({ code, text }) => ({
        code,
        text: text[options.language],
      })),
    })
    const counts: CollectionCounts = {
      rows: this.#rows,
      replaced: this.#rows - records.length,
      outside,
      malformed: this.#malformed,
      tenants: this.#tenantsSeen.size,
    }
    return { summary, counts }
  }

  #plausible(time: Instant | undefined): Instant | undefined {
    return time !== undefined && time >= earliestTime && time <= this.#context.now + latestAfterNow ? time : undefined
  }

  /** Rows in front of the first readable time get that time. */
  #settleWaiting(time: Instant): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const found of waiting) this.#keep(found, this.#waitingFile, time, true)
  }

  #keep(found: FoundSignIn, file: string, at: Instant, isStandIn: boolean): void {
    const { signIn, tenantId } = found
    if (tenantId !== undefined && this.#tenantsSeen.size < tenantsMax) this.#tenantsSeen.add(tenantId)
    const known = found.stream ?? streamOfFile(file)
    const stream = known ?? 'interactiveUser'
    if (known === undefined) this.#assumedStream = true
    this.#streams.add(stream)
    if (isStandIn || found.malformed.length > 0) {
      this.#malformed += 1
      this.#malformedByStream.set(stream, (this.#malformedByStream.get(stream) ?? 0) + 1)
    }
    if (this.#missing.some(({ says }) => says(signIn))) this.#missing = this.#missing.filter(({ says }) => !says(signIn))
    const classification = classify(signIn, { stream: known, tenants: this.#tenantsFor(tenantId ?? this.#context.tenantId) })
    const { hashUser, siteOf } = this.#context
    const record = recordOf(signIn, classification, { stream, hashUser, siteOf, at })
    this.#keepRecord(record)
  }

  #keepRecord(record: SignInRecord): void {
    if (record.id === undefined) this.#withoutId.push(record)
    else this.#byId.set(record.id, record)
  }

  #records(): readonly SignInRecord[] {
    return [...this.#byId.values(), ...this.#withoutId]
  }

  #tenantsFor(tenantId: string | undefined): KnownTenants {
    const known = this.#knownTenants.get(tenantId)
    if (known !== undefined) return known
    if (this.#knownTenants.size >= tenantsMax) this.#knownTenants.clear()
    const tenants = knownTenants(this.#context.tenants, tenantId)
    this.#knownTenants.set(tenantId, tenants)
    return tenants
  }

  #tenantId(): string | undefined {
    const [only] = this.#tenantsSeen
    return this.#context.tenantId ?? (this.#tenantsSeen.size === 1 ? only : undefined)
  }

  /** What was asked for, else what the sign-ins span, in whole buckets. */
  #windowOf(records: readonly SignInRecord[], query: CollectionQuery): { window: TimeRange; grain: Grain } {
    let first = Number.POSITIVE_INFINITY
    let last = Number.NEGATIVE_INFINITY
    for (const { createdDateTime } of records) {
      if (createdDateTime < first) first = createdDateTime
      if (createdDateTime > last) last = createdDateTime
    }
    const { now } = this.#context
    const to = Math.min(query.to ?? Math.max(last, query.from ?? last) + 1, now + latestAfterNow)
    const from = Math.min(Math.max(query.from ?? first, earliestTime), to - 1)
    const asked = { from, to }
    const length = asked.to - asked.from
    const grain: Grain = length <= 48 * hour ? '5m' : length <= 31 * day ? '1h' : '1d'
    return { window: widenToGrain(asked, grain, query.zone), grain }
  }

  #count(
    records: readonly SignInRecord[],
    window: TimeRange,
    grain: Grain,
    zone: ZoneOffset,
  ): { points: SeriesPoint[]; facets: Aggregate['facets']; outside: number } {
    const { hashUser } = this.#context
    const tally = new Tally(hashUser.keyId)
    const byBucket = new Map<Instant, Map<Classification, number>>()
    let outside = 0
    for (const record of records) {
      if (record.createdDateTime < window.from || record.createdDateTime >= window.to) {
        outside += 1
        continue
      }
      tally.add(record)
      const start = bucketStart(record.createdDateTime, grain, zone)
      const alike = byBucket.get(start) ?? new Map<Classification, number>()
      byBucket.set(start, alike.set(record.classification, (alike.get(record.classification) ?? 0) + 1))
    }
    const points = bucketStarts(window, grain, zone).map((start) => ({
      start,
      counts: countsOf(Array.from(byBucket.get(start) ?? [], ([classification, signIns]) => ({ classification, signIns }))),
      missing: false,
    }))
    return { points, facets: tally.aggregate().facets, outside }
  }

  /** A file is taken for the whole log of its time, unless something of it could not be read. */
  #status(stream: StreamId, window: TimeRange, whole: boolean): StreamStatus {
    return {
      stream,
      state: 'current',
      completeFrom: whole ? window.from : undefined,
      completeTo: whole ? window.to : undefined,
      readTo: window.to,
      settledTo: whole ? window.to : undefined,
      lagSeconds: undefined,
      bucketsPending: 0,
      unsettledBuckets: 0,
      lateRows: 0,
      malformedRows: this.#malformedByStream.get(stream) ?? 0,
      refusal: undefined,
      detail: whole ? undefined : 'Something of the input could not be read.',
    }
  }
}

const fileNames: readonly (readonly [RegExp, StreamId])[] = [
  [/non-?_?interactive/i, 'nonInteractiveUser'],
  [/interactive/i, 'interactiveUser'],
  [/msi_?sign|managed_?identity/i, 'managedIdentity'],
  [/application_?sign|service_?principal/i, 'servicePrincipal'],
]

/** The admin center names its downloads by what is in them, such as `NonInteractiveSignIns_2026-01-01.csv`, and the rows do not say it. */
const streamOfFile = (file: string): StreamId | undefined => fileNames.find(([pattern]) => pattern.test(basename(file)))?.[1]
