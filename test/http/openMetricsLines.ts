/** One sample of an OpenMetrics text. */
export interface ReadSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/**
 * Reads OpenMetrics text as a scraper does and throws where the text is none: an unknown line, a metric that begins twice, a
 * sample outside its metric or with a suffix that its type does not have, the same sample twice, or no end.
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export function readOpenMetrics(text: string): ReadSample[] {
  if (!text.endsWith('# EOF\n')) throw new Error('The text does not end with # EOF.')
  const suffixes: Readonly<Record<string, string>> = { counter: '_total', gauge: '', info: '_info' }
  const begun = new Set<string>()
  const seen = new Set<string>()
  const samples: ReadSample[] = []
  let metric = ''
  let type = ''
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, kind, name = '', rest = ''] = /^# (TYPE|UNIT|HELP) ([a-z_:][a-z0-9_:]*) (.+)$/.exec(line) ?? []
    if (kind === 'TYPE') {
      if (begun.has(name)) throw new Error(`${name} begins twice.`)
      begun.add(name)
      metric = name
      type = rest
    } else if (kind !== undefined) {
      if (name !== metric || (kind === 'UNIT' && !name.endsWith(`_${rest}`))) throw new Error(`Out of place: ${line}`)
    } else {
      samples.push(sampleOf(line, metric + (suffixes[type] ?? '?')))
      const sample = line.slice(0, line.lastIndexOf(' '))
      if (seen.has(sample)) throw new Error(`Twice: ${sample}`)
      seen.add(sample)
    }
  }
  return samples
}

function sampleOf(line: string, expected: string): ReadSample {
  const [, name = '', inner = '', value = ''] = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\]|\\[\\"n])*",?)*)\})? (-?[0-9.e+]+)$/.exec(line) ?? []
  if (name !== expected) throw new Error(`No sample of ${expected}: ${line}`)
  const labels = [...inner.matchAll(/([a-z_]+)="((?:[^"\\]|\\[\\"n])*)"/g)].map(([, label = '', text = '']): [string, string] => [
    label,
    text.replace(/\\([\\"n])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign)),
  ])
  return { name, labels: Object.fromEntries(labels), value: Number(value) }
}
