import { app } from '@azure/functions'
import { answering, readMethods } from '../shared/http/answering'
import { cacheable } from '../shared/http/cacheable'
import { parseCatalogueQuery } from '../shared/http/catalogueQuery'
import { problemResponse } from '../shared/http/problem'

app.http('getCatalogue', {
  route: 'catalogue',
  methods: readMethods,
  authLevel: 'function',
  handler: answering('reader', async (request, { options }) => {
    const query = parseCatalogueQuery(request.query)
    if (!query.ok) return problemResponse(query.error)
    const { answerCatalogue } = await import('../shared/pipelines/answerCatalogue')
    const { dependsOn, body } = answerCatalogue(query.value, options)
    return cacheable(request, { dependsOn, contentType: 'application/json', body: async () => JSON.stringify(await body()) })
  }),
})
