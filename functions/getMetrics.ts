import { app } from '@azure/functions'
import { answering, readMethods } from '../shared/http/answering'
import { openMetricsText, openMetricsType } from '../shared/http/openMetrics'
import { problemResponse } from '../shared/http/problem'
import { parseNothing } from '../shared/http/queryParameters'
import { answerMetrics } from '../shared/pipelines/answerMetrics'

app.http('getMetrics', {
  route: 'metrics',
  methods: readMethods,
  authLevel: 'function',
  handler: answering('reader', async (request, { ports, options }) => {
    const query = parseNothing(request.query)
    if (!query.ok) return problemResponse(query.error)
    return {
      headers: { 'content-type': openMetricsType, 'cache-control': 'no-store' },
      body: openMetricsText(await answerMetrics(ports, options)),
    }
  }),
})
