import type { SignInPage, SignInSource, SignInWindow, TakeRow } from '../../shared/pipelines/ports'
import { formatInstant, type Instant, second } from '../../shared/signIns/instant'
import { type StreamId, streamOf } from '../../shared/signIns/streams'

/** What one sign-in of the log looks like from an instant on; the last version that can be seen stands. */
export interface RowVersion {
  readonly visibleAt: Instant
  readonly row: Readonly<Record<string, unknown>>
}

/** One sign-in of the log. */
export interface LoggedSignIn {
  readonly id: string
  readonly at: Instant
  readonly streams: readonly StreamId[]
  readonly versions: RowVersion[]
}

/** One reading of the source: which window, and when it began. */
export interface SourceReading {
  readonly window: SignInWindow
  readonly at: Instant
}

export interface SignInFacts {
  readonly at: Instant
  readonly streams?: readonly StreamId[]
  readonly visibleAt?: Instant
  readonly errorCode?: number
  readonly userId?: string
  /** Laid over the row; a property that is undefined is taken out. */
  readonly row?: Readonly<Record<string, unknown>>
}

/** A sign-in log as Graph shows it: rows come into view late, change afterwards, and are read page by page. */
export interface VirtualLog {
  readonly signIns: readonly LoggedSignIn[]
  readonly readings: readonly SourceReading[]
  readonly add: (facts: SignInFacts) => LoggedSignIn
  /** The rows that a stream's query of a range can see at an instant, in order of time. */
  readonly visible: (stream: StreamId, from: Instant, to: Instant, now: Instant) => unknown[]
  readonly source: SignInSource
  /** Called at the start of each reading; what it throws ends the reading. */
  beforeReading: (window: SignInWindow) => void | Promise<void>
  /** What becomes of the pages of a reading. */
  pagesOf: (window: SignInWindow, pages: readonly (readonly unknown[])[]) => readonly (readonly unknown[])[]
}

const shownPrecision = second

/** A log whose pages hold few rows, so that a reading has several, and repeat the last row of the page before. */
export function openVirtualLog(clock: () => Instant, pageRows = 50): VirtualLog {
  const signIns: LoggedSignIn[] = []
  const readings: SourceReading[] = []
  const visible: VirtualLog['visible'] = (stream, from, to, now) =>
    signIns
      .filter((one) => one.streams.includes(stream) && one.at >= from && one.at < to)
      .sort((a, b) => a.at - b.at)
      .flatMap((one) => {
        const version = one.versions.findLast(({ visibleAt }) => visibleAt <= now)
        return version ? [version.row] : []
      })
  const log: VirtualLog = {
    signIns,
    readings,
    visible,
    beforeReading: () => undefined,
    pagesOf: (_window, pages) => pages,
    add: ({ at, streams = ['interactiveUser'], visibleAt = at, errorCode = 0, userId, row }) => {
      const id = `00000000-0000-4000-8000-${String(signIns.length + 1).padStart(12, '0')}`
      const signIn = { id, at, streams, versions: [{ visibleAt, row: graphRow(id, at, streams, errorCode, userId, row) }] }
      signIns.push(signIn)
      return signIn
    },
    source: {
      budget: { restore: () => undefined, state: () => ({ requestTimes: [], retryAfterUntil: undefined }), available: () => 1_000 },
      async *read<Taken>(window: SignInWindow, _abort: AbortSignal, take: TakeRow<Taken>): AsyncGenerator<SignInPage<Taken>> {
        const at = clock()
        readings.push({ window, at })
        await log.beforeReading(window)
        const rows = visible(window.stream, window.from - shownPrecision, window.to + shownPrecision, at)
        for (const page of log.pagesOf(window, pagesWithRepeats(rows, pageRows))) yield { rows: page.map(take), serverTime: at }
      },
    },
  }
  return log
}

function pagesWithRepeats(rows: readonly unknown[], pageRows: number): unknown[][] {
  const pages: unknown[][] = [rows.slice(0, pageRows)]
  for (let from = pageRows; from < rows.length; from += pageRows) pages.push(rows.slice(from - 1, from + pageRows))
  return pages
}

const graphRow = (
  id: string,
  at: Instant,
  eventStreams: readonly StreamId[],
  errorCode: number,
  userId: string | undefined,
  row: SignInFacts['row'],
): Record<string, unknown> => {
  const person = eventStreams.every((stream) => streamOf(stream).person)
  return {
    id,
    createdDateTime: formatInstant(at - (at % shownPrecision)),
    signInEventTypes: eventStreams.map((stream) => streamOf(stream).signInEventType),
    userId: person ? (userId ?? '3f0c1f6e-2f4e-4b43-9d3e-000000000001') : '',
    userPrincipalName: person ? 'somebody@company.example' : null,
    appId: '11111111-aaaa-4bbb-8ccc-000000000001',
    appDisplayName: 'Payroll',
    resourceId: '00000003-0000-0000-c000-000000000000',
    resourceDisplayName: 'Microsoft Graph',
    resourceTenantId: '5e1f0c9a-7b3d-4d62-9a41-c0ffee2026aa',
    homeTenantId: '5e1f0c9a-7b3d-4d62-9a41-c0ffee2026aa',
    clientAppUsed: 'Browser',
    ipAddress: '192.0.2.7',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
    tokenIssuerType: 'AzureAD',
    isTenantRestricted: false,
    crossTenantAccessType: 'none',
    isThroughGlobalSecureAccess: false,
    authenticationProcessingDetails: [{ key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' }],
    location: { countryOrRegion: 'JP' },
    status: { errorCode, failureReason: '', additionalDetails: null },
    ...row,
  }
}
