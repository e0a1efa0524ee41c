import { bucketStart } from '../../shared/signIns/buckets'
import { hour, type Instant } from '../../shared/signIns/instant'
import type { StreamId } from '../../shared/signIns/streams'
import { firstPartyApps, otherSites, tenants } from './company'
import { failed, faulted, type SignInKind, succeeded } from './signInKinds'

/** Something worth seeing, which happens every day at the same hours (UTC), so that any 24 hours show it. */
interface Story {
  readonly id: string
  /** One sentence for the page of the simulated tenant. */
  readonly about: string
  /** From this hour of the day … */
  readonly fromHour: number
  /** … to this one, not included. */
  readonly toHour: number
  /** Sign-ins that come on top of the everyday traffic, and how many an hour. */
  readonly adds?: { readonly perHour: number; readonly kinds: readonly SignInKind[] }
  /** What becomes of the everyday traffic; the first that takes a sign-in wins. */
  readonly changes?: readonly Change[]
}

/** What a story does to a part of the everyday traffic of a stream. */
interface Change {
  readonly stream: StreamId
  readonly probability: number
  /** What a sign-in turns into; when it is left out, the backup authentication system serves those that it can serve. */
  readonly into?: readonly SignInKind[]
}

const backupAgent: Partial<SignInKind> = {
  person: 'masked',
  app: { id: 'a31c6b0e-8f27-4d95-b1e0-5c7f92d4a806', name: 'Recovery Services agent' },
  resource: firstPartyApps.backupManagement,
  resourceTenantId: tenants.azureBackupJapanEast,
  crossTenantAccessType: 'passthrough',
  restricted: true,
}

const maskedAt = (resourceTenantId: string): Partial<SignInKind> => ({
  person: 'masked',
  resourceTenantId,
  crossTenantAccessType: 'passthrough',
  restricted: true,
})

const throughSecureAccess: Partial<SignInKind> = { secureAccess: true, site: otherSites.secureAccess }

const scanner: Partial<SignInKind> = {
  app: { id: '6d0b52f7-19ae-4c38-9b74-e8a1f3c50d29', name: 'Scan to mail' },
  resource: firstPartyApps.exchange,
  clientAppUsed: 'Authenticated SMTP',
  authenticationProtocol: 'ropc',
  userAgent: 'BAV2ROPC',
  legacyTls: true,
  legacyAuthentication: true,
  automation: true,
}

const bulkTool: Partial<SignInKind> = {
  app: { id: 'c86e4f13-7a52-4db0-8e69-02b5d7f1a394', name: 'Bulk enrolment tool' },
  resource: firstPartyApps.directory,
  userAgent: 'Windows-AzureAD-Authentication-Provider/1.0',
  legacyTls: true,
}

const commandLinePrompts: readonly SignInKind[] = [
  firstPartyApps.azureCli,
  firstPartyApps.azurePowerShell,
  firstPartyApps.graphCommandLine,
].map((app) => failed('nonInteractiveUser', 50076, 'mfa', { app, resource: firstPartyApps.resourceManager, automation: true }))

const outageFaults = (stream: StreamId): readonly SignInKind[] =>
  [90033, 90036, 90025, 90024].map((errorCode) => faulted(stream, errorCode))

