metadata name = 'Private endpoints'
metadata description = 'One private endpoint a target, with its DNS zone made here, found elsewhere, or left to a policy.'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Id of the subnet that the endpoints get their addresses in.')
param subnetId string

@description('Required. Id of the network that made zones are linked to.')
param networkId string

@description('Required. Where the zones come from.')
@allowed(['create', 'existing', 'policy'])
param dnsZones string

@description('Required. Id of the resource group with the existing zones.')
param dnsZonesResourceGroupId string

@description('Required. What is to be reached.')
param targets targetType[]

@batchSize(1)
resource endpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for target in targets: {
    name: empty(target.override) ? 'pe-${target.name}' : target.override
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      privateLinkServiceConnections: [
        {
          name: target.group
          properties: {
            privateLinkServiceId: target.resourceId
            groupIds: [target.group]
          }
        }
      ]
    }
  }
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for target in targets: if (dnsZones == 'create') {
    name: target.zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (target, index) in targets: if (dnsZones == 'create') {
    parent: zones[index]
    name: uniqueString(networkId)
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (target, index) in targets: if (dnsZones != 'policy') {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.group
          properties: {
            privateDnsZoneId: dnsZones == 'create'
              ? zones[index].id
              : '${dnsZonesResourceGroupId}/providers/Microsoft.Network/privateDnsZones/${target.zone}'
          }
        }
      ]
    }
  }
]

@description('A resource that is reached through a private endpoint.')
type targetType = {
  @description('Required. Name of the endpoint, without its prefix.')
  name: string
  @description('Required. Whole name that takes the place of the made one; empty for the made one.')
  override: string
  @description('Required. Id of the resource.')
  resourceId: string
  @description('Required. The part of the resource that is reached.')
  group: 'blob' | 'table' | 'vault' | 'sites'
  @description('Required. DNS zone of that part.')
  zone: string
}
