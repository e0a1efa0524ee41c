import { app } from '@azure/functions'
import { monitorSignIns } from '../shared/pipelines/monitorSignIns'
import { ticking } from '../shared/runtime/ticking'

app.timer('monitorSignIns', {
  schedule: '0 * * * * *',
  handler: ticking(async ({ ports, options }, { invocationId }) => void (await monitorSignIns(ports, options, invocationId))),
})
