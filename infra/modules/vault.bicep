metadata name = 'Vault'
metadata description = 'The vault for the secrets of the monitor. Entra identities only.'

@description('Required. Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Closes the vault to public networks.')
param isPrivate bool

@description('Required. Keeps a deleted vault for 90 days, whatever anyone does.')
param purgeProtection bool

@description('Required. Lock on the vault.')
@allowed(['None', 'CanNotDelete'])
param lock string

@description('Required. Id of the workspace that takes the diagnostics.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // The property is refused when it is false, even where it never was true.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

resource vaultLock 'Microsoft.Authorization/locks@2020-05-01' = if (lock == 'CanNotDelete') {
  scope: vault
  name: 'holds-secrets'
  properties: {
    level: 'CanNotDelete'
    notes: 'Without the key of the hash, distinct users of before and after cannot be added up.'
  }
}

@description('Resource id.')
output id string = vault.id

@description('Name of the vault.')
output name string = vault.name
