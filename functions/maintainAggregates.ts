import { app } from '@azure/functions'
import { maintainAggregates } from '../shared/pipelines/maintainAggregates'
import { inLogOf } from '../shared/runtime/log'
import { wiring } from '../shared/runtime/wiring'

app.timer('maintainAggregates', {
  schedule: '0 7 * * * *',
  handler: (_timer, context) =>
    inLogOf(context, async () => {
      const { ports, options } = wiring()
      await maintainAggregates(ports, options)
    }),
})
