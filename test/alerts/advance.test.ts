import { advance } from '../../shared/alerts/advance'
import type { Alert, AlertRule, AlertState, Cause } from '../../shared/alerts/alert'
import { type Evaluation, noTop } from '../../shared/alerts/evaluation'
import { builtInRules } from '../../shared/alerts/rules'
import { type Instant, second } from '../../shared/signIns/instant'

const at = (seconds: number): Instant => 1_000_000_000 + seconds * second

const baseRule = builtInRules[0] as AlertRule
const slow: AlertRule = { ...baseRule, pendingSeconds: 120, keepFiringSeconds: 300 }

const evaluation = (part: Partial<Evaluation> = {}): Evaluation => ({
  rule: slow,
  id: slow.id,
  labels: {},
  causes: [],
  lasting: [],
  noData: false,
  severity: 'error',
  value: 0,
  usual: 0,
  threshold: 20,
  unit: 'signIns',
  window: { from: 0, to: 1 },
  completeTo: undefined,
  facts: {},
  top: noTop,
  ...part,
})

const holds = (cause: Cause = 'rise'): Evaluation => evaluation({ causes: [cause], lasting: [cause], value: 50 })
const lasts = (cause: Cause = 'rise'): Evaluation => evaluation({ lasting: [cause] })

/** Runs one evaluation after the other and says the states that followed. */
function run(...steps: readonly (readonly [number, Evaluation])[]): { states: (AlertState | undefined)[]; last: Alert | undefined } {
  let alerts: Alert[] = []
  const states = steps.map(([seconds, each]) => {
    alerts = advance(alerts, [each], at(seconds))
    return alerts[0]?.state
  })
  return { states, last: alerts[0] }
}

test.each<[string, (readonly [number, Evaluation])[], (AlertState | undefined)[]]>([
  ['nothing holds', [[0, evaluation()]], [undefined]],
  [
    'it holds for the pending period',
    [
      [0, holds()],
      [60, holds()],
      [120, holds()],
    ],
    ['pending', 'pending', 'firing'],
  ],
  [
    'it stops before the pending period ends',
    [
      [0, holds()],
      [60, evaluation()],
    ],
    ['pending', 'inactive'],
  ],
  [
    'there is no data while it is pending',
    [
      [0, holds()],
      [60, evaluation({ noData: true })],
    ],
    ['pending', 'pending'],
  ],
  ['there is no pending period', [[0, { ...holds(), rule: { ...slow, pendingSeconds: 0 } }]], ['firing']],
  [
    'it recovers and ends',
    [
      [0, holds()],
      [120, holds()],
      [180, evaluation()],
      [419, evaluation()],
      [420, evaluation()],
    ],
    ['pending', 'firing', 'recovering', 'recovering', 'inactive'],
  ],
  [
    'it comes back while it recovers',
    [
      [0, holds()],
      [120, holds()],
      [180, evaluation()],
      [240, holds()],
      [300, evaluation()],
    ],
    ['pending', 'firing', 'recovering', 'firing', 'recovering'],
  ],
  [
    'it still holds up to completeTo',
    [
      [0, holds()],
      [120, holds()],
      [9000, lasts()],
    ],
    ['pending', 'firing', 'firing'],
  ],
  [
    'another cause holds up to completeTo',
    [
      [0, holds()],
      [120, holds()],
      [180, lasts('fault')],
    ],
    ['pending', 'firing', 'recovering'],
  ],
  [
    'there is no data while it fires',
    [
      [0, holds()],
      [120, holds()],
      [90_000, evaluation({ noData: true })],
    ],
    ['pending', 'firing', 'firing'],
  ],
  [
    'there is no data while it recovers',
    [
      [0, holds()],
      [120, holds()],
      [180, evaluation()],
      [90_000, evaluation({ noData: true })],
    ],
    ['pending', 'firing', 'recovering', 'recovering'],
  ],
  ['a lasting cause alone begins nothing', [[0, lasts()]], [undefined]],
  [
    'it holds again after its end',
    [
      [0, holds()],
      [60, evaluation()],
      [120, holds()],
    ],
    ['pending', 'inactive', 'pending'],
  ],
  [
    'there is no keep-firing period',
    [
      [0, { ...holds(), rule: { ...slow, pendingSeconds: 0 } }],
      [60, { ...evaluation(), rule: { ...slow, keepFiringSeconds: 0 } }],
    ],
    ['firing', 'inactive'],
  ],
])('advance: %s', (_, steps, states) => expect(run(...steps).states).toEqual(states))

