import { InvocationContext, type LogLevel } from '@azure/functions'
import { currentLog, inLogOf } from '../../shared/runtime/log'

const contextOf = (lines: [LogLevel, string][]) =>
  new InvocationContext({ functionName: 'monitorSignIns', logHandler: (level, ...args) => void lines.push([level, args.join(' ')]) })

test('currentLog: a line goes through the invocation that it belongs to, also when two run at once', async () => {
  const [first, second]: [LogLevel, string][][] = [[], []]
  const work = (name: string) => async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    currentLog('warn', name, { bucketsRead: 2 })
  }
  await Promise.all([inLogOf(contextOf(first ?? []), work('one')), inLogOf(contextOf(second ?? []), work('two'))])
  expect([first, second]).toEqual([[['warning', 'one {"bucketsRead":2}']], [['warning', 'two {"bucketsRead":2}']]])
})

test('currentLog: what belongs to no invocation is not said', () => {
  expect(() => currentLog('error', 'nobody hears this')).not.toThrow()
})
