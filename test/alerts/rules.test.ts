import { applyOverrides, builtInRules } from '../../shared/alerts/rules'
import { minute } from '../../shared/signIns/instant'

test('rules: the built-in ids are those that people override', () => {
  expect(builtInRules.map(({ id }) => id)).toEqual([
    'tenant-restriction-blocks',
    'legacy-tls-refused',
    'backup-auth-outage',
    'stream-stalled',
    'stream-forbidden',
  ])
})

test.each(builtInRules.map((rule) => [rule.id, rule] as const))('rules: %s has words in both languages and a public runbook', (_, rule) => {
  expect(rule.runbook.en).toMatch(/^https:\/\/learn\.microsoft\.com\//)
  expect(rule.runbook.ja).toBe(rule.runbook.en.replace('.com/', '.com/ja-jp/'))
  for (const words of [rule.title, ...Object.values(rule.summary), ...Object.values(rule.remedy)]) {
    expect(words.en).toMatch(/^[\x20-\x7e]+$/)
    expect(words.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
  }
  for (const words of Object.values(rule.summary)) expect(words.en.match(/\{\w+\}/g)?.sort()).toEqual(words.ja.match(/\{\w+\}/g)?.sort())
})

test.each([
  ['threshold', 10, 10],
  ['threshold', 1, 1],
  ['floor', 0, 0],
  ['enabled', false, false],
  ['mode', 'observe', 'observe'],
  ['severity', 'critical', 'critical'],
  ['window', '15m', 15 * minute],
  ['window', '1h', 60 * minute],
  ['window', '900s', 15 * minute],
  ['window', 600, 10 * minute],
  ['pendingSeconds', 0, 0],
  ['keepFiringSeconds', 3600, 3600],
  ['groupBy', ['resourceTenant'], ['resourceTenant']],
  ['groupBy', [], []],
])('applyOverrides: %s of %j is taken', (field, value, held) => {
  const result = applyOverrides(builtInRules, [{ id: 'tenant-restriction-blocks', [field]: value }])
  expect(result).toMatchObject({ ok: true })
  if (!result.ok) return
  expect(result.rules[0]).toEqual({ ...builtInRules[0], [field]: held })
  expect(result.rules.slice(1)).toEqual(builtInRules.slice(1))
})

test.each([
  ['tenant-restriction-blocks', 'threshold', 0, 'whole number of sign-ins'],
  ['tenant-restriction-blocks', 'threshold', '10', 'whole number of sign-ins'],
  ['tenant-restriction-blocks', 'threshold', 1.5, 'whole number of sign-ins'],
  ['backup-auth-outage', 'threshold', 20, 'a share above 0'],
  ['backup-auth-outage', 'groupBy', ['app'], 'an empty array'],
  ['stream-stalled', 'threshold', 5, 'seconds from 60'],
  ['stream-stalled', 'groupBy', ['app'], 'at most one of stream'],
  ['tenant-restriction-blocks', 'groupBy', ['app', 'class'], 'at most one of'],
  ['tenant-restriction-blocks', 'floor', -1, 'a whole number from 0'],
  ['tenant-restriction-blocks', 'window', '7m', 'whole 5 minutes'],
  ['tenant-restriction-blocks', 'window', '2h', 'whole 5 minutes'],
  ['tenant-restriction-blocks', 'window', 'soon', 'whole 5 minutes'],
  ['tenant-restriction-blocks', 'pendingSeconds', null, 'a whole number'],
  ['tenant-restriction-blocks', 'enabled', 'yes', 'true or false'],
  ['tenant-restriction-blocks', 'mode', 'quiet', 'one of page, observe'],
  ['tenant-restriction-blocks', 'severity', 'fatal', 'one of critical'],
  ['tenant-restriction-blocks', 'treshold', 10, 'the fields are enabled'],
  ['tenant-restriction-blocks', '__proto__x', 10, 'the fields are enabled'],
  ['tenant-restrictions', 'threshold', 10, 'the rules are tenant-restriction-blocks'],
])('applyOverrides: %s.%s of %j is named with what is allowed', (id, field, value, allowed) => {
  const result = applyOverrides(builtInRules, [{ id, [field]: value }])
  expect(result.ok).toBe(false)
  if (!result.ok) expect(result.error).toContain(allowed)
})

test.each([[{}], [null], ['text'], [[null]], [[1]], [[{ threshold: 1 }]], [[{ id: 'stream-stalled' }, { id: 'stream-stalled' }]]])(
  'applyOverrides: %j is refused',
  (overrides) => expect(applyOverrides(builtInRules, overrides).ok).toBe(false),
)

test('applyOverrides: none leave the rules as they are', () => {
  expect(applyOverrides(builtInRules, [])).toEqual({ ok: true, rules: builtInRules })
})
