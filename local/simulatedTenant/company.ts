import { type Random, randomOf } from './random'

/** An office, or a stretch of the internet: where sign-ins come from. Addresses and networks are those kept for documentation (RFC 5737, RFC 3849, RFC 5398). */
export interface Site {
  readonly id: string
  readonly city: string
  readonly state: string
  readonly countryOrRegion: string
  readonly latitude: number
  readonly longitude: number
  readonly autonomousSystemNumber: number
  /** What an address begins with; the rest is drawn. */
  readonly addressPrefix: string
  /** The named location that Entra knows it by; undefined where it knows none. */
  readonly namedLocation?: string
  /** Hours ahead of UTC. */
  readonly utcOffsetHours: number
  /** Its part of the people. */
  readonly share: number
}

/** A registered application or an API, by its id. */
export interface App {
  readonly id: string
  readonly name: string
}

interface Device {
  readonly deviceId: string
  readonly displayName: string
  readonly operatingSystem: string
  readonly browser: string
  readonly userAgent: string
  readonly isManaged: boolean
}

export interface User {
  readonly id: string
  readonly displayName: string
  readonly userPrincipalName: string
  readonly site: Site
  readonly device: Device
}

/** A service principal or a managed identity. */
export interface ApplicationIdentity {
  readonly app: App
  readonly servicePrincipalId: string
  readonly credentialKeyId: string
  readonly credential: 'clientSecret' | 'certificate' | 'federatedIdentityCredential' | 'managedIdentity'
  readonly site: Site
}

/** Everyone and everything that signs in, the same for the same seed. */
export interface Company {
  readonly tenantId: string
  readonly users: readonly User[]
  readonly guests: readonly User[]
  readonly usersOf: (site: Site) => readonly User[]
  readonly apps: readonly App[]
  readonly servicePrincipals: readonly ApplicationIdentity[]
  readonly managedIdentities: readonly ApplicationIdentity[]
}

/** The id of the simulated tenant unless another one is asked for. */
export const simulatedTenantId = '5e1f0c9a-7b3d-4d62-9a41-c0ffee2026aa'

/** Tenants that the stories lead to. The Microsoft ones are published, the others are made up. */
export const tenants = {
  azureBackupJapanEast: '6e92595a-0b9c-49e4-a1e9-884d0ab4f4f0',
  microsoftServices: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
  consumer: '9188040d-6c67-4c5b-b112-36a304b66dad',
  partner: 'b7a3d1c4-52e8-4f0b-8a6d-19c4e7f03b21',
  customer: 'd94f6e02-3c1a-4b7e-9f58-60a2b8c5d713',
  unknown: '2f81c5b6-a07d-4e39-8c14-7d5be9024f68',
} as const

export const offices: readonly Site[] = [
  {
    id: 'tokyo',
    city: 'Tokyo',
    state: 'Tokyo',
    countryOrRegion: 'JP',
    latitude: 35.68,
    longitude: 139.77,
    autonomousSystemNumber: 64496,
    addressPrefix: '192.0.2.',
    namedLocation: 'Tokyo office',
    utcOffsetHours: 9,
    share: 0.45,
  },
  {
    id: 'osaka',
    city: 'Osaka',
    state: 'Osaka',
    countryOrRegion: 'JP',
    latitude: 34.69,
    longitude: 135.5,
    autonomousSystemNumber: 64497,
    addressPrefix: '2001:db8:51::',
    namedLocation: 'Osaka office',
    utcOffsetHours: 9,
    share: 0.15,
  },
  {
    id: 'frankfurt',
    city: 'Frankfurt',
    state: 'Hessen',
    countryOrRegion: 'DE',
    latitude: 50.11,
    longitude: 8.68,
    autonomousSystemNumber: 64498,
    addressPrefix: '198.51.100.',
    namedLocation: 'Frankfurt office',
    utcOffsetHours: 1,
    share: 0.2,
  },
  {
    id: 'seattle',
    city: 'Seattle',
    state: 'Washington',
    countryOrRegion: 'US',
    latitude: 47.61,
    longitude: -122.33,
    autonomousSystemNumber: 64499,
    addressPrefix: '203.0.113.',
    namedLocation: 'Seattle office',
    utcOffsetHours: -8,
    share: 0.12,
  },
  {
    id: 'home',
    city: 'Yokohama',
    state: 'Kanagawa',
    countryOrRegion: 'JP',
    latitude: 35.44,
    longitude: 139.64,
    autonomousSystemNumber: 64500,
    addressPrefix: '2001:db8:f0::',
    utcOffsetHours: 9,
    share: 0.08,
  },
]

