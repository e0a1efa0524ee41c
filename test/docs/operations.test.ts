import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { openMetricsText } from '../../shared/http/openMetrics'
import { type MetricName, type MetricRow, metricRows } from '../../shared/pipelines/metrics'
import { settingRows } from '../../shared/runtime/settings'

const root = path.join(__dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const pages = ['docs/operations.md', 'docs/operations.ja.md']

/** Names and labels of every metric, as a scraper sees them. */
const answered = (): string[] => {
  const rows = Object.entries(metricRows) as [MetricName, MetricRow][]
  const text = openMetricsText(rows.map(([metric, { labels }]) => ({ metric, labels, value: 1 })))
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/^entra_signin_monitor_/, '').replaceAll(/="[^"]*"| 1$/g, ''))
    .sort()
}

test.each(pages)('operations: %s lists every metric with its labels, and no other', (page) => {
  const rows = [...read(page).matchAll(/^\| `(\w+)` \| ((?:`\w+`(?:, |、)?)*) ?\| /gm)]
  const listed = rows.map(([, name = '', labels = '']) => {
    const words = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)
    return words.length === 0 ? name : `${name}{${words.join(',')}}`
  })
  expect(listed.sort()).toEqual(answered())
})

const sources = ['shared', 'functions'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(path.join(folder, file))),
)

test.each(pages)('operations: the lines of the log that %s names are there, with the fields that it names', (page) => {
  const lines = [...read(page).matchAll(/^\| `([A-Z][^`]+\.)` \| (.+) \|$/gm)]
  expect(lines.length).toBeGreaterThan(5)
  for (const [, line = '', fields = ''] of lines) {
    const source = sources.find((text) => text.includes(`'${line}'`)) ?? ''
    const call = source.slice(source.indexOf(`'${line}'`)).slice(0, 400)
    for (const [, field = ''] of fields.matchAll(/`(\w+)`/g)) expect([line, field, call.includes(field)]).toEqual([line, field, true])
  }
})

const outputs = [...read('infra/main.bicep').matchAll(/^output (\w+) /gm)].map(([, name = '']) => name)

test.each(pages)('operations: the settings and outputs of the deployment that %s names are there', (page) => {
  const named = [...read(page).matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)].map(([, name = '']) => name)
  expect(named).toContain('LOOKBACK_HOURS')
  expect(named.filter((name) => !(name in settingRows) && !outputs.includes(name))).toEqual([])
})
