// Builds the product and runs its command line in this process: node local/run.mjs <command> …
import { createRequire } from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)

const fail = (text) => {
  process.stderr.write(`error: ${text}\n`)
  process.exitCode = 1
}

const build = async () => {
  try {
    const { buildAll } = await import('../build.mjs')
    await buildAll()
    return true
  } catch (error) {
    if (error?.code === 'ERR_MODULE_NOT_FOUND') fail(`A package is missing (${error.message}). Run npm ci first.`)
    // The compiler has written its messages, each with file and line.
    else if (Array.isArray(error?.errors)) fail('The sources do not compile; the messages above say where.')
    else fail(error?.stack ?? String(error))
    return false
  }
}

if (major < 20 || (major === 20 && minor < 19)) fail(`Node ${process.versions.node} is too old; 20.19 or newer is needed.`)
else if (await build()) await createRequire(import.meta.url)('../dist/local/cli.js').runProcess()
