import fc from 'fast-check'
import { parseReceivers } from '../../shared/notify/parseReceivers'
import { otherSecret, secret } from './support'

const hook = { id: 'ops', kind: 'webhook', url: 'https://hooks.example.com/T0P-S3CRET-PATH', secret }
const parse = (...receivers: unknown[]): ReturnType<typeof parseReceivers> => parseReceivers(JSON.stringify(receivers))

test('parseReceivers: reads a receiver and gives what is left out', () => {
  expect(parse(hook)).toEqual({ ok: true, receivers: [{ ...hook, lang: 'en', timeZone: 'UTC' }] })
  expect(parse()).toEqual({ ok: true, receivers: [] })
})

test.each([
  ['match', { severity: ['critical'], rule: ['stream-stalled'], family: ['tls'] }],
  ['match', {}],
  ['lang', 'ja'],
  ['timeZone', 'Asia/Tokyo'],
  ['secret', [secret, otherSecret]],
  ['url', 'http://127.0.0.1:9000/hook'],
  ['url', 'http://[::1]:9000/hook'],
])('parseReceivers: %s may be %j', (field, value) => {
  expect(parse({ ...hook, [field]: value })).toMatchObject({ ok: true, receivers: [{ [field]: value }] })
})

test.each([
  ['url', 'http://hooks.example.com/T0P-S3CRET-PATH'],
  ['url', 'http://localhost:9000/T0P-S3CRET-PATH'],
  ['url', 'http://10.0.0.1/T0P-S3CRET-PATH'],
  ['url', 'https://user:T0P-S3CRET-PATH@hooks.example.com/'],
  ['url', 'T0P-S3CRET-PATH'],
  ['url', 'file:///T0P-S3CRET-PATH'],
  ['url', 7],
  ['secret', 'whsec_'],
  ['secret', 'T0P-S3CRET-PATH'],
  ['secret', `whsec_${Buffer.from('short').toString('base64')}`],
  ['secret', `whsec_${Buffer.alloc(65, 7).toString('base64')}`],
  ['secret', []],
  ['secret', [secret, 'T0P-S3CRET-PATH']],
  ['id', 'with.dot'],
  ['id', ''],
  ['id', 'a/b'],
  ['lang', 'T0P-S3CRET-PATH'],
  ['timeZone', 'T0P-S3CRET-PATH'],
  ['match', { severty: ['critical'] }],
  ['match', { severity: ['T0P-S3CRET-PATH'] }],
  ['kind', 'T0P-S3CRET-PATH'],
  ['ulr', 'https://hooks.example.com/T0P-S3CRET-PATH'],
  ['https://hooks.example.com/T0P-S3CRET-PATH', true],
])('parseReceivers: %s of %j is refused, and no value is repeated', (field, value) => {
  const result = parse(hook, { ...hook, id: 'second', [field]: value })
  expect(result.ok).toBe(false)
  if (result.ok) return
  expect(result.error).not.toMatch(/S3CRET|example\.com|whsec_[A-Za-z0-9+/]/)
  expect(result.error).toContain(field.startsWith('https') || field === 'ulr' ? '[1] has the unknown field' : `[1].${field}`)
})

test.each(['kind', 'url', 'secret', 'id'])('parseReceivers: a receiver without %s is refused by that name', (field) => {
  const { [field]: _, ...rest } = hook as Record<string, unknown>
  const result = parse(rest)
  expect(result).toMatchObject({ ok: false, error: expect.stringContaining(`[0].${field}`) })
})

test('parseReceivers: an id stands once, and at most nine receivers are told', () => {
  expect(parse(hook, { ...hook, id: 'OPS' })).toMatchObject({ ok: false, error: expect.stringContaining('[1].id') })
  const many = (count: number): unknown[] => Array.from({ length: count }, (_, index) => ({ ...hook, id: `ops-${index}` }))
  expect(parse(...many(9)).ok).toBe(true)
  expect(parse(...many(10))).toMatchObject({ ok: false, error: expect.stringContaining('at most 9') })
})

test.each([
  '',
  'nonsense T0P-S3CRET',
  '{"url":"T0P-S3CRET"}',
  '"T0P-S3CRET"',
  '[{"url":"T0P-S3CRET"',
  'null',
  '[null]',
  '[[]]',
  '@Microsoft.KeyVault(T0P-S3CRET)',
])('parseReceivers: the text %j is refused and not repeated', (text) => {
  const result = parseReceivers(text)
  expect(result.ok).toBe(false)
  expect(JSON.stringify(result)).not.toContain('S3CRET')
})

test('parseReceivers: any JSON gives receivers or an error and never throws', () => {
  fc.assert(fc.property(fc.json(), (text) => typeof parseReceivers(text).ok === 'boolean'))
  fc.assert(
    fc.property(
      fc.array(fc.record({ kind: fc.constant('webhook'), url: fc.anything(), secret: fc.anything() })),
      (all) => !parseReceivers(JSON.stringify(all)).ok || all.length === 0,
    ),
  )
})
