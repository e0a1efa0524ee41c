import { app } from '@azure/functions'
import { monitorSignIns } from '../shared/pipelines/monitorSignIns'
import { inLogOf } from '../shared/runtime/log'
import { wiring } from '../shared/runtime/wiring'

app.timer('monitorSignIns', {
  schedule: '0 * * * * *',
  handler: (_timer, context) =>
    inLogOf(context, async () => {
      const { ports, options } = wiring()
      await monitorSignIns(ports, options, context.invocationId)
    }),
})
