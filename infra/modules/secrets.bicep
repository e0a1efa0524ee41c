metadata name = 'Secrets'
metadata description = 'The secrets of the monitor, in a vault made here or elsewhere. Each is made once: a later deployment leaves it as it is.'

@description('Required. Name of the vault.')
@minLength(3)
@maxLength(24)
param vaultName string

@description('Required. What the names of the secrets begin with.')
@maxLength(20)
param prefix string

@description('Required. Tags.')
param tags object

@description('Required. Makes the key of the distinct-user hash.')
param makesUserHashKey bool

@description('Required. Makes the key that operators send.')
param makesOperatorKey bool

@description('Required. Makes the list of receivers, empty at first.')
param makesReceivers bool

@description('Required. Makes the address of the heartbeat, off at first.')
param makesHeartbeatUrl bool

@description('Optional. The key of the distinct-user hash, used only where the vault has none yet.')
@secure()
param userHashKey string = '${newGuid()}${newGuid()}'

@description('Optional. The key that operators send, used only where the vault has none yet.')
@secure()
param operatorKey string = '${newGuid()}${newGuid()}'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

@onlyIfNotExists()
resource userHashKeySecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (makesUserHashKey) {
  parent: vault
  name: '${prefix}user-hash-key'
  tags: tags
  properties: {
    contentType: 'Key of the hash under which distinct users are counted'
    value: userHashKey
  }
}

@onlyIfNotExists()
resource operatorKeySecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (makesOperatorKey) {
  parent: vault
  name: '${prefix}operator-key'
  tags: tags
  properties: {
    contentType: 'Key that operators send as x-operator-key'
    value: operatorKey
  }
}

@onlyIfNotExists()
resource receiversSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (makesReceivers) {
  parent: vault
  name: '${prefix}receivers'
  tags: tags
  properties: {
    contentType: 'JSON array of receivers'
    value: '[]'
  }
}

@onlyIfNotExists()
resource heartbeatUrlSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (makesHeartbeatUrl) {
  parent: vault
  name: '${prefix}heartbeat-url'
  tags: tags
  properties: {
    contentType: 'Address that every good run asks, or off'
    value: 'off'
  }
}

// Addresses of secrets, which open nothing without a role on the vault.

@description('Address of the key of the distinct-user hash, without a version.')
output userHashKeySecretUri string = '${vault.properties.vaultUri}secrets/${prefix}user-hash-key'

@description('Address of the key that operators send, without a version.')
output operatorKeySecretUri string = '${vault.properties.vaultUri}secrets/${prefix}operator-key'

@description('Name of the secret with the key that operators send; empty when it is given.')
output operatorKeySecretName string = makesOperatorKey ? '${prefix}operator-key' : ''

@description('Address of the receivers, without a version.')
output receiversSecretUri string = '${vault.properties.vaultUri}secrets/${prefix}receivers'

@description('Name of the secret with the receivers; empty when they are given.')
output receiversSecretName string = makesReceivers ? '${prefix}receivers' : ''

@description('Address of the address of the heartbeat, without a version.')
output heartbeatUrlSecretUri string = '${vault.properties.vaultUri}secrets/${prefix}heartbeat-url'

@description('Name of the secret with the address of the heartbeat; empty when it is given.')
output heartbeatUrlSecretName string = makesHeartbeatUrl ? '${prefix}heartbeat-url' : ''
