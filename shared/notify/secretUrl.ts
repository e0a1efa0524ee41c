import { isIP } from 'node:net'
import * as z from 'zod/mini'
import { isLoopback } from './publicAddress'

/** The address of a receiver: https, or http to a literal loopback address, which only local mode delivers to. It is a secret. */
export const secretUrl = (): z.ZodMiniType<string> =>
  z
    .string()
    .check(
      z.maxLength(addressLengthMax),
      z.refine(isSecretUrl, { error: 'has to be an https address without a user name, or http to 127.0.0.1 or [::1]' }),
    )

const addressLengthMax = 2048

/** Whether a text is such an address, of 2,048 characters at most. */
export function isSecretUrl(text: string): boolean {
  if (text.length > addressLengthMax || !URL.canParse(text)) return false
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(hostOf(url)))
}

/** The host of an address as a resolver takes it: an IPv6 address without its brackets, a name without its final dot. */
export function hostOf(url: URL): string {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? host.replace(/\.$/, '').toLowerCase() : host
}
