import { app } from '@azure/functions'
import { answering, readMethods } from '../shared/http/answering'
import { answerCheck } from '../shared/pipelines/answerCheck'
import { checkFacts } from '../shared/runtime/checkFacts'

app.http('getCheck', {
  route: 'check',
  methods: readMethods,
  authLevel: 'function',
  handler: answering('operator', async (_request, { ports, options, settings }) => {
    const check = await answerCheck(ports, options, await checkFacts(settings, process.env))
    return { headers: { 'cache-control': 'no-store' }, jsonBody: check }
  }),
})
