import { app } from '@azure/functions'
import { maintainAggregates } from '../shared/pipelines/maintainAggregates'
import { ticking } from '../shared/runtime/ticking'

app.timer('maintainAggregates', {
  schedule: '0 7 * * * *',
  handler: ticking(({ ports, options }) => maintainAggregates(ports, options)),
})
