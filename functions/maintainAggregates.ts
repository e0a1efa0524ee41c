import { app } from '@azure/functions'
import { maintainAggregates } from '../shared/pipelines/maintainAggregates'
import { invocationLog } from '../shared/runtime/log'
import { wiring } from '../shared/runtime/wiring'

app.timer('maintainAggregates', {
  schedule: '0 7 * * * *',
  handler: async (_timer, context) => {
    const { ports, options, log } = wiring()
    log.moveTo(invocationLog(context))
    await maintainAggregates(ports, options)
  },
})
