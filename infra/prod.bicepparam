using './main.bicep'

// Reached through private endpoints only, spread over zones, locked, and watched.
param name = 'prod'
param privateNetwork = true
param addressPrefix = '10.90.0.0/24'
param dnsZones = 'create'
param zoneRedundant = true
param lock = 'CanNotDelete'
param purgeProtection = true
param workspaceRetentionDays = 90
param storageAudit = 'writes'
param watchers = ['platform-team@example.com']
param budgetAmount = 50
param settings = {
  DAY_ZONE: 'UTC'
}
