import { app } from '@azure/functions'
import { answering, readMethods } from '../shared/http/answering'
import { cacheable } from '../shared/http/cacheable'
import { problemResponse } from '../shared/http/problem'
import { parseSummaryQuery } from '../shared/http/summaryQuery'

app.http('getSummary', {
  route: 'summary',
  methods: readMethods,
  authLevel: 'function',
  handler: answering('reader', async (request, { ports, options, limits }) => {
    const query = parseSummaryQuery(request.query, limits())
    if (!query.ok) return problemResponse(query.error)
    const { answerSummary } = await import('../shared/pipelines/answerSummary')
    const bodyIsWanted = !request.headers.has('if-none-match')
    const { dependsOn, body } = await answerSummary(query.value, ports, options, { bodyIsWanted })
    return cacheable(request, { dependsOn, contentType: 'application/json', body: async () => JSON.stringify(await body()) })
  }),
})
