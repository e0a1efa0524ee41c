import type { TokenCredential } from '@azure/identity'
import { type CloudId, cloudOf } from './clouds'

interface CredentialOptions {
  /** `managedIdentity` in Azure; `developer` uses whoever is signed in to the Azure CLI, Azure PowerShell or azd, in this order. */
  readonly mode: 'managedIdentity' | 'developer'
  /** Of a user-assigned identity; the system-assigned one when left out. */
  readonly clientId?: string | undefined
  /** Whose sign-ins a developer reads; the tenant of the login when left out. */
  readonly tenantId?: string | undefined
  readonly cloud: CloudId
}

/**
 * Where tokens come from. The identity library is loaded with the first token that is asked for: it is large, and a
 * simulated tenant needs none.
 */
export function createCredential(options: CredentialOptions): TokenCredential {
  let loaded: Promise<TokenCredential> | undefined
  return {
    async getToken(scopes, tokenOptions) {
      loaded ??= load(options)
      return (await loaded).getToken(scopes, tokenOptions)
    },
  }
}

async function load({ mode, clientId, tenantId, cloud }: CredentialOptions): Promise<TokenCredential> {
  const identity = await import('@azure/identity')
  const { authorityHost } = cloudOf(cloud)
  if (mode === 'managedIdentity') return new identity.ManagedIdentityCredential({ authorityHost, ...(clientId ? { clientId } : {}) })
  const login = { authorityHost, ...(tenantId ? { tenantId } : {}) }
  return new identity.ChainedTokenCredential(
    new identity.AzureCliCredential(login),
    new identity.AzurePowerShellCredential(login),
    new identity.AzureDeveloperCliCredential(login),
  )
}
