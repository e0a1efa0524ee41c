metadata name = 'Network'
metadata description = 'A network with one subnet for the app and one for the private endpoints.'

@description('Required. Name of the network.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Address range, at least a /26.')
param addressPrefix string

@description('Required. Makes outgoing calls leave through a NAT gateway with a fixed address.')
param natGateway bool

@description('Required. Name of the security group; empty for a made one.')
param securityGroupName string

@description('Required. Name of the NAT gateway; empty for a made one.')
param gatewayName string

@description('Required. Name of the public address of the gateway; empty for a made one.')
param addressName string

@description('Required. Id of the workspace that takes the diagnostics.')
param workspaceId string

// The rules that every group has let the network and Azure's load balancer in, and nobody else.
resource closed 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: empty(securityGroupName) ? 'nsg-${name}' : securityGroupName
  location: location
  tags: tags
}

resource address 'Microsoft.Network/publicIPAddresses@2025-05-01' = if (natGateway) {
  name: empty(addressName) ? 'pip-${name}' : addressName
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
  }
}

resource gateway 'Microsoft.Network/natGateways@2025-05-01' = if (natGateway) {
  name: empty(gatewayName) ? 'nat-${name}' : gatewayName
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIpAddresses: [
      {
        id: address.id
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 0)
          // Microsoft Graph and the receivers are on the internet: without a gateway Azure's own way out is needed.
          defaultOutboundAccess: !natGateway
          natGateway: natGateway ? { id: gateway.id } : null
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
          networkSecurityGroup: {
            id: closed.id
          }
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 1)
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Enabled'
          networkSecurityGroup: {
            id: closed.id
          }
        }
      }
    ]
  }
}

resource groupDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: closed
  name: 'events'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'NetworkSecurityGroupEvent'
        enabled: true
      }
    ]
  }
}

resource addressDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (natGateway) {
  scope: address
  name: 'metrics'
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

resource gatewayDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (natGateway) {
  scope: gateway
  name: 'metrics'
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: network
  name: 'metrics'
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the network.')
output networkId string = network.id

@description('Resource id of the subnet for the app.')
output appSubnetId string = network.properties.subnets[0].id

@description('Resource id of the subnet for the private endpoints.')
output endpointSubnetId string = network.properties.subnets[1].id
