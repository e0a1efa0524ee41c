import { remembering } from '../signIns/remembering'
import { type FacetId, otherKey, unknownKey } from './aggregate'

/** A key longer than this is cut, so that one odd row cannot swell a bucket. */
export const keyLengthMax = 128

/**
 * Graph's free text for the client, in one spelling. The same client comes with other casing and in short forms.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/howto-customize-filter-logs
 */
const clientApps = [
  'Browser',
  'Mobile Apps and Desktop clients',
  'Modern clients',
  'Authenticated SMTP',
  'Autodiscover',
  'Exchange ActiveSync',
  'Exchange Online PowerShell',
  'Exchange Web Services',
  'IMAP4',
  'MAPI over HTTP',
  'Offline Address Book',
  'Outlook Anywhere (RPC over HTTP)',
  'Outlook Service',
  'POP3',
  'Reporting Web Services',
  'Other clients',
]
const clientAppBySpelling = new Map([
  ...clientApps.map((name) => [name.toLowerCase(), name] as const),
  ['imap', 'IMAP4'] as const,
  ['mapi', 'MAPI over HTTP'] as const,
  ['pop', 'POP3'] as const,
  ['smtp', 'Authenticated SMTP'] as const,
  ['unknown', ''] as const,
])

const lowerCase = (text: string): string => text.toLowerCase()
const asItIs = (text: string): string => text

/** How the text of a row becomes the key of a facet; an empty result is {@link unknownKey}. */
const normalise: Readonly<Record<FacetId, (text: string) => string>> = {
  apps: lowerCase,
  resources: lowerCase,
  resourceTenants: lowerCase,
  clientApps: (text) => clientAppBySpelling.get(text.replaceAll(/\s+/g, ' ').toLowerCase()) ?? text,
  countries: (text) => (/^[a-z]{2}$/i.test(text) ? text.toUpperCase() : ''),
  userAgents: asItIs,
  networks: asItIs,
}

const keyIn = (facet: FacetId): ((text: string) => string) =>
  remembering((text) => {
    const key = normalise[facet](text.trim()).slice(0, keyLengthMax)
    if (key === '') return unknownKey
    return key === otherKey ? `(${otherKey})` : key
  })

const keys: Readonly<Record<FacetId, (text: string) => string>> = {
  apps: keyIn('apps'),
  resources: keyIn('resources'),
  resourceTenants: keyIn('resourceTenants'),
  clientApps: keyIn('clientApps'),
  countries: keyIn('countries'),
  userAgents: keyIn('userAgents'),
  networks: keyIn('networks'),
}

/**
 * The key that a text of a row is counted under: bounded, in one spelling, {@link unknownKey} for an absent or empty
 * text, and never {@link otherKey}, which stands for what was folded.
 */
export const facetKey = (facet: FacetId, text: string | undefined): string => (text === undefined ? unknownKey : keys[facet](text))

const names = remembering((text) => text.trim().slice(0, keyLengthMax))

/** A display name, bounded; undefined for an absent or empty one. */
export const displayName = (text: string | undefined): string | undefined => (text === undefined ? undefined : names(text) || undefined)
