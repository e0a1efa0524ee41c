import { simulatedTenantId } from '../../local/simulatedTenant/company'
import { planStart } from '../../local/startPlan'

const id = '11111111-2222-4333-8444-555555555555'

describe('planStart', () => {
  test.each`
    story                                      | env                                                        | tenant               | source
    ${'nothing is named'}                      | ${{}}                                                      | ${undefined}         | ${{ kind: 'simulated' }}
    ${'an empty variable counts as missing'}   | ${{ GRAPH_BASE_URL: '', TENANT_ID: '' }}                   | ${undefined}         | ${{ kind: 'simulated' }}
    ${'a Graph is given'}                      | ${{ GRAPH_BASE_URL: 'http://127.0.0.1:1' }}                | ${undefined}         | ${{ kind: 'given' }}
    ${'a Graph and its tenant are given'}      | ${{ GRAPH_BASE_URL: 'http://127.0.0.1:1', TENANT_ID: id }} | ${undefined}         | ${{ kind: 'given' }}
    ${'a tenant is named in the environment'}  | ${{ TENANT_ID: id }}                                       | ${undefined}         | ${{ kind: 'named', tenant: id }}
    ${'a tenant is named on the command line'} | ${{}}                                                      | ${'contoso.example'} | ${{ kind: 'named', tenant: 'contoso.example' }}
    ${'the command line goes before a Graph'}  | ${{ GRAPH_BASE_URL: 'http://127.0.0.1:1' }}                | ${id}                | ${{ kind: 'named', tenant: id }}
  `('planStart: $story', ({ env, tenant, source }) => {
    expect(planStart(env, tenant).source).toEqual(source)
  })

  test('planStart: the simulated tenant is read a day back, a real one as far as the setting says', () => {
    expect(planStart({}, undefined).defaults).toEqual({
      MONITOR_MODE: 'local',
      LOOKBACK_HOURS: '24',
      PUBLIC_BASE_URL: 'http://localhost:7071',
    })
    expect(planStart({}, id).defaults).toEqual({
      MONITOR_MODE: 'local',
      MONITOR_CREDENTIAL: 'developer',
      PUBLIC_BASE_URL: 'http://localhost:7071',
    })
  })

  test('planStart: a given Graph has the id of the simulated tenant where nobody says another one', () => {
    expect(planStart({ GRAPH_BASE_URL: 'http://127.0.0.1:1' }, undefined).defaults).toMatchObject({ TENANT_ID: simulatedTenantId })
  })

  test('planStart: an emulator is started unless a table service is given', () => {
    expect(planStart({}, undefined).startsEmulator).toBe(true)
    expect(planStart({ TABLES_ENDPOINT: 'http://127.0.0.1:10002/devstoreaccount1' }, undefined).startsEmulator).toBe(false)
  })

  test.each`
    env                  | port    | timers
    ${{}}                | ${7071} | ${true}
    ${{ PORT: '8080' }}  | ${8080} | ${true}
    ${{ PORT: '0' }}     | ${0}    | ${true}
    ${{ TIMERS: 'off' }} | ${7071} | ${false}
    ${{ TIMERS: 'on' }}  | ${7071} | ${true}
  `('planStart: $env is port $port and timers $timers', ({ env, port, timers }) => {
    expect(planStart(env, undefined)).toMatchObject({ port, timers })
  })

  test.each([{ PORT: '65536' }, { PORT: '-1' }, { PORT: '80 ' }, { PORT: 'http' }, { TIMERS: 'no' }, { TIMERS: 'OFF' }])(
    'planStart: %j is refused by the name of the setting',
    (env) => {
      expect(() => planStart(env, undefined)).toThrow(
        expect.objectContaining({ code: 'setting-invalid', message: expect.stringMatching(`^${Object.keys(env)[0]} has to be `) }),
      )
    },
  )
})
