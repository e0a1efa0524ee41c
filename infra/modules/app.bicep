metadata name = 'App'
metadata description = 'The functions on Flex Consumption, with their settings and, where wanted, Entra authentication in front.'

@description('Required. Name of the function app.')
param name string

@description('Required. Name of the plan.')
param planName string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Resource id of the identity.')
param identityId string

@description('Required. Client id of the identity.')
param identityClientId string

@description('Required. Root of the blobs.')
param blobEndpoint string

@description('Required. Root of the tables.')
param tableEndpoint string

@description('Required. Name of the container that packages are deployed to.')
param packagesContainer string

@description('Required. Name of the Application Insights component.')
param insightsName string

@description('Required. Id of the tenant whose sign-ins are read.')
param tenantId string

@description('Required. Address of the secret with the key of the distinct-user hash.')
param userHashKeySecretUri string

@description('Required. Address of the secret with the key that operators send.')
param operatorKeySecretUri string

@description('Required. Address of the secret with the receivers.')
param receiversSecretUri string

@description('Required. Address of the secret with the address of the heartbeat; empty for no heartbeat.')
param heartbeatUrlSecretUri string

@description('Required. More settings of the monitor by name; those that the template works out win over them.')
param settings object

@description('Required. Major version of Node.js.')
param nodeVersion string

@description('Required. Memory of an instance in MB.')
param instanceMemoryMB int

@description('Required. The most instances.')
param maximumInstanceCount int

@description('Required. Spreads the plan over the zones of the region.')
param zoneRedundant bool

@description('Required. Closes the app to public networks.')
param isPrivate bool

@description('Required. Id of the subnet that the app reaches the private endpoints through; empty for none.')
param subnetId string

@description('Required. Client id of the app registration in front of the API; empty for function keys alone.')
param authenticationClientId string

@description('Required. Client ids that may call the API; empty for any application of the tenant.')
param authenticationAllowedApplications string[]

@description('Required. Id of the workspace that takes the diagnostics.')
param workspaceId string

@description('The host of an address.')
func hostOf(address string) string => split(address, '/')[2]

// https://learn.microsoft.com/graph/deployments
var clouds = {
  AzureCloud: {
    id: 'global'
    graph: 'graph.microsoft.com'
    telemetry: '*.in.applicationinsights.azure.com'
  }
  AzureUSGovernment: {
    id: 'usGovernment'
    graph: 'graph.microsoft.us'
    telemetry: '*.in.applicationinsights.azure.us'
  }
  AzureChinaCloud: {
    id: 'china'
    graph: 'microsoftgraph.chinacloudapi.cn'
    telemetry: '*.in.applicationinsights.azure.cn'
  }
}
var cloud = clouds[environment().name]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

var url = 'https://${site.properties.defaultHostName}'

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'monitor' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}/${packagesContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, {
      AzureWebJobsStorage__blobServiceUri: blobEndpoint
      AzureWebJobsStorage__tableServiceUri: tableEndpoint
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identityClientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      AZURE_CLIENT_ID: identityClientId
      TENANT_ID: tenantId
      TABLES_ENDPOINT: tableEndpoint
      CLOUD: settings.?CLOUD ?? cloud.id
      USER_HASH_KEY: '@Microsoft.KeyVault(SecretUri=${userHashKeySecretUri})'
      OPERATOR_KEY: '@Microsoft.KeyVault(SecretUri=${operatorKeySecretUri})'
      RECEIVERS: '@Microsoft.KeyVault(SecretUri=${receiversSecretUri})'
      HEARTBEAT_URL: empty(heartbeatUrlSecretUri) ? 'off' : '@Microsoft.KeyVault(SecretUri=${heartbeatUrlSecretUri})'
      // Names of secrets, which open nothing: the check prints commands with them.
      SECRET_URIS: string({
        HEARTBEAT_URL: heartbeatUrlSecretUri
        OPERATOR_KEY: operatorKeySecretUri
        RECEIVERS: receiversSecretUri
        USER_HASH_KEY: userHashKeySecretUri
      })
      EASY_AUTH: empty(authenticationClientId) ? 'off' : 'on'
      PUBLIC_BASE_URL: settings.?PUBLIC_BASE_URL ?? url
    })
    // The headers of a caller are trusted only once App Service writes them.
    dependsOn: [authentication]
  }

  resource authentication 'config' = if (!empty(authenticationClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: {
        enabled: true
      }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        excludedPaths: ['/api/health']
      }
      httpSettings: {
        requireHttps: true
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: authenticationClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [authenticationClientId, 'api://${authenticationClientId}']
            // Without a policy any application of the tenant may call.
            defaultAuthorizationPolicy: empty(authenticationAllowedApplications)
              ? null
              : { allowedApplications: authenticationAllowedApplications }
          }
        }
      }
      login: {
        tokenStore: {
          enabled: false
        }
      }
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

// What the functions say goes to Application Insights; the site's own log would say it a second time.
resource siteDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: site
  name: 'authentication'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AppServiceAuthenticationLogs'
        enabled: !empty(authenticationClientId)
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id.')
output id string = site.id

@description('Root of the API.')
output url string = url

@description('Hosts that the app has to reach on port 443.')
output hosts array = union(
  [
    cloud.graph
    hostOf(environment().authentication.loginEndpoint)
    hostOf(blobEndpoint)
    hostOf(tableEndpoint)
    cloud.telemetry
  ],
  map(
    filter([userHashKeySecretUri, operatorKeySecretUri, receiversSecretUri, heartbeatUrlSecretUri], uri => !empty(uri)),
    uri => hostOf(uri)
  )
)
