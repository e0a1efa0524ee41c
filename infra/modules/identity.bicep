metadata name = 'Identity'
metadata description = 'The identity that the monitor acts as everywhere: storage, vault, telemetry and Microsoft Graph.'

@description('Required. Name of the identity.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('Client id, which the app names when it asks for a token.')
output clientId string = identity.properties.clientId

@description('Object id, which roles and permissions are given to.')
output principalId string = identity.properties.principalId
