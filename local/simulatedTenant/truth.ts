import type { Outcome, SignalId } from '../../shared/failures/catalogueTypes'
import type { TimeRange } from '../../shared/signIns/buckets'
import type { Instant } from '../../shared/signIns/instant'
import { type StreamId, streams } from '../../shared/signIns/streams'
import type { PlannedSignIn } from './plannedSignIns'
import type { TenantLog } from './tenantLog'

/** What is true of the sign-ins of a stretch of time, from the labels of their kinds. A sign-in of several event types counts once. */
export interface Truth {
  readonly signIns: number
  readonly outcomes: Record<Outcome, number>
  /** Failures and service faults by family. */
  readonly families: Record<string, number>
  /** Failures by class, of the families of the three questions. */
  readonly classes: Record<string, number>
  readonly interrupts: Record<string, number>
  /** Every code but 0. */
  readonly errorCodes: Record<string, number>
  readonly signals: Record<string, { isTrue: number; known: number }>
  /** By the first stream, in order of precedence, that a sign-in belongs to. */
  readonly streams: Record<StreamId, number>
  readonly distinctUsers: number
  /** Sign-ins of people whose row does not say who it was. */
  readonly unknownUserSignIns: number
}

type TrueSignal = Exclude<SignalId, 'backupAuthEligible'>

/** Whether each signal is true of a sign-in; undefined where its row cannot tell. */
const signals: Readonly<Record<TrueSignal, (signIn: PlannedSignIn) => boolean | undefined>> = {
  legacyTls: ({ kind }) => kind.legacyTls === true,
  servedByBackupAuth: (signIn) => told(signIn, signIn.servedByBackupAuth),
  tenantRestricted: (signIn) => told(signIn, signIn.kind.restricted === true),
  masked: ({ kind }) => kind.person === 'masked',
  automation: ({ kind, identity }) => kind.automation === true || identity !== undefined,
  crossTenant: (signIn) => told(signIn, signIn.kind.crossTenantAccessType !== undefined),
  throughGlobalSecureAccess: (signIn) => told(signIn, signIn.kind.secureAccess === true),
  legacyAuthentication: ({ kind, identity }) => (identity ? undefined : kind.legacyAuthentication === true),
}

/** Rows of managed identities lack these properties. */
const told = (signIn: PlannedSignIn, value: boolean): boolean | undefined => (signIn.kind.stream === 'managedIdentity' ? undefined : value)

/** Counts the sign-ins of a half-open range that are visible at an instant. */
export function truthOf(log: TenantLog, range: TimeRange, visibleAt: Instant): Truth {
  const truth: Truth = {
    signIns: 0,
    outcomes: { success: 0, interrupt: 0, failure: 0, serviceFault: 0 },
    families: {},
    classes: {},
    interrupts: {},
    errorCodes: {},
    signals: Object.fromEntries(Object.keys(signals).map((id) => [id, { isTrue: 0, known: 0 }])),
    streams: { interactiveUser: 0, nonInteractiveUser: 0, servicePrincipal: 0, managedIdentity: 0 },
    distinctUsers: 0,
    unknownUserSignIns: 0,
  }
  const users = new Set<string>()
  let total = 0
  let unknownUsers = 0
  for (const signIn of log.between(range)) {
    if (signIn.visibleAt > visibleAt) continue
    const { kind } = signIn
    total++
    truth.outcomes[kind.outcome]++
    truth.streams[owner(signIn)]++
    if (kind.family) add(kind.outcome === 'interrupt' ? truth.interrupts : truth.families, kind.family)
    if (kind.failureClass) add(truth.classes, kind.failureClass)
    if (kind.errorCode !== 0) add(truth.errorCodes, String(kind.errorCode))
    if (signIn.user) users.add(signIn.user.id)
    else if (!signIn.identity) unknownUsers++
    for (const [id, read] of Object.entries(signals)) {
      const value = read(signIn)
      const count = truth.signals[id]
      if (value === undefined || !count) continue
      count.known++
      if (value) count.isTrue++
    }
  }
  return { ...truth, signIns: total, distinctUsers: users.size, unknownUserSignIns: unknownUsers }
}

const owner = (signIn: PlannedSignIn): StreamId =>
  streams.find((stream) => signIn.signInEventTypes.includes(stream.signInEventType))?.id ?? signIn.kind.stream

const add = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1
}
