import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * The virtual public address of the Azure platform, which answers inside every virtual network.
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const azurePlatform = '168.63.129.16'

/** The globally routed part of IPv6. @see https://www.iana.org/assignments/ipv6-unicast-address-assignments */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/**
 * Whether an IP address is one of the public internet: not private, loopback, link-local, unspecified, multicast, reserved or
 * shared by a carrier. An IPv4 address inside an IPv6 one (mapped, NAT64) is judged by itself. A text that is no address is not public.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv4') return address.range() === 'unicast' && address.toString() !== azurePlatform
  const bytes = address.toByteArray()
  if (address.range() === 'rfc6052') return isPublicAddress(bytes.slice(-4).join('.'))
  return address.range() === 'unicast' && address.match(globalUnicast)
}

/** Whether a host is a literal loopback address; a name never is, whatever it resolves to. */
export const isLoopback = (host: string): boolean => isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback'
