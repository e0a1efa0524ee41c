import { type MetricName, type MetricRow, metricRows, type Sample } from '../pipelines/metrics'

const prefix = 'entra_signin_monitor_'

/** What a scraper is told the text is. */
export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

const sampleSuffix: Readonly<Record<MetricRow['type'], string>> = { counter: '_total', gauge: '', info: '_info' }

/**
 * Samples as OpenMetrics text: every metric with its type, unit and help, samples of one metric together.
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export function openMetricsText(samples: readonly Sample[]): string {
  const lines = (Object.entries(metricRows) as [MetricName, MetricRow][]).flatMap(([metric, { type, unit, labels, help }]) => {
    const name = `${prefix}${metric}`
    const own = samples.filter((sample) => sample.metric === metric)
    return [
      `# TYPE ${name} ${type}`,
      ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
      `# HELP ${name} ${help}`,
      ...own.map((sample) => `${name}${sampleSuffix[type]}${labelText(labels, sample.labels)} ${sample.value}`).sort(),
    ]
  })
  return `${[...lines, '# EOF'].join('\n')}\n`
}

function labelText(names: readonly string[], values: readonly string[]): string {
  const pairs = names.map((name, index) => `${name}="${escaped(values[index] ?? '')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
