// Builds the package that is deployed: node local/package.mjs. The same sources give the same bytes, wherever they are built.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { crc32 } from 'node:zlib'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** What the host needs of package.json; nothing is installed in Azure. */
function packageJson() {
  const { name, version, license, type, main } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  return `${JSON.stringify({ name, version, private: true, license, type, main }, undefined, 2)}\n`
}

/** The files of the package by path, in order: `host.json`, `package.json`, and what was built except the local command line. */
function packageFiles() {
  const dist = path.join(root, 'dist')
  const built = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dist, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !/^(local|package)\/|^package\.zip$/.test(file))
  const files = [
    ['host.json', readFileSync(path.join(root, 'host.json'))],
    ['package.json', Buffer.from(packageJson())],
    ...built.map((file) => [`dist/${file}`, readFileSync(path.join(dist, file))]),
  ]
  return files.sort(([one], [other]) => (one < other ? -1 : 1))
}

/**
 * A zip archive of the files, uncompressed and without times, so that nothing but the files decides its bytes.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
function zip(files) {
  const firstDay = 0x21
  const parts = []
  const directory = []
  let offset = 0
  for (const [name, bytes] of files) {
    const nameBytes = Buffer.from(name)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(firstDay, 8)
    facts.writeUInt32LE(crc32(bytes), 10)
    facts.writeUInt32LE(bytes.length, 14)
    facts.writeUInt32LE(bytes.length, 18)
    facts.writeUInt16LE(nameBytes.length, 22)
    // An ordinary file that its owner may write and all may read, as Unix says it.
    const madeByUnix = Buffer.from([0x50, 0x4b, 1, 2, 20, 3])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(0o100644 * 0x10000, 6)
    rest.writeUInt32LE(offset, 10)
    directory.push(madeByUnix, facts, rest, nameBytes)
    parts.push(Buffer.from([0x50, 0x4b, 3, 4]), facts, nameBytes, bytes)
    offset += 4 + facts.length + nameBytes.length + bytes.length
  }
  const directoryBytes = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directoryBytes.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directoryBytes, end])
}

/** Builds `dist/package/` and `dist/package.zip`, which hold the same files. */
async function buildPackage() {
  const { buildAll } = await import('../build.mjs')
  await buildAll()
  const files = packageFiles()
  const folder = path.join(root, 'dist/package')
  rmSync(folder, { recursive: true, force: true })
  for (const [name, bytes] of files) {
    const target = path.join(folder, name)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, bytes)
  }
  const archive = zip(files)
  writeFileSync(path.join(root, 'dist/package.zip'), archive)
  process.stdout.write(`dist/package.zip: ${files.length} files, ${Math.round(archive.length / 1024)} KB\n`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildPackage()
