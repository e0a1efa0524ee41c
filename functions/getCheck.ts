import { app } from '@azure/functions'
import { answering, readMethods } from '../shared/http/answering'
import { problemResponse } from '../shared/http/problem'
import { parseNothing } from '../shared/http/queryParameters'
import { answerCheck } from '../shared/pipelines/answerCheck'
import { checkFacts } from '../shared/runtime/checkFacts'

app.http('getCheck', {
  route: 'check',
  methods: readMethods,
  authLevel: 'function',
  handler: answering('operator', async (request, { ports, options, settings }) => {
    const query = parseNothing(request.query)
    if (!query.ok) return problemResponse(query.error)
    const check = await answerCheck(ports, options, await checkFacts(settings, process.env))
    return { headers: { 'cache-control': 'no-store' }, jsonBody: check }
  }),
})
