import { type Counts, type FacetId, type Facets, facetIds, type Scope } from '../../shared/aggregates/aggregate'
import type { BucketRow } from '../../shared/aggregates/bucketRow'
import type { Observations } from '../../shared/alerts/evaluate'
import { type KnownTenant, knownTenants } from '../../shared/failures/knownTenants'
import { bucketLength, bucketStart } from '../../shared/signIns/buckets'
import type { StreamStatus } from '../../shared/signIns/completeness'
import { day, hour, type Instant, minute } from '../../shared/signIns/instant'
import type { StreamState } from '../../shared/signIns/streamState'
import { type StreamId, streamIds } from '../../shared/signIns/streams'

export const ownTenant = '11111111-1111-4111-8111-111111111111'
export const partner = '22222222-2222-4222-8222-222222222222'
export const stranger = '33333333-3333-4333-8333-333333333333'
export const backupTenant = '6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0'

/** Sunday noon, in the middle of a bucket. */
export const noon: Instant = Date.UTC(2026, 0, 4, 12, 2)

/** What happened in one bucket of one stream; facets follow from it. */
export interface Happened {
  readonly stream?: StreamId
  /** Blocks by class and target, e.g. `{ 'tenant-restriction.v1': { [partner]: 5 } }`. */
  readonly blocks?: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Successes by target. */
  readonly successes?: Readonly<Record<string, number>>
  readonly serviceFaults?: number
  /** Of the successes, those that the backup authentication system served. */
  readonly backup?: number
  readonly app?: string
}

/** A little log of buckets that observations are taken from at any moment. */
export class Log {
  readonly #happened = new Map<string, Happened[]>()
  readonly #tenants: readonly KnownTenant[]
  /** Reading ends here, whatever the time. */
  readTo: Instant | undefined
  readonly states = new Map<StreamId, Partial<StreamStatus>>()
  enabled: readonly StreamId[] = streamIds
  history: boolean

  constructor(options: { history?: boolean; tenants?: readonly KnownTenant[] } = {}) {
    this.history = options.history ?? true
    this.#tenants = options.tenants ?? []
  }

  /** Something that happened once in every bucket of a stretch. */
  each(from: Instant, to: Instant, happened: Happened): this {
    for (let start = bucketStart(from, '5m'); start < to; start += bucketLength) {
      const key = `${start}|${happened.stream ?? 'interactiveUser'}`
      this.#happened.set(key, [...(this.#happened.get(key) ?? []), happened])
    }
    return this
  }

  at(now: Instant): Observations {
    const open = bucketStart(now, '5m')
    const end = this.readTo === undefined ? open + bucketLength : Math.min(open, bucketStart(this.readTo, '5m')) + bucketLength
    const completeTo = Math.min(bucketStart(now - 10 * minute, '5m'), this.readTo === undefined ? open : bucketStart(this.readTo, '5m'))
    const facetsFrom = open + bucketLength - hour
    return {
      now,
      tenantId: ownTenant,
      enabledStreams: this.enabled,
      rows: this.#rows(end - 3 * hour, end),
      usualRows: this.history ? this.#rows(end - 3 * hour - 7 * day, end - 7 * day) : [],
      facets: this.#starts(facetsFrom, end).map(({ stream, start }) => ({
        stream,
        grain: '5m',
        start,
        facets: this.#facets(stream, [start]),
      })),
      recentFacets: this.#recent(facetsFrom),
      statuses: streamIds.map((stream) => statusOf(stream, completeTo, this.states.get(stream), this.enabled.includes(stream))),
      tenants: knownTenants(this.#tenants, ownTenant),
    }
  }

  #starts(from: Instant, to: Instant): { stream: StreamId; start: Instant }[] {
    const starts: { stream: StreamId; start: Instant }[] = []
    for (let start = from; start < to; start += bucketLength) for (const stream of this.enabled) starts.push({ stream, start })
    return starts
  }

  #rows(from: Instant, to: Instant): BucketRow[] {
    const ledger = {
      readAt: to,
      rows: 0,
      pages: 1,
      malformedRows: 0,
      rowsWhenComplete: undefined,
      shrunkTo: undefined,
      children: undefined,
    }
    return this.#starts(from, to).map(({ stream, start }) => ({
      stream,
      grain: '5m',
      start,
      ledger,
      counts: countsOf(this.#happened.get(`${start}|${stream}`) ?? []),
      version: 'v',
    }))
  }

  #facets(stream: StreamId, starts: readonly Instant[]): Facets {
    return facetsOf(starts.flatMap((start) => this.#happened.get(`${start}|${stream}`) ?? []))
  }

  #recent(to: Instant): Facets {
    const all: Happened[] = []
    for (const { stream, start } of this.#starts(to - day, to)) all.push(...(this.#happened.get(`${start}|${stream}`) ?? []))
    return facetsOf(all)
  }
}

