import ipaddr from 'ipaddr.js'
import { remembering } from './remembering'
import type { SignIn } from './signIn'

/** A network of the team's own: addresses in CIDR form, version 4 or 6, and what to call them. */
export interface Site {
  readonly cidr: string
  readonly name: string
}

/** The name of the site that an address belongs to; undefined for an address of none. */
export type SiteOf = (ipAddress: string) => string | undefined

const memoMax = 50_000

/**
 * Finds the site of an address: the narrowest network wins, of equal ones the first row. Throws a `RangeError` that names
 * the row when a network is not in CIDR form.
 */
export function siteFinder(sites: readonly Site[]): SiteOf {
  if (sites.length === 0) return () => undefined
  const networks = sites.map(networkOfSite).sort((a, b) => b.prefix - a.prefix)
  return remembering((ipAddress) => siteName(networks, ipAddress), memoMax)
}

type Address = ReturnType<typeof ipaddr.parse>

interface Network {
  readonly base: Address
  readonly prefix: number
  readonly name: string
}

function networkOfSite(site: Site, index: number): Network {
  if (!ipaddr.isValidCIDR(site.cidr)) {
    throw new RangeError(`The network of site ${index + 1} is not in CIDR form, such as 192.0.2.0/24 or 2001:db8::/32.`)
  }
  const [base, prefix] = ipaddr.parseCIDR(site.cidr)
  return { base, prefix, name: site.name }
}

function siteName(networks: readonly Network[], ipAddress: string): string | undefined {
  if (!ipaddr.isValid(ipAddress)) return undefined
  const address = ipaddr.process(ipAddress)
  return networks.find(({ base, prefix }) => base.kind() === address.kind() && address.match(base, prefix))?.name
}

const autonomousSystems = new Map<number, string>()

/**
 * What to call the network of a sign-in: its site, else the named location that it matched, else its autonomous system,
 * else `unknown`. The address itself goes nowhere.
 */
export function networkOf(signIn: SignIn, siteOf: SiteOf): string {
  const site = signIn.ipAddress === undefined ? undefined : siteOf(signIn.ipAddress)
  return site ?? namedLocation(signIn) ?? autonomousSystem(signIn.autonomousSystemNumber) ?? 'unknown'
}

function namedLocation({ networkLocationDetails }: SignIn): string | undefined {
  if (networkLocationDetails === undefined) return undefined
  for (const { networkNames } of networkLocationDetails) if (networkNames.length > 0) return networkNames[0]
  return undefined
}

/** Number 0 is reserved and stands for an address of no known system. */
function autonomousSystem(asn: number | undefined): string | undefined {
  if (asn === undefined || asn === 0) return undefined
  const known = autonomousSystems.get(asn)
  if (known !== undefined) return known
  if (autonomousSystems.size >= memoMax) autonomousSystems.clear()
  const name = `AS${asn}`
  autonomousSystems.set(asn, name)
  return name
}
