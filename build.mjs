// Builds the deployed bundle (every file of functions/, one entry) and the local command line.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = path.dirname(fileURLToPath(import.meta.url))
const { version } = createRequire(import.meta.url)('./package.json')
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  define: { PRODUCT_VERSION: JSON.stringify(version) },
}

// Source maps have to be switched on before the bundle is loaded, so the entry is a file of its own.
const boot = `'use strict'\nprocess.setSourceMapsEnabled(true)\nrequire('./index.js')\n`

/** Builds everything into dist/. Throws with esbuild's own messages where the sources do not compile. */
export async function buildAll() {
  rmSync(path.join(root, 'dist'), { recursive: true, force: true })
  const triggers = readdirSync(path.join(root, 'functions'))
    .filter((file) => file.endsWith('.ts'))
    .sort()
  await Promise.all([
    build({
      ...common,
      stdin: {
        contents: ["import './shared/runtime/start'", ...triggers.map((file) => `import './functions/${file}'`)].join('\n'),
        resolveDir: root,
        sourcefile: 'functions.ts',
        loader: 'ts',
      },
      outfile: 'dist/index.js',
      external: ['@azure/functions-core'],
      metafile: true,
    }),
    build({ ...common, entryPoints: ['local/cli.ts'], outfile: 'dist/local/cli.js', packages: 'external' }),
  ])
  writeFileSync(path.join(root, 'dist/boot.js'), boot)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildAll()
