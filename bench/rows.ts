import { companyOf, simulatedTenantId } from '../local/simulatedTenant/company'
import { type PlannedSignIn, planBucket, type TrafficOptions } from '../local/simulatedTenant/plannedSignIns'
import { renderSignIn } from '../local/simulatedTenant/renderSignIn'
import { bucketLength } from '../shared/signIns/buckets'
import { day, type Instant, parseInstant } from '../shared/signIns/instant'
import { type StreamId, streamIds } from '../shared/signIns/streams'

/** A working day, half past nine in the offices of the simulated company. */
export const benchStart: Instant = parseInstant('2026-03-04T09:30:00Z') ?? 0

const company = companyOf(1, simulatedTenantId)

/** Traffic of which a 5-minute bucket has about so many rows of all streams. */
export const trafficOf = (rowsPerBucket: number): TrafficOptions => ({
  seed: 1,
  company,
  rowsPerDay: Math.round((rowsPerBucket * day) / bucketLength),
  lateness: false,
})

/** The sign-ins of a bucket by the stream that they are counted in. */
export function bucketByStream(start: Instant, traffic: TrafficOptions): Map<StreamId, PlannedSignIn[]> {
  const byStream = new Map<StreamId, PlannedSignIn[]>(streamIds.map((id) => [id, []]))
  for (const signIn of planBucket(start, traffic)) byStream.get(signIn.kind.stream)?.push(signIn)
  return byStream
}

/** A sign-in as Graph would send it, of at least so many bytes: a large tenant's rows are long because of the policies that were looked at. */
export function rowText(signIn: PlannedSignIn, bytesMin = 0): string {
  const text = renderSignIn(signIn, company, { version: 'beta', unknownEnumMembers: true, final: true })
  if (text.length >= bytesMin) return text
  const row = JSON.parse(text)
  const policies: unknown[] = [...row.appliedConditionalAccessPolicies]
  for (let missing = bytesMin - text.length; missing > 0; missing -= JSON.stringify(policies.at(-1)).length + 1) {
    policies.push(policyNotApplied(policies.length))
  }
  return JSON.stringify({ ...row, appliedConditionalAccessPolicies: policies })
}

const policyNotApplied = (index: number): unknown => ({
  id: `5a1f0c2e-6b7d-4e8f-9a0b-${String(index).padStart(12, '0')}`,
  displayName: `Policy ${index}: require a managed device for guests`,
  enforcedGrantControls: ['Mfa', 'RequireCompliantDevice'],
  enforcedSessionControls: [],
  result: 'notApplied',
  conditionsSatisfied: 'application',
  conditionsNotSatisfied: 'users',
  includeRulesSatisfied: [{ conditionalAccessCondition: 'application', ruleSatisfied: 'allApps' }],
  excludeRulesSatisfied: [],
})

/** A page as Graph answers it. */
export const pageText = (rows: readonly string[]): string =>
  `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#auditLogs/signIns","value":[${rows.join(',')}]}`
