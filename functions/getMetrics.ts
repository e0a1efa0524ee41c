import { app } from '@azure/functions'
import { answering, readMethods } from '../shared/http/answering'
import { openMetricsText, openMetricsType } from '../shared/http/openMetrics'
import { answerMetrics } from '../shared/pipelines/answerMetrics'

app.http('getMetrics', {
  route: 'metrics',
  methods: readMethods,
  authLevel: 'function',
  handler: answering('reader', async (_request, { ports, options }) => ({
    headers: { 'content-type': openMetricsType, 'cache-control': 'no-store' },
    body: openMetricsText(await answerMetrics(ports, options)),
  })),
})
