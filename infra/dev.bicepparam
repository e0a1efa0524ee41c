using './main.bicep'

// Small and easy to throw away: public endpoints, still without a key.
param name = 'dev'
param purgeProtection = false
param workspaceRetentionDays = 30
param availabilityTest = false
param settings = {
  LOOKBACK_HOURS: '24'
}
