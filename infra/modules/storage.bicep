metadata name = 'Storage'
metadata description = 'Counts in tables, and the container that the package is deployed to. Entra identities only.'

@description('Required. Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Closes the account to public networks.')
param isPrivate bool

@description('Required. Keeps three copies in three zones instead of one.')
param zoneRedundant bool

@description('Required. Lock on the account.')
@allowed(['None', 'CanNotDelete'])
param lock string

@description('Required. Which changes of tables and blobs are logged.')
@allowed(['deletes', 'writes'])
param audit string

@description('Required. Id of the workspace that takes the diagnostics.')
param workspaceId string

// The monitor makes a missing table by itself.
var tableNames = ['buckets', 'runs', 'alerts']

// Reads are left out: every tick reads, and the log of that would cost more than the monitor. So would that of the leases that the host
// renews, which are writes of blobs, where nobody asks for it.
var changes = [
  {
    category: 'StorageWrite'
    enabled: audit == 'writes'
  }
  {
    category: 'StorageDelete'
    enabled: true
  }
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'packages'
  properties: {
    publicAccess: 'None'
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [
  for table in tableNames: {
    parent: tableService
    name: table
  }
]

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: changes
  }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: tableService
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: changes
  }
}

resource accountDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'metrics'
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

resource accountLock 'Microsoft.Authorization/locks@2020-05-01' = if (lock == 'CanNotDelete') {
  scope: account
  name: 'holds-counts'
  properties: {
    level: 'CanNotDelete'
    notes: 'The counts of sign-ins older than the log itself cannot be read again.'
  }
}

@description('Resource id.')
output id string = account.id

@description('Name of the account.')
output name string = account.name

@description('Root of the blobs, without a slash at its end.')
output blobEndpoint string = 'https://${account.name}.blob.${environment().suffixes.storage}'

@description('Root of the tables, without a slash at its end.')
output tableEndpoint string = 'https://${account.name}.table.${environment().suffixes.storage}'

@description('Name of the container that packages are deployed to.')
output packagesContainer string = packages.name
