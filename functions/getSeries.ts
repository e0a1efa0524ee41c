import { app } from '@azure/functions'
import { answering, readMethods } from '../shared/http/answering'
import { cacheable } from '../shared/http/cacheable'
import { problemResponse } from '../shared/http/problem'

app.http('getSeries', {
  route: 'series',
  methods: readMethods,
  authLevel: 'function',
  handler: answering('reader', async (request, { ports, options, limits }) => {
    const { parseSeriesQuery } = await import('../shared/http/seriesQuery')
    const query = parseSeriesQuery(request.query, limits())
    if (!query.ok) return problemResponse(query.error)
    const { seriesCsv } = await import('../shared/aggregates/series')
    const { answerSeries } = await import('../shared/pipelines/answerSeries')
    const { dependsOn, body } = await answerSeries(query.value, ports, options)
    const isCsv = query.value.format === 'csv'
    return cacheable(request, {
      dependsOn,
      contentType: isCsv ? 'text/csv; charset=utf-8' : 'application/json',
      body: async () => (isCsv ? seriesCsv(await body()) : JSON.stringify(await body())),
    })
  }),
})
