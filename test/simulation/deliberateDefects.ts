/** One text of a source, and what a mistake would have made of it. */
interface Change {
  readonly file: string
  readonly from: string
  readonly to: string
}

/** A mistake that somebody could make, and what catches it. */
interface Defect {
  readonly id: string
  readonly changes: readonly Change[]
  /** The test file of which at least one test has to fail. */
  readonly test?: string
  /** Seeds fail as well; `fault` names what a seed needs so that it can show the defect. */
  readonly seeds?: { readonly fault?: string }
}

const readWindow = 'shared/pipelines/readWindow.ts'
const commitWindows = 'shared/pipelines/commitWindows.ts'
const rollUpBuckets = 'shared/pipelines/rollUpBuckets.ts'
const maintainAggregates = 'shared/pipelines/maintainAggregates.ts'
const readingPlan = 'shared/signIns/readingPlan.ts'
const signInSource = 'shared/graph/signInSource.ts'

/** Every one is put into a copy of the sources by `node test/simulation/defects.mjs`; docs/defects.md names each with its test. */
export const defects: readonly Defect[] = [
  {
    id: 'inclusive-bound-counted-twice',
    changes: [
      { file: readWindow, from: 'at >= to)) return', to: 'at > to)) return' },
      { file: readWindow, from: 'at >= to) return', to: 'at > to) return' },
      {
        file: readWindow,
        from: 'buckets.get(bucketStart(record.createdDateTime, window.grain))',
        to: 'buckets.get(bucketStart(Math.min(record.createdDateTime, window.to - 1), window.grain))',
      },
    ],
    seeds: {},
  },
  {
    id: 'page-dropped',
    changes: [{ file: readWindow, from: 'for (const row of page.rows) rows', to: 'if (pages !== 2) for (const row of page.rows) rows' }],
    test: 'test/pipelines/collectSignIns.test.ts',
    seeds: {},
  },
  {
    id: 'last-settling-skipped',
    changes: [{ file: readingPlan, from: "  { reason: 'settling-24h', age: 24 * hour },\n", to: '' }],
    test: 'test/signIns/readingPlan.test.ts',
    seeds: {},
  },
  {
    id: 'etag-ignored',
    changes: [
      {
        file: 'shared/tables/bucketStore.ts',
        from: "{ kind: 'replace', entity, etag: write.replaces, key }",
        to: "{ kind: 'put', entity, key }",
      },
    ],
    test: 'test/tables/bucketStore.test.ts',
  },
  {
    id: 'prefer-missing-on-page-two',
    changes: [
      {
        file: 'shared/graph/graphClient.ts',
        from: "Prefer: 'include-unknown-enum-members',",
        to: "...(page.link === undefined ? { Prefer: 'include-unknown-enum-members' } : {}),",
      },
    ],
    test: 'test/graph/signInSource.test.ts',
    seeds: {},
  },
  {
    id: 'stale-instance-overwrites',
    changes: [{ file: commitWindows, from: '(current.get(start)?.ledger.readAt ?? 0) < reading.readAt', to: 'current !== undefined' }],
    test: 'test/pipelines/commitWindows.test.ts',
    seeds: { fault: 'second-instance' },
  },
  {
    id: 'rollup-adds',
    changes: [
      { file: rollUpBuckets, from: 'import { emptyFacets } from', to: 'import { emptyFacets, mergeCounts } from' },
      {
        file: rollUpBuckets,
        from: 'return made.aggregate',
        to: `const before = rowOf.get(key.stream)?.get(key.start)
        const counts = before ? mergeCounts([before.counts, made.aggregate.counts]) : made.aggregate.counts
        return { ...made.aggregate, counts }`,
      },
    ],
    test: 'test/pipelines/commitWindows.test.ts',
    seeds: {},
  },
  {
    id: 'refusal-read-as-empty',
    changes: [
      {
        file: signInSource,
        from: 'if (status < 200 || status > 299) return',
        to: "if (status === 403) return { page: { rows: [], nextLink: undefined, serverTime: parseHttpDate(answer.headers.get('date')), took: answer.took } }\n  if (status < 200 || status > 299) return",
      },
    ],
    test: 'test/graph/signInSource.test.ts',
    seeds: { fault: 'stream-forbidden' },
  },
  {
    id: 'page-that-comes-again-added-again',
    changes: [{ file: readWindow, from: 'record.id ?? `unnamed', to: '`unnamed' }],
    test: 'test/pipelines/collectSignIns.test.ts',
    seeds: { fault: 'repeated-rows' },
  },
  {
    id: 'expiry-a-day-early',
    changes: [
      { file: maintainAggregates, from: 'now - options.retention[grain] * day,', to: 'now - (options.retention[grain] - 1) * day,' },
    ],
    test: 'test/pipelines/maintainAggregates.test.ts',
    seeds: {},
  },
  {
    id: 'expiry-under-a-parent-that-may-change',
    changes: [{ file: maintainAggregates, from: 'children === undefined || (children.sealed && !children.due)', to: 'children !== null' }],
    test: 'test/pipelines/maintainAggregates.test.ts',
    seeds: { fault: 'platform-outage' },
  },
  {
    id: 'rows-of-another-window-forgotten',
    changes: [{ file: commitWindows, from: 'if (window === read && ', to: 'if (window.stream === read.stream && ' }],
    seeds: {},
  },
  {
    id: 'smaller-reading-believed-at-once',
    changes: [{ file: commitWindows, from: 'before.ledger.shrunkTo !== rows', to: 'before.ledger.rows < 0' }],
    test: 'test/pipelines/commitWindows.test.ts',
    seeds: { fault: 'falsely-empty' },
  },
  {
    id: 'coarser-rows-not-marked',
    changes: [{ file: commitWindows, from: 'await ports.buckets.markDue(', to: 'void (' }],
    test: 'test/pipelines/commitWindows.test.ts',
    seeds: {},
  },
  {
    id: 'hour-made-too-early-not-marked',
    changes: [{ file: commitWindows, from: ' || hourRows.has(end - hour)', to: '' }],
    test: 'test/pipelines/commitWindows.test.ts',
  },
  {
    id: 'failed-page-ends-the-window',
    changes: [
      {
        file: signInSource,
        from: 'if (!again) throw failed(',
        to: 'if (!again && request.link !== undefined) return { rows: [], nextLink: undefined, serverTime: undefined }\n    if (!again) throw failed(',
      },
    ],
    test: 'test/graph/signInSource.test.ts',
    seeds: { fault: 'page-token-lost' },
  },
  {
    id: 'complete-before-late-arrivals',
    changes: [{ file: 'shared/signIns/readingExtent.ts', from: 'reading.readAt >= end + arrivalAllowance', to: 'reading.readAt >= end' }],
    test: 'test/signIns/readingPlan.test.ts',
    seeds: {},
  },
  {
    id: 'reading-dated-by-its-last-page',
    changes: [{ file: readWindow, from: 'readAt ??= startOf(page)', to: 'readAt = startOf(page)' }],
    seeds: {},
  },
  {
    id: 'row-without-a-time-moves',
    changes: [{ file: readWindow, from: 'this.#knownAt(record) ?? ', to: '' }],
    test: 'test/pipelines/readWindow.test.ts',
  },
  {
    id: 'row-of-two-streams-counted-in-both',
    changes: [
      {
        file: readWindow,
        from: 'if (owningStream(signIn.signInEventTypes, streams, stream) !== stream) return',
        to: 'if (streams.length === 0) return',
      },
    ],
    test: 'test/pipelines/monitorSignIns.test.ts',
    seeds: {},
  },
  {
    id: 'no-second-more-on-either-side',
    changes: [{ file: signInSource, from: 'const margin = second', to: 'const margin = 0' }],
    test: 'test/graph/signInSource.test.ts',
  },
  {
    id: 'foreign-link-followed',
    changes: [{ file: signInSource, from: 'address?.origin === root.origin && ', to: 'address && ' }],
    test: 'test/graph/signInSource.test.ts',
  },
  {
    id: 'run-taken-while-it-is-held',
    changes: [
      { file: 'shared/tables/runStore.ts', from: 'row.owner !== undefined && row.owner !== owner &&', to: 'row.owner === owner &&' },
    ],
    test: 'test/tables/runStore.test.ts',
    seeds: { fault: 'second-instance' },
  },
  {
    id: 'requests-of-the-run-before-forgotten',
    changes: [{ file: 'shared/pipelines/monitorSignIns.ts', from: 'ports.signIns.budget.restore(run.budget)', to: '' }],
    test: 'test/pipelines/monitorSignIns.test.ts',
    seeds: { fault: 'second-instance' },
  },
  {
    id: 'retry-after-ignored',
    changes: [{ file: signInSource, from: 'if (pauses) budget.throttled(retryAfterMs)', to: 'if (pauses) budget.throttled(0)' }],
    test: 'test/graph/signInSource.test.ts',
  },
  {
    id: 'notification-given-up-after-one-attempt',
    changes: [{ file: 'shared/alerts/nextAttempt.ts', from: "if (attempt.kind === 'delivered') return", to: 'if (attempts > 0) return' }],
    test: 'test/alerts/nextAttempt.test.ts',
    seeds: { fault: 'delivery-failed' },
  },
]
