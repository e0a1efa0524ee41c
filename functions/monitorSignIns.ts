import { app } from '@azure/functions'
import { ticking } from '../shared/runtime/ticking'

app.timer('monitorSignIns', {
  schedule: '0 * * * * *',
  handler: ticking(async ({ ports, options }, { invocationId }) => {
    const { monitorSignIns } = await import('../shared/pipelines/monitorSignIns')
    await monitorSignIns(ports, options, invocationId)
  }),
})
