/** One of the clouds that Entra runs in. Tokens of one are worth nothing in another. */
export type CloudId = 'global' | 'usGovernment' | 'usGovernmentDod' | 'china'

interface Cloud {
  readonly id: CloudId
  /** Where Graph answers, without the version. */
  readonly graphRoot: string
  /** Who issues the tokens. */
  readonly authorityHost: string
  /** What a token for Graph is asked for. */
  readonly scope: string
}

/**
 * The clouds that serve sign-ins, all of them on the beta endpoint.
 * @see https://learn.microsoft.com/graph/deployments
 */
const clouds: readonly Cloud[] = [
  {
    id: 'global',
    graphRoot: 'https://graph.microsoft.com',
    authorityHost: 'https://login.microsoftonline.com',
    scope: 'https://graph.microsoft.com/.default',
  },
  {
    id: 'usGovernment',
    graphRoot: 'https://graph.microsoft.us',
    authorityHost: 'https://login.microsoftonline.us',
    scope: 'https://graph.microsoft.us/.default',
  },
  {
    id: 'usGovernmentDod',
    graphRoot: 'https://dod-graph.microsoft.us',
    authorityHost: 'https://login.microsoftonline.us',
    scope: 'https://dod-graph.microsoft.us/.default',
  },
  {
    id: 'china',
    graphRoot: 'https://microsoftgraph.chinacloudapi.cn',
    authorityHost: 'https://login.chinacloudapi.cn',
    scope: 'https://microsoftgraph.chinacloudapi.cn/.default',
  },
]

/** Every cloud, in the order in which they are offered. */
export const cloudIds: readonly CloudId[] = clouds.map((cloud) => cloud.id)

/** The row of a cloud. Throws a `RangeError` that names the clouds there are. */
export function cloudOf(id: CloudId): Cloud {
  const cloud = clouds.find((row) => row.id === id)
  if (!cloud) throw new RangeError(`There is no cloud ${id}; there are ${cloudIds.join(', ')}.`)
  return cloud
}
