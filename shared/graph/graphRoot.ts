import { MonitorError } from '../runtime/errors'

/** Where Graph answers. */
export interface GraphRoot {
  /** Without version, and without a slash at its end. */
  readonly url: string
  readonly origin: string
  /** Whether tokens may travel there: https only. */
  readonly secure: boolean
}

const loopbackHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/
const versionAtEnd = /\/(beta|v\d+(\.\d+)?)$/i

/** Reads a Graph root. Throws `MonitorError` (`setting-invalid`) for anything but an https URL, or an http one on loopback, that names no version. */
export function parseGraphRoot(text: string): GraphRoot {
  const root = URL.canParse(text) ? new URL(text) : undefined
  if (!root || (root.protocol !== 'https:' && root.protocol !== 'http:')) throw invalid('it is not an http or https URL')
  if (root.protocol === 'http:' && !loopbackHost.test(root.hostname)) throw invalid('http is for loopback addresses only; use https')
  if (root.username || root.password || root.search || root.hash) throw invalid('it holds more than a scheme, a host, a port and a path')
  const url = root.origin + root.pathname.replace(/\/+$/, '')
  if (versionAtEnd.test(url)) throw invalid('the version at its end has to go')
  return { url, origin: root.origin, secure: root.protocol === 'https:' }
}

/** The value itself stays unsaid, for a mistyped one may hold a password. */
const invalid = (why: string): MonitorError =>
  new MonitorError(
    'setting-invalid',
    `The Graph root cannot be used: ${why}. Right would be https://graph.microsoft.com or http://127.0.0.1:4010.`,
  )