/** Where workloads run, where traffic of Global Secure Access comes out, and where the password spray comes from. */
export const otherSites = {
  cloud: {
    id: 'cloud',
    city: 'Tokyo',
    state: 'Tokyo',
    countryOrRegion: 'JP',
    latitude: 35.68,
    longitude: 139.77,
    autonomousSystemNumber: 64501,
    addressPrefix: '2001:db8:c10d::',
    utcOffsetHours: 9,
    share: 0,
  },
  secureAccess: {
    id: 'secure-access',
    city: 'Frankfurt',
    state: 'Hessen',
    countryOrRegion: 'DE',
    latitude: 50.11,
    longitude: 8.68,
    autonomousSystemNumber: 64502,
    addressPrefix: '2001:db8:65a::',
    utcOffsetHours: 1,
    share: 0,
  },
  spray: {
    id: 'spray',
    city: 'Amsterdam',
    state: 'Noord-Holland',
    countryOrRegion: 'NL',
    latitude: 52.37,
    longitude: 4.9,
    autonomousSystemNumber: 64511,
    addressPrefix: '2001:db8:bad::',
    utcOffsetHours: 1,
    share: 0,
  },
} as const satisfies Record<string, Site>

/** Microsoft's own applications, under their published ids. */
export const firstPartyApps = {
  exchange: { id: '00000002-0000-0ff1-ce00-000000000000', name: 'Office 365 Exchange Online' },
  sharePoint: { id: '00000003-0000-0ff1-ce00-000000000000', name: 'Office 365 SharePoint Online' },
  teams: { id: '1fec8e78-bce4-4aaf-ab1b-5451cc387264', name: 'Microsoft Teams' },
  outlookMobile: { id: '27922004-5251-4030-b22d-91ecd9a37ea4', name: 'Outlook Mobile' },
  oneDrive: { id: 'ab9b8c07-8f02-4f72-87fa-80105867a763', name: 'OneDrive SyncEngine' },
  office: { id: 'd3590ed6-52b3-4102-aeff-aad2292ab01c', name: 'Microsoft Office' },
  officeHome: { id: '4765445b-32c6-49b0-83e6-1d93765276ca', name: 'OfficeHome' },
  edge: { id: 'ecd6b820-32c2-49b6-98a6-444530e5a77a', name: 'Microsoft Edge' },
  broker: { id: '29d9ed98-a469-4536-ade2-f981bc1d605e', name: 'Microsoft Authentication Broker' },
  portal: { id: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', name: 'Azure Portal' },
  azureCli: { id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', name: 'Microsoft Azure CLI' },
  azurePowerShell: { id: '1950a258-227b-4e31-a9cf-717495945fc2', name: 'Microsoft Azure PowerShell' },
  graphCommandLine: { id: '14d82eec-204b-4c2f-b7e8-296a70dab67e', name: 'Microsoft Graph Command Line Tools' },
  backupManagement: { id: '262044b1-e2ce-469f-a196-69ab7ada62d3', name: 'Backup Management Service' },
  resourceManager: { id: '797f4846-ba00-4fd7-ba43-dac1f8f63013', name: 'Azure Resource Manager' },
  graph: { id: '00000003-0000-0000-c000-000000000000', name: 'Microsoft Graph' },
  directory: { id: '00000002-0000-0000-c000-000000000000', name: 'Windows Azure Active Directory' },
} as const satisfies Record<string, App>

/** What people open every day. */
const everydayApps: readonly App[] = [
  firstPartyApps.teams,
  firstPartyApps.outlookMobile,
  firstPartyApps.office,
  firstPartyApps.oneDrive,
  firstPartyApps.officeHome,
  firstPartyApps.edge,
  firstPartyApps.broker,
  firstPartyApps.portal,
]

/** What a token is asked for. */
export const resources: readonly App[] = [
  firstPartyApps.graph,
  firstPartyApps.exchange,
  firstPartyApps.sharePoint,
  firstPartyApps.directory,
]

const businessAreas = ['Sales', 'Payroll', 'Travel', 'Warehouse', 'Legal', 'Quality', 'Ticket', 'Contract', 'Planning', 'Invoice', 'Fleet']
const businessForms = ['portal', 'cockpit', 'archive', 'mobile']
const givenNames = [
  'Aiko',
  'Akira',
  'Anna',
  'Ben',
  'Chie',
  'Clara',
  'Daichi',
  'Emma',
  'Felix',
  'Hana',
  'Haruto',
  'Ida',
  'Jun',
  'Kenji',
  'Lena',
].concat(['Lukas', 'Mai', 'Mia', 'Naoki', 'Noah', 'Olivia', 'Paul', 'Ren', 'Rin', 'Sakura', 'Sota', 'Yui', 'Yuto'])
const familyNames = [
  'Abe',
  'Bauer',
  'Carter',
  'Endo',
  'Fischer',
  'Hara',
  'Ito',
  'Kato',
  'Klein',
  'Kobayashi',
  'Lang',
  'Mori',
  'Nakamura',
  'Ogawa',
].concat(['Parker', 'Reed', 'Saito', 'Sato', 'Schmidt', 'Suzuki', 'Tanaka', 'Ueda', 'Vogel', 'Wada', 'Yamada', 'Young'])

const devices: readonly Omit<Device, 'deviceId' | 'displayName'>[] = [
  {
    operatingSystem: 'Windows10',
    browser: 'Edge 131.0.0',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
    isManaged: true,
  },
  {
    operatingSystem: 'Windows10',
    browser: 'Chrome 131.0.0',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    isManaged: true,
  },
  {
    operatingSystem: 'MacOs',
    browser: 'Safari 18.1',
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    isManaged: true,
  },
  {
    operatingSystem: 'Ios 18.1',
    browser: 'Mobile Safari 18.1',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    isManaged: false,
  },
  {
    operatingSystem: 'Android 15',
    browser: 'Chrome Mobile 131.0.0',
    userAgent: 'Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
    isManaged: false,
  },
]

const usersTotal = 420
const guestsTotal = 24
const servicePrincipalsTotal = 22
const managedIdentitiesTotal = 9

/** Draws the company of a seed. */
export function companyOf(seed: number, tenantId: string): Company {
  const random = randomOf(seed, 0xc0)
  const users = Array.from({ length: usersTotal }, (_, index) => drawUser(random, index, drawOffice(random), 'wingtip.example'))
  const guests = Array.from({ length: guestsTotal }, (_, index) => drawUser(random, index, drawOffice(random), 'partner.example'))
  const bySite = new Map(offices.map((site) => [site.id, users.filter((user) => user.site === site)]))
  const businessApps = businessAreas.flatMap((area) => businessForms.map((form) => ({ id: random.guid(), name: `${area} ${form}` })))
  return {
    tenantId,
    users,
    guests,
    usersOf: (site) => bySite.get(site.id) ?? users,
    apps: [...everydayApps, ...businessApps, { id: random.guid(), name: '経費精算' }],
    servicePrincipals: Array.from({ length: servicePrincipalsTotal }, (_, index) => ({
      app: {
        id: random.guid(),
        name: `${businessAreas[index % businessAreas.length]} ${index < businessAreas.length ? 'job' : 'pipeline'}`,
      },
      servicePrincipalId: random.guid(),
      credentialKeyId: random.guid(),
      credential: random.pick(['clientSecret', 'certificate', 'federatedIdentityCredential'] as const),
      site: otherSites.cloud,
    })),
    managedIdentities: Array.from({ length: managedIdentitiesTotal }, (_, index) => ({
      app: { id: random.guid(), name: `mi-${businessAreas[index]?.toLowerCase()}` },
      servicePrincipalId: random.guid(),
      credentialKeyId: random.guid(),
      credential: 'managedIdentity' as const,
      site: otherSites.cloud,
    })),
  }
}

function drawOffice(random: Random): Site {
  let left = random.next()
  for (const site of offices) {
    left -= site.share
    if (left < 0) return site
  }
  return random.pick(offices)
}

function drawUser(random: Random, index: number, site: Site, domain: string): User {
  const given = random.pick(givenNames)
  const family = random.pick(familyNames)
  const kind = random.pick(devices)
  return {
    id: random.guid(),
    displayName: `${given} ${family}`,
    userPrincipalName: `${given}.${family}${index}@${domain}`.toLowerCase(),
    site,
    device: {
      ...kind,
      deviceId: kind.isManaged || random.chance(0.4) ? random.guid() : '',
      displayName: kind.isManaged ? `WT-${site.id.slice(0, 3).toUpperCase()}-${1000 + index}` : '',
    },
  }
}
