metadata name = 'Budget'
metadata description = 'Tells the watchers when the month costs more than was meant. Its start cannot change, so it is made once.'

@description('Required. Name of the budget.')
param name string

@description('Required. Amount a month in the currency of the subscription.')
param amount int

@description('Required. Mail addresses that are told.')
param watchers string[]

@description('Required. Ids of action groups that are told.')
param actionGroupIds string[]

@description('Optional. First day of the first month; this month when left out.')
param startDate string = utcNow('yyyy-MM-01')

@onlyIfNotExists()
resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      forecast: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: watchers
        contactGroups: actionGroupIds
      }
      spent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 90
        thresholdType: 'Actual'
        contactEmails: watchers
        contactGroups: actionGroupIds
      }
    }
  }
}
