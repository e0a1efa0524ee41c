metadata name = 'Observability'
metadata description = 'Log Analytics and Application Insights; telemetry is taken in from Entra identities only.'

@description('Required. Name of the workspace, where one is made.')
param workspaceName string

@description('Required. Name of the Application Insights component.')
param insightsName string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Id of an existing workspace; empty where one is to be made.')
param existingWorkspaceId string

@description('Required. How long the made workspace keeps its data, in days.')
param retentionDays int

@description('Required. The most telemetry a day that the made workspace takes in, in GB.')
param dailyQuotaGb int

var workspaceResourceId = empty(existingWorkspaceId) ? workspace.id : existingWorkspaceId

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = if (empty(existingWorkspaceId)) {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyQuotaGb
    }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceResourceId
    DisableLocalAuth: true
    DisableIpMasking: false
  }
}

resource workspaceDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (empty(existingWorkspaceId)) {
  scope: workspace
  name: 'audit'
  properties: {
    workspaceId: workspaceResourceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

@description('Id of the workspace that is used.')
output workspaceId string = workspaceResourceId

@description('Name of the Application Insights component.')
output insightsName string = insights.name
