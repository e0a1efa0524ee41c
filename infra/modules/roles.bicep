metadata name = 'Roles'
metadata description = 'Every role of the monitor, by name and with its reason, at the smallest scope that serves.'

@description('Required. Assigns the roles; without it they are only listed.')
param assign bool

@description('Required. Object id of the identity of the monitor.')
param identityPrincipalId string

@description('Required. Object id of the group that writes secrets; empty for nobody.')
param secretsOfficerGroupId string

@description('Required. Name of the storage account; empty where this call is about others.')
param storageName string

@description('Required. Name of the vault; empty where this call is about others.')
param vaultName string

@description('Required. Name of the Application Insights component; empty where this call is about others.')
param insightsName string

@description('Required. Addresses of secrets that were given; the roles on their vaults are for their owners to assign.')
param givenSecretUris string[]

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
    wanted: !empty(storageName)
  }
  {
    role: 'Storage Table Data Contributor'
    reason: 'The monitor keeps its counts, runs and alerts in tables.'
    wanted: !empty(storageName)
  }
]
var onVault = [
  {
    role: 'Key Vault Secrets User'
    reason: 'The app reads the receivers, the key of operators and the key of the distinct-user hash.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    wanted: !empty(vaultName)
  }
  {
    role: 'Key Vault Secrets Officer'
    reason: 'The group writes the receivers and turns the keys over.'
    principalId: secretsOfficerGroupId
    principalType: 'Group'
    wanted: !empty(vaultName) && !empty(secretsOfficerGroupId)
  }
]
var onInsights = [
  {
    role: 'Monitoring Metrics Publisher'
    reason: 'The app sends its telemetry with its identity, since keys are off.'
    wanted: !empty(insightsName)
  }
]

// The same rows as somebody else has to know them: whom to give what where.
var needed = concat(
  map(filter(onStorage, row => row.wanted), row => {
    role: row.role
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    scope: resourceId('Microsoft.Storage/storageAccounts', storageName)
    reason: row.reason
  }),
  map(filter(onVault, row => row.wanted), row => {
    role: row.role
    principalId: row.principalId
    principalType: row.principalType
    scope: resourceId('Microsoft.KeyVault/vaults', vaultName)
    reason: row.reason
  }),
  map(filter(onInsights, row => row.wanted), row => {
    role: row.role
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    scope: resourceId('Microsoft.Insights/components', insightsName)
    reason: row.reason
  }),
  // Where a vault of others lies, its name alone does not say.
  map(union(map(givenSecretUris, uri => split(split(uri, '/')[2], '.')[0]), []), name => {
    role: 'Key Vault Secrets User'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    scope: '$(az keyvault show --name ${name} --query id --output tsv)'
    reason: 'The app reads a secret that was given.'
  })
)

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = if (!empty(storageName)) {
  name: empty(storageName) ? 'none' : storageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = if (!empty(vaultName)) {
  name: empty(vaultName) ? 'none' : vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = if (!empty(insightsName)) {
  name: empty(insightsName) ? 'none' : insightsName
}

resource storageRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in onStorage: if (assign && row.wanted) {
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
  for row in onInsights: if (assign && row.wanted) {
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

@description('Every role with its principal, scope, reason and command, for whoever assigns them where this deployment may not.')
output roles array = map(needed, row => {
  role: row.role
  principalId: row.principalId
  scope: row.scope
  reason: row.reason
  command: 'az role assignment create --role "${row.role}" --assignee-object-id ${row.principalId} --assignee-principal-type ${row.principalType} --scope "${row.scope}"'
})
