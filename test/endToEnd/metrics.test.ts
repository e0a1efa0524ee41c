import { readOpenMetrics } from '../http/openMetricsLines'
import { useProducts } from '../support/product'
import { useStorageEmulator } from '../support/tables'

const products = useProducts()
const { endpoint } = useStorageEmulator()

test('metrics: what a run did can be scraped, rises with the next one, and outlives a restart', async () => {
  const settings = { TABLES_ENDPOINT: endpoint(), LOOKBACK_HOURS: '1', STREAMS: 'interactiveUser' }
  let product = await products.start(settings)
  const scrape = async () => {
    const answer = await product.get('/api/metrics')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/openmetrics-text; version=1.0.0; charset=utf-8'])
    const samples = readOpenMetrics(answer.text)
    return (name: string, label: string) =>
      samples.find((sample) => sample.name === `entra_signin_monitor_${name}` && Object.values(sample.labels).includes(label))?.value ?? 0
  }
  expect((await scrape())('stream_state', 'starting')).toBe(1)

  await product.tick()
  const first = await scrape()
  expect([first('runs_total', 'ok') + first('runs_total', 'partial'), first('stream_state', 'current')]).toEqual([1, 1])
  expect(first('graph_requests_total', '200')).toBeGreaterThan(0)
  const summary = await product.json<{ totals: { signIns: number } }>('/api/summary?window=1h')
  expect(summary.totals.signIns).toBeGreaterThan(0)
  expect(first('sign_ins_read_total', 'interactiveUser')).toBeGreaterThanOrEqual(summary.totals.signIns)
  await product.stop()

  product = await products.start(settings)
  expect((await scrape())('graph_requests_total', '200')).toBe(first('graph_requests_total', '200'))
  await product.tick()
  const second = await scrape()
  expect(second('runs_total', 'ok') + second('runs_total', 'partial')).toBe(2)
  expect(second('graph_requests_total', '200')).toBeGreaterThan(first('graph_requests_total', '200'))
  await product.stop()
})
