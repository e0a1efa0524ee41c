import { applyOverrides, builtInRules } from '../../shared/alerts/rules'
import { failureClasses } from '../../shared/failures/catalogue'
import { familyIds, signalIds } from '../../shared/failures/catalogueTypes'
import { languages } from '../../shared/failures/words'
import { answerCatalogue } from '../../shared/pipelines/answerCatalogue'
import { type StreamId, streamIds } from '../../shared/signIns/streams'
import { schemaErrors } from '../support/schemas'

const options = (overrides: unknown = [], streams: readonly StreamId[] = streamIds) => {
  const result = applyOverrides(builtInRules, overrides)
  if (!result.ok) throw new Error(result.error)
  return { version: '1.0.0', streams, rules: result.rules }
}

test.each(languages)('answerCatalogue: in %s it fits its schema, with the values of the settings as well', async (language) => {
  const overrides = [{ id: 'tenant-restriction-blocks', threshold: 10, groupBy: ['resourceTenant'], mode: 'observe' }]
  for (const given of [options(), options(overrides, ['interactiveUser'])]) {
    expect(schemaErrors('catalogue', await catalogueOf(given, language))).toEqual([])
  }
  const { rules, ...rest } = await catalogueOf(options(), language)
  expect(schemaErrors('catalogue', { ...rest, rule: rules })).toHaveLength(2)
})

const catalogueOf = (settings = options(), language: 'en' | 'ja' = 'en') => answerCatalogue({ language }, settings).body()

test.each(languages)('answerCatalogue: it holds every family, class, signal, stream and rule in %s', async (language) => {
  const catalogue = await catalogueOf(options(), language)
  expect(catalogue).toMatchObject({ schemaVersion: 1, language })
  expect(catalogue.families.map(({ family }) => family)).toEqual([...familyIds])
  expect(catalogue.classes.map(({ id }) => id)).toEqual(failureClasses.map(({ id }) => id))
  expect(catalogue.signals.map(({ signal }) => signal)).toEqual([...signalIds])
  expect(catalogue.streams.map(({ stream }) => stream)).toEqual(streamIds)
  expect(catalogue.rules.map(({ id }) => id)).toEqual(builtInRules.map(({ id }) => id))
  const texts = [...catalogue.families, ...catalogue.classes, ...catalogue.signals, ...catalogue.streams, ...catalogue.rules]
  for (const { title } of texts) expect(/[\u3040-\u30ff\u3400-\u9fff]/.test(title)).toBe(language === 'ja')
})

test.each(languages)(
  'answerCatalogue: whatever a class names by id has words in %s, and a class of some sign-ins only says of which',
  async (language) => {
    const { classes, words } = await catalogueOf(options(), language)
    for (const { mendedBy, severity, codes } of classes) {
      expect(words.mendedBy[mendedBy].length).toBeGreaterThan(1)
      expect(words.severity[severity].length).toBeGreaterThan(1)
      for (const outcome of Object.keys(codes)) expect(words.outcome).toHaveProperty(outcome)
    }
    const { condition } = classes.find(({ id }) => id === 'conditional-access.block-control') ?? {}
    expect(condition).toBe(language === 'en' ? 'the policy that failed blocks' : '失敗したポリシーの制御がブロックの場合')
    expect(classes.find(({ id }) => id === 'conditional-access.blocked')?.condition).toBeNull()
  },
)

test('answerCatalogue: a value that the setting changed says so, and the others are built in', async () => {
  const { rules } = await catalogueOf(options([{ id: 'tenant-restriction-blocks', threshold: 10, window: '15m' }]))
  const [changed, ...others] = rules
  expect(changed?.values).toMatchObject({
    threshold: { value: 10, from: 'setting ALERT_RULES' },
    window: { value: 900, from: 'setting ALERT_RULES' },
    floor: { value: 3, from: 'built-in' },
    groupBy: { value: [], from: 'built-in' },
  })
  for (const { values } of others) for (const { from } of Object.values(values)) expect(from).toBe('built-in')
})

test('answerCatalogue: a stream that STREAMS leaves out is there and not enabled', async () => {
  const { streams } = await catalogueOf(options([], ['interactiveUser']))
  expect(streams[0]?.enabled).toEqual({ value: true, from: 'setting STREAMS' })
  expect(streams[1]?.enabled).toEqual({ value: false, from: 'setting STREAMS' })
  for (const { enabled } of (await catalogueOf()).streams) expect(enabled).toEqual({ value: true, from: 'built-in' })
})

test('answerCatalogue: what it depends on changes with the language, the version, the streams and the rules', () => {
  const dependsOn = [
    answerCatalogue({ language: 'en' }, options()),
    answerCatalogue({ language: 'ja' }, options()),
    answerCatalogue({ language: 'en' }, { ...options(), version: '1.0.1' }),
    answerCatalogue({ language: 'en' }, options([], ['interactiveUser'])),
    answerCatalogue({ language: 'en' }, options([{ id: 'legacy-tls-refused', enabled: false }])),
  ].map((answer) => answer.dependsOn)
  expect(new Set(dependsOn).size).toBe(dependsOn.length)
  expect(answerCatalogue({ language: 'en' }, options()).dependsOn).toBe(dependsOn[0])
})

test('answerCatalogue: a note that depends on the counts says when it is shown', async () => {
  const { families } = await catalogueOf()
  const notes = families.flatMap((family) => family.notes)
  expect(notes).toContainEqual(expect.objectContaining({ code: 'tr-v2-none-is-no-proof', when: 'no v2 block was counted' }))
  expect(notes).toContainEqual(expect.objectContaining({ code: 'tr-data-plane-not-logged', when: null }))
})
