metadata name = 'Alerts'
metadata description = 'What tells people when the monitor itself fails. It does not depend on the monitor.'

@description('Required. What keeps the names apart.')
param suffix string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Name of the Application Insights component.')
param insightsName string

@description('Required. Name of the action group; empty for a made one.')
param groupName string

@description('Required. Name of the availability test; empty for a made one.')
param probeName string

@description('Required. Names of alerts by what they watch, each made where it is left out.')
param alertNames object

@description('Required. Mail addresses that are told.')
param watchers string[]

@description('Required. Ids of existing action groups that are told as well.')
param actionGroupIds string[]

@description('Required. Address that is probed from outside; empty where no one outside can reach it.')
param healthUrl string

@description('Required. Address of the runbooks, with {page} or {rule} in it; empty for the pages of the repository.')
param runbookUrl string

@description('Where the runbook of an alert is.')
func runbookOf(alert string, address string) string => empty(address)
  ? 'docs/runbooks/${alert}.md'
  : replace(replace(address, '{page}', '${alert}.md'), '{rule}', alert)

// The words are those of the log; a test holds the two together.
var rules = [
  {
    name: 'no-run'
    title: 'The sign-in monitor does not run'
    remedy: 'No tick succeeded for 15 minutes. Look at the app in the portal; restart it, and deploy it again where that does not help.'
    severity: 1
    windowSize: 'PT15M'
    frequency: 'PT5M'
    query: 'requests | where name == "monitorSignIns" and success == true'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'failing-steps'
    title: 'Steps of the sign-in monitor fail'
    remedy: 'More than 10 steps failed within 30 minutes; their log says why. Run the check of permissions, settings and receivers.'
    severity: 2
    windowSize: 'PT30M'
    frequency: 'PT15M'
    query: 'traces | where message startswith "A step of the run failed." or message startswith "A window was not read."'
    operator: 'GreaterThan'
    threshold: 10
  }
  {
    name: 'old-counts'
    title: 'The counts of the sign-in monitor are old'
    remedy: 'completeTo of a stream was over an hour old for an hour. GET /api/health names the stream.'
    severity: 2
    windowSize: 'PT1H'
    frequency: 'PT15M'
    query: 'traces | where message startswith "A run ended." | where toint(extract("completeToAgeMinutes.:([0-9]+)", 1, message)) <= 60'
    operator: 'LessThan'
    threshold: 1
  }
]

var groupIds = union(actionGroupIds, empty(watchers) ? [] : [group.id])

// https://learn.microsoft.com/azure/azure-monitor/app/availability-standard-tests#location-population-tags
var probePlaces = {
  AzureCloud: ['emea-nl-ams-azr', 'us-va-ash-azr', 'apac-jp-kaw-edge']
  AzureUSGovernment: ['usgov-va-azr', 'usgov-phx-azr', 'usgov-tx-azr']
  AzureChinaCloud: ['mc-cne-azr', 'mc-cne2-azr', 'mc-cnn-azr']
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(watchers)) {
  name: empty(groupName) ? 'ag-signins-${suffix}' : groupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'signins'
    enabled: true
    emailReceivers: [
      for (watcher, index) in watchers: {
        name: 'watcher-${index}'
        emailAddress: watcher
        useCommonAlertSchema: true
      }
    ]
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: contains(alertNames, rule.name) ? alertNames[rule.name] : 'alert-${rule.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: '${rule.remedy} Runbook: ${runbookOf(rule.name, runbookUrl)}'
      severity: rule.severity
      enabled: true
      scopes: [insights.id]
      // Azure asks more money for looking more often.
      evaluationFrequency: rule.frequency
      windowSize: rule.windowSize
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      actions: {
        actionGroups: groupIds
      }
    }
  }
]

resource probe 'Microsoft.Insights/webtests@2022-06-15' = if (!empty(healthUrl)) {
  name: empty(probeName) ? 'probe-health-${suffix}' : probeName
  location: location
  // The portal finds the component of a probe by this tag alone.
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: empty(probeName) ? 'probe-health-${suffix}' : probeName
    Name: 'Health of the sign-in monitor'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      for place in probePlaces[environment().name]: {
        Id: place
      }
    ]
    Request: {
      RequestUrl: healthUrl
      HttpVerb: 'GET'
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource probeAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(healthUrl)) {
  name: contains(alertNames, 'health') ? alertNames.health : 'alert-health-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Health was not 200 from two of three places: the monitor is away, or it does not read a stream in time. Runbook: ${runbookOf('health', runbookUrl)}'
    severity: 1
    enabled: true
    scopes: [probe.id, insights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: probe.id
      componentId: insights.id
      failedLocationCount: 2
    }
    autoMitigate: true
    actions: [
      for id in groupIds: {
        actionGroupId: id
      }
    ]
  }
}