/** The stories; the order is that of the page. */
export const stories: readonly Story[] = [
  {
    id: 'azure-backup-works',
    about: 'Azure Backup agents sign in to a tenant of Microsoft, through a network that adds the headers of tenant restrictions v1.',
    fromHour: 0,
    toHour: 4,
    adds: { perHour: 12, kinds: [succeeded('servicePrincipal', backupAgent)] },
  },
  {
    id: 'azure-backup-cut-off',
    about: 'From 04:00 to 20:00 the proxy no longer lists that tenant: 500021, and no backups.',
    fromHour: 4,
    toHour: 20,
    adds: {
      perHour: 18,
      kinds: [
        failed('servicePrincipal', 500021, 'tenant-restriction', { ...backupAgent, failureClass: 'tenant-restriction.azure-backup' }),
      ],
    },
  },
  {
    id: 'azure-backup-mended',
    about: 'At 20:00 the tenant is back on the list.',
    fromHour: 20,
    toHour: 24,
    adds: { perHour: 12, kinds: [succeeded('servicePrincipal', backupAgent)] },
  },
  {
    id: 'tenant-restriction-v2-partner',
    about: 'People are stopped by tenant restrictions v2 on the way to a partner, in masked rows: 5000211.',
    fromHour: 0,
    toHour: 10,
    adds: {
      perHour: 14,
      kinds: (['interactiveUser', 'nonInteractiveUser', 'nonInteractiveUser'] as const).map((stream) =>
        failed(stream, 5000211, 'tenant-restriction', { ...maskedAt(tenants.partner), failureClass: 'tenant-restriction.v2' }),
      ),
    },
  },
  {
    id: 'universal-tenant-restriction',
    about: 'Universal tenant restrictions through Global Secure Access: a customer is allowed, an unknown tenant is not.',
    fromHour: 0,
    toHour: 24,
    adds: {
      perHour: 6,
      kinds: [
        succeeded('interactiveUser', { ...maskedAt(tenants.customer), ...throughSecureAccess }),
        succeeded('nonInteractiveUser', { ...maskedAt(tenants.customer), ...throughSecureAccess }),
        failed('interactiveUser', 5000211, 'tenant-restriction', {
          ...maskedAt(tenants.unknown),
          ...throughSecureAccess,
          failureClass: 'tenant-restriction.v2',
        }),
      ],
    },
  },
  {
    id: 'tenant-restriction-v1-meant',
    about:
      'Blocks of tenant restrictions v1 as they are meant: an unknown tenant, consumer accounts, and pass-through of Microsoft services.',
    fromHour: 0,
    toHour: 24,
    adds: {
      perHour: 4,
      kinds: [
        failed('interactiveUser', 500021, 'tenant-restriction', { ...maskedAt(tenants.unknown), failureClass: 'tenant-restriction.v1' }),
        failed('nonInteractiveUser', 500021, 'tenant-restriction', { ...maskedAt(tenants.unknown), failureClass: 'tenant-restriction.v1' }),
        failed('interactiveUser', 500021, 'tenant-restriction', {
          ...maskedAt(tenants.consumer),
          failureClass: 'tenant-restriction.consumer',
        }),
        failed('interactiveUser', 500021, 'tenant-restriction', {
          ...maskedAt(tenants.microsoftServices),
          failureClass: 'tenant-restriction.pass-through',
        }),
      ],
    },
  },
  {
    id: 'cross-tenant-policies',
    about: 'Cross-tenant access settings say no: ours outbound (500212), those of a customer inbound (500213).',
    fromHour: 0,
    toHour: 24,
    adds: {
      perHour: 3,
      kinds: [
        failed('interactiveUser', 500212, 'cross-tenant', {
          resourceTenantId: tenants.unknown,
          crossTenantAccessType: 'b2bCollaboration',
          failureClass: 'cross-tenant.outbound',
        }),
        failed('interactiveUser', 500213, 'cross-tenant', {
          resourceTenantId: tenants.customer,
          crossTenantAccessType: 'b2bCollaboration',
          failureClass: 'cross-tenant.inbound',
        }),
      ],
    },
  },
  {
    id: 'legacy-tls-scanner',
    about: 'A scanner sends mail over TLS 1.0: it still succeeds, and will break.',
    fromHour: 0,
    toHour: 24,
    adds: { perHour: 5, kinds: [succeeded('nonInteractiveUser', scanner)] },
  },
  {
    id: 'legacy-tls-refused',
    about: 'From 01:00 to 04:00 a bulk tool is refused for its old TLS: 1002016.',
    fromHour: 1,
    toHour: 4,
    adds: { perHour: 16, kinds: [failed('nonInteractiveUser', 1002016, 'tls', { ...bulkTool, failureClass: 'tls.legacy' })] },
  },
  {
    id: 'client-certificate-lost',
    about: 'An inspecting proxy in one office takes the client certificate away: 50192.',
    fromHour: 7,
    toHour: 17,
    adds: { perHour: 1, kinds: [failed('interactiveUser', 50192, 'tls', { failureClass: 'tls.client-certificate' })] },
  },
  {
    id: 'backup-auth-outage',
    about: 'From 02:10 to 02:35 Entra has an outage: service faults, and the backup authentication system serves most of what goes on.',
    fromHour: 2 + 10 / 60,
    toHour: 2 + 35 / 60,
    changes: [
      { stream: 'interactiveUser', probability: 0.7, into: outageFaults('interactiveUser') },
      { stream: 'nonInteractiveUser', probability: 0.22, into: outageFaults('nonInteractiveUser') },
      { stream: 'nonInteractiveUser', probability: 0.8 },
      { stream: 'servicePrincipal', probability: 0.5, into: outageFaults('servicePrincipal') },
    ],
  },
  {
    id: 'backup-auth-exercise',
    about: 'From 06:00 to 06:40 Microsoft exercises the backup authentication system: a few percent of the tokens, and nothing fails.',
    fromHour: 6,
    toHour: 6 + 40 / 60,
    changes: [{ stream: 'nonInteractiveUser', probability: 0.06 }],
  },
  {
    id: 'app-secret-works',
    about: 'A nightly job has a client secret …',
    fromHour: 0,
    toHour: 5,
    adds: { perHour: 12, kinds: [succeeded('servicePrincipal', { identity: 3 })] },
  },
  {
    id: 'app-secret-expired',
    about: '… which expires at 05:00: 7000222 until it is renewed in the night.',
    fromHour: 5,
    toHour: 24,
    adds: { perHour: 12, kinds: [failed('servicePrincipal', 7000222, 'app-credential', { identity: 3 })] },
  },
  {
    id: 'password-spray',
    about: 'From 12:15 to 12:55 someone tries passwords from one network: 50126, and accounts that lock (50053).',
    fromHour: 12.25,
    toHour: 12 + 55 / 60,
    adds: {
      perHour: 150,
      kinds: [
        failed('interactiveUser', 50126, 'credential', { site: otherSites.spray }),
        failed('interactiveUser', 50126, 'credential', { site: otherSites.spray }),
        failed('interactiveUser', 50126, 'credential', { site: otherSites.spray }),
        failed('interactiveUser', 50053, 'account-state', { site: otherSites.spray }),
      ],
    },
  },
  {
    id: 'command-line-prompts',
    about: 'Scripts that run as a person are asked for a second factor, and nobody is there: 50076 from the command-line tools.',
    fromHour: 0,
    toHour: 24,
    adds: { perHour: 3, kinds: commandLinePrompts },
  },
]

/** How many sign-ins a day the stories add to the everyday traffic. */
export const storyRowsPerDay = stories.reduce((sum, { adds, fromHour, toHour }) => sum + (adds?.perHour ?? 0) * (toHour - fromHour), 0)

/** What part of a stretch of time a story covers, from 0 to 1. */
export function coveredShare(story: Story, from: Instant, to: Instant): number {
  const midnight = bucketStart(from, '1d')
  const start = Math.max(from, midnight + story.fromHour * hour)
  const end = Math.min(to, midnight + story.toHour * hour)
  return Math.max(0, end - start) / (to - from)
}