test('advance: keeps its id and startsAt to the end, and a new firing has a new startsAt and nothing of the old', () => {
  const ended = run([0, holds()], [120, holds()], [180, evaluation()], [500, evaluation()]).last
  expect(ended).toMatchObject({ id: slow.id, startsAt: at(0), firedAt: at(120), lastHeldAt: at(120), endsAt: at(500) })
  const again = advance([{ ...ended, acknowledgedBy: 'someone' } as Alert], [holds()], at(600))[0]
  expect(again).toMatchObject({
    id: slow.id,
    startsAt: at(600),
    state: 'pending',
    endsAt: undefined,
    firedAt: undefined,
    acknowledgedBy: undefined,
  })
})

test('advance: says noData beside the state and takes it back', () => {
  const { last } = run([0, holds()], [120, holds()], [180, evaluation({ noData: true })])
  expect(last).toMatchObject({ state: 'firing', noData: true })
  expect(advance([last as Alert], [holds()], at(240))[0]).toMatchObject({ state: 'firing', noData: false })
})

test('advance: the severity rises while the alert lasts and never falls', () => {
  const { last } = run([0, holds()], [120, { ...holds('own-tenant'), severity: 'critical' }], [180, holds()])
  expect(last?.severity).toBe('critical')
})

test('advance: causes that go on are kept beside those that hold now', () => {
  const { last } = run([0, holds('fault')], [120, evaluation({ causes: ['rise'], lasting: ['fault'] })])
  expect(last?.causes).toEqual(['rise', 'fault'])
})

test('advance: a quiet edge leaves the words as they were when the condition held', () => {
  const { last } = run([0, { ...holds(), facts: { targets: 'Partner' } }], [120, { ...lasts(), facts: { targets: '–' } }])
  expect(last).toMatchObject({ state: 'firing', facts: { targets: 'Partner' } })
})

test('advance: an alert neither begins nor lasts while the one that excludes it does', () => {
  const outage = { ...holds('share'), id: 'outage' }
  const exercise = { ...holds('exercise'), id: 'exercise', unless: 'outage' }
  const calm = advance([], [{ ...evaluation(), id: 'outage' }, exercise], at(0))
  expect(calm.map(({ id, state }) => [id, state])).toEqual([['exercise', 'pending']])
  const both = advance(calm, [outage, exercise], at(60))
  expect(both.map(({ id, state }) => [id, state])).toEqual([
    ['exercise', 'inactive'],
    ['outage', 'pending'],
  ])
})

test('advance: an alert whose rule is gone or disabled ends, one whose label is gone recovers', () => {
  const firing = run([0, holds()], [120, holds()]).last as Alert
  expect(advance([firing], [], at(180))[0]).toMatchObject({ state: 'inactive', endsAt: at(180) })
  const other = evaluation({ id: `${slow.id}~other` })
  expect(advance([firing], [other], at(180))[0]?.state).toBe('recovering')
  expect(advance([firing], [{ ...other, noData: true }], at(180))[0]).toMatchObject({ state: 'firing', noData: true })
})

test('advance: what nothing happens to is handed back as the same object', () => {
  const ended = run([0, holds()], [60, evaluation()]).last as Alert
  expect(advance([ended], [evaluation()], at(300))[0]).toBe(ended)
})
