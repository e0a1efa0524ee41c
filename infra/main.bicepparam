using './main.bicep'

// For azd, which gives its environment: `azd env set MONITORED_TENANT_ID …` and the like.
param name = readEnvironmentVariable('AZURE_ENV_NAME', 'signins')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param tenantId = readEnvironmentVariable('MONITORED_TENANT_ID', '')
param assignRoles = bool(readEnvironmentVariable('ASSIGN_ROLES', 'true'))
param privateNetwork = bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))
param secretsOfficerGroupId = readEnvironmentVariable('SECRETS_OFFICER_GROUP_ID', '')
param tags = {
  'azd-env-name': readEnvironmentVariable('AZURE_ENV_NAME', 'signins')
}
