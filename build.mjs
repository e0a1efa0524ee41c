// Builds the deployed bundle (every file of functions/, one entry) and the local command line.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
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

/** How everything that is deployed is built. Names stay, so that a stack can be read without a map. */
export const deployed = {
  ...common,
  minifyWhitespace: true,
  minifySyntax: true,
  external: ['@azure/functions-core'],
  // An import() becomes a require, which is what a file next to the bundle is.
  supported: { 'dynamic-import': false },
}

/** Large libraries that only some calls need, by the file next to the bundle that each is read from when it is first asked for. */
const lazyLibraries = { undici: 'undici.js', '@azure/identity': 'identity.js' }

const readLazily = {
  name: 'read-lazily',
  setup({ onResolve }) {
    onResolve({ filter: /^(undici|@azure\/identity)$/ }, ({ path: library, kind }) =>
      kind === 'dynamic-import' ? { path: `./${lazyLibraries[library]}`, external: true } : undefined,
    )
  },
}

/** A file that imports and exports nothing is taken for CommonJS, and then everything below it is kept, used or not. */
const triggersAreModules = {
  name: 'triggers-are-modules',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\](functions[/\\][^/\\]+|shared[/\\]runtime[/\\]start)\.ts$/ }, async ({ path: file }) => ({
      contents: `${await readFile(file, 'utf8')}\nexport {}\n`,
      loader: 'ts',
    }))
  },
}

// Source maps have to be switched on before the bundle is loaded, so the entry is a file of its own.
const boot = `'use strict'\nprocess.setSourceMapsEnabled(true)\nrequire('./index.js')\n`

/**
 * Builds the deployed bundle into a directory and answers what is in it, as esbuild says it. What a function asks for by
 * import() is in the bundle and run at its first call; the files of `atLoad` are run when the bundle is loaded.
 */
export async function buildDeployed(directory, atLoad = []) {
  const triggers = readdirSync(path.join(root, 'functions'))
    .filter((file) => file.endsWith('.ts'))
    .sort()
  const [{ metafile }] = await Promise.all([
    build({
      ...deployed,
      stdin: {
        contents: ['shared/runtime/start', ...triggers.map((file) => `functions/${file}`), ...atLoad]
          .map((file) => `import './${file}'`)
          .join('\n'),
        resolveDir: root,
        sourcefile: 'functions.ts',
        loader: 'ts',
      },
      outfile: path.join(directory, 'index.js'),
      plugins: [readLazily, triggersAreModules],
      metafile: true,
    }),
    ...Object.entries(lazyLibraries).map(([library, file]) =>
      build({
        ...deployed,
        stdin: { contents: `export * from '${library}'`, resolveDir: root, sourcefile: file },
        outfile: path.join(directory, file),
      }),
    ),
  ])
  writeFileSync(path.join(directory, 'boot.js'), boot)
  return metafile
}

/** Builds everything into dist/. Throws with esbuild's own messages where the sources do not compile. */
export async function buildAll() {
  const dist = path.join(root, 'dist')
  rmSync(dist, { recursive: true, force: true })
  await Promise.all([
    buildDeployed(dist),
    build({
      ...common,
      entryPoints: ['local/cli.ts', 'local/analyze/analyzeRange.ts'],
      entryNames: '[name]',
      outdir: 'dist/local',
      packages: 'external',
    }),
  ])
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildAll()
