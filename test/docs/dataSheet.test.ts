import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { AlertGroup } from '../../shared/alerts/alert'
import { settingRows } from '../../shared/runtime/settings'
import { day } from '../../shared/signIns/instant'
import { createAlertStore } from '../../shared/tables/alertStore'
import { bucketEntity } from '../../shared/tables/bucketEntity'
import { createCounterStore } from '../../shared/tables/counterStore'
import { guardTables } from '../../shared/tables/guardedTables'
import { createHeartbeatStore } from '../../shared/tables/heartbeatStore'
import { createRunStore } from '../../shared/tables/runStore'
import { schemaSupport } from '../../shared/tables/schema'
import type { Table, TableAction } from '../../shared/tables/table'

const page = readFileSync(path.join(__dirname, '../../docs/data-sheet.md'), 'utf8')
const tenantId = '00000000-0000-0000-0000-000000000001'

/** Columns by table and kind of row, parts of one value under one name, as a row with all that it can have is written. */
const columnsOf = (entity: object): string[] =>
  [...new Set(Object.keys(entity).map((name) => name.replace(/\d+$/, '…')))]
    .filter((name) => !['partitionKey', 'rowKey'].includes(name))
    .sort()

/** An empty table that keeps what is written to it. */
function recordingTable(): { readonly table: Table; readonly written: TableAction[] } {
  const written: TableAction[] = []
  const submit: Table['submit'] = (actions) => {
    written.push(...actions)
    return Promise.resolve({ kind: 'written', versions: actions.map(() => 'W/"1"') })
  }
  return { written, table: { read: () => Promise.resolve(undefined), query: () => Promise.resolve([]), submit } }
}

async function writtenColumns(): Promise<Record<string, string[]>> {
  const [buckets, runs, alerts] = [recordingTable(), recordingTable(), recordingTable()]
  const clients = { buckets: buckets.table, runs: runs.table, alerts: alerts.table }
  await createRunStore({ clients, tenantId }).take('owner', 0, 30)
  await createCounterStore({ clients, tenantId }).add({})
  await createHeartbeatStore({ clients, tenantId }).record({ outcome: 'delivered', reason: 'none' }, 0)
  const guarded = guardTables(clients, { tenantId, clock: () => 0, support: schemaSupport })
  await guarded.alerts.submit([])
  const group: AlertGroup = { groupKey: 'all', told: [], notifications: 0 }
  const alert = { id: 'a', rule: 'stream-stalled', state: 'firing', severity: 'error', endsAt: 0 }
  const content = { type: 'alert.firing', at: 0, alerts: [] }
  const row = { id: 'n', receiver: 'ops', state: 'waiting', nextAttemptAt: 0, content }
  const save = createAlertStore({ clients, tenantId, clock: () => 0 }).save
  await save({ group, replaces: undefined, alerts: [alert], outbox: [row] } as unknown as Parameters<typeof save>[0])
  const ledger = { readAt: 0, rows: 0, pages: 0, malformedRows: 0, rowsWhenComplete: 0, shrunkTo: 0 }
  const children = { fingerprint: '', expected: 0, read: 0, complete: 0, settled: 0, sealed: true, due: true }
  const { entity: bucket } = bucketEntity(tenantId, {
    stream: 'interactiveUser',
    grain: '1h',
    start: 0,
    replaces: undefined,
    ledger: { ...ledger, children },
    aggregate: { counts: { cells: new Map(), signals: new Map() }, facets: { scopes: new Map(), names: new Map(), evidence: new Map() } },
  })
  const rows = [...runs.written, ...alerts.written].map(({ entity }) => entity)
  const rowOf = (kind: string): object => rows.find(({ rowKey }) => rowKey === kind || rowKey.startsWith(`${kind}|`)) ?? {}
  return {
    buckets: columnsOf(bucket),
    'runs run': columnsOf(rowOf('run')),
    'runs counters': columnsOf(rowOf('counters')),
    'runs heartbeat': columnsOf(rowOf('heartbeat')),
    'runs schema': columnsOf(rowOf('schema')),
    'alerts group': columnsOf(rowOf('group')),
    'alerts alert': columnsOf(rowOf('alert')),
    'alerts outbox': columnsOf(rowOf('outbox')),
  }
}

/** The same as the page says it. */
function describedColumns(): Record<string, string[]> {
  const described: Record<string, string[]> = {}
  const [, table = ''] = /<!-- columns -->([\s\S]*?)<!-- end -->/.exec(page) ?? []
  let kind = ''
  for (const line of table.split('\n').filter((text) => text.startsWith('| `'))) {
    const [, name = '', row = '', columns = ''] = line.split(' | ').flatMap((cell, index) => (index === 0 ? ['', cell.slice(2)] : [cell]))
    if (row !== 'the same')
      kind = [name, /; `(\w+)`/.exec(row)?.[1] ?? /; `(\w+)`$/.exec(row)?.[1] ?? ''].join(' ').replaceAll('`', '').trim()
    described[kind] = [...(described[kind] ?? []), ...[...columns.matchAll(/`([^`]+)`/g)].map(([, column]) => column ?? '')].sort()
  }
  return described
}

test('data sheet: its columns are those that the code writes', async () => {
  expect(describedColumns()).toEqual(await writtenColumns())
})

test('data sheet: retention is that of the settings', () => {
  const { RETENTION_5M_DAYS: fine, RETENTION_1H_DAYS: hours, RETENTION_1D_DAYS: days } = settingRows
  expect(page).toContain(`5 minutes: ${fine.fallback} days, hours: ${hours.fallback} days, days: ${days.fallback} days`)
})

test('data sheet: alerts and pages are kept for as long as it says', async () => {
  const now = Date.UTC(2026, 0, 31)
  const { table } = recordingTable()
  const asked: string[] = []
  const query: Table['query'] = ({ filter }) => {
    asked.push(filter)
    return Promise.resolve([])
  }
  const clients = { buckets: table, runs: table, alerts: { ...table, query } }
  await createAlertStore({ clients, tenantId, clock: () => now }).prune(now)
  const keptDays = (state: string): number => {
    const filter = asked.find((text) => text.includes(`state eq '${state}'`)) ?? ''
    return (now - Date.parse(/lt datetime'([^']+)'/.exec(filter)?.[1] ?? '')) / day
  }
  expect(page).toMatch(new RegExp(`; \`alert\` \\|.*\\| ${keptDays('inactive')} days after its end \\|`))
  expect(page).toMatch(
    new RegExp(`; \`outbox\` \\|.*\\| ${keptDays('delivered')} days after delivery, ${keptDays('parked')} days when parked \\|`),
  )
})
