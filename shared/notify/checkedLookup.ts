import type { LookupAddress } from 'node:dns'
import { lookup as resolve } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { MonitorError } from '../runtime/errors'
import { isPublicAddress } from './publicAddress'

/** Every address of a name. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>

const resolveAll: Resolve = (name) => resolve(name, { all: true })

/**
 * A lookup for sockets that hands out only addresses that it has checked: the address that was judged is the one that is
 * connected to, so that a name which answers differently the next time gains nothing. A name with even one address that is
 * not public is refused, unless it is among the hosts that may be private. The error names no host.
 */
export const checkedLookup =
  (privateHosts: readonly string[], resolveName: Resolve = resolveAll): LookupFunction =>
  (name, options, callback) => {
    const answer = (addresses: readonly LookupAddress[]): void => {
      const family = options.family === 4 || options.family === 6 ? options.family : undefined
      const usable = addresses.filter((each) => family === undefined || each.family === family)
      const [first] = usable
      if (!first) callback(new MonitorError('delivery-refused', 'The name of the receiver has no address.'), [])
      else if (options.all) callback(null, [...usable])
      else callback(null, first.address, first.family)
    }
    resolveName(name).then(
      (addresses) => {
        const allowed = privateHosts.includes(name.toLowerCase()) || addresses.every(({ address }) => isPublicAddress(address))
        if (allowed) answer(addresses)
        else callback(new MonitorError('delivery-refused', 'The name of the receiver has an address that is not public.'), [])
      },
      (cause: unknown) => callback(new MonitorError('delivery-refused', 'The name of the receiver could not be resolved.', { cause }), []),
    )
  }
