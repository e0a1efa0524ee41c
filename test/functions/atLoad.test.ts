import { readdirSync } from 'node:fs'
import { build } from 'esbuild'

const entries = ['shared/runtime/start.ts', ...readdirSync('functions').map((file) => `functions/${file}`)]

/** Our files that are bundled, and those of them that are run before any function is called. */
async function bundled(): Promise<{ all: readonly string[]; atLoad: ReadonlySet<string> }> {
  const { metafile } = await build({
    entryPoints: entries,
    bundle: true,
    platform: 'node',
    packages: 'external',
    write: false,
    outdir: 'dist',
    metafile: true,
  })
  const atLoad = new Set(entries)
  for (const file of atLoad) {
    for (const { path, kind, external } of metafile.inputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && !external) atLoad.add(path)
    }
  }
  return { all: Object.keys(metafile.inputs), atLoad }
}

test('functions: the catalogue and the client for Graph are run by calls that need them, not at every start', async () => {
  const { all, atLoad } = await bundled()
  const atCall = ['shared/failures/catalogue.ts', 'shared/graph/graphClient.ts']
  expect(all).toEqual(expect.arrayContaining(atCall))
  expect(atCall.filter((file) => atLoad.has(file))).toEqual([])
  expect([...atLoad]).toContain('shared/runtime/settings.ts')
})
