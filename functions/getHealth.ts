import { app } from '@azure/functions'
import { answering, readMethods } from '../shared/http/answering'
import { answerHealth, isHealthy } from '../shared/pipelines/answerHealth'

app.http('getHealth', {
  route: 'health',
  methods: readMethods,
  authLevel: 'anonymous',
  // Any parameter is let pass: some probes add one to get around caches.
  handler: answering('anyone', async (_request, { ports, options }) => {
    const health = await answerHealth(ports, options)
    return { status: isHealthy(health) ? 200 : 503, headers: { 'cache-control': 'no-store' }, jsonBody: health }
  }),
})
