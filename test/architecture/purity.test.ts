import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(__dirname, '../..')
const pureFolders = ['signIns', 'failures', 'aggregates', 'alerts']

/** What a pure folder must not touch, and what stands in its place. */
const impure: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\bnew Date\b|\bDate\.(now|parse|UTC)\b/, instead: 'an Instant argument, parseInstant and formatInstant' },
  { pattern: /(?<!\.)\bprocess\b/, instead: 'an argument that wiring fills from the settings' },
  { pattern: /\bconsole\b/, instead: 'a value that the caller logs' },
  { pattern: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/, instead: 'an argument' },
  { pattern: /\bset(Timeout|Interval|Immediate)\b|\bperformance\b/, instead: 'a pipeline or an adapter' },
  { pattern: /\bfetch\(/, instead: 'a port' },
]

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

const files = pureFolders.flatMap((folder) =>
  readdirSync(path.join(root, 'shared', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join('shared', folder, file)),
)

/** Names as code, not inside a text that people read. */
const withoutTexts = (source: string): string => source.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")

test.each(files)('purity: %s sees no clock, environment, console or chance', (file) => {
  const source = withoutTexts(withoutComments(readFileSync(path.join(root, file), 'utf8')))
  const found = impure.filter(({ pattern }) => pattern.test(source)).map(({ pattern, instead }) => `${pattern}: use ${instead}`)
  expect(found).toEqual([])
})

test('purity: the check finds a clock, an environment and a console', () => {
  const source = withoutTexts(withoutComments("const a = Date.now() // Date\nconst b = process.env['X']\nconsole.log(b)"))
  expect(impure.filter(({ pattern }) => pattern.test(source))).toHaveLength(3)
})
