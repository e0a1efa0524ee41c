import { app } from '@azure/functions'
import { ticking } from '../shared/runtime/ticking'

app.timer('monitorSignIns', {
  // Some seconds after the border of the buckets: a reading counts from a little before it was asked for.
  schedule: '10 * * * * *',
  handler: ticking(async ({ ports, options }, { invocationId }) => {
    const { monitorSignIns } = await import('../shared/pipelines/monitorSignIns')
    await monitorSignIns(ports, options, invocationId)
  }),
})