function statusOf(stream: StreamId, completeTo: Instant, part: Partial<StreamStatus> | undefined, enabled: boolean): StreamStatus {
  const state: StreamState = enabled ? 'current' : 'disabled'
  return {
    stream,
    state,
    completeFrom: completeTo - day,
    completeTo,
    readTo: completeTo,
    settledTo: undefined,
    lagSeconds: 120,
    bucketsPending: 0,
    unsettledBuckets: 0,
    lateRows: 0,
    malformedRows: 0,
    refusal: undefined,
    detail: undefined,
    ...part,
  }
}

function countsOf(all: readonly Happened[]): Counts {
  const cells = new Map<string, number>()
  const signals = new Map<string, number>()
  const add = (map: Map<string, number>, key: string, count: number): unknown => count > 0 && map.set(key, (map.get(key) ?? 0) + count)
  for (const { blocks = {}, successes = {}, serviceFaults = 0, backup = 0 } of all) {
    for (const [failureClass, targets] of Object.entries(blocks)) add(cells, `failure|${failureClass}|500021`, sum(targets))
    add(cells, 'success||0', sum(successes))
    add(cells, 'serviceFault|service.general|90033', serviceFaults)
    add(signals, 'servedByBackupAuth|success|known', sum(successes))
    add(signals, 'servedByBackupAuth|success|true', backup)
  }
  return { cells, signals }
}

function facetsOf(all: readonly Happened[]): Facets {
  const scopes = new Map<string, { apps: Map<string, number>; resourceTenants: Map<string, number> }>()
  const add = (scope: string, app: string, target: string, count: number): void => {
    const facets = scopes.get(scope) ?? { apps: new Map(), resourceTenants: new Map() }
    scopes.set(scope, facets)
    facets.apps.set(app, (facets.apps.get(app) ?? 0) + count)
    facets.resourceTenants.set(target, (facets.resourceTenants.get(target) ?? 0) + count)
  }
  for (const { blocks = {}, successes = {}, backup = 0, app = 'app-1' } of all) {
    for (const [failureClass, targets] of Object.entries(blocks)) {
      for (const [target, count] of Object.entries(targets)) {
        add(`family|${failureClass.split('.')[0]}`, app, target, count)
        add(`class|${failureClass}`, app, target, count)
      }
    }
    for (const [target, count] of Object.entries(successes)) add('outcome|success', app, target, count)
    if (backup > 0) add('signal|servedByBackupAuth', app, ownTenant, backup)
  }
  return {
    scopes: new Map([...scopes].map(([id, facets]) => [id, scopeOf(facets)])),
    names: new Map([['apps', new Map([['app-1', 'Payroll']])]]),
    evidence: new Map(),
  }
}

function scopeOf(kept: Partial<Record<FacetId, ReadonlyMap<string, number>>>): Scope {
  const facets = Object.fromEntries(facetIds.map((id) => [id, kept[id] ?? new Map()])) as Scope['facets']
  return { signIns: [...(kept.apps?.values() ?? [])].reduce((a, b) => a + b, 0), facets, users: new Map(), unknownUsers: 0 }
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0)
