import { knownTenantOf } from '../failures/knownTenants'
import type { TimeRange } from '../signIns/buckets'
import type { StreamId } from '../signIns/streams'
import type { Cause, GroupLabel } from './alert'
import { facetCounts, facetsIn, isNamed, type Observations } from './observations'

/** The part of a rule's sign-ins that one alert is about. */
export interface Slice {
  readonly label: { readonly name: GroupLabel; readonly value: string } | undefined
  readonly streams: readonly StreamId[]
  /** Which cells of the counts belong to it, by class. */
  readonly hasClass: (failureClass: string) => boolean
  /** Which scopes of the facets it is broken down in. */
  readonly scopes: readonly string[]
}

/** Which causes the targets of some blocks give, most telling first. */
export interface TargetCauses {
  readonly causes: readonly Cause[]
  /** The targets of the most telling cause. */
  readonly targets: readonly string[]
  /** Blocks towards targets that are known to be meant. */
  readonly meant: number
}

/** How to judge: the least blocks of one target, and how many sign-ins of a class there are exactly. */
export interface TargetJudge {
  readonly floor: number
  readonly when: 'now' | 'lasting'
  readonly count: (failureClass: string) => number
}

const successes: readonly string[] = ['outcome|success']
const order = ['own-tenant', 'fault', 'lost-target'] as const

/**
 * Blocks that matter by their target: the own tenant, a target whose block is a fault, and a target that was lost. A target
 * is lost when it mostly succeeded before the window and is mostly blocked in it. Once lost it stays so (`lasting`) until it
 * mostly succeeds again or nobody has reached it for a day.
 */
export function targetCauses(observations: Observations, slice: Slice, range: TimeRange, judge: TargetJudge): TargetCauses {
  const least = Math.max(judge.floor, 1)
  const found = new Map<Cause, string[]>(order.map((cause) => [cause, []]))
  const holds = new Set<Cause>()
  if (judge.count('tenant-restriction.own-tenant') >= least) holds.add('own-tenant')
  if (judge.count('tenant-restriction.azure-backup') >= least) holds.add('fault')
  let meant = 0
  for (const block of blocksIn(observations, slice, range)) {
    const cause = causeOf(block, least, judge.when)
    if (block.known === 'expected') meant += block.blocked
    if (cause === undefined) continue
    holds.add(cause)
    found.get(cause)?.push(block.target)
  }
  const causes = order.filter((cause) => holds.has(cause))
  return { causes, targets: found.get(causes[0] ?? 'rise') ?? [], meant }
}

/** What is known of one target: sign-ins in the window and in the day before it. */
interface Block {
  readonly target: string
  readonly known: 'own' | 'fault' | 'expected' | undefined
  readonly blocked: number
  readonly succeeded: number
  readonly blockedBefore: number
  readonly succeededBefore: number
}

function causeOf(block: Block, least: number, when: TargetJudge['when']): Cause | undefined {
  if (block.blocked < least || block.known === 'expected') return undefined
  if (block.known === 'own') return 'own-tenant'
  if (block.known === 'fault') return 'fault'
  if (block.blocked <= block.succeeded) return undefined
  const reachedBefore =
    when === 'lasting' ? block.succeededBefore > 0 : block.succeededBefore >= least && block.succeededBefore > block.blockedBefore
  return reachedBefore ? 'lost-target' : undefined
}

/** Every named target that was blocked in the range, the most blocked first. */
function blocksIn(observations: Observations, slice: Slice, range: TimeRange): Block[] {
  const { label, streams, scopes } = slice
  if (label?.name === 'app') return []
  const inRange = facetsIn(observations, range, streams)
  const before = [observations.recentFacets, ...facetsIn(observations, { from: 0, to: range.from }, streams)]
  const succeeded = facetCounts(inRange, successes, 'resourceTenants')
  const succeededBefore = facetCounts(before, successes, 'resourceTenants')
  const blockedBefore = facetCounts(before, scopes, 'resourceTenants')
  return [...facetCounts(inRange, scopes, 'resourceTenants')]
    .filter(([target]) => isNamed(target) && (label?.name !== 'resourceTenant' || label.value === target))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([target, blocked]) => ({
      target,
      known: knownAs(observations, target),
      blocked,
      succeeded: succeeded.get(target) ?? 0,
      blockedBefore: blockedBefore.get(target) ?? 0,
      succeededBefore: succeededBefore.get(target) ?? 0,
    }))
}

function knownAs(observations: Observations, target: string): Block['known'] {
  const known = knownTenantOf(observations.tenants, target)
  return known?.kind === 'own' ? 'own' : known?.blocked
}
