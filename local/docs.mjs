// Makes the tables of the documents anew from the rows of the product: `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const outfile = path.join(root, 'dist/local/docTables.js')
await build({
  entryPoints: [path.join(root, 'local/docTables.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  packages: 'external',
  outfile,
})
const { generatedDocuments, withTables } = createRequire(import.meta.url)(outfile)
for (const name of ['README.md']) {
  const file = path.join(root, name)
  writeFileSync(file, withTables(readFileSync(file, 'utf8')))
}
for (const [name, make] of Object.entries(generatedDocuments)) writeFileSync(path.join(root, name), make())
