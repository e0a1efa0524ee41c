import { spelled } from './spelled'

/**
 * Client labels, without case and punctuation.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/howto-customize-filter-logs
 */
const clientLabels: ReadonlyMap<string, boolean> = new Map([
  ...['browser', 'mobileappsanddesktopclients', 'modernclients'].map((label) => [label, false] as const),
  ...[
    'authenticatedsmtp',
    'smtp',
    'autodiscover',
    'exchangeactivesync',
    'exchangeonlinepowershell',
    'exchangewebservices',
    'imap4',
    'imap',
    'mapioverhttp',
    'mapi',
    'offlineaddressbook',
    'outlookanywhererpcoverhttp',
    'outlookservice',
    'pop3',
    'pop',
    'reportingwebservices',
    'otherclients',
  ].map((label) => [label, true] as const),
])

/** Whether a client label is one of legacy authentication; undefined where it is missing or nobody knows it. */
export function legacyAuthentication(clientAppUsed: string | undefined): boolean | undefined {
  if (clientAppUsed === undefined || clientAppUsed === '') return undefined
  if (clientAppUsed === 'Browser' || clientAppUsed === 'Mobile Apps and Desktop clients') return false
  return clientLabels.get(spelled(clientAppUsed))
}
