metadata name = 'entra-signin-monitor'
metadata description = 'Reads the sign-in logs of a Microsoft Entra tenant, keeps counts and calls on-call. No key and no connection string anywhere.'

targetScope = 'resourceGroup'

// What is deployed

@description('Required. Name of this installation; two of them may share a resource group.')
@minLength(2)
@maxLength(40)
param name string

@description('Optional. Region of all resources. Flex Consumption has to be offered there: `az functionapp list-flexconsumption-locations`.')
param location string = resourceGroup().location

@description('Optional. Id of the tenant whose sign-ins are read, which is the tenant of the subscription; another one stops the deployment.')
@maxLength(36)
param tenantId string = ''

@description('Optional. Settings of the monitor by name, such as STREAMS, LOOKBACK_HOURS, TENANTS, SITES, ALERT_RULES or DAY_ZONE. Secrets belong into the vault.')
param settings object = {}

@description('Optional. Major version of Node.js that runs the app.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Optional. Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

@description('Optional. The most instances that the app scales out to.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Optional. Spreads the plan and the storage over the zones of the region.')
param zoneRedundant bool = false

@description('Optional. Names that take the place of the made ones: identity, plan, app, storage, vault, workspace, insights, network and the others at the end of main.bicep.')
param names namesType = {}

@description('Optional. Tags of every resource.')
param tags object = {}

@description('Optional. Lock on what holds state: the storage account and the vault. Making one takes Owner or User Access Administrator.')
@allowed(['None', 'CanNotDelete'])
param lock string = 'None'

// Who may what

@description('Optional. Assigns the roles. Without it someone with the right to assign roles has to, from the output MONITOR_ROLES.')
param assignRoles bool = true

@description('Optional. Object id of the group that writes secrets, such as the receivers; nobody when left out.')
param secretsOfficerGroupId string = ''

@description('Optional. Client id of the app registration with the roles `reader` and `operator` that callers of the API get tokens for; function keys alone when left out.')
@maxLength(36)
param authenticationClientId string = ''

@description('Optional. Client ids of the applications that may call the API; any application of the tenant when left out.')
param authenticationAllowedApplications string[] = []

// Secrets: made once, never replaced by a later deployment

@description('Optional. Id of an existing vault, with RBAC, that the secrets are made in; a vault is made when left out.')
param vaultId string = ''

@description('Optional. URI of an existing secret with the key of the distinct-user hash, in place of one that is made here.')
param userHashKeySecretUri string = ''

@description('Optional. URI of an existing secret with the key that operators send, in place of one that is made here.')
param operatorKeySecretUri string = ''

@description('Optional. URI of an existing secret with the receivers, in place of one that is made here.')
param receiversSecretUri string = ''

@description('Optional. URI of an existing secret with the address that every good run asks (HEARTBEAT_URL), in place of one that is made here.')
param heartbeatUrlSecretUri string = ''

@description('Optional. Keeps a deleted vault for 90 days, whatever anyone does. Cannot be switched off again.')
param purgeProtection bool = true

// Network

@description('Optional. Reaches storage, vault and app through private endpoints only.')
param privateNetwork bool = false

@description('Optional. Address range of the network that is made; at least a /26.')
param addressPrefix string = '10.90.0.0/24'

@description('Optional. Makes outgoing calls leave the made network through a NAT gateway with a fixed address; about 30 USD a month.')
param natGateway bool = false

@description('Optional. Id of an existing subnet for the app, at least a /27, delegated to Microsoft.App/environments. Without `privateNetwork` only outgoing calls pass through it.')
param appSubnetId string = ''

@description('Optional. Id of an existing subnet for the private endpoints; a network is made when both subnets are left out.')
param endpointSubnetId string = ''

@description('Optional. Where the private DNS zones come from: made here, existing ones, or records that an Azure policy adds.')
@allowed(['create', 'existing', 'policy'])
param dnsZones string = 'create'

@description('Optional. Id of the resource group that holds the existing private DNS zones.')
param dnsZonesResourceGroupId string = ''

// Watching the watcher

@description('Optional. Id of an existing Log Analytics workspace; one is made when left out.')
param workspaceId string = ''

@description('Optional. How long a workspace that is made here keeps its data, in days.')
@minValue(30)
@maxValue(730)
param workspaceRetentionDays int = 30

@description('Optional. The most telemetry a day that a workspace made here takes in, in GB.')
@minValue(1)
@maxValue(100)
param workspaceDailyQuotaGb int = 1

@description('Optional. Which changes of tables and blobs the storage account logs; `writes` costs about 2 USD a month more.')
@allowed(['deletes', 'writes'])
param storageAudit string = 'deletes'

@description('Optional. Mail addresses that are told when the monitor itself fails; nobody is when left out.')
param watchers string[] = []

@description('Optional. Ids of existing action groups that are told when the monitor itself fails.')
param actionGroupIds string[] = []

@description('Optional. Probes /api/health from outside; public network only.')
param availabilityTest bool = true

@description('Optional. Monthly budget in the currency of the subscription; none at 0.')
@minValue(0)
param budgetAmount int = 0

// Only the suffix depends on the input, so that every made name is within Azure's length and characters.
var suffix = uniqueString(resourceGroup().id, name)
var resourceNames = {
  identity: names.?identity ?? 'id-signins-${suffix}'
  plan: names.?plan ?? 'plan-signins-${suffix}'
  app: names.?app ?? 'func-signins-${suffix}'
  storage: names.?storage ?? 'stsignins${suffix}'
  vault: names.?vault ?? 'kv-signins-${suffix}'
  workspace: names.?workspace ?? 'log-signins-${suffix}'
  insights: names.?insights ?? 'appi-signins-${suffix}'
  network: names.?network ?? 'vnet-signins-${suffix}'
}

// Parameters that do not fit together. The tags need this text, so the deployment stops before its first resource.
var reserved = [
  'AZURE_CLIENT_ID'
  'EASY_AUTH'
  'HEARTBEAT_URL'
  'OPERATOR_KEY'
  'RECEIVERS'
  'SECRET_URIS'
  'TABLES_ENDPOINT'
  'TENANT_ID'
  'USER_HASH_KEY'
]
var neededSecretUris = [userHashKeySecretUri, operatorKeySecretUri, receiversSecretUri]
var givenSecretUris = filter(concat(neededSecretUris, [heartbeatUrlSecretUri]), uri => !empty(uri))
var brokenSecretUris = filter(givenSecretUris, uri => !startsWith(uri, 'https://') || !contains(uri, '/secrets/'))
var namesVault = contains(toLower(vaultId), '/providers/microsoft.keyvault/vaults/')
var tellsSomebody = !empty(watchers) || !empty(actionGroupIds)
var misfits = filter(
  [
    privateNetwork && empty(appSubnetId) != empty(endpointSubnetId) ? 'Give both appSubnetId and endpointSubnetId, or neither.' : ''
    dnsZones == 'existing' && empty(dnsZonesResourceGroupId)
      ? 'With dnsZones existing, give the id of the resource group of the zones as dnsZonesResourceGroupId.'
      : ''
    natGateway && !makesNetwork ? 'natGateway belongs to a network that is made here: set privateNetwork and give no subnet.' : ''
    makesNetwork && int(last(split(addressPrefix, '/'))) > 26 ? 'addressPrefix has to be a /26 or larger.' : ''
    !empty(tenantId) && toLower(tenantId) != toLower(tenant().tenantId)
      ? 'tenantId has to be ${tenant().tenantId}: a managed identity reads the tenant of its subscription and no other.'
      : ''
    !empty(vaultId) && !namesVault ? 'vaultId has to be the resource id of a vault.' : ''
    !empty(workspaceId) && !contains(toLower(workspaceId), '/providers/microsoft.operationalinsights/workspaces/')
      ? 'workspaceId has to be the resource id of a Log Analytics workspace.'
      : ''
    !empty(brokenSecretUris) ? 'A secret URI has to look like https://<vault>/secrets/<name>.' : ''
    !empty(authenticationAllowedApplications) && empty(authenticationClientId)
      ? 'authenticationAllowedApplications needs authenticationClientId.'
      : ''
    !empty(intersection(map(items(settings), setting => setting.key), reserved))
      ? 'settings must not hold any of ${join(reserved, ', ')}: the template works them out.'
      : ''
    budgetAmount > 0 && !tellsSomebody ? 'budgetAmount needs watchers or actionGroupIds to tell.' : ''
    !empty(filter(items(names.?alerts ?? {}), alert => !contains(['no-run', 'failing-steps', 'old-counts', 'health'], alert.key)))
      ? 'names.alerts takes names for no-run, failing-steps, old-counts and health.'
      : ''
  ],
  misfit => !empty(misfit)
)
var allTags = union({ application: 'entra-signin-monitor', installation: empty(misfits) ? name : fail(join(misfits, ' ')) }, tags)

// The heartbeat alone is no reason for a vault: without an address there is none.
var makesSecrets = contains(neededSecretUris, '')
var makesVault = makesSecrets && empty(vaultId)
var vaultPlace = {
  subscriptionId: namesVault ? split(vaultId, '/')[2] : subscription().subscriptionId
  group: namesVault ? split(vaultId, '/')[4] : resourceGroup().name
  name: namesVault ? last(split(vaultId, '/')) : resourceNames.vault
}
var makesNetwork = privateNetwork && empty(appSubnetId) && empty(endpointSubnetId)
var endpoints = {
  subnetId: makesNetwork ? (network.?outputs.endpointSubnetId ?? '') : endpointSubnetId
  networkId: makesNetwork ? (network.?outputs.networkId ?? '') : split(endpointSubnetId, '/subnets/')[0]
}

// https://learn.microsoft.com/azure/private-link/private-endpoint-dns
var appZones = {
  AzureCloud: 'privatelink.azurewebsites.net'
  AzureUSGovernment: 'privatelink.azurewebsites.us'
  AzureChinaCloud: 'privatelink.chinacloudsites.cn'
}

// Identity first: the permissions on Microsoft Graph are granted to it before the app has code.
module identity 'modules/identity.bicep' = {
  params: {
    name: resourceNames.identity
    location: location
    tags: allTags
  }
}

module observability 'modules/observability.bicep' = {
  params: {
    workspaceName: resourceNames.workspace
    insightsName: resourceNames.insights
    location: location
    tags: allTags
    existingWorkspaceId: workspaceId
    retentionDays: workspaceRetentionDays
    dailyQuotaGb: workspaceDailyQuotaGb
  }
}

module network 'modules/network.bicep' = if (makesNetwork) {
  params: {
    name: resourceNames.network
    location: location
    tags: allTags
    addressPrefix: addressPrefix
    natGateway: natGateway
    securityGroupName: names.?securityGroup ?? ''
    gatewayName: names.?gateway ?? ''
    addressName: names.?address ?? ''
    workspaceId: observability.outputs.workspaceId
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: resourceNames.storage
    location: location
    tags: allTags
    isPrivate: privateNetwork
    zoneRedundant: zoneRedundant
    lock: lock
    audit: storageAudit
    workspaceId: observability.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = if (makesVault) {
  params: {
    name: resourceNames.vault
    location: location
    tags: allTags
    isPrivate: privateNetwork
    purgeProtection: purgeProtection
    lock: lock
    workspaceId: observability.outputs.workspaceId
  }
}

module secrets 'modules/secrets.bicep' = if (makesSecrets) {
  scope: resourceGroup(vaultPlace.subscriptionId, vaultPlace.group)
  params: {
    vaultName: vaultPlace.name
    tags: allTags
    // A vault of others may hold the secrets of several installations.
    prefix: names.?secretPrefix ?? (makesVault ? '' : '${suffix}-')
    makesUserHashKey: empty(userHashKeySecretUri)
    makesOperatorKey: empty(operatorKeySecretUri)
    makesReceivers: empty(receiversSecretUri)
    makesHeartbeatUrl: empty(heartbeatUrlSecretUri)
  }
  dependsOn: [vault]
}

module roles 'modules/roles.bicep' = {
  params: {
    assign: assignRoles
    identityPrincipalId: identity.outputs.principalId
    secretsOfficerGroupId: ''
    storageName: storage.outputs.name
    vaultName: ''
    insightsName: observability.outputs.insightsName
    givenSecretUris: givenSecretUris
  }
}

module vaultRoles 'modules/roles.bicep' = if (makesSecrets) {
  scope: resourceGroup(vaultPlace.subscriptionId, vaultPlace.group)
  params: {
    assign: assignRoles
    identityPrincipalId: identity.outputs.principalId
    secretsOfficerGroupId: secretsOfficerGroupId
    storageName: ''
    vaultName: vaultPlace.name
    insightsName: ''
    givenSecretUris: []
  }
  dependsOn: [vault]
}

module storageEndpoints 'modules/privateEndpoints.bicep' = if (privateNetwork) {
  params: {
    location: location
    tags: allTags
    subnetId: endpoints.subnetId
    networkId: endpoints.networkId
    dnsZones: dnsZones
    dnsZonesResourceGroupId: dnsZonesResourceGroupId
    targets: [
      {
        name: '${resourceNames.storage}-blob'
        override: names.?blobEndpoint ?? ''
        resourceId: storage.outputs.id
        group: 'blob'
        zone: 'privatelink.blob.${environment().suffixes.storage}'
      }
      {
        name: '${resourceNames.storage}-table'
        override: names.?tableEndpoint ?? ''
        resourceId: storage.outputs.id
        group: 'table'
        zone: 'privatelink.table.${environment().suffixes.storage}'
      }
    ]
  }
}

module vaultEndpoint 'modules/privateEndpoints.bicep' = if (privateNetwork && makesVault) {
  params: {
    location: location
    tags: allTags
    subnetId: endpoints.subnetId
    networkId: endpoints.networkId
    dnsZones: dnsZones
    dnsZonesResourceGroupId: dnsZonesResourceGroupId
    targets: [
      {
        name: resourceNames.vault
        override: names.?vaultEndpoint ?? ''
        resourceId: vault.?outputs.id ?? ''
        group: 'vault'
        zone: replace('privatelink${environment().suffixes.keyvaultDns}', 'privatelink.vault.', 'privatelink.vaultcore.')
      }
    ]
  }
  // One change of a subnet at a time.
  dependsOn: [storageEndpoints]
}

module app 'modules/app.bicep' = {
  params: {
    name: resourceNames.app
    planName: resourceNames.plan
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    blobEndpoint: storage.outputs.blobEndpoint
    tableEndpoint: storage.outputs.tableEndpoint
    packagesContainer: storage.outputs.packagesContainer
    insightsName: observability.outputs.insightsName
    tenantId: tenant().tenantId
    userHashKeySecretUri: empty(userHashKeySecretUri) ? (secrets.?outputs.userHashKeySecretUri ?? '') : userHashKeySecretUri
    operatorKeySecretUri: empty(operatorKeySecretUri) ? (secrets.?outputs.operatorKeySecretUri ?? '') : operatorKeySecretUri
    receiversSecretUri: empty(receiversSecretUri) ? (secrets.?outputs.receiversSecretUri ?? '') : receiversSecretUri
    heartbeatUrlSecretUri: empty(heartbeatUrlSecretUri) ? (secrets.?outputs.heartbeatUrlSecretUri ?? '') : heartbeatUrlSecretUri
    settings: settings
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    zoneRedundant: zoneRedundant
    isPrivate: privateNetwork
    subnetId: makesNetwork ? (network.?outputs.appSubnetId ?? '') : appSubnetId
    authenticationClientId: authenticationClientId
    authenticationAllowedApplications: authenticationAllowedApplications
    workspaceId: observability.outputs.workspaceId
  }
  dependsOn: [roles, vaultRoles, storageEndpoints, vaultEndpoint]
}

module appEndpoint 'modules/privateEndpoints.bicep' = if (privateNetwork) {
  params: {
    location: location
    tags: allTags
    subnetId: endpoints.subnetId
    networkId: endpoints.networkId
    dnsZones: dnsZones
    dnsZonesResourceGroupId: dnsZonesResourceGroupId
    targets: [
      {
        name: resourceNames.app
        override: names.?appEndpoint ?? ''
        resourceId: app.outputs.id
        group: 'sites'
        zone: appZones[environment().name]
      }
    ]
  }
}

module alerts 'modules/alerts.bicep' = if (tellsSomebody) {
  params: {
    suffix: suffix
    location: location
    tags: allTags
    insightsName: observability.outputs.insightsName
    groupName: names.?actionGroup ?? ''
    probeName: names.?probe ?? ''
    alertNames: names.?alerts ?? {}
    watchers: watchers
    actionGroupIds: actionGroupIds
    healthUrl: availabilityTest && !privateNetwork ? '${app.outputs.url}/api/health' : ''
    runbookUrl: settings.?RUNBOOK_URL ?? ''
  }
}

module budget 'modules/budget.bicep' = if (budgetAmount > 0) {
  params: {
    name: names.?budget ?? 'budget-signins-${suffix}'
    amount: budgetAmount
    watchers: watchers
    actionGroupIds: actionGroupIds
  }
}

@description('Name of the function app, which the package is deployed to.')
output MONITOR_APP_NAME string = resourceNames.app

@description('Root of the API.')
output MONITOR_URL string = app.outputs.url

@description('Object id of the managed identity, which the permissions on Microsoft Graph are granted to.')
output MONITOR_PRINCIPAL_ID string = identity.outputs.principalId

@description('Name of the vault that holds the secrets; empty when all of them are given.')
output MONITOR_VAULT_NAME string = makesSecrets ? vaultPlace.name : ''

@description('Name of the secret of that vault with the receivers, which is written once somebody is to be called.')
output MONITOR_RECEIVERS_SECRET string = secrets.?outputs.receiversSecretName ?? ''

@description('Name of the secret of that vault with the key that operators send.')
output MONITOR_OPERATOR_SECRET string = secrets.?outputs.operatorKeySecretName ?? ''

@description('Name of the secret of that vault with the address of the heartbeat, which is `off` until it is written.')
output MONITOR_HEARTBEAT_SECRET string = secrets.?outputs.heartbeatUrlSecretName ?? ''

@description('Roles that the monitor needs, each with its scope, its reason and the command that assigns it. Assigned already when `assignRoles` is on, except on the vaults of given secrets.')
output MONITOR_ROLES array = concat(roles.outputs.roles, vaultRoles.?outputs.roles ?? [])

@description('Hosts that the app has to reach on port 443, for firewalls.')
output MONITOR_HOSTS array = app.outputs.hosts

@description('Names of resources, each made from `name` when left out.')
type namesType = {
  @description('Optional. Name of the managed identity, 3 to 128 characters.')
  @minLength(3)
  @maxLength(128)
  identity: string?
  @description('Optional. Name of the plan, at most 60 characters.')
  @maxLength(60)
  plan: string?
  @description('Optional. Name of the function app, 2 to 60 characters, unique in the world.')
  @minLength(2)
  @maxLength(60)
  app: string?
  @description('Optional. Name of the storage account, 3 to 24 small letters and digits, unique in the world.')
  @minLength(3)
  @maxLength(24)
  storage: string?
  @description('Optional. Name of the vault, 3 to 24 letters, digits and hyphens, unique in the world.')
  @minLength(3)
  @maxLength(24)
  vault: string?
  @description('Optional. Name of the Log Analytics workspace, 4 to 63 characters.')
  @minLength(4)
  @maxLength(63)
  workspace: string?
  @description('Optional. Name of the Application Insights component, at most 255 characters.')
  @maxLength(255)
  insights: string?
  @description('Optional. Name of the virtual network, 2 to 64 characters.')
  @minLength(2)
  @maxLength(64)
  network: string?
  @description('Optional. Name of the security group of the subnets, 1 to 80 characters.')
  @maxLength(80)
  securityGroup: string?
  @description('Optional. Name of the NAT gateway, 1 to 80 characters.')
  @maxLength(80)
  gateway: string?
  @description('Optional. Name of the public address of the NAT gateway, 1 to 80 characters.')
  @maxLength(80)
  address: string?
  @description('Optional. Name of the private endpoint of the blobs, 2 to 64 characters.')
  @maxLength(64)
  blobEndpoint: string?
  @description('Optional. Name of the private endpoint of the tables, 2 to 64 characters.')
  @maxLength(64)
  tableEndpoint: string?
  @description('Optional. Name of the private endpoint of the vault, 2 to 64 characters.')
  @maxLength(64)
  vaultEndpoint: string?
  @description('Optional. Name of the private endpoint of the app, 2 to 64 characters.')
  @maxLength(64)
  appEndpoint: string?
  @description('Optional. Name of the action group that holds the watchers, at most 260 characters.')
  @maxLength(260)
  actionGroup: string?
  @description('Optional. Name of the availability test, at most 260 characters.')
  @maxLength(260)
  probe: string?
  @description('Optional. Names of the alerts by what they watch: no-run, failing-steps, old-counts, health.')
  alerts: object?
  @description('Optional. Name of the budget, at most 63 characters.')
  @maxLength(63)
  budget: string?
  @description('Optional. What the names of the secrets begin with: letters, digits and hyphens, at most 20.')
  @maxLength(20)
  secretPrefix: string?
}
