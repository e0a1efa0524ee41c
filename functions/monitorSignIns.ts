import { app } from '@azure/functions'
import { monitorSignIns } from '../shared/pipelines/monitorSignIns'
import { invocationLog } from '../shared/runtime/log'
import { wiring } from '../shared/runtime/wiring'

app.timer('monitorSignIns', {
  schedule: '0 * * * * *',
  handler: async (_timer, context) => {
    const { ports, options, log } = wiring()
    log.moveTo(invocationLog(context))
    await monitorSignIns(ports, options, context.invocationId)
  },
})
