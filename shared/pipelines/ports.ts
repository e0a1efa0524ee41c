import type { BucketFacets, BucketKey, BucketRow, BucketWrite } from '../aggregates/bucketRow'
import type { FacetsSum } from '../aggregates/merge'
import type { Alert, AlertGroup, OutboxRow } from '../alerts/alert'
import type { Grain, TimeRange } from '../signIns/buckets'
import type { Instant } from '../signIns/instant'
import type { StreamProgress } from '../signIns/streamState'
import type { StreamId } from '../signIns/streams'

/** Everything that a pipeline may ask of the world. The adapters give it; a test gives its own. */
export interface Ports {
  readonly clock: () => Instant
  readonly signIns: SignInSource
  readonly buckets: BucketStore
  readonly runs: RunStore
  readonly alerts: AlertStore
  readonly notifier: Notifier
  /** Left out where nobody waits for a sign of life. */
  readonly heartbeat?: Heartbeat | undefined
  readonly log: Log
}

/** Where sign-ins come from. */
export interface SignInSource {
  /**
   * What `take` makes of the rows of one stream in a half-open window, page by page; rows may lie a little outside it.
   * Throws `GraphReadError`. Nothing is yielded after an error: a window is read whole or not at all. `take` is asked as
   * soon as a row has come, so that no more than one raw row has to be held, and again where a page has to be asked for
   * again: it remembers nothing and does not throw.
   */
  read<Taken>(window: SignInWindow, abort: AbortSignal, take: TakeRow<Taken>): AsyncIterable<SignInPage<Taken>>
  /** The requests that all streams share. */
  readonly budget: RateBudget
  /** How many rows a page holds at most; 1,000, as Graph's do, where it is left out. */
  readonly pageRows?: number
}

export interface SignInWindow extends TimeRange {
  readonly stream: StreamId
}

/** Makes what is kept of a raw row. */
export type TakeRow<Taken> = (row: unknown) => Taken

export interface SignInPage<Taken> {
  readonly rows: readonly Taken[]
  /** The answer's `Date` header. */
  readonly serverTime: Instant | undefined
  /** From sending the request to the headers of its answer, in milliseconds that no clock's jump changes; 0 where it is left out. */
  readonly took?: number
}

/** A sliding window over the requests of the whole tenant. */
export interface RateBudget {
  restore(state: RateBudgetState): void
  state(): RateBudgetState
  /** How many requests could be sent until an instant. */
  available(until: Instant): number
}

export interface RateBudgetState {
  /** When the requests of the last 10 seconds were sent. */
  readonly requestTimes: readonly Instant[]
  readonly retryAfterUntil: Instant | undefined
}

/** Where counts live. */
export interface BucketStore {
  /** Counts and ledgers of all buckets of a grain and some streams that start in the range, in order of time. */
  rows(query: BucketQuery): Promise<BucketRow[]>
  /** The facets of the same, which are much larger. */
  facets(query: BucketQuery): Promise<StoredFacets[]>
  /** Replaces buckets whole. A row whose version moved on is not written and is named in the answer, and so may be others of its batch. */
  commit(writes: readonly BucketWrite[]): Promise<CommitResult>
  /**
   * Says that coarse rows no longer fit their children, before the children change. A missing row is fine: `keys` are
   * looked for first, and those of `known` are expected to be there.
   */
  markDue(keys: readonly BucketKey[], known?: readonly BucketKey[]): Promise<void>
  /** Remembers the row count of a smaller reading; the counts stay as they are. A missing row is fine. */
  noteShrunk(key: BucketKey, shrunkTo: number): Promise<void>
  /** Removes rows, in bounded steps; a missing one is fine. */
  remove(keys: readonly BucketKey[]): Promise<void>
}

/** The facets of a stored bucket. They may be decoded only when they are asked for: to add them to a sum takes less than to have them. */
export interface StoredFacets extends BucketFacets {
  /** Whether a child changed since: readers use the finer rows. */
  readonly due: boolean
  readonly addTo: (sum: FacetsSum) => void
}

export interface BucketQuery extends TimeRange {
  readonly grain: Grain
  readonly streams: readonly StreamId[]
}

export interface CommitResult {
  /** With the version that the row has now, where the store learnt it. */
  readonly committed: readonly (BucketKey & { readonly version?: string | undefined })[]
  /** The stored row changed since it was read, or was not tried because others of its batch had. */
  readonly conflicts: readonly BucketKey[]
}

