import fc from 'fast-check'
import { openMetricsText } from '../../shared/http/openMetrics'
import { type MetricName, metricRows, type Sample } from '../../shared/pipelines/metrics'
import { readOpenMetrics } from './openMetricsLines'

const sample = fc.constantFrom(...(Object.keys(metricRows) as MetricName[])).chain((metric) => {
  const { length } = metricRows[metric].labels
  const labels = fc.array(fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '{', '}', ',', 'é') }), {
    minLength: length,
    maxLength: length,
  })
  return fc.record({ metric: fc.constant(metric), labels, value: fc.nat() })
})
const keyOf = ({ metric, labels }: Sample): string => JSON.stringify([metric, labels])

test('openMetricsText: a scraper reads the samples that were written, whatever their labels say', () => {
  fc.assert(
    fc.property(fc.uniqueArray(sample, { selector: keyOf }), (samples) => {
      const read = readOpenMetrics(openMetricsText(samples))
      const expected = samples.map(({ metric, labels, value }) => {
        const { type, labels: names } = metricRows[metric]
        const name = `entra_signin_monitor_${metric}${{ counter: '_total', gauge: '', info: '_info' }[type]}`
        return { name, labels: Object.fromEntries(names.map((label, index) => [label, labels[index]])), value }
      })
      const order = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
      expect(read.sort(order)).toEqual(expected.sort(order))
    }),
  )
})

test('openMetricsText: a metric without samples is described all the same', () => {
  const text = openMetricsText([])
  for (const name of Object.keys(metricRows))
    expect(text).toMatch(new RegExp(`^# TYPE entra_signin_monitor_${name} (counter|gauge|info)$`, 'm'))
  expect(readOpenMetrics(text)).toEqual([])
})
