metadata name = 'Roles'
metadata description = 'Every role of the monitor, by name and with its reason, at the smallest scope that serves.'

@description('Required. Assigns the roles; without it they are only listed.')
param assign bool

@description('Required. Object id of the identity of the monitor.')
param identityPrincipalId string

@description('Required. Object id of the group that writes secrets; empty for nobody.')
param secretsOfficerGroupId string

@description('Required. Name of the storage account.')
param storageName string

@description('Required. Name of the vault; empty where the secrets live in another one.')
param vaultName string

@description('Required. Name of the Application Insights component.')
param insightsName string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var roleIds = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
}
var onStorage = [
  {
    role: 'Storage Blob Data Owner'
    reason: 'The host loads the package and keeps the leases and the state of the timers in blobs.'
  }
  {
    role: 'Storage Table Data Contributor'
    reason: 'The monitor keeps its counts, runs and alerts in tables.'
  }
]
var onVault = [
  {
    role: 'Key Vault Secrets User'
    reason: 'The app reads the receivers and the key of the distinct-user hash.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    wanted: !empty(vaultName)
  }
  {
    role: 'Key Vault Secrets Officer'
    reason: 'The group writes the receivers.'
    principalId: secretsOfficerGroupId
    principalType: 'Group'
    wanted: !empty(vaultName) && !empty(secretsOfficerGroupId)
  }
]
var onInsights = [
  {
    role: 'Monitoring Metrics Publisher'
    reason: 'The app sends its telemetry with its identity, since keys are off.'
  }
]

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = if (!empty(vaultName)) {
  name: empty(vaultName) ? 'none' : vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource storageRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in onStorage: if (assign) {
    scope: storage
    name: guid(storage.id, identityPrincipalId, roleIds[row.role])
    properties: {
      principalId: identityPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[row.role])
      description: row.reason
    }
  }
]

resource vaultRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in onVault: if (assign && row.wanted) {
    scope: vault
    name: guid(vault.id, row.principalId, roleIds[row.role])
    properties: {
      principalId: row.principalId
      principalType: row.principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[row.role])
      description: row.reason
    }
  }
]

resource insightsRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in onInsights: if (assign) {
    scope: insights
    name: guid(insights.id, identityPrincipalId, roleIds[row.role])
    properties: {
      principalId: identityPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[row.role])
      description: row.reason
    }
  }
]

@description('Every role with its principal, scope and reason, for whoever assigns them where this deployment may not.')
output roles array = concat(
  map(onStorage, row => { role: row.role, principalId: identityPrincipalId, scope: storage.id, reason: row.reason }),
  map(filter(onVault, row => row.wanted), row => {
    role: row.role
    principalId: row.principalId
    scope: resourceId('Microsoft.KeyVault/vaults', vaultName)
    reason: row.reason
  }),
  map(onInsights, row => { role: row.role, principalId: identityPrincipalId, scope: insights.id, reason: row.reason })
)