/** Who runs now, and how the last run went. */
export interface RunStore {
  /** Takes the run for an owner until `now + leaseSeconds`; undefined when another one holds it. */
  take(owner: string, now: Instant, leaseSeconds: number): Promise<RunRow | undefined>
  /** Holds it longer and writes how far it has come; false when it was lost. */
  renew(owner: string, now: Instant, leaseSeconds: number, state: RunState): Promise<boolean>
  /** Writes how it went and lets go. */
  finish(owner: string, end: RunEnd): Promise<void>
  /** The row as it stands; undefined before the first run. */
  read(): Promise<RunRow | undefined>
}

export interface RunRow {
  /** Of a run that was taken: nobody else has held it since this process finished its last one. */
  readonly isContinued?: boolean
  readonly owner: string | undefined
  readonly until: Instant | undefined
  readonly budget: RateBudgetState
  readonly lastRun: LastRun | undefined
  /** How far Graph's clock is ahead of ours, in milliseconds; undefined before its first answer. */
  readonly clockAhead?: number | undefined
  readonly progress: readonly StreamProgress[]
  readonly backfill: BackfillProgress | undefined
}

export interface LastRun {
  readonly startedAt: Instant
  /** undefined while one runs. */
  readonly endedAt: Instant | undefined
  readonly result: 'ok' | 'partial' | 'failed'
  readonly detail: string
}

/** How far a run has come: written with every commit, so that others can watch it. */
export interface RunState {
  readonly budget: RateBudgetState
  readonly clockAhead?: number | undefined
  readonly progress: readonly StreamProgress[]
  readonly backfill: BackfillProgress
}

export interface RunEnd extends RunState {
  readonly lastRun: LastRun
  readonly now: Instant
}

export interface BackfillProgress {
  readonly bucketsDone: number
  readonly bucketsTotal: number
  readonly oldest: Instant | undefined
  /** As fast as this run reads them; undefined while it has read none. */
  readonly bucketsPerMinute?: number | undefined
  readonly secondsLeft: number | undefined
}

/** Where alerts and what is to be told about them live. */
export interface AlertStore {
  load(): Promise<StoredAlerts>
  /** One transaction: the group by its version, the changed alerts, and one outbox row a receiver. False on a conflict. */
  save(change: AlertChange): Promise<boolean>
  /** Outbox rows whose next attempt is due, oldest first, at most `most`. */
  waiting(now: Instant, most: number): Promise<OutboxRow[]>
  /** Records what came of an attempt, or a notification that is handed over. */
  record(row: OutboxRow): Promise<void>
  /** Removes what is long over, in bounded steps; answers how many rows went. */
  prune(now: Instant): Promise<number>
}

export interface StoredAlerts {
  readonly group: AlertGroup | undefined
  readonly alerts: readonly Alert[]
  /** The group's ETag; undefined where it does not exist yet. */
  readonly version: string | undefined
  /** When an alert last changed. */
  readonly changedAt: Instant | undefined
}

export interface AlertChange {
  readonly group: AlertGroup
  readonly replaces: string | undefined
  readonly alerts: readonly Alert[]
  readonly outbox: readonly OutboxRow[]
}

/** Whom we tell. */
export interface Notifier {
  /** The ids of the receivers that this content is for. */
  receivers(content: { readonly severity: string; readonly rule: string; readonly family: string | undefined }): readonly string[]
  /** One attempt. Never throws: what went wrong is in the result. */
  deliver(row: OutboxRow): Promise<DeliveryResult>
}

export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly status: number }
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: 'dead'; readonly reason: string }

/** Who is told, after every run that did its work, that the monitor lives: silence is what calls people. */
export interface Heartbeat {
  /** One attempt. Never throws: what went wrong is in the result. */
  beat(): Promise<DeliveryResult>
  /** Keeps what came of it, and since when it has been so. */
  record(outcome: HeartbeatOutcome, now: Instant): Promise<void>
  /** What was kept last; undefined before the first time. */
  state(): Promise<HeartbeatState | undefined>
}

/** The kind of a {@link DeliveryResult} or `withheld`, and why; `none` for one that was delivered. */
export interface HeartbeatOutcome {
  readonly outcome: string
  readonly reason: string
}

export interface HeartbeatState extends HeartbeatOutcome {
  readonly since: Instant
}

/** Says something about a run. `fields` never hold a name, an id or an address of a person. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, string | number | boolean | null>>,
) => void
