metadata name = 'Vault'
metadata description = 'The secrets of the monitor. What is made here is made once: a later deployment leaves it as it is.'

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

@description('Required. Makes the key of the distinct-user hash.')
param makesUserHashKey bool

@description('Required. Makes the list of receivers, empty at first.')
param makesReceivers bool

@description('Required. Id of the workspace that takes the diagnostics.')
param workspaceId string

@description('Optional. The key of the distinct-user hash, used only where the vault has none yet.')
@secure()
param userHashKey string = '${newGuid()}${newGuid()}'

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

@onlyIfNotExists()
resource userHashKeySecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (makesUserHashKey) {
  parent: vault
  name: 'user-hash-key'
  properties: {
    contentType: 'Key of the hash under which distinct users are counted'
    value: userHashKey
  }
}

@onlyIfNotExists()
resource receiversSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (makesReceivers) {
  parent: vault
  name: 'receivers'
  properties: {
    contentType: 'JSON array of receivers'
    value: '[]'
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

// Addresses of secrets, which open nothing without a role on the vault.

@description('Address of the key of the distinct-user hash, without a version.')
output userHashKeySecretUri string = '${vault.properties.vaultUri}secrets/user-hash-key'

@description('Address of the receivers, without a version.')
output receiversSecretUri string = '${vault.properties.vaultUri}secrets/receivers'
