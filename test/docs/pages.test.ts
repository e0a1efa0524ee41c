import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { builtInRules } from '../../shared/alerts/rules'
import { withRunbooks } from '../../shared/alerts/withRunbooks'
import { failureClasses } from '../../shared/failures/catalogue'
import { cloudIds, cloudOf } from '../../shared/graph/clouds'

const root = path.join(__dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.posix.join('docs', file.split(path.sep).join('/'))),
]

/** Anchors of headings as GitHub makes them. */
const anchorsOf = (page: string): Set<string> =>
  new Set(
    [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )

test.each(pages)('pages: every link of %s leads somewhere', (page) => {
  const text = read(page)
  const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(([, file = '', anchor]) => {
    const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file)
    if (!existsSync(path.join(root, target))) return true
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(read(target)).has(decodeURIComponent(anchor))
  })
  expect(broken.map(([link]) => link)).toEqual([])
})

const selfAlerts = [...read('infra/modules/alerts.bicep').matchAll(/^ {4}name: '([\w-]+)'$/gm)].map(([, name]) => name ?? '')
const alerts = [...builtInRules.map(({ id }) => id), ...selfAlerts, 'health', 'budget']

test.each(['', '.ja'])('runbooks%s: there is one for each rule and each alert on the monitor, and no other', (language) => {
  const names = readdirSync(path.join(root, 'docs/runbooks')).filter(
    (file) => file.endsWith(`${language}.md`) && !(language === '' && file.endsWith('.ja.md')),
  )
  expect(selfAlerts.length).toBeGreaterThan(2)
  expect(names.sort()).toEqual(['README', ...alerts].map((name) => `${name}${language}.md`).sort())
  for (const name of alerts) expect(read(`docs/runbooks/README${language}.md`)).toContain(`(${name}${language}.md)`)
})

test('runbooks: every alert on the monitor names its own in its description', () => {
  const descriptions = [...read('infra/modules/alerts.bicep').matchAll(/^ +description: (.*Runbook.*)$/gm)].map(([, text]) => text)
  expect(descriptions).toEqual([
    expect.stringMatching(/ Runbook: \$\{runbookOf\(rule\.name, runbookUrl\)\}'$/),
    expect.stringMatching(/ Runbook: \$\{runbookOf\('health', runbookUrl\)\}'$/),
  ])
})

test.each(builtInRules)('runbooks: those of $id lead on to the public page of the rule, each in its language', ({ id, runbook }) => {
  expect(read(`docs/runbooks/${id}.md`)).toContain(`](${runbook.en})`)
  expect(read(`docs/runbooks/${id}.ja.md`)).toContain(`](${runbook.ja})`)
})

test('runbooks: an address with {page} leads to a page that there is', () => {
  const root = 'https://git.example/'
  for (const { runbook } of withRunbooks(builtInRules, `${root}docs/runbooks/{page}`)) {
    for (const address of Object.values(runbook)) expect(pages).toContain(address.slice(root.length))
  }
})

const runbooks = pages.filter((page) => page.startsWith('docs/runbooks/'))

test('runbooks: they name classes, steps and log lines that there are', () => {
  const run = read('shared/pipelines/monitorSignIns.ts')
  const steps = new Set([...run.matchAll(/step\('(\w+)'/g)].map(([, step]) => step))
  const text = runbooks.map(read).join('\n')
  const classes = [...text.matchAll(/`((?:tenant-restriction|tls|backup-auth)\.[\w-]+)`/g)].map(([, id]) => id ?? '')
  expect(classes.length).toBeGreaterThan(5)
  expect(classes.filter((id) => !failureClasses.some((row) => row.id === id))).toEqual([])
  for (const [, step = ''] of read('docs/runbooks/failing-steps.md').matchAll(/tep `(\w+)`/g)) expect(steps).toContain(step)
})

test('runbooks: the values that they give are those of the rules', () => {
  for (const { id, threshold, floor } of builtInRules) {
    for (const language of ['', '.ja']) {
      const text = read(`docs/runbooks/${id}${language}.md`)
      for (const [, given] of text.matchAll(/`threshold` \(([\d.]+)/g)) expect([id, Number(given)]).toEqual([id, threshold])
      for (const [, given] of text.matchAll(/`floor` \(([\d.]+)/g)) expect([id, Number(given)]).toEqual([id, floor])
    }
  }
})

test('pages: the npm scripts that they name are there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = pages.flatMap((page) => [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => `${page}: ${script}`))
  expect(named.filter((name) => !Object.hasOwn(scripts, name.split(': ')[1] ?? ''))).toEqual([])
})

test.each(cloudIds)('pages: docs/network.md names the hosts of the cloud %s', (cloud) => {
  const { graphRoot, authorityHost } = cloudOf(cloud)
  for (const address of [graphRoot, authorityHost]) expect(read('docs/network.md')).toContain(`\`${new URL(address).hostname}\``)
})

/** What a page and its translation have in common: levels of headings, columns of tables, items of lists, commands, names in code, and where links lead. */
const shapeOf = (file: string) => {
  const text = read(file)
  const prose = text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '')
  const all = (pattern: RegExp, of = text): string[] => [...of.matchAll(pattern)].map(([, found = '']) => found)
  return {
    headings: all(/^(#+) /gm),
    commands: all(/^ *```\n([\s\S]*?)^ *```/gm).map((block) => block.replaceAll(/ +#[^\n]*/g, '').replaceAll(/ +/g, ' ')),
    columns: all(/^ *\|(.*)\|$/gm).map((row) => row.replaceAll('\\|', '').split('|').length),
    items: all(/^ *(\d+\.|-) /gm),
    names: all(/`([^`\n]+)`/g, prose).sort(),
    links: all(/\]\(([^)]+)\)/g)
      .map((link) => link.replace('.ja.md', '.md').replace('/ja-jp/', '/').replace(/#.*/, ''))
      .sort(),
  }
}

/** The failure reference is made of rows as a whole, and the Japanese deploy page leads on to the generated tables of the other. */
const translated = pages.filter((page) => page.endsWith('.ja.md') && !/(failures|deploy)\.ja\.md$/.test(page))

test('pages: deploy, operations and every runbook are there in Japanese', () => {
  const wanted = ['docs/deploy.md', 'docs/operations.md', ...pages.filter((page) => /^docs\/runbooks\/[\w-]+\.md$/.test(page))]
  expect(wanted.length).toBeGreaterThan(10)
  expect(wanted.filter((page) => !pages.includes(page.replace('.md', '.ja.md')))).toEqual([])
})

test.each(translated)('pages: %s says as much as the English page, with the same commands, names and links', (page) => {
  expect(shapeOf(page)).toEqual(shapeOf(page.replace('.ja.md', '.md')))
})

test('pages: docs/deploy.md has the same sections and commands in Japanese', () => {
  const [english, japanese] = [shapeOf('docs/deploy.md'), shapeOf('docs/deploy.ja.md')]
  expect([japanese.headings, japanese.commands]).toEqual([english.headings, english.commands])
})
